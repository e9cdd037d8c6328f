//! [`next_due`]: a source's [`Past`] → the instant of its next visit. The decision of the whole module, in one place.
//!
//! Invariant: what it returns is later than `now`, and not earlier than the host asked for, up to [`LONGEST_WAIT`].

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{adaptive, backoff, cron::Occurrences, hints, jitter, quiet};
use crate::model::{Cadence, Plan, Rhythm};

/// The longest Retry-After that is obeyed; a longer one is taken for a mistake.
pub const LONGEST_WAIT: Duration = Duration::from_hours(30 * 24);

/// A new source is visited within this time; pace keeps requests to one host apart.
const AT_ONCE: Duration = Duration::from_secs(1);
/// Overdue visits are spread over at most this time.
const OVERDUE: Duration = Duration::from_mins(1);
/// Waits get up to this part of themselves on top…
const JITTER: f64 = 0.05;
/// …but no more than this.
const MOST_JITTER: Duration = Duration::from_mins(5);
/// By how much jitter, hours that a feed skips and quiet hours can put off a visit that a host asked for: a day has 25 hours
/// once a year.
const MOST_PUT_OFF: Duration = Duration::from_hours(26 + hints::MOST_SKIPPED as u64);

/// What a source's past visits say about the next.
#[derive(Debug, Clone, Copy, Default)]
pub struct Past<'a> {
    /// When the last visit ended; absent before the first.
    pub last: Option<Timestamp>,
    /// Failed visits in a row.
    pub failures: u32,
    /// How long the host asked to be left alone at the last visit (RFC 9110, section 10.2.3).
    pub retry_after: Option<Duration>,
    /// The page answered 410: it is gone for good (RFC 9110, section 15.5.11).
    pub gone: bool,
    /// When new articles were found, oldest first; the last 256 are enough.
    pub arrivals: &'a [Timestamp],
    /// For how long the host calls its answer fresh: `max-age` or `Expires` (RFC 9111, section 4.2).
    pub fresh: Option<Duration>,
    /// What the source, where it is a feed, says of when it changes.
    pub cadence: Cadence,
}

/// When the source is visited next; `None` if never: its page is gone, or its cron pattern never comes round.
///
/// `seed` is any number that stays the same for a source: jitter is a pure function of it.
/// * A source that was never visited is due at once. An overdue one is due soon, spread a little.
/// * An interval gets a little jitter on top. An adaptive one is shortened where the source is likely to publish and
///   lengthened elsewhere, within `every_min` and `every_max`, for the same number of visits. What the host calls fresh, and a
///   feed's `ttl`, can only lengthen it, up to `every_max`; hours that a feed skips are passed over, for three days at most.
/// * Cron times are a person's word: neither bounds nor hints move them, and a missed one is made up for once.
/// * Failures lengthen the wait; Retry-After and quiet hours are obeyed in every case.
/// * A `last` in the future (the clock was set back) counts as now.
pub fn next_due(plan: &Plan, past: &Past<'_>, zone: &TimeZone, now: Timestamp, seed: u64) -> Option<Timestamp> {
    if past.gone {
        return None;
    }
    let Some(last) = past.last.map(|last| last.min(now)) else {
        let first = later(now, jitter::spread(AT_ONCE, jitter::part(seed, now)));
        return Some(allowed(plan, first, zone, seed));
    };
    let planned = match &plan.rhythm {
        Rhythm::Every(every) => interval(plan, *every, past, zone, last, seed),
        Rhythm::Cron(pattern) => occurrence(pattern, past, zone, last, seed)?,
    };
    let asked = past.retry_after.map(|wait| waited(last, wait.min(LONGEST_WAIT), seed));
    let due = asked.map_or(planned, |asked| planned.max(asked));
    let due = if due > now { due } else { soon(plan, now, seed) };
    Some(allowed(plan, open(plan, due, past, seed), zone, seed))
}

