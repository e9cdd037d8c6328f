//! Power cuts: under the journal lies a disk that, when it stops, forgets whatever was not synced: bytes, names made, names changed.
//!
//! What survives of it is drawn at random within what a file system may do, and the journal must still hold everything acknowledged.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use super::chance::Chance;
use crate::store::{
    Error, backup,
    codec::Block,
    disk::{Disk, DiskFile},
    journal::{Journal, read_all},
    schema::{Entry, Record, VisitRecord},
};

#[derive(Debug, Clone, Default)]
struct Inode {
    now: Vec<u8>,
    safe: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Change {
    Link(PathBuf, usize),
    Unlink(PathBuf),
    Rename(PathBuf, PathBuf, usize),
}

#[derive(Debug, Default)]
struct Inner {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    safe_names: BTreeMap<PathBuf, usize>,
    /// Changes of names since the folder was last synced.
    pending: Vec<Change>,
    /// Calls that still succeed.
    left: u64,
    syncs: u64,
    /// Whether syncs do anything: a test of the test.
    lying: bool,
}

fn change(names: &mut BTreeMap<PathBuf, usize>, change: &Change) {
    match change {
        Change::Link(path, inode) => {
            names.insert(path.clone(), *inode);
        }
        Change::Unlink(path) => {
            names.remove(path);
        }
        Change::Rename(from, to, inode) => {
            names.remove(from);
            names.insert(to.clone(), *inode);
        }
    }
}

fn off() -> io::Error {
    io::Error::other("the power is off")
}

impl Inner {
    fn step(&mut self) -> io::Result<()> {
        self.left = self.left.checked_sub(1).ok_or_else(off)?;
        if self.left == 0 { Err(off()) } else { Ok(()) }
    }

    fn now(&self, path: &Path) -> io::Result<Vec<u8>> {
        Ok(self.inodes[self.at(path)?].now.clone())
    }

