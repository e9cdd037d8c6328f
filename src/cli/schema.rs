//! `tearsheet schema`: the JSON Schema of feeds.toml, for editors.

use std::io::Write;

use crate::config;

/// Runs the command.
pub(super) fn run() -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &config::schema())?;
    writeln!(out)?;
    Ok(())
}
