//! Many virtual days of visits: the store stays as large as what it holds.

use tearsheet::store::{Options, Store};

use crate::world::{article, at, figure, small, visit};

#[test]
fn disk_use_follows_what_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let sources = figure(20, 500);
    let options = Options { max_items: 200, max_age: Some(std::time::Duration::from_secs(7 * 24 * 3600)), ..small() };
    let (store, _) = Store::open(dir.path(), options, at(0)).unwrap();
    let mut sizes = Vec::new();
    let mut n = 0_u64;
    for day in 0..30_u64 {
        for _ in 0..4 {
            for of in 0..sources {
                // Articles are numbered so that each belongs to one of seven sources.
                let written: Vec<_> = (0..5).map(|i| article((n + i) * 7 + of % 7, 0)).collect();
                n += 5;
                store.record(visit(n * 7 + of % 7, written)).unwrap();
            }
        }
        store.maintain(at(i64::try_from(n * 7 * 60).unwrap())).unwrap();
        let health = store.health();
        let live = health.article_bytes + (health.articles + health.removed) * 120;
        sizes.push((day, health.articles, live, health.journal_bytes, health.index_bytes));
    }
    for (day, articles, live, journal, index) in sizes.iter().filter(|size| size.0 % 6 == 5) {
        println!("day {day}: {articles} articles, {live} bytes live, journal {journal}, index {index}");
    }
    let (_, _, live, journal, _) = sizes[29];
    assert!(journal <= live * 2 + (1 << 20), "the journal has {journal} bytes for {live}");
    // sled's own overhead is large where values are small, as the graves of removed articles are.
    let (_, _, _, _, index) = sizes[29];
    assert!(index <= live * 5 + (2 << 20), "the index has {index} bytes for {live}");
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
}
