//! What is done beside visits: how the store is, what is due once in a while, and writing again once there is space.

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};

use super::{
    Error, Health, Pulse, Rescue, Shared, Store,
    clean::Clean,
    disk::folder_bytes,
    index::{Index, held::Pace},
    journal,
    open::{INDEX, JOURNAL},
    remembered::Remembered,
    writer::Writer,
};

/// Bytes of disk that the index may take beyond a multiple of what it holds, for each eight of a full journal file: 3 MiB, unless
/// the store is to be smaller as a whole.
const INDEX_SLACK: u64 = 3;
/// Bytes of the index that are no reason to make it smaller, for each article, for each grave and for each source.
const INDEX_SHARE: (u64, u64, u64) = (200, 60, 2000);
/// Time between two readings of the whole journal, or of the whole index.
const SCRUB: SignedDuration = SignedDuration::from_hours(24);
/// Time between two writings of what is remembered without the index.
const WRITE_DOWN: SignedDuration = SignedDuration::from_hours(1);

/// The name under which the index keeps how many bytes it took when it was made smaller last.
pub(super) const COMPACTED: &str = "index-compacted";

/// When things were last done that are done seldom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last {
    scrubbed: Timestamp,
    verified: Timestamp,
    written_down: Timestamp,
}

impl Last {
    /// At the start journal and index are as good as read: each byte of the index is as an orderly stop left it, or its entries were
    /// just read. The stop also wrote down what is remembered; without one that is done when the store is first tidied.
    pub(super) fn new(now: Timestamp, clean: Clean) -> Self {
        let written_down = if clean == Clean::AsLeft { now } else { Timestamp::UNIX_EPOCH };
        Self { scrubbed: now, verified: now, written_down }
    }
}

impl Store {
    /// How the store is. Where it did not write and there is space again, it writes again.
    pub fn health(&self) -> Health {
        let shared = &self.shared;
        // Who asks does not wait for who writes.
        if let Ok(mut writer) = shared.writer.try_lock() {
            shared.try_to_write(&mut writer);
        }
        let totals = shared.ask(Index::totals).unwrap_or_default();
        let journal = shared.dir.join(JOURNAL);
        Health {
            fault: shared.fault().map(|fault| (fault.cause, fault.cure)),
            rescues: shared.rescues.lock().unwrap_or_else(PoisonError::into_inner).0.clone(),
            articles: totals.articles,
            removed: totals.graves,
            article_bytes: totals.bytes,
            journal_bytes: folder_bytes(&journal),
            copy_bytes: folder_bytes(&journal::folder_of_copies(&journal)),
            index_bytes: folder_bytes(&shared.dir.join(INDEX)),
            syncs: shared.disk.syncs(),
        }
    }

    /// Whether it writes, and what was cured since the last call. Where it does not and there is space again, this is what makes it write.
    /// Ask every few seconds, and let no visit leave while there is a fault.
    pub fn pulse(&self) -> Pulse {
        self.shared.try_to_write(&mut self.shared.lock_writer());
        let mut rescues = self.shared.rescues.lock().unwrap_or_else(PoisonError::into_inner);
        let untold = std::mem::take(&mut rescues.1);
        let cured = rescues.0.iter().skip(rescues.0.len().saturating_sub(untold)).cloned().collect();
        drop(rescues);
        Pulse { fault: self.shared.fault(), cured }
    }

