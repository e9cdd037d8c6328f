//! Dates that name their day: numbers in any order, names of months, marks of year, month and day, eras.

use jiff::civil::Date;

use super::{
    calendar::{self, Belief, Order},
    clock::{Clock, Dot},
    lexicon::{Era, Unit, What},
    line::Line,
    token::Kind,
};

/// A day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// With its year.
    Full(Date),
    /// Month and day of a year to be inferred.
    Yearless(u64, u64),
}

/// How much a date without a year looks like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A year, or the name or mark of the month.
    Plain,
    /// Two numbers that could be a score, a range, a size.
    Vague,
}

/// A date, perhaps with a time of day, and the tokens that it spans.
#[derive(Debug, Clone)]
pub(super) struct Absolute {
    pub(super) day: Day,
    pub(super) clock: Option<Clock>,
    pub(super) look: Look,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A day and the token after it.
struct DayRead {
    day: Day,
    look: Look,
    /// Whether its numbers were parted by full stops, so that those of the time of day may be too.
    dotted: bool,
    end: usize,
    /// The time of day found inside: before the year, or glued to the day.
    clock: Option<Clock>,
}

impl DayRead {
    fn full(date: Date, end: usize) -> Self {
        Self { day: Day::Full(date), look: Look::Plain, dotted: false, end, clock: None }
    }
}

impl Line<'_> {
    /// The date that starts at `at`, its time of day before or after it.
    pub(super) fn absolute(&self, at: usize, belief: Belief) -> Option<Absolute> {
        if let Some(read) = self.day(at, belief) {
            return Some(self.with_clock(read, at));
        }
        let (clock, end) = self.clock(at, Dot::Ends)?;
        let place = self.skip(end, 4, |n| self.is_between(n));
        let read = self.day(place, belief)?;
        Some(Absolute { day: read.day, clock: Some(clock), look: read.look, start: at, end: read.end })
    }

    fn with_clock(&self, read: DayRead, start: usize) -> Absolute {
        let DayRead { day, look, dotted, end, clock } = read;
        let mut whole = Absolute { day, clock, look, start, end };
        if whole.clock.is_some() {
            return whole;
        }
        let place =
            self.skip(end, 7, |n| self.is_between(n) || self.is_mark(n, '@') || self.is_mark(n, '|') || self.is_t(n));
        let said = self.is_hour_said(place, end);
        let dot = if dotted || said { Dot::Parts } else { Dot::Ends };
        let found = self.basic_clock(place).or_else(|| self.clock(place, dot)).or_else(|| {
            // 5.45 pm, 18.37 Uhr: what follows says that it is a time.
            let (clock, end) = self.clock(place, Dot::Parts)?;
            let before = self.means(end.checked_sub(1)?, What::Pm) || self.means(end - 1, What::Am);
            let after = self.is_clock_word(self.skip_space(end));
            (before || after || end + 1 >= self.tokens.len()).then_some((clock, end))
        });
        if let Some((clock, end)) = found {
            whole.clock = Some(clock);
            whole.end = end;
            let word = self.skip_space(end);
            if self.is_clock_word(word) {
                whole.end = word + 1;
            }
        }
        whole
    }

    /// Whether a word before the clock says that a time follows.
    fn is_hour_said(&self, place: usize, end: usize) -> bool {
        (end..place).any(|n| self.is_clock_word(n))
    }

    /// Uhr, klo: a word that stands beside times alone.
    fn is_clock_word(&self, at: usize) -> bool {
        self.means(at, What::Clock)
    }

    /// The T between date and time of ISO 8601.
    fn is_t(&self, at: usize) -> bool {
        matches!(self.text(at), "T" | "t")
    }

    /// ISO 8601's basic time after a T: `T100753Z`.
    fn basic_clock(&self, at: usize) -> Option<(Clock, usize)> {
        let (value, digits) = self.number(at).filter(|_| self.is_t(at.wrapping_sub(1)))?;
        let clock = hms(value, digits)?;
        let (zone, end) = self.zone(at + 1);
        Some((Clock { zone, ..clock }, end))
    }

    /// What may stand between the parts of a date: spaces, points, brackets, words that say nothing, the weekday.
    fn is_between(&self, at: usize) -> bool {
        let plain = match self.kind(at) {
            Some(Kind::Space) => true,
            Some(Kind::Mark(c)) => matches!(c, '.' | ',' | '(' | ')' | '[' | ']' | '-' | '/' | '\''),
            Some(Kind::Word(_)) => self
                .sense(at, |what| matches!(what, What::Fill | What::Weekday(_) | What::Clock).then_some(()))
                .is_some(),
            _ => false,
        };
        plain || self.is_weekday_in_brackets(at)
    }

