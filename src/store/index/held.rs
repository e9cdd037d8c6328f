//! [`Held`]: an index's storage while it does not change, to be read through from end to end while visits go on.
//!
//! Changes that come meanwhile wait in memory, where questions find them. When they are too many, or somebody wants them on the disk, they
//! go on, and what was read until then is good for nothing: it is tried again another time.

use std::{
    ops::ControlFlow,
    thread,
    time::{Duration, Instant},
};

use super::{
    COPIED_AT_ONCE, Index, WRITTEN_OUT, incomplete,
    kv::{Kv, Op},
    stage::{self, print},
};
use crate::store::{Error, schema::Totals};

/// Entries between two looks at the clock.
const STEP: u32 = 500;
/// Work after which there is a rest as long as the work was.
const WORK: Duration = Duration::from_millis(4);

/// How much of a core such reading may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Pace {
    /// All of it: somebody waits.
    Full,
    /// At most half, so that visits go first.
    Gentle,
}

/// What of a [`Held`] only the storage can tell.
pub(in crate::store) trait Hold {
    /// Whether it still does not change.
    fn is_still(&self) -> bool;
    /// What came since it was held, in order; `None` where it is still no more.
    fn came(&self) -> Option<Vec<Op>>;
}

/// A storage to which nobody writes meanwhile: who says so holds the lock for it.
#[derive(Debug)]
pub(in crate::store) struct Alone;

impl Hold for Alone {
    fn is_still(&self) -> bool {
        true
    }

    fn came(&self) -> Option<Vec<Op>> {
        Some(Vec::new())
    }
}

/// A storage that does not change.
pub(in crate::store) struct Held<'a> {
    kv: &'a dyn Kv,
    hold: &'a dyn Hold,
    pace: Pace,
}

impl<'a> Held<'a> {
    pub(super) fn new(kv: &'a dyn Kv, hold: &'a dyn Hold, pace: Pace) -> Self {
        Self { kv, hold, pace }
    }

    /// What came since it is held, in order; `None` where it is held no more.
    pub(in crate::store) fn came(&self) -> Option<Vec<Op>> {
        self.hold.came()
    }

    /// Reads every entry; its totals if together the entries make their fingerprint, so that each is as it was written and none is
    /// missing. `None` where it is held no more.
    pub(in crate::store) fn verify(&self) -> Result<Option<Totals>, Error> {
        let totals = stage::totals(self.kv)?;
        let mut sum = 0_u64;
        let all = self.each(|key, value| {
            sum = sum.wrapping_add(print(key, value));
            Ok(())
        })?;
        match all {
            false => Ok(None),
            true if sum == totals.fingerprint => Ok(Some(totals)),
            true => Err(incomplete()),
        }
    }

    /// Copies every entry into an empty index, and verifies meanwhile as [`Held::verify`] does. False where it is held no more: the copy
    /// is good for nothing then.
    pub(in crate::store) fn copy_to(&self, empty: &Index) -> Result<bool, Error> {
        let totals = stage::totals(self.kv)?;
        let (mut sum, mut some, mut copied) = (0_u64, Vec::new(), 0_u64);
        let all = self.each(|key, value| {
            sum = sum.wrapping_add(print(key, value));
            some.push((key.to_vec(), Some(value.to_vec())));
            if some.len() >= COPIED_AT_ONCE {
                empty.kv.apply(std::mem::take(&mut some))?;
            }
            copied += 1;
            if copied.is_multiple_of(WRITTEN_OUT) {
                empty.kv.flush()?;
            }
            Ok(())
        })?;
        empty.kv.apply(some)?;
        if all && sum != totals.fingerprint { Err(incomplete()) } else { Ok(all) }
    }

    /// Goes through all entries, with rests; whether it came to the end.
    fn each(&self, mut each: impl FnMut(&[u8], &[u8]) -> Result<(), Error>) -> Result<bool, Error> {
        let (mut seen, mut rested, mut whole) = (0_u32, Instant::now(), true);
        self.kv.scan(b"", &mut |key, value| {
            each(key, value)?;
            seen = seen.wrapping_add(1);
            if seen.is_multiple_of(STEP) {
                whole = self.hold.is_still();
                let worked = rested.elapsed();
                if self.pace == Pace::Gentle && worked >= WORK {
                    thread::sleep(worked);
                    rested = Instant::now();
                }
            }
            Ok(if whole { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(whole && self.hold.is_still())
    }
}
