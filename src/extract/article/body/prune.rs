//! Which blocks of the chosen element are the story: not its frames, its title, its byline, nor what follows it.

use std::collections::HashMap;

use super::{Block, choose};
use crate::extract::article::{cues, outline::Outline};

/// A heading of what follows a story is no longer.
const SHORT: f32 = 60.0;

/// The share of the prose that must stand before a heading for it to end the story.
const BEFORE: f32 = 0.6;

/// The numbers of the blocks that stay.
pub(super) fn kept(outline: &Outline<'_>, blocks: &[Block], frames: &[bool], root: usize) -> Vec<usize> {
    let end = outline.get(root).map_or(root, |node| node.end);
    let from = blocks.partition_point(|block| block.at < root);
    let to = blocks.partition_point(|block| block.at < end);
    let mut kept: Vec<usize> =
        (from..to).filter(|n| blocks.get(*n).is_some_and(|block| may_stay(outline, block, frames))).collect();
    kept.truncate(cut(blocks, &kept));
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
        let tells = |name: &str| {
            matches!(name, "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "pre" | "blockquote" | "figure" | "dl")
                || (!outside && matches!(name, "ul" | "ol"))
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
        !beside(place.checked_sub(1)) && !beside(Some(place))
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
    beside(before) && beside(after)
        || (outline.get(block.holder).is_some_and(|node| node.name() == "li") && (beside(before) || beside(after)))
}

/// Whether a block can be a part of the story, looked at alone.
fn may_stay(outline: &Outline<'_>, block: &Block, frames: &[bool]) -> bool {
    let framed = frames.get(block.at).copied().unwrap_or_default();
    let is_title = outline.get(block.holder).is_some_and(|node| node.name() == "h1");
    let is_link = block.link_share() > 0.7 && !choose::is_prose(block);
    !framed && !is_title && !is_link && !cues::is_legal(&block.text) && !cues::is_plea(&block.text)
}

/// How many blocks stand before the first that heads other things, if most of the story stands before it.
fn cut(blocks: &[Block], kept: &[usize]) -> usize {
    let prose = |block: &Block| if choose::is_prose(block) { block.weight - block.linked } else { 0.0 };
    let all: f32 = kept.iter().filter_map(|n| blocks.get(*n)).map(prose).sum();
    let mut before = 0.0;
    for (place, block) in kept.iter().filter_map(|n| blocks.get(*n)).enumerate() {
        if before >= all * BEFORE && block.weight < SHORT && cues::is_tail(&block.text) && cues::heads(&block.text) {
            return place;
        }
        before += prose(block);
    }
    kept.len()
}
