//! Which element holds the story: the one whose blocks together speak most for it.
//!
//! Each block speaks for or against by what it says, how it is marked and where it stands. An element's value is the sum over
//! its blocks, so it grows with prose and shrinks with lists of links, and the best element holds all prose and little else.

use super::Block;
use crate::extract::article::{
    cues::{self, Named},
    outline::Outline,
};

/// What an element adds around the one within it that holds most is story only if it is worth this share of what it says.
const DENSE: f32 = 0.5;

/// Prose that most frames do not hold.
const LONG: f32 = 1500.0;

/// Prose that is a story by itself, beside which all comments are comments.
const ENOUGH: f32 = 300.0;

/// The share of an element's value that one within it must have to stand for it.
const MOST: f32 = 0.8;

/// The best element, if any speaks for a story.
pub(super) fn root(outline: &Outline<'_>, blocks: &[Block], frames: &[bool]) -> Option<usize> {
    // The nth: the values of the first n blocks together.
    let mut sums = Vec::with_capacity(blocks.len() + 1);
    let mut said = Vec::with_capacity(blocks.len() + 1);
    let (mut sum, mut weight) = (0.0_f32, 0.0_f32);
    sums.push(sum);
    said.push(weight);
    for block in blocks {
        let framed = frames.get(block.at).copied().unwrap_or_default();
        weight += if framed { 0.0 } else { block.weight };
        said.push(weight);
        sum += value(outline, block, framed) * if framed { 1.0 } else { alone(outline, blocks, block) };
        sums.push(sum);
    }
    let span = |at: usize, end: usize| {
        let from = blocks.partition_point(|block| block.at < at);
        (from, blocks.partition_point(|block| block.at < end))
    };
    let worth = |at: usize, end: usize| {
        let (from, to) = span(at, end);
        sums.get(to).unwrap_or(&0.0) - sums.get(from).unwrap_or(&0.0)
    };
    let mut best: Option<(f32, usize)> = None;
    for (at, node) in outline.all() {
        if node.name().is_empty() {
            continue;
        }
        let of = worth(at, node.end);
        // The innermost of equals: it has less around the story.
        if of > 0.0 && best.is_none_or(|(most, _)| of >= most) {
            best = Some((of, at));
        }
    }
    let (mut whole, mut root) = best?;
    // Inward, as long as what is left behind is thin.
    while let Some((part, inner)) = heir(outline, root, &worth).filter(|(part, _)| *part >= whole * MOST) {
        let (from, to) = outline.get(root).map_or((0, 0), |node| span(root, node.end));
        let (first, last) = outline.get(inner).map_or((0, 0), |node| span(inner, node.end));
        let of = |from: usize, to: usize| said.get(to).unwrap_or(&0.0) - said.get(from).unwrap_or(&0.0);
        let left = of(from, to) - of(first, last);
        if left > 0.0 && (whole - part) / left >= DENSE {
            break;
        }
        (whole, root) = (part, inner);
    }
    Some(root)
}

/// The child that is worth most, looking through those that have but one.
fn heir(outline: &Outline<'_>, of: usize, worth: &impl Fn(usize, usize) -> f32) -> Option<(f32, usize)> {
    let mut best: Option<(f32, usize)> = None;
    let end = outline.get(of)?.end;
    let mut at = of + 1;
    while at < end {
        let Some(node) = outline.get(at) else { break };
        let holds =
            !matches!(node.name(), "" | "p" | "li" | "h1" | "h2" | "h3" | "blockquote" | "pre" | "td" | "figure");
        if holds {
            let of = worth(at, node.end);
            if best.is_none_or(|(most, _)| of > most) {
                best = Some((of, at));
            }
        }
        at = node.end;
    }
    best
}

/// How much a block of prose counts where it stands: less in a small part that is half links, as an entry of a list of stories is.
fn alone(outline: &Outline<'_>, blocks: &[Block], block: &Block) -> f32 {
    if !is_prose(block) {
        return 1.0;
    }
    let mut share: f32 = 0.0;
    for at in outline.above(block.at).take(5) {
        let Some(node) = outline.get(at) else { break };
        let from = blocks.partition_point(|block| block.at < at);
        let to = blocks.partition_point(|block| block.at < node.end);
        if to - from > 6 {
            break;
        }
        let part = blocks.get(from..to).unwrap_or_default();
        let all: f32 = part.iter().map(|block| block.weight).sum();
        let linked: f32 = part.iter().map(|block| block.linked).sum();
        share = share.max(linked / all.max(1.0));
    }
    (1.0 - 2.0 * share).max(0.1)
}

/// For each node, whether it is in a frame: an element named so that does not hold much of the page's prose.
///
/// Where frames would hold nearly all prose, the names mean something else on this page, and only elements that HTML itself calls
/// frames count.
pub(in crate::extract::article) fn frames(outline: &Outline<'_>, blocks: &[Block]) -> Vec<bool> {
    let mut prose = Vec::with_capacity(blocks.len() + 1);
    let mut sum = 0.0_f32;
    prose.push(sum);
    for block in blocks {
        sum += if is_prose(block) { block.weight - block.linked } else { 0.0 };
        prose.push(sum);
    }
    let within = |from: usize, end: usize| {
        let from = blocks.partition_point(|block| block.at < from);
        let to = blocks.partition_point(|block| block.at < end);
        prose.get(to).unwrap_or(&0.0) - prose.get(from).unwrap_or(&0.0)
    };
    let by_tag = |name: &str| matches!(name, "nav" | "footer" | "aside" | "form" | "menu");
    let mark = |is_frame: &dyn Fn(&str, &str) -> bool| {
        let mut out = vec![false; outline.len()];
        let (mut until, mut held) = (0, 0.0);
        for (at, node) in outline.all() {
            if at >= until && !node.name().is_empty() && is_frame(node.name(), &node.hint) {
                let own = within(at, node.end);
                let is_long = own > LONG && !by_tag(node.name()) && !cues::is_wordy(&node.hint);
                // Readers may well have written more than the author did.
                let is_reply = cues::is_replies(&node.hint) && sum - own >= ENOUGH;
                if (own <= sum * 0.4 && !is_long) || is_reply {
                    until = node.end;
                    held += if is_reply { 0.0 } else { own };
                }
            }
            if at < until
                && let Some(framed) = out.get_mut(at)
            {
                *framed = true;
            }
        }
        (out, held)
    };
    let (out, held) = mark(&|name, hint| by_tag(name) || cues::named(hint) == Named::Frame);
    if held <= sum * 0.7 { out } else { mark(&|name, hint| by_tag(name) || hint.contains("comment")).0 }
}

/// Whether a block reads as sentences.
pub(super) fn is_prose(block: &Block) -> bool {
    block.weight >= 60.0 && block.marks > 0 && block.link_share() < 0.5
}

/// What a block says for (above 0) or against its being a story.
fn value(outline: &Outline<'_>, block: &Block, framed: bool) -> f32 {
    let own = block.weight - block.linked;
    if framed || cues::is_legal(&block.text) {
        return -0.3 * block.weight.min(200.0) - 5.0;
    }
    if block.link_share() > 0.5 {
        return -0.3 * block.linked.min(60.0) - 6.0;
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
        _ if block.marks > 0 => own * 0.3 - 4.0,
        _ => -8.0,
    }
}