/// When the source is visited next after a restart, given the `stored` time that was settled before it.
///
/// A stored time that is still ahead is kept, so that restarts cause no visits; one that lies further ahead than this
/// past can explain (the clock was wrong when it was stored) is settled anew; one that has passed is due soon.
pub fn resume(
    plan: &Plan,
    past: &Past<'_>,
    zone: &TimeZone,
    now: Timestamp,
    (stored, seed): (Timestamp, u64),
) -> Option<Timestamp> {
    let fresh = next_due(plan, past, zone, now, seed)?;
    let explained = stored <= later(now, LONGEST_WAIT + MOST_PUT_OFF) || stored <= fresh;
    if stored > now && explained && past.last.is_some() { Some(stored) } else { Some(fresh) }
}

/// The end of the interval that began with `last`.
fn interval(plan: &Plan, every: Duration, past: &Past<'_>, zone: &TimeZone, last: Timestamp, seed: u64) -> Timestamp {
    let every = if plan.adaptive { every.max(plan.every_min).min(plan.every_max.max(plan.every_min)) } else { every };
    if past.failures > 0 {
        return waited(last, backoff::delay(every, past.failures, plan.every_max), seed);
    }
    let hinted = hints::least_wait(past, plan);
    // Jitter lengthens the share of a visit, not the wait: else a long wait that ends where visits are dense loses some.
    let share = 1.0 + JITTER * jitter::part(seed, last);
    let learnt = if plan.adaptive { adaptive::wait(plan, every, past.arrivals, zone, (last, share)) } else { None };
    match learnt {
        Some(wait) if wait > hinted => later(last, wait),
        _ => waited(last, every.max(hinted), seed),
    }
}

/// The first occurrence after `last`; with each further failure, one that lies twice as far ahead.
fn occurrence(pattern: &str, past: &Past<'_>, zone: &TimeZone, last: Timestamp, seed: u64) -> Option<Timestamp> {
    let occurrences = Occurrences::of(pattern, zone).ok()?;
    let next = occurrences.after(last)?;
    let gap = occurrences.gap(last).unwrap_or(OVERDUE);
    let skipped = backoff::delay(gap, past.failures, Duration::MAX).saturating_sub(gap);
    let next = if skipped.is_zero() { next } else { occurrences.after(later(last, skipped))? };
    Some(waited(next, Duration::ZERO, seed).min(later(next, gap.mul_f64(JITTER))))
}

/// `wait` after `from`, with jitter on top: 5 % and at most five minutes; without a wait, at most half a minute.
fn waited(from: Timestamp, wait: Duration, seed: u64) -> Timestamp {
    let most = if wait.is_zero() { OVERDUE / 2 } else { wait.mul_f64(JITTER).min(MOST_JITTER) };
    later(later(from, wait), jitter::spread(most, jitter::part(seed, from)))
}

/// An overdue visit: within a minute, and sooner where the interval is short.
fn soon(plan: &Plan, now: Timestamp, seed: u64) -> Timestamp {
    let most = match &plan.rhythm {
        Rhythm::Every(every) => (*every / 10).min(OVERDUE),
        Rhythm::Cron(_) => OVERDUE,
    };
    later(now, jitter::spread(most, jitter::part(seed, now)))
}

/// `due`, put off where a feed says that nothing comes. A failing source may have another reason to be asked then.
fn open(plan: &Plan, due: Timestamp, past: &Past<'_>, seed: u64) -> Timestamp {
    let is_interval = matches!(plan.rhythm, Rhythm::Every(_));
    let open = if is_interval && past.failures == 0 { hints::passed_over(due, past.cadence) } else { due };
    if open == due { due } else { later(open, jitter::spread(MOST_JITTER, jitter::part(seed, open))) }
}

/// `due`, put off where quiet hours forbid it. Visits that wait for the same end do not all start with it.
fn allowed(plan: &Plan, due: Timestamp, zone: &TimeZone, seed: u64) -> Timestamp {
    let Some(hours) = plan.quiet else { return due };
    let open = quiet::put_off(due, hours, zone);
    if open == due {
        return due;
    }
    let spread = later(open, jitter::spread(MOST_JITTER, jitter::part(seed, open)));
    // A day may have a shorter gap between two quiet times than the spread: then the very end of the first is taken.
    if quiet::put_off(spread, hours, zone) == spread { spread } else { open }
}

/// `at` plus `wait`, or the last instant there is.
fn later(at: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| at.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}
