//! Dates told from now: `3小时前`, yesterday 10:07, il y a 2 h, last week, Friday.

use jiff::{Span, ToSpan, civil::Date};

use super::{
    calendar::{self, Belief},
    clock::{Clock, Dot},
    lexicon::{Unit, What},
    line::Line,
    token::Kind,
};

/// What a relative date says.
#[derive(Debug, Clone)]
pub(super) enum Told {
    /// A day, perhaps with a time.
    Day(Date, Option<Clock>),
    /// So long before now.
    Before(Amount),
}

/// A relative date and the tokens that it spans.
#[derive(Debug, Clone)]
pub(super) struct Relative {
    pub(super) told: Told,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// An amount of time, its calendar part apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amount {
    months: i64,
    seconds: i64,
    /// Whether an hour or less was named.
    fine: bool,
}

const DAY: i64 = 86_400;

impl Amount {
    /// Adds `thousandths` of a unit.
    fn add(&mut self, thousandths: i64, unit: Unit) {
        let (months, seconds) = match unit {
            Unit::Second => (0, 1),
            Unit::Minute => (0, 60),
            Unit::Hour => (0, 3600),
            Unit::Day => (0, DAY),
            Unit::Week => (0, 7 * DAY),
            Unit::Month => (1, 0),
            Unit::Year => (12, 0),
            Unit::Decade => (120, 0),
        };
        self.months += thousandths * months / 1000;
        self.seconds += thousandths * seconds / 1000;
        self.fine |= unit <= Unit::Hour;
    }

    /// The calendar part, and the rest in seconds. Whole days follow the calendar.
    pub(super) fn parts(self) -> Option<(Span, i64)> {
        let days = self.seconds / DAY;
        let span = Span::new().try_months(self.months).ok()?.try_days(days).ok()?;
        Some((span, self.seconds % DAY))
    }

    /// Whether only days or longer units were named.
    pub(super) fn is_whole_days(self) -> bool {
        !self.fine && self.seconds % DAY == 0
    }
}

/// What was seen while reading an amount.
#[derive(Default)]
struct Seen {
    amount: Amount,
    parts: usize,
    /// A word put it in the past.
    past: bool,
    /// A number stood there in digits.
    digits: bool,
    /// The largest number of years.
    years: u64,
    /// Every unit was a mark of dates, as 年.
    marks_only: bool,
}

