//! [`Status`]: what the status page, `/healthz` and the log say of the whole: snapshots without secrets.

use jiff::Timestamp;

use super::{ArticlesOfDay, Episode, FeedId, Report, SourceId};

/// How a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceState {
    /// Not visited yet.
    Waiting,
    /// Its last visit succeeded.
    Well,
    /// Its last visit failed; visits are spaced out.
    Failing,
    /// It is visited no more: its page is gone, or it left the configuration.
    Stopped,
}

/// What is known of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStatus {
    /// Its id.
    pub id: SourceId,
    /// Name to show.
    pub name: String,
    /// Its page, without credentials.
    pub url: String,
    /// How it is.
    pub state: SourceState,
    /// Failed visits in a row.
    pub failures: u32,
    /// The last visit.
    pub last: Option<Report>,
    /// When it is visited next; absent when it is not.
    pub next_due: Option<Timestamp>,
    /// Articles stored of it.
    pub articles: u64,
    /// New articles by day, the oldest day first.
    pub days: Vec<ArticlesOfDay>,
    /// When it was not well, the oldest first; the ones without an end go on.
    pub episodes: Vec<Episode>,
    /// What became of its rules since its page was redesigned, if it was.
    pub redesign: Option<Redesign>,
}

/// A redesigned page's rules: what they say otherwise, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redesign {
    /// Others may read it, and a person decides.
    Proposed {
        /// Why they were not taken by themselves.
        why: String,
        /// When they were found.
        at: Timestamp,
        /// What they say otherwise than those in use.
        differences: Vec<String>,
    },
    /// Others read it now.
    Replaced {
        /// Since when.
        at: Timestamp,
        /// What they say otherwise than those before.
        differences: Vec<String>,
    },
}

/// What is known of one feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedStatus {
    /// Its id.
    pub id: FeedId,
    /// Title to show.
    pub title: String,
    /// Its sources.
    pub sources: Vec<SourceId>,
    /// Entries that it shows.
    pub entries: u64,
    /// Its latest change.
    pub updated: Option<Timestamp>,
}

/// What is known of the whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// The configuration's fault as drawn, while a broken file is refused and the old one goes on.
    pub config_fault: Option<String>,
    /// What the store says when it is not well, and the cure.
    pub store_fault: Option<String>,
    /// What was wrong with the store since the start and was cured, and how.
    pub store_rescues: Vec<String>,
    /// In the file's order.
    pub sources: Vec<SourceStatus>,
    /// In the file's order, each source's own feed first.
    pub feeds: Vec<FeedStatus>,
}
