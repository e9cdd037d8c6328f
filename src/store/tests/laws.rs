//! Laws: what is encoded comes back; nothing changed comes back as something else; playing a journal twice is playing it once.

use proptest::prelude::*;

use super::{at, open, small, source};
use crate::store::index::held::Pace;
use crate::{
    model::{Article, ArticleKey, CleanHtml, Moment, Origin, Precision, Sighting},
    store::{
        Error, History, Known, Visit,
        codec::{seal, unseal},
        index::{Index, kv::Memory},
        schema::{Record, open_article, seal_article},
    },
};

fn key() -> impl Strategy<Value = ArticleKey> {
    any::<[u8; 16]>().prop_map(ArticleKey::from_bytes)
}

fn moment() -> impl Strategy<Value = Moment> {
    let precision = prop_oneof![Just(Precision::Day), Just(Precision::Minute), Just(Precision::Second)];
    let origins = [
        Origin::List,
        Origin::Time,
        Origin::Meta,
        Origin::Data,
        Origin::Label,
        Origin::Text,
        Origin::Url,
        Origin::Feed,
        Origin::Http,
        Origin::FirstSeen,
    ];
    (-9_000_000_000_i64..9_000_000_000, -50_000..50_000_i32, precision, prop::sample::select(origins.to_vec()))
        .prop_map(|(second, offset, precision, origin)| Moment { at: at(second), offset, precision, origin })
}

prop_compose! {
    fn any_article()(
        key in key(), title in ".*", html in proptest::option::of(".{0,2000}"), published in moment(),
        seen in -9_000_000_000_i64..9_000_000_000, revision in any::<u32>(),
        authors in proptest::collection::vec(".*", 0..4), outlet in proptest::option::of(".*"),
        aliases in proptest::collection::vec(key(), 0..4),
        sightings in proptest::collection::vec(("[a-z0-9][a-z0-9_-]{0,20}", any::<u32>(), 0..9_000_000_000_i64), 1..4),
    ) -> Article {
        let mut sightings: Vec<_> = sightings
            .into_iter()
            .map(|(id, place, first)| Sighting { source: source(&id), place, first: at(first) })
            .collect();
        sightings.sort_by(|a, b| a.source.cmp(&b.source));
        sightings.dedup_by(|a, b| a.source == b.source);
        Article {
            key, url: format!("https://example.org/{title}"), title_cut: revision % 2 == 0, title, published,
            first_seen: at(seen), updated: at(seen), revision, summary: html.clone().map(CleanHtml::vouched),
            content: html.map(|html| CleanHtml::vouched(html.repeat(3))), image: outlet.clone(),
            categories: authors.clone(), authors, language: outlet.clone(), outlet, twin_of: aliases.first().copied(),
            twin_late: revision % 3 == 0, apart: aliases.clone(), aliases, sightings,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_article_comes_back_as_it_was(article in any_article()) {
        let sealed = seal_article(&article).unwrap();
        prop_assert_eq!(open_article(article.key.bytes(), &sealed).unwrap(), article);
    }

    #[test]
    fn a_changed_record_is_refused(article in any_article(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut sealed = seal_article(&article).unwrap();
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(open_article(article.key.bytes(), &sealed).is_err());
        let other = ArticleKey::of("", &["other"]);
        prop_assert!(open_article(other.bytes(), &seal_article(&article).unwrap()).is_err());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = open_article(&[0; 16], &bytes);
        let _: Result<Record, _> = unseal("a record", 1, &bytes);
    }

    #[test]
    fn playing_a_journal_again_changes_nothing(articles in proptest::collection::vec(any_article(), 1..12)) {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(dir.path(), &small());
        for (n, article) in articles.iter().enumerate() {
            let listed = vec![article.key];
            let visit = Visit {
                source: article.sightings[0].source.clone(), at: at(n as i64), written: vec![article.clone()], listed,
                history: Some(History::default()),
            };
            store.record(visit).unwrap();
        }
        let once = Index::new(Box::new(Memory::default()));
        let twice = Index::new(Box::new(Memory::default()));
        for (index, times) in [(&once, 1), (&twice, 2)] {
            for _ in 0..times {
                let mut player = index.player().unwrap();
                let writer = store.shared.lock_writer();
                let journal = writer.journal.as_ref().unwrap();
                journal.replay(0, &mut |seq, record| player.play(seq, &record)).unwrap();
                player.end().unwrap();
            }
        }
        prop_assert_eq!(once.totals().unwrap(), twice.totals().unwrap());
        prop_assert_eq!(once.totals().unwrap(), store.shared.index().totals().unwrap());
        assert!(once.verify(Pace::Full).unwrap().is_some());
    }
}

#[test]
fn a_newer_record_is_refused_in_words() {
    let error = unseal::<u32>("a thing", 1, &seal(2, &7_u32).unwrap()).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 2, known: 1, .. }), "{error}");
}

#[test]
fn a_buried_article_that_is_written_again_lives() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &crate::store::Options { max_items: 1, ..small() });
    let articles: Vec<_> = (0..5).map(|n| super::article("grid", n, i64::from(n))).collect();
    for article in &articles {
        store.record(super::visit("grid", 0, vec![article.clone()])).unwrap();
    }
    assert!(matches!(store.article(&articles[0].key).unwrap(), Some(Known::Buried { .. })));
    store.record(super::visit("grid", 9, vec![articles[0].clone()])).unwrap();
    assert!(matches!(store.article(&articles[0].key).unwrap(), Some(Known::Article(_))));
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
}
