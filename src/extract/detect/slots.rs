//! [`Slot`]: what stands at one place in each row, as the second cell or the first `span.date`. [`of`] finds all places that
//! many rows have, with their texts; fields are chosen among them. [`Side`] says where such a place is from its row.

use std::{
    cell::OnceCell,
    collections::{BTreeSet, HashMap, HashSet},
};

use scraper::ElementRef;

use super::{
    names::mixed,
    parts::{self, Labelled},
    tree::{At, Tree, columns},
};
use crate::extract::{
    beside,
    shown::{self, Extent},
};

/// Rows that are looked at.
const SAMPLE: usize = 24;

/// Elements of one row that are looked at.
const ELEMENTS: usize = 160;

/// Pairs of rows that are looked at for the text between them.
const NEIGHBOURS: usize = 8;

/// Text so many times narrower than the texts between rows is not one of them.
const NARROW: usize = 3;

/// Text wider than this is no field but a part of the article, in columns.
const WIDEST: usize = 1500;

/// Rows of a list, or as many of them as tell enough.
pub(super) fn sample(rows: &[At]) -> Vec<At> {
    let step = rows.len().div_ceil(SAMPLE).max(1);
    rows.iter().copied().step_by(step).collect()
}

/// Where a place is, seen from its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// An element of the row, or the row itself.
    Within,
    /// Bare text before the row.
    Before,
    /// Bare text after it.
    After,
}

/// What stands at one place of the rows.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Where it is.
    pub(super) side: Side,
    /// How much of the text at the place its texts are.
    pub(super) extent: Extent,
    /// The expression by which the texts were taken out of longer ones.
    pub(super) regex: Option<String>,
    /// The element of each sampled row, where it has one.
    pub(super) places: Vec<Option<At>>,
    /// Their texts.
    pub(super) texts: Vec<String>,
    /// Share of rows that have it.
    pub(super) cover: f64,
    /// Texts that differ, by number of texts.
    pub(super) variety: f64,
    /// Middle width in columns.
    pub(super) width: f64,
    /// What [`Slot::labelled`] found.
    pub(super) labelled: OnceCell<Vec<Labelled>>,
}

impl Slot {
    /// A place with its texts; `None` if none of them says anything.
    pub(super) fn new(side: Side, places: Vec<Option<At>>, texts: Vec<String>) -> Option<Self> {
        let widths = texts.iter().filter(|text| !text.is_empty()).map(|text| columns(text)).collect();
        Self::measured(side, places, texts, widths)
    }

    /// The same where the widths of the texts that are not empty are known.
    fn measured(side: Side, places: Vec<Option<At>>, texts: Vec<String>, mut widths: Vec<usize>) -> Option<Self> {
        let shown: Vec<&String> = texts.iter().filter(|text| !text.is_empty()).collect();
        if shown.is_empty() {
            return None;
        }
        widths.sort_unstable();
        let different: HashSet<&&String> = shown.iter().collect();
        Some(Self {
            side,
            extent: Extent::Whole,
            regex: None,
            cover: shown.len() as f64 / texts.len().max(1) as f64,
            variety: different.len() as f64 / shown.len() as f64,
            width: widths.get(widths.len() / 2).copied().unwrap_or(0) as f64,
            places,
            texts,
            labelled: OnceCell::new(),
        })
    }

    /// The labelled parts of its texts, looked for once: they may be titles and dates.
    pub(super) fn labelled(&self) -> &[Labelled] {
        self.labelled.get_or_init(|| parts::labelled(self))
    }

    /// What an expression leaves of each text; `None` if that is nothing.
    pub(super) fn part(&self, written: &str) -> Option<Self> {
        let regex = regex::Regex::new(written).ok()?;
        let kept = |text: &String| {
            let groups = regex.captures(text)?;
            groups.get(1).or_else(|| groups.get(0)).map(|found| found.as_str().trim().to_owned())
        };
        let texts = self.texts.iter().map(|text| kept(text).unwrap_or_default()).collect();
        let part = Self::new(self.side, self.places.clone(), texts)?;
        Some(Self { regex: Some(written.to_owned()), extent: self.extent, ..part })
    }

    /// The whole rows, and the bare text beside them where rows are single elements in a line of text.
    pub(super) fn wholes(tree: &Tree<'_>, rows: &[At], all: &[At]) -> Vec<Self> {
        let places: Vec<Option<At>> = rows.iter().copied().map(Some).collect();
        let is_short = |at: &At| tree.width(*at) <= WIDEST;
        let texts = rows.iter().map(|at| if is_short(at) { tree.text(*at) } else { String::new() }).collect();
        let mut found: Vec<Self> = Self::new(Side::Within, places, texts).into_iter().collect();
        found.extend(Self::beside(tree, rows, all));
        found
    }

