//! The journal: an append-only record of visits, the truth from which everything else can be made again.
//!
//! - [`Journal`] appends [`Record`]s; a call returns once they are on the disk. It knows files through `disk` alone.
//! - [`Found`] says what opening met: how far it reaches, and what was torn or damaged.
//!
//! The journal is a folder of files `00000001.log`, …; all but the last are sealed and change only by being replaced whole.
//! Records carry ascending numbers across all files. A number is never given twice, not even after a failed write.

mod read;
mod segment;

pub(super) use self::read::{Found, files, name, number_of, read_all};

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use self::{
    read::read_files,
    segment::{HEAD, Head, scan, write_frame},
};
use super::{
    Error,
    disk::{Disk, DiskFile},
    schema::Record,
};

/// A sealed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sealed {
    /// The number in its name.
    pub(super) number: u64,
    /// No record in it has a lower number.
    pub(super) first_seq: u64,
    /// Its size.
    pub(super) bytes: u64,
}

/// The file being written.
#[derive(Debug)]
struct Active {
    number: u64,
    head: Head,
    file: Box<dyn DiskFile>,
    bytes: u64,
    /// A sync failed: what the disk holds of it is unknown, so nothing more is added.
    spent: bool,
}

/// The open journal.
#[derive(Debug)]
pub(super) struct Journal {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    limit: u64,
    sealed: Vec<Sealed>,
    active: Active,
    next_seq: u64,
}

/// What becomes of a damaged file that is rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    /// It stays as it is.
    Refused,
    /// A copy of it is kept.
    SetAside,
}

impl Journal {
    /// Opens the journal in `dir`, which must exist; makes it if there is none. Files grow to about `limit` bytes.
    ///
    /// An unfinished write at the end is cut off. A file whose head is unreadable is set aside under another name, never removed.
    pub(super) fn open(disk: Arc<dyn Disk>, dir: &Path, limit: u64) -> Result<(Self, Found), Error> {
        let mut found = Found::default();
        for (file, _) in disk.list(dir).map_err(|e| Error::io("list", dir, e))? {
            if file.ends_with(".new") {
                let path = dir.join(&file);
                disk.remove(&path).map_err(|e| Error::io("remove", &path, e))?;
            }
        }
        let mut segments: Vec<(Sealed, Head)> = Vec::new();
        let mut highest = 0;
        for (number, bytes) in files(&*disk, dir)? {
            highest = number;
            let path = dir.join(name(number));
            let head = disk.head(&path, HEAD).map_err(|e| Error::io("read", &path, e))?;
            match Head::read(&head, &name(number))? {
                Some(head) => segments.push((Sealed { number, first_seq: head.first_seq, bytes }, head)),
                None if bytes <= HEAD as u64 => {
                    // It was being made when the machine stopped: nothing was ever acknowledged in it.
                    disk.remove(&path).map_err(|e| Error::io("remove", &path, e))?;
                }
                None => {
                    found.damage.push(format!("{} has no readable head and was set aside", name(number)));
                    let aside = dir.join(format!("{number:08}.damaged"));
                    disk.rename(&path, &aside).map_err(|e| Error::io("set aside", &path, e))?;
                }
            }
        }
        let last = segments.pop();
        let sealed = segments.iter().map(|(sealed, _)| *sealed).collect();
        let (active, next_seq) = match last {
            Some((last, head)) => {
                let path = dir.join(name(last.number));
                let bytes = disk.read(&path).map_err(|e| Error::io("read", &path, e))?;
                let scan = scan(&bytes, head.salt);
                if scan.gaps > 0 {
                    found.damage.push(format!("{} has {} damaged place(s)", name(last.number), scan.gaps));
                    found.damaged.push(last.number);
                }
                let last_seq = scan.frames.last().map_or(head.first_seq.saturating_sub(1), |frame| frame.seq);
                let end = scan.end as u64;
                let mut file = disk.open(&path).map_err(|e| Error::io("open", &path, e))?;
                if end < bytes.len() as u64 {
                    found.torn = bytes.len() as u64 - end;
                    file.cut(end).map_err(|e| Error::io("cut", &path, e))?;
                }
                // The rest may have been read from memory that never reached the disk before the last stop.
                file.sync().map_err(|e| Error::io("sync", &path, e))?;
                disk.sync_dir(dir).map_err(|e| Error::io("sync", dir, e))?;
                found.last_seq = last_seq;
                (Active { number: last.number, head, file, bytes: end, spent: false }, last_seq + 1)
            }
            None => (make(&*disk, dir, highest + 1, 1)?, 1),
        };
        Ok((Self { disk, dir: dir.to_owned(), limit, sealed, active, next_seq }, found))
    }

