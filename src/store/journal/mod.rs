//! The journal: an append-only record of visits, the truth from which everything else can be made again.
//!
//! - [`Journal`] appends [`Record`]s; a call returns once they are on the disk. It knows files through `disk` alone.
//! - [`Found`] says what opening met: how far it reaches, and what was torn or damaged.
//!
//! The journal is a folder of files `00000001.log`, …; all but the last are sealed and change only by being replaced whole.
//! A file's copy lies in a folder beside, see `mirror`; `bodies` reads single articles.
//! Records carry ascending numbers across all files. A number is never given twice, not even after a failed write.

mod bodies;
#[cfg(test)]
mod marks;
mod mirror;
mod read;
mod segment;
mod start;
mod sums;

pub(super) use self::{
    bodies::Bodies,
    mirror::folder_of_copies,
    read::{End, Found, files, name, number_of, read_all, read_file, segments},
};

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use self::{
    mirror::Mirror,
    read::{head_of, read_files},
    segment::{Head, write_frame},
    start::{forget_damaged, go_on, ready, sweep},
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
    mirror: Mirror,
    bodies: Arc<Bodies>,
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
    /// Opens the journal in `dir`, which must exist as the folder of its copies must; makes it if there is none. Files grow to about
    /// `limit` bytes.
    ///
    /// An unfinished write at the end is cut off. What only a file's copy has is brought back. A file whose head is unreadable is set
    /// aside under another name, never removed.
    pub(super) fn open(disk: Arc<dyn Disk>, dir: &Path, limit: u64) -> Result<(Self, Found), Error> {
        let mut found = Found::default();
        let copies = folder_of_copies(dir);
        sweep(&*disk, dir)?;
        sweep(&*disk, &copies)?;
        let mut sealed = Vec::new();
        let mut highest = 0;
        let listed = |dir: &Path| files(&*disk, dir).map(|files| files.into_iter().collect::<BTreeMap<_, _>>());
        let (originals, copied) = (listed(dir)?, listed(&copies).unwrap_or_default());
        let numbers: BTreeSet<u64> = originals.keys().chain(copied.keys()).copied().collect();
        for number in numbers {
            highest = number;
            let Some(head) = ready(&*disk, dir, number, originals.get(&number).copied(), &mut found)? else { continue };
            let bytes = originals.get(&number).or(copied.get(&number)).copied().unwrap_or(0);
            sealed.push((Sealed { number, first_seq: head.first_seq, bytes }, head));
        }
        let last = sealed.pop();
        let mut sealed: Vec<_> = sealed.into_iter().map(|(sealed, _)| sealed).collect();
        for file in &sealed {
            if copied.get(&file.number).is_some_and(|copy| *copy != file.bytes)
                && head_of(&*disk, dir, file.number)? == head_of(&*disk, &copies, file.number)?
            {
                found.damage.push(format!("{} is not as long as its copy", name(file.number)));
                found.damaged.push(file.number);
            }
        }
        let mut mirror = Mirror::new(disk.clone(), dir);
        let (active, next_seq) = match last {
            Some((last, head)) => go_on(&*disk, dir, (last, head), &mut mirror, &mut sealed, &mut found)?,
            None => (make(&*disk, dir, highest + 1, 1, &mut mirror)?, 1),
        };
        let files: Vec<_> = sealed.iter().map(|sealed| (sealed.number, sealed.first_seq)).collect();
        let bodies = Bodies::new(disk.clone(), dir.to_owned(), &files);
        let mut journal =
            Self { disk, dir: dir.to_owned(), limit, sealed, active, next_seq, mirror, bodies: Arc::new(bodies) };
        journal.publish();
        Ok((journal, found))
    }

    /// For reading single articles.
    pub(super) fn bodies(&self) -> Arc<Bodies> {
        self.bodies.clone()
    }

    fn publish(&mut self) {
        let sealed = self.sealed.iter().map(|sealed| (sealed.number, sealed.first_seq));
        let active = std::iter::once((self.active.number, self.active.head.first_seq));
        self.bodies.publish(&sealed.chain(active).collect::<Vec<_>>());
    }

    /// The sealed files whose copies are not as they are.
    pub(super) fn differing_copies(&self) -> Vec<u64> {
        let sealed = self.sealed.iter().map(|sealed| sealed.number);
        sealed.filter(|number| !self.mirror.is_same(*number)).collect()
    }

    /// Makes new copies of what is copied wrongly.
    pub(super) fn correct_copies(&mut self) -> Result<(), Error> {
        let differing = self.differing_copies();
        self.mirror.copy(&differing)
    }

    /// Makes copies of what has none yet.
    pub(super) fn renew_copies(&mut self) -> Result<(), Error> {
        self.mirror.renew(self.sealed.iter().map(|sealed| sealed.number))
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
        let mut places = Vec::with_capacity(records.len());
        for (seq, record) in (first..).zip(records) {
            places.push((seq, self.active.bytes + bytes.len() as u64));
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
        self.mirror.append(&bytes);
        for (seq, place) in places {
            self.bodies.added(seq, place);
        }
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
        let next = make(&*self.disk, &self.dir, self.active.number + 1, self.next_seq, &mut self.mirror)?;
        let old = std::mem::replace(&mut self.active, next);
        self.sealed.push(Sealed { number: old.number, first_seq: old.head.first_seq, bytes: old.bytes });
        self.publish();
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
        forget_damaged(&*self.disk, &self.dir);
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
        self.mirror.replace(lowest.number, &bytes);
        self.bodies.replaced(lowest.number);
        let others: Vec<_> = group.iter().skip(1).map(|sealed| sealed.number).collect();
        if others.is_empty() {
            return Ok(());
        }
        self.mirror.remove(&others)?;
        self.sealed.retain(|sealed| !others.contains(&sealed.number));
        self.publish();
        for other in others {
            let path = self.dir.join(name(other));
            self.disk.remove(&path).map_err(|e| Error::io("remove", &path, e))?;
        }
        self.disk.sync_dir(&self.dir).map_err(|e| Error::io("sync", &self.dir, e))
    }
}

fn make(disk: &dyn Disk, dir: &Path, number: u64, first_seq: u64, mirror: &mut Mirror) -> Result<Active, Error> {
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
        Ok(file) => {
            mirror.begin(number, &bytes);
            Ok(Active { number, head, file, bytes: bytes.len() as u64, spent: false })
        }
        Err(e) => {
            let _ = disk.remove(&path);
            Err(Error::io("make", &path, e))
        }
    }
}
