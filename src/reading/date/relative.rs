//! Dates told from now: `3小时前`, yesterday 10:07, il y a 2 h, last week, Friday.

use jiff::{Span, ToSpan, civil::Date};

use super::{
    Written,
    calendar::{self, Belief},
    clock::{Clock, Dot},
    lexicon::{Unit, What},
    line::Line,
    token::{Kind, is_spaceless},
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
    /// Whether it says that it is past, or is taken so for want of other words.
    pub(super) written: Written,
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
    /// A word put it in the future.
    ahead: bool,
    /// A number stood there in digits.
    digits: bool,
    /// A number stood there in words.
    words: bool,
    /// The largest number of years.
    years: u64,
    /// Every unit was a mark of dates, as 年.
    marks_only: bool,
    /// The tables that know every unit and word of the past so far, a bit each.
    languages: u128,
}

impl Line<'_> {
    /// The relative date that starts at `at`.
    pub(super) fn relative(&self, at: usize, belief: Belief) -> Option<Relative> {
        self.named_day(at, belief).or_else(|| self.last(at, belief)).or_else(|| self.before(at, belief))
    }

    /// Yesterday, perhaps with a time; among other words only with one.
    fn named_day(&self, at: usize, belief: Belief) -> Option<Relative> {
        let back = self.sense(at, |what| if let What::DaysBack(back) = what { Some(back) } else { None })?;
        let date = calendar::today(self.context).checked_sub(back.days()).ok()?;
        let place = self.skip(at + 1, 6, |n| {
            matches!(self.kind(n), Some(Kind::Space | Kind::Mark(',' | '.' | '-' | '|'))) || self.is_filler(n)
        });
        let clock = self.clock(place, Dot::Ends);
        if clock.is_none() && belief == Belief::Strict {
            return None;
        }
        let (clock, end) = clock.map_or((None, at + 1), |(clock, end)| (Some(clock), end));
        Some(Relative { told: Told::Day(date, clock), written: Written::Relative, start: at, end })
    }

    /// Last week, mes pasado, last Friday; among other words that speaks of anything.
    fn last(&self, at: usize, belief: Belief) -> Option<Relative> {
        if belief == Belief::Strict {
            return None;
        }
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
            return Some(Relative { told: Told::Before(amount), written: Written::Relative, start: at, end });
        }
        let date = self.weekday(unit_at)?;
        Some(Relative { told: Told::Day(date, None), written: Written::Relative, start: at, end })
    }

    /// A weekday of the last seven days, today among them, with a time perhaps.
    pub(super) fn weekday_clock(&self, at: usize) -> Option<Relative> {
        let date = self.weekday(at)?;
        let place = self.skip(at + 1, 6, |n| {
            matches!(self.kind(n), Some(Kind::Space | Kind::Mark(',' | '.'))) || self.is_filler(n)
        });
        let (clock, end) = self.clock(place, Dot::Ends).map_or((None, at + 1), |(clock, end)| (Some(clock), end));
        // A letter or two are a weekday only beside a time.
        let short = self.text(at).chars().count() < 3 && !self.text(at).starts_with(is_spaceless);
        if short && clock.is_none() {
            return None;
        }
        Some(Relative { told: Told::Day(date, clock), written: Written::Bare, start: at, end })
    }

    fn weekday(&self, at: usize) -> Option<Date> {
        let day = self.sense(at, |what| if let What::Weekday(day) = what { Some(day) } else { None })?;
        let today = calendar::today(self.context);
        let back = (today.weekday().to_monday_one_offset() - day).rem_euclid(7);
        today.checked_sub(back.days()).ok()
    }

    /// An amount of time before now.
    fn before(&self, at: usize, belief: Belief) -> Option<Relative> {
        // 12月31日前 is a term, not so many days ago; 1.5 is no 5.
        let inner = matches!(self.glued_before(at), Some(Kind::Mark('.' | '-' | '/' | ':' | '$')))
            || self.is_glued(at) && self.unit(at - 1).is_some();
        if self.kind(at) == Some(Kind::Space) || belief == Belief::Strict && inner {
            return None;
        }
        let mut seen = Seen { marks_only: true, languages: u128::MAX, ..Seen::default() };
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
                if seen.parts == 0
                    && (belief == Belief::Lenient
                        || self.is_apart(place, place + 1) && self.text(place).starts_with(is_spaceless))
                {
                    return Some(Relative {
                        told: Told::Before(Amount { fine: true, ..Amount::default() }),
                        written: Written::Relative,
                        start: at,
                        end: place + 1,
                    });
                }
                break;
            } else if seen.parts == 0 && self.means(place, What::Ahead) {
                seen.ahead = true;
                place += 1;
            } else if let Some(after) = self.amount(place, &mut seen) {
                place = after;
                end = after;
            } else if self.means(place, What::Ago) {
                seen.past = true;
                seen.languages &= self.languages(place, |what| what == What::Ago);
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
            written: if seen.past { Written::Relative } else { Written::Bare },
            start: at,
            end,
        })
    }

    /// Among other words an amount must be said to be past, and not so long that it is history.
    fn is_believed(&self, seen: &Seen, belief: Belief) -> bool {
        match belief {
            Belief::Strict => {
                let said = seen.digits || seen.words && seen.amount.fine;
                seen.past && said && seen.amount.months < 24 && seen.languages != 0
            }
            // 2021年 and 2021 год are years, not amounts; 2021年12月 is a month.
            Belief::Lenient if seen.past => true,
            Belief::Lenient if seen.ahead => false,
            Belief::Lenient if seen.marks_only => seen.digits && seen.parts > 1 && seen.years < 1000,
            Belief::Lenient => seen.digits && (seen.parts > 1 || !(1900..2100).contains(&seen.years)),
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
            // "mwezi 2 uliopita": some languages put the unit first.
            if let Some((value, _)) = self.number(next).filter(|(_, digits)| *digits <= 5 && seen.parts == 0) {
                let ago = self.skip(next + 1, 2, |n| matches!(self.kind(n), Some(Kind::Space)) || self.is_filler(n));
                if self.means(ago, What::Ago) {
                    seen.past = true;
                    seen.digits = true;
                    self.count(i64::try_from(value).ok()? * 1000, unit, at, seen);
                    return Some(ago + 1);
                }
            }
            let beside = self.means(at, What::Ago) || self.means(next, What::Ago) || seen.past && seen.parts == 0;
            if !beside {
                return None;
            }
            return Some(self.count(1000, unit, at, seen));
        };
        let unit_at = self.skip(after, 3, |n| {
            matches!(self.kind(n), Some(Kind::Space)) || self.is_filler(n) && self.unit(n).is_none()
        });
        let unit = self.unit(unit_at)?;
        seen.digits |= digits;
        seen.words |= !digits;
        if unit == Unit::Year {
            seen.years = seen.years.max(u64::try_from(thousandths / 1000).unwrap_or(0));
        }
        Some(self.count(thousandths, unit, unit_at, seen))
    }

    fn count(&self, thousandths: i64, unit: Unit, unit_at: usize, seen: &mut Seen) -> usize {
        seen.amount.add(thousandths, unit);
        seen.parts += 1;
        seen.past |= self.means(unit_at, What::Ago);
        seen.languages &= self.languages(unit_at, |what| matches!(what, What::Unit(_) | What::Part(_)));
        seen.marks_only &= self.means(unit_at, What::Part(unit));
        if self.is_mark(unit_at + 1, '.') { unit_at + 2 } else { unit_at + 1 }
    }

    fn unit(&self, at: usize) -> Option<Unit> {
        self.sense(at, |what| match what {
            What::Unit(unit) | What::Part(unit) => Some(unit),
            _ => None,
        })
    }

    /// The tables in which the word at `at` has a meaning that `pick` takes, a bit each.
    fn languages(&self, at: usize, pick: impl Fn(What) -> bool) -> u128 {
        let own = self.senses(at).iter().filter(|sense| pick(sense.what));
        own.fold(0, |bits, sense| bits | 1_u128.checked_shl(u32::from(sense.language)).unwrap_or(0))
    }

    fn is_filler(&self, at: usize) -> bool {
        self.means(at, What::Fill) || self.means(at, What::Clock)
    }

    fn is_joint(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Space | Kind::Mark(','))) || self.is_filler(at)
    }
}
