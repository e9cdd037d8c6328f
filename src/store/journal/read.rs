//! Reading the journal's files: [`Found`] says what they held. Nothing here changes a byte.

use std::path::Path;

use super::segment::{HEAD, Head, scan};
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
    /// Records read.
    pub(in crate::store) records: u64,
}

/// The name of a journal file.
pub(in crate::store) fn name(number: u64) -> String {
    format!("{number:08}.log")
}

/// The number in a journal file's name.
pub(in crate::store) fn number_of(name: &str) -> Option<u64> {
    name.strip_suffix(".log")?.parse().ok()
}

/// The journal files of a folder in order, with their sizes.
pub(in crate::store) fn files(disk: &dyn Disk, dir: &Path) -> Result<Vec<(u64, u64)>, Error> {
    let listed = disk.list(dir).map_err(|e| Error::io("list", dir, e))?;
    let mut numbers: Vec<_> = listed.iter().filter_map(|(name, bytes)| Some((number_of(name)?, *bytes))).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Reads every record with a number from `from` on, in order, without changing a byte. A file whose head is gone is passed over.
pub(in crate::store) fn read_all(
    disk: &dyn Disk,
    dir: &Path,
    from: u64,
    each: &mut dyn FnMut(u64, Record) -> Result<(), Error>,
) -> Result<Found, Error> {
    let mut segments = Vec::new();
    let mut found = Found::default();
    for (number, _) in files(disk, dir)? {
        let path = dir.join(name(number));
        let bytes = disk.head(&path, HEAD).map_err(|e| Error::io("read", &path, e))?;
        match Head::read(&bytes, &name(number))? {
            Some(head) => segments.push((number, head.first_seq)),
            None => found.damage.push(format!("{} has no readable head", name(number))),
        }
    }
    read_files(disk, dir, &segments, from, each, &mut found)?;
    Ok(found)
}

/// Reads records of the files given by number and first record.
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
        let path = dir.join(name(*number));
        let bytes = disk.read(&path).map_err(|e| Error::io("read", &path, e))?;
        let Some(head) = Head::read(&bytes, &name(*number))? else { continue };
        let scan = scan(&bytes, head.salt);
        if scan.gaps > 0 || (scan.end < bytes.len() && at + 1 < segments.len()) {
            let bad = bytes.len() - scan.end;
            found.damage.push(format!(
                "{} has {} damaged place(s), {bad} byte(s) at its end",
                name(*number),
                scan.gaps
            ));
            found.damaged.push(*number);
        }
        for frame in scan.frames {
            if frame.seq < from || frame.seq <= found.last_seq {
                continue;
            }
            if frame.format > RECORD_VERSION {
                let what = format!("a journal record ({})", name(*number));
                return Err(Error::Newer { what, found: frame.format, known: RECORD_VERSION });
            }
            found.last_seq = frame.seq;
            found.records += 1;
            each(frame.seq, codec::parse("a journal record", frame.payload)?)?;
        }
    }
    Ok(())
}
