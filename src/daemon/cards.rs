//! The cards of feeds, after a start, a reload or a visit: what the status page says of each, until it is made. Those of feeds that are
//! put together of several sources wait until somebody asks.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{board::Card, library::Library};
use crate::feed;
use crate::model::{FeedId, FeedSpec, Filter, SourceId, Twins};
use crate::serve;

/// Cards that are handed over at once: the status page waits no longer than for these.
const CARDS: usize = 500;

impl Library {
    /// Makes the cards of all feeds anew. Reads the store, so it is not for the loop.
    pub(super) fn look_at_all(&self) {
        self.look_at(&self.all(), None);
        self.look_at_rest();
    }

    /// Makes the cards of these feeds anew, in which an article has changed at `changed`, if one has. Reads the store, so it is not for
    /// the loop.
    ///
    /// Of a feed of one source, as it is, its newest article tells enough: to put together every feed of ten thousand would take half a
    /// minute, and after a visit most of them are not asked for before the next.
    pub(super) fn look_at(&self, feeds: &BTreeSet<FeedId>, changed: Option<Timestamp>) {
        let feeds: Vec<_> = feeds.iter().collect();
        for some in feeds.chunks(CARDS).take_while(|_| !self.is_ending()) {
            let specs = self.specs_of(some.iter().copied());
            let cards: Vec<_> =
                specs.iter().filter_map(|spec| Some((spec.id.clone(), self.glance(spec, changed)?))).collect();
            let together = specs.iter().filter(|spec| only(spec).is_none()).map(|spec| spec.id.clone());
            self.change(|board| {
                board.cards.extend(cards);
                board.unseen.extend(together);
            });
        }
    }

    /// Makes the cards of feeds of several sources that have changed: each is put together for that, which would be most of the work
    /// of a visit, and nobody may ask before the next.
    pub(super) fn look_at_rest(&self) {
        let mut unseen = BTreeSet::new();
        if self.read(|board| !board.unseen.is_empty()) {
            self.change(|board| unseen = std::mem::take(&mut board.unseen));
        }
        for id in unseen.iter().take_while(|_| !self.is_ending()) {
            serve::Library::document(self, id);
        }
    }

    /// The card of a feed that shows one source as it is.
    fn glance(&self, spec: &FeedSpec, changed: Option<Timestamp>) -> Option<Card> {
        let source = only(spec)?;
        let newest = self.store.articles(source, 1, None).ok()?.into_iter().next()?;
        let all = usize::try_from(self.store.count(source)).unwrap_or(usize::MAX);
        let length = spec.choice.length;
        let after = |since| if all > length { self.store.shown_after(source, since) } else { all };
        let entries = feed::entries(newest.first_seen, all, length, after) as u64;
        Some(Card { entries, updated: Some(newest.updated).max(changed) })
    }
}

/// The source of a feed that shows one source as it is.
fn only(spec: &FeedSpec) -> Option<&SourceId> {
    let choice = &spec.choice;
    let plain = spec.digest.is_none() && choice.filter == Filter::default() && choice.twins == Twins::Off;
    match choice.sources.as_slice() {
        [source] if plain => Some(source),
        _ => None,
    }
}
