//! [`Queue`]: jobs that come while others are being written are written together, with one sync.
//!
//! The first to come leads: it takes all that waits and does the work, while the rest sleep until their result is there. A panic in the
//! work becomes an error of those jobs, never a queue that nobody leads.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use super::Error;

/// Jobs that wait, and results that nobody fetched yet.
#[derive(Debug)]
pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    turn: Condvar,
}

#[derive(Debug)]
struct State<J> {
    waiting: Vec<(u64, J)>,
    done: HashMap<u64, Result<(), Error>>,
    next: u64,
    led: bool,
}

impl<J> Default for Queue<J> {
    fn default() -> Self {
        let state = State { waiting: Vec::new(), done: HashMap::new(), next: 0, led: false };
        Self { state: Mutex::new(state), turn: Condvar::new() }
    }
}

impl<J> Queue<J> {
    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has `job` done, together with whatever else waits, and returns its result. `work` gives a result for each job, in order.
    pub(super) fn submit(&self, job: J, work: &dyn Fn(Vec<J>) -> Vec<Result<(), Error>>) -> Result<(), Error> {
        let mut state = self.lock();
        let ticket = state.next;
        state.next += 1;
        state.waiting.push((ticket, job));
        loop {
            if let Some(result) = state.done.remove(&ticket) {
                return result;
            }
            if state.led {
                state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.led = true;
            let (tickets, jobs): (Vec<_>, Vec<_>) = std::mem::take(&mut state.waiting).into_iter().unzip();
            drop(state);
            let results = catch_unwind(AssertUnwindSafe(|| work(jobs))).unwrap_or_default();
            state = self.lock();
            state.led = false;
            let missing = || Err(Error::Damaged("the store (writing panicked)".to_owned()));
            let mut results = results.into_iter();
            for ticket in tickets {
                let result = results.next().unwrap_or_else(missing);
                state.done.insert(ticket, result);
            }
            self.turn.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread, time::Duration};

    use super::*;

    #[test]
    fn jobs_that_wait_are_done_together_and_each_gets_its_own_result() {
        let queue = Arc::new(Queue::<u32>::default());
        let groups = Arc::new(Mutex::new(Vec::new()));
        let threads: Vec<_> = (0..16)
            .map(|n| {
                let (queue, groups) = (queue.clone(), groups.clone());
                thread::spawn(move || {
                    queue.submit(n, &|jobs| {
                        thread::sleep(Duration::from_millis(20));
                        groups.lock().unwrap().push(jobs.len());
                        jobs.iter()
                            .map(|n| if n % 2 == 0 { Ok(()) } else { Err(Error::Refused(n.to_string())) })
                            .collect()
                    })
                })
            })
            .collect();
        for (n, thread) in threads.into_iter().enumerate() {
            match thread.join().unwrap() {
                Ok(()) => assert_eq!(n % 2, 0),
                Err(error) => assert_eq!(error.to_string(), n.to_string()),
            }
        }
        let groups = groups.lock().unwrap();
        assert_eq!(groups.iter().sum::<usize>(), 16);
        assert!(groups.len() < 16, "{groups:?}");
    }

    #[test]
    fn a_panic_fails_its_jobs_and_the_next_ones_go_on() {
        let queue = Queue::<u32>::default();
        assert!(queue.submit(1, &|_| panic!("on purpose")).is_err());
        assert!(queue.submit(2, &|jobs| jobs.iter().map(|_| Ok(())).collect()).is_ok());
    }
}
