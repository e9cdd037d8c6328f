//! kill -9 at any moment: in opening, writing, compacting, rebuilding.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    sync::mpsc,
    thread,
    time::Duration,
};

use tearsheet::store::Store;

use crate::world::{Back, Chance, article, at, child, child_dir, figure, read_back, say, setting, small, visit};

/// Works without end: visits from four threads, each with new and changed articles; now and then a compaction.
#[test]
#[ignore = "started by its parent, which kills it"]
fn child_works() {
    let Some(dir) = child_dir() else { return };
    let from: u64 = setting("STORE_FROM").unwrap().parse().unwrap();
    say("in open");
    let (store, opened) = Store::open(&dir, small(), at(0)).unwrap();
    say(&format!("opened {:?}", opened.how));
    say("in write");
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let store = store.clone();
            thread::spawn(move || {
                let mut chance = Chance(from + thread);
                let mut next = from + thread * 10_000;
                loop {
                    let first = next;
                    next += 1 + chance.below(6);
                    let mut written: Vec<_> = (first..next).map(|n| article(n, 0)).collect();
                    if first > from + thread * 10_000 {
                        written.push(article(first - 1, 1));
                    }
                    store.record(visit(first, written)).unwrap();
                    let tried: Vec<_> = (first..next).map(|n| n.to_string()).collect();
                    say(&format!("acknowledged {} {}", tried.join(","), first.wrapping_sub(1)));
                }
            })
        })
        .collect();
    let mut chance = Chance(from);
    loop {
        thread::sleep(Duration::from_millis(15));
        match chance.below(4) {
            0 => {
                say("in backup");
                store.backup(&dir.with_extension("backup")).unwrap();
            }
            1 => {
                say("in index compaction");
                store.compact_index().unwrap();
            }
            _ => {
                say("in compaction");
                store.compact(at(0)).unwrap();
            }
        }
        say("in write");
        if threads.iter().any(thread::JoinHandle::is_finished) {
            return;
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let cycles = figure(100, 10_000);
    let mut chance = Chance(7);
    let mut moments: BTreeMap<String, u64> = BTreeMap::new();
    let (mut acknowledged, mut inside, mut opened) = (0, 0, BTreeMap::<String, u64>::new());
    let dir = tempfile::tempdir().unwrap();
    let mut state = dir.path().join("0");
    let mut known: BTreeMap<u64, u32> = BTreeMap::new();
    for cycle in 0..cycles {
        if cycle % 25 == 0 {
            // A fresh folder now and then keeps the check short.
            state = dir.path().join(cycle.to_string());
            known.clear();
        }
        let rebuild = chance.below(5) == 0;
        if rebuild {
            let _ = std::fs::remove_dir_all(state.join("index"));
        }
        let from = 1 + cycle * 40_000;
        let mut process = child("kill::child_works", &state).env("STORE_FROM", from.to_string()).spawn().unwrap();
        let (send, lines) = mpsc::channel();
        let out = BufReader::new(process.stdout.take().unwrap());
        let reader = thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| send.send(line).unwrap()));
        // The clock starts when the store is being opened.
        let mut moment = String::new();
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(20)) {
            if line == "in open" {
                moment = line;
                break;
            }
        }
        let longest = if chance.below(3) == 0 { 8_000 } else { 80_000 };
        thread::sleep(Duration::from_micros(chance.below(longest)));
        process.kill().unwrap();
        process.wait().unwrap();
        reader.join().unwrap();
        for line in lines.try_iter() {
            if line.starts_with("in ") {
                moment = line;
            } else if let Some(how) = line.strip_prefix("opened ") {
                *opened.entry(how.to_owned()).or_default() += 1;
            } else if let Some(rest) = line.strip_prefix("acknowledged ") {
                let (new, changed) = rest.split_once(' ').unwrap();
                for n in new.split(',') {
                    known.entry(n.parse().unwrap()).or_insert(0);
                    acknowledged += 1;
                }
                if let Some(revision) = known.get_mut(&changed.parse().unwrap()) {
                    *revision = 1;
                }
            }
        }
        if rebuild && moment == "in open" {
            moment = "in rebuild".to_owned();
        }
        inside += u64::from(moment.starts_with("in "));
        *moments.entry(moment).or_default() += 1;

        let (store, _) = Store::open(&state, small(), at(0)).unwrap();
        for (n, revision) in &known {
            assert_eq!(read_back(&store, *n, *revision), Back::Right, "article {n} after cycle {cycle}");
        }
        let listed: u64 = store.sources_known().unwrap().iter().map(|source| source.articles).sum();
        assert_eq!(listed, store.health().articles, "an article is listed twice or not at all");
        store.close();
    }
    println!("kill -9: {cycles} cycles, {acknowledged} acknowledged, 0 lost; killed {moments:?}; opened {opened:?}");
    // How many depends on the machine's load; none would mean that the test tests nothing.
    assert!(acknowledged > cycles, "only {acknowledged} acknowledged");
    assert!(inside * 10 >= cycles * 8, "{inside} of {cycles} kills fell inside work");
}