    /// `(日)`, `(목)`: one letter for the weekday, as Japanese, Korean and Chinese dates carry it.
    fn is_weekday_in_brackets(&self, at: usize) -> bool {
        let mut chars = self.text(at).chars();
        let letter = chars.next().is_some_and(|c| "月火水木金土日祝一二三四五六월화수목금토일".contains(c))
            && chars.next().is_none();
        letter && at > 0 && self.is_mark(at - 1, '(') && self.is_mark(at + 1, ')')
    }

    fn day(&self, at: usize, belief: Belief) -> Option<DayRead> {
        match self.kind(at)? {
            Kind::Number(value, digits) => {
                if self.is_inner(at) {
                    return None;
                }
                self.compact(at, value, digits, belief)
                    .or_else(|| self.marked(at, None, belief))
                    .or_else(|| self.triple(at, belief))
                    .or_else(|| self.day_month(at, belief))
                    .or_else(|| self.year_first(at, belief))
                    .or_else(|| self.pair(at))
            }
            Kind::Word(_) => self
                .sense(at, |what| if let What::Era(era) = what { Some(era) } else { None })
                .and_then(|era| self.marked(self.skip_space(at + 1), Some(era), belief))
                .or_else(|| self.month_day(at, belief)),
            _ => None,
        }
    }

    /// Whether the number at `at` goes on with something before it: a longer number, a price, a version.
    fn is_inner(&self, at: usize) -> bool {
        match self.glued_before(at) {
            Some(Kind::Mark('.' | '-' | '/' | '_' | ':')) => {
                matches!(self.glued_before(at - 1), Some(Kind::Number(..)))
            }
            Some(Kind::Mark('$' | '€' | '£' | '¥' | '￥' | '#')) => true,
            Some(Kind::Other | Kind::Word(_)) => matches!(self.text(at - 1), "v" | "V" | "_"),
            _ => false,
        }
    }

    /// Whether a number goes on after token `end - 1` with `separator`.
    fn goes_on(&self, end: usize, separator: char) -> bool {
        self.is_mark(end, separator)
            && self.is_glued(end)
            && self.is_glued(end + 1)
            && self.number(end + 1).is_some()
            && !self.is_mark(end + 2, ':')
    }

    /// `20211230`, with six or four digits of time, or two and a colon: `2016020417:10`.
    fn compact(&self, at: usize, value: u64, digits: u32, belief: Belief) -> Option<DayRead> {
        let is_letter = |kind| matches!(kind, Some(Kind::Other | Kind::Word(_)));
        let latin_before =
            is_letter(self.glued_before(at)) && self.text(at - 1).ends_with(|c: char| c.is_ascii_alphabetic());
        let marked_before = matches!(self.glued_before(at), Some(Kind::Mark('_' | '-' | '/' | '.' | '+' | '=')));
        if latin_before || marked_before || !(8..=14).contains(&digits) {
            return None;
        }
        let glued_after = if self.is_glued(at + 1) { self.kind(at + 1) } else { None };
        let (day, time) = match digits {
            8 => (value, None),
            10 if self.is_mark(at + 1, ':') => (value / 100, None),
            12 => (value / 10_000, Some((value % 10_000, 4))),
            14 => (value / 1_000_000, Some((value % 1_000_000, 6))),
            _ => return None,
        };
        let date = compact_date(day).and_then(|(y, m, d)| calendar::date(y, m, d, self.context, belief))?;
        if date.year() < 1990 {
            // Older eight-digit numbers are more often something else.
            return None;
        }
        let mut read = DayRead::full(date, at + 1);
        if digits == 10 {
            let (clock, end) = self.after_hour(value % 100, at + 1, false, Dot::Ends)?;
            (read.clock, read.end) = (Some(clock), end);
        } else if let Some((value, digits)) = time {
            read.clock = Some(hms(value, digits)?);
        }
        let serial = match glued_after {
            Some(Kind::Mark('-' | '_' | '/' | '+')) => true,
            Some(Kind::Mark('.' | ':')) if digits != 10 => self.number(at + 2).is_some(),
            Some(Kind::Word(_) | Kind::Other) => {
                !self.is_t(at + 1) && {
                    let text = self.text(at + 1);
                    text.starts_with(|c: char| c.is_ascii_alphabetic())
                        || text.starts_with(['号', '號', '元', '万', '人', '年'])
                }
            }
            _ => false,
        };
        (!serial).then_some(read)
    }

