//! [`Checkup`]: every record read and compared, for people who want to know; and the cures that a running store can be given.

use std::{
    collections::HashMap,
    fs,
    ops::ControlFlow,
    path::Path,
    sync::{Arc, MutexGuard, PoisonError, RwLockWriteGuard},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Error, Opened, Options, Shared, Store,
    disk::folder_bytes,
    index::{
        self, Index, Row,
        held::Pace,
        kv::{Gone, Op},
    },
    journal::{self, End, Found, Journal, folder_of_copies, name},
    open::{self, INDEX, JOURNAL},
    schema::{Record, open_article},
    swap,
    upkeep::COMPACTED,
    writer::Writer,
};

/// The place of the index, for whoever is alone with it.
type Place<'a> = RwLockWriteGuard<'a, Arc<Index>>;

/// What a full reading of the store showed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkup {
    /// Journal records read.
    pub records: u64,
    /// Articles.
    pub articles: u64,
    /// Removed articles that are still remembered.
    pub removed: u64,
    /// Sources that ever stored something.
    pub sources: u64,
    /// Bytes of the journal.
    pub journal_bytes: u64,
    /// Bytes of the journal's copy.
    #[serde(default)]
    pub copy_bytes: u64,
    /// Bytes of articles, as they are stored.
    #[serde(default)]
    pub article_bytes: u64,
    /// Bytes of the index on disk.
    pub index_bytes: u64,
    /// Bytes of set-aside damaged indexes, which may be removed by hand.
    pub set_aside_bytes: u64,
    /// What is wrong, in words; empty if nothing is.
    pub faults: Vec<String>,
}

/// What a person may ask the doctor to do besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cure {
    /// Give back the space that nothing needs: the journal is rewritten, the index made anew.
    Compact,
    /// Make the index anew from the journal.
    Rebuild,
}

impl Store {
    /// Does what a person asked for. Visits wait meanwhile, reading goes on; a stop at any moment loses nothing.
    ///
    /// # Errors
    /// [`Error::Full`] where there is no space for it; the store is as before then.
    pub fn cure(&self, cure: Cure, now: Timestamp) -> Result<(), Error> {
        self.repair()?;
        match cure {
            Cure::Compact => {
                self.compact(now)?;
                self.shared.compact_index(Pace::Full)
            }
            Cure::Rebuild => {
                let _still = self.shared.still();
                self.shared.renew_index(&mut self.shared.lock_writer())
            }
        }
    }

    /// Opens the store in `dir`, reads everything, and where something is wrong cures it and reads everything again.
    ///
    /// # Errors
    /// As [`Store::open`]; [`Error::Full`] where there is no space for a cure.
    pub fn doctor(dir: &Path, options: Options, now: Timestamp) -> Result<(Self, Opened, Checkup), Error> {
        let (store, opened) = Self::open(dir, options, now)?;
        let mut checkup = store.examine()?;
        if !checkup.faults.is_empty() {
            store.repair()?;
            let first = std::mem::take(&mut checkup.faults);
            checkup = store.examine()?;
            checkup.faults.extend(first.into_iter().map(|fault| format!("{fault} (cured)")));
        }
        Ok((store, opened, checkup))
    }

    /// Reads every record of the journal and every entry of the index and compares them. Visits wait meanwhile.
    ///
    /// # Errors
    /// [`Error::Io`] where the files cannot be read at all.
    pub fn examine(&self) -> Result<Checkup, Error> {
        let _still = self.shared.still();
        let mut writer = self.shared.lock_writer();
        if let Some(journal) = &mut writer.journal {
            // A copy that is only not made yet is no fault.
            let _ = journal.renew_copies();
        }
        self.shared.examine(&writer)
    }

