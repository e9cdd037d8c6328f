//! [`Row`]: how a source is, as it is kept for each of them. What the file says of it stands in the [`Source`] and is not kept again:
//! a hundred thousand sources have as many rows.

use std::sync::Arc;

use jiff::Timestamp;

use crate::harvest::{Standing, Watched};
use crate::model::{ArticlesOfDay, Episode, History, Outcome, Redesign, Report, Source, SourceState, SourceStatus};

/// How a source is.
#[derive(Debug)]
pub(super) struct Row {
    source: Arc<Source>,
    /// The page's own title, where the file has no name for the source.
    title: Option<Box<str>>,
    failures: u32,
    last: Option<Report>,
    /// When it is visited next; absent when it is not.
    pub(super) next_due: Option<Timestamp>,
    articles: u64,
    days: Box<[ArticlesOfDay]>,
    episodes: Box<[Episode]>,
    redesign: Option<Box<Redesign>>,
}

impl Row {
    /// How `watched` is, of which `history` tells.
    pub(super) fn of(watched: &Watched, history: &History, articles: u64) -> Self {
        let source = watched.source.clone();
        let title = history.title.as_deref().filter(|title| source.name.is_none() && !title.is_empty());
        Self {
            title: title.map(Box::from),
            failures: history.failures,
            last: history.last.clone().map(|last| Report { source: source.id.clone(), ..last }),
            next_due: history.next_due,
            articles,
            days: history.days.as_slice().into(),
            episodes: history.episodes.as_slice().into(),
            redesign: redesign(watched, history).map(Box::new),
            source,
        }
    }

    /// What the file says of it.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// Name to show: the file's, else the page's own, else the id.
    pub(super) fn name(&self) -> &str {
        self.source.name.as_deref().or(self.title.as_deref()).unwrap_or(self.source.id.as_str())
    }

    /// Takes in how it is after a visit; whether it is otherwise well or not than before. What the file says of it may have changed since
    /// that visit left, and stays.
    pub(super) fn learn(&mut self, new: Self) -> bool {
        let otherwise = self.episodes != new.episodes;
        *self = Self { source: self.source.clone(), ..new };
        otherwise
    }

    /// Whether there is an episode to tell of.
    pub(super) fn has_episodes(&self) -> bool {
        !self.episodes.is_empty()
    }

    /// What the status page says of it.
    pub(super) fn status(&self) -> SourceStatus {
        let state = match &self.last {
            None => SourceState::Waiting,
            Some(last) if last.outcome == Outcome::Gone => SourceState::Stopped,
            Some(last) if last.outcome.is_success() => SourceState::Well,
            Some(_) => SourceState::Failing,
        };
        SourceStatus {
            id: self.source.id.clone(),
            name: self.name().to_owned(),
            url: self.source.url().map(ToString::to_string).unwrap_or_default(),
            state,
            failures: self.failures,
            last: self.last.clone(),
            next_due: self.next_due,
            articles: self.articles,
            days: self.days.to_vec(),
            episodes: self.episodes.to_vec(),
            redesign: self.redesign.as_deref().cloned(),
        }
    }
}

/// What became of the rules since the page was redesigned, if it was.
fn redesign(watched: &Watched, history: &History) -> Option<Redesign> {
    // Of most sources there is nothing to tell, and it need not be worked out for a hundred thousand at a start.
    let told = history.proposed.is_some() || history.repaired.is_some();
    told.then(|| Standing::of(&watched.source, watched.rules_stamp(), history).redesign()).flatten()
}
