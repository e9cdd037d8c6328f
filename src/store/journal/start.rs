//! Opening the journal's files: what a stop left half done is settled, and what only a copy has is brought back.

use std::path::Path;

use super::{
    Active, Sealed, make,
    mirror::{Mirror, folder_of_copies},
    read::{Found, Loaded, head_of, name},
    segment::{HEAD, Head, Scan},
};
use crate::store::{Error, disk::Disk};

/// Removes what a stop left half written.
pub(super) fn sweep(disk: &dyn Disk, dir: &Path) -> Result<(), Error> {
    for (file, _) in disk.list(dir).map_err(|e| Error::io("list", dir, e))? {
        if file.ends_with(".new") {
            let path = dir.join(&file);
            disk.remove(&path).map_err(|e| Error::io("remove", &path, e))?;
        }
    }
    Ok(())
}

/// Damaged files that are kept beside the mended ones.
const KEPT: usize = 2;

/// Removes all but the newest damaged files that were set aside.
pub(super) fn forget_damaged(disk: &dyn Disk, dir: &Path) {
    let mut aside: Vec<_> = disk.list(dir).unwrap_or_default().into_iter().map(|(file, _)| file).collect();
    aside.retain(|file| file.ends_with(".damaged"));
    aside.sort();
    for old in aside.iter().rev().skip(KEPT) {
        let _ = disk.remove(&dir.join(old));
    }
}

/// The head of a file that has one, brought back from the copy where need be. `bytes` is how long the file is, if it is there.
pub(super) fn ready(
    disk: &dyn Disk,
    dir: &Path,
    number: u64,
    bytes: Option<u64>,
    found: &mut Found,
) -> Result<Option<Head>, Error> {
    if let Some(head) = head_of(disk, dir, number)? {
        return Ok(Some(head));
    }
    let path = dir.join(name(number));
    let copy = Loaded::read(disk, &folder_of_copies(dir), number).unwrap_or_default();
    match (bytes, copy.head) {
        // It was being made when the machine stopped: nothing was ever acknowledged in it.
        (Some(bytes), None) if bytes <= HEAD as u64 => {
            disk.remove(&path).map_err(|e| Error::io("remove", &path, e))?;
            return Ok(None);
        }
        (Some(bytes), _) if bytes > HEAD as u64 => {
            let aside = dir.join(format!("{number:08}.damaged"));
            disk.rename(&path, &aside).map_err(|e| Error::io("set aside", &path, e))?;
        }
        _ => {}
    }
    let Some(head) = copy.head else {
        // The copy is of no use either; out of the way, it is not told again at each start.
        let copies = folder_of_copies(dir);
        let _ = disk.rename(&copies.join(name(number)), &copies.join(format!("{number:08}.damaged")));
        found.damage.push(format!("{} has no readable head and was set aside", name(number)));
        found.lost = true;
        return Ok(None);
    };
    let whole = copy.is_whole(&copy.scan());
    found.damage.push(format!("{} was missing or had no readable head; its copy is in its place", name(number)));
    found.lost |= !whole;
    if !whole {
        found.damaged.push(number);
    }
    let new = dir.join(format!("{number:08}.new"));
    let io = |e| Error::io("bring back", &path, e);
    let mut file = disk.create(&new).map_err(io)?;
    file.append(&copy.bytes).and_then(|()| file.sync()).map_err(io)?;
    disk.rename(&new, &path).and_then(|()| disk.sync_dir(dir)).map_err(io)?;
    Ok(Some(head))
}

/// Goes on with the last file. One with damage in it is sealed for `mend`, and another one is begun.
pub(super) fn go_on(
    disk: &dyn Disk,
    dir: &Path,
    (last, head): (Sealed, Head),
    mirror: &mut Mirror,
    sealed: &mut Vec<Sealed>,
    found: &mut Found,
) -> Result<(Active, u64), Error> {
    let path = dir.join(name(last.number));
    let original = Loaded::read(disk, dir, last.number)?;
    let copy = Loaded::read(disk, &folder_of_copies(dir), last.number).unwrap_or_default();
    let (scan, copied) = (original.scan(), copy.scan());
    let last_of = |scan: &Scan<'_>| scan.frames.last().map(|frame| frame.seq);
    let last_seq = last_of(&scan).unwrap_or(head.first_seq.saturating_sub(1));
    // What the copy has was acknowledged before it was copied.
    let missing = copy.head == Some(head) && last_of(&copied).is_some_and(|seq| seq > last_seq);
    let end = scan.end as u64;
    let mut file = disk.open(&path).map_err(|e| Error::io("open", &path, e))?;
    if scan.gaps > 0 || missing {
        found.damage.push(format!("{} has {} damaged place(s) or ends early", name(last.number), scan.gaps));
        found.damaged.push(last.number);
        found.last_seq = last_seq.max(last_of(&copied).unwrap_or(0));
        sealed.push(last);
        let active = make(disk, dir, last.number + 1, found.last_seq + 1, mirror)?;
        return Ok((active, found.last_seq + 1));
    }
    if end < original.bytes.len() as u64 {
        found.torn = original.bytes.len() as u64 - end;
        file.cut(end).map_err(|e| Error::io("cut", &path, e))?;
    }
    // The rest may have been read from memory that never reached the disk before the last stop.
    file.sync().map_err(|e| Error::io("sync", &path, e))?;
    disk.sync_dir(dir).map_err(|e| Error::io("sync", dir, e))?;
    found.last_seq = last_seq;
    mirror.begin(last.number, original.bytes.get(..scan.end).unwrap_or_default());
    Ok((Active { number: last.number, head, file, bytes: end, spent: false }, last_seq + 1))
}
