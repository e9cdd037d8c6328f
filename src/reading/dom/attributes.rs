//! [`OpenTag`]: how many attributes a tag has before it is closed.
//!
//! The tokenizer compares each attribute with all before it and tells nobody until the tag's `>`. So a tag that goes on for
//! long is read here too, by the attribute states of the HTML standard (13.2.5.32 to 13.2.5.40).

use super::TooComplex;

/// Most attributes of one tag. Real pages stay below a hundred.
const MOST: usize = 1_000;

/// Bytes of an open tag that are not worth a look: they cannot hold more than [`MOST`] attributes.
const SHORT: usize = 2 * MOST;

/// A tag (or comment, which has no attributes) that the tokenizer has begun and not yet ended.
#[derive(Default)]
pub(super) struct OpenTag {
    text: String,
    state: State,
    attributes: usize,
    length: usize,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum State {
    /// Before the `<`.
    #[default]
    Start,
    /// After `<`.
    Open,
    /// After `</`.
    Close,
    TagName,
    /// No tag but a comment or the like.
    Other,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    DoubleQuoted,
    SingleQuoted,
    Unquoted,
}

impl OpenTag {
    /// Goes on with `text`, which the tokenizer read without a word.
    pub(super) fn read(&mut self, text: &str) -> Result<(), TooComplex> {
        self.length += text.len();
        if self.length <= SHORT {
            self.text.push_str(text);
            return Ok(());
        }
        let begun = std::mem::take(&mut self.text);
        self.go_on(begun.as_bytes());
        self.go_on(text.as_bytes());
        if self.attributes > MOST { Err(TooComplex::Tag(MOST)) } else { Ok(()) }
    }

    /// Steps over `bytes`, and leaps over what holds no attribute: long comments and values are common.
    fn go_on(&mut self, mut bytes: &[u8]) {
        loop {
            let next = match self.state {
                State::Other => None,
                State::DoubleQuoted => memchr::memchr(b'"', bytes),
                State::SingleQuoted => memchr::memchr(b'\'', bytes),
                _ => Some(0),
            };
            let Some((byte, rest)) = next.and_then(|at| bytes.get(at..)?.split_first()) else { return };
            self.step(*byte);
            bytes = rest;
        }
    }

    fn step(&mut self, byte: u8) {
        use State::{
            AfterName, BeforeName, BeforeValue, Close, DoubleQuoted, Name, Open, Other, SingleQuoted, Start, TagName,
            Unquoted,
        };
        let space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c');
        self.state = match (self.state, byte) {
            (Start, b'<') => Open,
            (Open, b'/') => Close,
            (Open | Close, b'a'..=b'z' | b'A'..=b'Z') => TagName,
            (Start | Open | Close | Other, _) => Other,
            (DoubleQuoted, b'"') | (SingleQuoted, b'\'') => BeforeName,
            (DoubleQuoted | SingleQuoted, _) => self.state,
            (TagName | Unquoted, _) if space => BeforeName,
            (TagName, b'/') => BeforeName,
            (TagName | Unquoted, _) => self.state,
            (BeforeValue, b'"') => DoubleQuoted,
            (BeforeValue, b'\'') => SingleQuoted,
            (BeforeValue, _) if space => BeforeValue,
            (BeforeValue, _) => Unquoted,
            (Name, b'=') => BeforeValue,
            (Name | AfterName | BeforeName, b'/') => BeforeName,
            (Name | AfterName, _) if space => AfterName,
            (AfterName, b'=') => BeforeValue,
            (Name, _) => Name,
            (BeforeName, _) if space => BeforeName,
            // A name may begin with `=`.
            (BeforeName | AfterName, _) => {
                self.attributes += 1;
                Name
            }
        };
    }
}
