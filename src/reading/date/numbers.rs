//! Days in numbers: `20211230`, `2021-12-30`, `30.12.21`, `2021年12月30日`, `12-30`.

use jiff::civil::Date;

use super::{
    absolute::{Day, DayRead, Look, hms},
    calendar::{self, Belief, Order},
    clock::Dot,
    lexicon::{Era, Unit, What},
    line::Line,
    token::Kind,
};

impl Line<'_> {
    /// Whether the number at `at` goes on with something before it: a longer number, a price, a version.
    pub(super) fn is_inner(&self, at: usize) -> bool {
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
    pub(super) fn compact(&self, at: usize, value: u64, digits: u32, belief: Belief) -> Option<DayRead> {
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
    pub(super) fn marked(&self, at: usize, era: Option<Era>, belief: Belief) -> Option<DayRead> {
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
    pub(super) fn triple(&self, at: usize, belief: Belief) -> Option<DayRead> {
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
        // 30.12. 10:07 is a day and a time of it.
        if first.1 < 4 && third_at > mark_at + 1 && self.is_mark(end, ':') && self.is_glued(end) {
            return None;
        }
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
        let date = match self.ordered([first, second, third], separator, belief) {
            Some(date) => date,
            None if first.1 == 4 && self.is_persian(at) => calendar::solar(
                i64::try_from(first.0).ok()?,
                u8::try_from(second.0).ok()?,
                i64::try_from(third.0).ok()?,
            )?,
            None => return None,
        };
        Some(DayRead { day: Day::Full(date), look: Look::Plain, dotted: separator == '.', end, clock })
    }

    /// Whether a number is written where the Solar Hijri calendar is in use.
    fn is_persian(&self, at: usize) -> bool {
        self.context.language.is_some_and(|language| language.starts_with("fa"))
            || self.text(at).starts_with(|c| ('\u{6F0}'..='\u{6F9}').contains(&c))
    }

    /// The day that three numbers name in the likeliest order; one that is not in the future before one that is.
    fn ordered(&self, numbers: [(u64, u32); 3], separator: char, belief: Belief) -> Option<Date> {
        let [a, b, c] = numbers;
        let today = calendar::today(self.context);
        let mut future = None;
        for order in calendar::orders(self.tag, self.context.zone, separator) {
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

    /// `30 tháng 12 năm 2021`: the words for month and year before their numbers.
    pub(super) fn worded(&self, at: usize, belief: Belief) -> Option<DayRead> {
        let (day, _) = self.number(at).filter(|(_, digits)| *digits <= 2)?;
        let word = self.skip_space(at + 1);
        let month_at = self.skip_space(word + 1);
        let (month, _) =
            self.number(month_at).filter(|(_, digits)| *digits <= 2 && self.means(word, What::Unit(Unit::Month)))?;
        let year_at = self.skip(month_at + 1, 4, |n| self.is_between(n) || self.means(n, What::Unit(Unit::Year)));
        let (year, digits) = self.number(year_at).filter(|(_, digits)| *digits == 4)?;
        let year = calendar::year(year, digits, None, self.context)?;
        Some(DayRead::full(calendar::date(year, month, day, self.context, belief)?, year_at + 1))
    }

    /// `30 2021-12`, `12-30 2021`, `2021-12 30`: day and month stacked as on a calendar's leaf, alone in their text.
    pub(super) fn stacked(&self, at: usize, belief: Belief) -> Option<DayRead> {
        if belief == Belief::Strict {
            return None;
        }
        let joint = |at: usize| {
            self.mark(at).is_some_and(|c| matches!(c, '-' | '/' | '.'))
                || self.means(at, What::Part(Unit::Year))
                || self.means(at, What::Part(Unit::Month))
        };
        let spaced = |at: usize| self.kind(at) == Some(Kind::Space);
        let (first, second, third) = (self.number(at)?, self.number(at + 2)?, self.number(at + 4));
        let month_word = usize::from(self.means(at + 3, What::Part(Unit::Month)));
        let third = if month_word == 1 && third.is_none() { self.number(at + 5) } else { third }?;
        let last = at + 4 + if self.number(at + 4).is_none() { month_word } else { 0 };
        let (year, month, day) = match (first.1, second.1, third.1) {
            (1 | 2, 4, 1 | 2) if spaced(at + 1) && joint(at + 3) => (second.0, third.0, first.0),
            (1 | 2, 1 | 2, 4) if joint(at + 1) && spaced(last - 1) => (third.0, first.0, second.0),
            (4, 1 | 2, 1 | 2) if joint(at + 1) && spaced(last - 1) => (first.0, second.0, third.0),
            _ => return None,
        };
        let year = calendar::year(year, 4, None, self.context)?;
        let end = last + 1 + usize::from(self.means(last + 1, What::Part(Unit::Month)));
        Some(DayRead::full(calendar::date(year, month, day, self.context, belief)?, end))
    }

    /// `12-30`, `12/30`, `30.12.`: two numbers that may be month and day; alone in Korean `12.30` too.
    pub(super) fn pair(&self, at: usize, belief: Belief) -> Option<DayRead> {
        let first = self.number(at)?;
        let separator = self.mark(at + 1).filter(|c| matches!(c, '-' | '/' | '.'))?;
        let second = self.number(at + 2)?;
        let mut end = at + 3;
        let is_price = matches!(self.kind(end), Some(Kind::Mark('%' | '°' | '$' | '€' | '£' | '¥')));
        if first.1 > 2 || second.1 > 2 || first.1 + second.1 < 3 || self.goes_on(end, separator) || is_price {
            return None;
        }
        if separator == '.' {
            // 3.14 is a number; 30.12. and 30.12. 10:07 are days.
            let is_korean = belief == Belief::Lenient && self.tag.starts_with("ko") && first.1 + second.1 == 4;
            match self.is_mark(end, '.') {
                true => end += 1,
                false if is_korean => {}
                false => return None,
            }
        }
        let orders = calendar::orders(self.tag, self.context.zone, separator);
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

/// Day and hour of a number in which the space between them was lost: three or four digits.
fn glued_hour(value: u64, digits: u32) -> Option<(u64, u64)> {
    matches!(digits, 3 | 4).then_some((value / 100, value % 100))
}

/// `YYYYMMDD` as year, month and day.
pub(super) fn compact_date(value: u64) -> Option<(i16, u64, u64)> {
    Some((i16::try_from(value / 10_000).ok()?, value / 100 % 100, value % 100))
}
