//! Opening that always ends well: a damaged index is rescued or made again from the journal, a damaged journal is mended from its copy,
//! and on a full disk the journal is read without writing a byte.
//!
//! - [`Opened`] says how it went, with the cause and the cure of each [`Rescue`].
//! - [`Parts`] is what the façade works with afterwards.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    ops::ControlFlow,
    path::Path,
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    Error, Options,
    clean::Clean,
    disk::{Disk, folder_bytes},
    index::{self, Index, Mark, held::Pace, kv::Memory, sled::Sled},
    journal::{self, Bodies, Found, Journal},
    remembered::Remembered,
    schema::Record,
    swap,
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
    /// Whether it was spared a reading of all its entries.
    pub(super) clean: Clean,
    pub(super) opened: Opened,
}

pub(super) const JOURNAL: &str = "journal";
pub(super) const INDEX: &str = "index";
const OWNER_ADVICE: &str = "give the state folder and what is in it to the user that runs tearsheet (chown -R)";
/// Set-aside indexes that are kept.
const KEPT: usize = 2;

/// Opens what is in `dir` for reading and writing, or in memory where the disk is too full.
pub(super) fn open(
    disk: &Arc<dyn Disk>,
    dir: &Path,
    options: &Options,
    now: Timestamp,
    care: Care,
) -> Result<Parts, Error> {
    let free = disk.free(dir).unwrap_or(u64::MAX);
    if free < options.reserve {
        let cause = format!("only {} MiB are free", free >> 20);
        return read_only(disk, dir, cause);
    }
    match writable(disk, dir, options, now, care) {
        Err(error) if error.is_full() => read_only(disk, dir, error.to_string()),
        Err(error) if error.is_denied() && !dir.join(JOURNAL).is_dir() => {
            Err(Error::Refused(format!("{error}: {OWNER_ADVICE}, or name another with --state")))
        }
        Err(error @ Error::Io { .. }) => {
            let denied = error.is_denied();
            let mut parts = read_only(disk, dir, error.to_string()).map_err(|_| error)?;
            if let Some(first) = parts.opened.rescues.first_mut().filter(|_| denied) {
                first.cure = format!("stored articles are served from the journal; visits wait: {OWNER_ADVICE}");
            }
            Ok(parts)
        }
        other => other,
    }
}

/// Reads the journal without writing; only where its articles are is in memory.
pub(super) fn read_only(disk: &Arc<dyn Disk>, dir: &Path, cause: String) -> Result<Parts, Error> {
    let folder = dir.join(JOURNAL);
    let mut rescues = vec![Rescue {
        cause,
        cure: "stored articles are served from the journal; visits wait until there is space".to_owned(),
    }];
    let mut found = Found::default();
    let files = if folder.is_dir() { journal::segments(&**disk, &folder, &mut found)? } else { Vec::new() };
    let bodies = Arc::new(Bodies::new(disk.clone(), folder.clone(), &files));
    let index = Index::of(Box::new(Memory::default()), bodies);
    if !files.is_empty() {
        let mut player = index.player()?;
        let found = journal::read_all(&**disk, &folder, 0, &mut |seq, record| player.play(seq, &record))?;
        player.end()?;
        rescues.extend(found.damage.into_iter().map(|cause| Rescue { cause, cure: "passed over".to_owned() }));
    }
    Remembered::read(dir).give(&index)?;
    let articles = index.totals()?.articles;
    Ok(Parts { journal: None, index, clean: Clean::Unknown, opened: Opened { how: How::ReadOnly, rescues, articles } })
}

/// How closely the journal is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// Its newest file alone: what opening costs does not grow with what is stored.
    Quick,
    /// All of it: something was met that should not be.
    Thorough,
}

/// Opens for reading and writing.
pub(super) fn writable(
    disk: &Arc<dyn Disk>,
    dir: &Path,
    options: &Options,
    now: Timestamp,
    care: Care,
) -> Result<Parts, Error> {
    let folder = dir.join(JOURNAL);
    for needed in [folder.clone(), journal::folder_of_copies(&folder)] {
        if !needed.is_dir() {
            fs::create_dir_all(&needed).map_err(|e| Error::io("make", &needed, e))?;
            disk.sync_dir(dir).map_err(|e| Error::io("sync", dir, e))?;
        }
    }
    let place = dir.join(INDEX);
    swap::settle(dir)?;
    let (mut journal, found) = Journal::open(disk.clone(), &folder, options.segment)?;
    let missing = !place.join("db").exists();
    let mut rescues = Vec::new();
    let mut lost = false;
    if care == Care::Thorough || !found.damage.is_empty() {
        lost = mend(&mut journal, &found, &mut rescues)?;
    }
    let fresh = missing && journal.next_seq() == 1;
    if missing && !fresh {
        let cure = "it is made again from the journal".to_owned();
        rescues.push(Rescue { cause: "the index is missing".to_owned(), cure });
    }
    let mut remembered = Remembered::read(dir);
    let mut opened = None;
    let mut clean = Clean::take(dir, &place);
    if !rescues.is_empty() || care == Care::Thorough {
        clean = Clean::Unknown;
    }
    if fresh || !missing {
        opened = find(&place, (options, &journal), clean, &mut remembered, &mut rescues)?;
    }
    if let Some(index) = opened.take_if(|index| index.is_older().unwrap_or(false)) {
        // On a copy: until that is whole, the old one stays as it is.
        swap::grow(dir, &journal, &index, options)?;
        drop(index);
        swap::exchange(dir)?;
        let cause = "the index has the form of an older version".to_owned();
        rescues.push(Rescue { cause, cure: "it was made anew from the journal, on a copy".to_owned() });
        opened = find(&place, (options, &journal), Clean::Unknown, &mut remembered, &mut rescues)?;
    }
    if let Some(index) = &opened {
        let applied = index.totals()?.applied;
        if lost || applied >= journal.next_seq() || (care == Care::Thorough && outlives(index, &journal)?) {
            journal.pass(applied);
            let cause = "the index has articles that the journal lost".to_owned();
            rescues.push(Rescue { cause, cure: "see below; a backup may hold them".to_owned() });
            remembered.take(index);
            opened = None;
        }
    }
    if let Some(index) = &opened {
        match catch_up(&journal, index) {
            Err(Error::Damaged(what)) => {
                rescues.push(Rescue { cause: format!("{what} is damaged"), cure: "see below".to_owned() });
                remembered.take(index);
                opened = None;
            }
            done => done?,
        }
    }
    let rebuilt = opened.is_none();
    let index = match opened {
        Some(index) => index,
        None => {
            if place.exists() {
                set_aside(&**disk, dir, &place, now)?;
            }
            rebuild(&place, &journal, options, &remembered, &mut rescues)?
        }
    };
    let totals = index.totals()?;
    let how = match () {
        () if rebuilt => How::Rebuilt,
        () if !rescues.is_empty() => How::Rescued,
        () if fresh && totals.applied == 0 => How::Fresh,
        () => How::Clean,
    };
    if !rescues.is_empty() {
        clean = Clean::Unknown;
    }
    let opened = Opened { how, rescues, articles: totals.articles };
    Ok(Parts { journal: Some(journal), index, clean, opened })
}

