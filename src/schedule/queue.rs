//! [`Queue`]: which source is due next. Every change costs O(log n).
//!
//! It is told the wall clock's time with every question and keeps a time of its own that never runs backwards: when the
//! clock is set back, all due times move back with it. So a clock that jumps, by ten years and back, makes every source
//! due at most once, and none waits for the false time to come round again.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use jiff::Timestamp;

use crate::model::SourceId;

/// The longest that one may sleep without asking again, so that a jump of the clock is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Who is due, in order. A source stands in it at most once; while it is visited it does not stand in it.
#[derive(Debug, Default)]
pub struct Queue {
    order: BTreeSet<(i128, SourceId)>,
    due: HashMap<SourceId, i128>,
    /// The latest time heard, in the queue's own time.
    heard: Option<i128>,
    /// Own time minus the wall clock's, in nanoseconds; grows by each step that the clock is set back.
    ahead: i128,
}

impl Queue {
    /// Puts `source` in, or moves it: due at `due` of the same clock that says `now`.
    pub fn set(&mut self, source: SourceId, due: Timestamp, now: Timestamp) {
        self.hear(now);
        let due = due.as_nanosecond() + self.ahead;
        if let Some(old) = self.due.insert(source.clone(), due) {
            self.order.remove(&(old, source.clone()));
        }
        self.order.insert((due, source));
    }

    /// Takes `source` out; whether it stood in the queue.
    pub fn remove(&mut self, source: &SourceId) -> bool {
        let Some(due) = self.due.remove(source) else { return false };
        self.order.remove(&(due, source.clone()))
    }

    /// Takes out the source that has been due for longest, if one is due.
    pub fn pop_due(&mut self, now: Timestamp) -> Option<SourceId> {
        let own = self.hear(now);
        if self.order.first()?.0 > own {
            return None;
        }
        let (_, source) = self.order.pop_first()?;
        self.due.remove(&source);
        Some(source)
    }

    /// The source that is due next and when, on the clock that said the last `now`.
    pub fn peek(&self) -> Option<(Timestamp, &SourceId)> {
        let (due, source) = self.order.first()?;
        Some((self.wall(*due), source))
    }

    /// When `source` is due, on the clock that said the last `now`.
    pub fn due(&self, source: &SourceId) -> Option<Timestamp> {
        self.due.get(source).map(|due| self.wall(*due))
    }

    /// How long to sleep before asking again: until the next is due, and at most half a minute, as sleeping does not
    /// notice a jump of the clock.
    pub fn sleep(&mut self, now: Timestamp) -> Duration {
        let own = self.hear(now);
        let Some((due, _)) = self.order.first() else { return LONGEST_SLEEP };
        let wait = u64::try_from((due - own).max(0)).map_or(LONGEST_SLEEP, Duration::from_nanos);
        wait.min(LONGEST_SLEEP)
    }

    /// How many sources stand in it.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether none stands in it.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// `now` in the queue's own time, after taking up any step backwards.
    fn hear(&mut self, now: Timestamp) -> i128 {
        let now = now.as_nanosecond();
        let heard = self.heard.unwrap_or(now).max(now.saturating_add(self.ahead));
        self.ahead = heard - now;
        self.heard = Some(heard);
        heard
    }

    fn wall(&self, own: i128) -> Timestamp {
        Timestamp::from_nanosecond(own - self.ahead).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn id(n: usize) -> SourceId {
        format!("s{n}").parse().unwrap()
    }

    fn start() -> Timestamp {
        "2026-03-01T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn sources_come_out_in_order_and_not_early() {
        let (mut queue, now) = (Queue::default(), start());
        for (n, secs) in [(1, 30), (2, 10), (3, 20)] {
            queue.set(id(n), now + SignedDuration::from_secs(secs), now);
        }
        assert_eq!(queue.pop_due(now), None);
        assert_eq!(queue.sleep(now), Duration::from_secs(10));
        assert_eq!(queue.peek(), Some((now + SignedDuration::from_secs(10), &id(2))));
        let later = now + SignedDuration::from_secs(25);
        assert_eq!(queue.pop_due(later), Some(id(2)));
        assert_eq!(queue.pop_due(later), Some(id(3)));
        assert_eq!(queue.pop_due(later), None);
        queue.set(id(1), later + SignedDuration::from_secs(60), later);
        assert_eq!(queue.pop_due(now + SignedDuration::from_secs(31)), None, "it was moved");
        assert!(queue.remove(&id(1)) && !queue.remove(&id(1)) && queue.is_empty());
    }

    #[test]
    fn a_jumping_clock_costs_at_most_one_visit_a_source_and_never_a_stall() {
        const SOURCES: usize = 50;
        let every = SignedDuration::from_mins(30);
        let decade = SignedDuration::from_hours(24 * 3652);
        // The true time runs on by a minute a step; the clock is wrong by `error` from step 45 and right again from 75.
        for error in [decade, -decade] {
            let mut queue = Queue::default();
            let mut visits: HashMap<SourceId, usize> = HashMap::new();
            for n in 0..SOURCES {
                queue.set(id(n), start() + every * (n as i32) / (SOURCES as i32), start());
            }
            for step in 0..180_i64 {
                let truth = start() + SignedDuration::from_mins(step);
                let wall = if (45..75).contains(&step) { truth + error } else { truth };
                while let Some(source) = queue.pop_due(wall) {
                    *visits.entry(source.clone()).or_default() += 1;
                    queue.set(source, wall + every, wall);
                }
                assert!(queue.sleep(wall) <= LONGEST_SLEEP);
            }
            // Three hours at half an hour are 6 visits; each of the two jumps may bring one forward.
            let counts: Vec<usize> = visits.values().copied().collect();
            assert_eq!(counts.len(), SOURCES);
            assert!(counts.iter().all(|n| (5..=8).contains(n)), "{error:?}: {counts:?}");
        }
    }

    #[test]
    fn a_hundred_thousand_sources_are_queued_in_a_moment() {
        let (mut queue, now) = (Queue::default(), start());
        for n in 0..100_000_usize {
            queue.set(id(n), now + SignedDuration::from_millis((n as i64 * 7919) % 1_800_000), now);
        }
        let (mut popped, mut last) = (0, None);
        while let Some((due, _)) = queue.peek() {
            assert!(last <= Some(due));
            last = Some(due);
            popped += usize::from(queue.pop_due(now + SignedDuration::from_hours(1)).is_some());
        }
        assert_eq!(popped, 100_000);
    }

    proptest! {
        /// Whatever the clock does, a source once set comes out within its wait of true time plus the steps missed.
        #[test]
        fn both_views_agree(steps in prop::collection::vec((0_usize..8, -4000_i64..4000, 0_i64..3600, any::<bool>()), 1..60)) {
            let (mut queue, mut wall) = (Queue::default(), start());
            for (n, jump, wait, take) in steps {
                wall += SignedDuration::from_secs(jump);
                if take {
                    let before = queue.len();
                    let popped = queue.pop_due(wall);
                    prop_assert_eq!(queue.len(), before - usize::from(popped.is_some()));
                    if let Some(source) = popped { prop_assert_eq!(queue.due(&source), None); }
                } else {
                    let due = wall + SignedDuration::from_secs(wait);
                    queue.set(id(n), due, wall);
                    prop_assert_eq!(queue.due(&id(n)), Some(due));
                }
                prop_assert_eq!(queue.order.len(), queue.due.len());
                // Nothing waits longer on this clock than the longest wait ever given to it.
                prop_assert!(queue.peek().is_none_or(|(due, _)| due <= wall + SignedDuration::from_secs(3600)));
            }
        }
    }
}
