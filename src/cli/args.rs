//! The command line: [`Args`], the names that people and scripts hold on to.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand};
use ipnet::IpNet;
use jiff::Timestamp;

/// Feeds for sites that have none.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Args {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Group)]
pub struct Common {
    /// The configuration; else feeds.toml here, else /etc/tearsheet/feeds.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the store is; else $STATE_DIRECTORY, else state
    #[arg(long, global = true, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Lets the commands that fetch reach this network too; may be repeated
    #[arg(long, global = true, value_name = "CIDR")]
    pub allow_private: Vec<IpNet>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The daemon: visits the sources and serves their feeds
    Serve {
        /// Where to listen, instead of [server] listen
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
    },
    /// A bundled site on loopback and the daemon on it; needs no network
    Demo,
    /// Shows every fault of feeds.toml under its line, with advice; exit code 78 if there is one
    Check,
    /// Reads one listing, stores nothing, shows its items and where each field came from
    Try(Try),
    /// Visits sources now, once, then exits
    Fetch {
        /// The sources; all of them where none is named
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Prints the JSON Schema of feeds.toml, for editors
    Schema,
}

/// What `try` takes.
#[derive(Debug, Clone, Group)]
pub struct Try {
    /// A source's id, or a page's address
    #[arg(value_name = "ID|URL")]
    pub page: String,
    /// Reads a saved page instead of the network; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
    /// Takes this for the time
    #[arg(long, value_name = "RFC3339")]
    pub now: Option<Timestamp>,
}
