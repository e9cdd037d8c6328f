//! The store as its callers see it, on a real folder.

pub(super) mod chance;
mod full;
mod laws;
mod power;
mod remade;

use super::{disk::folder_bytes, open::INDEX, schema::Totals, *};
use crate::model::{CleanHtml, Moment, Origin, Precision, Sighting};

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

pub(super) fn source(id: &str) -> SourceId {
    id.parse().unwrap()
}

pub(super) fn small() -> Options {
    Options { reserve: 1 << 20, segment: 64 << 10, cache: 1 << 20, ..Options::default() }
}

/// An article whose every field is filled and depends on `n`.
pub(super) fn article(id: &str, n: u32, seen: i64) -> Article {
    Article {
        key: ArticleKey::of("", &[&format!("https://example.org/{n}.html")]),
        url: format!("https://example.org/{n}.html"),
        title: format!("Article number {n}: 电网建设"),
        title_cut: n.is_multiple_of(2),
        published: Moment { at: at(seen - 60), offset: 28_800, precision: Precision::Minute, origin: Origin::List },
        first_seen: at(seen),
        updated: at(seen),
        revision: 0,
        summary: Some(CleanHtml::vouched(format!("<p>summary of {n}</p>"))),
        content: n.is_multiple_of(3).then(|| CleanHtml::vouched(format!("<p>{n} paragraph of text</p>").repeat(40))),
        image: Some(format!("https://example.org/{n}.png")),
        authors: vec![format!("Author {n}")],
        categories: vec!["power".to_owned(), "电网".to_owned()],
        outlet: Some("南方电网报".to_owned()),
        language: Some("zh".to_owned()),
        aliases: vec![ArticleKey::of("guid", &[&n.to_string()])],
        twin_of: None,
        twin_late: false,
        apart: Vec::new(),
        sightings: vec![Sighting { source: source(id), place: n, first: at(seen) }],
    }
}

pub(super) fn visit(id: &str, seen: i64, written: Vec<Article>) -> Visit {
    let listed = written.iter().map(|article| article.key).collect();
    let history = History { url: format!("https://example.org/{id}/"), failures: 3, ..History::default() };
    Visit { source: source(id), at: at(seen), written, listed, history: Some(history) }
}

pub(super) fn open(dir: &Path, options: &Options) -> (Store, Opened) {
    Store::open(dir, options.clone(), at(0)).unwrap()
}

/// A store after two visits, and the forty articles of the first; the second brought one.
fn visited_twice() -> (tempfile::TempDir, Store, Vec<Article>) {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &small());
    let written: Vec<_> = (0..40).map(|n| article("grid", n, 100)).collect();
    store.record(visit("grid", 100, written.clone())).unwrap();
    store.record(visit("grid", 200, vec![article("grid", 99, 200)])).unwrap();
    (dir, store, written)
}

fn the(known: Option<Known>) -> Arc<Article> {
    match known {
        Some(Known::Article(article)) => article,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_recorded_comes_back_whole_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (store, opened) = open(dir.path(), &small());
    assert_eq!((opened.how, opened.articles), (How::Fresh, 0));
    let written: Vec<_> = (0..40).map(|n| article("grid", n, 100)).collect();
    store.record(visit("grid", 100, written.clone())).unwrap();
    store.record(visit("grid", 200, vec![article("grid", 99, 200)])).unwrap();
    check(&store, &written);
    store.close();
    let (store, opened) = open(dir.path(), &small());
    assert_eq!((opened.how, opened.articles), (How::Clean, 41));
    check(&store, &written);
}

#[test]
fn what_was_written_lately_is_told_once_the_last_first() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &small());
    store.record(visit("grid", 100, vec![article("grid", 1, 100), article("grid", 2, 100)])).unwrap();
    let mut shared = article("grid", 2, 100);
    shared.sightings.push(Sighting { source: source("wind"), place: 0, first: at(300) });
    store.record(visit("wind", 300, vec![shared, article("wind", 3, 300)])).unwrap();
    let key = |n| article("grid", n, 0).key;
    let since = |second| {
        let mut found = Vec::new();
        let mut look = |article: Article| {
            found.push((article.key, article.sightings.len()));
            ControlFlow::Continue(())
        };
        store.written_since(at(second), &mut look).unwrap();
        found
    };
    assert_eq!(since(100), [(key(2), 2), (key(3), 1), (key(1), 1)], "each as it is now");
    assert_eq!(since(300), [(key(2), 2), (key(3), 1)]);
    assert_eq!(since(301), []);
    assert_eq!([99, 100, 300].map(|since| store.shown_after(&source("wind"), at(since))), [2, 2, 0]);
    assert_eq!([99, 100].map(|since| store.shown_after(&source("grid"), at(since))), [2, 0]);
}

