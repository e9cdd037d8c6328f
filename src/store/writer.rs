//! [`Writer`]: turns a group of jobs into journal records and plays them into the index; falls back to serving alone when the disk is full.
//!
//! - [`Job`] is one thing to write, with its articles already encoded by the thread that brought it.
//! - [`join`] is what becomes of an article that two visits found at the same time.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::{
    Error, Shared, Visit,
    clean::Clean,
    codec::Block,
    index::{Index, Mark, kv::Gone},
    journal::Journal,
    open::{self, Care, Rescue},
    remembered::Remembered,
    schema::{Entry, Grave, Record, VisitRecord, seal_article},
    upkeep::Last,
};
use crate::model::{Article, ArticleKey, History};

/// Who may write: one thread at a time.
#[derive(Debug)]
pub(super) struct Writer {
    /// Absent while the disk is full.
    pub(super) journal: Option<Journal>,
    /// When recovery was last tried.
    tried: Option<Instant>,
    /// The latest time that a job named.
    now: Timestamp,
    /// Bytes of the journal after it was last compacted.
    pub(super) compacted: u64,
    /// Bytes of the index on disk after it was last compacted.
    pub(super) index_compacted: u64,
    /// When what is done seldom was done.
    pub(super) last: Last,
}

/// Rescues that are remembered.
const REMEMBERED: usize = 20;
/// Most bytes of articles in one visit, as sealed.
const LARGEST_VISIT: usize = 64 << 20;
/// Least time between two tries to write again.
const AGAIN: Duration = Duration::from_secs(2);
const WAIT_ADVICE: &str = "free some space: stored articles are served, visits wait and go on by themselves then";
const AGAIN_ADVICE: &str = "opening is tried again by itself; if that does not help, run `tearsheet doctor`";

impl Writer {
    /// A writer of `journal`.
    pub(super) fn new(journal: Option<Journal>, now: Timestamp, clean: Clean) -> Self {
        Self { journal, tried: None, now, compacted: 0, index_compacted: 0, last: Last::new(now, clean) }
    }
}

/// One thing to write.
#[derive(Debug)]
pub(super) enum Job {
    /// A visit, and its articles as sealed bytes.
    Visit(Box<Visit>, Vec<Vec<u8>>),
    /// Articles that retention removes.
    Bury(Vec<Grave>),
}

impl Job {
    /// Prepares a visit.
    pub(super) fn visit(visit: Visit) -> Result<Self, Error> {
        let sealed = visit.written.iter().map(seal_article).collect::<Result<Vec<_>, _>>()?;
        let bytes = sealed.iter().map(Vec::len).sum::<usize>();
        if bytes > LARGEST_VISIT {
            let text = format!("a visit brought {} MiB of articles, more than is taken at once", bytes >> 20);
            return Err(Error::Refused(text));
        }
        Ok(Self::Visit(Box::new(visit), sealed))
    }
}

/// A job as it will be written: the record, where anything changes, and the history beside it.
struct Prepared {
    record: Option<Record>,
    history: Option<(String, History)>,
}

/// The article to store where `stored` is there already. What was stored first keeps its identity and first sight; if `written` was made
/// without knowing all that is stored, only its sightings and aliases are taken. What a person told apart meanwhile stays apart.
pub(super) fn join(stored: &Article, written: &Article) -> Article {
    let stale = stored.sightings.iter().any(|seen| !written.seen_by(&seen.source));
    let (base, other) = if stale { (stored, written) } else { (written, stored) };
    let mut joined = base.clone();
    joined.key = stored.key;
    joined.first_seen = stored.first_seen;
    for seen in &other.sightings {
        if !joined.seen_by(&seen.source) {
            joined.sightings.push(seen.clone());
        }
    }
    let others = [&stored.aliases[..], &written.aliases[..], &[written.key]].concat();
    for alias in others {
        if alias != joined.key && !joined.aliases.contains(&alias) {
            joined.aliases.push(alias);
        }
    }
    if stored.apart.iter().any(|key| !written.apart.contains(key)) {
        (joined.twin_of, joined.twin_late) = (stored.twin_of, stored.twin_late);
    }
    for key in [&stored.apart[..], &written.apart[..]].concat() {
        if !joined.apart.contains(&key) {
            joined.apart.push(key);
        }
    }
    joined
}

