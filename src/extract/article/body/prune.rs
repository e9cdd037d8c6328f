//! Which blocks of the chosen element are the story: not its frames, its title, its byline, nor what follows it.

use super::{Block, choose};
use crate::extract::article::{cues, outline::Outline};

/// The numbers of the blocks that stay.
pub(super) fn kept(outline: &Outline<'_>, blocks: &[Block], frames: &[bool], root: usize) -> Vec<usize> {
    let end = outline.get(root).map_or(root, |node| node.end);
    let from = blocks.partition_point(|block| block.at < root);
    let to = blocks.partition_point(|block| block.at < end);
    let inside = blocks.get(from..to).unwrap_or_default();
    let mut kept: Vec<usize> = Vec::new();
    for (n, block) in inside.iter().enumerate() {
        if frames.get(block.at).copied().unwrap_or_default() {
            continue;
        }
        if outline.get(block.holder).is_some_and(|node| node.name() == "h1") {
            continue;
        }
        if block.link_share() > 0.7 && !choose::is_prose(block) {
            continue;
        }
        if cues::is_tail(&block.text) && block.weight < 300.0 {
            continue;
        }
        kept.push(from + n);
    }
    kept
}
