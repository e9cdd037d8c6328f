//! Opening that always ends well: a damaged index is rescued or made again from the journal, a damaged journal is healed from the index,
//! and on a full disk the journal is read without writing a byte.
//!
//! - [`Opened`] says how it went, with the cause and the cure of each [`Rescue`].
//! - [`Parts`] is what the façade works with afterwards.

use std::{
    collections::{HashMap, HashSet},
    fs,
    ops::ControlFlow,
    path::Path,
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    Error, Options,
    codec::Block,
    disk::{Disk, folder_bytes},
    doctor::INDEX_NEW,
    index::{Index, Row, kv::Memory, sled::Sled},
    journal::{self, Journal},
    schema::{Entry, Record, VisitRecord, open_article},
};

/// How opening went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// There was nothing yet.
    Fresh,
    /// All was well.
    Clean,
    /// Something was damaged and is whole again.
    Rescued,
    /// The index was made again from the journal.
    Rebuilt,
    /// The disk is full: articles are served, visits wait.
    ReadOnly,
}

/// Something that was wrong, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescue {
    /// What was wrong.
    pub cause: String,
    /// What was done.
    pub cure: String,
}

/// What opening the store met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// How it went.
    pub how: How,
    /// What was wrong and what was done, in order.
    pub rescues: Vec<Rescue>,
    /// Articles in the store.
    pub articles: u64,
}

/// What an open store works with.
#[derive(Debug)]
pub(super) struct Parts {
    /// Absent while the disk is full.
    pub(super) journal: Option<Journal>,
    pub(super) index: Index,
    pub(super) opened: Opened,
}

pub(super) const JOURNAL: &str = "journal";
pub(super) const INDEX: &str = "index";
/// Set-aside indexes that are kept.
const KEPT: usize = 2;
/// Articles in one record when the journal is healed.
const HEALED_AT_ONCE: usize = 200;

/// Opens what is in `dir` for reading and writing, or in memory where the disk is too full.
pub(super) fn open(disk: &Arc<dyn Disk>, dir: &Path, options: &Options, now: Timestamp) -> Result<Parts, Error> {
    let free = disk.free(dir).unwrap_or(u64::MAX);
    if free < options.reserve {
        let cause = format!("only {} MiB are free", free >> 20);
        return read_only(&**disk, dir, cause);
    }
    match writable(disk, dir, options, now) {
        Err(error) if error.is_full() => read_only(&**disk, dir, error.to_string()),
        Err(Error::Io { doing, path, source }) => {
            let error = Error::Io { doing, path, source };
            read_only(&**disk, dir, error.to_string()).map_err(|_| error)
        }
        other => other,
    }
}

/// Reads the journal into memory without writing.
pub(super) fn read_only(disk: &dyn Disk, dir: &Path, cause: String) -> Result<Parts, Error> {
    let index = Index::new(Box::new(Memory::default()));
    let folder = dir.join(JOURNAL);
    let mut rescues = vec![Rescue {
        cause,
        cure: "stored articles are served from the journal; visits wait until there is space".to_owned(),
    }];
    if folder.is_dir() {
        let mut player = index.player()?;
        let found = journal::read_all(disk, &folder, 0, &mut |seq, record| player.play(seq, &record))?;
        player.end()?;
        rescues.extend(found.damage.into_iter().map(|cause| Rescue { cause, cure: "passed over".to_owned() }));
    }
    let articles = index.totals()?.articles;
    Ok(Parts { journal: None, index, opened: Opened { how: How::ReadOnly, rescues, articles } })
}

