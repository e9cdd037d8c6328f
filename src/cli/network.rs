//! The runtime and the fetcher of commands that ask the network.

use std::{future::Future, net::SocketAddr, sync::Arc};

use tokio::runtime::Runtime;

use super::{args::Common, place};
use crate::config::Config;
use crate::daemon::{Clock, ConfigFile};
use crate::fetch::{self, Fetched, Fetcher, Request, Settings};

/// Threads for parsing and the store. Parsing holds a page's tree, so their number bounds memory.
const BLOCKING_THREADS: usize = 16;

/// Runs a future to its end on a runtime of its own.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> anyhow::Result<T> {
    Ok(runtime()?.block_on(future))
}

fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING_THREADS).build()
}

/// What a command asks the network with. All its requests go one way, so a host's robots.txt is asked for once and the gap
/// between two requests to a host is held; it is made at the first request, since a saved page needs none.
pub(super) struct Asker<'c> {
    common: &'c Common,
    made: Option<(Runtime, Fetcher)>,
}

impl<'c> Asker<'c> {
    /// An asker that has asked for nothing yet.
    pub(super) fn new(common: &'c Common) -> Self {
        Self { common, made: None }
    }

    /// What every command takes.
    pub(super) fn common(&self) -> &'c Common {
        self.common
    }

    /// The answer to a request.
    ///
    /// # Errors
    /// Where nothing can be asked at all; the inner ones are the request's own.
    pub(super) fn get(&mut self, request: &Request<'_>) -> anyhow::Result<Result<Fetched, fetch::Error>> {
        let (runtime, fetcher) = match &mut self.made {
            Some(made) => made,
            none => none.insert((runtime()?, fetcher(&place::config(self.common), self.common)?)),
        };
        Ok(runtime.block_on(fetcher.get(request)))
    }
}

/// A fetcher with the file's limits where there is a file, else with the defaults.
fn fetcher(file: &ConfigFile, common: &Common) -> anyhow::Result<Fetcher> {
    let settings = match file.path.exists() {
        true => settings(&file.read()?, Vec::new()),
        false => Settings::default(),
    };
    let settings = Settings { allow_private: common.allow_private.clone(), ..settings };
    Ok(Fetcher::new(settings, Arc::new(Clock::system()))?)
}

/// The fetcher's settings of a configuration that is served on `own`.
pub(super) fn settings(config: &Config, own: Vec<SocketAddr>) -> Settings {
    Settings { own, ..config.fetch.clone() }
}
