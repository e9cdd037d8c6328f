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

/// Which end of a range comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Way {
    /// Ascending.
    Up,
    /// Descending.
    Down,
}

/// An ordered store of bytes.
pub(in crate::store) trait Kv: Send + Sync + std::fmt::Debug {
    /// The value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;
    /// Applies all or nothing.
    fn apply(&self, ops: Vec<Op>) -> Result<(), Error>;
    /// Goes through the keys that start with `prefix`, until `each` says to stop.
    fn scan(&self, prefix: &[u8], way: Way, each: Each<'_>) -> Result<(), Error>;
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

    fn scan(&self, prefix: &[u8], way: Way, each: Each<'_>) -> Result<(), Error> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        let end = after(prefix);
        let to = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut range = map.range::<[u8], _>((Bound::Included(prefix), to));
        while let Some((key, value)) = match way {
            Way::Up => range.next(),
            Way::Down => range.next_back(),
        } {
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

    fn scan(&self, _: &[u8], _: Way, _: Each<'_>) -> Result<(), Error> {
        Err(self.0.clone())
    }

    fn flush(&self) -> Result<(), Error> {
        Err(self.0.clone())
    }

    fn hold(&self, _: Pace, _: Work<'_>) -> Result<(), Error> {
        Err(self.0.clone())
    }
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
