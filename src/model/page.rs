//! [`Page`]: a fetched, decoded document with the address that it came from and its [`Validators`].

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use url::Url;

/// What the host gave to ask "has it changed?" with (RFC 9110, section 8.8), byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, quotes and `W/` included.
    pub etag: Option<String>,
    /// `Last-Modified` as sent.
    pub last_modified: Option<String>,
}

/// A document as it was fetched and decoded.
#[derive(Debug, Clone)]
pub struct Page {
    /// The address asked for.
    pub asked: Url,
    /// The address that answered, after redirects; links are relative to it.
    pub url: Url,
    /// Media type in lower case without parameters; empty if none was given.
    pub media_type: String,
    /// The bytes after content coding was undone. XML readers want these: XML names its own encoding.
    pub bytes: Vec<u8>,
    /// The bytes as text.
    pub text: String,
    /// The encoding that `text` was read in; queries of links are written in it (WHATWG URL, section 4.3).
    pub encoding: &'static Encoding,
    /// `Content-Language`'s first tag.
    pub language: Option<String>,
    /// For the next conditional request.
    pub validators: Validators,
}
