//! What is kept: articles, each once and for ever the same, and what is remembered of visits.
//!
//! ```text
//! record(Visit) ──▶ commit (visits that end together) ──▶ journal: one sync, the acknowledgement ──▶ its copy
//!                                                     └─▶ index: played beside, asked, made again when damaged
//! ```
//! - [`Store`] is the façade; it may be cloned and used from any thread. Its calls block: async callers use a blocking pool.
//! - [`Visit`] is what one visit brought, [`Known`] what the store holds under a key, [`Health`] how it is.
//! - `journal` is the truth, holds the articles and alone knows its files; `index` answers, and alone knows sled; `disk` is the file layer under the journal.
//! - `open` rescues, `clean` marks an orderly stop, `swap` puts a new index in place, `remembered` keeps what no journal has, `retention` removes what is old, `lately` reads what is new, `backup`, `snapshots` and `doctor` are for people.
//!
//! Invariant: what [`Store::record`] acknowledged is on the disk, and no stored article ever changes its key or first sight.

mod backup;
mod clean;
mod codec;
mod commit;
mod disk;
mod doctor;
mod error;
mod exchange;
mod form;
mod index;
mod journal;
mod lately;
mod open;
mod options;
mod remembered;
mod retention;
mod schema;
mod search;
mod snapshots;
mod swap;
mod upkeep;
mod writer;

#[cfg(test)]
mod tests;

pub use self::{
    doctor::{Checkup, Cure},
    error::Error,
    exchange::{Health, Known, Pulse, SourceKnown, Visit},
    open::{How, Opened, Rescue},
    options::Options,
};

use std::{
    fs::{self, File, TryLockError},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;

use self::{
    clean::Clean,
    commit::Queue,
    disk::{Disk, RealDisk},
    index::{
        Index, Mark,
        kv::{Gone, Kv},
        sled::Sled,
    },
    open::Parts,
    remembered::Remembered,
    writer::{Job, Writer},
};
use crate::model::{Article, ArticleKey, History, SourceId};

/// The store. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    options: Options,
    disk: Arc<dyn Disk>,
    index: RwLock<Arc<Index>>,
    writer: Mutex<Writer>,
    queue: Queue<Job>,
    /// Held by what needs sealed journal files to stay as they are. Taken before `writer`, never after.
    still: Mutex<()>,
    /// Why the store only serves; absent while it writes too.
    fault: Mutex<Option<Rescue>>,
    /// What was wrong and was cured since, and how many of these nobody was told of yet.
    rescues: Mutex<(Vec<Rescue>, usize)>,
    /// Whoever has it last is to leave it in order.
    closing: AtomicBool,
    /// Held as long as the store is open; the system gives it back whatever happens to the process.
    _lock: File,
}

impl Store {
    /// Opens the store in `dir`, making it if there is none. It ends well whatever the folder holds, with four exceptions.
    ///
    /// # Errors
    /// [`Error::Locked`] where another process has it, [`Error::Newer`] where a newer program wrote it, [`Error::Io`] and [`Error::Full`]
    /// where not even reading works.
    pub fn open(dir: &Path, options: Options, now: Timestamp) -> Result<(Self, Opened), Error> {
        Self::open_on(Arc::new(RealDisk::default()), dir, options, now)
    }

    fn open_on(disk: Arc<dyn Disk>, dir: &Path, options: Options, now: Timestamp) -> Result<(Self, Opened), Error> {
        make(dir)?;
        let lock = lock(dir)?;
        let Parts { journal, index, clean, opened } = open::open(&disk, dir, &options, now, open::Care::Quick)?;
        let fault = if opened.how == How::ReadOnly { opened.rescues.first().cloned() } else { None };
        let shared = Shared {
            dir: dir.to_owned(),
            options,
            disk,
            index: RwLock::new(Arc::new(index)),
            writer: Mutex::new(Writer::new(journal, now, clean)),
            queue: Queue::default(),
            still: Mutex::new(()),
            fault: Mutex::new(fault),
            rescues: Mutex::new((opened.rescues.clone(), 0)),
            closing: AtomicBool::new(false),
            _lock: lock,
        };
        Ok((Self { shared: Arc::new(shared) }, opened))
    }

