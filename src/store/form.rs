//! Articles as sealed bytes and back, in every version that was ever written.
//!
//! A new field makes a new version, which wraps the one before; older ones stay readable.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, codec};
use crate::model::{Article, ArticleKey, CleanHtml, Moment, Origin, Precision, Sighting, SourceId};

/// Newest form of an article.
const ARTICLE_VERSION: u8 = 3;

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
            let source = SourceId::stored(&source).map_err(|_| damaged())?;
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
}
