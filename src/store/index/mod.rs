//! The index: what the journal's records amount to, laid out for questions. It can be made again from the journal at any time.
//!
//! - [`Index`] answers; [`Row`] is an article or its grave, [`Mark`] where the journal has it; [`Player`] says what each record does.
//! - [`Bodies`] is whoever holds the articles themselves.
//! - `opened` keeps articles that were asked for lately.
//! - `graves` says which entry has which grave.
//! - `kv` is what it asks of its storage, `sled` the storage on disk, `behind` what that is given later, `held` the storage while it does
//!   not change, `stage` a set of changes that happen together.
//!
//! The number of the last record played is stored in the same batch as its effects, so after any stop the rest can be played from there.

mod behind;
mod graves;
pub(super) mod held;
pub(super) mod kv;
mod opened;
pub(super) mod sled;
mod player;
mod stage;

use std::{
    collections::{BTreeMap, HashSet},
    ops::ControlFlow,
    path::Path,
    sync::Arc,
};

use self::{
    held::Pace,
    kv::{Kv, Op, Work},
    opened::Opened,
    player::Player,
    stage::Stage,
};
use super::{
    Error, codec,
    schema::{Body, Grave, SourceNote, Totals, open_article, place},
};
use crate::model::{Article, History};

const NOTE_VERSION: u8 = 1;
const LISTED_VERSION: u8 = 1;
/// Newest form of bytes kept under a name.
const KEPT_VERSION: u8 = 1;
/// Version of what a source showed in one second.
const SHOWN_VERSION: u8 = 1;
const WHAT: &str = "an index entry";
/// Entries that are copied in one batch.
const COPIED_AT_ONCE: usize = 200;
/// Entries after which a copy is written out, since what was not stays in memory.
const WRITTEN_OUT: u64 = 10_000;

/// Places on the page and keys of what a source showed first in one second, in order.
type Shown = Vec<(u32, [u8; 16])>;

/// What is done with a key and its value.
pub(super) type EachBeside<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> Result<(), Error>;

/// Whoever holds the articles themselves: the index knows only where each is.
pub(super) trait Bodies: Send + Sync + std::fmt::Debug {
    /// The sealed article with this key.
    fn sealed(&self, key: &[u8; 16], body: &Body) -> Result<Vec<u8>, Error>;
}

impl Bodies for super::journal::Bodies {
    fn sealed(&self, key: &[u8; 16], body: &Body) -> Result<Vec<u8>, Error> {
        Self::sealed(self, key, body)
    }
}

/// [`Bodies`] where there are none.
#[derive(Debug)]
struct NoBodies;

impl Bodies for NoBodies {
    fn sealed(&self, _: &[u8; 16], _: &Body) -> Result<Vec<u8>, Error> {
        Err(Error::Damaged("an article's place".to_owned()))
    }
}

/// What is stored under an article's key, with the number of the record that says so.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Row {
    /// It is there; its sealed bytes.
    Article(Vec<u8>),
    /// Retention removed it.
    Grave(Grave),
}

/// What the index itself has under an article's key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// It is there: where the journal has it.
    Article(Body),
    /// Retention removed it, as the record with this number says.
    Grave(u64, Grave),
}

/// Where an article is, as it stands in the index; the key is part of the checksum.
fn write_place(key: &[u8; 16], body: &Body) -> Result<Vec<u8>, Error> {
    let mut bytes = postcard::to_allocvec(&(body.seq, body.at, body.len))
        .map_err(|e| Error::Refused(format!("cannot encode an index entry: {e}")))?;
    bytes.extend_from_slice(&place_sum(key, &bytes).to_le_bytes());
    Ok(bytes)
}

fn read_place(key: &[u8; 16], bytes: &[u8]) -> Result<Body, Error> {
    let damaged = || Error::Damaged(WHAT.to_owned());
    let (covered, sum) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
    if place_sum(key, covered) != u32::from_le_bytes(*sum) {
        return Err(damaged());
    }
    let (seq, at, len) = codec::parse(WHAT, covered)?;
    Ok(Body { seq, at, len })
}

fn place_sum(key: &[u8; 16], covered: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(key), covered)
}