    /// Does what is due once in a while: removes by age, count and size, forgets removed articles, compacts, reads journal and index through
    /// once a day so that damage is found while its copy is whole, makes the day's snapshot where they are wanted. Call it every few minutes. Returns how many articles it removed.
    ///
    /// # Errors
    /// [`Error::Full`] while the disk is full; what is left to do is done the next time.
    pub fn maintain(&self, now: Timestamp) -> Result<u64, Error> {
        let shared = &self.shared;
        shared.try_to_write(&mut shared.lock_writer());
        shared.renew_copies()?;
        let before = shared.ask(Index::totals)?.graves;
        let sources = shared.retain_sources(now)?;
        shared.retain_all(now)?;
        let removed = shared.ask(Index::totals)?.graves.saturating_sub(before);
        shared.compact(now)?;
        if shared.is_due(now, SCRUB, |last| &mut last.scrubbed) {
            shared.scrub()?;
        }
        if shared.is_due(now, SCRUB, |last| &mut last.verified) {
            shared.verify_index();
        }
        if shared.is_due(now, WRITE_DOWN, |last| &mut last.written_down) {
            Remembered::write(&shared.dir, &shared.index())?;
        }
        shared.compact_index_if_due(sources)?;
        shared.snapshot_if_due(now)?;
        Ok(removed)
    }

    /// Rewrites the journal now, whether that is due or not, so that it holds nothing that later records replaced.
    ///
    /// # Errors
    /// [`Error::Full`] while the disk is full, [`Error::Damaged`] where the journal is damaged: `repair` mends it.
    pub fn compact(&self, now: Timestamp) -> Result<(), Error> {
        self.shared.compact_all(now)
    }
}

impl Shared {
    /// Why nothing is written, as far as is known.
    pub(super) fn fault(&self) -> Option<Rescue> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes note of a fault, or that there is none any more.
    pub(super) fn set_fault(&self, fault: Option<Rescue>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Notices that the disk is full before a visit does, and that it no longer is.
    fn try_to_write(&self, writer: &mut Writer) {
        self.recover(writer);
        if writer.journal.is_none() {
            return;
        }
        let free = self.free();
        if let Some(fault) = self.too_full(free) {
            self.set_fault(Some(fault));
        } else if self.fault().is_some() && free >= self.options.reserve && self.probe().is_ok() {
            self.set_fault(None);
        }
    }

    /// Writes a little and removes it: some limits show in no count of free bytes.
    fn probe(&self) -> std::io::Result<()> {
        let path = self.dir.join("probe.new");
        let written = self.disk.create(&path).and_then(|mut file| {
            file.append(&[0; 64 << 10])?;
            file.sync()
        });
        let _ = self.disk.remove(&path);
        written
    }

    /// Makes the index anew once sled holds far more than it was given. What that could not remove is no reason to do it again.
    fn compact_index_if_due(&self, sources: u64) -> Result<(), Error> {
        let totals = self.ask(Index::totals)?;
        let (article, grave, source) = INDEX_SHARE;
        let share = totals.articles * article + totals.graves * grave + sources * source;
        let least = self.index_compacted();
        let most = share.max(least + least / 4).saturating_add(self.options.segment / 8 * INDEX_SLACK);
        if folder_bytes(&self.dir.join(INDEX)) > most { self.compact_index(Pace::Gentle) } else { Ok(()) }
    }

    /// Bytes of the index when it was made smaller last, by this process or by one before it; 0 where it never was.
    pub(super) fn index_compacted(&self) -> u64 {
        let mut writer = self.lock_writer();
        if writer.index_compacted == 0 {
            let kept = self.index().kept(COMPACTED).ok().flatten();
            writer.index_compacted =
                kept.and_then(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?))).unwrap_or(0);
        }
        writer.index_compacted
    }

    /// Reads every entry of the index; one that lacks something is made anew. Where too much is written meanwhile, the next day's turn will
    /// do.
    fn verify_index(&self) {
        let index = self.index();
        if let Err(error) = index.verify(Pace::Gentle) {
            self.replace(index, &error);
        }
    }

    /// Makes copies of journal files that have none.
    fn renew_copies(&self) -> Result<(), Error> {
        self.lock_writer().journal.as_mut().map_or(Ok(()), super::journal::Journal::renew_copies)
    }

    /// Whether something is to be done again; it then counts as done.
    fn is_due(&self, now: Timestamp, every: SignedDuration, which: fn(&mut Last) -> &mut Timestamp) -> bool {
        let mut writer = self.lock_writer();
        let last = which(&mut writer.last);
        let due = now.duration_since(*last) >= every;
        if due {
            *last = now;
        }
        due
    }
}
