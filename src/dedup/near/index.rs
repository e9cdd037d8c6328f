//! [`Near`]: the sketches of the last days, found again by the runs of words they share.
//!
//! They are kept in the order in which they came, so that forgetting the oldest is letting go of the front. A run leads to at
//! most [`MOST_PLACES`] sketches and [`MOST_COMPARED`] are compared, so judging an article costs the same however many are known.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::{
    compare::{Evidence, Thresholds},
    postings::Postings,
    sketch::Sketch,
};
use crate::model::ArticleKey;

/// Sketches that one run leads to: a run that so many share is a frame's.
const MOST_PLACES: usize = 24;
/// Sketches compared with a new one: those that share the most runs.
const MOST_COMPARED: usize = 24;
/// What a run weighs that leads to one sketch alone.
const WEIGHT: u32 = 1_000;

/// Bytes of memory that sketches take unless told otherwise: those of some hundred thousand articles with a summary each.
const ROOM: usize = 64 << 20;
/// Bytes that the index takes for a run of a sketch.
const RUN: usize = 20;

/// How twins are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Articles further apart in time are not twins.
    pub window: SignedDuration,
    /// From which share on texts are twins.
    pub thresholds: Thresholds,
    /// Bytes of memory that the sketches may take; beyond them the oldest are let go of, though they are within the window.
    pub room: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { window: SignedDuration::from_hours(7 * 24), thresholds: Thresholds::default(), room: ROOM }
    }
}

/// How twins are looked for, and whether they are joined.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Search {
    /// Which articles are twins.
    pub settings: Settings,
    /// Twins are logged and not joined.
    pub dry_run: bool,
}

/// An article that was compared with a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// The article.
    pub key: ArticleKey,
    /// The first article that told its story.
    pub story: ArticleKey,
    /// How alike they are, from 0 to 1.
    pub score: f32,
    /// Why.
    pub evidence: Evidence,
}

/// The sketches of the last days. Kept in memory, and made again from the store at the start.
#[derive(Debug, Default)]
pub struct Near {
    settings: Settings,
    /// In the order in which they came.
    sketches: VecDeque<Known>,
    /// The place of the first.
    first: u32,
    /// Bytes that they take, runs included.
    bytes: usize,
    runs: Postings,
    /// The stories that several tell, and how many besides the first.
    told_again: HashMap<ArticleKey, usize>,
}

/// An article whose story is to be found again.
#[derive(Debug, Clone, Copy)]
pub struct Telling {
    /// The article.
    pub key: ArticleKey,
    /// The article that told its story first: itself, where it is the first.
    pub story: ArticleKey,
    /// When it was published: the window is counted from here.
    pub published: Timestamp,
    /// When it came: it is forgotten by this.
    pub arrived: Timestamp,
}

#[derive(Debug)]
struct Known {
    key: ArticleKey,
    story: ArticleKey,
    /// When it was published.
    second: i64,
    arrived: i64,
    sketch: Sketch,
    /// Bytes that it takes, runs included.
    bytes: u32,
}

impl Near {
    /// An empty index.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Keeps the sketch of an article.
    pub fn insert(&mut self, telling: Telling, sketch: &Sketch) {
        let Telling { key, story, published, arrived } = telling;
        let place = u32::try_from(self.sketches.len()).ok().and_then(|count| self.first.checked_add(count));
        let Some(place) = place else { return };
        for run in sketch.runs() {
            if self.runs.of(*run).take(MOST_PLACES).count() < MOST_PLACES {
                self.runs.add(*run, place);
            }
        }
        if story != key {
            *self.told_again.entry(story).or_default() += 1;
        }
        let (second, arrived) = (published.as_second(), arrived.as_second());
        let bytes = Self::bytes(sketch);
        self.bytes += bytes;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.sketches.push_back(Known { key, story, second, arrived, sketch: sketch.without_runs(), bytes });
        if self.bytes > self.settings.room {
            while self.bytes > self.settings.room && self.forget_first() {}
            self.runs.forget_below(self.first);
        }
    }

    /// Bytes of memory that keeping `sketch` takes, about.
    pub fn bytes(sketch: &Sketch) -> usize {
        size_of::<Known>() + sketch.bytes() + sketch.runs().len() * RUN
    }

