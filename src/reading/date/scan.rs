//! A text searched for its date: first as nothing but a date, then word by word.

use jiff::{Timestamp, ToSpan};

use super::{
    Context, Found, Written,
    absolute::{Absolute, Day, Look},
    calendar::Belief,
    clock::Dot,
    language,
    lexicon::{What, lexicon},
    line::{self, Line},
    relative::{Relative, Told},
    resolve,
    token::{self, Kind, Token},
};
use crate::model::{Moment, Origin, Precision};

/// A line that tells a date is short; what comes after so many bytes is not looked at.
const LONGEST: usize = 64 * 1024;

/// A text of more tokens is not taken as nothing but a date.
const LONGEST_ALONE: usize = 48;

pub(super) fn find(text: &str, origin: Origin, context: &Context<'_>) -> Option<Found> {
    let text = text.get(..text.floor_char_boundary(LONGEST))?;
    let mut tokens = token::tokens(text, lexicon());
    if !tokens.iter().any(tells_date) {
        return None;
    }
    let own = context.language.and_then(language::place);
    let (spoken, is_narrower) = line::settle(&mut tokens, own);
    let tag = context.language.filter(|_| own.is_some()).or_else(|| spoken.map(language::code)).unwrap_or_default();
    let settled = Search { line: Line { text, tokens: &tokens, context, language: own, tag }, origin };
    if let Some(found) = settled.alone() {
        return Some(found);
    }
    // Nothing but a date, perhaps, in words of which one language does not know all.
    if is_narrower && tokens.len() <= LONGEST_ALONE {
        let open = token::tokens(text, lexicon());
        if let Some(found) =
            (Search { line: Line { text, tokens: &open, context, language: own, tag }, origin }).alone()
        {
            return Some(found);
        }
    }
    settled.among()
}

/// Whether a date could hang on this token: most texts have none such, and are done with here.
fn tells_date(token: &Token) -> bool {
    let tells = |what| {
        use What::{Ago, DaysBack, Halves, Last, Midnight, Noon, Now, Weekday};
        matches!(what, Weekday(_) | DaysBack(_) | Now | Last | Ago | Halves(..) | Noon | Midnight)
    };
    match token.kind {
        Kind::Number(..) => true,
        Kind::Word(senses) => senses.iter().any(|sense| tells(sense.what)),
        _ => false,
    }
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
        // "La semaine dernière" and "на прошлой неделе" begin with a word that says nothing.
        let after_article = line.skip(start, 2, |at| {
            line.means(at, What::Fill) && !line.means(at, What::Ahead) || line.kind(at) == Some(Kind::Space)
        });
        for at in [start, after_article] {
            if let Some(found) = line.relative(at, Belief::Lenient).filter(|read| covers(read.end)) {
                return self.found_relative(&found);
            }
        }
        if let Some(found) = line.weekday_clock(start).filter(|read| covers(read.end)) {
            return self.found_relative(&found);
        }
        let clock_at =
            line.skip(start, 4, |at| self.is_frame(at) || line.means(at, What::Fill) || line.means(at, What::Clock));
        if let Some((clock, to)) =
            line.clock(clock_at, Dot::Ends).filter(|(_, to)| (*to..end).all(|at| self.is_frame(at)))
        {
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
                    if plain.is_none() && line.is_sure(&read) {
                        plain = self.found_absolute(&read);
                    }
                } else if vague.is_none() && line.is_set_apart(&read) {
                    vague = self.found_absolute(&read);
                }
            } else if plain.is_none()
                && let Some(read) = line.relative(here, Belief::Strict)
                && (matches!(read.told, Told::Before(_)) || line.is_apart(read.start, read.end))
            {
                plain = self.found_relative(&read);
            }
        }
        plain.or(vague)
    }

    /// Whether a date may start at this token.
    fn may_start(&self, at: usize) -> bool {
        match self.line.kind(at) {
            Some(Kind::Number(..)) => true,
            Some(Kind::Word(senses)) => senses
                .iter()
                .any(|sense| !matches!(sense.what, What::Fill | What::Ahead | What::Label | What::Weekday(_))),
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

    fn found_absolute(&self, read: &Absolute) -> Option<Found> {
        let written = if matches!(read.day, Day::Full(_)) { Written::Full } else { Written::Yearless };
        self.found(resolve::absolute(read, self.origin, self.line.context)?, read.start, read.end, written)
    }

    fn found_relative(&self, read: &Relative) -> Option<Found> {
        self.found(
            resolve::relative(&read.told, read.written, self.origin, self.line.context)?,
            read.start,
            read.end,
            read.written,
        )
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
