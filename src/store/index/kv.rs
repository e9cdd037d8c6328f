//! [`Kv`]: the little that the index asks of an ordered store of bytes, and [`Memory`], one that lives as long as the process.
//!
//! `Memory` serves articles from the journal alone while the disk is too full for sled to be opened.

use std::{
    collections::BTreeMap,
    ops::{Bound, ControlFlow},
    sync::{PoisonError, RwLock},
};

use super::held::{Alone, Held, Pace};
use crate::store::Error;

/// A key to set or, without a value, to remove.
pub(in crate::store) type Op = (Vec<u8>, Option<Vec<u8>>);

/// What a scan does with each key and value.
pub(in crate::store) type Each<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, Error>;

/// What is done with a storage that does not change.
pub(in crate::store) type Work<'a> = &'a mut dyn FnMut(&Held<'_>) -> Result<(), Error>;

/// An ordered store of bytes.
pub(in crate::store) trait Kv: Send + Sync + std::fmt::Debug {
    /// The value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;
    /// Applies all or nothing.
    fn apply(&self, ops: Vec<Op>) -> Result<(), Error>;
    /// Goes up through the keys that start with `prefix` and are no less than `from`, until `each` says to stop. There is no way down:
    /// sled's own names the greatest key of all, a megabyte of the program's file.
    fn scan_from(&self, prefix: &[u8], from: &[u8], each: Each<'_>) -> Result<(), Error>;
    /// Goes up through all keys that start with `prefix`.
    fn scan(&self, prefix: &[u8], each: Each<'_>) -> Result<(), Error> {
        self.scan_from(prefix, prefix, each)
    }
    /// Writes to the disk what is not there yet.
    fn flush(&self) -> Result<(), Error>;
    /// Has `work` done on the storage as it is, which does not change meanwhile. By itself a storage relies on who calls for that.
    fn hold(&self, pace: Pace, work: Work<'_>) -> Result<(), Error>;
}

/// A [`Kv`] in memory.
#[derive(Debug, Default)]
pub(in crate::store) struct Memory {
    map: RwLock<BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl Kv for Memory {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.map.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    fn apply(&self, ops: Vec<Op>) -> Result<(), Error> {
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in ops {
            match value {
                Some(value) => map.insert(key, value),
                None => map.remove(&key),
            };
        }
        Ok(())
    }

    fn scan_from(&self, prefix: &[u8], from: &[u8], each: Each<'_>) -> Result<(), Error> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        let end = after(prefix);
        for (key, value) in map.range::<[u8], _>(range(prefix, from, end.as_deref())) {
            if each(key, value)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn flush(&self) -> Result<(), Error> {
        Ok(())
    }

    fn hold(&self, pace: Pace, work: Work<'_>) -> Result<(), Error> {
        work(&Held::new(self, &Alone, pace))
    }
}

/// A [`Kv`] that is not there: it answers with an error, never with "nothing known", which would make old articles new.
#[derive(Debug)]
pub(in crate::store) struct Gone(pub(in crate::store) Error);

impl Kv for Gone {
    fn get(&self, _: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Err(self.0.clone())
    }

    fn apply(&self, _: Vec<Op>) -> Result<(), Error> {
        Err(self.0.clone())
    }

    fn scan_from(&self, _: &[u8], _: &[u8], _: Each<'_>) -> Result<(), Error> {
        Err(self.0.clone())
    }

    fn flush(&self) -> Result<(), Error> {
        Err(self.0.clone())
    }

    fn hold(&self, _: Pace, _: Work<'_>) -> Result<(), Error> {
        Err(self.0.clone())
    }
}

/// The keys from `from` on that start with `prefix`, where `end` is what [`after`] gives for it.
pub(super) fn range<'a>(prefix: &'a [u8], from: &'a [u8], end: Option<&'a [u8]>) -> (Bound<&'a [u8]>, Bound<&'a [u8]>) {
    // A range that ends before it starts would panic.
    let from = end.map_or(from, |end| from.min(end)).max(prefix);
    (Bound::Included(from), end.map_or(Bound::Unbounded, Bound::Excluded))
}

/// The first key behind all that start with `prefix`.
pub(super) fn after(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}
