//! Bytes of a feed → [`Rendered`]: the same in every content coding, each with its strong ETag, made once per change
//! and when the first client asks for it: a feed that is read by one reader is compressed in one way.

use std::{
    io::Write,
    sync::{Arc, OnceLock},
    time::SystemTime,
};

use bytes::Bytes;
use http::HeaderValue;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A content coding (RFC 9110, section 8.4.1) in which bodies are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// The bytes as they are.
    Identity,
    /// gzip (RFC 1952).
    Gzip,
    /// Brotli (RFC 7932).
    Brotli,
    /// Zstandard (RFC 8878).
    Zstd,
}

impl Coding {
    /// The name in `Content-Encoding`; none for identity, which is never named there.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
        }
    }
}

/// Bytes in one coding, and the ETag that names exactly these bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The bytes.
    pub bytes: Bytes,
    /// Strong entity tag, quotes included (RFC 9110, section 8.8.3).
    pub etag: Arc<str>,
    /// The same as a header's value, which goes out with every answer.
    pub etag_line: HeaderValue,
}

impl Body {
    fn of(bytes: Vec<u8>, tag: &str, coding: Coding) -> Self {
        let etag = match coding.name() {
            None => format!("\"{tag}\""),
            Some(name) => format!("\"{tag}-{name}\""),
        };
        Self { bytes: Bytes::from(bytes), etag_line: line(&etag), etag: etag.into() }
    }
}

/// A feed's bytes in every coding.
#[derive(Debug)]
pub struct Rendered {
    /// `Content-Type`.
    pub media_type: &'static str,
    /// The latest change of the content.
    pub last_modified: Option<Timestamp>,
    /// The same as a header's value.
    pub modified_line: Option<HeaderValue>,
    /// What the entity tags of all codings begin with: the digest of the bytes.
    tag: Arc<str>,
    /// Its entries, as `news` marks them.
    pub(super) marks: Arc<[u64]>,
    identity: Body,
    gzip: OnceLock<Body>,
    brotli: OnceLock<Body>,
    zstd: OnceLock<Body>,
}

impl Rendered {
    /// `bytes` in every coding.
    pub fn new(bytes: Vec<u8>, media_type: &'static str, last_modified: Option<Timestamp>) -> Self {
        let tag: String = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self {
            media_type,
            last_modified,
            modified_line: last_modified.map(|at| line(&http_date(at))),
            marks: Arc::default(),
            identity: Body::of(bytes, &tag, Coding::Identity),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            zstd: OnceLock::new(),
            tag: tag.into(),
        }
    }

    /// What its entity tags begin with, whatever the coding.
    pub(super) fn tag(&self) -> &Arc<str> {
        &self.tag
    }

    /// The body in `coding`, which may take some milliseconds where it is the first of its coding: see [`Rendered::is_made`].
    pub fn body(&self, coding: Coding) -> &Body {
        match self.coded(coding) {
            None => &self.identity,
            Some(cell) => cell.get_or_init(|| Body::of(compress(&self.identity.bytes, coding), &self.tag, coding)),
        }
    }

    /// Whether the body in `coding` is there already.
    pub fn is_made(&self, coding: Coding) -> bool {
        self.coded(coding).is_none_or(|cell| cell.get().is_some())
    }

    fn coded(&self, coding: Coding) -> Option<&OnceLock<Body>> {
        match coding {
            Coding::Identity => None,
            Coding::Gzip => Some(&self.gzip),
            Coding::Brotli => Some(&self.brotli),
            Coding::Zstd => Some(&self.zstd),
        }
    }

    /// Bytes of memory that it takes, the same from the beginning on: a feed's text shrinks to a fourth or less, and so all three codings
    /// together are counted as if they were as large as it.
    pub fn weight(&self) -> usize {
        2 * self.identity.bytes.len() + size_of::<Self>()
    }
}

/// What the program made as a header's value. Entity tags and dates have only characters that may stand there.
fn line(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// An instant as HTTP writes it (RFC 9110, section 5.6.7). Years before 1970 cannot be written and become 1970.
fn http_date(at: Timestamp) -> String {
    httpdate::fmt_http_date(SystemTime::from(at.max(Timestamp::UNIX_EPOCH)))
}

/// `bytes` in `coding`, at the level where more time buys little.
pub fn compress(bytes: &[u8], coding: Coding) -> Vec<u8> {
    // Writing into memory cannot fail, so no branch below loses bytes.
    match coding {
        Coding::Identity => bytes.to_vec(),
        Coding::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
            let _ = encoder.write_all(bytes);
            encoder.finish().unwrap_or_default()
        }
        Coding::Brotli => {
            let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
            let _ = encoder.write_all(bytes);
            encoder.into_inner()
        }
        Coding::Zstd => zstd::bulk::compress(bytes, 6).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn every_coding_holds_the_same_and_has_its_own_tag() {
        let text = "电网 feed ".repeat(3000).into_bytes();
        let one = Rendered::new(text.clone(), "text/plain", None);
        let mut gzip = Vec::new();
        flate2::read::GzDecoder::new(&one.body(Coding::Gzip).bytes[..]).read_to_end(&mut gzip).unwrap();
        let mut brotli = Vec::new();
        brotli::Decompressor::new(&one.body(Coding::Brotli).bytes[..], 4096).read_to_end(&mut brotli).unwrap();
        let zstd = zstd::decode_all(&one.body(Coding::Zstd).bytes[..]).unwrap();
        assert!(gzip == text && brotli == text && zstd == text && one.body(Coding::Identity).bytes == text);

        let all = [Coding::Identity, Coding::Gzip, Coding::Brotli, Coding::Zstd];
        let tags: std::collections::HashSet<_> = all.iter().map(|coding| one.body(*coding).etag.clone()).collect();
        assert_eq!(tags.len(), 4);
        let again = Rendered::new(text.clone(), "text/plain", None);
        assert!(all.iter().all(|coding| again.body(*coding) == one.body(*coding)), "the same content, the same tags");
        assert!(one.weight() >= text.len() + one.body(Coding::Gzip).bytes.len());
        assert!(all.iter().all(|coding| one.body(*coding).etag_line == *one.body(*coding).etag));
    }

    #[test]
    fn dates_are_written_as_http_does() {
        let line = |at: Timestamp| Rendered::new(Vec::new(), "text/plain", Some(at)).modified_line.unwrap();
        assert_eq!(line("2026-11-22T10:00:00.9Z".parse().unwrap()), "Sun, 22 Nov 2026 10:00:00 GMT");
        assert_eq!(line(Timestamp::MIN), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(Rendered::new(Vec::new(), "text/plain", None).modified_line, None);
    }
}
