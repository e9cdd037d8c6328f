//! What stored things look like: [`Record`] in the journal, [`ArticleForm`] within it, `place` (keys of the index) and their values.
//!
//! These structs mirror the model on purpose: the model may change, what is on disk may not. A changed form gets a new version, and
//! the old one stays readable here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Error,
    codec::{self, Block},
};
use crate::model::{Article, ArticleKey, CleanHtml, Moment, Origin, Precision, Sighting, SourceId};

/// Newest form of an article.
pub(super) const ARTICLE_VERSION: u8 = 3;
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
    /// The sealed [`ArticleForm`].
    pub(super) sealed: Block,
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

/// An article as stored, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ArticleForm {
    key: [u8; 16],
    url: String,
    title: String,
    title_cut: bool,
    published: (i64, i32, u8, u8),
    first_seen: i64,
    updated: i64,
    revision: u32,
    summary: Option<String>,
    content: Option<String>,
    image: Option<String>,
    authors: Vec<String>,
    categories: Vec<String>,
    outlet: Option<String>,
    language: Option<String>,
    aliases: Vec<[u8; 16]>,
    sightings: Vec<(String, u32, i64)>,
}

/// An article as stored, version 2: the same, and the article that told its story first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ArticleForm2(ArticleForm, Option<[u8; 16]>);

/// An article as stored, version 3: the same, whether it was known to tell it only later, and what a person told apart from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ArticleForm3(ArticleForm2, bool, Vec<[u8; 16]>);

/// Codes on disk, by place in the list; new ones go to the end.
const PRECISIONS: [Precision; 3] = [Precision::Day, Precision::Minute, Precision::Second];
const ORIGINS: [Origin; 10] = [
    Origin::FirstSeen,
    Origin::List,
    Origin::Time,
    Origin::Meta,
    Origin::Data,
    Origin::Label,
    Origin::Text,
    Origin::Url,
    Origin::Feed,
    Origin::Http,
];