/// Puts together what is left of damaged files and of their copies. Returns whether records are lost for good.
pub(super) fn mend(journal: &mut Journal, met: &Found, rescues: &mut Vec<Rescue>) -> Result<bool, Error> {
    let read = journal.replay(0, &mut |_, _| Ok(()))?;
    let damaged: BTreeSet<u64> = met.damaged.iter().chain(&read.damaged).copied().collect();
    journal.mend(&damaged.into_iter().collect::<Vec<_>>())?;
    journal.correct_copies()?;
    let lost = met.lost || read.lost;
    let cure = if lost {
        "what could be read was kept, the damaged file is beside it; a backup may hold what is missing"
    } else {
        "it was given back from its copy"
    };
    for damage in met.damage.iter().chain(&read.damage) {
        rescues.push(Rescue { cause: format!("the journal: {damage}"), cure: cure.to_owned() });
    }
    Ok(lost)
}

/// The index as it is, or as it is without sled's snapshots; `None` where only making it again helps.
fn find(
    place: &Path,
    (options, journal): (&Options, &Journal),
    mut clean: Clean,
    remembered: &mut Remembered,
    rescues: &mut Vec<Rescue>,
) -> Result<Option<Index>, Error> {
    for cure in ["sled's snapshots were removed", "see below"] {
        let opened = index::stored(place, options.cache, journal.bodies()).and_then(|index| {
            if index.is_older()? || clean == Clean::AsLeft {
                return Ok(index);
            }
            let verified = index.verify(Pace::Full);
            if verified.is_err() {
                remembered.take(&index);
            }
            verified.map(|_| index)
        });
        match opened {
            Ok(index) => return Ok(Some(index)),
            Err(error @ Error::Damaged(_)) => {
                rescues.push(Rescue { cause: error.to_string(), cure: cure.to_owned() });
                clean = Clean::Unknown;
                Sled::drop_snapshots(place);
            }
            Err(error) if error.is_full() => return Err(error),
            Err(error @ Error::Newer { .. }) => return Err(error),
            Err(error) => rescues.push(Rescue { cause: error.to_string(), cure: "tried again".to_owned() }),
        }
    }
    Ok(None)
}

/// Whether the index names a record that the journal does not have: a file of it is gone without a trace.
fn outlives(index: &Index, journal: &Journal) -> Result<bool, Error> {
    let mut held = HashSet::new();
    journal.replay(0, &mut |seq, record| {
        if let Record::Visit(visit) = record {
            held.extend(visit.articles.iter().map(|entry| (entry.key, seq)));
        }
        Ok(())
    })?;
    let mut missing = false;
    let looked = index.marks(&mut |key, mark| {
        missing = matches!(mark, Mark::Article(body) if !held.contains(&(key, body.seq)));
        Ok(if missing { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    });
    // An index that cannot be read through has to go all the same.
    Ok(missing || looked.is_err())
}

/// Plays what the index has not seen.
fn catch_up(journal: &Journal, index: &Index) -> Result<(), Error> {
    let applied = index.totals()?.applied;
    if applied + 1 == journal.next_seq() {
        return Ok(());
    }
    let mut player = index.player()?;
    journal.replay(applied + 1, &mut |seq, record| player.play(seq, &record))?;
    player.end()
}

/// Makes a new index from the journal.
fn rebuild(
    place: &Path,
    journal: &Journal,
    options: &Options,
    remembered: &Remembered,
    rescues: &mut Vec<Rescue>,
) -> Result<Index, Error> {
    let index = index::stored(place, options.cache, journal.bodies())?;
    let mut player = index.player()?;
    let found = journal.replay(0, &mut |seq, record| player.play(seq, &record))?;
    player.end()?;
    remembered.give(&index)?;
    index.flush()?;
    rescues.push(Rescue {
        cause: "the index had to go".to_owned(),
        cure: format!("it was made again from {} journal record(s)", found.records),
    });
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
