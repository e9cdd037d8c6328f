//! [`Mirror`]: a copy of every journal file in a folder of its own, so that no damage of one place loses anything.
//!
//! The copy is written after the journal was synced and is not synced itself: it guards against damaged, cut and removed files, not
//! against power cuts, which the journal outlives alone. To write it is best effort: what fails is written anew by `renew`.
//!
//! Invariant: a file leaves the copies, synced, before it leaves the journal; so a copy without its original means that one was lost.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    read::{files, name},
    segment::HEAD,
};
use crate::store::{
    Error,
    disk::{Disk, DiskFile},
};

/// The copies' folder, beside the journal's.
pub(in crate::store) fn folder_of_copies(journal: &Path) -> PathBuf {
    journal.with_file_name("mirror")
}

/// Writes the copies.
#[derive(Debug)]
pub(super) struct Mirror {
    disk: Arc<dyn Disk>,
    journal: PathBuf,
    dir: PathBuf,
    /// The copy of the file being written; absent after a failure.
    active: Option<Box<dyn DiskFile>>,
    /// Some copy is missing or old.
    behind: bool,
}

impl Mirror {
    /// The copies of the journal in `journal`.
    pub(super) fn new(disk: Arc<dyn Disk>, journal: &Path) -> Self {
        Self { disk, journal: journal.to_owned(), dir: folder_of_copies(journal), active: None, behind: true }
    }

    fn path(&self, number: u64) -> PathBuf {
        self.dir.join(name(number))
    }

    /// Makes the copy of the file being written, which holds `bytes`, and goes on with it.
    pub(super) fn begin(&mut self, number: u64, bytes: &[u8]) {
        let path = self.path(number);
        let same = self.disk.read(&path).is_ok_and(|copy| copy == bytes);
        let begun =
            if same { self.disk.open(&path) } else { self.write(number, bytes).and_then(|()| self.disk.open(&path)) };
        self.behind |= begun.is_err();
        self.active = begun.ok();
    }

    /// Adds what was just acknowledged.
    pub(super) fn append(&mut self, bytes: &[u8]) {
        if let Some(file) = &mut self.active
            && file.append(bytes).is_err()
        {
            self.active = None;
            self.behind = true;
        }
    }

    /// Copies a file that was replaced.
    pub(super) fn replace(&mut self, number: u64, bytes: &[u8]) {
        self.behind |= self.write(number, bytes).is_err();
    }

    fn write(&self, number: u64, bytes: &[u8]) -> io::Result<()> {
        let new = self.dir.join(format!("{number:08}.new"));
        let written = (|| {
            self.disk.create(&new)?.append(bytes)?;
            self.disk.rename(&new, &self.path(number))
        })();
        if written.is_err() {
            let _ = self.disk.remove(&new);
        }
        written
    }

    /// Removes the copies of files that are about to be removed. Only once that is on the disk may they go.
    pub(super) fn remove(&mut self, numbers: &[u64]) -> Result<(), Error> {
        for number in numbers {
            match self.disk.remove(&self.path(*number)) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("remove", &self.path(*number), e));
                }
                _ => {}
            }
        }
        match self.disk.sync_dir(&self.dir) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::io("sync", &self.dir, e)),
            _ => Ok(()),
        }
    }

    /// Whether a file and its copy have the same bytes.
    pub(super) fn is_same(&self, number: u64) -> bool {
        let read = |dir: &Path| self.disk.read(&dir.join(name(number))).ok();
        read(&self.dir).is_some_and(|copy| read(&self.journal).is_some_and(|original| original == copy))
    }

    /// Copies these files anew.
    pub(super) fn copy(&self, numbers: &[u64]) -> Result<(), Error> {
        for number in numbers {
            let journal = self.journal.join(name(*number));
            let io = |e| Error::io("copy", &journal, e);
            self.write(*number, &self.disk.read(&journal).map_err(io)?).map_err(io)?;
        }
        Ok(())
    }

    /// Copies what has no copy or an old one, of files that are not written any more.
    pub(super) fn renew(&mut self, sealed: impl Iterator<Item = u64>) -> Result<(), Error> {
        if !self.behind {
            return Ok(());
        }
        let lengths =
            |dir: &Path| -> HashMap<u64, u64> { files(&*self.disk, dir).unwrap_or_default().into_iter().collect() };
        let (originals, copies) = (lengths(&self.journal), lengths(&self.dir));
        let head = |dir: &Path, number| self.disk.head(&dir.join(name(number)), HEAD).ok();
        let missing = |number: &u64| {
            originals.get(number) != copies.get(number) || head(&self.journal, *number) != head(&self.dir, *number)
        };
        let missing: Vec<_> = sealed.filter(missing).collect();
        self.copy(&missing)?;
        self.behind = self.active.is_none();
        Ok(())
    }
}
