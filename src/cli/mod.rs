//! The command line: one file per command. [`run`] parses it, runs it and turns the outcome into an exit code.
//!
//! Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 usage, 78 configuration.

mod add;
mod args;
mod article;
mod backup;
mod check;
mod columns;
mod demo;
mod doctor;
mod export;
mod fetch;
mod import;
mod listen;
mod log;
mod network;
mod own;
mod page;
mod place;
mod recipe;
mod schema;
mod serve;
mod split;
mod table;
mod r#try;
mod why;
mod written;

use std::{
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser};

use crate::config::Paint;
use crate::daemon::Refused;

use args::{Args, Command};

/// sysexits.h EX_CONFIG: something in the configuration is wrong, and another start would not cure it.
const CONFIGURATION: u8 = 78;

/// The whole command line as data, for what is made of it: manual pages and completions of shells.
pub fn command() -> clap::Command {
    Args::command()
}

/// Runs the command that the process was given.
pub fn run() -> ExitCode {
    let Args { common, command } = Args::parse();
    let done = match command {
        Command::Serve { listen } => serve::run(&common, listen.as_deref()),
        Command::Demo => demo::run(),
        Command::Check => check::run(&common),
        Command::Try(what) => r#try::run(&common, &what),
        Command::Add(what) => add::run(&common, &what),
        Command::Import { from } => import::run(&common, &from),
        Command::Article(what) => article::run(&common, &what),
        Command::Fetch { ids } => fetch::run(&common, &ids),
        Command::Why { what } => why::run(&common, &what),
        Command::Split { what } => split::run(&common, &what),
        Command::Recipe(what) => recipe::run(&common, &what),
        Command::Backup { to } => backup::run(&common, &to),
        Command::Restore { from } => backup::restore(&common, &from),
        Command::Doctor(what) => doctor::run(&common, &what),
        Command::Export { out } => export::run(&common, &out),
        Command::Schema => schema::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// Says on standard error what went wrong, and why, in one line; a fault of feeds.toml is drawn.
fn failed(error: &anyhow::Error) -> ExitCode {
    if is_closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    if let Some(refused) = error.downcast_ref::<Refused>() {
        say(format_args!("{}", refused.draw(paint())));
        return ExitCode::from(CONFIGURATION);
    }
    say(format_args!("tearsheet: {}", told(error)));
    ExitCode::FAILURE
}

/// An error with its causes in one line. What the line ends with already is not said again: some errors name their cause themselves.
fn told(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |line, cause| match line.is_empty() {
        true => cause,
        false if line.ends_with(&cause) => line,
        false => format!("{line}: {cause}"),
    })
}

/// Writes to standard output, which may be a pipe that its reader has closed.
fn show(text: fmt::Arguments<'_>) -> io::Result<()> {
    io::stdout().write_fmt(text)
}

/// Writes a line to standard error. Where that cannot be written to, nobody is left to be told; the work goes on.
fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether the reader of standard output went away, as `head` does once it has enough: that is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = || cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or_else(json) == Some(io::ErrorKind::BrokenPipe)
    })
}

/// Colours where a person reads.
fn paint() -> Paint {
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) { Paint::Colours } else { Paint::Plain }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let io = || io::Error::new(io::ErrorKind::NotFound, "no such file");
        let plain = Err::<(), _>(io()).context("reading x").unwrap_err();
        assert_eq!(told(&plain), "reading x: no such file");
        let named = Err::<(), _>(io()).context("open x: no such file").context("restoring").unwrap_err();
        assert_eq!(told(&named), "restoring: open x: no such file");
    }
}
