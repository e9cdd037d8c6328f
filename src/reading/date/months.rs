//! Days with the name of their month: `30 December 2021`, `Dec 30`, `2015-кві-12`, `۹ دی ۱۴۰۰`.

use jiff::civil::Date;

use super::{
    absolute::{Day, DayRead, Look},
    calendar::{self, Belief},
    clock::Dot,
    lexicon::{Unit, What},
    line::Line,
    token::Kind,
};

impl Line<'_> {
    /// `30 December 2021`, `30. Dezember`, `14-Aralık-2012`, `8 دی 1400`.
    pub(super) fn day_month(&self, at: usize, belief: Belief) -> Option<DayRead> {
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
    pub(super) fn month_day(&self, at: usize, belief: Belief) -> Option<DayRead> {
        let month = self.month(at, belief)?;
        let day_at = self.skip(at + 1, 4, |n| self.is_between(n));
        let (day, digits) = self.number(day_at)?;
        // "E3" is a name; "May 10:07" names an hour.
        let glued = matches!(self.glued_before(day_at), Some(Kind::Other | Kind::Word(_))) && day_at != at + 1;
        if glued || digits > 2 || self.is_mark(day_at + 1, ':') {
            return None;
        }
        self.named(month, day, self.skip_ordinal(day_at + 1), belief)
    }

    /// `2015-кві-12`, `1978, 1 Peb`, `2011 წლის 17 მარტი`.
    pub(super) fn year_first(&self, at: usize, belief: Belief) -> Option<DayRead> {
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
            && self
                .sense(at, |what| matches!(what, What::Month(_) | What::Solar(_) | What::Unit(_)).then_some(()))
                .is_none();
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
}

/// A month of a calendar.
#[derive(Debug, Clone, Copy)]
enum Month {
    Gregorian(u8),
    Solar(u8),
}