    /// The number that the next record gets.
    pub(super) fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// Makes sure that numbers up to `seq` are not given again.
    pub(super) fn pass(&mut self, seq: u64) {
        self.next_seq = self.next_seq.max(seq.saturating_add(1));
    }

    /// Bytes of all files.
    pub(super) fn bytes(&self) -> u64 {
        self.sealed.iter().map(|sealed| sealed.bytes).sum::<u64>() + self.active.bytes
    }

    /// The sealed files, oldest first.
    pub(super) fn sealed(&self) -> &[Sealed] {
        &self.sealed
    }

    /// Path and length of every file as acknowledged, oldest first.
    pub(super) fn extent(&self) -> Vec<(PathBuf, u64)> {
        let sealed = self.sealed.iter().map(|sealed| (sealed.number, sealed.bytes));
        let active = std::iter::once((self.active.number, self.active.bytes));
        sealed.chain(active).map(|(number, bytes)| (self.dir.join(name(number)), bytes)).collect()
    }

    /// Appends records and returns the first one's number once all are on the disk, with one sync. After an error none of them counts.
    pub(super) fn append(&mut self, records: &[Record]) -> Result<u64, Error> {
        if self.active.spent || self.active.bytes >= self.limit {
            self.rotate()?;
        }
        let first = self.next_seq;
        let mut bytes = Vec::new();
        for (seq, record) in (first..).zip(records) {
            let payload = postcard::to_allocvec(record)
                .map_err(|e| Error::Refused(format!("cannot encode a journal record: {e}")))?;
            write_frame(&mut bytes, self.active.head.salt, seq, &payload)?;
        }
        self.next_seq += records.len() as u64;
        let path = self.dir.join(name(self.active.number));
        if let Err(e) = self.active.file.append(&bytes) {
            self.active.spent = self.active.file.cut(self.active.bytes).is_err();
            return Err(Error::io("write to", &path, e));
        }
        if let Err(e) = self.active.file.sync() {
            // After a failed sync the system may call the pages clean though they never reached the disk.
            self.active.spent = true;
            let _ = self.active.file.cut(self.active.bytes);
            return Err(Error::io("sync", &path, e));
        }
        self.active.bytes += bytes.len() as u64;
        Ok(first)
    }

    /// Reads records from number `from` on.
    pub(super) fn replay(
        &self,
        from: u64,
        each: &mut dyn FnMut(u64, Record) -> Result<(), Error>,
    ) -> Result<Found, Error> {
        let sealed = self.sealed.iter().map(|sealed| (sealed.number, sealed.first_seq));
        let active = std::iter::once((self.active.number, self.active.head.first_seq));
        let segments: Vec<_> = sealed.chain(active).collect();
        let mut found = Found::default();
        read_files(&*self.disk, &self.dir, &segments, from, each, &mut found)?;
        Ok(found)
    }

    fn copy_aside(&self, path: &Path, number: u64) -> std::io::Result<()> {
        let bytes = self.disk.read(path)?;
        self.disk.create(&self.dir.join(format!("{number:08}.damaged")))?.append(&bytes)
    }

    /// Seals the file being written and starts the next.
    pub(super) fn rotate(&mut self) -> Result<(), Error> {
        let next = make(&*self.disk, &self.dir, self.active.number + 1, self.next_seq)?;
        let old = std::mem::replace(&mut self.active, next);
        self.sealed.push(Sealed { number: old.number, first_seq: old.head.first_seq, bytes: old.bytes });
        Ok(())
    }

