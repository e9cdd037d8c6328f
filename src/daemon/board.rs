//! [`Board`]: what the loop knows now of feeds and sources, for the server's threads; and the status page's picture of it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use ipnet::IpNet;
use jiff::Timestamp;

use super::row::Row;
use crate::config;
use crate::model::{FeedId, FeedSpec, FeedStatus, Source, SourceId, Status};

/// What is known now. Small things only: articles and histories are in the store.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// The file's own feeds. That of a source alone is told by the source, and not kept.
    pub(super) joined: BTreeMap<FeedId, Arc<FeedSpec>>,
    /// Theirs, in the file's order.
    pub(super) order: Vec<FeedId>,
    pub(super) sources: Vec<SourceId>,
    /// The feeds of the file's own that show a source.
    pub(super) shown_in: HashMap<SourceId, Vec<FeedId>>,
    /// Boxed, since a table has room for more than it holds.
    pub(super) rows: HashMap<SourceId, Box<Row>>,
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
    /// What a feed shows, where it is served.
    pub(super) fn spec(&self, id: &FeedId) -> Option<Arc<FeedSpec>> {
        let alone = || self.alone(id).map(|source| Arc::new(config::alone(source)));
        self.joined.get(id).cloned().or_else(alone)
    }

    /// Whether a feed is served to those alone who have the token; absent where it is not served.
    pub(super) fn is_private(&self, id: &FeedId) -> Option<bool> {
        let joined = self.joined.get(id).map(|spec| spec.private);
        joined.or_else(|| self.alone(id).map(|source| source.private))
    }

    /// The source that a feed shows alone.
    fn alone(&self, id: &FeedId) -> Option<&Source> {
        self.rows.get(id.as_str()).map(|row| row.source()).filter(|source| self.serves(source.private))
    }

    /// A private feed that nothing opens is not served at all.
    pub(super) fn serves(&self, private: bool) -> bool {
        !private || self.token.is_some()
    }

    /// All feeds that are served: those of sources alone, then the file's own, each in the file's order.
    pub(super) fn feeds(&self) -> impl Iterator<Item = FeedId> {
        let alone = self.sources.iter().map(FeedId::from).filter(|id| self.alone(id).is_some());
        alone.chain(self.order.iter().cloned())
    }

    /// The feeds that show a source.
    pub(super) fn feeds_of(&self, source: &SourceId) -> impl Iterator<Item = FeedId> {
        let alone = Some(FeedId::from(source)).filter(|id| self.alone(id).is_some());
        alone.into_iter().chain(self.shown_in.get(source).into_iter().flatten().cloned())
    }

    /// What the status page shows.
    pub(super) fn snapshot(&self, store_fault: Option<String>) -> Status {
        let feed = |id: FeedId| {
            let spec = self.spec(&id)?;
            let card = self.cards.get(&id).cloned().unwrap_or_default();
            let title = spec.name.clone().or_else(|| match spec.choice.sources.as_slice() {
                [source] => self.rows.get(source).map(|row| row.name().to_owned()),
                _ => None,
            });
            Some(FeedStatus {
                title: title.unwrap_or_else(|| id.to_string()),
                sources: spec.digest.as_ref().map_or(&spec.choice, |digest| &digest.of).sources.clone(),
                entries: card.entries,
                updated: card.updated,
                id,
            })
        };
        Status {
            config_fault: self.config_fault.clone(),
            store_fault,
            store_rescues: Vec::new(),
            sources: self.sources.iter().filter_map(|id| self.rows.get(id)).map(|row| row.status()).collect(),
            feeds: self.feeds().filter_map(feed).collect(),
        }
    }
}
