//! Random damage to the files of a store that is not running: it opens, and serves nothing that was not written.
//!
//! One damaged place loses nothing. Two at once may, where both hit the same records in the journal and in its copy: that is told when
//! the store opens, and what was damaged is kept aside.

use std::{
    collections::BTreeMap,
    fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use tearsheet::store::{How, Opened, Options, Store};

use crate::world::{Back, Chance, article, at, copy, figure, quick, read_back, small, visit};

/// Damaged stores that are tried at the same time.
const LANES: u64 = 2;

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), found);
        } else if entry.metadata().unwrap().len() > 0 {
            found.push(entry.path());
        }
    }
}

/// A file or folder that cannot be written, until this is dropped.
#[derive(Debug)]
struct ReadOnly {
    path: PathBuf,
    /// The folder of the store.
    dir: PathBuf,
}

fn mount(args: &[&str], path: &Path) -> bool {
    Command::new("mount").args(args).arg(path).stderr(std::process::Stdio::null()).status().is_ok_and(|s| s.success())
}

impl ReadOnly {
    /// By a mount, which root cannot write to either; without root by its mode.
    fn make(path: &Path, dir: &Path) -> Self {
        let name = path.to_str().unwrap();
        if mount(&["--bind", name], path) {
            assert!(mount(&["-o", "remount,ro,bind"], path));
        } else {
            let mut mode = fs::metadata(path).unwrap().permissions();
            mode.set_readonly(true);
            fs::set_permissions(path, mode).unwrap();
        }
        Self { path: path.to_owned(), dir: dir.to_owned() }
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        use std::os::unix::fs::PermissionsExt;
        // Wherever it is by now: a folder that was set aside takes what is mounted in it along.
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        for place in mounts.lines().filter_map(|line| line.split(' ').nth(4)) {
            if Path::new(place).starts_with(&self.dir) {
                assert!(Command::new("umount").args(["-l", place]).status().is_ok_and(|status| status.success()));
            }
        }
        let mode = if self.path.is_dir() { 0o755 } else { 0o644 };
        let _ = fs::set_permissions(&self.path, fs::Permissions::from_mode(mode));
    }
}

/// Makes `hurt` a copy of `whole`, and nothing but that.
fn copy_anew(whole: &Path, hurt: &Path) {
    if hurt.exists() {
        fs::remove_dir_all(hurt).unwrap();
    }
    copy(whole, hurt);
}

/// One random harm.
#[derive(Debug)]
struct Harm {
    what: &'static str,
    file: String,
    /// Absent for a harm that stays.
    until: Option<ReadOnly>,
}

impl Harm {
    /// To any file, or to the one that holds the same as `twin`.
    fn does(dir: &Path, chance: &mut Chance, twin: Option<&str>) -> Self {
        let mut all = Vec::new();
        files(dir, &mut all);
        all.sort();
        let name = twin.and_then(|file| Path::new(file).file_name());
        let other = |path: &&PathBuf| path.file_name() == name && !path.ends_with(twin.unwrap_or_default());
        let any = &all[chance.below(all.len() as u64) as usize];
        let path = name.and_then(|_| all.iter().find(other)).unwrap_or(any).clone();
        let file = path.strip_prefix(dir).unwrap().display().to_string();
        let mut bytes = fs::read(&path).unwrap();
        let len = bytes.len() as u64;
        let from = chance.below(len) as usize;
        let to = (from + 1 + chance.below(8192) as usize).min(bytes.len());
        let what = match chance.below(8) {
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
            6 => {
                let whole = chance.below(4) == 0;
                let until = Some(ReadOnly::make(if whole { dir } else { &path }, dir));
                return Self { what: "read-only", file: if whole { "all".to_owned() } else { file }, until };
            }
            _ => "delete",
        };
        let done = if what == "delete" { fs::remove_file(&path) } else { fs::write(&path, bytes) };
        match done {
            Ok(()) => Self { what, file, until: None },
            // An earlier damage of this round made the place read-only, which keeps it from another.
            Err(error) if matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::ResourceBusy) => {
                Self { what: "prevented", file, until: None }
            }
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }

    fn is_lasting(&self) -> bool {
        self.until.is_none()
    }
}

#[derive(Debug, Default)]
struct Tally {
    rounds: u64,
    kinds: BTreeMap<&'static str, u64>,
    ways: BTreeMap<String, u64>,
    read: u64,
    /// Rounds with two damages, and those of them that lost something.
    twice: u64,
    losing: u64,
    lost: u64,
    wrong: u64,
    errors: u64,
    slowest: Duration,
}