impl Mark {
    /// The number of the record that it comes from.
    pub(super) fn seq(&self) -> u64 {
        match self {
            Self::Article(body) => body.seq,
            Self::Grave(seq, _) => *seq,
        }
    }
}

/// sled in the folder `place`, fed by a thread of its own.
pub(super) fn stored(place: &Path, cache: u64, bodies: Arc<dyn Bodies>) -> Result<Index, Error> {
    let sled = self::sled::Sled::open(place, cache)?;
    Ok(Index::of(Box::new(self::behind::Behind::new(Box::new(sled))), bodies))
}

/// Records played and questions answered.
#[derive(Debug)]
pub(super) struct Index {
    kv: Box<dyn Kv>,
    bodies: Arc<dyn Bodies>,
    opened: Opened,
}

impl Index {
    /// An index on `kv` of articles that nobody holds.
    pub(super) fn new(kv: Box<dyn Kv>) -> Self {
        Self::of(kv, Arc::new(NoBodies))
    }

    /// An index on `kv` of the articles that `bodies` holds.
    pub(super) fn of(kv: Box<dyn Kv>, bodies: Arc<dyn Bodies>) -> Self {
        Self { kv, bodies, opened: Opened::default() }
    }

    /// Counts, and how far the journal was played.
    pub(super) fn totals(&self) -> Result<Totals, Error> {
        stage::totals(&*self.kv)
    }

    /// Whether an older program wrote it, so that it is to be made anew.
    pub(super) fn is_older(&self) -> Result<bool, Error> {
        stage::is_older(&*self.kv)
    }