    /// Mends the journal's damaged files from their copies, and makes the index anew where it is wrong.
    ///
    /// # Errors
    /// [`Error::Full`] where there is no space for it.
    pub fn repair(&self) -> Result<(), Error> {
        let _still = self.shared.still();
        let mut writer = self.shared.lock_writer();
        self.shared.repair(&mut writer)?;
        if !self.shared.examine(&writer)?.faults.is_empty() {
            self.shared.renew_index(&mut writer)?;
        }
        Ok(())
    }

    /// Copies the index entry by entry and puts the copy in the old one's place, which gives back the space that sled no longer uses.
    ///
    /// # Errors
    /// [`Error::Full`] where there is no space for both; the old index stays then.
    pub fn compact_index(&self) -> Result<(), Error> {
        self.shared.compact_index(Pace::Full)
    }
}

impl Shared {
    /// While this is held, sealed journal files stay as they are.
    pub(super) fn still(&self) -> MutexGuard<'_, ()> {
        self.still.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replay(&self, writer: &Writer, each: &mut dyn FnMut(u64, Record) -> Result<(), Error>) -> Result<Found, Error> {
        match &writer.journal {
            Some(journal) => journal.replay(0, each),
            None => super::journal::read_all(&*self.disk, &self.dir.join(JOURNAL), 0, each),
        }
    }

    fn examine(&self, writer: &Writer) -> Result<Checkup, Error> {
        let mut faults = Vec::new();
        let mut latest: HashMap<[u8; 16], u64> = HashMap::new();
        let found = self.replay(writer, &mut |seq, record| {
            match record {
                Record::Visit(visit) => {
                    for entry in visit.articles {
                        if let Err(error) = open_article(&entry.key, &entry.sealed.0) {
                            faults.push(format!("journal record {seq}: {error}"));
                        }
                        latest.insert(entry.key, seq);
                    }
                }
                Record::Buried(graves) => latest.extend(graves.iter().map(|grave| (grave.key, seq))),
            }
            Ok(())
        })?;
        faults.extend(found.damage.iter().map(|damage| format!("the journal: {damage}")));
        if let Some(journal) = &writer.journal {
            let differing = journal.differing_copies();
            faults
                .extend(differing.iter().map(|number| format!("the copy of {} is damaged or missing", name(*number))));
        }
        let index = self.index();
        let totals = index.verify(Pace::Full);
        if let Err(error) = &totals {
            faults.push(error.to_string());
        }
        let mut unknown = 0_u64;
        let compared = index.marks(&mut |key, mark| {
            match latest.remove(&key) {
                Some(seq) if seq == mark.seq() => {}
                _ => unknown += 1,
            }
            let opened = index.fetch(&key, mark).and_then(|row| match row {
                Row::Article(sealed) => open_article(&key, &sealed).map(drop),
                Row::Grave(_) => Ok(()),
            });
            if let Err(error) = opened {
                faults.push(format!("the index: {error}"));
            }
            Ok(ControlFlow::Continue(()))
        });
        if let Err(error) = compared {
            faults.push(error.to_string());
        }
        if unknown > 0 {
            faults.push(format!("{unknown} article(s) of the index are not in the journal as the index has them"));
        }
        if !latest.is_empty() {
            faults.push(format!("{} article(s) of the journal are not in the index", latest.len()));
        }
        let totals = totals.ok().flatten().unwrap_or_default();
        let aside = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let aside = aside.filter(|entry| entry.file_name().to_string_lossy().starts_with("damaged-"));
        Ok(Checkup {
            records: found.records,
            articles: totals.articles,
            removed: totals.graves,
            sources: index.notes().map_or(0, |notes| notes.len() as u64),
            journal_bytes: folder_bytes(&self.dir.join(JOURNAL)),
            copy_bytes: folder_bytes(&folder_of_copies(&self.dir.join(JOURNAL))),
            article_bytes: totals.bytes,
            index_bytes: folder_bytes(&self.dir.join(INDEX)),
            set_aside_bytes: aside.map(|entry| folder_bytes(&entry.path())).sum(),
            faults,
        })
    }

