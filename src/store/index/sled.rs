//! The only module that names sled: [`Sled`] is a [`Kv`] on disk.
//!
//! sled can panic on a damaged file and turns every call into an error after one write failed. So each call is guarded, and the caller
//! rebuilds from the journal: nothing here needs to be right, only to say when it is wrong.

use std::{
    fs,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::{
    held::{Alone, Held, Pace},
    kv::{Each, Kv, Op, Work, after, range},
};
use crate::store::Error;

const WHAT: &str = "the index";
/// Bytes in which sled's file grows, and which each of its write buffers takes: an index of some thousand articles is not much larger.
const SEGMENT: usize = 64 << 10;
/// The same where nobody says so; an index that was made so is read so.
const SEGMENT_OF_SLED: usize = 512 << 10;

/// sled under a guard.
#[derive(Debug)]
pub(in crate::store) struct Sled {
    db: ::sled::Db,
    dir: PathBuf,
}

fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::Damaged(format!("{WHAT} (its engine panicked)"))))
}

fn sorted(dir: &Path, e: ::sled::Error) -> Error {
    match e {
        ::sled::Error::Io(e) => Error::io("use the index in", dir, e),
        other => Error::Damaged(format!("{WHAT} ({other})")),
    }
}

impl Sled {
    /// Opens or makes the index in `dir`, with `cache` bytes of memory for pages.
    pub(in crate::store) fn open(dir: &Path, cache: u64) -> Result<Self, Error> {
        for name in snapshots(dir) {
            if name.to_string_lossy().ends_with(".generating") {
                let _ = fs::remove_file(&name);
            }
        }
        guarded(|| {
            // Made anew for each try: sled logs an error where a configuration that it shares is changed.
            let config = |segment| {
                ::sled::Config::new().path(dir).cache_capacity(cache).flush_every_ms(Some(500)).segment_size(segment)
            };
            let mut segment = SEGMENT;
            let mut tries = 0;
            let db = loop {
                match config(segment).open() {
                    Ok(db) => break db,
                    Err(::sled::Error::Unsupported(_)) if segment == SEGMENT => segment = SEGMENT_OF_SLED,
                    // A handle of this process that was just dropped gives its lock back a moment later.
                    Err(::sled::Error::Io(e)) if tries < 40 && e.to_string().contains("lock") => {
                        tries += 1;
                        thread::sleep(Duration::from_millis(50));
                    }
                    Err(e) => return Err(sorted(dir, e)),
                }
            };
            Ok(Self { db, dir: dir.to_owned() })
        })
    }

    /// Removes sled's snapshots, which it can do without: it reads its log instead.
    pub(in crate::store) fn drop_snapshots(dir: &Path) {
        for path in snapshots(dir) {
            let _ = fs::remove_file(path);
        }
    }
}

fn snapshots(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("snap.")).map(|entry| entry.path()).collect()
}

impl Kv for Sled {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        guarded(|| Ok(self.db.get(key).map_err(|e| sorted(&self.dir, e))?.map(|value| value.to_vec())))
    }

    fn apply(&self, ops: Vec<Op>) -> Result<(), Error> {
        guarded(|| {
            let mut batch = ::sled::Batch::default();
            for (key, value) in ops {
                match value {
                    Some(value) => batch.insert(key, value),
                    None => batch.remove(key),
                }
            }
            self.db.apply_batch(batch).map_err(|e| sorted(&self.dir, e))
        })
    }

    fn scan_from(&self, prefix: &[u8], from: &[u8], each: Each<'_>) -> Result<(), Error> {
        guarded(|| {
            let end = after(prefix);
            for found in self.db.range::<&[u8], _>(range(prefix, from, end.as_deref())) {
                let (key, value) = found.map_err(|e| sorted(&self.dir, e))?;
                if let ControlFlow::Break(()) = each(&key, &value)? {
                    break;
                }
            }
            Ok(())
        })
    }

    fn flush(&self) -> Result<(), Error> {
        guarded(|| self.db.flush().map(drop).map_err(|e| sorted(&self.dir, e)))?;
        // sled's flush starts the writing, and does not wait for the disk.
        let file = self.dir.join("db");
        fs::File::open(&file).and_then(|db| db.sync_all()).map_err(|e| Error::io("sync", &file, e))
    }

    fn hold(&self, pace: Pace, work: Work<'_>) -> Result<(), Error> {
        work(&Held::new(self, &Alone, pace))
    }
}
