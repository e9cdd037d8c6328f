//! Spans of time, sizes and hours of a day, from text.

use std::time::Duration;

use jiff::civil::{Time, Weekday};

/// Why a text is no span of time or size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadUnit {
    /// Digits and nothing else.
    #[error("a unit is missing")]
    NoUnit,
    /// A unit without a number before it.
    #[error("a number is missing")]
    NoNumber,
    /// A unit that is none.
    #[error("`{0}` is no unit")]
    Unknown(String),
    /// Past 100 years, or past what a machine counts.
    #[error("it is too large")]
    TooLarge,
}

const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);

/// Reads `"30m"`, `"1h30m"`, `"1d"`: whole numbers, each with a unit of s, m, h, d (24 hours) or w.
pub(super) fn duration(text: &str) -> Result<Duration, BadUnit> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(BadUnit::NoNumber);
    }
    while !rest.is_empty() {
        let (number, unit, after) = pair(rest)?;
        let seconds: u64 = match unit {
            "s" | "sec" | "secs" => 1,
            "m" | "min" | "mins" => 60,
            "h" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            "w" | "week" | "weeks" => 7 * 86_400,
            other => return Err(BadUnit::Unknown(super::shown::shown(other, 20))),
        };
        let part = number.checked_mul(seconds).ok_or(BadUnit::TooLarge)?;
        total = total.checked_add(Duration::from_secs(part)).ok_or(BadUnit::TooLarge)?;
        rest = after;
    }
    if total > LONGEST { Err(BadUnit::TooLarge) } else { Ok(total) }
}

/// Reads `"10MiB"`, `"500 kB"`, `"2G"`: a whole number and a unit; `K`, `M`, `G` and `T` are powers of 1024, as with `KiB`.
pub(super) fn size(text: &str) -> Result<u64, BadUnit> {
    let (number, unit, after) = pair(text.trim())?;
    if !after.is_empty() {
        return Err(BadUnit::Unknown(super::shown::shown(after, 20)));
    }
    let lower = unit.to_ascii_lowercase();
    let (letter, base) = match lower.strip_suffix("ib") {
        Some(letter) => (letter, 1024_u64),
        None => lower.strip_suffix('b').map_or((lower.as_str(), 1024), |letter| (letter, 1000)),
    };
    let power = match letter {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return Err(BadUnit::Unknown(super::shown::shown(unit, 20))),
    };
    number.checked_mul(base.pow(power)).ok_or(BadUnit::TooLarge)
}

/// The number and the unit at the start, and what follows.
fn pair(text: &str) -> Result<(u64, &str, &str), BadUnit> {
    let after_digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(after_digits).ok_or(BadUnit::NoNumber)?;
    if digits.is_empty() {
        return Err(BadUnit::NoNumber);
    }
    let number = digits.parse().map_err(|_| BadUnit::TooLarge)?;
    let rest = rest.trim_start();
    let after_unit = rest.find(|c: char| c.is_ascii_digit() || c.is_whitespace()).unwrap_or(rest.len());
    let (unit, after) = rest.split_at_checked(after_unit).ok_or(BadUnit::NoUnit)?;
    if unit.is_empty() {
        return Err(BadUnit::NoUnit);
    }
    Ok((number, unit, after.trim_start()))
}

/// Reads `"23:00-06:00"`. The two ends differ.
pub(super) fn hours(text: &str) -> Option<(Time, Time)> {
    let (from, until) = text.split_once('-')?;
    let ends = (clock(from.trim())?, clock(until.trim())?);
    (ends.0 != ends.1).then_some(ends)
}

/// Reads `"daily 18:00"` and `"weekly mon 08:00"`: the day of the week, if there is one, and the hour.
pub(super) fn digest(text: &str) -> Option<(Option<Weekday>, Time)> {
    let lower = text.to_ascii_lowercase();
    match *lower.split_whitespace().collect::<Vec<_>>() {
        ["daily", at] => Some((None, clock(at)?)),
        ["weekly", day, at] => Some((Some(weekday(day)?), clock(at)?)),
        _ => None,
    }
}

/// A day of the week by its name or its first three letters.
fn weekday(name: &str) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    DAYS.iter().find(|(day, _)| name.len() >= 3 && day.starts_with(name)).map(|(_, day)| *day)
}

fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number =
        |part: &str| (part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?;
    match (number(hour)?, number(minute)?) {
        // 24:00 is the end of a day, which as an hour of a day is its start.
        (24, 0) => Some(Time::midnight()),
        (hour, minute) => Time::new(hour, minute, 0, 0).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let cases = [
            ("30m", Ok(1800)),
            ("1h30m", Ok(5400)),
            ("1h 30m", Ok(5400)),
            ("1d", Ok(86_400)),
            ("2w", Ok(1_209_600)),
            ("0s", Ok(0)),
            ("30", Err(BadUnit::NoUnit)),
            ("m", Err(BadUnit::NoNumber)),
            ("", Err(BadUnit::NoNumber)),
            ("-5m", Err(BadUnit::NoNumber)),
            ("1.5h", Err(BadUnit::Unknown(".".into()))),
            ("3 fortnights", Err(BadUnit::Unknown("fortnights".into()))),
            ("99999999999999999999s", Err(BadUnit::TooLarge)),
            ("9999999999w", Err(BadUnit::TooLarge)),
        ];
        for (text, expected) in cases {
            assert_eq!(duration(text), expected.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn sizes() {
        let cases = [
            ("10MiB", Ok(10 << 20)),
            ("10M", Ok(10 << 20)),
            ("500 kB", Ok(500_000)),
            ("1b", Ok(1)),
            ("10", Err(BadUnit::NoUnit)),
            ("1MiB2", Err(BadUnit::Unknown("2".into()))),
            ("5 parsecs", Err(BadUnit::Unknown("parsecs".into()))),
            ("99999999999TiB", Err(BadUnit::TooLarge)),
        ];
        for (text, expected) in cases {
            assert_eq!(size(text), expected, "{text}");
        }
    }

    #[test]
    fn hours_of_a_day() {
        let time = |h, m| Time::new(h, m, 0, 0).unwrap();
        assert_eq!(hours("23:00-06:30"), Some((time(23, 0), time(6, 30))));
        assert_eq!(hours("9:00 - 24:00"), Some((time(9, 0), time(0, 0))));
        for bad in ["", "23-6", "25:00-06:00", "06:00-06:00", "6:60-7:00", "+1:00-2:00"] {
            assert_eq!(hours(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_of_digests() {
        let time = |h, m| Time::new(h, m, 0, 0).unwrap();
        assert_eq!(digest("daily 18:00"), Some((None, time(18, 0))));
        assert_eq!(digest(" Weekly  Mon 8:05 "), Some((Some(Weekday::Monday), time(8, 5))));
        assert_eq!(digest("weekly thursday 24:00"), Some((Some(Weekday::Thursday), time(0, 0))));
        for bad in
            ["", "daily", "18:00", "daily 25:00", "weekly 8:00", "weekly mo 8:00", "weekly mondays 8:00", "hourly 0:00"]
        {
            assert_eq!(digest(bad), None, "{bad}");
        }
    }
}
