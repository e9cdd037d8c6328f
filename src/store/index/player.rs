//! [`Player`]: what each journal record does to the index.

use std::collections::{BTreeMap, HashSet};

use super::{
    Bodies, LISTED_VERSION, NOTE_VERSION, SHOWN_VERSION, Shown, kv::Kv, read_note, read_place, read_shown,
    stage::Stage, write_place,
};
use crate::{
    model::{Article, History, Sighting},
    store::{
        Error, codec,
        schema::{Body, Grave, Record, SourceNote, VisitRecord, open_article, place},
    },
};

/// Keys changed in one batch while many records are played.
const BATCH: usize = 300;

/// Plays records in order.
#[derive(Debug)]
pub(in crate::store) struct Player<'a> {
    kv: &'a dyn Kv,
    bodies: &'a dyn Bodies,
    stage: Stage<'a>,
    /// By source, how many articles the present record adds or removes.
    counts: BTreeMap<String, i64>,
}

impl<'a> Player<'a> {
    /// Plays into `kv`; `bodies` has what was played before.
    pub(super) fn new(kv: &'a dyn Kv, bodies: &'a dyn Bodies) -> Result<Self, Error> {
        Ok(Self { kv, bodies, stage: Stage::new(kv)?, counts: BTreeMap::new() })
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
        for (entry, body) in visit.articles.iter().zip(visit.bodies(seq)) {
            let article = open_article(&entry.key, &entry.sealed.0)?;
            self.put_article(body, &article, entry.sealed.0.len() as u64)?;
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

    fn put_article(&mut self, body: Body, article: &Article, bytes: u64) -> Result<(), Error> {
        let key = article.key.bytes();
        let at = place::article(key);
        let old = self.stage.get(&at)?;
        let mut known = HashSet::new();
        if let Some(old) = &old {
            let before = read_place(key, old)?;
            self.stage.totals.bytes = self.stage.totals.bytes.saturating_sub(before.sealed_bytes());
            known.extend(self.before(key, &before)?.sightings.into_iter().map(|seen| seen.source));
        } else {
            self.stage.exhume(key)?;
            self.stage.totals.articles += 1;
        }
        self.stage.totals.bytes += bytes;
        self.stage.put_known(at, old.as_deref(), write_place(key, &body)?);
        for alias in &article.aliases {
            self.stage.put(place::alias(alias.bytes()), key.to_vec())?;
        }
        for seen in &article.sightings {
            if known.insert(seen.source.clone()) {
                let shown = (seen.place, *key);
                self.group(seen, |group| match group.binary_search(&shown) {
                    Ok(_) => {}
                    Err(at) => group.insert(at, shown),
                })?;
                self.count(seen.source.as_str(), 1);
            }
        }
        Ok(())
    }

    fn before(&self, key: &[u8; 16], body: &Body) -> Result<Article, Error> {
        open_article(key, &self.bodies.sealed(key, body)?)
    }

    /// Changes what a source showed first in the second of a sighting.
    fn group(&mut self, seen: &Sighting, change: impl FnOnce(&mut Shown)) -> Result<(), Error> {
        let at = place::seen(seen.source.as_str(), seen.first.as_second());
        let old = self.stage.get(&at)?;
        let mut group = old.as_deref().map_or(Ok(Shown::new()), read_shown)?;
        change(&mut group);
        if group.is_empty() {
            self.stage.remove(at)?;
        } else {
            self.stage.put_known(at, old.as_deref(), codec::seal(SHOWN_VERSION, &group)?);
        }
        Ok(())
    }

    fn bury(&mut self, seq: u64, grave: &Grave) -> Result<(), Error> {
        let at = place::article(&grave.key);
        if let Some(old) = self.stage.get(&at)? {
            let body = read_place(&grave.key, &old)?;
            self.stage.totals.articles = self.stage.totals.articles.saturating_sub(1);
            self.stage.totals.bytes = self.stage.totals.bytes.saturating_sub(body.sealed_bytes());
            for seen in self.before(&grave.key, &body)?.sightings {
                self.group(&seen, |group| group.retain(|(_, key)| *key != grave.key))?;
                self.count(seen.source.as_str(), -1);
            }
            self.stage.remove(at)?;
        }
        self.stage.bury(seq, grave)?;
        for alias in &grave.aliases {
            self.stage.put(place::alias(alias), grave.key.to_vec())?;
        }
        Ok(())
    }
}
