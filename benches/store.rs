//! How fast the store is: `cargo bench --bench store -- [ARTICLES]` (100,000 unless told). It prints a table and asserts nothing.
//!
//! Articles of about 0.9 KB come 40 a visit, each visit acknowledged by a sync; sled alone does the same work beside it.

#![expect(clippy::panic, reason = "a benchmark that cannot go on stops")]

use std::{path::Path, time::Instant};

use tearsheet::store::{Options, Store};

#[path = "store-compare/src/articles.rs"]
mod articles;

use articles::{SOURCES, VISIT, article, at, key, source, visit};

fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).map_or(0, |kib: u64| kib / 1024)
}

fn bytes(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => bytes(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

fn line(what: &str, count: u64, since: Instant) {
    let took = since.elapsed().as_secs_f64();
    println!("{what:<34} {:>9.0} a second   {took:>7.2} s   memory {} MB", count as f64 / took, memory());
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let total: u64 = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(100_000);
    let dir = tempfile::tempdir()?;
    let state = dir.path().join("state");
    let options = Options { max_items: 1_000_000, ..Options::default() };
    let visits = total / VISIT;
    let alone = visits / 2;

    let (store, _) = Store::open(&state, options.clone(), at(0))?;
    let start = Instant::now();
    for v in 0..alone {
        store.record(visit(v))?;
    }
    line("record, one visit at a time", alone * VISIT, start);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let store = &store;
            scope.spawn(move || {
                for v in (alone + thread..visits).step_by(16) {
                    if let Err(e) = store.record(visit(v)) {
                        panic!("{e}");
                    }
                }
            });
        }
    });
    line("record, 16 visits at a time", (visits - alone) * VISIT, start);
    let start = Instant::now();
    let mut found = 0;
    for n in (0..total).step_by(VISIT as usize) {
        let keys: Vec<_> = (n..n + VISIT).map(|n| if n % 20 == 0 { key(n + total) } else { key(n) }).collect();
        found += store.known(&keys)?.iter().flatten().count();
    }
    line("known, 95 % hits", total, start);
    println!("{:<34} {found} of {total}", "");
    let start = Instant::now();
    for v in 0..SOURCES {
        store.articles(&source(v), 50, None)?;
    }
    line("articles, 50 of a source", SOURCES * 50, start);
    let health = store.health();
    println!("{:<34} {health:?}", "");
    store.close();

    let start = Instant::now();
    let (store, opened) = Store::open(&state, options.clone(), at(0))?;
    line(&format!("open {:?}", opened.how), total, start);
    store.close();
    std::fs::remove_dir_all(state.join("index"))?;
    let start = Instant::now();
    let (store, opened) = Store::open(&state, options, at(0))?;
    line(&format!("open {:?}", opened.how), total, start);
    let start = Instant::now();
    store.examine()?;
    line("examine", total, start);
    println!("{:<34} {} MB on disk", "", bytes(&state) >> 20);
    let start = Instant::now();
    store.compact_index()?;
    line("compact index", total, start);
    println!("{:<34} {} MB on disk", "", bytes(&state) >> 20);
    store.close();

    let path = dir.path().join("sled");
    let sled = sled::Config::new().path(&path).cache_capacity(16 << 20).open()?;
    let start = Instant::now();
    for v in 0..visits {
        let mut batch = sled::Batch::default();
        for article in (v * VISIT..(v + 1) * VISIT).map(article) {
            batch.insert(&article.key.bytes()[..], postcard::to_allocvec(&article)?);
        }
        sled.apply_batch(batch)?;
        sled.flush()?;
        std::fs::File::open(path.join("db"))?.sync_all()?;
    }
    line("sled alone, one batch a visit", visits * VISIT, start);
    println!("{:<34} {} MB on disk", "", bytes(&path) >> 20);
    Ok(())
}