/// Opens for reading and writing.
pub(super) fn writable(disk: &Arc<dyn Disk>, dir: &Path, options: &Options, now: Timestamp) -> Result<Parts, Error> {
    let folder = dir.join(JOURNAL);
    if !folder.is_dir() {
        fs::create_dir_all(&folder).map_err(|e| Error::io("make", &folder, e))?;
        disk.sync_dir(dir).map_err(|e| Error::io("sync", dir, e))?;
    }
    let (mut journal, found) = Journal::open(disk.clone(), &folder, options.segment)?;
    let place = dir.join(INDEX);
    let _ = fs::remove_dir_all(dir.join(INDEX_NEW));
    let fresh = !place.join("db").exists();
    let mut rescues = Vec::new();
    let made_again = fresh && found.last_seq > 0;
    if made_again {
        let cure = "it was made again from the journal".to_owned();
        rescues.push(Rescue { cause: "the index is missing".to_owned(), cure });
    }
    let mut opened = find(&place, options, &mut rescues)?;
    if let Some(index) = &opened {
        match catch_up(&mut journal, index, &found, &mut rescues) {
            Err(Error::Damaged(what)) => {
                rescues.push(Rescue { cause: format!("{what} is damaged"), cure: "see below".to_owned() });
                opened = None;
            }
            done => done?,
        }
    }
    let rebuilt = made_again || opened.is_none();
    let index = match opened {
        Some(index) => index,
        None => {
            if place.exists() {
                set_aside(&**disk, dir, &place, now)?;
            }
            rebuild(&place, &mut journal, options, &mut rescues)?
        }
    };
    let totals = index.totals()?;
    journal.pass(totals.applied);
    let how = match () {
        () if rebuilt => How::Rebuilt,
        () if !rescues.is_empty() => How::Rescued,
        () if fresh && totals.applied == 0 => How::Fresh,
        () => How::Clean,
    };
    Ok(Parts { journal: Some(journal), index, opened: Opened { how, rescues, articles: totals.articles } })
}

/// The index as it is, or as it is without sled's snapshots; `None` where only making it again helps.
fn find(place: &Path, options: &Options, rescues: &mut Vec<Rescue>) -> Result<Option<Index>, Error> {
    for cure in ["sled's snapshots were removed", "see below"] {
        let opened = Sled::open(place, options.cache).and_then(|sled| {
            let index = Index::new(Box::new(sled));
            index.verify().map(|_| index)
        });
        match opened {
            Ok(index) => return Ok(Some(index)),
            Err(error @ Error::Damaged(_)) => {
                rescues.push(Rescue { cause: error.to_string(), cure: cure.to_owned() });
                Sled::drop_snapshots(place);
            }
            Err(error) if error.is_full() => return Err(error),
            Err(error @ Error::Newer { .. }) => return Err(error),
            Err(error) => rescues.push(Rescue { cause: error.to_string(), cure: "tried again".to_owned() }),
        }
    }
    Ok(None)
}

/// Plays what the index has not seen, and gives back to the journal what only the index still knows.
fn catch_up(
    journal: &mut Journal,
    index: &Index,
    found: &journal::Found,
    rescues: &mut Vec<Rescue>,
) -> Result<(), Error> {
    let applied = index.totals()?.applied;
    journal.pass(applied);
    let mut player = index.player()?;
    let read = journal.replay(applied + 1, &mut |seq, record| player.play(seq, &record))?;
    player.end()?;
    let damage: Vec<_> = found.damage.iter().chain(&read.damage).collect();
    if !damage.is_empty() || applied > found.last_seq {
        let healed = heal(journal, index)?;
        let damaged: Vec<_> = found.damaged.iter().chain(&read.damaged).copied().collect();
        journal.mend(&damaged)?;
        let lost = || "the journal ends before the index does".to_owned();
        let cause = damage.first().map_or_else(lost, |damage| format!("the journal: {damage}"));
        rescues.push(Rescue { cause, cure: format!("{healed} record(s) were given back to it from the index") });
    }
    Ok(())
}

