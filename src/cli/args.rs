//! The command line: [`Args`], the names that people and scripts hold on to.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand};
use ipnet::IpNet;
use jiff::Timestamp;

use crate::model::SourceId;

/// Feeds for sites that have none.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(super) struct Args {
    /// What every command takes.
    #[command(flatten)]
    pub(super) common: Common,
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Group)]
pub(super) struct Common {
    /// The configuration; else feeds.toml here, else /etc/tearsheet/feeds.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Where the store is; else $STATE_DIRECTORY, else state
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// Lets the commands that fetch reach this network too; may be repeated
    #[arg(long, global = true, value_name = "CIDR")]
    pub(super) allow_private: Vec<IpNet>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The daemon: visits the sources and serves their feeds
    Serve {
        /// Where to listen (IP:PORT or unix:PATH), instead of `listen` in the file
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
    },
    /// A bundled site on loopback and the daemon on it; needs no network
    Demo,
    /// Shows every fault of feeds.toml under its line, with advice; exit code 78 if there is one
    Check,
    /// Reads one listing, stores nothing, shows its items and where each field came from
    Try(Try),
    /// Reads one article page, stores nothing, shows the article and where its date came from
    Article(Try),
    /// Finds a page's own feed or its list, shows it, and appends it as a source to feeds.toml (comments are kept)
    Add(Add),
    /// Takes the subscriptions of another reader (OPML) over into feeds.toml, FreshRSS's scraping rules too
    Import {
        /// The list
        #[arg(value_name = "FILE")]
        from: PathBuf,
    },
    /// Visits sources now, once, then exits
    Fetch {
        /// The sources; all of them where none is named
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Tells all that is known of one article: where it was seen, its dates and where they came from, the feeds that show it
    Why {
        /// The article's address, or its id as feeds show it
        #[arg(value_name = "URL|ARTICLE-ID")]
        what: String,
    },
    /// Undoes a wrong join of twins, for good
    Split {
        /// The article's id as feeds show it, or its address
        #[arg(value_name = "ARTICLE-ID")]
        what: String,
    },
    /// Shows the rules that read a source's page, and proposed ones with their difference; takes them, or goes back
    Recipe(Recipe),
    /// Writes the whole store into one file, while the daemon runs or not
    Backup {
        /// The file
        #[arg(value_name = "FILE")]
        to: PathBuf,
    },
    /// Makes a store from a backup, in a state folder that holds none
    Restore {
        /// The file
        #[arg(value_name = "FILE")]
        from: PathBuf,
    },
    /// Reads every record of the store, says how it is, and cures what it can while no daemon runs
    Doctor(Doctor),
    /// Writes all public feeds and pages as files, for a plain web server
    Export {
        /// A new folder, or one that an earlier export made
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Prints the JSON Schema of feeds.toml, for editors
    Schema,
}

/// What `try` and `article` take.
#[derive(Debug, Clone, Group)]
pub(super) struct Try {
    /// A source's id, or a page's address
    #[arg(value_name = "ID|URL")]
    pub(super) page: String,
    /// Reads a saved page instead of the network; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Prints JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Takes this for the time
    #[arg(long, value_name = "RFC3339")]
    pub(super) now: Option<Timestamp>,
}

/// What `doctor` takes.
#[derive(Debug, Clone, Group)]
pub(super) struct Doctor {
    /// Gives back the space that nothing needs any more; a daemon that runs does it between visits
    #[arg(long, conflicts_with = "rebuild")]
    pub(super) compact: bool,
    /// Makes the index anew from the journal, whether it is damaged or not
    #[arg(long)]
    pub(super) rebuild: bool,
}

/// What `add` takes.
#[derive(Debug, Clone, Group)]
pub(super) struct Add {
    /// The page's address
    #[arg(value_name = "URL")]
    pub(super) url: String,
    /// The source's id; else one is made of the address
    #[arg(long, value_name = "ID")]
    pub(super) id: Option<SourceId>,
}

/// What `recipe` takes.
#[derive(Debug, Clone, Group)]
pub(super) struct Recipe {
    /// The source; without it, all sources are listed with the rule of their rows
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
    /// Takes the proposed rules; feeds.toml stays as it is
    #[arg(long, conflicts_with = "back", requires = "id")]
    pub(super) accept: bool,
    /// Goes back to the rules before the last change
    #[arg(long, requires = "id")]
    pub(super) back: bool,
}
