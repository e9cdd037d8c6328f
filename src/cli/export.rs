//! `tearsheet export`: all that is served, as files; with `tearsheet fetch` before it, cron is daemon enough.

use std::path::Path;

use super::{args::Common, network, place, say};
use crate::config::Listen;
use crate::daemon::{self, Clock};

/// Runs the command.
pub(super) fn run(common: &Common, out: &Path) -> anyhow::Result<()> {
    let config = place::config(common).read()?;
    // Links need an address: the one that readers use, else the one that `serve` would have.
    if config.server.base_url.is_none() {
        say(format_args!(
            "the files name this machine's own address: set `base_url` in [server] to the one that readers use"
        ));
    }
    let base_url = config.server.base_url.clone().unwrap_or_else(|| match &config.server.listen {
        Listen::Address(address) => format!("http://{address}"),
        Listen::Unix(_) => String::from("http://localhost"),
    });
    let files = network::block_on(async {
        let clock = Clock::system();
        let store = daemon::open(place::state(common), config.store.clone(), &clock).await?;
        let prepared = daemon::prepare(config, &store, clock.now())?;
        let files = daemon::export(prepared, &store, &clock, &base_url, out).await?;
        store.close();
        anyhow::Ok(files)
    })??;
    say(format_args!("{files} files, each with its compressed forms, in {}", out.display()));
    Ok(())
}
