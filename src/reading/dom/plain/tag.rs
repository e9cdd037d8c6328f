//! Tags that are plain: names of letters, values in quotes or of one word (HTML 13.2.5.6 to 13.2.5.40).

use std::ops::Range;

use html5ever::{
    Attribute, LocalName, QualName, ns,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind},
};

use super::{
    super::guard::FEW,
    inside,
    reference::{Place, reference},
};

/// The tag at `from` of `whole`, and where it ends; `None` where it is not plain.
pub(super) fn read(whole: &StrTendril, from: usize) -> Option<(Tag, usize)> {
    let mut cursor = Cursor { text: whole, at: from };
    cursor.skip(b'<').then_some(())?;
    let kind = if cursor.skip(b'/') { TagKind::EndTag } else { TagKind::StartTag };
    cursor.peek().filter(u8::is_ascii_alphabetic)?;
    let name = cursor.name()?;
    if inside::changes_state(&name) {
        return None;
    }
    let mut tag = Tag { kind, name, self_closing: false, attrs: Vec::new(), had_duplicate_attributes: false };
    loop {
        let spaces = cursor.skip_spaces();
        tag.self_closing = cursor.skip(b'/');
        if cursor.skip(b'>') {
            return Some((tag, cursor.at));
        }
        if tag.self_closing {
            return None;
        }
        if spaces == 0 || kind == TagKind::EndTag || tag.attrs.len() == FEW {
            return None;
        }
        let name = QualName::new(None, ns!(), cursor.name()?);
        let after = cursor.at;
        cursor.skip_spaces();
        let value = if cursor.skip(b'=') {
            cursor.skip_spaces();
            let place = cursor.value()?;
            value(whole, place)?
        } else {
            // These spaces part it from the next one.
            cursor.at = after;
            StrTendril::new()
        };
        if tag.attrs.iter().any(|it| it.name == name) {
            tag.had_duplicate_attributes = true;
        } else {
            tag.attrs.push(Attribute { name, value });
        }
    }
}

/// The value that stands at `place`, its references resolved.
fn value(whole: &StrTendril, place: Range<usize>) -> Option<StrTendril> {
    let mut rest = whole.get(place.clone())?;
    if memchr::memchr3(b'&', b'\r', b'\0', rest.as_bytes()).is_none() {
        return Some(whole.subtendril(place.start as u32, place.len() as u32));
    }
    let mut value = StrTendril::new();
    while let Some(at) = memchr::memchr3(b'&', b'\r', b'\0', rest.as_bytes()) {
        let (before, after) = (rest.get(..at)?, rest.get(at..)?.strip_prefix('&')?);
        // The reference may end with the value.
        let (text, length) = reference(after.as_bytes(), Place::Value)?;
        value.push_slice(before);
        value.push_tendril(&text);
        rest = after.get(length..)?;
    }
    value.push_slice(rest);
    Some(value)
}

/// A place in a tag.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over `byte`, if it comes next.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes the bytes that `is_part` up to one that is not; `None` where the page ends before.
    fn take_while(&mut self, is_part: impl Fn(u8) -> bool) -> Option<Range<usize>> {
        let length = self.text.as_bytes().get(self.at..)?.iter().position(|byte| !is_part(*byte))?;
        let from = self.at;
        self.at += length;
        Some(from..self.at)
    }

    /// How many spaces it stepped over.
    fn skip_spaces(&mut self) -> usize {
        self.take_while(is_space).map_or(0, |spaces| spaces.len())
    }

    fn name(&mut self) -> Option<LocalName> {
        let place = self.take_while(|byte| NAME.get(usize::from(byte)).is_some_and(|is_part| *is_part))?;
        let name = self.text.get(place).filter(|name| !name.is_empty())?;
        Some(match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => LocalName::from(name.to_ascii_lowercase()),
            false => LocalName::from(name),
        })
    }

    /// Where the value after `=` stands, without its quotes.
    fn value(&mut self) -> Option<Range<usize>> {
        if let Some(quote @ (b'"' | b'\'')) = self.peek() {
            let from = self.at + 1;
            let length = memchr::memchr(quote, self.text.as_bytes().get(from..)?)?;
            self.at = from + length + 1;
            return Some(from..from + length);
        }
        let is_odd = |byte: u8| matches!(byte, b'"' | b'\'' | b'<' | b'=' | b'`');
        let place = self.take_while(|byte| !is_space(byte) && byte != b'>' && !is_odd(byte))?;
        (!place.is_empty() && !self.peek().is_some_and(is_odd)).then_some(place)
    }
}

/// Whether a byte may stand in a plain name.
#[expect(clippy::indexing_slicing, reason = "a place outside of a constant array would not compile")]
const NAME: [bool; 256] = {
    let mut name = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        name[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'-' | b'_' | b':' | b'.' | b'@');
        byte += 1;
    }
    name
};

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}