    /// Numbers with marks: `2021年12月30日`, `民國110年12月30日`, `12月30日`; the last mark may be missing.
    fn marked(&self, at: usize, era: Option<Era>, belief: Belief) -> Option<DayRead> {
        let (first, digits) = self.number(at)?;
        let after = self.skip_space(at + 1);
        let separator = self.mark(after).filter(|c| matches!(c, '-' | '/' | '.'));
        let year = if self.means(after, What::Part(Unit::Year)) || (era.is_some() && separator.is_some()) {
            Some(calendar::year(first, digits, era, self.context)?)
        } else {
            None
        };
        let month_at =
            if year.is_some() { self.skip_space(self.skip(after + 1, 1, |n| self.is_mark(n, '-'))) } else { at };
        let (month, digits) = self.number(month_at)?;
        let after = self.skip_space(month_at + 1);
        let marked = self.means(after, What::Part(Unit::Month));
        if digits > 2 || !(marked || year.is_some() && self.mark(after).is_some_and(|c| matches!(c, '-' | '/' | '.'))) {
            return None;
        }
        let day_at = self.skip_space(self.skip(after + 1, 1, |n| self.is_mark(n, '-')));
        let (day, digits) = self.number(day_at)?;
        let mut end = day_at + 1;
        let mut clock = None;
        let mut day = day;
        if let Some((split, hour)) = glued_hour(day, digits) {
            // The space between day and hour was lost: 6月2911:30.
            let (read, after) = self.after_hour(hour, end, false, Dot::Ends).filter(|_| self.is_mark(end, ':'))?;
            (day, clock, end) = (split, Some(read), after);
        } else if digits > 2 {
            return None;
        } else {
            let mark = self.skip_space(end);
            if self.means(mark, What::Part(Unit::Day)) {
                end = mark + 1;
            } else if year.is_none() {
                return None;
            }
        }
        let before =
            at.checked_sub(1).map_or(0, |n| if self.kind(n) == Some(Kind::Space) { n.saturating_sub(1) } else { n });
        if year.is_none() && at > 0 && self.means(before, What::Part(Unit::Year)) {
            // Its year stands there and was not believed.
            return None;
        }
        let day = match year {
            Some(year) => Day::Full(calendar::date(year, month, day, self.context, belief)?),
            None => Day::Yearless(month, day),
        };
        Some(DayRead { day, look: Look::Plain, dotted: false, end, clock })
    }

    /// Three numbers: `2021-12-30`, `30.12.2021`, `12/30/21`.
    fn triple(&self, at: usize, belief: Belief) -> Option<DayRead> {
        let first = self.number(at)?;
        let mark_at = self.skip_space(at + 1);
        let separator = self.mark(mark_at).filter(|c| matches!(c, '-' | '/' | '.' | '_'))?;
        let second_at = self.skip_space(mark_at + 1);
        let second = self.number(second_at)?;
        let mark_at = self.skip_space(second_at + 1);
        if !self.is_mark(mark_at, separator) {
            return None;
        }
        let third_at = self.skip_space(mark_at + 1);
        let mut third = self.number(third_at)?;
        let mut end = third_at + 1;
        let mut clock = None;
        if first.1 == 4
            && let Some((day, hour)) = glued_hour(third.0, third.1)
        {
            let (read, after) = self.after_hour(hour, end, false, Dot::Ends).filter(|_| self.is_mark(end, ':'))?;
            (third, clock, end) = ((day, 2), Some(read), after);
        }
        if self.goes_on(end, separator) || first.1 == 3 || second.1 > 2 {
            return None;
        }
        let date = self.ordered([first, second, third], separator, belief)?;
        Some(DayRead { day: Day::Full(date), look: Look::Plain, dotted: separator == '.', end, clock })
    }

    /// The day that three numbers name in the likeliest order; one that is not in the future before one that is.
    fn ordered(&self, numbers: [(u64, u32); 3], separator: char, belief: Belief) -> Option<Date> {
        let [a, b, c] = numbers;
        let today = calendar::today(self.context);
        let mut future = None;
        for order in calendar::orders(self.context, separator) {
            let (year, month, day) = match order {
                Order::YearMonthDay => (a, b, c),
                Order::DayMonthYear => (c, b, a),
                Order::MonthDayYear => (c, a, b),
            };
            if month.1 > 2 || day.1 > 2 {
                continue;
            }
            let short = year.1 == 2;
            // 1.2.13 is a version; 01.02.13 is a day.
            if short && (separator == '.' || belief == Belief::Strict) && (month.1 != 2 || day.1 != 2) {
                continue;
            }
            if short && separator == '.' && order == Order::MonthDayYear {
                continue;
            }
            let Some(year) = calendar::year(year.0, year.1, None, self.context) else { continue };
            let Some(date) = calendar::date(year, month.0, day.0, self.context, belief) else { continue };
            if date <= today {
                return Some(date);
            }
            future = future.or(Some(date));
        }
        future
    }

