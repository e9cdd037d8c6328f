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
    /// The place in the list of tables of the context's language.
    pub(super) language: Option<u8>,
    /// The tag of that language, or of the one that the text's words are of.
    pub(super) tag: &'a str,
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

    /// The first meaning of the word at `at` that `pick` takes.
    pub(super) fn sense<T>(&self, at: usize, pick: impl Fn(What) -> Option<T>) -> Option<T> {
        self.senses(at).iter().find_map(|sense| pick(sense.what))
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

/// Leaves of each word's meanings those of the text's language, if it has any there: the language that knows most of
/// the words, the context's counting double, the earlier table of two equals. Gives its place, and
/// whether that took any meaning away.
pub(super) fn settle(tokens: &mut [Token], own: Option<u8>) -> (Option<u8>, bool) {
    let mut votes = [0_u32; 128];
    let mut vote = |language: u8, weight: u32| {
        if let Some(count) = votes.get_mut(usize::from(language)) {
            *count += weight;
        }
    };
    if let Some(own) = own {
        vote(own, 2);
    }
    for token in tokens.iter() {
        let Kind::Word(senses) = token.kind else { continue };
        let mut last = None;
        for sense in senses {
            if last != Some(sense.language) {
                vote(sense.language, 1);
                last = Some(sense.language);
            }
        }
    }
    let mut winner = (0, 0);
    for (language, count) in (0_u8..).zip(votes) {
        if count > winner.1 {
            winner = (language, count);
        }
    }
    let mut narrower = false;
    for token in tokens {
        let Kind::Word(senses) = token.kind else { continue };
        // Meanings stand in the order of the tables.
        let start = senses.partition_point(|sense| sense.language < winner.0);
        let end = senses.partition_point(|sense| sense.language <= winner.0);
        if start < end && end - start < senses.len() {
            token.kind = Kind::Word(senses.get(start..end).unwrap_or(senses));
            narrower = true;
        }
    }
    ((winner.1 > 0).then_some(winner.0), narrower)
}