    fn at(&self, path: &Path) -> io::Result<usize> {
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The disk after the power came back: any of the un-synced changes may have reached it, wholly or in part.
    fn survive(&self, chance: &mut Chance) -> Self {
        let mut names = self.safe_names.clone();
        for one in &self.pending {
            if chance.one_in(2) {
                change(&mut names, one);
            }
        }
        let inodes = self.inodes.iter().map(|inode| {
            let (safe, now) = (&inode.safe, &inode.now);
            let mut left = safe.clone();
            if safe != now && chance.one_in(2) {
                // A length within what was ever there; bytes beyond what is safe are new, or zeros where only the length arrived.
                let end = safe.len().min(now.len()) as u64;
                let len = (end + chance.below((safe.len().max(now.len()) as u64) - end + 1)) as usize;
                left.resize(len, 0);
                let from = chance.below(len as u64 + 1) as usize;
                for (place, byte) in left.iter_mut().enumerate().take(from) {
                    if let Some(new) = now.get(place) {
                        *byte = *new;
                    }
                }
            }
            Inode { now: left.clone(), safe: left }
        });
        Self {
            inodes: inodes.collect(),
            safe_names: names.clone(),
            names,
            left: 0,
            lying: self.lying,
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone)]
struct Forgetful(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct OpenFile(Arc<Mutex<Inner>>, usize);

impl DiskFile for OpenFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        let part = bytes.len() / 2;
        let on = inner.step();
        let written = if on.is_ok() { bytes } else { &bytes[..part] };
        inner.inodes[self.1].now.extend_from_slice(written);
        on
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        inner.step()?;
        inner.syncs += 1;
        if !inner.lying {
            let inode = &mut inner.inodes[self.1];
            inode.safe.clone_from(&inode.now);
        }
        Ok(())
    }

    fn cut(&mut self, len: u64) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        inner.step()?;
        inner.inodes[self.1].now.truncate(len as usize);
        Ok(())
    }
}

impl Disk for Forgetful {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut inner = self.0.lock().unwrap();
        inner.step()?;
        inner.inodes.push(Inode::default());
        let inode = inner.inodes.len() - 1;
        let made = Change::Link(path.to_owned(), inode);
        change(&mut inner.names, &made);
        inner.pending.push(made);
        Ok(Box::new(OpenFile(self.0.clone(), inode)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let inode = self.0.lock().unwrap().at(path)?;
        Ok(Box::new(OpenFile(self.0.clone(), inode)))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let inner = self.0.lock().unwrap();
        Ok(inner.inodes[inner.at(path)?].now.clone())
    }

    fn head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.read(path)?;
        bytes.truncate(len);
        Ok(bytes)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<(String, u64)>> {
        let inner = self.0.lock().unwrap();
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        let names = inner.names.iter().filter(|(path, _)| path.parent() == Some(dir));
        Ok(names.map(|(path, inode)| (name(path), inner.inodes[*inode].now.len() as u64)).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        inner.step()?;
        let moved = Change::Rename(from.to_owned(), to.to_owned(), inner.at(from)?);
        change(&mut inner.names, &moved);
        inner.pending.push(moved);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        inner.step()?;
        inner.at(path)?;
        let gone = Change::Unlink(path.to_owned());
        change(&mut inner.names, &gone);
        inner.pending.push(gone);
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        inner.step()?;
        inner.syncs += 1;
        if !inner.lying {
            let inside = |one: &Change| {
                let (Change::Link(path, _) | Change::Unlink(path) | Change::Rename(_, path, _)) = one;
                path.parent() == Some(dir)
            };
            let (synced, pending) = std::mem::take(&mut inner.pending).into_iter().partition(inside);
            inner.pending = pending;
            let synced: Vec<Change> = synced;
            synced.iter().for_each(|one| change(&mut inner.safe_names, one));
        }
        Ok(())
    }

    fn free(&self, _: &Path) -> io::Result<u64> {
        Ok(u64::MAX)
    }

    fn syncs(&self) -> u64 {
        self.0.lock().unwrap().syncs
    }
}

const BACKUP: &str = "/backups/store";

/// A version of one article, as a record.
fn record(key: u8, version: u64, size: usize) -> Record {
    let mut bytes = version.to_le_bytes().to_vec();
    bytes.resize(8 + size, key);
    let articles = vec![Entry { key: [key; 16], sealed: Block(bytes) }];
    Record::Visit(VisitRecord { source: "grid".to_owned(), url: String::new(), at: 0, articles, listed: None })
}

fn version(record: &Record) -> (u8, u64) {
    let Record::Visit(visit) = record else { panic!("{record:?}") };
    let [entry] = &visit.articles[..] else { panic!("{visit:?}") };
    let (head, rest) = entry.sealed.0.split_first_chunk::<8>().unwrap();
    assert!(rest.iter().all(|byte| *byte == entry.key[0]), "bytes of another record");
    (entry.key[0], u64::from_le_bytes(*head))
}

#[derive(Debug, Default)]
struct Tally {
    cuts: u64,
    in_open: u64,
    in_append: u64,
    in_compaction: u64,
    in_backup: u64,
    /// Backups that were there after a cut, whole, and held what was acknowledged before them.
    backups: u64,
    acknowledged: u64,
    lost: u64,
    foreign: u64,
    syncs: u64,
}

/// Works on one disk until the power is cut, `cuts` times, and counts what was lost.
fn run(seed: u64, cuts: u64, lying: bool) -> Tally {
    let dir = Path::new("/journal");
    let mut chance = Chance(seed);
    let mut inner = Inner { lying, ..Inner::default() };
    let mut tally = Tally::default();
    // By key: the version acknowledged last, and the one tried last.
    let mut known: BTreeMap<u8, (u64, u64)> = BTreeMap::new();
    // What was acknowledged before the last backup that was finished.
    let mut saved: BTreeMap<u8, (u64, u64)> = BTreeMap::new();
    while tally.cuts < cuts {
        inner.left = 1 + chance.below(60);
        let disk = Forgetful(Arc::new(Mutex::new(inner)));
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        match Journal::open(shared, dir, 2_000) {
            Err(Error::Io { .. }) => tally.in_open += 1,
            Err(error) => panic!("{error}"),
            Ok((mut journal, _)) => {
                let mut latest: BTreeMap<u8, u64> = BTreeMap::new();
                let read = journal.replay(0, &mut |_, record| {
                    let (key, version) = version(&record);
                    if known.get(&key).is_none_or(|(_, tried)| version > *tried) {
                        tally.foreign += 1;
                    }
                    latest.insert(key, version);
                    Ok(())
                });
                read.unwrap();
                for (key, (acknowledged, _)) in &mut known {
                    let found = latest.get(key).copied().unwrap_or(0);
                    tally.lost += u64::from(found < *acknowledged);
                    *acknowledged = found;
                }
                loop {
                    if chance.one_in(12) {
                        let before = known.clone();
                        if backup::write(&disk, &journal.extent(), Path::new(BACKUP)).is_err() {
                            tally.in_backup += 1;
                            break;
                        }
                        saved = before;
                        continue;
                    }
                    if chance.one_in(8) {
                        let numbers: Vec<_> = journal.sealed().iter().map(|sealed| sealed.number).collect();
                        let from = chance.below(numbers.len() as u64 + 1) as usize;
                        let to = (from + 1 + chance.below(4) as usize).min(numbers.len());
                        let group = numbers.get(from..to).unwrap_or_default();
                        let done = journal.rewrite(group, &mut |_, record| {
                            let (key, version) = version(&record);
                            Ok((version >= known[&key].0).then_some(record))
                        });
                        if done.is_err() {
                            tally.in_compaction += 1;
                            break;
                        }
                        continue;
                    }
                    let mut group = Vec::new();
                    for _ in 0..=chance.below(3) {
                        let key = chance.below(40) as u8;
                        let next = known.get(&key).map_or(0, |(_, tried)| *tried) + 1;
                        known.entry(key).or_default().1 = next;
                        group.push(record(key, next, chance.below(300) as usize));
                    }
                    if journal.append(&group).is_err() {
                        tally.in_append += 1;
                        break;
                    }
                    for record in &group {
                        let (key, version) = version(record);
                        known.entry(key).or_default().0 = version;
                        tally.acknowledged += 1;
                    }
                }
            }
        }
        tally.cuts += 1;
        tally.syncs += disk.syncs();
        inner = disk.0.lock().unwrap().survive(&mut chance);
        if !saved.is_empty() && !lying {
            let bytes = inner.now(Path::new(BACKUP)).expect("a finished backup is gone");
            assert!(holds(&bytes, &saved), "seed {seed}: the backup lacks what was acknowledged before it");
            tally.backups += 1;
        }
    }
    tally
}

/// Whether a backup is whole and has every article at least as it was acknowledged.
fn holds(backup: &[u8], acknowledged: &BTreeMap<u8, (u64, u64)>) -> bool {
    let (from, dir) = (Path::new(BACKUP), Path::new("/journal"));
    backup::check(backup, backup.len() as u64, from).unwrap();
    let disk = Forgetful(Arc::new(Mutex::new(Inner { left: u64::MAX, ..Inner::default() })));
    backup::unpack(backup, from, &disk, dir).unwrap();
    let mut latest: BTreeMap<u8, u64> = BTreeMap::new();
    let found = read_all(&disk, dir, 0, &mut |_, record| {
        let (key, version) = version(&record);
        latest.insert(key, version);
        Ok(())
    });
    assert_eq!(found.unwrap().damage, Vec::<String>::new());
    acknowledged.iter().all(|(key, (version, _))| latest.get(key).copied().unwrap_or(0) >= *version)
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut() {
    let mut all = Tally::default();
    for seed in 0..50 {
        let tally = run(seed, 40, false);
        assert_eq!((tally.lost, tally.foreign), (0, 0), "seed {seed}: {tally:?}");
        all.cuts += tally.cuts;
        all.in_open += tally.in_open;
        all.in_append += tally.in_append;
        all.in_compaction += tally.in_compaction;
        all.in_backup += tally.in_backup;
        all.backups += tally.backups;
        all.acknowledged += tally.acknowledged;
        all.syncs += tally.syncs;
    }
    println!("power cuts: {all:?}");
    assert!(
        all.cuts >= 1_000
            && all.in_open > 20
            && all.in_compaction > 100
            && all.in_backup > 100
            && all.backups > 100
            && all.acknowledged > 5_000
    );
}

#[test]
fn the_disk_does_forget_what_is_not_synced() {
    let lost: u64 = (0..20).map(|seed| run(seed, 20, true).lost).sum();
    assert!(lost > 20, "a journal on a disk that ignores syncs must lose records, or the test shows nothing: {lost}");
}