fn check(store: &Store, written: &[Article]) {
    let keys: Vec<_> = written.iter().map(|article| article.key).collect();
    let known = store.known(&keys).unwrap();
    assert_eq!(known.len(), written.len());
    for (known, written) in known.into_iter().zip(written) {
        assert_eq!(&*the(known), written);
        assert_eq!(&*the(store.article(&written.aliases[0]).unwrap()), written, "by its alias");
    }
    assert_eq!(store.article(&ArticleKey::of("", &["elsewhere"])).unwrap(), None);
    let order: Vec<_> = store.articles(&source("grid"), 3, None).unwrap().iter().map(|a| a.url.clone()).collect();
    assert_eq!(order, ["https://example.org/99.html", "https://example.org/0.html", "https://example.org/1.html"]);
    assert_eq!(store.articles(&source("grid"), 100, Some(at(150))).unwrap().len(), 1);
    assert_eq!(store.articles(&source("other"), 100, None).unwrap(), []);
    assert_eq!(store.count(&source("grid")), 41);
    assert_eq!(store.find_url("https://example.org/7.html").unwrap().unwrap().title, written[7].title);
    let found = store.search("7: NUMBER", 10).unwrap();
    assert!(found.len() == 4 && found.iter().all(|article| article.title.contains("7:")), "every word, in any order");
    assert!(found.is_sorted_by_key(|article| std::cmp::Reverse(article.published.at)), "newest first");
    assert_eq!(store.search("number 7:", 1).unwrap(), found[..1]);
    assert_eq!(store.history(&source("grid")).unwrap().unwrap().failures, 3);
    assert_eq!(store.sources_known().unwrap()[0].url, "https://example.org/grid/");
    assert_eq!(store.health().fault, None);
}

#[test]
fn a_lost_index_is_made_again_with_the_same_content() {
    let (dir, store, written) = visited_twice();
    let before = store.shared.index().totals().unwrap();
    drop(store);
    fs::remove_dir_all(dir.path().join(INDEX)).unwrap();
    let (store, opened) = open(dir.path(), &small());
    assert_eq!(opened.how, How::Rebuilt);
    assert_eq!(store.shared.index().totals().unwrap(), before);
    store.save_history(&source("grid"), &visit("grid", 0, vec![]).history.unwrap()).unwrap();
    check(&store, &written);
}

#[test]
fn a_lost_journal_is_given_back_by_its_copy() {
    let (dir, store, written) = visited_twice();
    store.close();
    fs::remove_dir_all(dir.path().join(open::JOURNAL)).unwrap();
    let (store, opened) = open(dir.path(), &small());
    assert_eq!(opened.how, How::Rescued);
    check(&store, &written);
    drop(store);
    fs::remove_dir_all(dir.path().join(INDEX)).unwrap();
    let (store, opened) = open(dir.path(), &small());
    assert_eq!((opened.how, opened.articles), (How::Rebuilt, 41));
    store.save_history(&source("grid"), &visit("grid", 0, vec![]).history.unwrap()).unwrap();
    check(&store, &written);
}

#[test]
fn a_second_process_is_told_who_the_first_is() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, _) = open(dir.path(), &small());
    let error = Store::open(dir.path(), small(), at(0)).unwrap_err();
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
}

