//! [`Behind`]: a [`Kv`] that answers at once with what it was given, and passes it to the storage below on a thread of its own.
//!
//! What was acknowledged is in the journal already, so nobody needs to wait for the index's storage. It is behind by a bounded amount;
//! after a stop the rest is played from the journal. Changes reach the storage in order and each batch whole, so it is always as it once
//! was as a whole.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{
    held::{Held, Hold, Pace},
    kv::{Each, Kv, Op, Work, after, range},
};
use crate::store::Error;

/// Changes that may wait; who brings more waits for room.
const MOST_WAITING: usize = 6_000;
/// Changes that are passed on at once.
const AT_ONCE: usize = 400;
/// How long what came is left waiting for more: a visit's changes come at a few places of it, and the storage writes at each batch.
const TOGETHER: Duration = Duration::from_millis(10);
/// Changes that may wait while the storage is held: some 20 MB.
const MOST_HELD: usize = 100_000;

/// A storage and what it has not been given yet.
#[derive(Debug)]
pub(in crate::store) struct Behind {
    desk: Arc<Desk>,
    worker: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Desk {
    below: Box<dyn Kv>,
    state: Mutex<State>,
    /// There is something to pass on, or it is time to end.
    work: Condvar,
    /// Something was passed on.
    room: Condvar,
    /// Whoever has the storage held.
    holder: Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    /// The newest value of each key that waits, and the number of its batch.
    ahead: BTreeMap<Vec<u8>, (u64, Option<Vec<u8>>)>,
    batches: VecDeque<(u64, Vec<Op>)>,
    waiting: usize,
    next: u64,
    /// The storage refused: whatever waits is to be played from the journal again.
    failed: Option<Error>,
    closing: bool,
    /// Something is being passed on now.
    passing: bool,
    /// Nothing is to be passed on now.
    held: bool,
    /// Somebody waits until what is here is passed on.
    hurry: bool,
}

impl State {
    /// Whether what is here may be left waiting for more.
    fn has_time(&mut self) -> bool {
        !self.closing && !self.hurry && self.waiting < AT_ONCE
    }

    /// Has what is here passed on at once.
    fn make_haste(&mut self, work: &Condvar) {
        self.hurry = true;
        work.notify_all();
    }

    /// Passes on again what was held back.
    fn give_up_hold(&mut self, work: &Condvar) {
        self.held = false;
        work.notify_all();
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, while the storage below has not failed.
    fn sound(&self) -> Result<MutexGuard<'_, State>, Error> {
        let state = self.lock();
        match &state.failed {
            Some(error) => Err(error.clone()),
            None => Ok(state),
        }
    }

    /// Passes on until it is closed and nothing waits. Whatever else ends it is a failure of the storage: else whoever waits for
    /// room would wait for ever.
    fn pass_on(&self) {
        let ended = catch_unwind(AssertUnwindSafe(|| self.pass_on_each()));
        let failed = ended.unwrap_or_else(|_| Err(Error::Damaged("the index (its storage panicked)".to_owned())));
        if let Err(error) = failed {
            *self.lock() = State { failed: Some(error), ..State::default() };
            self.room.notify_all();
        }
    }

