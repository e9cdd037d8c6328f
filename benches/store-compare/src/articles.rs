//! Made-up articles of about 0.9 KB, 40 a visit, for the benchmarks of the store.

use jiff::Timestamp;
use tearsheet::{
    model::{Article, ArticleKey, CleanHtml, History, Moment, Origin, Precision, Sighting, SourceId},
    store::Visit,
};

/// Articles of a visit.
pub(crate) const VISIT: u64 = 40;
/// Sources that take turns.
pub(crate) const SOURCES: u64 = 500;

/// A second of the benchmark's time.
pub(crate) fn at(second: u64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + i64::try_from(second).unwrap_or(0)).unwrap_or_default()
}

/// The key of article `n`.
pub(crate) fn key(n: u64) -> ArticleKey {
    ArticleKey::of("", &[&format!("https://example.org/news/2026/{n}.html")])
}

/// The source of visit `visit`.
pub(crate) fn source(visit: u64) -> SourceId {
    match format!("source-{}", visit % SOURCES).parse() {
        Ok(id) => id,
        Err(e) => panic!("{e}"),
    }
}

/// Article `n`.
pub(crate) fn article(n: u64) -> Article {
    let seen = at(n);
    // Words that differ from article to article, so that it compresses as text does.
    let word = |i: u64| format!("{:x} ", n.wrapping_mul(0x9e37_79b9).wrapping_add(i * i * 7919) % 50_021);
    Article {
        key: key(n),
        url: format!("https://example.org/news/2026/{n}.html"),
        title: (0..8).map(word).collect(),
        title_cut: false,
        published: Moment { at: seen, offset: 28_800, precision: Precision::Minute, origin: Origin::List },
        first_seen: seen,
        updated: seen,
        revision: 0,
        summary: Some(CleanHtml::vouched((8..130).map(word).collect())),
        content: None,
        image: Some(format!("https://example.org/pictures/{n}.jpg")),
        authors: vec![],
        categories: vec!["news".to_owned()],
        outlet: None,
        language: Some("en".to_owned()),
        aliases: vec![],
        twin_of: None,
        twin_late: false,
        apart: Vec::new(),
        sightings: vec![Sighting { source: source(n / VISIT), place: 0, first: seen }],
    }
}

/// Visit `v`, which brings 40 new articles.
pub(crate) fn visit(v: u64) -> Visit {
    let written: Vec<_> = (v * VISIT..(v + 1) * VISIT).map(article).collect();
    let listed = written.iter().map(|article| article.key).collect();
    Visit { source: source(v), at: at(v * VISIT), written, listed, history: Some(History::default()) }
}
