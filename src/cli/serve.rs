//! `tearsheet serve`: the daemon, put together from the configuration, the store, the network and the sockets.

use std::{path::PathBuf, sync::Arc};

use tracing::level_filters::LevelFilter;

use super::{
    args::Common,
    listen::{self, Sockets},
    log, network, place,
};
use crate::config::{self, Config, Metrics, Purpose};
use crate::daemon::{self, Clock, ConfigFile, Doors, Signals, Start, control::Door};
use crate::extract;
use crate::fetch::Fetcher;
use crate::serve::listen::Limits;

/// Runs the command until a signal ends it.
pub(super) fn run(common: &Common, listen: Option<&str>) -> anyhow::Result<()> {
    log::set_up(LevelFilter::INFO);
    let mut file = place::config(common);
    file.purpose = Purpose::Serving;
    let listening =
        |text| config::listening(text).map_err(|(why, advice)| anyhow::anyhow!("--listen: {why}: {advice}"));
    file.listen = listen.map(listening).transpose()?;
    let config = file.read()?;
    network::block_on(daemon(file, config, place::state(common)))?
}

/// Runs a daemon on `config` with its store in `state`.
pub(super) async fn daemon(file: ConfigFile, config: Config, state: PathBuf) -> anyhow::Result<()> {
    let clock = Clock::system();
    let signals = Signals::unix()?;
    // First of all, since it names a daemon that runs on the same state already.
    let store = daemon::open(state.clone(), config.store.clone(), &clock).await?;
    let door = Door::open(&state)
        .inspect_err(|error| tracing::warn!(%error, "no control.sock: commands cannot ask this daemon"))
        .ok();
    let sockets = listen::sockets(&config.server.listen)?;
    let apart = match &config.server.metrics {
        Metrics::Apart(listen) => Some(listen::figures(listen)?),
        Metrics::None | Metrics::Path => None,
    };
    let own = sockets.own().into_iter().chain(apart.iter().flat_map(Sockets::own)).collect();
    let base_url = config.server.base_url.clone().unwrap_or_else(|| sockets.url());
    let fetcher = Fetcher::new(network::settings(&config, own), Arc::new(clock.clone()))?;
    let prepared = daemon::prepare(config, &store, clock.now())?;
    tracing::info!(
        server.address = %sockets.shown(),
        server.url = %base_url,
        sources = prepared.config.sources.len(),
        feeds = prepared.config.count_feeds(),
        "serving"
    );
    if let Some(apart) = &apart {
        tracing::info!(server.address = %apart.shown(), "showing figures");
    }
    let limits = Limits { trusted: prepared.config.server.trusted_proxies.clone(), ..Limits::default() };
    let figures = apart.map(Sockets::into_listeners).unwrap_or_default();
    let doors = Doors { feeds: sockets.into_listeners(), figures, limits };
    let start = Start { file, prepared, store, fetcher, read: extract::read, doors, base_url, door, clock, signals };
    daemon::run(start).await
}
