//! The index: what the journal's records amount to, laid out for questions. It can be made again from the journal at any time.
//!
//! - [`Index`] answers; [`Row`] is an article or its grave; [`Player`] says what each record does.
//! - `kv` is what it asks of its storage, `sled` the storage on disk, `stage` a set of changes that happen together.
//!
//! The number of the last record played is stored in the same batch as its effects, so after any stop the rest can be played from there.

pub(super) mod kv;
pub(super) mod sled;
mod player;
mod stage;

use std::{collections::HashSet, ops::ControlFlow};

use self::{
    kv::{Kv, Way},
    player::Player,
    stage::{Stage, print},
};
use super::{
    Error, codec,
    schema::{Grave, SourceNote, Totals, place},
};
use crate::model::History;

const NOTE_VERSION: u8 = 1;
const LISTED_VERSION: u8 = 1;
/// Newest form of bytes kept under a name.
const KEPT_VERSION: u8 = 1;
const GRAVE_VERSION: u8 = 1;
const ARTICLE_ROW: u8 = b'A';
const GRAVE_ROW: u8 = b'G';

/// What is stored under an article's key, with the number of the record that says so.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Row {
    /// It is there; its sealed bytes.
    Article(u64, Vec<u8>),
    /// Retention removed it.
    Grave(u64, Grave),
}

impl Row {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let damaged = || Error::Damaged("an index entry".to_owned());
        let (&[kind, a, b, c, d, e, f, g, h], rest) = bytes.split_first_chunk::<9>().ok_or_else(damaged)?;
        let seq = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        match kind {
            ARTICLE_ROW => Ok(Self::Article(seq, rest.to_vec())),
            GRAVE_ROW => Ok(Self::Grave(seq, codec::unseal("a removed article's record", GRAVE_VERSION, rest)?)),
            _ => Err(damaged()),
        }
    }

    fn write(&self) -> Result<Vec<u8>, Error> {
        let (kind, seq, rest) = match self {
            Self::Article(seq, sealed) => (ARTICLE_ROW, seq, sealed.clone()),
            Self::Grave(seq, grave) => (GRAVE_ROW, seq, codec::seal(GRAVE_VERSION, grave)?),
        };
        let mut bytes = vec![kind];
        bytes.extend_from_slice(&seq.to_le_bytes());
        bytes.extend_from_slice(&rest);
        Ok(bytes)
    }

    /// The number of the record that it comes from.
    pub(super) fn seq(&self) -> u64 {
        match self {
            Self::Article(seq, _) | Self::Grave(seq, _) => *seq,
        }
    }
}

/// Records played and questions answered.
#[derive(Debug)]
pub(super) struct Index {
    kv: Box<dyn Kv>,
}

impl Index {
    /// An index on `kv`.
    pub(super) fn new(kv: Box<dyn Kv>) -> Self {
        Self { kv }
    }

    /// Counts, and how far the journal was played.
    pub(super) fn totals(&self) -> Result<Totals, Error> {
        stage::totals(&*self.kv)
    }

