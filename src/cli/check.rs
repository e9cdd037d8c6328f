//! `tearsheet check`: every fault of feeds.toml at once, drawn under its line, with advice.

use super::{args::Common, paint, place, say, show};

/// Runs the command: faults are the error, hints go to standard error, and a good file is said to be one.
pub(super) fn run(common: &Common) -> anyhow::Result<()> {
    let file = place::config(common);
    let config = file.read()?;
    if !config.hints.list().is_empty() {
        say(format_args!("{}", config.hints.draw(paint())));
    }
    show(format_args!(
        "{}: no fault; sources: {}, feeds: {}\n",
        file.path.display(),
        config.sources.len(),
        config.count_feeds()
    ))?;
    Ok(())
}
