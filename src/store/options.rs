//! [`Options`]: how much is kept, and of which sizes things are.

use std::time::Duration;

/// How much is kept, and of which sizes things are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Articles first seen longer ago may be removed. What a page still lists never is.
    pub max_age: Option<Duration>,
    /// Articles kept of one source.
    pub max_items: usize,
    /// Bytes of articles kept in all, as they are stored.
    pub max_size: u64,
    /// Backups that are made by themselves, one a day, and kept; 0 for none.
    pub snapshots: usize,
    /// Bytes that must be free for the store to write; below, it serves and waits.
    pub reserve: u64,
    /// Bytes of memory for the index's pages.
    pub cache: u64,
    /// Bytes at which a journal file is full.
    pub segment: u64,
    /// How long a removed article is remembered, so that a page which lists it again does not bring it back as new.
    pub remember_removed: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_age: None,
            max_items: 10_000,
            max_size: 4 << 30,
            snapshots: 0,
            reserve: 64 << 20,
            cache: 4 << 20,
            segment: 8 << 20,
            remember_removed: Duration::from_secs(400 * 24 * 3600),
        }
    }
}
