//! Snapshots: backups that the store makes by itself, one a day, so that what a person or a faulty page spoilt can be had back.
//!
//! They are files as [`Store::backup`](super::Store::backup) writes them, in `snapshots` of the state folder; the newest are kept. `restore`
//! takes them. They lie on the same disk, so they are no replacement for a backup elsewhere.

use std::fs;

use jiff::{SignedDuration, Timestamp};

use super::{Error, Shared, journal::Journal};

/// The folder of the snapshots.
const FOLDER: &str = "snapshots";
/// How the name of one ends; before that is its time.
const END: &str = ".backup";
/// Time between two.
const EVERY: SignedDuration = SignedDuration::from_hours(24);

/// The name of the snapshot of `at`. Names sort as their times do.
fn name(at: Timestamp) -> String {
    format!("{}{END}", at.strftime("%Y%m%dT%H%M%SZ"))
}

impl Shared {
    /// Makes a snapshot if they are wanted and the last one is a day old, and removes those that are too many.
    pub(super) fn snapshot_if_due(&self, now: Timestamp) -> Result<(), Error> {
        if self.options.snapshots == 0 {
            return Ok(());
        }
        let folder = self.dir.join(FOLDER);
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(END) {
                names.push(name);
            } else if name.ends_with(".partial") {
                // One that a stop cut off.
                let _ = fs::remove_file(entry.path());
            }
        }
        let (present, recent) = (name(now), name(now - EVERY));
        if names.iter().any(|name| *name > recent && *name <= present) {
            return Ok(());
        }
        let needed = self.lock_writer().journal.as_ref().map_or(0, Journal::bytes).saturating_add(self.options.reserve);
        if self.free() < needed {
            return Err(Error::Full(format!("a snapshot is due and needs {} MiB of free space", needed >> 20)));
        }
        fs::create_dir_all(&folder).map_err(|e| Error::io("make", &folder, e))?;
        self.backup(&folder.join(&present))?;
        names.sort();
        // The new one is one of those that are kept.
        let over = (names.len() + 1).saturating_sub(self.options.snapshots);
        for old in names.iter().take(over) {
            let _ = fs::remove_file(folder.join(old));
        }
        Ok(())
    }
}
