//! [`Prepared`]: a configuration made ready to run: rules compiled, and what is remembered of each source at hand.

use std::{collections::HashMap, sync::Arc};

use super::{ConfigFile, Refused};
use crate::config::Config;
use crate::fetch::Fetcher;
use crate::harvest::Watched;
use crate::model::{History, SourceId};
use crate::store::Store;

/// A configuration that can be run as it is.
#[derive(Debug)]
pub struct Prepared {
    /// The file, checked.
    pub config: Config,
    /// Its sources with their recipes, in the file's order.
    pub watched: Vec<Arc<Watched>>,
    /// What is remembered of them.
    pub histories: HashMap<SourceId, History>,
}

impl Prepared {
    /// Tells the fetcher which hosts wanted to be left alone, and since when and for how long, and nothing else.
    pub async fn recall_quiet(&self, fetcher: &Fetcher) {
        for watched in &self.watched {
            let last = self.histories.get(&watched.source.id).and_then(|history| history.last.as_ref());
            let (Some(url), Some(last)) = (watched.source.url(), last) else { continue };
            if last.retry_after.is_some() {
                fetcher.recall(url, (last.at, last.retry_after), None).await;
            }
        }
    }

    /// Tells the fetcher what is remembered of the sources' hosts.
    pub(super) async fn recall(&self, fetcher: &Fetcher) {
        for watched in &self.watched {
            let history = self.histories.get(&watched.source.id);
            let (Some(url), Some(history)) = (watched.source.url(), history) else { continue };
            if let Some(last) = &history.last {
                fetcher.recall(url, (last.at, last.retry_after), history.robots.as_ref()).await;
            }
        }
    }
}

/// Reads the file and prepares what it holds. Blocks; not for the loop itself.
pub(super) fn read(file: &ConfigFile, store: &Store) -> Result<Prepared, Refused> {
    prepare(file.read()?, store)
}

/// Prepares a configuration.
///
/// # Errors
/// A rule that `config` let pass and `extract` does not: the message names it.
pub fn prepare(config: Config, store: &Store) -> Result<Prepared, Refused> {
    let mut watched = Vec::with_capacity(config.sources.len());
    let mut histories = HashMap::with_capacity(config.sources.len());
    for source in &config.sources {
        if let Some(history) = store.history(&source.id).ok().flatten() {
            histories.insert(source.id.clone(), history);
        }
        let one = Watched::new(source.clone()).map_err(|bad| Refused::Rule(source.id.clone(), bad))?;
        watched.push(Arc::new(one));
    }
    Ok(Prepared { config, watched, histories })
}
