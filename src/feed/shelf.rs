//! [`Shelf`]: rendered feeds in memory, as many as a number of bytes allows; the least recently used goes first.
//!
//! A feed whose articles change is taken off and rendered again when somebody asks. No lock is held while rendering.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Format, Rendered,
    news::{self, Sent},
};
use crate::model::{Document, FeedId};

/// Rendered feeds, bounded by bytes.
#[derive(Debug)]
pub struct Shelf {
    /// Bytes that all of them may take together.
    capacity: usize,
    held: RwLock<Held>,
    /// Counts uses.
    uses: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    places: HashMap<FeedId, Vec<Place>>,
    weight: usize,
    /// How often each feed was taken off: what was rendered from older articles is not put on.
    changes: HashMap<FeedId, u64>,
    everything: u64,
    /// What went out lately, for those who ask what is new since.
    sent: Sent,
}

/// A feed in one format.
#[derive(Debug)]
struct Place {
    format: Format,
    rendered: Arc<Rendered>,
    /// The number of its last use. Those who read the shelf write it, so that they need not wait for one another.
    used: AtomicU64,
}

impl Shelf {
    /// An empty shelf that holds at most `capacity` bytes.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, held: RwLock::default(), uses: AtomicU64::new(0) }
    }

    /// The feed, if it is on the shelf.
    pub fn get(&self, id: &FeedId, format: Format) -> Option<Arc<Rendered>> {
        let held = self.look();
        let place = held.place(id, format)?;
        place.used.store(self.now(), Ordering::Relaxed);
        Some(place.rendered.clone())
    }

    /// The feed: from the shelf, else from `load`, which renders it or says that there is none.
    pub fn get_or_load(
        &self,
        id: &FeedId,
        format: Format,
        load: impl FnOnce() -> Option<Rendered>,
    ) -> Option<Arc<Rendered>> {
        // First, so that what changes from here on is seen below.
        let age = self.look().age(id);
        if let Some(rendered) = self.get(id, format) {
            return Some(rendered);
        }
        let rendered = Arc::new(load()?);
        let mut held = self.lock();
        held.sent.remember(rendered.tag().clone(), rendered.marks.clone());
        // Articles that came while it was rendered are not in it: it answers this request, and is not kept.
        if held.age(id) == age {
            let place = Place { format, rendered: rendered.clone(), used: AtomicU64::new(self.now()) };
            held.put(id, place, self.capacity);
        }
        Some(rendered)
    }

    /// `document` with only the entries that the representation with the entity tag `etag` did not hold.
    ///
    /// Nothing where it is not known what that one held, or all entries are new, or none is.
    pub fn news(&self, document: Document, etag: &str) -> Option<Document> {
        let tag = etag.trim_matches('"').split('-').next().unwrap_or_default();
        let held = self.look().sent.held(tag)?;
        news::news(document, &held)
    }

    /// Takes a feed off, in every format: its articles changed.
    pub fn forget(&self, id: &FeedId) {
        let mut held = self.lock();
        *held.changes.entry(id.clone()).or_default() += 1;
        held.remove(id, |_| true);
    }

    /// Takes everything off: the configuration changed.
    pub fn clear(&self) {
        let mut held = self.lock();
        *held = Held { everything: held.everything + 1, sent: std::mem::take(&mut held.sent), ..Held::default() };
    }

    /// Bytes that the shelf holds.
    pub fn weight(&self) -> usize {
        self.look().weight
    }

    fn look(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// No code panics while it holds the lock, and the data is right after every step, so poison means nothing.
    fn lock(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a use.
    fn now(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }
}

impl Held {
    /// Which state of the feed's articles a render would show.
    fn age(&self, id: &FeedId) -> (u64, u64) {
        (self.everything, self.changes.get(id).copied().unwrap_or_default())
    }

    fn place(&self, id: &FeedId, format: Format) -> Option<&Place> {
        self.places.get(id)?.iter().find(|place| place.format == format)
    }

    fn put(&mut self, id: &FeedId, place: Place, capacity: usize) {
        self.remove(id, |format| format == place.format);
        self.weight += place.rendered.weight();
        self.places.entry(id.clone()).or_default().push(place);
        while self.weight > capacity {
            // All are looked at, which takes far less than rendering the one that is put on.
            let places = self.places.iter().flat_map(|(id, places)| places.iter().map(move |place| (id, place)));
            let Some((id, place)) = places.min_by_key(|(_, place)| place.used.load(Ordering::Relaxed)) else { break };
            let (id, format) = (id.clone(), place.format);
            self.remove(&id, |other| other == format);
        }
    }

    /// Takes off the feed in the formats that are `meant`.
    fn remove(&mut self, id: &FeedId, meant: impl Fn(Format) -> bool) {
        let Some(places) = self.places.get_mut(id) else { return };
        for place in places.extract_if(.., |place| meant(place.format)) {
            self.weight -= place.rendered.weight();
        }
        if places.is_empty() {
            self.places.remove(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(bytes: usize) -> Option<Rendered> {
        let noise = (0..bytes).map(|n| (n.wrapping_mul(2_654_435_761) >> 7) as u8).collect();
        Some(Rendered::new(noise, "text/plain", None))
    }

    fn id(text: &str) -> FeedId {
        text.parse().unwrap()
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let one = rendered(10_000).unwrap().weight();
        let shelf = Shelf::new(one * 2 + one / 2);
        for name in ["a", "b"] {
            shelf.get_or_load(&id(name), Format::Rss, || rendered(10_000)).unwrap();
        }
        assert!(shelf.get(&id("a"), Format::Rss).is_some());
        shelf.get_or_load(&id("c"), Format::Rss, || rendered(10_000)).unwrap();
        assert!(shelf.get(&id("b"), Format::Rss).is_none(), "b was used least recently");
        assert!(shelf.get(&id("a"), Format::Rss).is_some() && shelf.get(&id("c"), Format::Rss).is_some());
        assert!(shelf.weight() <= one * 2 + one / 2);
    }

    #[test]
    fn a_feed_larger_than_the_shelf_is_answered_and_not_kept() {
        let shelf = Shelf::new(100);
        assert!(shelf.get_or_load(&id("a"), Format::Atom, || rendered(10_000)).is_some());
        assert!(shelf.get(&id("a"), Format::Atom).is_none());
        assert_eq!(shelf.weight(), 0);
    }

    #[test]
    fn only_the_feed_that_changed_is_rendered_again() {
        let shelf = Shelf::new(1 << 20);
        let mut renders = 0;
        for _ in 0..3 {
            for name in ["a", "b"] {
                shelf.get_or_load(&id(name), Format::Json, || {
                    renders += 1;
                    rendered(10)
                });
            }
        }
        assert_eq!(renders, 2);
        shelf.forget(&id("a"));
        assert!(shelf.get(&id("a"), Format::Json).is_none() && shelf.get(&id("b"), Format::Json).is_some());
        shelf.clear();
        assert!(shelf.get(&id("b"), Format::Json).is_none());
        assert_eq!(shelf.weight(), 0);
    }

    #[test]
    fn what_was_rendered_from_older_articles_is_not_kept() {
        let shelf = Shelf::new(1 << 20);
        for change in [|shelf: &Shelf| shelf.forget(&id("a")), Shelf::clear] {
            shelf.get_or_load(&id("a"), Format::Rss, || {
                change(&shelf);
                rendered(10)
            });
            assert!(shelf.get(&id("a"), Format::Rss).is_none());
        }
        assert!(shelf.get_or_load(&id("none"), Format::Rss, || None).is_none());
    }
}
