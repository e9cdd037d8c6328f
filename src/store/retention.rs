//! What is removed: articles that are too old or too many and that no page lists; and the journal's records of them.
//!
//! An article goes only when every source that showed it wants it gone. It leaves a [`Grave`], so that it never comes back as new.
//! Compaction rewrites sealed journal files, the oldest first: what a later record replaced is left out.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet, VecDeque},
    ops::ControlFlow,
    sync::PoisonError,
};

use jiff::Timestamp;

use super::{
    Error, Shared,
    index::{Index, Mark, Row},
    journal::Journal,
    schema::{Grave, Record, SourceNote, open_article},
    writer::Job,
};
use crate::model::{Article, SourceId};

/// Articles removed in one step, so that a step stays short and small in memory.
const STEP: usize = 10_000;

type Key = [u8; 16];

fn grave(article: &Article, now: Timestamp) -> Grave {
    Grave {
        key: *article.key.bytes(),
        first_seen: article.first_seen.as_second(),
        buried: now.as_second(),
        aliases: article.aliases.iter().map(|key| *key.bytes()).collect(),
    }
}

fn is_listed(listed: &HashSet<Key>, article: &Article) -> bool {
    std::iter::once(&article.key).chain(&article.aliases).any(|key| listed.contains(key.bytes()))
}

/// Per source, the instant before which it has no more use for an article.
struct Bounds<'a> {
    index: &'a Index,
    max_items: usize,
    too_old: i64,
    known: HashMap<String, i64>,
}