    /// `30 December 2021`, `30. Dezember`, `14-Aralık-2012`, `8 دی 1400`.
    fn day_month(&self, at: usize, belief: Belief) -> Option<DayRead> {
        let (day, digits) = self.number(at)?;
        if digits > 2 {
            return None;
        }
        let ordinal = self.skip_ordinal(at + 1);
        let month_at = self.skip(ordinal, 4, |n| self.is_between(n));
        let month = self.month(month_at, belief)?;
        self.named(month, day, month_at + 1, belief)
    }

    /// `December 30, 2021`, `Dec 30`.
    fn month_day(&self, at: usize, belief: Belief) -> Option<DayRead> {
        let month = self.month(at, belief)?;
        let day_at = self.skip(at + 1, 4, |n| self.is_between(n));
        let (day, digits) = self.number(day_at)?;
        // "May 10:07" names an hour.
        if digits > 2 || self.is_mark(day_at + 1, ':') {
            return None;
        }
        self.named(month, day, self.skip_ordinal(day_at + 1), belief)
    }

    /// `2015-кві-12`, `1978, 1 Peb`, `2011 წლის 17 მარტი`.
    fn year_first(&self, at: usize, belief: Belief) -> Option<DayRead> {
        let (year, digits) = self.number(at).filter(|(_, digits)| *digits == 4)?;
        let place = self.skip(at + 1, 5, |n| self.is_between(n) || self.means(n, What::Unit(Unit::Year)));
        let (month, day, end) = if let Some(month) = self.month(place, belief) {
            let day_at = self.skip(place + 1, 4, |n| self.is_between(n));
            let (day, _) = self.number(day_at).filter(|(_, digits)| *digits <= 2 && !self.is_mark(day_at + 1, ':'))?;
            (month, day, self.skip_ordinal(day_at + 1))
        } else {
            let (day, _) = self.number(place).filter(|(_, digits)| *digits <= 2)?;
            let month_at = self.skip(self.skip_ordinal(place + 1), 4, |n| self.is_between(n));
            (self.month(month_at, belief)?, day, month_at + 1)
        };
        Some(DayRead::full(self.resolve(month, day, year, digits, belief)?, end))
    }

    /// The end of a number's ordinal: `1er`, `9th`, `25শে`: a short word glued to it.
    fn skip_ordinal(&self, at: usize) -> usize {
        let short = matches!(self.kind(at), Some(Kind::Other | Kind::Word(_)))
            && self.is_glued(at)
            && self.text(at).chars().count() <= 3
            && self.sense(at, |what| matches!(what, What::Month(_) | What::Solar(_)).then_some(())).is_none();
        if short || self.is_mark(at, 'º') || self.is_mark(at, '°') { at + 1 } else { at }
    }

    fn month(&self, at: usize, belief: Belief) -> Option<Month> {
        let month = self.sense(at, |what| match what {
            What::Month(month) => Some(Month::Gregorian(month)),
            What::Solar(month) => Some(Month::Solar(month)),
            _ => None,
        })?;
        // Among other words "may" and "march" are months only with a capital letter.
        let text = self.text(at);
        let english = self.senses(at).iter().any(|sense| matches!(sense.what, What::Month(_)) && sense.language == 0);
        if belief == Belief::Strict
            && english
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && self.language.is_none_or(|l| l == 0)
        {
            return None;
        }
        Some(month)
    }

