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
    /// India's in text of India; Israel's and Ireland's elsewhere, so that it is then not taken.
    Ist,
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
            Self::Ist if language.is_some_and(is_indian) => 330,
            Self::Ist => return None,
            Self::Rule(rule) => return TimeZone::posix(rule).ok(),
        };
        Offset::from_seconds(minutes * 60).ok().map(TimeZone::fixed)
    }
}

/// The zone that a word names. In lower case "est" and "et" are French, so only `z` may be small.
pub(super) fn named(word: &str) -> Option<Zone> {
    if word.len() > 8 {
        return None;
    }
    if word == "z" {
        return Some(Zone::Universal);
    }
    NAMES.iter().find(|(_, names)| names.split('|').any(|name| name == word)).map(|(zone, _)| *zone)
}

fn is_indian(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    language.ends_with("-IN")
        || matches!(primary, "hi" | "bn" | "mr" | "gu" | "ta" | "te" | "kn" | "ml" | "pa" | "or" | "as")
}

/// Zones and their names, in capitals.
const NAMES: &[(Zone, &str)] = &[
    (Zone::Universal, "Z|UTC|GMT|UT"),
    (Zone::Cst, "CST"),
    (Zone::Ist, "IST"),
    (Zone::East(-480), "PST|AKDT"),
    (Zone::East(-420), "PDT|MST"),
    (Zone::East(-360), "MDT"),
    (Zone::East(-300), "CDT|EST"),
    (Zone::East(-240), "EDT|AST"),
    (Zone::East(-180), "BRT|ADT"),
    (Zone::East(-540), "AKST"),
    (Zone::East(-600), "HST"),
    (Zone::East(0), "WET"),
    (Zone::East(60), "CET|MEZ|WEST|BST"),
    (Zone::East(120), "CEST|MESZ|EET|SAST"),
    (Zone::East(180), "EEST|MSK|МСК|TRT"),
    (Zone::East(300), "PKT"),
    (Zone::East(420), "WIB|ICT"),
    (Zone::East(480), "HKT|SGT|WITA|AWST|PHT"),
    (Zone::East(540), "JST|KST|WIT"),
    (Zone::East(600), "AEST"),
    (Zone::East(660), "AEDT"),
    (Zone::East(720), "NZST"),
    (Zone::East(780), "NZDT"),
    (Zone::Rule("EST5EDT,M3.2.0,M11.1.0"), "ET"),
    (Zone::Rule("CST6CDT,M3.2.0,M11.1.0"), "CT"),
    (Zone::Rule("PST8PDT,M3.2.0,M11.1.0"), "PT"),
];
