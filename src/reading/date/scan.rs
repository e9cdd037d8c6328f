//! A text searched for its date: first as nothing but a date, then word by word.

use jiff::{Timestamp, ToSpan};

use super::{
    Context, Found, Written,
    absolute::{Absolute, Day, Look},
    calendar::Belief,
    clock::Dot,
    language,
    lexicon::{What, lexicon},
    line::Line,
    relative::Relative,
    resolve,
    token::{self, Kind},
};
use crate::model::{Moment, Origin, Precision};

/// A line that tells a date is short; what comes after so many bytes is not looked at.
const LONGEST: usize = 64 * 1024;

/// A text of more tokens is not taken as nothing but a date.
const LONGEST_ALONE: usize = 48;

pub(super) fn find(text: &str, origin: Origin, context: &Context<'_>) -> Option<Found> {
    let text = text.get(..text.floor_char_boundary(LONGEST))?;
    let tokens = token::tokens(text, lexicon());
    if !tokens.iter().any(|token| matches!(token.kind, Kind::Number(..) | Kind::Word(_))) {
        return None;
    }
    let line = Line { text, tokens: &tokens, context, language: context.language.and_then(language::place) };
    let search = Search { line, origin };
    search.alone().or_else(|| search.among())
}

struct Search<'a> {
    line: Line<'a>,
    origin: Origin,
}

