//! The index made again: after a loss, a fault or an older form, and made smaller or read through while visits go on.

use super::{
    super::{index::held::Pace, schema::Totals},
    *,
};

#[test]
fn an_index_that_fails_while_running_is_made_again_unnoticed() {
    let (_dir, store, written) = visited_twice();
    let broken = index::kv::Gone(Error::Damaged("the index".to_owned()));
    *store.shared.index.write().unwrap() = Arc::new(Index::new(Box::new(broken)));
    check(&store, &written);
    let broken = index::kv::Gone(Error::Damaged("the index".to_owned()));
    *store.shared.index.write().unwrap() = Arc::new(Index::new(Box::new(broken)));
    store.record(visit("grid", 300, vec![article("grid", 100, 300)])).unwrap();
    assert_eq!(store.count(&source("grid")), 42);
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
}

/// Gives the index the form of an older version, as far as opening looks at it.
fn age(dir: &Path) {
    let place = dir.join(INDEX);
    let (journal, _) =
        journal::Journal::open(Arc::new(RealDisk::default()), &dir.join(open::JOURNAL), 1 << 20).unwrap();
    let index = index::stored(&place, 1 << 20, journal.bodies()).unwrap();
    let old = codec::seal(1, &Totals { applied: 2, ..Totals::default() }).unwrap();
    index.give(&[(schema::place::TOTALS.to_vec(), old)].into()).unwrap();
    index.flush().unwrap();
}

#[test]
fn an_index_of_an_older_form_is_made_anew_on_a_copy_and_keeps_what_it_remembered() {
    let (dir, store, written) = visited_twice();
    store.keep("hub", b"subscribers").unwrap();
    store.close();
    fs::remove_file(dir.path().join("remembered")).unwrap();
    age(dir.path());
    let (store, opened) = open(dir.path(), &small());
    assert_eq!((opened.how, opened.articles), (How::Rescued, 41), "{opened:?}");
    assert!(opened.rescues[0].cause.contains("older version"), "{opened:?}");
    check(&store, &written);
    assert_eq!(store.kept("hub").unwrap().as_deref(), Some(&b"subscribers"[..]));
    store.close();
    assert_eq!(open(dir.path(), &small()).1.how, How::Clean);
}

#[test]
fn how_small_the_index_could_be_made_is_known_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &small());
    store.record(visit("grid", 100, (0..40).map(|n| article("grid", n, 100)).collect())).unwrap();
    assert_eq!(store.shared.index_compacted(), 0);
    store.shared.compact_index(Pace::Full).unwrap();
    let bytes = store.shared.index_compacted();
    assert!(bytes > 0);
    store.close();
    assert_eq!(open(dir.path(), &small()).0.shared.index_compacted(), bytes);
}

#[test]
fn visits_go_on_while_the_index_is_read_through() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &small());
    let written: Vec<_> = (0..40).map(|n| article("grid", n, 100)).collect();
    store.record(visit("grid", 100, written.clone())).unwrap();
    let later = article("grid", 40, 200);
    let read = store.shared.index().hold(Pace::Gentle, &mut |held| {
        let before = held.verify()?.unwrap();
        // Would wait for ever if the reading kept visits out.
        store.record(visit("grid", 200, vec![later.clone()])).unwrap();
        store.save_history(&source("grid"), &History { failures: 3, ..History::default() })?;
        assert_eq!(store.count(&source("grid")), 41);
        assert_eq!(held.verify()?.unwrap(), before);
        assert_eq!(before.articles, 40);
        Ok(())
    });
    read.unwrap();
    assert_eq!(store.shared.index().verify(Pace::Full).unwrap().unwrap().articles, 41);
}

#[test]
fn what_comes_while_the_index_is_made_smaller_is_in_the_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path(), &small());
    for part in 0..20 {
        let some = (part * 50..part * 50 + 50).map(|n| article("grid", n, 100)).collect();
        store.record(visit("grid", 100, some)).unwrap();
    }
    let ended = AtomicBool::new(false);
    let came = std::thread::scope(|scope| {
        let visits = scope.spawn(|| {
            let mut came = Vec::new();
            for n in 1000.. {
                let one = article("post", n, 200);
                store.record(visit("post", 200, vec![one.clone()])).unwrap();
                let history = History { failures: n, ..History::default() };
                store.save_history(&source("post"), &history).unwrap();
                came.push(one);
                if ended.load(Ordering::Relaxed) {
                    return came;
                }
            }
            came
        });
        for _ in 0..3 {
            store.shared.compact_index(Pace::Gentle).unwrap();
        }
        ended.store(true, Ordering::Relaxed);
        visits.join().unwrap()
    });
    assert!(store.shared.index_compacted() > 0, "none was made smaller");
    assert!(came.len() > 3, "visits waited");
    assert_eq!(store.count(&source("post")), came.len() as u64);
    assert_eq!(store.count(&source("grid")), 1000);
    let last = store.history(&source("post")).unwrap().unwrap().failures;
    assert_eq!(last as usize, came.len() + 999);
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
    store.close();
    assert_eq!(open(dir.path(), &small()).1.how, How::Clean);
}

#[test]
fn a_stop_between_the_steps_of_an_exchange_leaves_one_index_whole() {
    let (dir, store, written) = visited_twice();
    store.close();
    let at = |name: &str| dir.path().join(name);
    // Stopped while the new one grew; with the old one moved away; and while that was being removed.
    for step in 0..3 {
        match step {
            0 => fs::create_dir(at("index.new")).unwrap(),
            1 => fs::rename(at(INDEX), at("index.old")).unwrap(),
            _ => fs::create_dir(at("index.old")).unwrap(),
        }
        let (store, opened) = open(dir.path(), &small());
        assert_eq!(opened.how, How::Clean, "{step}: {opened:?}");
        check(&store, &written);
        assert!(!at("index.new").exists() && !at("index.old").exists());
        store.close();
    }
}

#[test]
fn what_is_remembered_survives_the_loss_of_the_index() {
    let (dir, store, written) = visited_twice();
    store.maintain(at(300)).unwrap();
    drop(store);
    fs::remove_dir_all(dir.path().join(INDEX)).unwrap();
    let (store, opened) = open(dir.path(), &small());
    assert_eq!(opened.how, How::Rebuilt);
    check(&store, &written);
}
