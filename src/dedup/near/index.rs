//! [`Near`]: the sketches of the last days, found again by the runs of words they share.
//!
//! A shelf for each day of publication, let go of when nothing has come to it for long. A run leads to at most [`MOST_PLACES`] sketches
//! of a day and [`MOST_COMPARED`] are compared, so judging an article costs the same however many are known.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::{
    compare::{Evidence, Thresholds},
    postings::Postings,
    sketch::Sketch,
};
use crate::model::ArticleKey;

/// Sketches that one run leads to, on one day's shelf: a run that so many share is a frame's.
const MOST_PLACES: usize = 24;
/// Sketches compared with a new one: those that share the most runs.
const MOST_COMPARED: usize = 24;
/// What a run weighs that leads to one sketch alone.
const WEIGHT: u32 = 1_000;
const DAY: i64 = 24 * 3600;

/// How twins are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Articles further apart in time are not twins.
    pub window: SignedDuration,
    /// From which share on texts are twins.
    pub thresholds: Thresholds,
}

impl Default for Settings {
    fn default() -> Self {
        Self { window: SignedDuration::from_hours(7 * 24), thresholds: Thresholds::default() }
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
    /// By day since 1970.
    shelves: BTreeMap<i64, Shelf>,
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
struct Shelf {
    /// When the last of its sketches came.
    arrived: Timestamp,
    sketches: Vec<Known>,
    runs: Postings,
}

#[derive(Debug)]
struct Known {
    key: ArticleKey,
    story: ArticleKey,
    second: i64,
    sketch: Sketch,
}

impl Near {
    /// An empty index.
    pub fn new(settings: Settings) -> Self {
        Self { settings, shelves: BTreeMap::new() }
    }

    /// Keeps the sketch of an article.
    pub fn insert(&mut self, telling: Telling, sketch: &Sketch) {
        let Telling { key, story, published, arrived } = telling;
        let second = published.as_second();
        let empty = || Shelf { arrived, sketches: Vec::new(), runs: Postings::default() };
        let shelf = self.shelves.entry(second.div_euclid(DAY)).or_insert_with(empty);
        shelf.arrived = shelf.arrived.max(arrived);
        let Ok(place) = u32::try_from(shelf.sketches.len()) else { return };
        for run in &sketch.runs {
            if shelf.runs.of(*run).count() < MOST_PLACES {
                shelf.runs.add(*run, place);
            }
        }
        shelf.sketches.push(Known { key, story, second, sketch: Sketch { runs: Box::default(), ..sketch.clone() } });
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

    /// Nothing is compared with the sketch of the article `key` of `at` any more.
    pub fn remove(&mut self, key: &ArticleKey, at: Timestamp) {
        if let Some(known) = self.find(key, at) {
            known.sketch = Sketch::default();
        }
    }

    /// The article `key` of `at` tells `story` now.
    pub fn retell(&mut self, key: &ArticleKey, at: Timestamp, story: ArticleKey) {
        if let Some(known) = self.find(key, at) {
            known.story = story;
        }
    }

    /// Whether another article tells the story of the article `key`.
    pub fn is_told_again(&self, key: &ArticleKey) -> bool {
        self.shelves.values().flat_map(|shelf| &shelf.sketches).any(|known| known.story == *key && known.key != *key)
    }

    fn find(&mut self, key: &ArticleKey, at: Timestamp) -> Option<&mut Known> {
        let shelf = self.shelves.get_mut(&at.as_second().div_euclid(DAY))?;
        shelf.sketches.iter_mut().rev().find(|known| known.key == *key)
    }

    /// Lets go of the days to which nothing has come since `at`.
    pub fn forget_before(&mut self, at: Timestamp) {
        self.shelves.retain(|_, shelf| shelf.arrived >= at);
    }

    /// How many sketches are kept.
    pub fn len(&self) -> usize {
        self.shelves.values().map(|shelf| shelf.sketches.len()).sum()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.shelves.is_empty()
    }

    /// Those within the window that share the most runs with `sketch`; a run counts the less, the more share it.
    fn candidates(&self, sketch: &Sketch, at: Timestamp) -> Vec<&Known> {
        let (second, window) = (at.as_second(), self.settings.window.as_secs().abs());
        let (first, last) = (second.saturating_sub(window), second.saturating_add(window));
        let mut found: Vec<(u32, &Known)> = Vec::new();
        for shelf in self.shelves.range(first.div_euclid(DAY)..=last.div_euclid(DAY)).map(|(_, shelf)| shelf) {
            let mut shared: HashMap<u32, u32> = HashMap::new();
            for run in &sketch.runs {
                let places: Vec<u32> = shelf.runs.of(*run).take(MOST_PLACES).collect();
                let weight = u32::try_from(places.len()).ok().and_then(|many| WEIGHT.checked_div(many)).unwrap_or(0);
                for place in places {
                    *shared.entry(place).or_default() += weight;
                }
            }
            let known = |(place, runs): (u32, u32)| Some((runs, shelf.sketches.get(place as usize)?));
            found.extend(shared.into_iter().filter_map(known));
        }
        found.retain(|(_, known)| (first..=last).contains(&known.second));
        found.sort_unstable_by(|(one, a), (other, b)| other.cmp(one).then((a.second, a.key).cmp(&(b.second, b.key))));
        found.truncate(MOST_COMPARED);
        found.into_iter().map(|(_, known)| known).collect()
    }
}
