//! Which element holds the story: the one whose blocks together speak most for it.
//!
//! Each block speaks for or against by what it says, how it is marked and where it stands. An element's value is the sum over
//! its blocks, so it grows with prose and shrinks with lists of links, and the best element holds all prose and little else.

use super::Block;
use crate::extract::article::{
    cues::{self, Named},
    outline::Outline,
};

/// The best element, if any speaks for a story.
pub(super) fn root(outline: &Outline<'_>, blocks: &[Block], frames: &[bool]) -> Option<usize> {
    // sums[n]: the values of the first n blocks together.
    let mut sums = Vec::with_capacity(blocks.len() + 1);
    let mut sum = 0.0_f32;
    sums.push(sum);
    for block in blocks {
        sum += value(outline, block, frames.get(block.at).copied().unwrap_or_default());
        sums.push(sum);
    }
    let mut best: Option<(f32, usize)> = None;
    for (at, node) in outline.all() {
        if node.name().is_empty() {
            continue;
        }
        let from = blocks.partition_point(|block| block.at < at);
        let to = blocks.partition_point(|block| block.at < node.end);
        let of = sums.get(to).unwrap_or(&0.0) - sums.get(from).unwrap_or(&0.0);
        // The innermost of equals: it has less around the story.
        if of > 0.0 && best.is_none_or(|(most, _)| of >= most) {
            best = Some((of, at));
        }
    }
    best.map(|(_, at)| at)
}

/// For each node, whether it is in a frame: an element named so that does not hold most of the page's prose.
pub(in crate::extract::article) fn frames(outline: &Outline<'_>, blocks: &[Block]) -> Vec<bool> {
    let mut prose = Vec::with_capacity(blocks.len() + 1);
    let mut sum = 0.0_f32;
    prose.push(sum);
    for block in blocks {
        sum += if is_prose(block) { block.weight - block.linked } else { 0.0 };
        prose.push(sum);
    }
    let mut out = vec![false; outline.len()];
    let mut until = 0;
    for (at, node) in outline.all() {
        if at >= until {
            let by_name = matches!(node.name(), "nav" | "footer" | "aside" | "form" | "menu");
            if by_name || cues::named(&node.hint) == Named::Frame {
                let from = blocks.partition_point(|block| block.at < at);
                let to = blocks.partition_point(|block| block.at < node.end);
                let own = prose.get(to).unwrap_or(&0.0) - prose.get(from).unwrap_or(&0.0);
                if own <= sum * 0.4 {
                    until = node.end;
                }
            }
        }
        if at < until
            && let Some(framed) = out.get_mut(at)
        {
            *framed = true;
        }
    }
    out
}

/// Whether a block reads as sentences.
pub(super) fn is_prose(block: &Block) -> bool {
    block.weight >= 60.0 && block.marks > 0 && block.link_share() < 0.5
}

/// What a block says for (above 0) or against its being a story.
fn value(outline: &Outline<'_>, block: &Block, framed: bool) -> f32 {
    let own = block.weight - block.linked;
    if framed {
        return -0.3 * block.weight.min(200.0) - 5.0;
    }
    if block.link_share() > 0.5 {
        return -0.5 * block.linked.min(100.0) - 10.0;
    }
    let tag = outline.get(block.holder).map_or("", |node| node.name());
    if is_prose(block) {
        let full = own * (1.0 - block.link_share());
        return match tag {
            "p" | "blockquote" | "pre" => full,
            _ => full * 0.8,
        };
    }
    match tag {
        "p" | "blockquote" | "pre" => own * 0.3,
        "h2" | "h3" | "h4" | "td" | "th" | "figcaption" | "code" => 0.0,
        "li" => -4.0,
        _ => -8.0,
    }
}
