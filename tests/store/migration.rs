//! The power goes while a store of an older format is brought to the new one: whatever of the new files reached the disk, it opens whole.

use std::{collections::BTreeMap, fs, path::Path};

use tearsheet::store::{How, Store};

use crate::world::{Back, Chance, at, copy, figure, frozen, held_by_format_1, quick, read_back, small};

/// Leaves of a folder that was not synced what a file system may leave of it.
fn forget(dir: &Path, chance: &mut Chance) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            forget(&path, chance);
            continue;
        }
        let mut bytes = fs::read(&path).unwrap();
        let cut = chance.below(bytes.len() as u64 + 1) as usize;
        match chance.below(4) {
            0 => fs::remove_file(&path).unwrap(),
            1 => {
                bytes.truncate(cut);
                fs::write(&path, bytes).unwrap();
            }
            2 => {
                bytes[cut..].fill(0);
                fs::write(&path, bytes).unwrap();
            }
            _ => {}
        }
    }
}

#[test]
fn the_power_goes_during_a_migration() {
    let dir = tempfile::tempdir().unwrap();
    let at_ = |name: &str| dir.path().join(name);
    copy(&frozen(1), &at_("new"));
    Store::open(&at_("new"), small(), at(0)).unwrap().0.close();
    let rounds = figure(quick(60, 300), 2_000);
    let mut chance = Chance(5);
    let mut ways: BTreeMap<String, u64> = BTreeMap::new();
    let mut compared = 0;
    for round in 0..rounds {
        let state = at_("state");
        let _ = fs::remove_dir_all(&state);
        copy(&frozen(1), &state);
        // What is new beside the index: copies of the journal, and what is remembered.
        for entry in fs::read_dir(at_("new")).unwrap().flatten() {
            let name = entry.file_name();
            if name == "index" || name == "journal" || name == "lock" || chance.below(3) == 0 {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &state.join(&name));
                forget(&state.join(&name), &mut chance);
            }
        }
        let (index, growing, old) = (state.join("index"), state.join("index.new"), state.join("index.old"));
        let step = match chance.below(4) {
            0 => {
                copy(&at_("new").join("index"), &growing);
                forget(&growing, &mut chance);
                "growing"
            }
            1 => {
                fs::rename(&index, &old).unwrap();
                copy(&at_("new").join("index"), &growing);
                forget(&growing, &mut chance);
                "moved away"
            }
            2 => {
                fs::rename(&index, &old).unwrap();
                copy(&at_("new").join("index"), &index);
                forget(&index, &mut chance);
                "exchanged"
            }
            _ => {
                copy(&index, &old);
                fs::remove_dir_all(&index).unwrap();
                copy(&at_("new").join("index"), &index);
                forget(&old, &mut chance);
                "removing"
            }
        };
        let (store, opened) = Store::open(&state, small(), at(0)).unwrap();
        assert_ne!(opened.how, How::ReadOnly, "round {round}, {step}: {opened:?}");
        for (n, revision) in held_by_format_1() {
            assert_eq!(read_back(&store, n, revision), Back::Right, "round {round}, {step}: article {n}: {opened:?}");
            compared += 1;
        }
        let health = store.health();
        assert_eq!((health.articles, health.removed), (89, 11), "round {round}, {step}: {opened:?}");
        assert_eq!(store.examine().unwrap().faults, Vec::<String>::new(), "round {round}, {step}");
        store.close();
        let (store, again) = Store::open(&state, small(), at(0)).unwrap();
        assert_eq!(again.how, How::Clean, "round {round}, {step}: {again:?}");
        store.close();
        *ways.entry(format!("{step}: {:?}", opened.how)).or_default() += 1;
    }
    println!("power cuts in a migration: {rounds} ({ways:?}), {compared} articles compared, 0 lost, 0 wrong");
}
