//! What stored things look like: [`Record`] in the journal, `form` within it, `place` (keys of the index) and their values.
//!
//! These structs mirror the model on purpose: the model may change, what is on disk may not. A changed form gets a new version, and
//! the old one stays readable here.

use serde::{Deserialize, Serialize};

use super::codec::Block;
pub(super) use super::form::{open_article, seal_article};

/// Newest form of a journal record, and of the journal as a whole.
pub(super) const RECORD_VERSION: u8 = 1;

/// One journal record: what happened, in a form that may be played again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Record {
    /// A visit that brought something.
    Visit(VisitRecord),
    /// Articles that retention removed.
    Buried(Vec<Grave>),
}

/// What a visit brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct VisitRecord {
    /// The source's id.
    pub(super) source: String,
    /// The source's main address then.
    pub(super) url: String,
    /// Unix seconds.
    pub(super) at: i64,
    /// Whole articles, new or changed.
    pub(super) articles: Vec<Entry>,
    /// All keys that the page lists now; absent where they are the same as before.
    pub(super) listed: Option<Vec<[u8; 16]>>,
}

/// An article in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Its key, so that compaction need not open the rest.
    pub(super) key: [u8; 16],
    /// The sealed article.
    pub(super) sealed: Block,
}

/// Where an article's sealed bytes are: in which record, and about where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Body {
    /// The record's number.
    pub(super) seq: u64,
    /// Bytes of the record's payload before the [`Entry`]. Compaction shortens records, so this is a hint.
    pub(super) at: u32,
    /// Bytes of the entry.
    pub(super) len: u32,
}

impl Body {
    /// Bytes of the sealed article alone.
    pub(super) fn sealed_bytes(&self) -> u64 {
        let rest = u64::from(self.len).saturating_sub(16);
        (1..=5)
            .map(|length| rest.saturating_sub(length))
            .find(|sealed| varint_len(*sealed) as u64 + sealed == rest)
            .unwrap_or(rest)
    }
}

fn varint_len(value: u64) -> usize {
    // Seven bits a byte.
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

fn text_len(text: &str) -> usize {
    varint_len(text.len() as u64) + text.len()
}

impl VisitRecord {
    /// Where each article is in the encoded record with the number `seq`.
    pub(super) fn bodies(&self, seq: u64) -> impl Iterator<Item = Body> {
        let zigzag = ((self.at << 1) ^ (self.at >> 63)).cast_unsigned();
        // The first byte says which kind of record it is.
        let before = 1 + text_len(&self.source) + text_len(&self.url) + varint_len(zigzag);
        let mut at = before + varint_len(self.articles.len() as u64);
        self.articles.iter().map(move |entry| {
            let len = 16 + varint_len(entry.sealed.0.len() as u64) + entry.sealed.0.len();
            // No record is as long as that; and a wrong hint only costs time.
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let body = Body { seq, at: number(at), len: number(len) };
            at += len;
            body
        })
    }
}

/// The sealed article of an encoded [`Entry`], if it is one with this key.
pub(super) fn open_entry<'a>(key: &[u8; 16], entry: &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = entry.strip_prefix(key)?;
    let mut len = 0_usize;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, after) = rest.split_first()?;
        rest = after;
        len |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return rest.get(..len);
        }
    }
    None
}

/// What is left of an article that retention removed, so that a page which still lists it does not bring it back as new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Grave {
    /// The article's key.
    pub(super) key: [u8; 16],
    /// Unix seconds at which the article was first seen.
    pub(super) first_seen: i64,
    /// Unix seconds at which it was removed.
    pub(super) buried: i64,
    /// Its other identities.
    pub(super) aliases: Vec<[u8; 16]>,
}

/// Keys of the index. All that belongs to one visit is in one tree, told apart by the first byte.
///
/// ```text
/// a key                                 → seq · place and length in the record · crc32c u32
/// b number u64                          → sealed list of graves, each with its seq
/// l key                                 → the key that it is an alias of
/// s source 0 newest-first u64           → sealed list of places on the page and keys
/// m source                              → sealed SourceNote
/// g source                              → sealed list of the keys that the page lists
/// h source                              → sealed History (outside the fingerprint)
/// h 0 name                              → sealed bytes   (outside the fingerprint)
/// z                                     → sealed Totals  (outside the fingerprint)
/// ```
pub(super) mod place {
    /// An article.
    pub(in crate::store) fn article(key: &[u8; 16]) -> Vec<u8> {
        with(b'a', key)
    }

    /// All entries of graves.
    pub(in crate::store) const GRAVES: &[u8] = b"b";

    /// An entry of graves.
    pub(in crate::store) fn graves(number: u64) -> Vec<u8> {
        with(b'b', &number.to_be_bytes())
    }