impl Shared {
    /// The index as it is now.
    pub(super) fn index(&self) -> Arc<Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the index. One that cannot be read is opened or made anew, and asked again.
    pub(super) fn ask<T>(&self, question: impl Fn(&Index) -> Result<T, Error>) -> Result<T, Error> {
        let index = self.index();
        match question(&index) {
            Err(error @ (Error::Damaged(_) | Error::Io { .. } | Error::Full(_))) => {
                self.replace(index, &error);
                question(&self.index())
            }
            other => other,
        }
    }

    /// Changes what is in the index alone. None takes its place meanwhile, which would not have the change.
    pub(super) fn tell(&self, change: impl Fn(&Index) -> Result<(), Error>) -> Result<(), Error> {
        let place = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let told = change(&place);
        drop(place);
        told.or_else(|_| self.ask(change))
    }

    /// Opens the store anew because of an index that failed, unless somebody did meanwhile.
    pub(super) fn replace(&self, failed: Arc<Index>, error: &Error) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let same = Arc::ptr_eq(&failed, &self.index());
        drop(failed);
        if same && writer.journal.is_some() {
            self.reopen(&mut writer, error);
        }
    }

    /// Has a job written, together with others that wait.
    pub(super) fn submit(&self, job: Job) -> Result<(), Error> {
        self.queue.submit(job, &|jobs| self.write(&jobs))
    }

    fn write(&self, jobs: &[Job]) -> Vec<Result<(), Error>> {
        let mut writer = self.lock_writer();
        self.recover(&mut writer);
        let result = self.write_group(&mut writer, jobs);
        match result {
            Ok(results) => results,
            Err(error) => jobs.iter().map(|_| Err(error.clone())).collect(),
        }
    }

    /// An error of one job is its own; an error of the disk is everybody's. An index that cannot be read is opened or made anew first.
    fn write_group(&self, writer: &mut Writer, jobs: &[Job]) -> Result<Vec<Result<(), Error>>, Error> {
        if writer.journal.is_none() {
            return Err(self.waiting());
        }
        if let Some(fault) = self.too_full(self.free()) {
            let error = Error::Full(fault.cause.clone());
            self.set_fault(Some(fault));
            return Err(error);
        }
        for job in jobs {
            if let Job::Visit(visit, _) = job {
                writer.now = writer.now.max(visit.at);
            }
        }
        let mut index = self.index();
        let mut prepared = prepare_all(&index, jobs);
        if let Some(error) = prepared.iter().find_map(|one| one.as_ref().err().cloned()) {
            drop(index);
            self.reopen(writer, &error);
            index = self.index();
            prepared = prepare_all(&index, jobs);
        }
        let Some(journal) = &mut writer.journal else { return Err(self.waiting()) };
        let mut records = Vec::new();
        let mut histories = Vec::new();
        let mut results = Vec::new();
        for one in prepared {
            results.push(one.map(|one| {
                records.extend(one.record);
                histories.extend(one.history);
            }));
        }
        let first = if records.is_empty() {
            journal.next_seq()
        } else {
            journal.append(&records).inspect_err(|error| {
                self.set_fault(Some(Rescue { cause: error.to_string(), cure: WAIT_ADVICE.to_owned() }));
            })?
        };
        let played = (|| {
            let mut player = index.player()?;
            for (seq, record) in (first..).zip(&records) {
                player.play(seq, record)?;
            }
            for (source, history) in &histories {
                player.history(source, history)?;
            }
            player.end()
        })();
        if let Err(error) = played {
            // The journal has it, so it is acknowledged; only the index must be made again.
            drop(index);
            self.reopen(writer, &error);
        }
        Ok(results)
    }

    /// Why nothing can be written now.
    pub(super) fn waiting(&self) -> Error {
        Error::Full(self.fault().map_or_else(String::new, |fault| fault.cause))
    }

    /// Bytes that may still be written.
    pub(super) fn free(&self) -> u64 {
        self.disk.free(&self.dir).unwrap_or(u64::MAX)
    }

    /// Why nothing may be written with so many bytes free: what is reserved is for ending well.
    pub(super) fn too_full(&self, free: u64) -> Option<Rescue> {
        let cause = || format!("only {} MiB are free, and visits need {}", free >> 20, self.options.reserve >> 20);
        (free < self.options.reserve / 2).then(|| Rescue { cause: cause(), cure: WAIT_ADVICE.to_owned() })
    }

    /// Gives up an index that failed and opens the store anew, in memory where the disk is full. Who asks meanwhile waits.
    pub(super) fn reopen(&self, writer: &mut Writer, error: &Error) {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        writer.journal = None;
        writer.tried = Some(Instant::now());
        // sled has to let go of its files first.
        *index = Arc::new(Index::new(Box::new(Gone(error.clone()))));
        let fault = match open::open(&self.disk, &self.dir, &self.options, writer.now, Care::Thorough) {
            Ok(parts) => {
                *index = Arc::new(parts.index);
                writer.journal = parts.journal;
                self.remember(&parts.opened.rescues);
                parts.opened.rescues.first().filter(|_| writer.journal.is_none()).cloned()
            }
            Err(error) => Some(Rescue { cause: error.to_string(), cure: AGAIN_ADVICE.to_owned() }),
        };
        self.set_fault(fault);
    }

    pub(super) fn remember(&self, new: &[Rescue]) {
        let mut rescues = self.rescues.lock().unwrap_or_else(PoisonError::into_inner);
        rescues.0.extend_from_slice(new);
        rescues.1 += new.len();
        let over = rescues.0.len().saturating_sub(REMEMBERED);
        rescues.0.drain(..over);
    }

    /// Opens for writing again if the store only serves and there is space.
    pub(super) fn recover(&self, writer: &mut Writer) {
        let early = writer.tried.is_some_and(|tried| tried.elapsed() < AGAIN);
        if writer.journal.is_some() || early || self.free() < self.options.reserve {
            return;
        }
        let opened = open::writable(&self.disk, &self.dir, &self.options, writer.now, Care::Quick);
        writer.tried = Some(Instant::now());
        let fault = match opened {
            Ok(parts) => {
                // What was remembered of visits while the store only served goes on to be remembered.
                let _ = Remembered::of(&self.index()).give(&parts.index);
                writer.journal = parts.journal;
                *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(parts.index);
                self.remember(&parts.opened.rescues);
                None
            }
            Err(error) => Some(Rescue { cause: error.to_string(), cure: AGAIN_ADVICE.to_owned() }),
        };
        self.set_fault(fault);
    }
}

