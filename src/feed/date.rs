//! Instants → the forms of RFC 2822 and RFC 3339, in the zone in which they were written.

use chrono::{DateTime, FixedOffset};
use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

use crate::model::Moment;

/// The offset in whole minutes and within the 14 hours that XML Schema's `dateTime` knows; anything else is no zone
/// of this world, and the instant is written in UTC.
fn offset(seconds: i32) -> i32 {
    if seconds.unsigned_abs() <= 14 * 3600 { seconds - seconds % 60 } else { 0 }
}

/// RSS: `Thu, 30 Dec 2021 10:07:53 +0800`. Nothing for a year that the form cannot hold.
pub(super) fn rfc2822(at: Timestamp, seconds: i32) -> Option<String> {
    let zone = TimeZone::fixed(Offset::from_seconds(offset(seconds)).unwrap_or(Offset::UTC));
    jiff::fmt::rfc2822::to_string(&at.to_zoned(zone)).ok()
}

/// JSON Feed: `2021-12-30T10:07:53+08:00`.
pub(super) fn rfc3339(at: Timestamp, seconds: i32) -> String {
    at.display_with_offset(Offset::from_seconds(offset(seconds)).unwrap_or(Offset::UTC)).to_string()
}

/// Atom's writer takes chrono's form.
pub(super) fn chrono(at: Timestamp, seconds: i32) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(offset(seconds));
    let utc = DateTime::from_timestamp(at.as_second(), u32::try_from(at.subsec_nanosecond()).unwrap_or(0));
    match (utc, zone) {
        (Some(utc), Some(zone)) => utc.with_timezone(&zone),
        (Some(utc), None) => utc.fixed_offset(),
        (None, _) => DateTime::<FixedOffset>::default(),
    }
}

/// A moment's instant and offset, for the functions above.
pub(super) fn parts(moment: &Moment) -> (Timestamp, i32) {
    (moment.at, moment.offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_kept() {
        let at: Timestamp = "2021-12-30T02:07:53Z".parse().unwrap();
        assert_eq!(rfc2822(at, 28_800).unwrap(), "Thu, 30 Dec 2021 10:07:53 +0800");
        assert_eq!(rfc2822(at, 0).unwrap(), "Thu, 30 Dec 2021 02:07:53 +0000");
        assert_eq!(rfc3339(at, 28_800), "2021-12-30T10:07:53+08:00");
        assert_eq!(rfc3339(at, 28_817), "2021-12-30T10:07:53+08:00");
        assert_eq!(chrono(at, -34_200).to_rfc3339(), "2021-12-29T16:37:53-09:30");
        assert_eq!(rfc3339(at, i32::MIN), "2021-12-30T02:07:53+00:00");
        assert_eq!(rfc3339(at, 900_000), "2021-12-30T02:07:53+00:00");
    }
}