    /// The day of a named month, with the year after it if one stands there; a clock may stand between.
    fn named(&self, month: Month, day: u64, end: usize, belief: Belief) -> Option<DayRead> {
        if !(1..=31).contains(&day) {
            return None;
        }
        let between = |n| self.is_between(n) || self.means(n, What::Unit(Unit::Year)) || self.is_era(n);
        let place = self.skip(end, 6, between);
        if let Some((value, digits)) = self.number(place) {
            let quoted = self.is_mark(place - 1, '\'') || self.is_mark(place - 1, '-');
            let is_clock = self.clock(place, Dot::Parts).is_some();
            if (digits == 4 && !is_clock) || (digits == 2 && !is_clock && (quoted || belief == Belief::Lenient)) {
                let date = self.resolve(month, day, value, digits, belief)?;
                let word = self.skip_space(place + 1);
                let tail =
                    self.means(word, What::Unit(Unit::Year)) || self.means(word, What::Fill) && self.is_year_word(word);
                return Some(DayRead::full(date, if tail { word + 1 } else { place + 1 }));
            }
            if is_clock
                && let Some((clock, after)) = self.clock(place, Dot::Ends)
                && let year_at = self.skip(after, 2, |n| self.is_between(n))
                && let Some((value, 4)) = self.number(year_at)
                && let Some(date) = self.resolve(month, day, value, 4, belief)
            {
                return Some(DayRead { clock: Some(clock), ..DayRead::full(date, year_at + 1) });
            }
        }
        let Month::Gregorian(month) = month else { return None };
        Some(DayRead { day: Day::Yearless(u64::from(month), day), look: Look::Plain, dotted: false, end, clock: None })
    }

    fn is_era(&self, at: usize) -> bool {
        self.sense(at, |what| matches!(what, What::Era(_)).then_some(())).is_some()
    }

    /// A word that says "year" after the number: it must not be taken for more than that.
    fn is_year_word(&self, at: usize) -> bool {
        self.is_glued(at) || self.number(at + 2).is_some()
    }

    fn resolve(&self, month: Month, day: u64, year: u64, digits: u32, belief: Belief) -> Option<Date> {
        match month {
            Month::Gregorian(month) => {
                let year = calendar::year(year, digits, None, self.context)?;
                calendar::date(year, u64::from(month), day, self.context, belief)
            }
            Month::Solar(month) => calendar::solar(i64::try_from(year).ok()?, month, i64::try_from(day).ok()?),
        }
    }

    /// `12-30`, `12/30`, `30.12.`: two numbers that may be month and day.
    fn pair(&self, at: usize) -> Option<DayRead> {
        let first = self.number(at)?;
        let separator = self.mark(at + 1).filter(|c| matches!(c, '-' | '/' | '.'))?;
        let second = self.number(at + 2)?;
        let mut end = at + 3;
        let is_price = matches!(self.kind(end), Some(Kind::Mark('%' | '°' | '$' | '€' | '£' | '¥')));
        if first.1 > 2 || second.1 > 2 || self.goes_on(end, separator) || is_price {
            return None;
        }
        if separator == '.' {
            // 3.14 is a number; 30.12. and 30.12. 10:07 are days.
            if !self.is_mark(end, '.') || first.1 + second.1 < 3 {
                return None;
            }
            end += 1;
        }
        let orders = calendar::orders(self.context, separator);
        let month_first = |order: &Order| *order != Order::DayMonthYear;
        // A year-first or American page writes the month first; with dashes nearly all do.
        let month_first = separator == '-' || orders.first().is_some_and(month_first);
        let valid = |month: u64, day: u64| (1..=12).contains(&month) && (1..=31).contains(&day);
        let (month, day) = if month_first { (first.0, second.0) } else { (second.0, first.0) };
        let (month, day) = if valid(month, day) { (month, day) } else { (day, month) };
        if !valid(month, day) {
            return None;
        }
        Some(DayRead { day: Day::Yearless(month, day), look: Look::Vague, dotted: separator == '.', end, clock: None })
    }
}

/// A month of a calendar.
#[derive(Debug, Clone, Copy)]
enum Month {
    Gregorian(u8),
    Solar(u8),
}

/// Day and hour of a number in which the space between them was lost: three or four digits.
fn glued_hour(value: u64, digits: u32) -> Option<(u64, u64)> {
    matches!(digits, 3 | 4).then_some((value / 100, value % 100))
}

/// `YYYYMMDD` as year, month and day.
pub(super) fn compact_date(value: u64) -> Option<(i16, u64, u64)> {
    Some((i16::try_from(value / 10_000).ok()?, value / 100 % 100, value % 100))
}

/// `HHMMSS` or `HHMM`.
fn hms(value: u64, digits: u32) -> Option<Clock> {
    let (hour, minute, second) = match digits {
        6 => (value / 10_000, value / 100 % 100, Some(value % 100)),
        4 => (value / 100, value % 100, None),
        _ => return None,
    };
    if hour > 23 || minute > 59 || second.is_some_and(|second| second > 60) {
        return None;
    }
    Some(Clock {
        hour: i8::try_from(hour).ok()?,
        minute: i8::try_from(minute).ok()?,
        second: second.and_then(|second| i8::try_from(second.min(59)).ok()),
        ..Clock::default()
    })
}
