//! Reading the journal's files: [`Found`] says what they held. Nothing here changes a byte.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::ErrorKind,
    path::Path,
};

use super::{
    mirror::folder_of_copies,
    segment::{Frame, HEAD, Head, Scan, scan},
};
use crate::store::{
    Error, codec,
    disk::Disk,
    schema::{RECORD_VERSION, Record},
};

/// What opening or reading the journal met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store) struct Found {
    /// The last record's number; 0 if there is none.
    pub(in crate::store) last_seq: u64,
    /// Bytes cut from the end: writes that never were acknowledged, or damage.
    pub(in crate::store) torn: u64,
    /// Damaged places that were passed over, in words.
    pub(in crate::store) damage: Vec<String>,
    /// The files that have such places.
    pub(in crate::store) damaged: Vec<u64>,
    /// Some of it is damaged in the copy too: there are records that nobody has any more.
    pub(in crate::store) lost: bool,
    /// Records read.
    pub(in crate::store) records: u64,
}

/// The name of a journal file.
pub(in crate::store) fn name(number: u64) -> String {
    format!("{number:08}.log")
}

/// The number in a journal file's name.
pub(in crate::store) fn number_of(file: &str) -> Option<u64> {
    let number = file.strip_suffix(".log")?.parse().ok()?;
    // Other spellings of a number are nobody's files.
    (name(number) == file).then_some(number)
}

/// The journal files of a folder in order, with their sizes.
pub(in crate::store) fn files(disk: &dyn Disk, dir: &Path) -> Result<Vec<(u64, u64)>, Error> {
    let listed = disk.list(dir).map_err(|e| Error::io("list", dir, e))?;
    let mut numbers: Vec<_> = listed.iter().filter_map(|(name, bytes)| Some((number_of(name)?, *bytes))).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Reads every record with a number from `from` on, in order, without changing a byte. What is damaged in a file is taken from its
/// copy; a file that is unreadable in both is passed over.
pub(in crate::store) fn read_all(
    disk: &dyn Disk,
    dir: &Path,
    from: u64,
    each: &mut dyn FnMut(u64, Record) -> Result<(), Error>,
) -> Result<Found, Error> {
    let mut found = Found::default();
    let segments = segments(disk, dir, &mut found)?;
    read_files(disk, dir, &segments, from, each, &mut found)?;
    Ok(found)
}

/// The files that the journal or its copies have, by number and first record.
pub(in crate::store) fn segments(disk: &dyn Disk, dir: &Path, found: &mut Found) -> Result<Vec<(u64, u64)>, Error> {
    let copies = folder_of_copies(dir);
    let mut numbers: BTreeSet<u64> = files(disk, dir)?.into_iter().map(|(number, _)| number).collect();
    numbers.extend(files(disk, &copies).unwrap_or_default().into_iter().map(|(number, _)| number));
    let mut segments = Vec::new();
    for number in numbers {
        match (head_of(disk, dir, number)?, head_of(disk, &copies, number)?) {
            (Some(head), _) | (None, Some(head)) => segments.push((number, head.first_seq)),
            (None, None) => {
                found.damage.push(format!("{} has no readable head", name(number)));
                found.lost = true;
            }
        }
    }
    Ok(segments)
}

/// The head of a file; `None` where the file or its head is not there.
pub(super) fn head_of(disk: &dyn Disk, dir: &Path, number: u64) -> Result<Option<Head>, Error> {
    let path = dir.join(name(number));
    match disk.head(&path, HEAD) {
        Ok(bytes) => Head::read(&bytes, &name(number)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io("read", &path, e)),
    }
}

/// A file read whole, with its frames.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) bytes: Vec<u8>,
    pub(super) head: Option<Head>,
}

impl Loaded {
    /// Reads a file; one that is not there is empty.
    pub(super) fn read(disk: &dyn Disk, dir: &Path, number: u64) -> Result<Self, Error> {
        let path = dir.join(name(number));
        let bytes = match disk.read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(Error::io("read", &path, e)),
        };
        let head = Head::read(&bytes, &name(number))?;
        Ok(Self { bytes, head })
    }

    /// Its whole frames; none where its head is gone.
    pub(super) fn scan(&self) -> Scan<'_> {
        self.head.map_or_else(Scan::default, |head| scan(&self.bytes, head.salt))
    }

    /// Whether all of it is as it was written.
    pub(super) fn is_whole(&self, scan: &Scan<'_>) -> bool {
        self.head.is_some() && scan.gaps == 0 && scan.end == self.bytes.len()
    }
}

/// The frames of a file and of its copy, each once, in order.
pub(super) fn merge<'a>(original: Scan<'a>, copy: Scan<'a>) -> Vec<Frame<'a>> {
    let mut frames: BTreeMap<u64, Frame<'a>> = copy.frames.into_iter().map(|frame| (frame.seq, frame)).collect();
    frames.extend(original.frames.into_iter().map(|frame| (frame.seq, frame)));
    frames.into_values().collect()
}

/// Reads records of the files given by number and first record, of which the last is being written.
pub(super) fn read_files(
    disk: &dyn Disk,
    dir: &Path,
    segments: &[(u64, u64)],
    from: u64,
    each: &mut dyn FnMut(u64, Record) -> Result<(), Error>,
    found: &mut Found,
) -> Result<(), Error> {
    for (at, (number, _)) in segments.iter().enumerate() {
        // A file ends where the next one begins, so all of it is old if that is.
        if segments.get(at + 1).is_some_and(|(_, next_first)| *next_first <= from) {
            continue;
        }
        let end = if at + 1 == segments.len() { End::Open } else { End::Sealed };
        read_file(disk, dir, (*number, end), from, each, found)?;
    }
    Ok(())
}

/// How a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum End {
    /// With a whole record: nothing is written to it any more.
    Sealed,
    /// Perhaps in a write that was never acknowledged; what its copy has was.
    Open,
}

/// Reads records of one file.
pub(in crate::store) fn read_file(
    disk: &dyn Disk,
    dir: &Path,
    (number, end): (u64, End),
    from: u64,
    each: &mut dyn FnMut(u64, Record) -> Result<(), Error>,
    found: &mut Found,
) -> Result<(), Error> {
    let original = Loaded::read(disk, dir, number)?;
    let scan = original.scan();
    let mut copy = Loaded::default();
    if end == End::Open || !original.is_whole(&scan) {
        copy = Loaded::read(disk, &folder_of_copies(dir), number).unwrap_or_default();
    }
    let torn = end == End::Open && original.head.is_some() && scan.gaps == 0;
    if !torn && !original.is_whole(&scan) {
        let copied = copy.scan();
        let cured = copy.is_whole(&copied) && original.head.is_none_or(|head| copy.head == Some(head));
        let (places, bad) = (scan.gaps, original.bytes.len().saturating_sub(scan.end));
        found.damage.push(format!(
            "{} has {places} damaged place(s), {bad} byte(s) at its end; its copy {}",
            name(number),
            if cured { "has all of it" } else { "is damaged or missing too" }
        ));
        found.damaged.push(number);
        found.lost |= !cured;
    }
    for frame in merge(scan, copy.scan()) {
        if frame.seq < from || frame.seq <= found.last_seq {
            continue;
        }
        if frame.format > RECORD_VERSION {
            let what = format!("a journal record ({})", name(number));
            return Err(Error::Newer { what, found: frame.format, known: RECORD_VERSION });
        }
        found.last_seq = frame.seq;
        found.records += 1;
        each(frame.seq, codec::parse("a journal record", frame.payload)?)?;
    }
    Ok(())
}
