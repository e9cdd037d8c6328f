//! The daemon's own door, `control.sock` in the state folder: commands of the same user ask through it what only the process that
//! holds the store can do.
//!
//! ```text
//! command                                         daemon
//!   {"version":1,"body":{"fetch":…}}\n  ────────▶  door: one Call on a channel into the loop
//!   {"version":1,"body":{"report":…}}\n ◀────────  any number of answers, the last is "done" or "failed"
//! ```
//! - [`Request`], [`Answer`]: what is asked and answered, a line of JSON each.
//! - [`Door`]: the socket, mode 0600 from its first moment. `Call`: a request on its way to the loop. [`ask()`]: the command's side.
//! - `desk`: answers that read the store, made beside the loop. `waiting`: who waits for which visit.
//! - `orders`: what a visit is to do to its source's rules before it leaves.
//!
//! Invariant: neither side reads a line without a bound, and the loop never waits for a client.

mod ask;
pub(super) mod desk;
mod door;
pub(super) mod orders;
pub(super) mod waiting;

use std::path::PathBuf;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::sync::mpsc::UnboundedSender;

use super::dossier::Finding;
use crate::harvest::{Split, Standing, Turn};
use crate::model::Report;
use crate::store::{Checkup, Cure};

pub use ask::{Asked, ask};
pub use door::Door;

/// Version of the lines. Both sides refuse another one: a daemon of before an upgrade is told from a broken one.
const VERSION: u8 = 1;
/// Bytes of a request's line.
const LONGEST_REQUEST: u64 = 1 << 20;
/// Bytes of an answer's line: an article with its text fits.
const LONGEST_ANSWER: u64 = 64 << 20;
/// The socket's name in the state folder.
const NAME: &str = "control.sock";

/// What a command asks of the daemon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Visit these sources now, all where none is named; a report for each, when it comes.
    Fetch {
        /// Their ids.
        sources: Vec<String>,
    },
    /// All that is known of one article.
    Why {
        /// Its address or id.
        what: String,
    },
    /// One article told apart from those that it was joined with.
    Split {
        /// Its address or id.
        what: String,
    },
    /// The rules of a source; with a turn, that is done first and the source visited, which brings a report.
    Recipe {
        /// Its id.
        source: String,
        /// What a person says of them.
        turn: Option<Turn>,
    },
    /// A backup into this file, whose path is absolute.
    Backup {
        /// The file.
        to: PathBuf,
    },
    /// Every record of the store read and compared.
    Doctor,
    /// The same, after what a person asked for was done.
    Cure(Cure),
}

/// What the daemon answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A visit ended.
    Report(Box<Report>),
    /// What is known of the article.
    Finding(Box<Finding>),
    /// What telling the article apart came to.
    Split(Split),
    /// How the rules of the source are.
    Recipe(Box<Standing>),
    /// The backup has so many bytes.
    Backup {
        /// Its length.
        bytes: u64,
    },
    /// How the store is.
    Checkup(Box<Checkup>),
    /// That was all.
    Done,
    /// It could not be done; that was all.
    Failed(String),
}

/// A request on its way to the loop. The answers end when `reply` is dropped.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) request: Request,
    pub(super) reply: Reply,
}

/// Where answers go. It never blocks: there are as many answers as sources at most.
pub(super) type Reply = UnboundedSender<Answer>;

/// One line.
#[derive(Debug, Serialize, Deserialize)]
struct Letter<T> {
    version: u8,
    body: T,
}

/// The one thing that every version's line has.
#[derive(Debug, Deserialize)]
struct Stamp {
    version: u8,
}

fn write<T: Serialize>(body: T) -> Result<Vec<u8>, serde_json::Error> {
    let mut line = serde_json::to_vec(&Letter { version: VERSION, body })?;
    line.push(b'\n');
    Ok(line)
}

fn read<T: DeserializeOwned>(line: &[u8]) -> Result<T, String> {
    let stamp: Stamp = serde_json::from_slice(line).map_err(|_| "what came is no line of the control protocol")?;
    if stamp.version != VERSION {
        return Err(format!(
            "the other side speaks version {} of the control protocol and this one {VERSION}: restart the daemon after an upgrade",
            stamp.version
        ));
    }
    serde_json::from_slice::<Letter<T>>(line)
        .map(|letter| letter.body)
        .map_err(|error| format!("a line of the control protocol cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_and_another_version_is_told() {
        let request = Request::Why { what: "http://例え.example/\n1".to_owned() };
        let line = write(&request).unwrap();
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        assert_eq!(read::<Request>(&line), Ok(request));
        let newer = br#"{"version":9,"body":{"dance":{}}}"#;
        assert!(read::<Request>(newer).unwrap_err().contains("version 9"));
        assert!(read::<Request>(b"GET / HTTP/1.1").unwrap_err().contains("no line of the control protocol"));
        assert!(read::<Request>(br#"{"version":1,"body":{"dance":{}}}"#).unwrap_err().contains("cannot be read"));
    }
}
