//! [`Episode`]: a stretch of time in which a source was not well, told once when it begins and once when it is over.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is the matter with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Trouble {
    /// Its visits fail.
    Failing,
    /// Its visits succeed and bring nothing new, far beyond its rhythm.
    Silent,
}

impl Trouble {
    /// The word that names the episode's entry in the health feed, for ever.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Silent => "silent",
        }
    }
}

/// A stretch of time in which a source was not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// What is the matter.
    pub trouble: Trouble,
    /// The first failed visit, or the last sign of life; it names the episode.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub since: Timestamp,
    /// When it was long enough to be told.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub told: Timestamp,
    /// When it was over.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional")]
    pub ended: Option<Timestamp>,
    /// What was wrong when it was told, in lower case without a final stop.
    pub reason: String,
    /// What to do.
    pub advice: String,
}