#[test]
fn visits_that_end_together_share_syncs() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &small());
    let before = store.health().syncs;
    let threads: Vec<_> = (0..32)
        .map(|n| {
            let store = store.clone();
            std::thread::spawn(move || {
                store.record(visit("grid", n.into(), vec![article("grid", n, n.into())])).unwrap()
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let syncs = store.health().syncs - before;
    println!("32 visits, {syncs} syncs");
    assert!((1..32).contains(&syncs), "{syncs}");
    assert_eq!(store.count(&source("grid")), 32);
}

#[test]
fn an_article_found_twice_at_once_is_stored_once() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &small());
    let first = article("grid", 1, 100);
    let mut late = article("other", 1, 105);
    late.title = "Another title".to_owned();
    store.record(visit("grid", 100, vec![first.clone()])).unwrap();
    store.record(visit("other", 105, vec![late])).unwrap();
    let found = the(store.article(&first.key).unwrap());
    assert_eq!((&found.title, found.first_seen, found.sightings.len()), (&first.title, first.first_seen, 2));
    assert_eq!((store.count(&source("grid")), store.count(&source("other"))), (1, 1));
    assert_eq!(store.articles(&source("other"), 9, None).unwrap()[0].key, first.key);
    assert_eq!(store.health().articles, 1);
}

#[test]
fn a_visit_that_brings_nothing_new_is_not_journalled() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &small());
    let one = visit("grid", 100, vec![article("grid", 1, 100)]);
    store.record(one.clone()).unwrap();
    let before = store.health();
    store.record(one.clone()).unwrap();
    store
        .record(Visit {
            written: vec![],
            history: Some(History { failures: 9, ..one.history.clone().unwrap() }),
            ..one
        })
        .unwrap();
    let after = store.health();
    assert_eq!((after.journal_bytes, after.syncs), (before.journal_bytes, before.syncs));
    assert_eq!(store.history(&source("grid")).unwrap().unwrap().failures, 9);
}

#[test]
fn retention_leaves_graves_and_what_the_page_lists() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { max_items: 50, ..small() };
    let (store, _) = open(dir.path(), &options);
    let lasting = article("grid", 1_000, -500);
    let mut gone = Vec::new();
    for n in 0..20_u32 {
        let written: Vec<_> = (0..10).map(|m| article("grid", n * 10 + m, i64::from(n) * 100)).collect();
        gone.push(written[0].clone());
        let mut one = visit("grid", i64::from(n) * 100, written);
        if n == 0 {
            one.written.push(lasting.clone());
        }
        one.listed.push(lasting.key);
        store.record(one).unwrap();
    }
    assert!((50..=56).contains(&store.count(&source("grid"))), "{}", store.count(&source("grid")));
    assert_eq!(&*the(store.article(&lasting.key).unwrap()), &lasting);
    let buried = Some(Known::Buried { first_seen: gone[0].first_seen });
    assert_eq!(store.article(&gone[0].key).unwrap(), buried);
    assert_eq!(store.article(&gone[0].aliases[0]).unwrap(), buried);
    assert!(matches!(store.article(&gone[19].key).unwrap(), Some(Known::Article(_))));

    let before = store.shared.index().totals().unwrap();
    let bytes = store.health().journal_bytes;
    store.shared.compact_all(at(5_000)).unwrap();
    assert!(store.health().journal_bytes < bytes);
    drop(store);
    fs::remove_dir_all(dir.path().join(INDEX)).unwrap();
    let (store, _) = open(dir.path(), &options);
    // Compaction moved articles, so the marks differ.
    let after = store.shared.index().totals().unwrap();
    assert_eq!(after, Totals { fingerprint: after.fingerprint, ..before.clone() });
    assert_eq!(store.article(&gone[0].key).unwrap(), buried);

    store.shared.compact_all(at(500 * 24 * 3600)).unwrap();
    assert_eq!(store.article(&gone[0].key).unwrap(), None);
    drop(store);
    fs::remove_dir_all(dir.path().join(INDEX)).unwrap();
    let (store, _) = open(dir.path(), &options);
    assert_eq!(store.article(&gone[0].key).unwrap(), None, "compaction left no trace of it");
    assert_eq!(store.health().articles, before.articles);
}

