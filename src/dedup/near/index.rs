//! [`Near`]: the sketches of the last days, found again by the runs of words they share.
//!
//! A shelf for each day, so that forgetting a day is letting go of its shelf. A run leads to at most [`MOST_PLACES`] sketches
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

/// The twin that was found.
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

#[derive(Debug, Default)]
struct Shelf {
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

    /// Keeps the sketch of the article `key` of `at`, which tells the story that the article `story` told first (itself, where
    /// it is the first).
    pub fn insert(&mut self, key: ArticleKey, story: ArticleKey, at: Timestamp, sketch: &Sketch) {
        let second = at.as_second();
        let shelf = self.shelves.entry(second.div_euclid(DAY)).or_default();
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
        self.candidates(sketch, at)
            .into_iter()
            .map(|known| (known, Evidence::of(sketch, &known.sketch)))
            .filter(|(_, evidence)| evidence.are_twins(&self.settings.thresholds))
            .max_by(|(one, a), (other, b)| {
                a.score().total_cmp(&b.score()).then((other.second, other.key).cmp(&(one.second, one.key)))
            })
            .map(|(known, evidence)| Match { key: known.key, story: known.story, score: evidence.score(), evidence })
    }

    /// Lets go of what is of before `at`, by whole days.
    pub fn forget_before(&mut self, at: Timestamp) {
        self.shelves = self.shelves.split_off(&at.as_second().div_euclid(DAY));
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
