//! kill -9 at any moment: in opening, writing, compacting, migrating, rebuilding, and while a backup is taken.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use tearsheet::store::{How, Store};

use crate::world::{
    Back, Chance, article, at, child, child_dir, copy, figure, frozen, held_by_format_1, quick, read_back, say,
    setting, small, visit,
};

/// Stores that are killed at the same time.
const LANES: u64 = 2;
/// Kills that one folder sees, so that checking it stays short.
const LIVES: u64 = 12;

/// Works without end: visits from four threads, each with new and changed articles; now and then a compaction or a backup.
#[test]
#[ignore = "started by its parent, which kills it"]
fn child_works() {
    let Some(dir) = child_dir() else { return };
    let from: u64 = setting("STORE_FROM").unwrap().parse().unwrap();
    say(&format!("in {}", setting("STORE_PHASE").unwrap()));
    let start = Instant::now();
    let (store, opened) = Store::open(&dir, small(), at(0)).unwrap();
    say(&format!("opened {:?} {}", opened.how, start.elapsed().as_micros()));
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
        thread::sleep(Duration::from_millis(chance.below(8)));
        match chance.below(3) {
            0 => {
                say("in backup");
                store.backup(&backup_of(&dir)).unwrap();
                say("backed up");
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

fn backup_of(dir: &Path) -> PathBuf {
    dir.with_extension("backup")
}

/// What a kill is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Aim {
    Open,
    Migration,
    Rebuild,
    Work,
}

impl Aim {
    fn draw(chance: &mut Chance) -> Self {
        match chance.below(20) {
            0..4 => Self::Open,
            4..7 => Self::Migration,
            7..10 => Self::Rebuild,
            _ => Self::Work,
        }
    }

    /// What the child calls its opening then.
    fn opening(self) -> &'static str {
        match self {
            Self::Open | Self::Work => "open",
            Self::Migration => "migration",
            Self::Rebuild => "rebuild",
        }
    }
}

#[derive(Debug, Default)]
struct Tally {
    cycles: u64,
    /// By what was going on when the process was killed.
    killed: BTreeMap<String, u64>,
    inside: u64,
    /// By how the store opened where it came so far.
    opened: BTreeMap<String, u64>,
    acknowledged: u64,
    compared: u64,
    restored: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        let join = |to: &mut BTreeMap<String, u64>, from: BTreeMap<String, u64>| {
            from.into_iter().for_each(|(name, count)| *to.entry(name).or_default() += count);
        };
        join(&mut self.killed, other.killed);
        join(&mut self.opened, other.opened);
        self.cycles += other.cycles;
        self.inside += other.inside;
        self.acknowledged += other.acknowledged;
        self.compared += other.compared;
        self.restored += other.restored;
    }
}

/// A folder whose process is killed again and again, and what it acknowledged: numbers and revisions.
#[derive(Debug)]
struct Victim {
    state: PathBuf,
    known: BTreeMap<u64, u32>,
    /// What was acknowledged before the last whole backup began.
    saved: Option<BTreeMap<u64, u32>>,
}

impl Victim {
    fn new(state: PathBuf) -> Self {
        Self { state, known: BTreeMap::new(), saved: None }
    }

    fn old(state: PathBuf) -> Self {
        copy(&frozen(1), &state);
        Self { known: held_by_format_1().collect(), ..Self::new(state) }
    }

    /// Takes in what the child said; returns what it was at in the end, and how long opening took if it came so far.
    fn hear(&mut self, lines: impl Iterator<Item = String>, tally: &mut Tally) -> (String, Option<u64>) {
        let (mut moment, mut took, mut begun) = (String::new(), None, BTreeMap::new());
        for line in lines {
            if line.starts_with("in ") {
                if line == "in backup" {
                    begun = self.known.clone();
                }
                moment = line;
            } else if line == "backed up" {
                self.saved = Some(std::mem::take(&mut begun));
            } else if let Some(rest) = line.strip_prefix("opened ") {
                let (how, micros) = rest.split_once(' ').unwrap();
                took = micros.parse().ok();
                *tally.opened.entry(how.to_owned()).or_default() += 1;
            } else if let Some(rest) = line.strip_prefix("acknowledged ") {
                let (new, changed) = rest.split_once(' ').unwrap();
                for n in new.split(',') {
                    self.known.entry(n.parse().unwrap()).or_insert(0);
                    tally.acknowledged += 1;
                }
                if let Some(revision) = self.known.get_mut(&changed.parse().unwrap()) {
                    *revision = 1;
                }
            }
        }
        (moment, took)
    }

