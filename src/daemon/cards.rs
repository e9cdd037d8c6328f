//! The cards of all feeds after a start or a reload: what the status page says of each, until it is made.

use super::{board::Card, library::Library};
use crate::model::{FeedSpec, SourceId};

/// Cards that are handed over at once: the status page waits no longer than for these.
const CARDS: usize = 500;

impl Library {
    /// Makes the cards of all feeds anew. Of the feed of one source its newest article tells enough: to put together every feed of ten
    /// thousand would take half a minute. Reads the store, so it is not for the loop.
    pub(super) fn look_at_all(&self) {
        let (plain, other): (Vec<_>, Vec<_>) = self.specs().into_iter().partition(|spec| only(spec).is_some());
        for some in plain.chunks(CARDS) {
            let cards: Vec<_> = some.iter().filter_map(|spec| Some((spec.id.clone(), self.glance(spec)?))).collect();
            self.change(|board| board.cards.extend(cards));
        }
        self.look_at(&other.into_iter().map(|spec| spec.id.clone()).collect());
    }

    /// The card of a feed of one source.
    fn glance(&self, spec: &FeedSpec) -> Option<Card> {
        let source = only(spec)?;
        let newest = self.store.articles(source, 1, None).ok()?;
        let entries = self.store.count(source).min(spec.choice.length as u64);
        Some(Card { entries, updated: newest.first().map(|article| article.updated) })
    }
}

/// The source of a feed that shows one source as it is.
fn only(spec: &FeedSpec) -> Option<&SourceId> {
    match spec.choice.sources.as_slice() {
        [source] if spec.digest.is_none() => Some(source),
        _ => None,
    }
}
