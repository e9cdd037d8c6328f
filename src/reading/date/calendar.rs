//! Numbers as written into days of the Gregorian calendar: which years are believed, eras, the Solar Hijri calendar,
//! and the order of day, month and year.

use jiff::{civil::Date, tz::TimeZone};

use super::{Context, lexicon::Era};

/// The web has no older pages, but archives print the days of older papers; before this a number is hardly a year.
const FIRST_YEAR: i16 = 1970;

/// How far after this year a written year is believed. Numbers further off are targets ("by 2030"), models, prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belief {
    /// The date stands among other words.
    Strict,
    /// The text is nothing but a date.
    Lenient,
}

impl Belief {
    fn years_ahead(self) -> i16 {
        match self {
            Self::Strict => 2,
            Self::Lenient => 15,
        }
    }
}

/// The day on which `now` falls in the context's zone.
pub(super) fn today(context: &Context<'_>) -> Date {
    context.zone.to_datetime(context.now).date()
}

/// The Gregorian year of a written one: of an era, two digits (RFC 9110, 5.6.7: the nearest century that puts it at
/// most 50 years ahead), or a Buddhist one written without its era.
pub(super) fn year(value: u64, digits: u32, era: Option<Era>, context: &Context<'_>) -> Option<i16> {
    let written = i16::try_from(value).ok()?;
    let this = today(context).year();
    match era {
        Some(Era::Minguo) => written.checked_add(1911),
        Some(Era::Japan(before)) => written.checked_add(before),
        Some(Era::Buddhist) => written.checked_sub(543),
        Some(Era::Common) | None if digits == 4 => {
            Some(if (2500..2700).contains(&written) { written - 543 } else { written })
        }
        Some(Era::Common) | None if digits == 2 => {
            let near = this - this % 100 + written;
            Some(if near > this + 50 { near - 100 } else { near })
        }
        Some(Era::Common) | None => None,
    }
}

/// The date of a year, month and day that is believed.
pub(super) fn date(year: i16, month: u64, day: u64, context: &Context<'_>, belief: Belief) -> Option<Date> {
    if year < FIRST_YEAR || year > today(context).year() + belief.years_ahead() {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The latest day of that month and number that is not after today. 29 February looks back to a leap year.
pub(super) fn latest(month: u64, day: u64, context: &Context<'_>) -> Option<Date> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let today = today(context);
    (0..=8).filter_map(|back| Date::new(today.year() - back, month, day).ok()).find(|date| *date <= today)
}

/// The order in which three numbers of a date stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
}

/// The orders to try, the most likely in this language and zone first.
pub(super) fn orders(language: &str, zone: &TimeZone, separator: char) -> [Order; 3] {
    use Order::{DayMonthYear, MonthDayYear, YearMonthDay};
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    if matches!(primary, "zh" | "ja" | "ko" | "hu" | "lt" | "mn") {
        [YearMonthDay, MonthDayYear, DayMonthYear]
    } else if separator == '.' {
        [DayMonthYear, YearMonthDay, MonthDayYear]
    } else if is_month_first(language, primary, zone) {
        [MonthDayYear, DayMonthYear, YearMonthDay]
    } else {
        [DayMonthYear, MonthDayYear, YearMonthDay]
    }
}

/// The United States and the Philippines write the month first. English of no stated place is theirs unless the zone
/// speaks against it; without a language the zone alone decides.
fn is_month_first(language: &str, primary: &str, zone: &TimeZone) -> bool {
    let place = zone.iana_name().unwrap_or_default();
    let american = [
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Phoenix",
        "America/Detroit",
        "America/Anchorage",
        "Pacific/Honolulu",
        "Asia/Manila",
        "US/",
    ];
    let in_america = american.iter().any(|name| place.starts_with(name));
    let is_nowhere = zone.to_fixed_offset().is_ok_and(|offset| offset.is_zero());
    match primary {
        "" => in_america,
        "en" => match language.split(['-', '_']).nth(1) {
            Some(region) => matches!(region, "US" | "us" | "PH" | "ph"),
            None => {
                in_america
                    || is_nowhere
                    || zone.to_fixed_offset().is_ok_and(|offset| (-10..=-4).contains(&(offset.seconds() / 3600)))
            }
        },
        "fil" | "tl" => true,
        _ => false,
    }
}

/// The Gregorian day of a Solar Hijri one, by the 33-year cycle of leap years, which holds from 1178 to 1633.
pub(super) fn solar(year: i64, month: u8, day: i64) -> Option<Date> {
    let month = i64::from(month);
    let longest = if month <= 6 { 31 } else { 30 };
    if !(1300..1500).contains(&year) || !(1..=12).contains(&month) || !(1..=longest).contains(&day) {
        return None;
    }
    // Leap years are those that leave 1, 5, 9, 13, 17, 22, 26 or 30 on division by 33: (8y + 29) / 33 counts them.
    let leaps = |year: i64| (8 * year + 21).div_euclid(33);
    let days_of_months = if month <= 7 { 31 * (month - 1) } else { 186 + 30 * (month - 7) };
    let number = 365 * (year - 1) + leaps(year) + days_of_months + day;
    // 1 Farvardin 1400 was 21 March 2021.
    let anchor = 365 * 1399 + leaps(1400) + 1;
    let from = Date::new(2021, 3, 21).ok()?;
    from.checked_add(jiff::Span::new().try_days(number - anchor).ok()?).ok()
}
