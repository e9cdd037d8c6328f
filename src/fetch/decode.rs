//! Bytes → text.

use encoding_rs::{Encoding, UTF_8};
use url::Url;

/// A body as text.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// What it was read in.
    pub encoding: &'static Encoding,
    /// What the page's own declarations disagree about.
    pub conflict: Option<String>,
}

/// Reads `bytes` in the encoding that the byte order mark or the header names, else UTF-8.
pub fn decode(bytes: &[u8], declared: Option<&str>, _url: &Url) -> Decoded {
    let named = declared.and_then(|label| Encoding::for_label(label.as_bytes())).unwrap_or(UTF_8);
    let (text, encoding, _) = named.decode(bytes);
    Decoded { text: text.into_owned(), encoding, conflict: None }
}
