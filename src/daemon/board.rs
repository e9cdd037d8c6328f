//! [`Board`]: what the loop knows now of feeds and sources, for the server's threads; and the status page's picture of it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use ipnet::IpNet;
use jiff::Timestamp;

use crate::config;
use crate::harvest::{Standing, Watched};
use crate::model::{
    FeedId, FeedSpec, FeedStatus, History, Outcome, Redesign, Report, SourceId, SourceState, SourceStatus, Status,
};

/// What is known now. Small things only: articles and histories are in the store.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) specs: BTreeMap<FeedId, Arc<FeedSpec>>,
    /// In the file's order.
    pub(super) order: Vec<FeedId>,
    pub(super) sources: Vec<SourceId>,
    /// The feeds that show a source.
    pub(super) shown_in: HashMap<SourceId, Vec<FeedId>>,
    /// Boxed, since a table has room for more than it holds.
    pub(super) rows: HashMap<SourceId, Box<SourceStatus>>,
    pub(super) cards: HashMap<FeedId, Card>,
    /// Feeds that show something else than their cards say.
    pub(super) unseen: BTreeSet<FeedId>,
    /// What opens private feeds.
    pub(super) token: Option<Arc<str>>,
    /// Whether `/` needs the token.
    pub(super) guarded: bool,
    /// Whether figures are shown beside the feeds.
    pub(super) metrics: bool,
    pub(super) hub: config::Hub,
    /// Where subscribers may be reached besides public networks.
    pub(super) hub_networks: Vec<IpNet>,
    pub(super) config_fault: Option<String>,
    /// The status page's snapshot, until something changes.
    pub(super) status: Option<Arc<Status>>,
}

/// What a feed showed when it was last made.
#[derive(Debug, Clone, Default)]
pub(super) struct Card {
    pub(super) entries: u64,
    pub(super) updated: Option<Timestamp>,
}

impl Board {
    /// What the status page shows.
    pub(super) fn snapshot(&self, store_fault: Option<String>) -> Status {
        let feed = |id: &FeedId| {
            let spec = self.specs.get(id)?;
            let card = self.cards.get(id).cloned().unwrap_or_default();
            let title = spec.name.clone().or_else(|| match spec.choice.sources.as_slice() {
                [source] => self.rows.get(source).map(|row| row.name.clone()),
                _ => None,
            });
            Some(FeedStatus {
                id: id.clone(),
                title: title.unwrap_or_else(|| id.to_string()),
                sources: spec.digest.as_ref().map_or(&spec.choice, |digest| &digest.of).sources.clone(),
                entries: card.entries,
                updated: card.updated,
            })
        };
        Status {
            config_fault: self.config_fault.clone(),
            store_fault,
            store_rescues: Vec::new(),
            sources: self.sources.iter().filter_map(|id| self.rows.get(id)).map(|row| (**row).clone()).collect(),
            feeds: self.order.iter().filter_map(feed).collect(),
        }
    }
}

/// How a source is, for the status page.
pub(super) fn row(watched: &Watched, history: &History, articles: u64) -> SourceStatus {
    let source = &watched.source;
    let state = match &history.last {
        None => SourceState::Waiting,
        Some(last) if last.outcome == Outcome::Gone => SourceState::Stopped,
        Some(last) if last.outcome.is_success() => SourceState::Well,
        Some(_) => SourceState::Failing,
    };
    let url = source.url();
    let name = source.name.clone().or_else(|| history.title.clone().filter(|title| !title.is_empty()));
    SourceStatus {
        id: source.id.clone(),
        name: name.unwrap_or_else(|| source.id.to_string()),
        url: url.map(ToString::to_string).unwrap_or_default(),
        state,
        failures: history.failures,
        last: history.last.clone().map(|last| Report { source: source.id.clone(), ..last }),
        next_due: history.next_due,
        articles,
        days: history.days.clone(),
        episodes: history.episodes.clone(),
        redesign: redesign(watched, history),
    }
}

/// What became of the rules since the page was redesigned, if it was.
fn redesign(watched: &Watched, history: &History) -> Option<Redesign> {
    // Of most sources there is nothing to tell, and it need not be worked out for a hundred thousand at a start.
    let told = history.proposed.is_some() || history.repaired.is_some();
    told.then(|| Standing::of(&watched.source, watched.rules_stamp(), history).redesign()).flatten()
}
