//! The runtime and the fetcher of commands that ask the network.

use std::{future::Future, net::SocketAddr, sync::Arc};

use super::args::Common;
use crate::config::Config;
use crate::daemon::{Clock, ConfigFile};
use crate::fetch::{Fetcher, Settings};

/// Threads for parsing and the store. Parsing holds a page's tree, so their number bounds memory.
const BLOCKING_THREADS: usize = 16;

/// Runs a future to its end on a runtime of its own.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING_THREADS).build()?;
    Ok(runtime.block_on(future))
}

/// A fetcher with the file's limits where there is a file, else with the defaults.
pub(super) fn fetcher(file: &ConfigFile, common: &Common) -> anyhow::Result<Fetcher> {
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