    /// What is known under each key, in the keys' order. Aliases lead to the article that they mean.
    ///
    /// # Errors
    /// [`Error::Damaged`] or [`Error::Io`] where the index cannot be read; opening the store again rescues it.
    pub fn known(&self, keys: &[ArticleKey]) -> Result<Vec<Option<Known>>, Error> {
        self.shared.ask(|index| keys.iter().map(|key| read(index, key)).collect())
    }

    /// Whether something is known under each key or alias, in the keys' order. It reads no article.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn has(&self, keys: &[ArticleKey]) -> Result<Vec<bool>, Error> {
        self.shared.ask(|index| keys.iter().map(|key| Ok(index.find(key.bytes())?.is_some())).collect())
    }

    /// What is known under one key or alias.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn article(&self, key: &ArticleKey) -> Result<Option<Known>, Error> {
        self.shared.ask(|index| read(index, key))
    }

    /// Stores what a visit brought, and returns once it is on the disk. Visits that end together share one sync.
    ///
    /// An article that another visit stored meanwhile is joined to that one: its sightings and aliases are added, nothing else changes.
    ///
    /// # Errors
    /// [`Error::Full`] while the disk is full: then nothing of this visit is stored, and nothing stored before is lost.
    pub fn record(&self, visit: Visit) -> Result<(), Error> {
        let (source, at) = (visit.source.clone(), visit.at);
        self.shared.submit(Job::visit(visit)?)?;
        // The visit is acknowledged whatever becomes of this; what is not removed now is removed after the next visit.
        let _ = self.shared.retain_source(&source, at);
        Ok(())
    }

    /// A source's articles, the one that it showed last first, then by place on the page; those that it first showed before `since` are
    /// left out.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn articles(
        &self,
        source: &SourceId,
        limit: usize,
        since: Option<Timestamp>,
    ) -> Result<Vec<Arc<Article>>, Error> {
        self.articles_between(source, limit, since.map_or(i64::MIN, Timestamp::as_second), i64::MAX)
    }

    /// A source's articles as [`Store::articles`] gives them, from those that it first showed in the second of `until` on back:
    /// all of that second, and up to `limit` older ones.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn articles_until(
        &self,
        source: &SourceId,
        limit: usize,
        until: Timestamp,
    ) -> Result<Vec<Arc<Article>>, Error> {
        self.articles_between(source, limit, i64::MIN, until.as_second())
    }

    /// Those of the second `until` do not count against `limit`.
    fn articles_between(
        &self,
        source: &SourceId,
        limit: usize,
        since: i64,
        until: i64,
    ) -> Result<Vec<Arc<Article>>, Error> {
        self.shared.ask(|index| {
            let (mut keys, mut counted) = (Vec::new(), 0);
            index.sightings(source.as_str(), i64::MAX, &mut |at, key| {
                if at > until {
                    return Ok(ControlFlow::Continue(()));
                }
                if at < since || (at < until && counted >= limit) {
                    return Ok(ControlFlow::Break(()));
                }
                counted += usize::from(at < until);
                keys.push(key);
                Ok(ControlFlow::Continue(()))
            })?;
            let mut found = Vec::with_capacity(keys.len());
            for key in keys {
                // One that retention removed since the keys were read is simply not there.
                if let Some(Mark::Article(body)) = index.mark(&key)? {
                    found.push(index.article(&key, &body)?);
                }
            }
            Ok(found)
        })
    }

    /// How many articles a source has; 0 where that cannot be read.
    pub fn count(&self, source: &SourceId) -> u64 {
        self.shared.ask(|index| index.note(source.as_str())).ok().flatten().map_or(0, |note| note.articles)
    }

    /// How many articles a source showed first after that second; 0 where it cannot be read.
    pub fn shown_after(&self, source: &SourceId, since: Timestamp) -> usize {
        let counted = self.shared.ask(|index| {
            let mut shown = 0;
            index.sightings(source.as_str(), i64::MAX, &mut |at, _| {
                if at <= since.as_second() {
                    return Ok(ControlFlow::Break(()));
                }
                shown += 1;
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(shown)
        });
        counted.unwrap_or(0)
    }

    /// What is remembered of a source's visits.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn history(&self, source: &SourceId) -> Result<Option<History>, Error> {
        self.shared.ask(|index| index.history(source.as_str()))
    }

    /// Remembers a source's visits. It is not in the journal and may be a moment late after a power cut.
    ///
    /// # Errors
    /// [`Error::Full`] while the disk is full.
    pub fn save_history(&self, source: &SourceId, history: &History) -> Result<(), Error> {
        self.shared.tell(|index| index.save_history(source.as_str(), history))
    }

    /// Every source that ever stored something, though it may have left the configuration since.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn sources_known(&self) -> Result<Vec<SourceKnown>, Error> {
        let notes = self.shared.ask(Index::notes)?;
        let known = notes.into_iter().filter_map(|(id, note)| {
            Some(SourceKnown { id: id.parse().ok()?, url: note.url, articles: note.articles })
        });
        Ok(known.collect())
    }

    /// What was kept under `name`.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.shared.ask(|index| index.kept(name))
    }

    /// Keeps a few bytes that can be had again if they are lost, in place of what was kept under `name`. Like a history they are not
    /// in the journal: they change often, and a rebuilt index starts without them.
    ///
    /// # Errors
    /// [`Error::Full`] while the disk is full.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.shared.tell(|index| index.keep(name, bytes))
    }

    /// Writes the index to the disk and lets go of the folder once the last clone is gone, so that the next start is quick. Nothing
    /// recorded depends on it.
    pub fn close(self) {
        let index = self.shared.index();
        let _ = Remembered::write(&self.shared.dir, &index);
        let _ = index.flush();
        self.shared.closing.store(true, Ordering::Relaxed);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !self.closing.load(Ordering::Relaxed) || writer.journal.is_none() {
            return;
        }
        let index = self.index.get_mut().unwrap_or_else(PoisonError::into_inner);
        let flushed = index.flush();
        *index = Arc::new(Index::new(Box::new(Gone(Error::Damaged("the index (it was closed)".to_owned())))));
        let place = self.dir.join(open::INDEX);
        // Opened once more, sled notes down how far it is, and the next start need not find that out.
        let settled = flushed.and_then(|()| Sled::open(&place, self.options.cache)?.flush());
        // Without the mark the next start looks closer, and that is all.
        let _ = settled.and_then(|()| Clean::leave(&self.dir, &place));
    }
}

