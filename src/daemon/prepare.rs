//! [`Prepared`]: a configuration made ready to run: its sources, and where each was left.

use std::{panic::resume_unwind, sync::Arc, thread, time::Duration};

use jiff::Timestamp;

use super::{ConfigFile, Refused, fleet, row::Row};
use crate::config::Config;
use crate::fetch::Fetcher;
use crate::harvest::Watched;
use crate::model::{RobotsMemory, Source};
use crate::store::Store;

/// Sources below which no further thread helps.
const LEAST_SHARE: usize = 1_000;

/// A configuration that can be run as it is.
#[derive(Debug)]
pub struct Prepared {
    /// The file, checked.
    pub config: Config,
    /// Its sources with their recipes, in the file's order.
    pub watched: Vec<Arc<Watched>>,
    /// Where each was left, in the same order.
    pub(super) left: Vec<Left>,
}

/// Where a source was left: what of its history is needed from the start on. The rest stays in the store, since the histories of many
/// thousand sources take more memory than all else.
#[derive(Debug)]
pub(super) struct Left {
    /// What the status page says of it.
    pub(super) row: Box<Row>,
    /// When it is due; never, where its address is gone.
    pub(super) due: Option<Timestamp>,
    host: Option<Host>,
}

/// What is remembered of a source's host.
#[derive(Debug)]
struct Host {
    /// When it was asked last, and for how long it wanted to be left alone then.
    last: (Timestamp, Option<Duration>),
    robots: Option<RobotsMemory>,
}

impl Prepared {
    /// Tells the fetcher which hosts wanted to be left alone, and since when and for how long, and nothing else.
    pub async fn recall_quiet(&self, fetcher: &Fetcher) {
        for (watched, left) in self.watched.iter().zip(&self.left) {
            if let (Some(url), Some(host)) = (watched.source.url(), &left.host)
                && host.last.1.is_some()
            {
                fetcher.recall(url, host.last, None).await;
            }
        }
    }

    /// Tells the fetcher what is remembered of the sources' hosts, and lets go of it.
    pub(super) async fn recall(&mut self, fetcher: &Fetcher) {
        for (watched, left) in self.watched.iter().zip(&mut self.left) {
            if let (Some(url), Some(host)) = (watched.source.url(), left.host.take()) {
                fetcher.recall(url, host.last, host.robots.as_ref()).await;
            }
        }
    }
}

/// Reads the file and prepares what it holds. Blocks; not for the loop itself.
pub(super) fn read(file: &ConfigFile, store: &Store, now: Timestamp) -> Result<Prepared, Refused> {
    prepare(file.read()?, store, now)
}

/// Prepares a configuration, to be run from `now` on. Reads the store, so it is not for the loop.
///
/// # Errors
/// A rule that `config` let pass and `extract` does not: the message names it.
pub fn prepare(config: Config, store: &Store, now: Timestamp) -> Result<Prepared, Refused> {
    // In the store's order, and with all cores, since no visit needs them yet: what is remembered of very many takes a while to read.
    let mut order: Vec<(usize, &Arc<Source>)> = config.sources.iter().enumerate().collect();
    order.sort_unstable_by_key(|(_, source)| &source.id);
    let share = order.len().div_ceil(thread::available_parallelism().map_or(1, usize::from)).max(LEAST_SHARE);
    let each = |some: &[(usize, &Arc<Source>)]| -> Result<Vec<_>, Refused> {
        some.iter().map(|(place, source)| Ok((*place, begin(source, store, now)?))).collect()
    };
    let parts: Vec<Result<Vec<_>, Refused>> = thread::scope(|scope| {
        let parts: Vec<_> = order.chunks(share).map(|some| scope.spawn(move || each(some))).collect();
        parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let mut begun = Vec::with_capacity(order.len());
    for part in parts {
        begun.extend(part?);
    }
    begun.sort_unstable_by_key(|(place, _)| *place);
    let (watched, left) = begun.into_iter().map(|(_, one)| one).unzip();
    Ok(Prepared { config, watched, left })
}

/// One source made ready, and where it was left.
fn begin(source: &Arc<Source>, store: &Store, now: Timestamp) -> Result<(Arc<Watched>, Left), Refused> {
    let watched = Watched::new(source.clone()).map_err(|bad| Refused::Rule(source.id.clone(), bad))?;
    let left = Left::of(&watched, store, now);
    Ok((Arc::new(watched), left))
}

impl Left {
    fn of(watched: &Watched, store: &Store, now: Timestamp) -> Self {
        let history = store.history(&watched.source.id).ok().flatten();
        let due = fleet::first_due(watched, history.as_ref(), now);
        let mut history = history.unwrap_or_default();
        let row = Box::new(Row::of(watched, &history, store.count(&watched.source.id)));
        let robots = history.robots.take();
        let host = history.last.map(|last| Host { last: (last.at, last.retry_after), robots });
        Self { row, due, host }
    }
}