/// Appends to the journal whatever the index holds and the journal does not. Returns how many articles and graves that were.
pub(super) fn heal(journal: &mut Journal, index: &Index) -> Result<usize, Error> {
    let mut present: HashMap<[u8; 16], HashSet<u64>> = HashMap::new();
    journal.replay(0, &mut |seq, record| {
        match record {
            Record::Visit(visit) => visit.articles.iter().for_each(|entry| {
                present.entry(entry.key).or_default().insert(seq);
            }),
            Record::Buried(graves) => graves.iter().for_each(|grave| {
                present.entry(grave.key).or_default().insert(seq);
            }),
        }
        Ok(())
    })?;
    let mut graves = Vec::new();
    let mut by_owner: HashMap<String, Vec<Entry>> = HashMap::new();
    let mut count = 0;
    index.rows(&mut |key, row| {
        if !present.get(&key).is_some_and(|seqs| seqs.contains(&row.seq())) {
            count += 1;
            match row {
                Row::Grave(_, grave) => graves.push(grave),
                Row::Article(_, sealed) => {
                    let article = open_article(&key, &sealed)?;
                    let owner = article.owner().map(|id| id.as_str().to_owned()).unwrap_or_default();
                    by_owner.entry(owner).or_default().push(Entry { key, sealed: Block(sealed) });
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut records = Vec::new();
    for (source, note) in index.notes()? {
        let mut articles = by_owner.remove(&source).unwrap_or_default();
        while articles.len() > HEALED_AT_ONCE {
            let rest = articles.split_off(HEALED_AT_ONCE);
            let (source, url) = (source.clone(), note.url.clone());
            records.push(Record::Visit(VisitRecord { source, url, at: note.at, articles, listed: None }));
            articles = rest;
        }
        let listed = index.listed(&source)?;
        records.push(Record::Visit(VisitRecord { source, url: note.url, at: note.at, articles, listed }));
    }
    if !graves.is_empty() {
        records.push(Record::Buried(graves));
    }
    for group in records.chunks(16) {
        let first = journal.append(group)?;
        let mut player = index.player()?;
        for (seq, record) in (first..).zip(group) {
            player.play(seq, record)?;
        }
        player.end()?;
    }
    Ok(count)
}

/// Makes a new index from the journal.
fn rebuild(place: &Path, journal: &mut Journal, options: &Options, rescues: &mut Vec<Rescue>) -> Result<Index, Error> {
    let index = Index::new(Box::new(Sled::open(place, options.cache)?));
    let mut player = index.player()?;
    let found = journal.replay(0, &mut |seq, record| player.play(seq, &record))?;
    player.end()?;
    index.flush()?;
    journal.mend(&found.damaged)?;
    rescues.push(Rescue {
        cause: "the index had to go".to_owned(),
        cure: format!("it was made again from {} journal record(s)", found.records),
    });
    rescues.extend(found.damage.into_iter().map(|damage| Rescue {
        cause: format!("the journal: {damage}"),
        cure: "passed over and kept aside; a backup may hold what is missing".to_owned(),
    }));
    Ok(index)
}

/// Moves the index to `damaged-<time>` and keeps the newest two; where space is short it is removed at once.
fn set_aside(disk: &dyn Disk, dir: &Path, place: &Path, now: Timestamp) -> Result<(), Error> {
    if disk.free(dir).unwrap_or(0) < folder_bytes(place).saturating_mul(2) {
        return fs::remove_dir_all(place).map_err(|e| Error::io("remove", place, e));
    }
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let mut aside = dir.join(format!("damaged-{stamp}"));
    for more in 2..100 {
        if !aside.exists() {
            break;
        }
        aside = dir.join(format!("damaged-{stamp}-{more:02}"));
    }
    fs::rename(place, &aside).map_err(|e| Error::io("set aside", place, e))?;
    let entries = fs::read_dir(dir).map_err(|e| Error::io("list", dir, e))?;
    let mut kept: Vec<_> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("damaged-"))
        .map(|entry| entry.path())
        .collect();
    kept.sort();
    for old in kept.iter().rev().skip(KEPT) {
        let _ = fs::remove_dir_all(old);
    }
    Ok(())
}
