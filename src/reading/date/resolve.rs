//! What was read, made a moment: zones applied, years inferred, the future refused where nothing was written of it.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::{
    Context, Written,
    absolute::{Absolute, Day},
    calendar,
    clock::Clock,
    relative::Told,
};
use crate::model::{Moment, Origin, Precision};

/// A day, or with a clock an instant of it. Gaps and folds of daylight saving go by jiff's compatible rule.
pub(super) fn moment(date: Date, clock: Option<&Clock>, origin: Origin, context: &Context<'_>) -> Option<Moment> {
    let Some(clock) = clock else { return day(date, context.zone, origin) };
    let zone = clock.zone.as_ref().unwrap_or(context.zone);
    let time = jiff::civil::Time::new(clock.hour, clock.minute, clock.second.unwrap_or(0), clock.nanosecond).ok()?;
    let at = zone.to_timestamp(date.to_datetime(time)).ok()?;
    let precision = if clock.second.is_some() { Precision::Second } else { Precision::Minute };
    Some(Moment { at, offset: zone.to_offset(at).seconds(), precision, origin })
}

fn day(date: Date, zone: &TimeZone, origin: Origin) -> Option<Moment> {
    let at = zone.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok()?;
    Some(Moment { at, offset: zone.to_offset(at).seconds(), precision: Precision::Day, origin })
}

/// A date that names its day.
pub(super) fn absolute(read: &Absolute, origin: Origin, context: &Context<'_>) -> Option<Moment> {
    let (month, number) = match read.day {
        Day::Full(date) => return moment(date, read.clock.as_ref(), origin, context),
        Day::Yearless(month, number) => (month, number),
    };
    past(calendar::latest(month, number, context)?, read.clock.as_ref(), origin, context)
}

/// A moment of a day that is not after today: a clock that would still put it after now is not believed, the day is.
/// A site whose clock or zone is off by hours would otherwise be read as a year ago.
pub(super) fn past(date: Date, clock: Option<&Clock>, origin: Origin, context: &Context<'_>) -> Option<Moment> {
    moment(date, clock, origin, context)
        .filter(|moment| moment.at <= context.now)
        .or_else(|| day(date, context.zone, origin))
}

/// No article on the web was published before: so long an amount that nothing says to be past, as `66 年`, is part of something else.
const FIRST_TOLD_BY_AMOUNT: i16 = 1990;

/// A date told from now; `written` tells whether the text says that it is past.
pub(super) fn relative(told: &Told, written: Written, origin: Origin, context: &Context<'_>) -> Option<Moment> {
    match told {
        Told::Day(date, clock) => past(*date, clock.as_ref(), origin, context),
        Told::Before(amount) => {
            let (span, seconds) = amount.parts()?;
            let now = context.now.to_zoned(context.zone.clone());
            let then = now.checked_sub(span).ok()?;
            if written == Written::Bare && then.year() < FIRST_TOLD_BY_AMOUNT {
                return None;
            }
            if amount.is_whole_days() {
                return day(then.date(), context.zone, origin);
            }
            let at = whole_second(then.checked_sub(seconds.seconds()).ok()?.timestamp());
            Some(Moment { at, offset: context.zone.to_offset(at).seconds(), precision: Precision::Minute, origin })
        }
    }
}

/// A time alone: today's, or yesterday's when today's is still to come.
pub(super) fn bare(clock: &Clock, origin: Origin, context: &Context<'_>) -> Option<Moment> {
    let today = calendar::today(context);
    let at = |date| moment(date, Some(clock), origin, context).filter(|moment| moment.at <= context.now);
    at(today).or_else(|| at(today.checked_sub(1.days()).ok()?))
}

/// An instant without its fraction of a second, which no page writes of "3 hours ago".
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
