//! Whether a date without its year stands apart from the words around it.
//!
//! "Open from 7 July" and "10月31日开考" speak of something else than the day of publication; a day of its own between
//! marks, labels and the ends of the text does not.

use super::{
    absolute::Absolute,
    lexicon::What,
    line::Line,
    token::{Kind, is_spaceless},
};

impl Line<'_> {
    /// Whether marks, labels, spaces or the ends of the text are on both sides of the tokens.
    pub(super) fn is_apart(&self, start: usize, end: usize) -> bool {
        let spaceless = |at: usize| self.text(at).ends_with(is_spaceless);
        let at_end = (end..self.tokens.len()).all(|at| matches!(self.kind(at), Some(Kind::Space | Kind::Mark(_))));
        let before = start.checked_sub(1).is_none_or(|at| match self.kind(at) {
            Some(Kind::Space) => at.checked_sub(1).is_none_or(|at| self.is_edge(at) || spaceless(at)),
            _ => self.is_edge(at) || spaceless(at) && at_end,
        });
        let after = match self.kind(end) {
            Some(Kind::Mark(',' | '.' | '-' | '/' | '_' | '\'')) => at_end || self.kind(end + 1) == Some(Kind::Space),
            Some(Kind::Mark(_) | Kind::Space) | None => true,
            _ => false,
        };
        before && after
    }

    /// What may stand before a date that is not part of a sentence.
    fn is_edge(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Mark(c)) => !matches!(c, ',' | '\'' | '$' | '%'),
            Some(Kind::Word(senses)) => senses.iter().any(|sense| matches!(sense.what, What::Label | What::Weekday(_))),
            _ => false,
        }
    }

    /// Whether a month and day by name may stand for a date among other words: marked numbers, a whole name of a
    /// month, or one in the text's own language.
    pub(super) fn is_sure(&self, read: &Absolute) -> bool {
        self.is_apart(read.start, read.end)
            && (read.start..read.end).all(|at| {
                let senses = self.senses(at);
                let is_month = senses.iter().any(|sense| matches!(sense.what, What::Month(_)));
                !is_month
                    || self.text(at).chars().count() > 3
                    || senses.iter().any(|sense| {
                        self.language.is_none_or(|own| own == sense.language) && matches!(sense.what, What::Month(_))
                    })
            })
    }

    /// Whether two bare numbers stand as a date does: with a time, in brackets, or with two digits each at an end of
    /// the text.
    pub(super) fn is_set_apart(&self, read: &Absolute) -> bool {
        if read.clock.is_some() {
            return self.is_apart(read.start, read.end);
        }
        let bracketed = read.start > 0
            && matches!(self.mark(read.start - 1), Some('(' | '['))
            && matches!(self.mark(read.end), Some(')' | ']'));
        let two = |at: usize| self.number(at).is_some_and(|(_, digits)| digits == 2);
        let full = two(read.start) && two(read.start + 2);
        let blank = |mut range: std::ops::Range<usize>| {
            range.len() < 4
                && range.all(|at| matches!(self.kind(at), Some(Kind::Space | Kind::Mark('(' | ')' | '[' | ']'))))
        };
        let at_end = blank(read.end..self.tokens.len());
        let at_start = blank(0..read.start);
        let ends_well = |at: usize| {
            self.text(at).chars().next_back().is_some_and(|c| is_spaceless(c) || "()[]:|。】」》".contains(c))
        };
        let word_before = match self.glued_before(read.start) {
            Some(Kind::Space) => read.start < 2 || ends_well(read.start - 2),
            Some(_) => ends_well(read.start - 1),
            None => true,
        };
        let word_after = match self.kind(read.end) {
            None => true,
            Some(Kind::Space) => self.text(read.end + 1).starts_with(is_spaceless),
            Some(_) => self.text(read.end).starts_with(|c| is_spaceless(c) || ")]】）".contains(c)),
        };
        full && (bracketed || at_end && word_before || at_start && word_after)
    }
}
