//! Names: [`SourceId`] and [`FeedId`] as people write them, [`ArticleKey`] as the program makes it.
//!
//! Each is checked where it is made, so that a value of these types can stand in a path, a log line or a feed as it is.

use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest id accepted, in bytes: it becomes a path segment of the feed's URL.
const LONGEST: usize = 64;

/// Before a feed's id, what stands for the source of its digests.
const DIGEST: &str = "_digest-";

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// Nothing was written.
    #[error("an id cannot be empty")]
    Empty,
    /// A leading `_` is kept for the program's own feeds.
    #[error("a leading `_` is the program's own")]
    Reserved,
    /// More than 64 bytes.
    #[error("an id has at most 64 characters")]
    TooLong,
    /// A character outside `[a-z0-9_-]`, or a first one outside `[a-z0-9]`.
    #[error("an id is made of a-z, 0-9, `_` and `-`, and starts with a letter or digit")]
    Character,
}

fn checked(text: &str) -> Result<Arc<str>, BadId> {
    let first = text.chars().next().ok_or(BadId::Empty)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if first == '_' {
        return Err(BadId::Reserved);
    }
    if text.len() > LONGEST {
        return Err(BadId::TooLong);
    }
    if !plain(first) || !text.chars().all(|c| plain(c) || c == '_' || c == '-') {
        return Err(BadId::Character);
    }
    Ok(Arc::from(text))
}

/// The name of a source in feeds.toml: `[a-z0-9][a-z0-9_-]*`, at most 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId(Arc<str>);

/// The name of a feed: a `[[feed]]`'s own, or that of the source that it shows alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FeedId(Arc<str>);

impl SourceId {
    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands for the source of a feed's digests, which no page shows. Its leading `_` cannot be taken by a user's id.
    pub fn digest(feed: &FeedId) -> Self {
        Self(format!("{DIGEST}{feed}").into())
    }

    /// The id as it was stored: a user's, or the program's own.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn stored(text: &str) -> Result<Self, BadId> {
        match text.strip_prefix(DIGEST) {
            Some(feed) => Ok(Self::digest(&feed.parse()?)),
            None => text.parse(),
        }
    }
}

impl FeedId {
    /// The id of the feed that tells of sources which fail or fall silent. Its leading `_` cannot be taken by a user's id.
    pub const HEALTH: &str = "_health";

    /// The feed that tells of sources which fail or fall silent.
    pub fn health() -> Self {
        Self(Arc::from(Self::HEALTH))
    }

    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for SourceId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&SourceId> for FeedId {
    fn from(id: &SourceId) -> Self {
        Self(id.0.clone())
    }
}

impl FromStr for SourceId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        checked(text).map(Self)
    }
}

impl FromStr for FeedId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        checked(text).map(Self)
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The identity of an article: 128 bits of SHA-256, shaped as a version 8 UUID (RFC 9562, section 5.8).
///
/// It comes from the first canonical URL under which the article was seen, so a lost store gives readers the same ids again.
/// SHA-256 and not a faster hash, because strangers choose the URLs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArticleKey([u8; 16]);

impl ArticleKey {
    /// The key of `parts` within `scope`. Parts are kept apart by their lengths, so `["ab", "c"]` and `["a", "bc"]` differ.
    ///
    /// The scope is empty for what all sources share, and a source's id where identity must not cross sources.
    pub fn of(scope: &str, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(&scope).chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
        *version = (*version & 0x0f) | 0x80;
        *variant = (*variant & 0x3f) | 0x80;
        Self(bytes)
    }

    /// The sixteen bytes, as a store's key.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The key with these bytes, as read back from a store.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The public id, `urn:uuid:…` (RFC 9562, section 4), the same in every format and for ever.
    pub fn urn(&self) -> String {
        format!("urn:uuid:{self}")
    }
}

impl fmt::Display for ArticleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(36);
        for (place, byte) in self.0.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.extend([byte >> 4, byte & 0xf].into_iter().filter_map(|digit| char::from_digit(digit.into(), 16)));
        }
        f.write_str(&text)
    }
}

impl fmt::Debug for ArticleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ArticleKey {
    type Err = BadId;

    /// Reads a UUID with or without hyphens, with or without `urn:uuid:` before it.
    fn from_str(text: &str) -> Result<Self, BadId> {
        let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
        let digits = text.replace('-', "");
        if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BadId::Character);
        }
        let value = u128::from_str_radix(&digits, 16).map_err(|_| BadId::Character)?;
        Ok(Self(value.to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_names() {
        assert!("grid-2".parse::<SourceId>().is_ok());
        for (text, why) in [
            ("", BadId::Empty),
            ("_health", BadId::Reserved),
            ("../x", BadId::Character),
            ("Grid", BadId::Character),
            ("-x", BadId::Character),
            ("电网", BadId::Character),
        ] {
            assert_eq!(text.parse::<SourceId>(), Err(why), "{text}");
        }
        assert_eq!("a".repeat(65).parse::<FeedId>(), Err(BadId::TooLong));
    }

    #[test]
    fn a_key_is_a_uuid_and_reads_back() {
        let key = ArticleKey::of("", &["http://example.org/1"]);
        assert_eq!(key.urn(), "urn:uuid:".to_owned() + &key.to_string());
        assert_eq!(key.urn().parse(), Ok(key));
        assert_eq!(key.to_string().as_bytes()[14], b'8');
    }

    #[test]
    fn parts_and_scope_are_kept_apart() {
        let keys = [
            ArticleKey::of("", &["ab", "c"]),
            ArticleKey::of("", &["a", "bc"]),
            ArticleKey::of("a", &["b", "c"]),
            ArticleKey::of("", &["abc"]),
        ];
        for (n, a) in keys.iter().enumerate() {
            for b in keys.iter().skip(n + 1) {
                assert_ne!(a, b);
            }
        }
    }
}
