//! [`Plain`]: text and tags as nearly all pages write them → the tokenizer's tokens, for a fraction of its steps.
//!
//! The tokenizer steps through a page character by character, and most of what parsing costs goes there. Between two tags it
//! keeps nothing (the data state, HTML 13.2.5.1), so what follows may as well be read by leaps. Whatever is not plain (a
//! comment, a tag with odd attributes, a reference without its `;`) is left where it begins, for the tokenizer.
//!
//! - `tag`: start and end tags;
//! - `reference`: character references;
//! - `inside`: what `<script>` and its like hold, which is text up to their end tag.
//!
//! Invariant: the tokens are those that the tokenizer would give, but for how text is cut into pieces.

mod inside;
mod reference;
mod tag;

use html5ever::{LocalName, tendril::StrTendril, tokenizer::Token};

use super::{TooComplex, guard::Gate};
use reference::{Place, reference};

/// Longest text that is passed on at once, in bytes: within a table, each of its words is a call or more.
const TEXT: usize = 4096;

/// A page, and how much of it was read.
pub(super) struct Plain<'a> {
    text: &'a str,
    /// The same text, which tokens share.
    whole: StrTendril,
    at: usize,
}

impl<'a> Plain<'a> {
    /// Begins with `text`, which no tendril holds from 4 GiB on.
    pub(super) fn new(text: &'a str) -> Result<Self, TooComplex> {
        match u32::try_from(text.len()) {
            Ok(_) => Ok(Self { text, whole: StrTendril::from_slice(text), at: 0 }),
            Err(_) => Err(TooComplex::Bytes(u32::MAX as usize)),
        }
    }

    /// What was not read.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the next `length` bytes, which end between characters.
    pub(super) fn take(&mut self, length: usize) -> StrTendril {
        let from = self.at;
        self.at = (from + length).min(self.text.len());
        self.whole.subtendril(from as u32, (self.at - from) as u32)
    }

    /// Goes on from the data state, up to what is not plain or the end.
    pub(super) fn read(&mut self, gate: &Gate) -> Result<(), TooComplex> {
        while self.read_text(gate)? {
            let Some((tag, end)) = tag::read(&self.whole, self.at) else { break };
            self.at = end;
            gate.pass(Token::TagToken(tag))?;
        }
        Ok(())
    }

    /// Reads up to the next `<`. Whether there is one, with nothing before it that is not plain.
    fn read_text(&mut self, gate: &Gate) -> Result<bool, TooComplex> {
        let rest = self.rest().as_bytes();
        let bracket = memchr::memchr(b'<', rest);
        let end = self.at + bracket.unwrap_or(rest.len());
        while let Some(run) = self.text.get(self.at..end).filter(|run| !run.is_empty()) {
            let odd = memchr::memchr3(b'&', b'\r', b'\0', run.as_bytes()).unwrap_or(run.len());
            let token = match run.as_bytes() {
                _ if odd > 0 => self.take(run.floor_char_boundary(odd.min(TEXT))),
                // Newlines are normalized before all else (HTML 13.2.3.5).
                [b'\r', b'\n', ..] => {
                    self.at += 1;
                    self.take(1)
                }
                [b'\r', ..] => {
                    self.at += 1;
                    "\n".into()
                }
                [b'&', after @ ..] => {
                    let Some((text, length)) = reference(after, Place::Text) else { return Ok(false) };
                    self.at += 1 + length;
                    text
                }
                _ => return Ok(false),
            };
            gate.pass(Token::CharacterTokens(token))?;
        }
        Ok(bracket.is_some())
    }

    /// Goes on from inside a `name` whose text no tag interrupts, up to its end tag; nothing is read where that text is not plain.
    pub(super) fn read_inside(&mut self, name: &LocalName, gate: &Gate) -> Result<(), TooComplex> {
        match inside::length(self.rest().as_bytes(), name) {
            Some(length) if length > 0 => {
                let text = self.take(length);
                gate.pass(Token::CharacterTokens(text))
            }
            _ => Ok(()),
        }
    }
}