    /// Plays many records in few batches. Calls to anything else that changes the index must wait meanwhile.
    pub(super) fn player(&self) -> Result<Player<'_>, Error> {
        Player::new(&*self.kv, &*self.bodies)
    }

    /// What the index has under exactly this key.
    pub(super) fn mark(&self, key: &[u8; 16]) -> Result<Option<Mark>, Error> {
        if let Some(body) = self.place(key)? {
            return Ok(Some(Mark::Article(body)));
        }
        let mut totals = self.totals()?;
        loop {
            if let Some(body) = self.place(key)? {
                return Ok(Some(Mark::Article(body)));
            }
            if let Some((seq, grave)) = graves::get(&*self.kv, key, totals.graves)? {
                return Ok(Some(Mark::Grave(seq, grave)));
            }
            // Neither, unless something changed between these questions.
            let now = self.totals()?;
            if now == totals {
                return Ok(None);
            }
            totals = now;
        }
    }

    fn place(&self, key: &[u8; 16]) -> Result<Option<Body>, Error> {
        self.kv.get(&place::article(key))?.map(|bytes| read_place(key, &bytes)).transpose()
    }

    /// What is stored under exactly this key.
    pub(super) fn row(&self, key: &[u8; 16]) -> Result<Option<Row>, Error> {
        self.mark(key)?.map(|mark| self.fetch(key, mark)).transpose()
    }

    /// The article with this key that the journal has at `body`. It is kept for those who ask for it next.
    pub(super) fn article(&self, key: &[u8; 16], body: &Body) -> Result<Arc<Article>, Error> {
        self.opened.get_or_open(key, body, || open_article(key, &self.bodies.sealed(key, body)?))
    }

    /// The article or grave that a mark stands for, as it is stored: for those who go through many.
    pub(super) fn fetch(&self, key: &[u8; 16], mark: Mark) -> Result<Row, Error> {
        Ok(match mark {
            Mark::Article(body) => Row::Article(self.bodies.sealed(key, &body)?),
            Mark::Grave(_, grave) => Row::Grave(grave),
        })
    }

    /// The key under which something is stored: this one or, where it is an alias, the one that it stands for.
    pub(super) fn find(&self, key: &[u8; 16]) -> Result<Option<([u8; 16], Mark)>, Error> {
        if let Some(mark) = self.mark(key)? {
            return Ok(Some((*key, mark)));
        }
        let Some(bytes) = self.kv.get(&place::alias(key))? else { return Ok(None) };
        let main: [u8; 16] = bytes.try_into().map_err(|_| Error::Damaged("an alias in the index".to_owned()))?;
        Ok(self.mark(&main)?.map(|mark| (main, mark)))
    }

    /// Goes through a source's sightings of that second and before it (Unix seconds), the newest first.
    pub(super) fn sightings(
        &self,
        source: &str,
        latest: i64,
        each: &mut dyn FnMut(i64, [u8; 16]) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        self.kv.scan_from(&place::seen_all(source), &place::seen(source, latest), &mut |key, sealed| {
            let at = place::read_seen(key).ok_or_else(|| Error::Damaged("the index's order".to_owned()))?;
            for (_, article) in read_shown(sealed)? {
                if each(at, article)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Goes through all marks, those of articles first, in the order of their keys.
    pub(super) fn marks(
        &self,
        each: &mut dyn FnMut([u8; 16], Mark) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let mut ended = false;
        self.kv.scan(b"a", &mut |key, value| {
            let key = key.get(1..).and_then(|key| key.try_into().ok());
            let key = key.ok_or_else(|| Error::Damaged("an index key".to_owned()))?;
            let told = each(key, Mark::Article(read_place(&key, value)?))?;
            ended = told.is_break();
            Ok(told)
        })?;
        if ended { Ok(()) } else { graves::each(&*self.kv, each) }
    }

    /// What is known of a source.
    pub(super) fn note(&self, source: &str) -> Result<Option<SourceNote>, Error> {
        read_note(self.kv.get(&place::note(source))?)
    }

    /// Every source that ever stored something.
    pub(super) fn notes(&self) -> Result<Vec<(String, SourceNote)>, Error> {
        let mut found = Vec::new();
        self.kv.scan(b"m", &mut |key, value| {
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
        self.kv.scan(b"g", &mut |_, sealed| {
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

    /// Goes through keys and values of what is in no journal: histories, and what is kept under names.
    pub(super) fn beside(&self, each: EachBeside<'_>) -> Result<(), Error> {
        self.kv.scan(b"h", &mut |key, value| {
            each(key, value)?;
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Takes what [`Index::beside`] gave.
    pub(super) fn give(&self, beside: &BTreeMap<Vec<u8>, Vec<u8>>) -> Result<(), Error> {
        let mut some = Vec::new();
        for (key, value) in beside {
            some.push((key.clone(), Some(value.clone())));
            if some.len() >= COPIED_AT_ONCE {
                self.kv.apply(std::mem::take(&mut some))?;
            }
        }
        self.kv.apply(some)
    }

    /// Removes graves for good.
    pub(super) fn forget(&self, graves: &[Grave]) -> Result<(), Error> {
        let mut stage = Stage::new(&*self.kv)?;
        for grave in graves {
            if stage.exhume(&grave.key)? {
                for alias in &grave.aliases {
                    stage.remove(place::alias(alias))?;
                }
            }
        }
        stage.apply()
    }

    /// Reads everything: together the entries must make the fingerprint, so each is as it was written and none is missing. `None` where
    /// so much is written meanwhile that it cannot be told.
    pub(super) fn verify(&self, pace: Pace) -> Result<Option<Totals>, Error> {
        let mut verified = None;
        self.hold(pace, &mut |held| {
            verified = held.verify()?;
            Ok(())
        })?;
        Ok(verified)
    }

    /// Has `work` done on what the index is made of, which does not change meanwhile; questions are answered and changes taken as ever.
    pub(super) fn hold(&self, pace: Pace, work: Work<'_>) -> Result<(), Error> {
        self.kv.hold(pace, work)
    }

    /// Takes changes as [`held::Held::came`] tells them.
    pub(super) fn take(&self, came: Vec<Op>) -> Result<(), Error> {
        self.kv.apply(came)
    }

    /// Writes to the disk what is not there yet.
    pub(super) fn flush(&self) -> Result<(), Error> {
        self.kv.flush()
    }
}

fn incomplete() -> Error {
    Error::Damaged("the index (entries are missing or stale)".to_owned())
}

fn read_shown(sealed: &[u8]) -> Result<Shown, Error> {
    codec::unseal("what a source showed", SHOWN_VERSION, sealed)
}

fn read_note(sealed: Option<Vec<u8>>) -> Result<Option<SourceNote>, Error> {
    sealed.map(|sealed| codec::unseal("a source's note", NOTE_VERSION, &sealed)).transpose()
}
