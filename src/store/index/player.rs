//! [`Player`]: what each journal record does to the index.

use std::collections::{BTreeMap, HashSet};

use super::{LISTED_VERSION, NOTE_VERSION, Row, kv::Kv, read_note, stage::Stage};
use crate::{
    model::{Article, History},
    store::{
        Error, codec,
        schema::{Grave, Record, SourceNote, VisitRecord, open_article, place},
    },
};

/// Keys changed in one batch while many records are played.
const BATCH: usize = 4_000;

/// Plays records in order.
#[derive(Debug)]
pub(in crate::store) struct Player<'a> {
    kv: &'a dyn Kv,
    stage: Stage<'a>,
    /// By source, how many articles the present record adds or removes.
    counts: BTreeMap<String, i64>,
}

impl<'a> Player<'a> {
    /// Plays into `kv`.
    pub(super) fn new(kv: &'a dyn Kv) -> Result<Self, Error> {
        Ok(Self { kv, stage: Stage::new(kv)?, counts: BTreeMap::new() })
    }

    /// Plays a record; one that was played already changes nothing.
    pub(in crate::store) fn play(&mut self, seq: u64, record: &Record) -> Result<(), Error> {
        if seq <= self.stage.totals.applied {
            return Ok(());
        }
        match record {
            Record::Visit(visit) => self.visit(seq, visit)?,
            Record::Buried(graves) => {
                for grave in graves {
                    self.bury(seq, grave)?;
                }
            }
        }
        for (source, change) in std::mem::take(&mut self.counts) {
            let mut note = self.note(&source)?;
            note.articles = note.articles.saturating_add_signed(change);
            self.put_note(&source, &note)?;
        }
        self.stage.totals.applied = seq;
        if self.stage.len() >= BATCH {
            let next = Stage::new(self.kv)?;
            std::mem::replace(&mut self.stage, next).apply()?;
            self.stage = Stage::new(self.kv)?;
        }
        Ok(())
    }

    /// Stores a source's history along with the rest.
    pub(in crate::store) fn history(&mut self, source: &str, history: &History) -> Result<(), Error> {
        self.stage.put(place::history(source), codec::seal(History::VERSION, history)?)
    }

    /// Makes what is left to make.
    pub(in crate::store) fn end(self) -> Result<(), Error> {
        self.stage.apply()
    }

    fn visit(&mut self, seq: u64, visit: &VisitRecord) -> Result<(), Error> {
        for entry in &visit.articles {
            let article = open_article(&entry.key, &entry.sealed.0)?;
            self.put_article(seq, &article, &entry.sealed.0)?;
        }
        let mut note = self.note(&visit.source)?;
        if !visit.url.is_empty() {
            note.url.clone_from(&visit.url);
        }
        note.at = visit.at;
        if let Some(listed) = &visit.listed {
            note.listed_seq = seq;
            self.stage.put(place::listed(&visit.source), codec::seal(LISTED_VERSION, listed)?)?;
        }
        self.put_note(&visit.source, &note)
    }

    fn note(&self, source: &str) -> Result<SourceNote, Error> {
        Ok(read_note(self.stage.get(&place::note(source))?)?.unwrap_or_default())
    }

    fn put_note(&mut self, source: &str, note: &SourceNote) -> Result<(), Error> {
        self.stage.put(place::note(source), codec::seal(NOTE_VERSION, note)?)
    }

    fn count(&mut self, source: &str, change: i64) {
        *self.counts.entry(source.to_owned()).or_default() += change;
    }

    fn put_article(&mut self, seq: u64, article: &Article, sealed: &[u8]) -> Result<(), Error> {
        let key = article.key.bytes();
        let at = place::article(key);
        let old = self.stage.get(&at)?;
        let mut known = HashSet::new();
        match old.as_deref().map(Row::read).transpose()? {
            Some(Row::Article(_, before)) => {
                self.stage.totals.bytes = self.stage.totals.bytes.saturating_sub(before.len() as u64);
                known.extend(open_article(key, &before)?.sightings.into_iter().map(|seen| seen.source));
            }
            Some(Row::Grave(..)) => {
                self.stage.totals.graves = self.stage.totals.graves.saturating_sub(1);
                self.stage.totals.articles += 1;
            }
            None => self.stage.totals.articles += 1,
        }
        self.stage.totals.bytes += sealed.len() as u64;
        self.stage.put_known(at, old.as_deref(), Row::Article(seq, sealed.to_vec()).write()?);
        for alias in &article.aliases {
            self.stage.put(place::alias(alias.bytes()), key.to_vec())?;
        }
        for seen in &article.sightings {
            if known.insert(seen.source.clone()) {
                let source = seen.source.as_str();
                self.stage.put(place::seen(source, seen.first.as_second(), seen.place, key), Vec::new())?;
                self.count(source, 1);
            }
        }
        Ok(())
    }

    fn bury(&mut self, seq: u64, grave: &Grave) -> Result<(), Error> {
        let at = place::article(&grave.key);
        let old = self.stage.get(&at)?;
        match old.as_deref().map(Row::read).transpose()? {
            Some(Row::Article(_, sealed)) => {
                self.stage.totals.articles = self.stage.totals.articles.saturating_sub(1);
                self.stage.totals.bytes = self.stage.totals.bytes.saturating_sub(sealed.len() as u64);
                for seen in open_article(&grave.key, &sealed)?.sightings {
                    let source = seen.source.as_str();
                    if self.stage.remove(place::seen(source, seen.first.as_second(), seen.place, &grave.key))? {
                        self.count(source, -1);
                    }
                }
                self.stage.totals.graves += 1;
            }
            Some(Row::Grave(..)) => {}
            None => self.stage.totals.graves += 1,
        }
        for alias in &grave.aliases {
            self.stage.put(place::alias(alias), grave.key.to_vec())?;
        }
        self.stage.put_known(at, old.as_deref(), Row::Grave(seq, grave.clone()).write()?);
        Ok(())
    }
}