    fn repair(&self, writer: &mut Writer) -> Result<(), Error> {
        let Some(journal) = &mut writer.journal else { return Err(self.waiting()) };
        let mut rescues = Vec::new();
        let lost = open::mend(journal, &Found::default(), &mut rescues)?;
        self.remember(&rescues);
        if lost { self.renew_index(writer) } else { Ok(()) }
    }

    /// Looks for damage in the journal while its copy still holds what is damaged there.
    pub(super) fn scrub(&self) -> Result<(), Error> {
        let _still = self.still();
        self.mend_first()
    }

    /// Mends what is damaged, so that no backup holds it. Who calls it keeps the sealed files as they are; visits wait only while the one
    /// that is being written is read, and for the mending.
    pub(super) fn mend_first(&self) -> Result<(), Error> {
        let sealed: Vec<_> = match &self.lock_writer().journal {
            Some(journal) => journal.sealed().iter().map(|file| (file.number, End::Sealed)).collect(),
            None => return Ok(()),
        };
        let (mut found, dir) = (Found::default(), self.dir.join(JOURNAL));
        for file in sealed {
            journal::read_file(&*self.disk, &dir, file, 0, &mut |_, _| Ok(()), &mut found)?;
        }
        let mut writer = self.lock_writer();
        let Some(journal) = &writer.journal else { return Ok(()) };
        let written = journal.replay(found.last_seq.saturating_add(1), &mut |_, _| Ok(()))?;
        if found.damaged.is_empty() && written.damaged.is_empty() { Ok(()) } else { self.repair(&mut writer) }
    }

    /// Makes the index smaller: export, import, swap. One of which an entry is missing is made anew from the journal instead. Visits go on
    /// until the copy is whole; where so much is written meanwhile that there can be none, the index stays as it is.
    pub(super) fn compact_index(&self, pace: Pace) -> Result<(), Error> {
        let _still = self.still();
        let bodies = self.lock_writer().journal.as_ref().map(Journal::bodies).ok_or_else(|| self.waiting())?;
        let index = self.index();
        let mut still = None;
        let copied = index.hold(pace, &mut |held| {
            if swap::copy(&self.dir, bodies.clone(), held, &self.options)? {
                // From here on nothing comes.
                let (writer, place) = (self.lock_writer(), self.place());
                still = held.came().map(|came| (writer, place, came));
            }
            Ok(())
        });
        match (copied, still) {
            (Ok(()), Some((mut writer, place, came))) if Arc::ptr_eq(&index, &place) => {
                // sled has to let go of its files first.
                drop(index);
                self.exchange_index(&writer, place, came)?;
                writer.index_compacted = folder_bytes(&self.dir.join(INDEX));
                // Else each start would make the index anew once.
                let _ = self.index().keep(COMPACTED, &writer.index_compacted.to_le_bytes());
                Ok(())
            }
            (Ok(()), _) => swap::forget(&self.dir),
            (Err(Error::Damaged(_)), _) => {
                drop(index);
                self.renew_index(&mut self.lock_writer())
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Makes the index anew from the journal.
    fn renew_index(&self, writer: &mut Writer) -> Result<(), Error> {
        let Some(journal) = &writer.journal else { return Err(self.waiting()) };
        swap::grow(&self.dir, journal, &self.index(), &self.options)?;
        self.exchange_index(writer, self.place(), Vec::new())
    }

    fn place(&self) -> Place<'_> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the new index in the old one's place, with the changes that came since it was copied.
    fn exchange_index(&self, writer: &Writer, mut place: Place<'_>, came: Vec<Op>) -> Result<(), Error> {
        let Some(journal) = &writer.journal else { return Err(self.waiting()) };
        *place = Arc::new(Index::new(Box::new(Gone(Error::Damaged("the index (it is being replaced)".to_owned())))));
        swap::exchange(&self.dir)?;
        let index = index::stored(&self.dir.join(INDEX), self.options.cache, journal.bodies())?;
        index.take(came)?;
        *place = Arc::new(index);
        Ok(())
    }
}
