//! [`Bodies`]: single articles read out of the journal's files, by the number of their record.
//!
//! The index knows which record holds an article, and about where in it. A file is looked through once, when something in it is first
//! asked for; from then on a read costs one piece of the file. Both the journal and its copy are asked, so a damaged place in one of
//! them is met by the other.
//!
//! Invariant: what is returned has a checksum that holds and the key that was asked for.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    mirror::folder_of_copies,
    read::name,
    segment::{FRAME, Head, LONGEST, frame_at, scan},
};
use crate::store::{
    Error, codec,
    disk::{Disk, DiskReader},
    schema::{Body, Record, open_entry},
};

/// Files that are kept open, with the places of their records.
const KEPT_OPEN: usize = 96;
const WHAT: &str = "an article's place in the journal";

/// The journal's files, for readers.
#[derive(Debug)]
pub(in crate::store) struct Bodies {
    disk: Arc<dyn Disk>,
    /// The journal's folder and that of its copies.
    folders: [PathBuf; 2],
    parts: RwLock<Vec<Arc<Part>>>,
    /// Counts the uses, so that the file used longest ago can be told.
    uses: AtomicU64,
}

/// One file of the journal.
#[derive(Debug)]
struct Part {
    number: u64,
    first_seq: u64,
    used: AtomicU64,
    open: [Mutex<Option<Arc<Table>>>; 2],
}

/// An open file and where its records are.
#[derive(Debug)]
struct Table {
    reader: Box<dyn DiskReader>,
    salt: u64,
    /// Number, counted from the file's first, and place of each record, ascending.
    frames: RwLock<Vec<(u32, u32)>>,
    first_seq: u64,
}

impl Table {
    fn place(&self, seq: u64) -> Option<u32> {
        let wanted = u32::try_from(seq.checked_sub(self.first_seq)?).ok()?;
        let frames = self.frames.read().unwrap_or_else(PoisonError::into_inner);
        let at = frames.binary_search_by_key(&wanted, |(number, _)| *number).ok()?;
        frames.get(at).map(|(_, place)| *place)
    }

    fn add(&self, seq: u64, place: u64) {
        let mut frames = self.frames.write().unwrap_or_else(PoisonError::into_inner);
        let number = seq.checked_sub(self.first_seq).and_then(|number| u32::try_from(number).ok());
        if let (Some(number), Ok(place)) = (number, u32::try_from(place))
            && frames.last().is_none_or(|(last, _)| *last < number)
        {
            frames.push((number, place));
        }
    }
}

impl Part {
    fn new(number: u64, first_seq: u64) -> Arc<Self> {
        Arc::new(Self { number, first_seq, used: AtomicU64::new(0), open: Default::default() })
    }

    fn is_open(&self) -> bool {
        self.open.iter().any(|open| open.lock().unwrap_or_else(PoisonError::into_inner).is_some())
    }

