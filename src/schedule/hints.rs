//! What host and feed say of when a page changes: how long it is left alone at least, and hours that are passed over.
//!
//! Both are believed within bounds, so that no site can stop its own source: a hint lengthens the wait up to the plan's
//! `every_max`, and skipped hours are passed over for three days at most.

use std::time::Duration;

use jiff::Timestamp;

use super::Past;
use crate::model::{Cadence, Plan};

/// So many hours in a row are passed over: a weekend, and the nights about it.
pub(super) const MOST_SKIPPED: i64 = 72;

const HOUR: i64 = 3600;

/// The wait that the answer's freshness and the feed's `ttl` ask for: the longer of the two, up to `every_max`.
pub(super) fn least_wait(past: &Past<'_>, plan: &Plan) -> Duration {
    let ttl = Duration::from_secs(past.cadence.ttl.into());
    past.fresh.unwrap_or_default().max(ttl).min(plan.every_max)
}

/// `due`, or the start of the next hour in which the feed may change. A feed that skips all hours is not believed.
pub(super) fn passed_over(due: Timestamp, cadence: Cadence) -> Timestamp {
    let first = due.as_second().div_euclid(HOUR);
    if !is_skipped(first, cadence) {
        return due;
    }
    let open = (first + 1..=first + MOST_SKIPPED).find(|hour| !is_skipped(*hour, cadence));
    open.and_then(|hour| Timestamp::from_second(hour * HOUR).ok()).unwrap_or(due)
}

/// Whether the feed does not change in an hour, counted from 1970-01-01T00:00Z, which was a Thursday.
fn is_skipped(hour: i64, cadence: Cadence) -> bool {
    let weekday = (hour.div_euclid(24) + 3).rem_euclid(7);
    cadence.skip_hours >> hour.rem_euclid(24) & 1 == 1 || cadence.skip_days >> weekday & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_hours_and_days_are_passed_over_in_utc() {
        // Hours 0 to 5; Saturday and Sunday.
        let cadence = Cadence { ttl: 0, skip_hours: 0b11_1111, skip_days: 0b110_0000 };
        for (due, expected) in [
            ("2026-11-20T12:30:00Z", "2026-11-20T12:30:00Z"),
            ("2026-11-20T23:59:59Z", "2026-11-20T23:59:59Z"),
            ("2026-11-21T00:00:00Z", "2026-11-23T06:00:00Z"),
            ("2026-11-22T13:30:00Z", "2026-11-23T06:00:00Z"),
            ("2026-11-23T05:59:59Z", "2026-11-23T06:00:00Z"),
        ] {
            assert_eq!(passed_over(due.parse().unwrap(), cadence), expected.parse().unwrap(), "{due}");
        }
    }

    #[test]
    fn a_feed_that_always_skips_is_not_believed() {
        let due: Timestamp = "2026-11-20T12:30:00Z".parse().unwrap();
        for cadence in [
            Cadence { skip_hours: 0xff_ffff, ..Cadence::default() },
            Cadence { skip_days: 0x7f, ..Cadence::default() },
            // Open on Thursdays alone: six days are more than three.
            Cadence { skip_days: 0x77, ..Cadence::default() },
        ] {
            assert_eq!(passed_over(due, cadence), due);
        }
    }
}
