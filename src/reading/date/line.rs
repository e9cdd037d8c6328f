//! [`Line`]: a text's tokens with the questions that the grammars ask of them.
//!
//! A grammar takes the number of a token and gives what it read and the number of the token after it.

use super::{
    Context,
    lexicon::{Sense, What},
    token::{Kind, Token},
};

/// A text cut into tokens, and where it is read.
pub(super) struct Line<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// The tokens.
    pub(super) tokens: &'a [Token],
    /// The instant, zone and language of reading.
    pub(super) context: &'a Context<'a>,
    /// The place of the context's language in the list of tables.
    pub(super) language: Option<u8>,
}

impl Line<'_> {
    /// What token `at` is.
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The text of token `at`.
    pub(super) fn text(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|token| self.text.get(token.range.clone())).unwrap_or_default()
    }

    /// The value and length of the number at `at`.
    pub(super) fn number(&self, at: usize) -> Option<(u64, u32)> {
        match self.kind(at) {
            Some(Kind::Number(value, digits)) => Some((value, digits)),
            _ => None,
        }
    }

    /// The mark at `at`.
    pub(super) fn mark(&self, at: usize) -> Option<char> {
        match self.kind(at) {
            Some(Kind::Mark(c)) => Some(c),
            _ => None,
        }
    }

    /// Whether `at` is that mark.
    pub(super) fn is_mark(&self, at: usize, mark: char) -> bool {
        self.mark(at) == Some(mark)
    }

    /// What the word at `at` may mean.
    pub(super) fn senses(&self, at: usize) -> &'static [Sense] {
        match self.kind(at) {
            Some(Kind::Word(senses)) => senses,
            _ => &[],
        }
    }

    /// The first meaning of the word at `at` that `pick` takes, one of the context's language before all others.
    pub(super) fn sense<T>(&self, at: usize, pick: impl Fn(What) -> Option<T>) -> Option<T> {
        let senses = self.senses(at);
        let own = senses.iter().filter(|sense| Some(sense.language) == self.language);
        own.chain(senses).find_map(|sense| pick(sense.what))
    }

    /// Whether the word at `at` may mean `what`.
    pub(super) fn means(&self, at: usize, what: What) -> bool {
        self.senses(at).iter().any(|sense| sense.what == what)
    }

    /// The first token from `at` that is no space.
    pub(super) fn skip_space(&self, at: usize) -> usize {
        if self.kind(at) == Some(Kind::Space) { at + 1 } else { at }
    }

    /// The first token from `at` that `is_between` does not take; at most `most` are passed.
    pub(super) fn skip(&self, at: usize, most: usize, is_between: impl Fn(usize) -> bool) -> usize {
        let mut next = at;
        while next < at + most && next < self.tokens.len() && is_between(next) {
            next += 1;
        }
        next
    }

    /// Whether nothing lies between token `at` and the one before it.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        match (before, self.tokens.get(at)) {
            (Some(before), Some(token)) => before.range.end == token.range.start,
            _ => false,
        }
    }

    /// The mark or letter glued before `at`, if any: what a longer number, a version or an address would have there.
    pub(super) fn glued_before(&self, at: usize) -> Option<Kind> {
        if self.is_glued(at) { at.checked_sub(1).and_then(|before| self.kind(before)) } else { None }
    }
}
