//! Random damage to the files of a store that is not running: it opens, and serves nothing that was not written.

use std::{
    collections::BTreeMap,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use tearsheet::store::{How, Store};

use crate::world::{Back, Chance, article, at, copy, figure, read_back, small, visit};

const ARTICLES: u64 = 400;

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), found);
        } else if entry.metadata().unwrap().len() > 0 {
            found.push(entry.path());
        }
    }
}

/// Does one random harm and names it.
fn harm(dir: &Path, chance: &mut Chance) -> (&'static str, String) {
    let mut all = Vec::new();
    files(dir, &mut all);
    all.sort();
    let path = all[chance.below(all.len() as u64) as usize].clone();
    let mut bytes = fs::read(&path).unwrap();
    let len = bytes.len() as u64;
    let from = chance.below(len) as usize;
    let to = (from + 1 + chance.below(8192) as usize).min(bytes.len());
    let what = match chance.below(7) {
        0 => {
            for _ in 0..=chance.below(4) {
                let at = chance.below(len) as usize;
                bytes[at] ^= 1 << chance.below(8);
            }
            "flip"
        }
        1 => {
            bytes[from..to].fill(0);
            "zero"
        }
        2 => {
            bytes.truncate(from);
            "truncate"
        }
        3 => {
            let again = bytes[from..to].to_vec();
            bytes.splice(from..from, again);
            "duplicate"
        }
        4 => {
            let half = (to - from) / 2;
            let (a, b) = bytes[from..from + half * 2].split_at_mut(half);
            a.swap_with_slice(b);
            "swap"
        }
        5 => {
            bytes[from..to].iter_mut().for_each(|byte| *byte = chance.below(256) as u8);
            "noise"
        }
        _ => {
            fs::remove_file(&path).unwrap();
            return ("delete", path.strip_prefix(dir).unwrap().display().to_string());
        }
    };
    fs::write(&path, bytes).unwrap();
    (what, path.strip_prefix(dir).unwrap().display().to_string())
}

#[test]
fn damage_never_makes_a_wrong_value_and_one_place_of_it_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole");
    let (store, _) = Store::open(&whole, small(), at(0)).unwrap();
    for first in (0..ARTICLES).step_by(20) {
        store.record(visit(first, (first..first + 20).map(|n| article(n, 0)).collect())).unwrap();
        store.record(visit(first, vec![article(first, 1)])).unwrap();
    }
    store.close();
    let rounds = figure(150, 10_000);
    let mut chance = Chance(11);
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let mut ways: BTreeMap<String, u64> = BTreeMap::new();
    let (mut lost, mut wrong, mut errors) = (0, 0, 0);
    for round in 0..rounds {
        let hurt = dir.path().join("hurt");
        let _ = fs::remove_dir_all(&hurt);
        copy(&whole, &hurt);
        let twice = chance.below(5) == 0;
        let (what, file) = harm(&hurt, &mut chance);
        if twice {
            harm(&hurt, &mut chance);
        }
        *kinds.entry(what).or_default() += 1;
        let opened = catch_unwind(AssertUnwindSafe(|| Store::open(&hurt, small(), at(round as i64))));
        let (store, opened) = opened
            .unwrap_or_else(|_| panic!("round {round}: open panicked after {what} of {file}"))
            .unwrap_or_else(|e| panic!("round {round}: {e} after {what} of {file}"));
        assert_ne!(opened.how, How::ReadOnly, "round {round}: {what} of {file}: {opened:?}");
        *ways.entry(format!("{:?}", opened.how)).or_default() += 1;
        for n in 0..ARTICLES {
            match read_back(&store, n, u32::from(n % 20 == 0)) {
                Back::Right => {}
                Back::Wrong => wrong += 1,
                Back::Lost | Back::Stale if twice => lost += 1,
                back @ (Back::Lost | Back::Stale) => {
                    panic!("round {round}: article {n} is {back:?} after {what} of {file}: {opened:?}")
                }
                Back::Error => errors += 1,
            }
        }
        store.record(visit(0, vec![article(ARTICLES + 1, 0)])).unwrap();
        assert_eq!(read_back(&store, ARTICLES + 1, 0), Back::Right);
        store.close();
        let (store, again) = Store::open(&hurt, small(), at(round as i64)).unwrap();
        assert_eq!(again.how, How::Clean, "round {round}: not well the second time after {what} of {file}: {again:?}");
        assert_eq!(read_back(&store, ARTICLES + 1, 0), Back::Right);
        store.close();
    }
    println!(
        "damage: {rounds} rounds {kinds:?}; opened {ways:?}; lost (two damages only) {lost}, wrong {wrong}, errors {errors}"
    );
    assert_eq!((wrong, errors), (0, 0));
}