    /// The twin of a text of `at`: of those within the window, the most alike, and of several the first to come.
    pub fn nearest(&self, sketch: &Sketch, at: Timestamp) -> Option<Match> {
        self.compared(sketch, at).into_iter().find(|found| found.evidence.are_twins(&self.settings.thresholds))
    }

    /// Those within the window that a text of `at` is compared with, twins or not: the most alike first, and of several the
    /// first to come.
    pub fn compared(&self, sketch: &Sketch, at: Timestamp) -> Vec<Match> {
        let mut found: Vec<(i64, Match)> = self
            .candidates(sketch, at)
            .into_iter()
            .map(|known| {
                let evidence = Evidence::of(sketch, &known.sketch);
                (known.second, Match { key: known.key, story: known.story, score: evidence.score(), evidence })
            })
            .collect();
        found.sort_by(|(one, a), (other, b)| b.score.total_cmp(&a.score).then((one, a.key).cmp(&(other, b.key))));
        found.into_iter().map(|(_, found)| found).collect()
    }

    /// How twins are looked for.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Nothing is compared with the sketch of the article `key` any more.
    pub fn remove(&mut self, key: &ArticleKey) {
        self.retell(key, *key);
        if let Some(known) = self.find(key) {
            known.sketch = Sketch::default();
        }
    }

    /// The article `key` tells `story` now.
    pub fn retell(&mut self, key: &ArticleKey, story: ArticleKey) {
        let Some(known) = self.find(key) else { return };
        let before = std::mem::replace(&mut known.story, story);
        self.forget_twin(key, &before);
        if story != *key {
            *self.told_again.entry(story).or_default() += 1;
        }
    }

    /// Whether another article tells the story of the article `key`.
    pub fn is_told_again(&self, key: &ArticleKey) -> bool {
        self.told_again.contains_key(key)
    }

    /// Lets go of what came before `at`.
    pub fn forget_before(&mut self, at: Timestamp) {
        let at = at.as_second();
        while self.sketches.front().is_some_and(|known| known.arrived < at) {
            self.forget_first();
        }
        self.runs.forget_below(self.first);
    }

    /// Lets go of what came first; its runs stay. Whether there was anything.
    fn forget_first(&mut self) -> bool {
        let Some(known) = self.sketches.pop_front() else { return false };
        self.first = self.first.saturating_add(1);
        self.bytes = self.bytes.saturating_sub(known.bytes as usize);
        self.forget_twin(&known.key, &known.story);
        true
    }

    /// How many sketches are kept.
    pub fn len(&self) -> usize {
        self.sketches.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.sketches.is_empty()
    }

    /// The article `key` tells the story of `story` no more.
    fn forget_twin(&mut self, key: &ArticleKey, story: &ArticleKey) {
        if key == story {
            return;
        }
        if let Some(count) = self.told_again.get_mut(story) {
            *count -= 1;
            if *count == 0 {
                self.told_again.remove(story);
            }
        }
    }

    /// The newest sketch of the article `key`: what is asked for has come lately, so it stands near the end.
    fn find(&mut self, key: &ArticleKey) -> Option<&mut Known> {
        self.sketches.iter_mut().rev().find(|known| known.key == *key)
    }

    /// Those within the window that share the most runs with `sketch`; a run counts the less, the more share it.
    fn candidates(&self, sketch: &Sketch, at: Timestamp) -> Vec<&Known> {
        let (second, window) = (at.as_second(), self.settings.window.as_secs().abs());
        let within = second.saturating_sub(window)..=second.saturating_add(window);
        let mut shared: HashMap<u32, u32> = HashMap::new();
        for run in sketch.runs() {
            let places: Vec<u32> = self.runs.of(*run).take(MOST_PLACES).collect();
            let weight = u32::try_from(places.len()).ok().and_then(|many| WEIGHT.checked_div(many)).unwrap_or(0);
            for place in places {
                *shared.entry(place).or_default() += weight;
            }
        }
        // Most of what shares a run is not compared, so it is not looked at either: in a large index that is what takes the time.
        let mut found: Vec<(u32, u32)> = shared.into_iter().collect();
        found.sort_unstable_by(|(one, a), (other, b)| b.cmp(a).then(one.cmp(other)));
        let known =
            found.into_iter().filter_map(|(place, _)| self.sketches.get(place.checked_sub(self.first)? as usize));
        known.filter(|known| within.contains(&known.second)).take(MOST_COMPARED).collect()
    }
}
