//! Quiet hours: an instant that falls into them is put off until they end, in the source's own zone.

use jiff::{Timestamp, civil::Time, tz::TimeZone};

use crate::model::QuietHours;

/// `due`, or the end of the quiet hours that it falls into. Equal ends mean no quiet hours.
///
/// Where the clock is set forward over the end, they end at the instant of the change; where it is set back over the
/// end, at the first pass that is still ahead.
pub(super) fn put_off(due: Timestamp, quiet: QuietHours, zone: &TimeZone) -> Timestamp {
    let local = zone.to_datetime(due);
    if !contains(quiet, local.time()) {
        return due;
    }
    let date = if local.time() < quiet.until { Ok(local.date()) } else { local.date().tomorrow() };
    let Ok(date) = date else { return due };
    let end = zone.to_ambiguous_timestamp(date.to_datetime(quiet.until));
    [end.compatible(), end.later()].into_iter().flatten().find(|end| *end > due).unwrap_or(due)
}

fn contains(quiet: QuietHours, time: Time) -> bool {
    let QuietHours { from, until } = quiet;
    if from <= until { from <= time && time < until } else { time >= from || time < until }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    fn check(quiet: (Time, Time), zone: &str, due: &str, expected: &str) {
        let zone = TimeZone::get(zone).unwrap();
        let quiet = QuietHours { from: quiet.0, until: quiet.1 };
        let put_off = put_off(due.parse().unwrap(), quiet, &zone);
        assert_eq!(put_off, expected.parse::<Timestamp>().unwrap(), "{due} in {zone:?}");
    }

    #[test]
    fn inside_waits_outside_does_not() {
        let night = (time(23, 0, 0, 0), time(6, 30, 0, 0));
        check(night, "Asia/Shanghai", "2026-03-01T22:59:59+08:00", "2026-03-01T22:59:59+08:00");
        check(night, "Asia/Shanghai", "2026-03-01T23:00:00+08:00", "2026-03-02T06:30:00+08:00");
        check(night, "Asia/Shanghai", "2026-03-02T01:00:00+08:00", "2026-03-02T06:30:00+08:00");
        check(night, "Asia/Shanghai", "2026-03-02T06:30:00+08:00", "2026-03-02T06:30:00+08:00");
        let noon = (time(12, 0, 0, 0), time(13, 0, 0, 0));
        check(noon, "Asia/Shanghai", "2026-03-02T12:10:00+08:00", "2026-03-02T13:00:00+08:00");
        check((noon.0, noon.0), "Asia/Shanghai", "2026-03-02T12:00:00+08:00", "2026-03-02T12:00:00+08:00");
    }

    #[test]
    fn summer_time_begins_and_ends_within_them() {
        let early = (time(1, 0, 0, 0), time(2, 30, 0, 0));
        // 02:30 does not exist on 29 March 2026: the clock goes from 02:00 to 03:00.
        check(early, "Europe/Berlin", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00");
        // 02:30 comes twice on 25 October 2026.
        check(early, "Europe/Berlin", "2026-10-25T01:30:00+02:00", "2026-10-25T02:30:00+02:00");
        check(early, "Europe/Berlin", "2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+01:00");
    }
}