    fn close(&self) {
        for open in &self.open {
            *open.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

impl Bodies {
    /// Readers of the files in the folder `dir`, given by number and first record in order.
    pub(in crate::store) fn new(disk: Arc<dyn Disk>, dir: PathBuf, files: &[(u64, u64)]) -> Self {
        let folders = [dir.clone(), folder_of_copies(&dir)];
        let bodies = Self { disk, folders, parts: RwLock::default(), uses: AtomicU64::new(0) };
        bodies.publish(files);
        bodies
    }

    /// Takes note of which files there are now. Those with a number in `files` that were known stay open.
    pub(super) fn publish(&self, files: &[(u64, u64)]) {
        let mut parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        let known = std::mem::take(&mut *parts);
        let part = |(number, first_seq): &(u64, u64)| {
            let same = known.iter().find(|part| part.number == *number && part.first_seq == *first_seq);
            same.cloned().unwrap_or_else(|| Part::new(*number, *first_seq))
        };
        *parts = files.iter().map(part).collect();
    }

    /// A file was replaced by another one of the same name.
    pub(super) fn replaced(&self, number: u64) {
        let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        parts.iter().filter(|part| part.number == number).for_each(|part| part.close());
    }

    /// A record was added at `place` of the last file.
    pub(super) fn added(&self, seq: u64, place: u64) {
        let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        if let Some([journal, _]) = parts.last().map(|part| &part.open)
            && let Some(table) = &*journal.lock().unwrap_or_else(PoisonError::into_inner)
        {
            table.add(seq, place);
        }
    }

    /// The sealed article with this key that a record holds.
    pub(in crate::store) fn sealed(&self, key: &[u8; 16], body: &Body) -> Result<Vec<u8>, Error> {
        let mut refused = None;
        // Compaction may replace files between the choice of one and its opening; then the second try finds the new ones.
        for _ in 0..2 {
            let Some(part) = self.part(body.seq) else { break };
            for which in [0, 1] {
                match self.table(&part, which).and_then(|table| read(&table, key, body)) {
                    Ok(Some(sealed)) => return Ok(sealed),
                    Ok(None) => {}
                    Err(error) => refused = Some(error),
                }
            }
        }
        Err(refused.filter(|error| matches!(error, Error::Newer { .. })).unwrap_or(Error::Damaged(WHAT.to_owned())))
    }

    fn part(&self, seq: u64) -> Option<Arc<Part>> {
        let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        let behind = parts.partition_point(|part| part.first_seq <= seq);
        let part = parts.get(behind.checked_sub(1)?)?.clone();
        if part.used.swap(self.uses.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed) == 0 {
            // It is opened now: who was used longest ago makes room.
            let mut open: Vec<_> = parts.iter().filter(|part| part.is_open()).collect();
            if open.len() >= KEPT_OPEN {
                open.sort_by_key(|part| part.used.load(Ordering::Relaxed));
                for old in open.iter().take(KEPT_OPEN / 4) {
                    old.used.store(0, Ordering::Relaxed);
                    old.close();
                }
            }
        }
        Some(part)
    }

    fn table(&self, part: &Part, which: usize) -> Result<Arc<Table>, Error> {
        let damaged = || Error::Damaged(WHAT.to_owned());
        let (Some(open), Some(folder)) = (part.open.get(which), self.folders.get(which)) else { return Err(damaged()) };
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = &*open {
            return Ok(table.clone());
        }
        let path = folder.join(name(part.number));
        let io = |e| Error::io("read", &path, e);
        let reader = self.disk.reader(&path).map_err(io)?;
        let bytes = reader.whole().map_err(io)?;
        let head = Head::read(&bytes, &name(part.number))?.ok_or_else(damaged)?;
        let table = Table { reader, salt: head.salt, frames: RwLock::default(), first_seq: head.first_seq };
        for frame in scan(&bytes, head.salt).frames {
            table.add(frame.seq, frame.at as u64);
        }
        Ok(open.insert(Arc::new(table)).clone())
    }
}

/// Reads the article where the index says it is; if it is not there, the record was made shorter since, and is read whole.
fn read(table: &Table, key: &[u8; 16], body: &Body) -> Result<Option<Vec<u8>>, Error> {
    let io = |e| Error::io("read", std::path::Path::new("the journal"), e);
    let Some(place) = table.place(body.seq) else { return Ok(None) };
    let place = u64::from(place);
    let at = place + FRAME as u64 + u64::from(body.at);
    let piece = table.reader.piece(at, body.len as usize).map_err(io)?;
    if let Some(sealed) = open_entry(key, &piece).filter(|sealed| codec::is_whole(sealed)) {
        return Ok(Some(sealed.to_vec()));
    }
    let head = table.reader.piece(place, FRAME).map_err(io)?;
    let Some(length) = head.get(FRAME - 4..).and_then(|four| four.first_chunk()) else { return Ok(None) };
    let length = (u32::from_le_bytes(*length) as usize).min(LONGEST);
    let frame = table.reader.piece(place, FRAME + length).map_err(io)?;
    let Some(frame) = frame_at(&frame, 0, table.salt).filter(|frame| frame.seq == body.seq) else { return Ok(None) };
    let Record::Visit(visit) = codec::parse(WHAT, frame.payload)? else { return Ok(None) };
    let entry = visit.articles.into_iter().find(|entry| &entry.key == key);
    Ok(entry.map(|entry| entry.sealed.0).filter(|sealed| codec::is_whole(sealed)))
}
