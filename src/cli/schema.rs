//! `tearsheet schema`: JSON Schema of feeds.toml, for editors.

/// The schema as it is printed.
pub fn run() -> String {
    format!("{:#}\n", crate::config::schema())
}