    /// An alias.
    pub(in crate::store) fn alias(key: &[u8; 16]) -> Vec<u8> {
        with(b'l', key)
    }

    /// All sightings of a source.
    pub(in crate::store) fn seen_all(source: &str) -> Vec<u8> {
        let mut key = with(b's', source.as_bytes());
        key.push(0);
        key
    }

    /// What a source showed first in one second; the newest come first.
    pub(in crate::store) fn seen(source: &str, first: i64) -> Vec<u8> {
        let mut key = seen_all(source);
        key.extend_from_slice(&newest_first(first).to_be_bytes());
        key
    }

    /// The second of a key that [`seen`] made.
    pub(in crate::store) fn read_seen(key: &[u8]) -> Option<i64> {
        let (_, at) = key.split_last_chunk::<8>()?;
        Some(newest_first_back(u64::from_be_bytes(*at)))
    }

    /// What is known of a source.
    pub(in crate::store) fn note(source: &str) -> Vec<u8> {
        with(b'm', source.as_bytes())
    }

    /// What a source's page lists.
    pub(in crate::store) fn listed(source: &str) -> Vec<u8> {
        with(b'g', source.as_bytes())
    }

    /// A source's history.
    pub(in crate::store) fn history(source: &str) -> Vec<u8> {
        with(b'h', source.as_bytes())
    }

    /// What is kept under a name. No source's id begins with NUL.
    pub(in crate::store) fn kept(name: &str) -> Vec<u8> {
        with(b'h', format!("\0{name}").as_bytes())
    }

    /// The totals.
    pub(in crate::store) const TOTALS: &[u8] = b"z";

    fn with(kind: u8, rest: &[u8]) -> Vec<u8> {
        let mut key = Vec::with_capacity(1 + rest.len() + 32);
        key.push(kind);
        key.extend_from_slice(rest);
        key
    }

    /// Orders seconds downwards as unsigned big-endian bytes.
    fn newest_first(second: i64) -> u64 {
        !(second.cast_unsigned() ^ (1 << 63))
    }

    fn newest_first_back(code: u64) -> i64 {
        ((!code) ^ (1 << 63)).cast_signed()
    }
}

/// What is known of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SourceNote {
    /// Its main address at the last visit that stored something.
    pub(super) url: String,
    /// Articles that it showed.
    pub(super) articles: u64,
    /// Unix seconds of the last visit that stored something.
    pub(super) at: i64,
    /// Sequence number of the record that holds its present list.
    pub(super) listed_seq: u64,
}

/// What is known of the whole index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    /// The last journal record in it.
    pub(super) applied: u64,
    /// Sum of a hash of every key and value: an entry that is lost, stale or too many shows.
    pub(super) fingerprint: u64,
    /// Articles.
    pub(super) articles: u64,
    /// Bytes of sealed articles.
    pub(super) bytes: u64,
    /// Graves.
    pub(super) graves: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sightings_sort_newest_first() {
        let made = |at| place::seen("grid", at);
        assert!(made(100) < made(99));
        assert!(made(1) < made(-1));
        assert_eq!(place::read_seen(&made(-77)), Some(-77));
        assert!(made(5).starts_with(&place::seen_all("grid")));
        assert!(!place::seen("grid2", 5).starts_with(&place::seen_all("grid")));
    }

    #[test]
    fn articles_are_where_their_record_says() {
        for (at, size) in [(0, 1), (-5, 127), (1_700_000_000, 128), (i64::MIN, 20_000), (i64::MAX, 3)] {
            let entry = |n: u8| Entry { key: [n; 16], sealed: Block(vec![n; size + usize::from(n)]) };
            for count in [1, 127, 128, 200] {
                let articles: Vec<_> = (0..count).map(entry).collect();
                let url = "u".repeat(size.min(300));
                let visit = VisitRecord { source: "grid".to_owned(), url, at, articles, listed: Some(vec![[7; 16]]) };
                let record = Record::Visit(visit.clone());
                let bytes = postcard::to_allocvec(&record).unwrap();
                for (body, entry) in visit.bodies(9).zip(&visit.articles) {
                    let piece = &bytes[body.at as usize..][..body.len as usize];
                    assert_eq!(body.sealed_bytes(), entry.sealed.0.len() as u64);
                    assert_eq!(open_entry(&entry.key, piece), Some(&entry.sealed.0[..]), "{at} {size} {count}");
                }
            }
        }
        assert_eq!(open_entry(&[1; 16], &[1; 16]), None);
        assert_eq!(open_entry(&[1; 16], &[[1_u8; 16], [0xff; 16]].concat()), None);
    }
}