#[test]
fn snapshots_are_made_once_a_day_and_the_newest_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &Options { snapshots: 2, ..small() });
    let folder = dir.path().join("snapshots");
    let names = || {
        let mut names: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let hours = |hours: u32| at(i64::from(hours) * 3600);
    for (n, hour) in [0, 5, 23, 24, 49].into_iter().enumerate() {
        store.record(visit("grid", 100 + n as i64, vec![article("grid", n as u32, 100 + n as i64)])).unwrap();
        store.maintain(hours(hour)).unwrap();
        if n == 2 {
            assert_eq!(names(), ["20231114T221320Z.backup"], "one a day");
            fs::write(folder.join("20231115T000000Z.backup.partial"), b"cut off").unwrap();
        }
    }
    assert_eq!(names(), ["20231115T221320Z.backup", "20231116T231320Z.backup"]);
    store.close();
    let restored = dir.path().join("restored");
    Store::restore(&folder.join("20231115T221320Z.backup"), &restored).unwrap();
    let (store, opened) = open(&restored, &small());
    assert_eq!(opened.articles, 4);
    drop(store);
    let (store, _) = open(dir.path(), &small());
    store.maintain(hours(200)).unwrap();
    assert_eq!(names().len(), 2, "none is made where none is wanted, and none is lost");
}

#[test]
fn a_store_grown_too_large_loses_its_oldest() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &Options { max_size: 30_000, ..small() });
    for n in 0..20_u32 {
        store
            .record(visit("grid", n.into(), (0..10).map(|m| article("grid", n * 10 + m, n.into())).collect()))
            .unwrap();
    }
    assert!(store.health().article_bytes > 30_000);
    store.maintain(at(10_000)).unwrap();
    let health = store.health();
    assert!((20_000..=30_000).contains(&health.article_bytes), "{health:?}");
    assert_eq!(health.articles + health.removed, 200);
    assert!(matches!(store.article(&article("grid", 0, 0).key).unwrap(), Some(Known::Buried { .. })));
    assert!(matches!(store.article(&article("grid", 199, 0).key).unwrap(), Some(Known::Article(_))));
}

#[test]
fn on_a_full_disk_it_serves_and_says_so() {
    let (dir, store, written) = visited_twice();
    store.close();
    let before = folder_bytes(&dir.path().join(open::JOURNAL));
    let (store, opened) = open(dir.path(), &Options { reserve: u64::MAX, ..small() });
    assert_eq!((opened.how, opened.articles), (How::ReadOnly, 41));
    let error = store.record(visit("grid", 300, vec![article("grid", 100, 300)])).unwrap_err();
    assert!(error.is_full() && error.to_string().contains("MiB are free"), "{error}");
    let health = store.health();
    assert!(health.fault.is_some_and(|(cause, cure)| cause.contains("MiB are free") && cure.contains("served")));
    assert_eq!(store.count(&source("grid")), 41);
    assert_eq!(&*the(store.article(&written[3].key).unwrap()), &written[3]);
    assert_eq!(folder_bytes(&dir.path().join(open::JOURNAL)), before);
}

#[test]
fn damage_in_the_journal_while_it_runs_is_met_by_its_copy() {
    let (dir, store, written) = visited_twice();
    let file = dir.path().join(open::JOURNAL).join("00000001.log");
    let mut bytes = fs::read(&file).unwrap();
    let (from, to) = (bytes.len() / 4, bytes.len() / 2);
    bytes[from..to].fill(0x55);
    let mut hurt = fs::OpenOptions::new().write(true).open(&file).unwrap();
    std::io::Write::write_all(&mut hurt, &bytes).unwrap();
    check(&store, &written);
    store.shared.scrub().unwrap();
    assert!(store.health().rescues.iter().any(|rescue| rescue.cure.contains("from its copy")), "{:?}", store.health());
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
    check(&store, &written);
}