    fn pass_on_each(&self) -> Result<(), Error> {
        loop {
            let mut state = self.lock();
            while !state.closing && (state.batches.is_empty() || state.held) {
                state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.batches.is_empty() {
                return Ok(());
            }
            let waited = self.work.wait_timeout_while(state, TOGETHER, State::has_time);
            let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            if state.held && !state.closing {
                continue;
            }
            let mut together: BTreeMap<Vec<u8>, (u64, Option<Vec<u8>>)> = BTreeMap::new();
            let mut taken = 0;
            while let Some((number, ops)) = state.batches.pop_front() {
                taken += ops.len();
                together.extend(ops.into_iter().map(|(key, value)| (key, (number, value))));
                if state.batches.front().is_none_or(|(_, next)| taken + next.len() > AT_ONCE) {
                    break;
                }
            }
            state.hurry &= !state.batches.is_empty();
            state.passing = true;
            drop(state);
            let ops = together.iter().map(|(key, (_, value))| (key.clone(), value.clone())).collect();
            self.below.apply(ops)?;
            let mut state = self.lock();
            state.passing = false;
            state.waiting = state.waiting.saturating_sub(taken);
            for (key, (number, _)) in together {
                if state.ahead.get(&key).is_some_and(|(newest, _)| *newest == number) {
                    state.ahead.remove(&key);
                }
            }
            self.room.notify_all();
        }
    }
}

impl Behind {
    /// Takes changes for `below`.
    pub(in crate::store) fn new(below: Box<dyn Kv>) -> Self {
        let desk = Arc::new(Desk {
            below,
            state: Mutex::default(),
            work: Condvar::new(),
            room: Condvar::new(),
            holder: Mutex::default(),
        });
        let passing = desk.clone();
        let worker = thread::Builder::new().name("index".to_owned()).spawn(move || passing.pass_on());
        if let Err(error) = &worker {
            let refused = Error::Refused(format!("no thread can be started: {error}"));
            desk.lock().failed = Some(refused);
        }
        Self { desk, worker: worker.ok() }
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        self.desk.lock().closing = true;
        self.desk.work.notify_all();
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

impl Kv for Behind {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        if let Some((_, value)) = self.desk.sound()?.ahead.get(key) {
            return Ok(value.clone());
        }
        self.desk.below.get(key)
    }

    fn apply(&self, ops: Vec<Op>) -> Result<(), Error> {
        let mut state = self.desk.sound()?;
        if ops.is_empty() {
            return Ok(());
        }
        while state.waiting > if state.held { MOST_HELD } else { MOST_WAITING } {
            if state.held {
                state.give_up_hold(&self.desk.work);
            }
            drop(self.desk.room.wait(state).unwrap_or_else(PoisonError::into_inner));
            state = self.desk.sound()?;
        }
        let number = state.next;
        state.next += 1;
        state.waiting += ops.len();
        for (key, value) in &ops {
            state.ahead.insert(key.clone(), (number, value.clone()));
        }
        // Else it is waited for what comes already.
        let tell = state.batches.is_empty() || !state.has_time();
        state.batches.push_back((number, ops));
        if tell {
            self.desk.work.notify_one();
        }
        Ok(())
    }

    fn scan_from(&self, prefix: &[u8], from: &[u8], each: Each<'_>) -> Result<(), Error> {
        let end = after(prefix);
        let mut ahead: VecDeque<(Vec<u8>, Option<Vec<u8>>)> = {
            let state = self.desk.sound()?;
            let some = state.ahead.range::<[u8], _>(range(prefix, from, end.as_deref()));
            some.map(|(key, (_, value))| (key.clone(), value.clone())).collect()
        };
        let mut stopped = false;
        self.desk.below.scan_from(prefix, from, &mut |key, value| {
            while let Some((next, _)) = ahead.front()
                && next.as_slice() < key
            {
                if let Some((next, Some(value))) = ahead.pop_front()
                    && each(&next, &value)?.is_break()
                {
                    stopped = true;
                    return Ok(ControlFlow::Break(()));
                }
            }
            let on = match ahead.front() {
                Some((same, _)) if same == key => match ahead.pop_front() {
                    Some((_, Some(newer))) => each(key, &newer)?,
                    _ => ControlFlow::Continue(()),
                },
                _ => each(key, value)?,
            };
            stopped = on.is_break();
            Ok(on)
        })?;
        for (key, value) in ahead {
            if stopped {
                break;
            }
            if let Some(value) = value {
                stopped = each(&key, &value)?.is_break();
            }
        }
        Ok(())
    }

    fn flush(&self) -> Result<(), Error> {
        let mut state = self.desk.sound()?;
        state.give_up_hold(&self.desk.work);
        state.make_haste(&self.desk.work);
        while state.waiting > 0 {
            drop(self.desk.room.wait(state).unwrap_or_else(PoisonError::into_inner));
            state = self.desk.sound()?;
        }
        drop(state);
        self.desk.below.flush()
    }

    fn hold(&self, pace: Pace, work: Work<'_>) -> Result<(), Error> {
        let _alone = self.desk.holder.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.desk.sound()?;
        let before = state.next;
        state.make_haste(&self.desk.work);
        let holding = Holding(&self.desk);
        loop {
            // What came before is part of it.
            state.held = state.batches.front().is_none_or(|(number, _)| *number >= before);
            if state.held && !state.passing {
                break;
            }
            drop(self.desk.room.wait(state).unwrap_or_else(PoisonError::into_inner));
            state = self.desk.sound()?;
        }
        drop(state);
        work(&Held::new(&*self.desk.below, &holding, pace))
    }
}

/// The storage is held as long as this lives, if nobody gave that up.
struct Holding<'a>(&'a Desk);

impl Hold for Holding<'_> {
    fn is_still(&self) -> bool {
        let state = self.0.lock();
        state.held && state.failed.is_none()
    }