    /// The bare text beside the rows where they are single elements in a line of text.
    pub(super) fn beside(tree: &Tree<'_>, rows: &[At], all: &[At]) -> Vec<Self> {
        if rows.first().is_none_or(|row| !shown::is_inline(tree.tag(*row))) {
            return Vec::new();
        }
        let places: Vec<Option<At>> = rows.iter().copied().map(Some).collect();
        let all = alike(tree, all);
        let others: shown::Others =
            all.iter().filter_map(|row| tree.node(*row)).map(|node| node.element.id()).collect();
        let of = |row: &At, side: fn(ElementRef<'_>, &shown::Others, Extent) -> String| {
            tree.node(*row).map(|node| side(node.element, &others, Extent::Whole)).unwrap_or_default()
        };
        let after: Vec<String> = rows.iter().map(|row| of(row, beside::after)).collect();
        let before: Vec<String> = rows.iter().map(|row| of(row, beside::before)).collect();
        // Text between two rows is of one of them; at the ends of the list it shows of which.
        let middle = || all.windows(2).skip(all.len() / 2).take(NEIGHBOURS);
        let between = |pair: &[At]| {
            let [one, next] = pair else { return None };
            let after = of(one, beside::after);
            (!after.is_empty() && after == of(next, beside::before)).then(|| columns(&after))
        };
        let mut widths: Vec<usize> = middle().filter_map(between).collect();
        widths.sort_unstable();
        let are_between = widths.len() * 2 > middle().count();
        // What is much narrower than the texts between rows is a heading over the list, or what follows it.
        let least = widths.get(widths.len() / 2).map_or(1, |width| (width / NARROW).max(1));
        let starts = all.first().is_some_and(|first| columns(&of(first, beside::before)) >= least);
        let ends = all.last().is_some_and(|last| columns(&of(last, beside::after)) >= least);
        let mut found = Vec::new();
        if !are_between || starts || !ends {
            found.extend(Self::new(Side::Before, places.clone(), before));
        }
        if !are_between || ends || !starts {
            found.extend(Self::new(Side::After, places, after));
        }
        found
    }

    /// The first element of all.
    pub(super) fn first(&self) -> At {
        self.places.iter().flatten().next().copied().unwrap_or_default()
    }
}

/// The rows and what stands beside them under the same name: a rule tells them apart no more than a reader does.
fn alike(tree: &Tree<'_>, rows: &[At]) -> Vec<At> {
    let keys: HashSet<u64> = rows.iter().map(|row| tree.key(*row)).collect();
    let parents: BTreeSet<At> = rows.iter().filter_map(|row| tree.parent(*row)).collect();
    let inner = parents.iter().flat_map(|parent| tree.children(*parent));
    let mut all: Vec<At> = inner.filter(|at| keys.contains(&tree.key(*at))).collect();
    all.sort_unstable();
    all
}

/// The places in `rows` (a [`sample`]) at which at least a third of them have text, in the order of the first rows.
pub(super) fn of(tree: &Tree<'_>, rows: &[At]) -> Vec<Slot> {
    let mut by_key: HashMap<u64, Vec<Option<At>>> = HashMap::new();
    let mut order = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let mut keys: HashMap<At, u64> = HashMap::from([(*row, 0)]);
        for at in tree.span(*row).skip(1).take(ELEMENTS) {
            let above = tree.parent(at).and_then(|parent| keys.get(&parent).copied()).unwrap_or_default();
            let key = key(tree, at, above);
            keys.insert(at, key);
            let width = tree.width(at);
            if width == 0 || width > WIDEST {
                continue;
            }
            let places = by_key.entry(key).or_insert_with(|| {
                order.push(key);
                vec![None; rows.len()]
            });
            if let Some(place) = places.get_mut(number) {
                place.get_or_insert(at);
            }
        }
    }
    let mut slots = Vec::new();
    for key in order {
        let Some(places) = by_key.remove(&key) else { continue };
        let found = places.iter().flatten().count();
        if found * 3 < rows.len() {
            continue;
        }
        let texts = places.iter().map(|at| at.map(|at| tree.text(at)).unwrap_or_default()).collect();
        let widths = places.iter().flatten().map(|at| tree.width(*at)).collect();
        slots.extend(Slot::measured(Side::Within, places, texts, widths));
    }
    slots
}

/// The name of a place within its row: the way down to it, cells by their number.
fn key(tree: &Tree<'_>, at: At, above: u64) -> u64 {
    let tag = tree.tag(at);
    let key = mixed(above, tree.key(at));
    let Some(parent) = tree.parent(at) else { return key };
    if let Some(column) = tree.column(at) {
        return mixed(key, column as u64);
    }
    if tree.is_told(at) || !matches!(tag, "span" | "em" | "i" | "div" | "a" | "dd") {
        return key;
    }
    let before = tree.children(parent).take_while(|child| *child < at);
    mixed(key, before.filter(|child| tree.tag(*child) == tag).take(4).count() as u64)
}
