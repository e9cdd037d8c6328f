//! Bytes of a page → text, and the encoding that they were in.
//!
//! - [`decode`] asks, in this order: a byte order mark, the `charset` of Content-Type, the page's own `<meta>` or XML prolog,
//!   and then the bytes themselves. A claim that the bytes contradict is overruled, and [`Decoded::conflict`] says so;
//! - `claim` finds what the page says of itself, and knows names that the standard's list of labels lacks;
//! - `guess` reads the bytes; `sense` tells words from noise, without a dictionary.
//!
//! Invariant: no bytes fail; what no encoding explains becomes U+FFFD.

mod claim;
mod guess;
mod sense;

use encoding_rs::{Encoding, UTF_8};
use url::Url;

use crate::reading::text;
use guess::Wide;

/// Characters of an unknown label that a message repeats.
const LONGEST_LABEL: usize = 40;

/// A page's bytes as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// What the bytes were read as. GB2312 and GBK are read as GB18030, of which they are parts (WHATWG Encoding, 10.1).
    pub encoding: &'static Encoding,
    /// What was claimed and is not so, in words.
    pub conflict: Option<String>,
}

/// Reads bytes as text.
///
/// `declared` is the `charset` of Content-Type; the country of `url`'s host helps a guess.
pub fn decode(bytes: &[u8], declared: Option<&str>, url: &Url) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes).filter(|_| !bytes.starts_with(&[0xFF, 0xFE, 0, 0])) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return Decoded { text: text.into_owned(), encoding, conflict: None };
    }
    if let Some(wide) = Wide::of(bytes) {
        return match wide {
            Wide::Utf16(encoding) => read(bytes, encoding, None),
            // No encoding of the web; queries of such a page are UTF-8, as the standard has it for UTF-16.
            Wide::Utf32(text) => Decoded { text, encoding: UTF_8, conflict: None },
        };
    }
    let mut refused = None;
    let claims = [("the server", declared.map(str::to_owned)), ("the page itself", claim::of(bytes))];
    for (who, label) in claims {
        let Some(label) = label.filter(|label| !label.trim().is_empty()) else { continue };
        let Some(encoding) = claim::known(&label) else {
            refused.get_or_insert_with(|| format!("{who} names a charset that is not known, {}", shown(&label)));
            continue;
        };
        if guess::fits(bytes, encoding) {
            let conflict = refused.take().map(|claim: String| format!("{claim}, but it is {}", encoding.name()));
            return read(bytes, encoding, conflict);
        }
        refused.get_or_insert_with(|| format!("{who} says that it is {}", encoding.name()));
    }
    let encoding = guess::guess(bytes, url);
    read(bytes, encoding, refused.map(|claim| format!("{claim}, but it is {}", encoding.name())))
}

/// A label as a page wrote it, fit for a message.
fn shown(label: &str) -> String {
    text::printable(&text::cut(label, LONGEST_LABEL)).into_owned()
}

fn read(bytes: &[u8], encoding: &'static Encoding, conflict: Option<String>) -> Decoded {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding, conflict }
}

#[cfg(test)]
mod tests;
