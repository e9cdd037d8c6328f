//! Names of time zones as they stand after a time of day.
//!
//! Abbreviations that several countries use without a common reading are not among them: no zone is better than a
//! wrong one, and the source's own is then taken.

use jiff::tz::{Offset, TimeZone};

/// A named zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Zone {
    /// Coordinated universal time: an offset may follow, as in GMT+8.
    Universal,
    /// So many minutes east of it.
    East(i16),
    /// China's in Chinese text, Central Standard elsewhere.
    Cst,
    /// A rule with daylight saving, as POSIX writes it: the names that Americans use all year.
    Rule(&'static str),
}

impl Zone {
    /// Whether an offset may follow the name.
    pub(super) fn takes_offset(self) -> bool {
        self == Self::Universal
    }

    /// The zone, as understood in `language`.
    pub(super) fn resolve(self, language: Option<&str>) -> Option<TimeZone> {
        let minutes = match self {
            Self::Universal => 0,
            Self::East(minutes) => i32::from(minutes),
            Self::Cst if language.is_some_and(|language| language.starts_with("zh")) => 480,
            Self::Cst => -360,
            Self::Rule(rule) => return TimeZone::posix(rule).ok(),
        };
        Offset::from_seconds(minutes * 60).ok().map(TimeZone::fixed)
    }
}

/// Zones and their names.
pub(super) const NAMES: &[(Zone, &str)] = &[
    (Zone::Universal, "z|utc|gmt|ut"),
    (Zone::Cst, "cst"),
    (Zone::East(-480), "pst|akdt"),
    (Zone::East(-420), "pdt|mst"),
    (Zone::East(-360), "mdt"),
    (Zone::East(-300), "cdt|est"),
    (Zone::East(-240), "edt|ast"),
    (Zone::East(-180), "brt|adt"),
    (Zone::East(-540), "akst"),
    (Zone::East(-600), "hst"),
    (Zone::East(0), "wet"),
    (Zone::East(60), "cet|mez|west|bst"),
    (Zone::East(120), "cest|mesz|eet|sast"),
    (Zone::East(180), "eest|msk|мск|trt"),
    (Zone::East(300), "pkt"),
    (Zone::East(420), "wib|ict"),
    (Zone::East(480), "hkt|sgt|wita|awst|pht"),
    (Zone::East(480), "北京时间|北京時間"),
    (Zone::East(540), "jst|kst|wit"),
    (Zone::East(600), "aest"),
    (Zone::East(660), "aedt"),
    (Zone::East(720), "nzst"),
    (Zone::East(780), "nzdt"),
    (Zone::Rule("EST5EDT,M3.2.0,M11.1.0"), "et|eastern time"),
    (Zone::Rule("CST6CDT,M3.2.0,M11.1.0"), "ct|central time"),
    (Zone::Rule("PST8PDT,M3.2.0,M11.1.0"), "pt|pacific time"),
];