fn prepare_all(index: &Index, jobs: &[Job]) -> Vec<Result<Prepared, Error>> {
    let mut fresh = HashMap::new();
    jobs.iter().map(|job| prepare(index, job, &mut fresh)).collect()
}

fn prepare(index: &Index, job: &Job, fresh: &mut HashMap<ArticleKey, Article>) -> Result<Prepared, Error> {
    let (visit, sealed) = match job {
        Job::Bury(graves) => return Ok(Prepared { record: Some(Record::Buried(graves.clone())), history: None }),
        Job::Visit(visit, sealed) => (visit, sealed),
    };
    let mut articles = Vec::new();
    for (written, sealed) in visit.written.iter().zip(sealed) {
        let stored = match fresh.get(&written.key) {
            Some(article) => Some(article.clone()),
            None => match index.find(written.key.bytes())? {
                Some((key, Mark::Article(body))) => Some(Article::clone(&*index.article(&key, &body)?)),
                Some((_, Mark::Grave(..))) | None => None,
            },
        };
        let (article, sealed) = match stored {
            None => (written.clone(), sealed.clone()),
            Some(stored) => {
                let joined = join(&stored, written);
                if joined == stored {
                    continue;
                }
                let sealed = if &joined == written { sealed.clone() } else { seal_article(&joined)? };
                (joined, sealed)
            }
        };
        articles.push(Entry { key: *article.key.bytes(), sealed: Block(sealed) });
        fresh.insert(written.key, article.clone());
        fresh.insert(article.key, article);
    }
    let source = visit.source.as_str().to_owned();
    let listed: Vec<_> = visit.listed.iter().map(|key| *key.bytes()).collect();
    let listed =
        if listed.is_empty() || index.listed(&source)?.as_ref() == Some(&listed) { None } else { Some(listed) };
    let history = visit.history.clone().map(|history| (source.clone(), history));
    if articles.is_empty() && listed.is_none() {
        return Ok(Prepared { record: None, history });
    }
    let (url, at) = (visit.history.as_ref().map(|h| h.url.clone()).unwrap_or_default(), visit.at.as_second());
    Ok(Prepared { record: Some(Record::Visit(VisitRecord { source, url, at, articles, listed })), history })
}
