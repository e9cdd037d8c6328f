//! Cron patterns: when the next occurrence is, in the source's zone, summer time included.

use std::time::Duration;

use croner::Cron;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCron {
    /// It is not written as a pattern is.
    #[error("not a cron pattern ({0}); write five fields, as \"*/10 8-18 * * MON-FRI\"")]
    Syntax(String),
    /// It names no instant of the next years, as 30 February.
    #[error("this cron pattern never comes round; check its day and month")]
    Never,
}

/// Whether `pattern` can be used: five fields, or six with seconds first, or a nickname such as `@hourly`.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_cron(pattern: &str) -> Result<(), BadCron> {
    // Any start will do: what recurs at all does so within one round of leap years.
    Occurrences::of(pattern, &TimeZone::UTC)?.after(Timestamp::UNIX_EPOCH).map(|_| ()).ok_or(BadCron::Never)
}

/// The instants that a pattern names in a zone.
pub(super) struct Occurrences<'a> {
    cron: Cron,
    zone: &'a TimeZone,
}

impl<'a> Occurrences<'a> {
    pub(super) fn of(pattern: &str, zone: &'a TimeZone) -> Result<Self, BadCron> {
        let cron = pattern.parse::<Cron>().map_err(|error| BadCron::Syntax(error.to_string().to_lowercase()))?;
        Ok(Self { cron, zone })
    }

    /// The first one later than `at`.
    pub(super) fn after(&self, at: Timestamp) -> Option<Timestamp> {
        let start = at.to_zoned(self.zone.clone());
        let found = self.cron.find_next_occurrence(&start, false).ok()?.timestamp();
        (found > at).then_some(found)
    }

    /// The time from the first one later than `at` to the second.
    pub(super) fn gap(&self, at: Timestamp) -> Option<Duration> {
        let first = self.after(at)?;
        let second = self.after(first)?;
        Duration::try_from(second.duration_since(first).max(SignedDuration::ZERO)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(pattern: &str, zone: &str, from: &str, count: usize) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let occurrences = Occurrences::of(pattern, &zone).unwrap();
        let mut at: Timestamp = from.parse().unwrap();
        let mut found = Vec::new();
        for _ in 0..count {
            at = occurrences.after(at).unwrap();
            found.push(at.to_zoned(zone.clone()).strftime("%m-%d %H:%M%:z").to_string());
        }
        found
    }

    #[test]
    fn patterns_are_read_in_the_zone() {
        let found = run("0 8,18 * * MON-FRI", "Asia/Shanghai", "2026-03-06T00:00:00Z", 3);
        assert_eq!(found, ["03-06 18:00+08:00", "03-09 08:00+08:00", "03-09 18:00+08:00"]);
    }

    #[test]
    fn a_change_of_the_clock_neither_doubles_nor_loses_a_daily_visit() {
        let spring = run("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3);
        assert_eq!(spring.len(), 3);
        assert!(spring[0].starts_with("03-28 02:30") && spring[1].starts_with("03-29 03:"), "{spring:?}");
        assert_eq!(spring[2], "03-30 02:30+02:00");
        let autumn = run("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", 4);
        assert_eq!(autumn.iter().filter(|at| at.starts_with("10-25")).count(), 1, "{autumn:?}");
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        assert_eq!(check_cron("0 0 30 2 *"), Err(BadCron::Never));
        assert!(matches!(check_cron("every day"), Err(BadCron::Syntax(_))));
        assert!(matches!(check_cron(""), Err(BadCron::Syntax(_))));
        assert!(matches!(check_cron("61 * * * *"), Err(BadCron::Syntax(_))));
        for good in ["*/10 8-18 * * MON-FRI", "0 0 29 2 *", "@hourly", "15 30 6 * * *"] {
            assert_eq!(check_cron(good), Ok(()), "{good}");
        }
    }
}