impl Bounds<'_> {
    fn of(&mut self, source: &str) -> Result<i64, Error> {
        if let Some(bound) = self.known.get(source) {
            return Ok(*bound);
        }
        let mut bound = self.too_old;
        let mut seen = 0;
        self.index.sightings(source, i64::MAX, &mut |at, _| {
            seen += 1;
            if seen > self.max_items {
                bound = bound.max(at.saturating_add(1));
            }
            Ok(if seen > self.max_items { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        self.known.insert(source.to_owned(), bound);
        Ok(bound)
    }
}

impl Shared {
    /// Removes what a source has too much of, once it is a tenth too much or something is too old by a tenth of the age.
    pub(super) fn retain_source(&self, source: &SourceId, now: Timestamp) -> Result<(), Error> {
        let graves = self.ask(|index| self.unwanted(index, source, now))?;
        self.bury(graves)
    }

    /// The same for every source, visited or not: those that left the configuration age too. How many there are.
    pub(super) fn retain_sources(&self, now: Timestamp) -> Result<u64, Error> {
        let sources = self.ask(Index::notes)?;
        for (source, note) in &sources {
            // Where nothing is too old ever, what is known of the source tells enough: there may be very many.
            if (self.options.max_age.is_some() || self.has_too_many(note))
                && let Ok(source) = source.parse()
            {
                self.retain_source(&source, now)?;
            }
        }
        Ok(sources.len() as u64)
    }

    /// Whether a source has so many articles that some are to go.
    fn has_too_many(&self, note: &SourceNote) -> bool {
        let max = self.options.max_items;
        note.articles > max.saturating_add(max / 10) as u64
    }

    fn unwanted(&self, index: &Index, source: &SourceId, now: Timestamp) -> Result<Vec<Grave>, Error> {
        let max = self.options.max_items;
        let many = index.note(source.as_str())?.is_some_and(|note| self.has_too_many(&note));
        let age = self.options.max_age.map(|age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX));
        let too_old = age.map_or(i64::MIN, |age| now.as_second().saturating_sub(age));
        let mut late = false;
        if let Some(age) = age {
            let much_too_old = too_old.saturating_sub(age / 10).saturating_sub(1);
            index.sightings(source.as_str(), much_too_old, &mut |_, _| {
                late = true;
                Ok(ControlFlow::Break(()))
            })?;
        }
        if !many && !late {
            return Ok(Vec::new());
        }
        let listed = index.listed_anywhere()?;
        let mut bounds = Bounds { index, max_items: max, too_old, known: HashMap::new() };
        let bound = bounds.of(source.as_str())?;
        // The oldest of them, where they are more than go at once.
        let mut keys = VecDeque::new();
        index.sightings(source.as_str(), bound.saturating_sub(1), &mut |_, key| {
            if keys.len() >= STEP {
                keys.pop_front();
            }
            keys.push_back(key);
            Ok(ControlFlow::Continue(()))
        })?;
        let mut graves = Vec::new();
        for key in keys {
            let Some(Row::Article(sealed)) = index.row(&key)? else { continue };
            let article = open_article(&key, &sealed)?;
            let mut wanted = is_listed(&listed, &article);
            for seen in &article.sightings {
                wanted = wanted || seen.first.as_second() >= bounds.of(seen.source.as_str())?;
            }
            if !wanted {
                graves.push(grave(&article, now));
            }
        }
        Ok(graves)
    }

    /// Removes the oldest articles while all together are too large.
    pub(super) fn retain_all(&self, now: Timestamp) -> Result<(), Error> {
        let graves = self.ask(|index| self.oldest(index, now))?;
        self.bury(graves)
    }

    fn oldest(&self, index: &Index, now: Timestamp) -> Result<Vec<Grave>, Error> {
        let max = self.options.max_size;
        let bytes = index.totals()?.bytes;
        if bytes <= max {
            return Ok(Vec::new());
        }
        let listed = index.listed_anywhere()?;
        let mut oldest: BinaryHeap<(i64, Key, u64)> = BinaryHeap::new();
        index.marks(&mut |key, mark| {
            if let Row::Article(sealed) = index.fetch(&key, mark)? {
                let article = open_article(&key, &sealed)?;
                if !is_listed(&listed, &article) {
                    oldest.push((article.first_seen.as_second(), key, sealed.len() as u64));
                    if oldest.len() > STEP {
                        oldest.pop();
                    }
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let mut excess = bytes.saturating_sub(max - max / 10);
        let mut graves = Vec::new();
        let mut rest: BinaryHeap<_> = oldest.into_iter().map(Reverse).collect();
        while let (true, Some(Reverse((_, key, size)))) = (excess > 0, rest.pop()) {
            excess = excess.saturating_sub(size);
            if let Some(Row::Article(sealed)) = index.row(&key)? {
                graves.push(grave(&open_article(&key, &sealed)?, now));
            }
        }
        Ok(graves)
    }

    fn bury(&self, graves: Vec<Grave>) -> Result<(), Error> {
        for some in graves.chunks(1_000) {
            self.submit(Job::Bury(some.to_vec()))?;
        }
        Ok(())
    }

    /// Rewrites the journal's sealed files once it is a tenth larger than what it must hold. The writer waits for one group of
    /// files at a time, not for all.
    pub(super) fn compact(&self, now: Timestamp) -> Result<(), Error> {
        let totals = self.ask(Index::totals)?;
        let live = totals.bytes + totals.articles * 48 + totals.graves * 32;
        let (journal, compacted) = {
            let writer = self.lock_writer();
            (writer.journal.as_ref().map_or(0, Journal::bytes), writer.compacted)
        };
        // The journal has a copy of the same size, and together with the index they are to take no more than three times what is live.
        // What compaction could not remove is no reason to compact again.
        let least = live.max(compacted);
        if journal <= (least + least / 10).saturating_add(self.options.segment / 8) {
            return Ok(());
        }
        self.compact_all(now)
    }

    /// Rewrites all sealed files, the oldest first, so that a grave can go with the last trace of its article.
    pub(super) fn compact_all(&self, now: Timestamp) -> Result<(), Error> {
        let _still = self.still();
        let index = self.index();
        let listed = index.listed_anywhere()?;
        let age = i64::try_from(self.options.remember_removed.as_secs()).unwrap_or(i64::MAX);
        let bound = now.as_second().saturating_sub(age);
        let (groups, sealed_end) = {
            let mut writer = self.lock_writer();
            let Some(journal) = &mut writer.journal else { return Ok(()) };
            journal.rotate()?;
            (groups(journal.sealed(), self.options.segment), journal.next_seq())
        };
        let mut expired: HashMap<Key, Grave> = HashMap::new();
        index.marks(&mut |key, mark| {
            if let Mark::Grave(seq, grave) = mark
                && seq < sealed_end
                && grave.buried < bound
                && !std::iter::once(&grave.key).chain(&grave.aliases).any(|key| listed.contains(key))
            {
                expired.insert(key, grave);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for group in groups {
            let mut writer = self.lock_writer();
            let Some(journal) = &mut writer.journal else { return Ok(()) };
            journal.rewrite(&group, &mut |seq, record| keep(&index, &expired, seq, record))?;
        }
        let mut writer = self.lock_writer();
        writer.compacted = writer.journal.as_ref().map_or(0, Journal::bytes);
        let expired: Vec<_> = expired.into_values().collect();
        index.forget(&expired)
    }

    /// For one thread at a time.
    pub(super) fn lock_writer(&self) -> std::sync::MutexGuard<'_, super::writer::Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Neighbours that together make about one full file.
fn groups(sealed: &[super::journal::Sealed], limit: u64) -> Vec<Vec<u64>> {
    let mut groups: Vec<Vec<u64>> = Vec::new();
    let mut bytes = 0;
    for file in sealed {
        match groups.last_mut() {
            Some(group) if bytes + file.bytes <= limit => group.push(file.number),
            _ => {
                groups.push(vec![file.number]);
                bytes = 0;
            }
        }
        bytes += file.bytes;
    }
    groups
}

/// What is left of a record. An article that the index does not know at all is kept: the index may be the one that is wrong.
fn keep(index: &Index, expired: &HashMap<Key, Grave>, seq: u64, record: Record) -> Result<Option<Record>, Error> {
    match record {
        Record::Visit(mut visit) => {
            let mut articles = Vec::new();
            for entry in visit.articles {
                match index.mark(&entry.key)? {
                    Some(mark) if mark.seq() != seq => {}
                    _ => articles.push(entry),
                }
            }
            visit.articles = articles;
            let note = index.note(&visit.source)?;
            if note.as_ref().is_some_and(|note| note.listed_seq != seq) {
                visit.listed = None;
            }
            let newest = note.is_none_or(|note| note.at <= visit.at);
            let wanted = newest || visit.listed.is_some() || !visit.articles.is_empty();
            Ok(wanted.then_some(Record::Visit(visit)))
        }
        Record::Buried(graves) => {
            let mut kept = Vec::new();
            for grave in graves {
                let current = match index.mark(&grave.key)? {
                    Some(mark) => mark.seq() == seq,
                    None => true,
                };
                if current && !expired.contains_key(&grave.key) {
                    kept.push(grave);
                }
            }
            Ok((!kept.is_empty()).then_some(Record::Buried(kept)))
        }
    }
}
