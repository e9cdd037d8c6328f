//! `tearsheet backup` and `restore`: the whole store in one file, and back.

use std::path::Path;

use anyhow::Context;

use super::{args::Common, network, place, say};
use crate::daemon::{
    self, Clock,
    control::{self, Answer, Asked, Request},
};
use crate::store::Store;

/// Writes a backup: the daemon does it where one runs, and its visits go on meanwhile.
pub(super) fn run(common: &Common, to: &Path) -> anyhow::Result<()> {
    let to = std::path::absolute(to).with_context(|| format!("the path {}", to.display()))?;
    let state = place::state(common);
    let mut bytes = 0;
    let asked = control::ask(&state, &Request::Backup { to: to.clone() }, |answer| {
        if let Answer::Backup { bytes: written } = answer {
            bytes = written;
        }
        Ok(())
    })
    .context("the daemon could not write the backup")?;
    if asked == Asked::Nobody {
        let config = place::config(common).read()?;
        let store = network::block_on(daemon::open(state, config.store, &Clock::system()))??;
        bytes = store.backup(&to)?;
        store.close();
    }
    say(format_args!("{}: {bytes} bytes", to.display()));
    Ok(())
}

/// Makes a store from a backup.
pub(super) fn restore(common: &Common, from: &Path) -> anyhow::Result<()> {
    let state = place::state(common);
    Store::restore(from, &state)?;
    say(format_args!("{} holds what {} had; start the daemon again", state.display(), from.display()));
    Ok(())
}
