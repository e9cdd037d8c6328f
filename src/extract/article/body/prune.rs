//! Which blocks of the chosen element are the story: not its frames, its title, its byline, nor what follows it.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{Block, choose};
use crate::extract::article::{
    cues,
    outline::{Node, Outline},
};

/// A heading of what follows a story is no longer.
const SHORT: f32 = 60.0;

/// The share of the prose that must stand before a heading for it to end the story.
const BEFORE: f32 = 0.6;

/// The share of the prose that a part of another name holds at most.
const SMALL: f32 = 0.2;

/// How far out from a line an element is looked for that stands beside another.
const DEEP: usize = 4;

/// How much prose before and after a line it is compared with.
const NEAR: usize = 40;

/// What must follow a heading of other things among the story's own paragraphs for the story to go on.
const AFTER: f32 = 150.0;

/// The numbers of the blocks that stay.
pub(super) fn kept(outline: &Outline<'_>, blocks: &[Block], frames: &[bool], root: usize) -> Vec<usize> {
    let end = outline.get(root).map_or(root, |node| node.end);
    let from = blocks.partition_point(|block| block.at < root);
    let to = blocks.partition_point(|block| block.at < end);
    let may = |n: &usize| blocks.get(*n).is_some_and(|block| may_stay(block, frames));
    let is_title = |n: &usize| {
        let holder = blocks.get(*n).and_then(|block| outline.get(block.holder));
        holder.is_some_and(|holder| holder.name() == "h1")
    };
    // Once the story has begun, a heading as great as the page's is that of a section.
    let is_begin = |n: &usize| may(n) && !is_title(n) && blocks.get(*n).is_some_and(choose::is_prose);
    let first = (from..to).find(is_begin).unwrap_or(to);
    let mut kept: Vec<usize> = (from..to).filter(|n| may(n) && (*n > first || !is_title(n))).collect();
    let apart = apart(outline, blocks, root);
    kept.retain(|n| {
        blocks
            .get(*n)
            .is_some_and(|block| !apart.iter().any(|part| part.contains(&block.at) && part.contains(&block.last)))
    });
    kept.truncate(cut(outline, blocks, &kept));
    kept.retain(|n| blocks.get(*n).is_some_and(|block| !(cues::is_tail(&block.text) && block.weight < 300.0)));
    let prose: Vec<usize> = kept.iter().copied().filter(|n| blocks.get(*n).is_some_and(choose::is_prose)).collect();
    let link_lines: Vec<usize> = (from..to).filter(|n| is_among(outline, blocks, frames, &kept, *n)).collect();
    kept.extend(link_lines);
    kept.sort_unstable();
    kept.dedup();
    let aside = Aside { outline, blocks, prose: &prose, root };
    kept.retain(|n| !aside.is(*n));
    without_repeats(outline, blocks, &mut kept);
    kept
}

/// The small parts that are called something else than the story.
fn apart(outline: &Outline<'_>, blocks: &[Block], root: usize) -> Vec<Range<usize>> {
    let prose = |from: usize, end: usize| -> f32 {
        let from = blocks.partition_point(|block| block.at < from);
        let to = blocks.partition_point(|block| block.at < end);
        blocks
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .filter(|block| choose::is_prose(block))
            .map(|block| block.weight)
            .sum()
    };
    let mut out: Vec<Range<usize>> = Vec::new();
    let end = outline.get(root).map_or(root, |node| node.end);
    for (at, node) in outline.below(root).filter(|(_, node)| cues::is_apart(&node.hint)) {
        let is_quote = |at: usize| outline.get(at).is_some_and(|node| node.name() == "blockquote");
        let is_within = out.last().is_some_and(|part| part.contains(&at));
        if !is_within && prose(at, node.end) <= prose(root, end) * SMALL && !outline.above(at).take(3).any(is_quote) {
            out.push(at..node.end);
        }
    }
    out
}

/// Drops short lines that stand in the story again and again, as calls to share do, but for headings, entries and cells that do not
/// lead anywhere: a story may tell the same of each of several things.
fn without_repeats(outline: &Outline<'_>, blocks: &[Block], kept: &mut Vec<usize>) {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    let is_bare = |block: &Block| {
        outline
            .get(block.holder)
            .is_some_and(|node| matches!(node.name(), "div" | "span" | "section" | "aside" | "figure"))
    };
    let text = |n: &usize| {
        let is_call = |block: &&Block| block.linked > 0.0 || is_bare(block);
        let block = blocks.get(*n).filter(|block| block.weight >= 10.0 && !choose::is_prose(block)).filter(is_call);
        block.map(|block| block.text.as_str())
    };
    for line in kept.iter().filter_map(text) {
        *counts.entry(line).or_default() += 1;
    }
    kept.retain(|n| text(n).and_then(|line| counts.get(line)).is_none_or(|count| *count < 3));
}