    /// Everything acknowledged is there as it was written, and once.
    fn check(&self, cycle: u64, tally: &mut Tally) {
        let (store, opened) = Store::open(&self.state, small(), at(0)).unwrap();
        assert_ne!(opened.how, How::ReadOnly, "cycle {cycle}: {opened:?}");
        for (n, revision) in &self.known {
            assert_eq!(read_back(&store, *n, *revision), Back::Right, "article {n} after cycle {cycle}: {opened:?}");
        }
        tally.compared += self.known.len() as u64;
        let mut listed = 0;
        let mut keys = BTreeSet::new();
        for source in store.sources_known().unwrap() {
            let articles = store.articles(&source.id, usize::MAX, None).unwrap();
            assert_eq!(articles.len() as u64, source.articles, "cycle {cycle}: {} counts wrongly", source.id);
            listed += articles.len();
            keys.extend(articles.iter().map(|article| article.url.clone()));
        }
        assert_eq!(
            (listed as u64, keys.len()),
            (store.health().articles, listed),
            "cycle {cycle}: an article is doubled"
        );
        assert_eq!(store.examine().unwrap().faults, Vec::<String>::new(), "cycle {cycle}");
        store.close();
    }

    /// The backup that was there when another was being taken is whole.
    fn check_backup(&self, cycle: u64, tally: &mut Tally) {
        let Some(saved) = &self.saved else { return };
        let target = self.state.with_extension("restored");
        let _ = std::fs::remove_dir_all(&target);
        Store::restore(&backup_of(&self.state), &target).unwrap();
        let (store, _) = Store::open(&target, small(), at(0)).unwrap();
        for (n, revision) in saved {
            assert_eq!(read_back(&store, *n, *revision), Back::Right, "article {n} of the backup after cycle {cycle}");
        }
        store.close();
        tally.restored += 1;
    }
}

/// Kills what works on one folder after another.
fn lane(dir: &Path, lane: u64, cycles: u64) -> Tally {
    let mut chance = Chance(7 + lane);
    let mut tally = Tally { cycles, ..Tally::default() };
    let mut victim = Victim::new(dir.join(format!("{lane}-0")));
    // How long opening takes, as it was last: kills fall within it wherever the machine is fast or slow.
    let mut times: BTreeMap<&str, u64> = BTreeMap::new();
    let mut lives = 0;
    for cycle in 0..cycles {
        let aim = Aim::draw(&mut chance);
        lives += 1;
        if lives > LIVES || aim == Aim::Migration {
            let _ = std::fs::remove_dir_all(&victim.state);
            let _ = std::fs::remove_file(backup_of(&victim.state));
            let state = dir.join(format!("{lane}-{cycle}"));
            victim = if aim == Aim::Migration { Victim::old(state) } else { Victim::new(state) };
            lives = 0;
        }
        if aim == Aim::Rebuild {
            let _ = std::fs::remove_dir_all(victim.state.join("index"));
        }
        let from = (1 + lane + cycle * LANES) * 40_000;
        let mut process = child("kill::child_works", &victim.state)
            .env("STORE_FROM", from.to_string())
            .env("STORE_PHASE", aim.opening())
            .spawn()
            .unwrap();
        let (send, lines) = mpsc::channel();
        let out = BufReader::new(process.stdout.take().unwrap());
        let reader = thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| send.send(line).unwrap()));
        // The clock starts when what is aimed at does.
        let start = if aim == Aim::Work { "opened " } else { "in " };
        let mut heard = Vec::new();
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(60)) {
            heard.push(line);
            if heard.last().unwrap().starts_with(start) {
                break;
            }
        }
        let longest = if aim == Aim::Work { 40_000 } else { times.get(aim.opening()).copied().unwrap_or(20_000) };
        thread::sleep(Duration::from_micros(chance.below(longest)));
        process.kill().unwrap();
        process.wait().unwrap();
        reader.join().unwrap();
        let (moment, took) = victim.hear(heard.into_iter().chain(lines.try_iter()), &mut tally);
        if let Some(took) = took {
            times.insert(aim.opening(), took);
        }
        tally.inside += u64::from(moment.starts_with("in "));
        victim.check(cycle, &mut tally);
        if moment == "in backup" {
            victim.check_backup(cycle, &mut tally);
        }
        *tally.killed.entry(moment).or_default() += 1;
    }
    tally
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let cycles = figure(quick(150, 1_000), 10_000);
    let dir = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let mut all = Tally::default();
    thread::scope(|scope| {
        let folder = dir.path();
        let running: Vec<_> = (0..LANES).map(|n| scope.spawn(move || lane(folder, n, cycles / LANES))).collect();
        running.into_iter().for_each(|one| all.add(one.join().unwrap()));
    });
    println!(
        "kill -9: {} cycles in {:?}, {} inside work: {:?}; opened {:?}; {} articles acknowledged, {} times compared: 0 lost, \
         0 doubled, 0 changed; {} backups restored that were there when the next was cut off",
        all.cycles,
        start.elapsed(),
        all.inside,
        all.killed,
        all.opened,
        all.acknowledged,
        all.compared,
        all.restored
    );
    // How many depends on the machine's load; none would mean that the test tests nothing.
    assert!(all.acknowledged > cycles, "only {} acknowledged", all.acknowledged);
    assert!(all.inside * 10 >= cycles * 8, "{} of {cycles} kills fell inside work", all.inside);
    for phase in ["open", "write", "compaction", "index compaction", "backup", "migration", "rebuild"] {
        let times = all.killed.get(&format!("in {phase}")).copied().unwrap_or(0);
        assert!(times * 200 >= cycles, "only {times} kills fell inside {phase}");
    }
}