    /// Plays many records in few batches. Calls to anything else that changes the index must wait meanwhile.
    pub(super) fn player(&self) -> Result<Player<'_>, Error> {
        Player::new(&*self.kv)
    }

    /// What is stored under exactly this key.
    pub(super) fn row(&self, key: &[u8; 16]) -> Result<Option<Row>, Error> {
        self.kv.get(&place::article(key))?.map(|bytes| Row::read(&bytes)).transpose()
    }

    /// What is stored under this key or, where it is an alias, under the key that it stands for, which is given too.
    pub(super) fn resolve(&self, key: &[u8; 16]) -> Result<Option<([u8; 16], Row)>, Error> {
        if let Some(row) = self.row(key)? {
            return Ok(Some((*key, row)));
        }
        let Some(bytes) = self.kv.get(&place::alias(key))? else { return Ok(None) };
        let main: [u8; 16] = bytes.try_into().map_err(|_| Error::Damaged("an alias in the index".to_owned()))?;
        Ok(self.row(&main)?.map(|row| (main, row)))
    }

    /// Goes through a source's sightings, newest or oldest first.
    pub(super) fn sightings(
        &self,
        source: &str,
        way: Way,
        each: &mut dyn FnMut(i64, [u8; 16]) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        self.kv.scan(&place::seen_all(source), way, &mut |key, _| {
            let (at, article) = place::read_seen(key).ok_or_else(|| Error::Damaged("the index's order".to_owned()))?;
            each(at, article)
        })
    }

    /// Goes through all rows, in the order of their keys.
    pub(super) fn rows(
        &self,
        each: &mut dyn FnMut([u8; 16], Row) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        self.kv.scan(b"a", Way::Up, &mut |key, value| {
            let key = key.get(1..).and_then(|key| key.try_into().ok());
            let key = key.ok_or_else(|| Error::Damaged("an index key".to_owned()))?;
            each(key, Row::read(value)?)
        })
    }

    /// What is known of a source.
    pub(super) fn note(&self, source: &str) -> Result<Option<SourceNote>, Error> {
        read_note(self.kv.get(&place::note(source))?)
    }

    /// Every source that ever stored something.
    pub(super) fn notes(&self) -> Result<Vec<(String, SourceNote)>, Error> {
        let mut found = Vec::new();
        self.kv.scan(b"m", Way::Up, &mut |key, value| {
            let id = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
            if let Some(note) = read_note(Some(value.to_vec()))? {
                found.push((id, note));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// The keys that a source's page lists; `None` while that is not known.
    pub(super) fn listed(&self, source: &str) -> Result<Option<Vec<[u8; 16]>>, Error> {
        self.kv
            .get(&place::listed(source))?
            .map(|sealed| codec::unseal("what a page lists", LISTED_VERSION, &sealed))
            .transpose()
    }

    /// The keys that any source's page lists.
    pub(super) fn listed_anywhere(&self) -> Result<HashSet<[u8; 16]>, Error> {
        let mut all = HashSet::new();
        self.kv.scan(b"g", Way::Up, &mut |_, sealed| {
            all.extend(codec::unseal::<Vec<[u8; 16]>>("what a page lists", LISTED_VERSION, sealed)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// A source's history. One that cannot be read, or of another version, is as good as none.
    pub(super) fn history(&self, source: &str) -> Result<Option<History>, Error> {
        let sealed = self.kv.get(&place::history(source))?;
        Ok(sealed.and_then(|sealed| {
            let (version, plain) = codec::unseal_bytes("a history", u8::MAX, &sealed).ok()?;
            (version == History::VERSION).then(|| codec::parse("a history", &plain).ok()).flatten()
        }))
    }

    /// Stores a source's history.
    pub(super) fn save_history(&self, source: &str, history: &History) -> Result<(), Error> {
        let sealed = codec::seal(History::VERSION, history)?;
        self.kv.apply(vec![(place::history(source), Some(sealed))])
    }

    /// What was kept under a name; what cannot be read is as good as nothing.
    pub(super) fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let sealed = self.kv.get(&place::kept(name))?;
        Ok(sealed.and_then(|sealed| codec::unseal("what is kept", KEPT_VERSION, &sealed).ok()))
    }

    /// Keeps bytes under a name.
    pub(super) fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let sealed = codec::seal(KEPT_VERSION, &bytes.to_vec())?;
        self.kv.apply(vec![(place::kept(name), Some(sealed))])
    }

    /// Removes graves for good.
    pub(super) fn forget(&self, graves: &[Grave]) -> Result<(), Error> {
        let mut stage = Stage::new(&*self.kv)?;
        for grave in graves {
            if matches!(stage.get(&place::article(&grave.key))?, Some(row) if row.first() == Some(&GRAVE_ROW)) {
                stage.remove(place::article(&grave.key))?;
                stage.totals.graves = stage.totals.graves.saturating_sub(1);
                for alias in &grave.aliases {
                    stage.remove(place::alias(alias))?;
                }
            }
        }
        stage.apply()
    }

    /// Reads everything: together the entries must make the fingerprint, so each is as it was written and none is missing.
    pub(super) fn verify(&self) -> Result<Totals, Error> {
        let totals = self.totals()?;
        let mut sum = 0_u64;
        self.kv.scan(b"", Way::Up, &mut |key, value| {
            sum = sum.wrapping_add(print(key, value));
            Ok(ControlFlow::Continue(()))
        })?;
        if sum == totals.fingerprint {
            Ok(totals)
        } else {
            Err(Error::Damaged("the index (entries are missing or stale)".to_owned()))
        }
    }

    /// Writes to the disk what is not there yet.
    pub(super) fn flush(&self) -> Result<(), Error> {
        self.kv.flush()
    }
}

fn read_note(sealed: Option<Vec<u8>>) -> Result<Option<SourceNote>, Error> {
    sealed.map(|sealed| codec::unseal("a source's note", NOTE_VERSION, &sealed)).transpose()
}
