//! feeds.toml into a checked configuration.