impl Line<'_> {
    /// The relative date that starts at `at`.
    pub(super) fn relative(&self, at: usize, belief: Belief) -> Option<Relative> {
        self.named_day(at, belief).or_else(|| self.last(at)).or_else(|| self.before(at, belief))
    }

    /// Yesterday, perhaps with a time; among other words only with one.
    fn named_day(&self, at: usize, belief: Belief) -> Option<Relative> {
        let back = self.sense(at, |what| if let What::DaysBack(back) = what { Some(back) } else { None })?;
        let date = calendar::today(self.context).checked_sub(back.days()).ok()?;
        let place = self.skip(at + 1, 4, |n| {
            matches!(self.kind(n), Some(Kind::Space | Kind::Mark(',' | '.' | '-' | '|'))) || self.is_filler(n)
        });
        let clock = self.clock(place, Dot::Ends);
        if clock.is_none() && belief == Belief::Strict {
            return None;
        }
        let (clock, end) = clock.map_or((None, at + 1), |(clock, end)| (Some(clock), end));
        Some(Relative { told: Told::Day(date, clock), start: at, end })
    }

    /// Last week, mes pasado, last Friday.
    fn last(&self, at: usize) -> Option<Relative> {
        let (unit_at, end) = if self.means(at, What::Last) {
            let unit_at = self.skip_space(at + 1);
            (unit_at, unit_at + 1)
        } else {
            let last_at = self.skip_space(at + 1);
            self.means(last_at, What::Last).then_some((at, last_at + 1))?
        };
        if let Some(unit) = self.unit(unit_at).filter(|unit| *unit >= Unit::Week) {
            let mut amount = Amount::default();
            amount.add(1000, unit);
            return Some(Relative { told: Told::Before(amount), start: at, end });
        }
        let date = self.weekday(unit_at)?;
        Some(Relative { told: Told::Day(date, None), start: at, end })
    }

    /// A weekday of the last seven days, today among them, with a time perhaps.
    pub(super) fn weekday_clock(&self, at: usize) -> Option<Relative> {
        let mut date = self.weekday(at)?;
        let place = self.skip(at + 1, 4, |n| {
            matches!(self.kind(n), Some(Kind::Space | Kind::Mark(',' | '.'))) || self.is_filler(n)
        });
        let (clock, end) = self.clock(place, Dot::Ends).map_or((None, at + 1), |(clock, end)| (Some(clock), end));
        if date > calendar::today(self.context) {
            date = date.checked_sub(7.days()).ok()?;
        }
        Some(Relative { told: Told::Day(date, clock), start: at, end })
    }

    fn weekday(&self, at: usize) -> Option<Date> {
        let day = self.sense(at, |what| if let What::Weekday(day) = what { Some(day) } else { None })?;
        let today = calendar::today(self.context);
        let back = (today.weekday().to_monday_one_offset() - day).rem_euclid(7);
        today.checked_sub(back.days()).ok()
    }

    /// An amount of time before now.
    fn before(&self, at: usize, belief: Belief) -> Option<Relative> {
        if self.kind(at) == Some(Kind::Space) {
            return None;
        }
        let mut seen = Seen { marks_only: true, ..Seen::default() };
        let (mut place, mut end) = (at, at);
        for _ in 0..48 {
            if self.means(place, What::Now) {
                // now - 2 hours
                let minus = self.skip_space(place + 1);
                if end == at && self.is_mark(minus, '-') && self.number(self.skip_space(minus + 1)).is_some() {
                    seen.past = true;
                    place = self.skip_space(minus + 1);
                    continue;
                }
                if seen.parts == 0 {
                    return Some(Relative {
                        told: Told::Before(Amount { fine: true, ..Amount::default() }),
                        start: at,
                        end: place + 1,
                    });
                }
                break;
            } else if let Some(after) = self.amount(place, &mut seen) {
                place = after;
                end = after;
            } else if self.means(place, What::Ago) {
                seen.past = true;
                place += 1;
                if seen.parts > 0 {
                    end = place;
                }
            } else if self.is_joint(place) && place < end.max(at) + 5 {
                place += 1;
            } else {
                break;
            }
        }
        (seen.parts > 0 && self.is_believed(&seen, belief)).then_some(Relative {
            told: Told::Before(seen.amount),
            start: at,
            end,
        })
    }

    /// Among other words an amount must be said to be past, and not so long that it is history.
    fn is_believed(&self, seen: &Seen, belief: Belief) -> bool {
        match belief {
            Belief::Strict => seen.past && (seen.digits || seen.amount.fine) && seen.amount.months < 24,
            Belief::Lenient => {
                seen.past
                    || seen.digits
                        && !((1900..2100).contains(&seen.years)
                            || seen.marks_only && (seen.parts == 1 || seen.years > 999))
            }
        }
    }

    /// One amount with its unit at `at`, added to `seen`; the token after it.
    fn amount(&self, at: usize, seen: &mut Seen) -> Option<usize> {
        let whole =
            self.sense(at, |what| if let What::Halves(halves, unit) = what { Some((halves, unit)) } else { None });
        if let Some((halves, unit)) = whole {
            seen.amount.add(halves * 500, unit);
            seen.parts += 1;
            seen.digits = true;
            seen.marks_only = false;
            seen.past |= self.means(at, What::Ago);
            return Some(at + 1);
        }
        let (thousandths, digits, after) = if let Some((value, _)) = self.number(at).filter(|(_, digits)| *digits <= 5)
        {
            let decimal = self
                .number(at + 2)
                .filter(|(_, digits)| *digits <= 3 && self.is_mark(at + 1, '.') && self.is_glued(at + 2));
            let value = i64::try_from(value).ok()? * 1000;
            match decimal {
                Some((part, digits)) => (value + i64::try_from(part).ok()? * 10_i64.pow(3 - digits), true, at + 3),
                None => (value, true, at + 1),
            }
        } else if let Some(halves) =
            self.sense(at, |what| if let What::Number(halves) = what { Some(halves) } else { None })
        {
            (halves * 500, false, at + 1)
        } else {
            // "час назад", "преди година": one of a unit, with the past said beside it.
            let unit = self.unit(at)?;
            let next = self.skip_space(at + 1);
            let beside = self.means(at, What::Ago) || self.means(next, What::Ago) || seen.past && seen.parts == 0;
            if !beside {
                return None;
            }
            return Some(self.count(1000, unit, at, seen));
        };
        let unit_at = self.skip(after, 3, |n| matches!(self.kind(n), Some(Kind::Space)) || self.is_filler(n));
        let unit = self.unit(unit_at)?;
        seen.digits |= digits;
        if unit == Unit::Year {
            seen.years = seen.years.max(u64::try_from(thousandths / 1000).unwrap_or(0));
        }
        Some(self.count(thousandths, unit, unit_at, seen))
    }

    fn count(&self, thousandths: i64, unit: Unit, unit_at: usize, seen: &mut Seen) -> usize {
        seen.amount.add(thousandths, unit);
        seen.parts += 1;
        seen.past |= self.means(unit_at, What::Ago);
        seen.marks_only &= self.means(unit_at, What::Part(unit));
        if self.is_mark(unit_at + 1, '.') { unit_at + 2 } else { unit_at + 1 }
    }

    fn unit(&self, at: usize) -> Option<Unit> {
        self.sense(at, |what| match what {
            What::Unit(unit) | What::Part(unit) => Some(unit),
            _ => None,
        })
    }

    fn is_filler(&self, at: usize) -> bool {
        self.means(at, What::Fill) || self.means(at, What::Clock)
    }

    fn is_joint(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Space | Kind::Mark(','))) || self.is_filler(at)
    }
}