/// Finds short lines that stand in a part of their own, away from the story's prose.
struct Aside<'v, 'a> {
    outline: &'v Outline<'a>,
    blocks: &'v [Block],
    prose: &'v [usize],
    root: usize,
}

impl Aside<'_, '_> {
    fn is(&self, n: usize) -> bool {
        let Some(block) = self.blocks.get(n).filter(|block| !choose::is_prose(block)) else { return false };
        let (Some(first), Some(last)) = (self.prose.first(), self.prose.last()) else { return false };
        let outside = n < *first || n > *last;
        if (n < *first && cues::is_facts(&block.text)) || (n > *last && cues::is_signed(&block.text)) {
            return true;
        }
        let has_prose = |at: &usize| {
            let end = self.outline.get(*at).map_or(*at, |node| node.end);
            let next = self.prose.partition_point(|n| self.blocks.get(*n).is_some_and(|block| block.at < *at));
            self.prose.get(next).and_then(|n| self.blocks.get(*n)).is_some_and(|block| block.at < end)
        };
        let unit = std::iter::once(block.holder)
            .chain(self.outline.above(block.holder))
            .take_while(|at| *at != self.root && !has_prose(at))
            .last();
        // A line directly among the prose belongs to it.
        let Some(unit) = unit else { return false };
        let Some(node) = self.outline.get(unit) else { return false };
        if !matches!(node.name(), "div" | "section" | "aside" | "header" | "span" | "center" | "ul" | "address") {
            return false;
        }
        // A list may be what a story ends with, below a line or another list.
        let is_next = n > *last
            && block.link_share() < 0.5
            && self
                .blocks
                .get(*last)
                .is_some_and(|block| self.outline.above(block.holder).take(3).any(|at| at == node.parent));
        let tells = |name: &str| {
            matches!(name, "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "pre" | "blockquote" | "figure" | "dl")
                || ((!outside || is_next) && matches!(name, "ul" | "ol"))
        };
        if tells(node.name()) || self.outline.below(unit).any(|(_, node)| tells(node.name())) {
            return false;
        }
        // On pages whose paragraphs are all such elements, a short paragraph is one too.
        let place = self.prose.partition_point(|other| *other < n);
        let beside = |place: Option<usize>| {
            let holder = place
                .and_then(|place| self.prose.get(place))
                .and_then(|n| self.blocks.get(*n))
                .and_then(|block| self.outline.get(block.holder));
            holder.is_some_and(|holder| holder.parent == node.parent && holder.name() == node.name())
        };
        !beside(place.checked_sub(1)) && !beside(Some(place)) && !self.is_alike(node, block, place)
    }

    /// Whether prose before and after a place is held by elements beside this one that are named as it is, and stands in them as the
    /// line does or at once.
    fn is_alike(&self, node: &Node<'_>, block: &Block, place: usize) -> bool {
        let Some(own) = self.way(node, block) else { return false };
        let alike = |n: &usize| {
            let way = self.blocks.get(*n).and_then(|block| self.way(node, block));
            way.is_some_and(|way| way == own || (way.len() == 1 && way.last() == own.last()))
        };
        let (before, after) = self.prose.split_at_checked(place).unwrap_or_default();
        before.iter().rev().take(NEAR).any(alike) && after.iter().take(NEAR).any(alike)
    }

    /// The names of the elements from the one that holds a block out to the one that stands beside another, if it is near.
    fn way(&self, beside: &Node<'_>, block: &Block) -> Option<Vec<(&str, &str)>> {
        let mut out = Vec::new();
        for at in std::iter::once(block.holder).chain(self.outline.above(block.holder)).take(DEEP) {
            let holder = self.outline.get(at)?;
            out.push((holder.name(), holder.hint.as_str()));
            if holder.parent == beside.parent {
                return Some(out);
            }
        }
        None
    }
}

/// Whether a line that is nothing but a link stands directly among the story's other lines, as one of its paragraphs or entries.
fn is_among(outline: &Outline<'_>, blocks: &[Block], frames: &[bool], kept: &[usize], n: usize) -> bool {
    let Some(block) = blocks.get(n).filter(|block| block.link_share() > 0.7 && block.weight < 200.0) else {
        return false;
    };
    let shouts = !block.text.chars().any(char::is_lowercase) && block.text.chars().any(char::is_uppercase);
    if shouts
        || frames.get(block.at).copied().unwrap_or_default()
        || cues::is_tail(&block.text)
        || cues::is_legal(&block.text)
    {
        return false;
    }
    let place = kept.partition_point(|other| *other < n);
    // A link before the first line of the story leads to it, and one after the last away from it.
    let (Some(before), Some(after)) = (place.checked_sub(1).and_then(|place| kept.get(place)), kept.get(place)) else {
        return false;
    };
    let beside = |other: &usize| {
        let Some(other) = blocks.get(*other) else { return false };
        let parent = |holder: usize| outline.get(holder).map(|node| node.parent);
        other.holder == block.holder || parent(other.holder) == parent(block.holder)
    };
    let Some(holder) = outline.get(block.holder) else { return false };
    match holder.name() {
        // A heading that leads to what its section tells of.
        "h2" => true,
        // An entry beside others, or of a list that a line of the story heads.
        "li" => {
            let list = || outline.get(holder.parent).map(|list| list.parent);
            let heads = |n: &usize| {
                let head = blocks.get(*n).filter(|block| !choose::is_prose(block));
                head.is_some_and(|block| {
                    Some(block.holder) == list()
                        || outline.get(block.holder).is_some_and(|head| Some(head.parent) == list())
                })
            };
            let first = kept.partition_point(|n| blocks.get(*n).is_some_and(|block| block.at < holder.parent));
            let is_headed = || first.checked_sub(1).and_then(|place| kept.get(place)).is_some_and(heads);
            beside(before) || beside(after) || is_headed()
        }
        // A cell of a table of data, each of which is one line.
        "td" | "th" => {
            let is_alone = |n: usize| {
                let cell = |n: Option<usize>| n.and_then(|n| blocks.get(n)).map(|block| block.holder);
                cell(Some(n)) != cell(n.checked_sub(1)) && cell(Some(n)) != cell(Some(n + 1))
            };
            let is_cell = |other: &usize| {
                let cell = blocks.get(*other).and_then(|block| outline.get(block.holder));
                is_alone(*other) && cell.is_some_and(|cell| cell.parent == holder.parent)
            };
            is_alone(n) && (is_cell(before) || is_cell(after))
        }
        _ => beside(before) && beside(after),
    }
}

/// Whether a block can be a part of the story, looked at alone.
fn may_stay(block: &Block, frames: &[bool]) -> bool {
    let framed = frames.get(block.at).copied().unwrap_or_default();
    let is_link = block.link_share() > 0.7 && !choose::is_prose(block);
    !framed && !is_link && !cues::is_legal(&block.text) && !cues::is_plea(&block.text)
}

/// How many blocks stand before the first that heads other things, if most of the story stands before it and does not go on after it.
fn cut(outline: &Outline<'_>, blocks: &[Block], kept: &[usize]) -> usize {
    let prose = |block: &Block| if choose::is_prose(block) { block.weight - block.linked } else { 0.0 };
    let all: f32 = kept.iter().filter_map(|n| blocks.get(*n)).map(prose).sum();
    let mut before = 0.0;
    for (place, block) in kept.iter().filter_map(|n| blocks.get(*n)).enumerate() {
        let is_head = block.weight < SHORT && cues::is_tail(&block.text) && cues::heads(&block.text);
        let ends = || !is_cell(outline, blocks, block) && !goes_on(outline, blocks, kept, place);
        if before >= all * BEFORE && is_head && ends() {
            return place;
        }
        before += prose(block);
    }
    kept.len()
}

/// Whether a block is one of several short cells of a row, none of which leads anywhere: a table of data.
fn is_cell(outline: &Outline<'_>, blocks: &[Block], block: &Block) -> bool {
    let is_row = |at: &usize| outline.get(*at).is_some_and(|node| node.name() == "tr");
    let Some(row) = outline.above(block.at).take(6).find(is_row) else { return false };
    let end = outline.get(row).map_or(row, |node| node.end);
    let from = blocks.partition_point(|block| block.at < row);
    let to = blocks.partition_point(|block| block.at < end);
    let cells = blocks.get(from..to).unwrap_or_default();
    cells.len() >= 2 && cells.iter().all(|cell| cell.weight < SHORT && cell.linked == 0.0)
}

/// Whether paragraphs without a link follow a heading, in the same element as those before it: then it heads a part of the story, or
/// what stood between was taken out.
fn goes_on(outline: &Outline<'_>, blocks: &[Block], kept: &[usize], place: usize) -> bool {
    let (before, after) = kept.split_at_checked(place).unwrap_or_default();
    let is_others = after.first().and_then(|n| blocks.get(*n)).is_some_and(|block| cues::heads_prose(&block.text));
    let parent = |block: &Block| outline.get(block.holder).map(|node| node.parent);
    let prose = |n: &usize| blocks.get(*n).filter(|block| choose::is_prose(block));
    let parents: HashSet<_> = before.iter().filter_map(prose).map(parent).collect();
    let same = after.iter().filter_map(prose).filter(|block| block.linked == 0.0 && parents.contains(&parent(block)));
    let (count, says) = same.fold((0, 0.0), |(count, says), block| (count + 1, says + block.weight));
    !is_others && count >= 2 && says >= AFTER
}
