//! [`Error`]: why the store could not do what it was asked, grouped by what can be done about it.

use std::{io, path::Path, sync::Arc};

/// Why the store could not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The disk is full. Nothing acknowledged is lost; the same call succeeds once there is space.
    #[error("the disk is full: free some space; work goes on by itself then ({0})")]
    Full(String),
    /// Another process has the state folder.
    #[error(
        "the state folder is in use by process {pid}: stop that one first, or give this one another folder with --state"
    )]
    Locked {
        /// The other process, `unknown` where it did not say.
        pid: String,
    },
    /// A newer program wrote it.
    #[error("{what} has format {found}, and this program reads up to {known}: use the newer program that wrote it")]
    Newer {
        /// What was read.
        what: String,
        /// Its format.
        found: u8,
        /// The newest known here.
        known: u8,
    },
    /// What is on disk is not what was written.
    #[error("{0} is damaged: run `tearsheet doctor`")]
    Damaged(String),
    /// What was asked for makes no sense.
    #[error("{0}")]
    Refused(String),
    /// The system said no.
    #[error("{doing} {path}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: String,
        /// What the system said.
        source: Arc<io::Error>,
    },
}

impl Error {
    /// Sorts an error of the file system: a full disk is told apart.
    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let full = matches!(
            source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        );
        if full {
            Self::Full(format!("{doing} {}: {source}", path.display()))
        } else {
            Self::Io { doing, path: path.display().to_string(), source: Arc::new(source) }
        }
    }

    /// Whether this user may not write there.
    pub(super) fn is_denied(&self) -> bool {
        let denied = [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem];
        matches!(self, Self::Io { source, .. } if denied.contains(&source.kind()))
    }

    /// Whether waiting for free space is the cure.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full(_))
    }
}
