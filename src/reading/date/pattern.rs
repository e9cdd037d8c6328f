//! Dates by a rule's own `strftime` pattern.

use jiff::{civil::Date, fmt::strtime::BrokenDownTime, tz::TimeZone};

use super::{Context, calendar, clock::Clock, resolve, token::digit};
use crate::model::{Moment, Origin};

/// Why a text is no date by the pattern of a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDate {
    /// The text has another form.
    #[error(
        "the text does not have the form {pattern:?} ({reason}); change `format`, or leave it out to have the form found"
    )]
    Form {
        /// The rule's pattern.
        pattern: String,
        /// What the parser met.
        reason: String,
    },
    /// The pattern was matched yet names no day.
    #[error("the form {pattern:?} gives no month and day; add `%m` and `%d`, or `%j`, or `%s`")]
    Incomplete {
        /// The rule's pattern.
        pattern: String,
    },
    /// Numbers that no calendar has.
    #[error("the text has the form {pattern:?} but names no day or time that exists")]
    NoSuchDay {
        /// The rule's pattern.
        pattern: String,
    },
}

pub(super) fn read_as(text: &str, pattern: &str, origin: Origin, context: &Context<'_>) -> Result<Moment, BadDate> {
    let plain: String = text
        .trim()
        .chars()
        .map(|c| digit(c).and_then(|d| u8::try_from(d).ok()).map_or(c, |d| char::from(b'0' + d)))
        .collect();
    let broken = match BrokenDownTime::parse(pattern, plain.as_str()) {
        Ok(broken) => broken,
        Err(error) => prefix(&plain, pattern)
            .ok_or_else(|| BadDate::Form { pattern: pattern.into(), reason: error.to_string() })?,
    };
    let incomplete = || BadDate::Incomplete { pattern: pattern.into() };
    let no_such_day = || BadDate::NoSuchDay { pattern: pattern.into() };
    if let Some(at) = broken.timestamp() {
        let second = crate::model::Precision::Second;
        return Ok(Moment { at, offset: context.zone.to_offset(at).seconds(), precision: second, origin });
    }
    let yearless = broken.year().is_none() && broken.iso_week_year().is_none();
    let date = if yearless {
        let (Some(month), Some(day)) = (broken.month(), broken.day()) else { return Err(incomplete()) };
        let number = |value: i8| u64::try_from(value).unwrap_or(0);
        calendar::latest(number(month), number(day), context).ok_or_else(no_such_day)?
    } else {
        let named = broken.month().is_some() && broken.day().is_some();
        broken.to_date().map_err(|_| if named { no_such_day() } else { incomplete() })?
    };
    let clock = clock(&broken, context);
    let found = if yearless {
        resolve::past(date, clock.as_ref(), origin, context)
    } else {
        resolve::moment(date, clock.as_ref(), origin, context)
    };
    found.filter(|_| is_written(date)).ok_or_else(no_such_day)
}

/// The pattern met at the start of the text or at its first digits, other words after it.
fn prefix(text: &str, pattern: &str) -> Option<BrokenDownTime> {
    let first_digit = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    [0, first_digit]
        .into_iter()
        .find_map(|at| BrokenDownTime::parse_prefix(pattern, text.get(at..)?).ok().map(|(broken, _)| broken))
}

/// The time of day that the pattern gave, if it gave one.
fn clock(broken: &BrokenDownTime, context: &Context<'_>) -> Option<Clock> {
    broken.hour()?;
    let time = broken.to_time().ok()?;
    let named = broken.iana_time_zone().and_then(|name| TimeZone::get(name).ok());
    Some(Clock {
        hour: time.hour(),
        minute: time.minute(),
        second: broken.second().map(|_| time.second()),
        nanosecond: time.subsec_nanosecond(),
        zone: named.or_else(|| broken.offset().map(TimeZone::fixed)).filter(|zone| zone != context.zone),
    })
}

/// Years that RFC 3339 can write.
fn is_written(date: Date) -> bool {
    (1..=9999).contains(&date.year())
}