impl Search<'_> {
    /// The text as nothing but a date, labels and brackets aside.
    fn alone(&self) -> Option<Found> {
        let line = &self.line;
        if line.tokens.len() > LONGEST_ALONE {
            return None;
        }
        let end = line.tokens.len();
        let mut start = 0;
        while start < end && self.is_frame(start) {
            start += 1;
        }
        if start == end || (0..end).any(|at| line.is_mark(at, '+')) && line.absolute(start, Belief::Lenient).is_none() {
            return None;
        }
        let covers =
            |to: usize| (to..end).all(|at| self.is_frame(at) || line.is_weekday(at) || line.means(at, What::Fill));
        // A weekday before the date says nothing more; alone it is the date.
        let after_weekday =
            line.skip(start, 5, |at| line.is_weekday(at) || self.is_frame(at) || line.means(at, What::Fill));
        for at in [start, after_weekday] {
            if let Some(found) = line.absolute(at, Belief::Lenient).filter(|read| covers(read.end)) {
                return self.found_absolute(&found);
            }
        }
        if let Some(found) = line.relative(start, Belief::Lenient).filter(|read| covers(read.end)) {
            return self.found_relative(&found, Written::Relative);
        }
        if let Some(found) = line.weekday_clock(start).filter(|read| covers(read.end)) {
            return self.found_relative(&found, Written::Bare);
        }
        let clock_at =
            line.skip(start, 4, |at| self.is_frame(at) || line.means(at, What::Fill) || line.means(at, What::Clock));
        if let Some((clock, to)) = line.clock(clock_at, Dot::Ends).filter(|(_, to)| covers(*to)) {
            return self.found(resolve::bare(&clock, self.origin, line.context)?, start, to, Written::Bare);
        }
        let (value, digits) = line.number(start).filter(|_| covers(start + 1))?;
        self.found(self.epoch(value, digits)?, start, start + 1, Written::Full)
    }

    /// The date among other words. One with a year ends the search; else the plainest, the first of those.
    fn among(&self) -> Option<Found> {
        let line = &self.line;
        let (mut plain, mut vague) = (None, None);
        let mut at = 0;
        while at < line.tokens.len() {
            let here = at;
            at += 1;
            if !self.may_start(here) {
                continue;
            }
            if let Some(read) = line.absolute(here, Belief::Strict) {
                if matches!(read.day, Day::Full(_)) {
                    if let Some(found) = self.found_absolute(&read) {
                        return Some(found);
                    }
                } else if read.look == Look::Plain {
                    if plain.is_none() && self.is_sure(&read) {
                        plain = self.found_absolute(&read);
                    }
                } else if vague.is_none() && self.is_set_apart(&read) {
                    vague = self.found_absolute(&read);
                }
            } else if plain.is_none()
                && let Some(read) = line.relative(here, Belief::Strict)
            {
                plain = self.found_relative(&read, Written::Relative);
            }
        }
        plain.or(vague)
    }

    /// Whether a date may start at this token.
    fn may_start(&self, at: usize) -> bool {
        match self.line.kind(at) {
            Some(Kind::Number(..)) => true,
            Some(Kind::Word(senses)) => {
                senses.iter().any(|sense| !matches!(sense.what, What::Fill | What::Label | What::Weekday(_)))
            }
            _ => false,
        }
    }

    /// Spaces, marks and labels around a date.
    fn is_frame(&self, at: usize) -> bool {
        match self.line.kind(at) {
            Some(Kind::Space) => true,
            Some(Kind::Mark(c)) => !matches!(c, '+' | '$' | '€' | '£' | '¥' | '%' | '#' | '°'),
            Some(Kind::Word(_)) => self.line.means(at, What::Label),
            _ => false,
        }
    }

    /// Whether a month and day by name may stand for a date among other words: marked numbers, a whole name of a
    /// month, or one in the text's own language.
    fn is_sure(&self, read: &Absolute) -> bool {
        let line = &self.line;
        (read.start..read.end).all(|at| {
            let senses = line.senses(at);
            let is_month = senses.iter().any(|sense| matches!(sense.what, What::Month(_)));
            !is_month
                || line.text(at).chars().count() > 3
                || senses.iter().any(|sense| {
                    line.language.is_none_or(|own| own == sense.language) && matches!(sense.what, What::Month(_))
                })
        })
    }

    /// Whether two bare numbers stand as a date does: with a time, in brackets, or with two digits each at an end of
    /// the text.
    fn is_set_apart(&self, read: &Absolute) -> bool {
        let line = &self.line;
        if read.clock.is_some() {
            return true;
        }
        let bracketed = read.start > 0
            && matches!(line.mark(read.start - 1), Some('(' | '['))
            && matches!(line.mark(read.end), Some(')' | ']'));
        let two = |at: usize| line.number(at).is_some_and(|(_, digits)| digits == 2);
        let full = two(read.start) && two(read.start + 2);
        let blank = |mut range: std::ops::Range<usize>| {
            range.len() < 4
                && range.all(|at| matches!(line.kind(at), Some(Kind::Space | Kind::Mark('(' | ')' | '[' | ']'))))
        };
        let at_end = blank(read.end..line.tokens.len());
        let at_start = blank(0..read.start);
        let glued = line.glued_before(read.start);
        let word_before = match glued {
            Some(Kind::Word(_) | Kind::Other) => {
                line.text(read.start - 1).chars().next_back().is_some_and(token::is_spaceless)
            }
            Some(Kind::Mark(c)) => matches!(c, '(' | '[' | ':'),
            _ => true,
        };
        let word_after = !line.is_glued(read.end)
            || line
                .text(read.end)
                .chars()
                .next()
                .is_some_and(|c| token::is_spaceless(c) || matches!(c, ')' | ']' | '】' | '）'));
        full && (bracketed || at_end && word_before || at_start && word_after)
    }

    fn found_absolute(&self, read: &Absolute) -> Option<Found> {
        let written = if matches!(read.day, Day::Full(_)) { Written::Full } else { Written::Yearless };
        self.found(resolve::absolute(read, self.origin, self.line.context)?, read.start, read.end, written)
    }

    fn found_relative(&self, read: &Relative, written: Written) -> Option<Found> {
        self.found(resolve::relative(&read.told, self.origin, self.line.context)?, read.start, read.end, written)
    }

    fn found(&self, moment: Moment, start: usize, end: usize, written: Written) -> Option<Found> {
        let first = self.line.tokens.get(start)?;
        let last = self.line.tokens.get(end.checked_sub(1)?)?;
        Some(Found { moment, range: first.range.start..last.range.end, written })
    }

    /// Seconds or milliseconds since 1970, as data hold them; in prose such a number is an id.
    fn epoch(&self, value: u64, digits: u32) -> Option<Moment> {
        if !matches!(self.origin, Origin::Data | Origin::Feed | Origin::Meta | Origin::Time | Origin::List) {
            return None;
        }
        let seconds = match digits {
            10 => value,
            13 => value / 1000,
            _ => return None,
        };
        let at = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
        let context = self.line.context;
        if at > context.now.checked_add(24.hours()).ok()? {
            return None;
        }
        Some(Moment {
            at,
            offset: context.zone.to_offset(at).seconds(),
            precision: Precision::Second,
            origin: self.origin,
        })
    }
}

impl Line<'_> {
    fn is_weekday(&self, at: usize) -> bool {
        self.sense(at, |what| matches!(what, What::Weekday(_)).then_some(())).is_some()
    }
}