impl Tally {
    fn add(&mut self, other: Self) {
        other.kinds.into_iter().for_each(|(kind, count)| *self.kinds.entry(kind).or_default() += count);
        other.ways.into_iter().for_each(|(way, count)| *self.ways.entry(way).or_default() += count);
        self.rounds += other.rounds;
        self.read += other.read;
        self.twice += other.twice;
        self.losing += other.losing;
        self.lost += other.lost;
        self.wrong += other.wrong;
        self.errors += other.errors;
        self.slowest = self.slowest.max(other.slowest);
    }
}

/// Whether a copy of something damaged was kept.
fn is_quarantined(dir: &Path) -> bool {
    let mut all = Vec::new();
    files(dir, &mut all);
    all.iter().any(|file| file.to_string_lossy().contains("damaged"))
}

fn open_unharmed(hurt: &Path, options: &Options, harms: &[Harm]) -> (Store, Opened) {
    let opened = catch_unwind(AssertUnwindSafe(|| Store::open(hurt, options.clone(), at(0))));
    opened.unwrap_or_else(|_| panic!("open panicked after {harms:?}")).unwrap_or_else(|e| panic!("{e} after {harms:?}"))
}

/// Damages a copy of `whole` again and again, and reads every article of it each time.
fn lane(whole: &Path, hurt: &Path, seed: u64, rounds: u64, articles: u64) -> Tally {
    let mut chance = Chance(seed);
    let mut tally = Tally { rounds, ..Tally::default() };
    let mut harms = Vec::<Harm>::new();
    for round in 0..rounds {
        drop(std::mem::take(&mut harms));
        copy_anew(whole, hurt);
        harms.push(Harm::does(hurt, &mut chance, None));
        if harms[0].is_lasting() && chance.below(5) == 0 {
            // Half of the time where it hurts: in the other copy of the same records.
            let twin = harms[0].file.clone();
            let twin = (chance.below(2) == 0).then_some(twin.as_str());
            harms.push(Harm::does(hurt, &mut chance, twin));
        }
        tally.twice += u64::from(harms.len() == 2);
        harms.iter().for_each(|harm| *tally.kinds.entry(harm.what).or_default() += 1);
        let start = Instant::now();
        let (mut store, opened) = open_unharmed(hurt, &small(), &harms);
        tally.slowest = tally.slowest.max(start.elapsed());
        let lasting = harms.iter().all(Harm::is_lasting);
        assert!(!lasting || opened.how != How::ReadOnly, "round {round}: {harms:?}: {opened:?}");
        *tally.ways.entry(format!("{:?}", opened.how)).or_default() += 1;
        let mut lost = 0;
        for n in 0..articles {
            match read_back(&store, n, u32::from(n % 20 == 0)) {
                Back::Right => {}
                Back::Wrong => tally.wrong += 1,
                Back::Lost | Back::Stale if harms.len() == 2 => lost += 1,
                back @ (Back::Lost | Back::Stale) => {
                    panic!("round {round}: article {n} is {back:?} after {harms:?}: {opened:?}")
                }
                Back::Error => tally.errors += 1,
            }
        }
        tally.read += articles;
        if lost > 0 {
            tally.losing += 1;
            tally.lost += lost;
            let told = store.health().rescues.iter().any(|rescue| rescue.cure.contains("a backup may hold"));
            assert!(told, "round {round}: {lost} lost and nothing said after {harms:?}: {opened:?}");
            let deleted = harms.iter().any(|harm| harm.what == "delete");
            assert!(
                deleted || is_quarantined(hurt),
                "round {round}: nothing was kept aside after {harms:?}: {opened:?}"
            );
        }
        if !lasting {
            // It serves as long as it cannot write, and works when it can again.
            let _ = store.record(visit(0, vec![article(articles + 1, 0)]));
            assert_eq!(read_back(&store, 1, 0), Back::Right, "round {round}: {harms:?}");
            store.close();
            let what = format!("{harms:?}");
            drop(harms);
            harms = Vec::new();
            let again;
            (store, again) = open_unharmed(hurt, &small(), &harms);
            assert_ne!(again.how, How::ReadOnly, "round {round}: {what} is over: {again:?}");
        }
        store.record(visit(0, vec![article(articles + 1, 0)])).unwrap();
        assert_eq!(read_back(&store, articles + 1, 0), Back::Right);
        store.close();
        let (store, again) = open_unharmed(hurt, &small(), &harms);
        assert_eq!(again.how, How::Clean, "round {round}: not well the second time after {harms:?}: {again:?}");
        assert_eq!(read_back(&store, articles + 1, 0), Back::Right);
        store.close();
    }
    tally
}