fn code<T: PartialEq>(list: &[T], value: &T) -> u8 {
    list.iter().position(|known| known == value).and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

fn instant(what: &str, second: i64) -> Result<Timestamp, Error> {
    Timestamp::from_second(second).map_err(|_| Error::Damaged(what.to_owned()))
}

/// The sealed bytes of an article.
pub(super) fn seal_article(article: &Article) -> Result<Vec<u8>, Error> {
    let html = |html: &Option<CleanHtml>| html.as_ref().map(|html| html.as_str().to_owned());
    let moment = &article.published;
    let form = ArticleForm {
        key: *article.key.bytes(),
        url: article.url.clone(),
        title: article.title.clone(),
        title_cut: article.title_cut,
        published: (
            moment.at.as_second(),
            moment.offset,
            code(&PRECISIONS, &moment.precision),
            code(&ORIGINS, &moment.origin),
        ),
        first_seen: article.first_seen.as_second(),
        updated: article.updated.as_second(),
        revision: article.revision,
        summary: html(&article.summary),
        content: html(&article.content),
        image: article.image.clone(),
        authors: article.authors.clone(),
        categories: article.categories.clone(),
        outlet: article.outlet.clone(),
        language: article.language.clone(),
        aliases: article.aliases.iter().map(|key| *key.bytes()).collect(),
        sightings: article
            .sightings
            .iter()
            .map(|seen| (seen.source.as_str().to_owned(), seen.place, seen.first.as_second()))
            .collect(),
    };
    let form = ArticleForm2(form, article.twin_of.map(|key| *key.bytes()));
    let apart = article.apart.iter().map(|key| *key.bytes()).collect();
    codec::seal(ARTICLE_VERSION, &ArticleForm3(form, article.twin_late, apart))
}

/// The article that `sealed` holds, which must be the one with `key`.
pub(super) fn open_article(key: &[u8; 16], sealed: &[u8]) -> Result<Article, Error> {
    const WHAT: &str = "an article's record";
    let damaged = || Error::Damaged(WHAT.to_owned());
    let (version, plain) = codec::unseal_bytes(WHAT, ARTICLE_VERSION, sealed)?;
    let ArticleForm3(ArticleForm2(form, twin_of), twin_late, apart) = match version {
        1 => ArticleForm3(ArticleForm2(codec::parse(WHAT, &plain)?, None), false, Vec::new()),
        2 => ArticleForm3(codec::parse(WHAT, &plain)?, false, Vec::new()),
        _ => codec::parse(WHAT, &plain)?,
    };
    if &form.key != key {
        return Err(damaged());
    }
    let (at, offset, precision, origin) = form.published;
    let published = Moment {
        at: instant(WHAT, at)?,
        offset,
        precision: PRECISIONS.get(usize::from(precision)).copied().ok_or_else(damaged)?,
        origin: ORIGINS.get(usize::from(origin)).copied().ok_or_else(damaged)?,
    };
    let sightings = form
        .sightings
        .into_iter()
        .map(|(source, place, first)| {
            let source = source.parse::<SourceId>().map_err(|_| damaged())?;
            Ok(Sighting { source, place, first: instant(WHAT, first)? })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Article {
        key: ArticleKey::from_bytes(form.key),
        url: form.url,
        title: form.title,
        title_cut: form.title_cut,
        published,
        first_seen: instant(WHAT, form.first_seen)?,
        updated: instant(WHAT, form.updated)?,
        revision: form.revision,
        summary: form.summary.map(CleanHtml::vouched),
        content: form.content.map(CleanHtml::vouched),
        image: form.image,
        authors: form.authors,
        categories: form.categories,
        outlet: form.outlet,
        language: form.language,
        aliases: form.aliases.into_iter().map(ArticleKey::from_bytes).collect(),
        twin_of: twin_of.map(ArticleKey::from_bytes),
        twin_late,
        apart: apart.into_iter().map(ArticleKey::from_bytes).collect(),
        sightings,
    })
}

/// Keys of the index. All that belongs to one visit is in one tree, told apart by the first byte.
///
/// ```text
/// a key                                 → state u8 · seq u64 · sealed article, or sealed Grave
/// l key                                 → the key that it is an alias of
/// s source 0 newest-first u64 place key → nothing
/// m source                              → sealed SourceNote
/// g source                              → sealed list of the keys that the page lists
/// h source                              → sealed History (outside the fingerprint)
/// h 0 name                              → sealed bytes   (outside the fingerprint)
/// z                                     → sealed Totals  (outside the fingerprint)
/// ```
pub(super) mod place {
    /// An article or its grave.
    pub(in crate::store) fn article(key: &[u8; 16]) -> Vec<u8> {
        with(b'a', key)
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

    /// One sighting: newest first, then by place on the page.
    pub(in crate::store) fn seen(source: &str, first: i64, at: u32, article: &[u8; 16]) -> Vec<u8> {
        let mut key = seen_all(source);
        key.extend_from_slice(&newest_first(first).to_be_bytes());
        key.extend_from_slice(&at.to_be_bytes());
        key.extend_from_slice(article);
        key
    }

    /// The instant and the article of a sighting's key.
    pub(in crate::store) fn read_seen(key: &[u8]) -> Option<(i64, [u8; 16])> {
        let (rest, article) = key.split_last_chunk::<16>()?;
        let (rest, _) = rest.split_last_chunk::<4>()?;
        let (_, at) = rest.split_last_chunk::<8>()?;
        Some((newest_first_back(u64::from_be_bytes(*at)), *article))
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
    fn articles_of_older_versions_open_and_were_never_told_apart() {
        let key = [7; 16];
        let form = ArticleForm {
            key,
            url: "http://example.org/1".to_owned(),
            title: "title".to_owned(),
            title_cut: false,
            published: (100, 0, 2, 1),
            first_seen: 100,
            updated: 100,
            revision: 0,
            summary: None,
            content: None,
            image: None,
            authors: Vec::new(),
            categories: Vec::new(),
            outlet: None,
            language: None,
            aliases: Vec::new(),
            sightings: vec![("grid".to_owned(), 0, 100)],
        };
        let first = codec::seal(1, &form).unwrap();
        let second = codec::seal(2, &ArticleForm2(form, Some([9; 16]))).unwrap();
        for (sealed, twin_of) in [(first, None), (second, Some(ArticleKey::from_bytes([9; 16])))] {
            let article = open_article(&key, &sealed).unwrap();
            assert_eq!((article.twin_of, article.twin_late, article.apart.as_slice()), (twin_of, false, &[][..]));
            assert_eq!(open_article(&key, &seal_article(&article).unwrap()).unwrap(), article);
        }
    }

    #[test]
    fn sightings_sort_newest_first_then_by_place() {
        let key = [7; 16];
        let made = |at, n| place::seen("grid", at, n, &key);
        assert!(made(100, 5) < made(99, 0));
        assert!(made(100, 0) < made(100, 1));
        assert!(made(1, 0) < made(-1, 0));
        assert_eq!(place::read_seen(&made(-77, 3)), Some((-77, key)));
        assert!(made(5, 0).starts_with(&place::seen_all("grid")));
        assert!(!place::seen("grid2", 5, 0, &key).starts_with(&place::seen_all("grid")));
    }
}
