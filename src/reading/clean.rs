//! Allow-list cleaning of HTML; the only caller of ammonia.