    /// Replaces neighbouring sealed files by one that holds what `keep` leaves of their records. Whatever stops it, either the old
    /// files are there or the new one; records that are there twice meanwhile are read once.
    ///
    /// A file with damage in it is refused: first it is to be healed.
    pub(super) fn rewrite(
        &mut self,
        numbers: &[u64],
        keep: &mut dyn FnMut(u64, Record) -> Result<Option<Record>, Error>,
    ) -> Result<(), Error> {
        self.replace(numbers, Damage::Refused, keep)
    }

    /// Replaces damaged files by what can be read of them, and keeps each as it was under another name.
    pub(super) fn mend(&mut self, numbers: &[u64]) -> Result<(), Error> {
        if numbers.contains(&self.active.number) {
            self.rotate()?;
        }
        for number in numbers {
            self.replace(&[*number], Damage::SetAside, &mut |_, record| Ok(Some(record)))?;
        }
        Ok(())
    }

    fn replace(
        &mut self,
        numbers: &[u64],
        damage: Damage,
        keep: &mut dyn FnMut(u64, Record) -> Result<Option<Record>, Error>,
    ) -> Result<(), Error> {
        let group: Vec<_> = self.sealed.iter().filter(|sealed| numbers.contains(&sealed.number)).copied().collect();
        let Some(lowest) = group.first().copied() else { return Ok(()) };
        let head = Head::new(lowest.first_seq);
        let mut bytes = head.write();
        let segments: Vec<_> = group.iter().map(|sealed| (sealed.number, sealed.first_seq)).collect();
        let mut found = Found::default();
        read_files(
            &*self.disk,
            &self.dir,
            &segments,
            0,
            &mut |seq, record| {
                if let Some(record) = keep(seq, record)? {
                    let payload = postcard::to_allocvec(&record)
                        .map_err(|e| Error::Refused(format!("cannot encode a journal record: {e}")))?;
                    write_frame(&mut bytes, head.salt, seq, &payload)?;
                }
                Ok(())
            },
            &mut found,
        )?;
        match (damage, found.damage.first()) {
            (Damage::Refused, Some(damage)) => return Err(Error::Damaged(format!("the journal: {damage}"))),
            (Damage::SetAside, _) => {
                let path = self.dir.join(name(lowest.number));
                // A copy is worth having, but no reason to fail.
                let _ = self.copy_aside(&path, lowest.number);
            }
            (Damage::Refused, None) => {}
        }
        let new = self.dir.join(format!("{:08}.new", lowest.number));
        let path = self.dir.join(name(lowest.number));
        let written = (|| {
            let mut file = self.disk.create(&new)?;
            file.append(&bytes)?;
            file.sync()?;
            self.disk.rename(&new, &path)?;
            self.disk.sync_dir(&self.dir)
        })();
        if let Err(e) = written {
            let _ = self.disk.remove(&new);
            return Err(Error::io("rewrite", &path, e));
        }
        for sealed in &mut self.sealed {
            if sealed.number == lowest.number {
                sealed.bytes = bytes.len() as u64;
            }
        }
        for other in group.iter().skip(1) {
            let path = self.dir.join(name(other.number));
            self.disk.remove(&path).map_err(|e| Error::io("remove", &path, e))?;
            self.sealed.retain(|sealed| sealed.number != other.number);
        }
        if group.len() > 1 {
            self.disk.sync_dir(&self.dir).map_err(|e| Error::io("sync", &self.dir, e))?;
        }
        Ok(())
    }
}

fn make(disk: &dyn Disk, dir: &Path, number: u64, first_seq: u64) -> Result<Active, Error> {
    let path = dir.join(name(number));
    let head = Head::new(first_seq);
    let bytes = head.write();
    let made = (|| {
        let mut file = disk.create(&path)?;
        file.append(&bytes)?;
        file.sync()?;
        disk.sync_dir(dir)?;
        Ok(file)
    })();
    match made {
        Ok(file) => Ok(Active { number, head, file, bytes: bytes.len() as u64, spent: false }),
        Err(e) => {
            let _ = disk.remove(&path);
            Err(Error::io("make", &path, e))
        }
    }
}
