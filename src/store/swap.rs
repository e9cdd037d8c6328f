//! A new index in the place of the old one, so that a stop at any moment leaves one of them whole.
//!
//! ```text
//! grow: index.new is made, flushed          settle, when the store is opened: index.new is removed; without an index,
//! exchange: index → index.old, index.new → index, index.old is removed          index.old is the index again, else it is removed
//! ```

use std::{
    fs::{self, File},
    io,
    path::Path,
    sync::Arc,
};

use super::{
    Error, Options,
    index::{self, Index, held::Held},
    journal::{Bodies, Journal},
    open::INDEX,
    remembered::Remembered,
};

/// Where an index that is made anew grows.
const INDEX_NEW: &str = "index.new";
/// Where the old one waits until the new one is in its place.
const INDEX_OLD: &str = "index.old";

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path, e)),
        _ => Ok(()),
    }
}

fn rename(dir: &Path, from: &str, to: &str) -> Result<(), Error> {
    let (from, to) = (dir.join(from), dir.join(to));
    fs::rename(&from, &to).map_err(|e| Error::io("rename", &from, e))?;
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|e| Error::io("sync", dir, e))
}

/// Ends an exchange that was stopped.
pub(super) fn settle(dir: &Path) -> Result<(), Error> {
    if dir.join(INDEX_OLD).exists() {
        if dir.join(INDEX).join("db").exists() {
            remove(&dir.join(INDEX_OLD))?;
        } else {
            remove(&dir.join(INDEX))?;
            rename(dir, INDEX_OLD, INDEX)?;
        }
    }
    remove(&dir.join(INDEX_NEW))
}

/// Makes the new index from the journal, and from the old one what only that has.
pub(super) fn grow(dir: &Path, journal: &Journal, old: &Index, options: &Options) -> Result<(), Error> {
    make(dir, journal.bodies(), options, |index| {
        let mut player = index.player()?;
        journal.replay(0, &mut |seq, record| player.play(seq, &record))?;
        player.end()?;
        Remembered::of(old).give(index)
    })
}

/// Makes the new index from the old one's entries in order, which leaves out what sled no longer needs; false where the old one is held
/// no more.
pub(super) fn copy(dir: &Path, bodies: Arc<Bodies>, old: &Held<'_>, options: &Options) -> Result<bool, Error> {
    make(dir, bodies, options, |index| old.copy_to(index))
}

fn make<T>(
    dir: &Path,
    bodies: Arc<Bodies>,
    options: &Options,
    fill: impl FnOnce(&Index) -> Result<T, Error>,
) -> Result<T, Error> {
    let growing = dir.join(INDEX_NEW);
    remove(&growing)?;
    let grown = index::stored(&growing, options.cache, bodies).and_then(|index| {
        let filled = fill(&index)?;
        index.flush()?;
        Ok(filled)
    });
    if grown.is_err() {
        let _ = fs::remove_dir_all(&growing);
    }
    grown
}

/// Removes a new index that is not wanted.
pub(super) fn forget(dir: &Path) -> Result<(), Error> {
    remove(&dir.join(INDEX_NEW))
}

/// Puts the new index in the old one's place. Nobody may have either open.
pub(super) fn exchange(dir: &Path) -> Result<(), Error> {
    remove(&dir.join(INDEX_OLD))?;
    if dir.join(INDEX).exists() {
        rename(dir, INDEX, INDEX_OLD)?;
    }
    rename(dir, INDEX_NEW, INDEX)?;
    remove(&dir.join(INDEX_OLD))
}
