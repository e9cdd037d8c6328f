//! [`Fleet`]: the sources, when each is due, and which are being visited.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;

use crate::harvest::Watched;
use crate::model::{History, Outcome, SourceId};
use crate::schedule::{self, Past, Queue};

/// The sources that are configured. What is remembered of their visits is in the store, not here.
#[derive(Debug, Default)]
pub(super) struct Fleet {
    watched: BTreeMap<SourceId, Arc<Watched>>,
    queue: Queue,
    under_way: BTreeSet<SourceId>,
    /// Edited while they were being visited, or to be visited once more: due again at once.
    edited: BTreeSet<SourceId>,
}

impl Fleet {
    /// Takes the sources of a new configuration, each with when it is due if it is new here. Sources that are gone leave the queue; ones
    /// that are read or found otherwise than before come due at once.
    pub(super) fn take(&mut self, sources: impl Iterator<Item = (Arc<Watched>, Option<Timestamp>)>, now: Timestamp) {
        let old = std::mem::take(&mut self.watched);
        for (watched, left) in sources {
            let id = watched.source.id.clone();
            let same = old.get(&id).is_some_and(|old| old.source == watched.source);
            if !same && self.under_way.contains(&id) {
                self.edited.insert(id.clone());
            } else if !same {
                // Who edits a source wants to see what comes of it.
                let due = if old.contains_key(&id) { first_due(&watched, None, now) } else { left };
                match due {
                    Some(due) => self.queue.set(id.clone(), due, now),
                    None => {
                        self.queue.remove(&id);
                    }
                }
            }
            self.watched.insert(id, watched);
        }
        for id in old.keys().filter(|id| !self.watched.contains_key(*id)) {
            self.queue.remove(id);
        }
    }

    /// Makes a source due now; one that is being visited already is left at that. Whether it is configured.
    pub(super) fn hasten(&mut self, source: &SourceId, now: Timestamp) -> bool {
        let known = self.watched.contains_key(source);
        if known && !self.under_way.contains(source) {
            self.queue.set(source.clone(), now, now);
        }
        known
    }

    /// Makes a source due now, or again as soon as the visit under way is over.
    pub(super) fn again(&mut self, source: &SourceId, now: Timestamp) {
        if self.under_way.contains(source) {
            self.edited.insert(source.clone());
        } else {
            self.hasten(source, now);
        }
    }

    /// The sources that are configured.
    pub(super) fn sources(&self) -> impl Iterator<Item = &SourceId> {
        self.watched.keys()
    }

    /// Whether a source is configured.
    pub(super) fn has(&self, source: &SourceId) -> bool {
        self.watched.contains_key(source)
    }

    /// A source that is due, marked as being visited.
    pub(super) fn depart(&mut self, now: Timestamp) -> Option<Arc<Watched>> {
        let id = self.queue.pop_due(now)?;
        let watched = self.watched.get(&id)?.clone();
        self.under_way.insert(id);
        Some(watched)
    }

    /// Puts a source that came back into the queue; when it is due next, if it is still configured.
    pub(super) fn arrive(&mut self, source: &SourceId, history: &History, now: Timestamp) -> Option<Timestamp> {
        self.under_way.remove(source);
        let edited = self.edited.remove(source);
        let watched = self.watched.get(source)?;
        let due = if edited { now } else { next_due(watched, history, now)? };
        self.queue.set(source.clone(), due, now);
        Some(due)
    }

    /// When the next source is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.queue.peek().map(|(due, _)| due)
    }

    /// A source that is configured.
    pub(super) fn watched(&self, source: &SourceId) -> Option<Arc<Watched>> {
        self.watched.get(source).cloned()
    }

    /// How many sources are configured.
    pub(super) fn len(&self) -> usize {
        self.watched.len()
    }
}

/// What is remembered after a visit, with the time of the next, and whether the source has been well.
pub fn planned(watched: &Watched, mut history: History, now: Timestamp) -> History {
    schedule::note(&mut history, now);
    // The host's answer came at the end of the visit, and what it asks for counts from then.
    if let Some(last) = &mut history.last {
        let took = Duration::try_from(now.duration_since(last.at)).unwrap_or_default();
        last.retry_after = last.retry_after.map(|wait| wait.saturating_add(took));
        let seconds = u32::try_from(took.as_secs()).unwrap_or(u32::MAX);
        history.fresh = history.fresh.map(|fresh| fresh.saturating_add(seconds));
    }
    history.next_due = next_due(watched, &history, now);
    history
}

/// When `watched` is due after a visit of which `history` tells.
pub(super) fn next_due(watched: &Watched, history: &History, now: Timestamp) -> Option<Timestamp> {
    let arrivals = arrivals(history);
    schedule::next_due(&watched.source.plan, &past(history, &arrivals), &watched.source.timezone, now, seed(watched))
}

/// When `watched` would be due next if a visit at `now` ended like the last one: what is stored before it leaves.
pub(super) fn next_due_after(watched: &Watched, history: &History, now: Timestamp) -> Option<Timestamp> {
    let arrivals = arrivals(history);
    let past = Past { last: Some(now), gone: false, ..past(history, &arrivals) };
    schedule::next_due(&watched.source.plan, &past, &watched.source.timezone, now, seed(watched))
}

/// When `watched` is due that begins to be visited, or goes on where `history` ends.
pub(super) fn first_due(watched: &Watched, history: Option<&History>, now: Timestamp) -> Option<Timestamp> {
    let plan = &watched.source.plan;
    let zone = &watched.source.timezone;
    let Some(history) = history else {
        return schedule::next_due(plan, &Past::default(), zone, now, seed(watched));
    };
    let arrivals = arrivals(history);
    let past = past(history, &arrivals);
    match history.next_due {
        Some(stored) => schedule::resume(plan, &past, zone, now, (stored, seed(watched))),
        None => schedule::next_due(plan, &past, zone, now, seed(watched)),
    }
}

fn past<'a>(history: &History, arrivals: &'a [Timestamp]) -> Past<'a> {
    let last = history.last.as_ref();
    Past {
        last: last.map(|last| last.at),
        failures: history.failures,
        retry_after: last.and_then(|last| last.retry_after),
        gone: last.is_some_and(|last| last.outcome == Outcome::Gone),
        arrivals,
        fresh: history.fresh.map(|seconds| Duration::from_secs(seconds.into())),
        cadence: history.cadence,
    }
}

fn arrivals(history: &History) -> Vec<Timestamp> {
    history.arrivals.iter().filter_map(|second| Timestamp::from_second(*second).ok()).collect()
}

/// A number that stays the same for a source, from its id (FNV-1a), so that its jitter survives a restart.
fn seed(watched: &Watched) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    watched.source.id.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