fn read(index: &Index, key: &ArticleKey) -> Result<Option<Known>, Error> {
    match index.find(key.bytes())? {
        None => Ok(None),
        Some((main, Mark::Article(body))) => Ok(Some(Known::Article(index.article(&main, &body)?))),
        Some((_, Mark::Grave(_, grave))) => {
            let first_seen = Timestamp::from_second(grave.first_seen)
                .map_err(|_| Error::Damaged("a removed article's record".to_owned()))?;
            Ok(Some(Known::Buried { first_seen }))
        }
    }
}

/// Makes the state folder, so that a power cut does not take its name with it.
fn make(dir: &Path) -> Result<(), Error> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(dir).map_err(|e| Error::io("make", dir, e))?;
    let above = std::path::absolute(dir).ok().and_then(|dir| dir.parent().map(Path::to_owned));
    // Where the folder above may not be opened, nothing more can be done.
    let _ = above.and_then(|above| File::open(above).ok()).map(|above| above.sync_all());
    Ok(())
}

/// How long a process that has the folder is given to end, as when a service is restarted.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(50);

/// Takes the folder for this process, and waits a moment for one that is just ending.
fn lock(dir: &Path) -> Result<File, Error> {
    let mut waited = Duration::ZERO;
    loop {
        match try_lock(dir) {
            Err(Error::Locked { .. }) if waited < PATIENCE => std::thread::sleep(LOOK),
            done => return done,
        }
        waited += LOOK;
    }
}

/// The lock is on the folder itself, so it needs no space; the file only names the holder.
fn try_lock(dir: &Path) -> Result<File, Error> {
    let folder = File::open(dir).map_err(|e| Error::io("open", dir, e))?;
    let named = dir.join("lock");
    match folder.try_lock() {
        Ok(()) => {
            let _ = fs::write(&named, format!("{}\n", std::process::id()));
            Ok(folder)
        }
        Err(TryLockError::WouldBlock) => {
            let pid = fs::read_to_string(&named).unwrap_or_default();
            let pid = pid.trim().parse::<u32>().map_or_else(|_| "unknown".to_owned(), |pid| pid.to_string());
            Err(Error::Locked { pid })
        }
        Err(TryLockError::Error(e)) => Err(Error::io("lock", dir, e)),
    }
}