#[test]
fn damage_never_makes_a_wrong_value_and_one_place_of_it_loses_nothing() {
    const ARTICLES: u64 = 2_000;
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole");
    let (store, _) = Store::open(&whole, small(), at(0)).unwrap();
    for first in (0..ARTICLES).step_by(20) {
        store.record(visit(first, (first..first + 20).map(|n| article(n, 0)).collect())).unwrap();
        store.record(visit(first, vec![article(first, 1)])).unwrap();
    }
    store.close();
    let rounds = figure(quick(100, 1_000), 10_000);
    let start = Instant::now();
    let mut all = Tally::default();
    thread::scope(|scope| {
        let whole = &whole;
        let lanes: Vec<_> = (0..LANES)
            .map(|n| {
                let hurt = dir.path().join(format!("hurt-{n}"));
                scope.spawn(move || lane(whole, &hurt, 11 + n, rounds / LANES, ARTICLES))
            })
            .collect();
        lanes.into_iter().for_each(|lane| all.add(lane.join().unwrap()));
    });
    println!("damage to stores of {ARTICLES} articles: {all:?} in {:?}; 0 aborts", start.elapsed());
    assert_eq!((all.wrong, all.errors), (0, 0));
}

#[test]
fn a_journal_file_that_is_gone_with_its_copy_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(dir.path(), small(), at(0)).unwrap();
    for first in (0..1_000).step_by(20) {
        store.record(visit(first, (first..first + 20).map(|n| article(n, 0)).collect())).unwrap();
    }
    store.close();
    for folder in ["journal", "mirror"] {
        fs::remove_file(dir.path().join(folder).join("00000002.log")).unwrap();
    }
    let (store, _) = Store::open(dir.path(), small(), at(0)).unwrap();
    let backs: Vec<_> = (0..1_000).map(|n| read_back(&store, n, 0)).collect();
    let count = |wanted: Back| backs.iter().filter(|back| **back == wanted).count();
    assert_eq!((count(Back::Right) + count(Back::Lost), count(Back::Error)), (1_000, 0));
    assert!(count(Back::Lost) > 0 && count(Back::Right) > 500);
    assert!(
        store.health().rescues.iter().any(|rescue| rescue.cure.contains("a backup may hold")),
        "{:?}",
        store.health()
    );
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
    store.close();
    assert_eq!(Store::open(dir.path(), small(), at(0)).unwrap().1.how, How::Clean);
}

#[test]
fn a_large_damaged_store_is_ready_within_ten_seconds() {
    let articles = quick(5_000, 100_000);
    let rounds = quick(2, 20);
    let options = Options { reserve: 0, max_items: 1_000_000, ..Options::default() };
    let dir = tempfile::tempdir().unwrap();
    let (whole, hurt) = (dir.path().join("whole"), dir.path().join("hurt"));
    let (store, _) = Store::open(&whole, options.clone(), at(0)).unwrap();
    for first in (0..articles).step_by(100) {
        store.record(visit(first, (first..first + 100).map(|n| article(n, 0)).collect())).unwrap();
    }
    store.close();
    let mut chance = Chance(3);
    let mut times = Vec::new();
    let (mut read, mut wrong) = (0, 0);
    for round in 0..rounds {
        copy_anew(&whole, &hurt);
        let harms = vec![Harm::does(&hurt, &mut chance, None)];
        let start = Instant::now();
        let (store, opened) = open_unharmed(&hurt, &options, &harms);
        times.push((start.elapsed(), harms[0].what, harms[0].file.clone(), opened.how));
        for n in 0..articles {
            match read_back(&store, n, 0) {
                Back::Right => read += 1,
                Back::Wrong => wrong += 1,
                back => panic!("round {round}: article {n} is {back:?} after {harms:?}: {opened:?}"),
            }
        }
        store.close();
    }
    for (time, what, file, how) in &times {
        println!("ready after {time:.1?}: {what} of {file}, {how:?}");
    }
    let slowest = times.iter().map(|time| time.0).max().unwrap();
    println!(
        "damage to stores of {articles} articles: {rounds} rounds, {read} read, {wrong} wrong; ready after {slowest:?} at most"
    );
    assert_eq!(wrong, 0);
    assert!(slowest <= Duration::from_secs(10), "ready only after {slowest:?}");
}