    fn came(&self) -> Option<Vec<Op>> {
        let state = self.0.sound().ok()?;
        state.held.then(|| state.batches.iter().flat_map(|(_, ops)| ops.iter().cloned()).collect())
    }
}

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        self.0.lock().give_up_hold(&self.0.work);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::index::kv::Memory;

    /// A storage that takes its time, and may refuse.
    #[derive(Debug)]
    struct Slow(Memory, Option<u32>, Mutex<u32>);

    impl Kv for Slow {
        fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
            self.0.get(key)
        }
        fn apply(&self, ops: Vec<Op>) -> Result<(), Error> {
            thread::sleep(Duration::from_millis(3));
            let mut count = self.2.lock().unwrap();
            *count += 1;
            if self.1.is_some_and(|end| *count > end) {
                return Err(Error::Damaged("the test".to_owned()));
            }
            self.0.apply(ops)
        }
        fn scan_from(&self, prefix: &[u8], from: &[u8], each: Each<'_>) -> Result<(), Error> {
            self.0.scan_from(prefix, from, each)
        }
        fn flush(&self) -> Result<(), Error> {
            Ok(())
        }
        fn hold(&self, _: Pace, _: Work<'_>) -> Result<(), Error> {
            panic!("only what is before it is held")
        }
    }

    fn scanned(kv: &dyn Kv, from: &[u8], most: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = Vec::new();
        kv.scan_from(b"k", from, &mut |key, value| {
            found.push((key.to_vec(), value.to_vec()));
            Ok(if found.len() >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })
        .unwrap();
        found
    }

    #[test]
    fn it_answers_as_if_all_were_passed_on() {
        let behind = Behind::new(Box::new(Slow(Memory::default(), None, Mutex::new(0))));
        let plain = Memory::default();
        let mut chance = crate::store::tests::chance::Chance(3);
        for _ in 0..200 {
            let ops: Vec<Op> = (0..chance.below(6))
                .map(|_| {
                    let key = format!("k{:02}", chance.below(60)).into_bytes();
                    (key, (!chance.one_in(3)).then(|| chance.next().to_le_bytes().to_vec()))
                })
                .collect();
            behind.apply(ops.clone()).unwrap();
            plain.apply(ops).unwrap();
            // From the start, from amid the keys, and from behind them all.
            for from in ["", &format!("k{:02}", chance.below(60)), "l"] {
                let most = 1 + chance.below(70) as usize;
                assert_eq!(scanned(&behind, from.as_bytes(), most), scanned(&plain, from.as_bytes(), most));
            }
            let key = format!("k{:02}", chance.below(60)).into_bytes();
            assert_eq!(behind.get(&key).unwrap(), plain.get(&key).unwrap());
        }
        behind.flush().unwrap();
        assert_eq!(scanned(&*behind.desk.below, b"k", 99), scanned(&plain, b"k", 99));
    }

    /// A storage that panics.
    #[derive(Debug)]
    struct Broken;

    impl Kv for Broken {
        fn get(&self, _: &[u8]) -> Result<Option<Vec<u8>>, Error> {
            Ok(None)
        }
        fn apply(&self, _: Vec<Op>) -> Result<(), Error> {
            panic!("on purpose")
        }
        fn scan_from(&self, _: &[u8], _: &[u8], _: Each<'_>) -> Result<(), Error> {
            Ok(())
        }
        fn flush(&self) -> Result<(), Error> {
            Ok(())
        }
        fn hold(&self, _: Pace, _: Work<'_>) -> Result<(), Error> {
            panic!("only what is before it is held")
        }
    }

    #[test]
    fn what_comes_while_it_is_held_waits_and_is_found() {
        let behind = Behind::new(Box::new(Memory::default()));
        let one = |n: u8| behind.apply(vec![(vec![n], Some(vec![n]))]).unwrap();
        one(1);
        behind
            .hold(Pace::Full, &mut |held| {
                let before = held.came().unwrap().len();
                one(2);
                assert_eq!(behind.get(&[2]).unwrap(), Some(vec![2]));
                assert_eq!(behind.desk.below.get(&[2]).unwrap(), None);
                assert_eq!(held.came().unwrap().len(), before + 1);
                Ok(())
            })
            .unwrap();
        behind.flush().unwrap();
        assert_eq!(behind.desk.below.get(&[2]).unwrap(), Some(vec![2]));
    }

    #[test]
    fn it_is_held_no_more_once_too_much_came_or_all_is_to_be_written() {
        let behind = Behind::new(Box::new(Memory::default()));
        behind
            .hold(Pace::Full, &mut |held| {
                for n in 0..=MOST_HELD as u32 + 1 {
                    behind.apply(vec![(n.to_le_bytes().to_vec(), Some(vec![1]))]).unwrap();
                }
                assert_eq!(held.came(), None);
                Ok(())
            })
            .unwrap();
        behind
            .hold(Pace::Full, &mut |held| {
                behind.apply(vec![(vec![7], Some(vec![7]))]).unwrap();
                behind.flush().unwrap();
                assert_eq!((held.came(), behind.desk.below.get(&[7]).unwrap()), (None, Some(vec![7])));
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn nothing_to_change_ends_nothing() {
        let behind = Behind::new(Box::new(Memory::default()));
        for n in 0..50_u8 {
            behind.apply(Vec::new()).unwrap();
            // The storage below has passed on all that came before.
            thread::sleep(Duration::from_millis(1));
            behind.apply(vec![(vec![n], Some(vec![n]))]).unwrap();
        }
        behind.flush().unwrap();
        let mut count = 0;
        let counted = behind.desk.below.scan(b"", &mut |_, _| {
            count += 1;
            Ok(ControlFlow::Continue(()))
        });
        counted.unwrap();
        assert_eq!(count, 50);
    }

    #[test]
    fn what_comes_a_moment_later_is_passed_on_together() {
        let is_together = || {
            let behind = Behind::new(Box::new(Slow(Memory::default(), Some(2), Mutex::new(0))));
            let one = |n: u8| behind.apply(vec![(vec![n], Some(vec![n]))]);
            one(1).and_then(|()| behind.flush()).unwrap();
            one(2).unwrap();
            thread::sleep(Duration::from_millis(2));
            one(3).is_ok() && behind.flush().is_ok()
        };
        // A machine that is busy may take longer over it now and then.
        assert!((0..20).filter(|_| is_together()).count() >= 10);
    }

    #[test]
    fn a_panic_below_is_told_and_nobody_waits_for_ever() {
        let behind = Behind::new(Box::new(Broken));
        behind.apply(vec![(vec![1], None)]).unwrap();
        assert!(matches!(behind.flush(), Err(Error::Damaged(_))));
        assert!(behind.get(&[1]).is_err());
    }

    #[test]
    fn a_refusal_below_is_told_to_whoever_asks_next() {
        let behind = Behind::new(Box::new(Slow(Memory::default(), Some(1), Mutex::new(0))));
        let one = |n: u8| behind.apply(vec![(vec![n], Some(vec![n]))]);
        one(1).unwrap();
        behind.flush().unwrap();
        one(2).unwrap();
        assert!(behind.flush().is_err());
        assert!(behind.get(&[1]).is_err() && one(3).is_err());
        assert!(behind.scan(b"", &mut |_, _| Ok(ControlFlow::Continue(()))).is_err());
    }
}
