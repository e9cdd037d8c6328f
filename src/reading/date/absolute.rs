//! Dates that name their day, with the time of day beside it. The days are read in `numbers` and `months`.

use jiff::civil::Date;

use super::{
    calendar::Belief,
    clock::{Clock, Dot},
    lexicon::What,
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
pub(super) struct DayRead {
    pub(super) day: Day,
    pub(super) look: Look,
    /// Whether its numbers were parted by full stops, so that those of the time of day may be too.
    pub(super) dotted: bool,
    pub(super) end: usize,
    /// The time of day found inside: before the year, or glued to the day.
    pub(super) clock: Option<Clock>,
}

impl DayRead {
    pub(super) fn full(date: Date, end: usize) -> Self {
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
    pub(super) fn is_t(&self, at: usize) -> bool {
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
    pub(super) fn is_between(&self, at: usize) -> bool {
        let plain = match self.kind(at) {
            Some(Kind::Space) => true,
            Some(Kind::Mark(c)) => matches!(c, '.' | ',' | '(' | ')' | '[' | ']' | '-' | '/' | '\''),
            Some(Kind::Word(senses)) => {
                // A month that is also a weekday somewhere is a part of the date, not between its parts.
                let between = |what| matches!(what, What::Fill | What::Weekday(_) | What::Clock);
                let month = |what| matches!(what, What::Month(_) | What::Solar(_));
                senses.iter().any(|sense| between(sense.what)) && !senses.iter().any(|sense| month(sense.what))
            }
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
                    .or_else(|| self.worded(at, belief))
                    .or_else(|| self.stacked(at, belief))
                    .or_else(|| self.day_month(at, belief))
                    .or_else(|| self.year_first(at, belief))
                    .or_else(|| self.pair(at, belief))
            }
            Kind::Word(_) => self
                .sense(at, |what| if let What::Era(era) = what { Some(era) } else { None })
                .and_then(|era| self.marked(self.skip_space(at + 1), Some(era), belief))
                .or_else(|| self.month_day(at, belief)),
            _ => None,
        }
    }
}

/// `HHMMSS` or `HHMM`.
pub(super) fn hms(value: u64, digits: u32) -> Option<Clock> {
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
