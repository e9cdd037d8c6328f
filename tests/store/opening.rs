//! Opening a large store: after an orderly stop it is not read through, and after any other stop it is.

use std::time::{Duration, Instant};

use tearsheet::store::{How, Options, Store};

use crate::world::{Back, article, at, figure, quick, read_back, small, visit};

/// A store as the program has it, with so many articles.
fn fill(dir: &std::path::Path, articles: u64) -> Options {
    let options = Options { segment: 8 << 20, cache: 16 << 20, ..small() };
    let (store, _) = Store::open(dir, options.clone(), at(0)).unwrap();
    for first in (0..articles).step_by(400) {
        let written = (first..articles.min(first + 400)).map(|n| article(n, 0)).collect();
        store.record(visit(first, written)).unwrap();
    }
    store.close();
    options
}

/// Opens, asks once, and says how long both took.
fn open(dir: &std::path::Path, options: &Options) -> (Store, Duration) {
    let start = Instant::now();
    let (store, opened) = Store::open(dir, options.clone(), at(0)).unwrap();
    assert_eq!(read_back(&store, 77, 0), Back::Right);
    let took = start.elapsed();
    assert_eq!((opened.how, opened.rescues), (How::Clean, Vec::new()));
    (store, took)
}

#[test]
fn an_orderly_stop_makes_the_next_start_quick() {
    let articles = figure(quick(3_000, 20_000), 100_000);
    let dir = tempfile::tempdir().unwrap();
    let options = fill(dir.path(), articles);
    let mark = dir.path().join("clean");
    let (mut quick, mut careful) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        assert!(mark.exists(), "an orderly stop leaves its mark");
        let (store, took) = open(dir.path(), &options);
        assert!(!mark.exists(), "the mark is good for one start");
        quick = quick.min(took);
        // The next start reads the index through, as after a stop at any moment.
        drop(store);
        let (store, took) = open(dir.path(), &options);
        careful = careful.min(took);
        store.close();
    }
    println!("{articles} articles: opened in {quick:?} after an orderly stop, in {careful:?} after another one");
    if !cfg!(debug_assertions) {
        assert!(quick < careful * 3 / 4, "{quick:?} is not much less than {careful:?}");
    }
}
