//! Stores and backups of other formats: older ones open with the same content, newer ones are refused in words.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tearsheet::store::{Error, How, Known, Store};

use crate::world::{Back, article, at, copy, figure, frozen, held_by_format_1, read_back, setting, small, visit};

/// Makes the frozen store of the present format: run once when a format is released, never again.
#[test]
#[ignore = "writes into the repository"]
fn freeze() {
    let Some(to) = setting("STORE_FREEZE").map(PathBuf::from) else { return };
    let dir = tempfile::tempdir().unwrap();
    let options = tearsheet::store::Options { max_items: 30, ..small() };
    let (store, _) = Store::open(dir.path(), options, at(0)).unwrap();
    for first in (0..60).step_by(10) {
        store.record(visit(first, (first..first + 10).map(|n| article(n, 0)).collect())).unwrap();
    }
    store.record(visit(3, vec![article(3, 1)])).unwrap();
    let mut many = visit(70, (70..110).map(|n| article(n * 7, 0)).collect());
    many.listed.truncate(2);
    store.record(many).unwrap();
    store.close();
    copy(&dir.path().join("journal"), &to.join("journal"));
    copy(&dir.path().join("index"), &to.join("index"));
}

#[test]
fn a_store_of_format_1_opens_with_the_same_content() {
    let dir = tempfile::tempdir().unwrap();
    copy(&frozen(1), dir.path());
    let (store, opened) = Store::open(dir.path(), small(), at(0)).unwrap();
    assert_eq!(opened.how, How::Rescued, "{opened:?}");
    assert!(opened.rescues[0].cause.contains("older version"), "{opened:?}");
    for (n, revision) in held_by_format_1() {
        assert_eq!(read_back(&store, n, revision), Back::Right, "article {n}");
    }
    let health = store.health();
    assert_eq!((health.articles, health.removed), (89, 11));
    let gone = store.article(&article(0, 0).key).unwrap();
    assert_eq!(gone, Some(Known::Buried { first_seen: article(0, 0).first_seen }));
    store.record(visit(1, vec![article(10_000, 0)])).unwrap();
    assert_eq!(read_back(&store, 10_000, 0), Back::Right);
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_newer_journal_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    copy(&frozen(1), dir.path());
    let file = dir.path().join("journal/00000001.log");
    let mut bytes = fs::read(&file).unwrap();
    bytes[8] = 200;
    let sum = crc32c::crc32c(&bytes[..25]).to_le_bytes();
    bytes[25..29].copy_from_slice(&sum);
    fs::write(&file, &bytes).unwrap();
    let error = Store::open(dir.path(), small(), at(0)).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 200, .. }), "{error}");
    assert!(error.to_string().contains("newer program"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[test]
fn a_backup_taken_while_visits_go_on_restores_what_was_acknowledged_before() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(&dir.path().join("state"), small(), at(0)).unwrap();
    for n in 0..200 {
        store.record(visit(n, vec![article(n, 0)])).unwrap();
    }
    let file = dir.path().join("backup");
    let rounds = figure(5, 100);
    let (mut compared, mut amid) = (0, 0);
    for round in 0..rounds {
        let start = 1_000 + round * 1_000;
        let other = store.clone();
        let acknowledged = Arc::new(AtomicU64::new(start));
        let counted = acknowledged.clone();
        let writing = std::thread::spawn(move || {
            for n in start..start + 60 {
                other.record(visit(n, vec![article(n, 0)])).unwrap();
                counted.store(n + 1, Ordering::SeqCst);
                if n % 10 == 0 {
                    other.compact(at(0)).unwrap();
                }
            }
        });
        while acknowledged.load(Ordering::SeqCst) < start + 5 + round % 40 {
            std::thread::yield_now();
        }
        let before = acknowledged.load(Ordering::SeqCst);
        store.backup(&file).unwrap();
        amid += u64::from(!writing.is_finished());
        writing.join().unwrap();
        let restored = dir.path().join(format!("restored-{round}"));
        Store::restore(&file, &restored).unwrap();
        let (again, _) = Store::open(&restored, small(), at(0)).unwrap();
        let earlier = (0..round).flat_map(|round| 1_000 + round * 1_000..1_060 + round * 1_000);
        for n in (0..200).chain(earlier).chain(start..before) {
            assert_eq!(read_back(&again, n, 0), Back::Right, "article {n} was acknowledged before the backup");
            compared += 1;
        }
        for n in before..start + 60 {
            assert!(matches!(read_back(&again, n, 0), Back::Right | Back::Lost), "article {n}");
        }
        assert_eq!(again.examine().unwrap().faults, Vec::<String>::new());
        again.close();
        let refused = Store::restore(&file, &restored).unwrap_err();
        assert!(refused.to_string().contains("holds a store already"), "{refused}");
    }
    let whole = fs::read(&file).unwrap();
    let hurt = dir.path().join("hurt");
    let mut refused = 0;
    for at in (0..whole.len()).step_by(whole.len() / 300) {
        let mut bytes = whole.clone();
        if at % 2 == 0 {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 0x10;
        }
        fs::write(&hurt, bytes).unwrap();
        let target = dir.path().join("nothing");
        assert!(Store::restore(&hurt, &target).is_err(), "changed at {at}");
        assert!(!target.join("journal").exists());
        refused += 1;
    }
    println!(
        "backup: {rounds} taken, {amid} of them with visits still going on at the end, and restored: {compared} articles compared, 0 lost, 0 wrong; {refused} cut or changed ones refused"
    );
    let mut newer = whole.clone();
    newer[8] = 9;
    let end = newer.len() - 32;
    let hash = <sha2::Sha256 as sha2::Digest>::digest(&newer[..end]);
    newer[end..].copy_from_slice(&hash);
    fs::write(&hurt, newer).unwrap();
    let error = Store::restore(&hurt, &dir.path().join("nothing")).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 9, .. }), "{error}");
}

#[test]
fn the_doctor_finds_hidden_damage_and_cures_it() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(dir.path(), small(), at(0)).unwrap();
    for first in (0..600).step_by(20) {
        store.record(visit(first, (first..first + 20).map(|n| article(n, 0)).collect())).unwrap();
    }
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
    store.close();
    let file = dir.path().join("journal/00000001.log");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let (store, _, checkup) = Store::doctor(dir.path(), small(), at(0)).unwrap();
    assert!(!checkup.faults.is_empty() && checkup.faults.iter().all(|fault| fault.ends_with("(cured)")), "{checkup:?}");
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
    store.compact_index().unwrap();
    for n in 0..600 {
        assert_eq!(read_back(&store, n, 0), Back::Right, "article {n} after the index was made anew");
    }
    store.close();
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let (store, _) = Store::open(dir.path(), small(), at(0)).unwrap();
    for n in 0..600 {
        assert_eq!(read_back(&store, n, 0), Back::Right, "article {n}");
    }
}
