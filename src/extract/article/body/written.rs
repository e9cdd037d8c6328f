//! The story as clean HTML: the chosen element without what is not the story.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};
use url::Url;

use super::{Block, Body};
use crate::extract::article::outline::{Outline, What};
use crate::model::{CleanHtml, Page};
use crate::reading::{clean, dom};

/// Longest story that is written out, in bytes.
const LONGEST: usize = 4 << 20;

/// The elements to take out of the tree so that the story is left, and the one that holds it.
pub(in crate::extract::article) struct Cut {
    root: NodeId,
    out: Vec<NodeId>,
}

/// Plans it: an element with text goes if none of its text is the story; one without stays if it is a picture between the
/// story's lines.
pub(in crate::extract::article) fn plan(
    outline: &Outline<'_>,
    blocks: &[Block],
    body: &Body,
    frames: &[bool],
) -> Option<Cut> {
    let root = body.root?;
    let from = body.kept.first().and_then(|n| blocks.get(*n)).map_or(root, |block| block.at);
    let to = body.kept.last().and_then(|n| blocks.get(*n)).map_or(root, |block| block.last);
    let mut stays = vec![false; outline.len()];
    let mut mark = |at: usize| {
        for at in std::iter::once(at).chain(outline.above(at)) {
            match stays.get_mut(at) {
                Some(known) if !*known => *known = true,
                _ => break,
            }
        }
    };
    for block in body.kept.iter().filter_map(|n| blocks.get(*n)) {
        for at in block.at..=block.last {
            mark(at);
        }
    }
    let framed = |at: usize| frames.get(at).copied().unwrap_or_default();
    for (at, node) in body.parts.iter().flat_map(|part| outline.below(*part)) {
        let is_media = matches!(node.name(), "img" | "video" | "audio" | "picture" | "source" | "hr" | "br");
        // A picture may stand before the first line, as the lead of the story.
        if is_media && !framed(at) && at <= to.max(from) {
            mark(at);
        }
    }
    let mut out = Vec::new();
    let mut until = 0;
    for (at, node) in outline.below(root) {
        if at >= until && !stays.get(at).copied().unwrap_or_default() {
            let is_blank = matches!(node.what, What::Text(text) if text.trim().is_empty());
            if !is_blank {
                out.push(node.id);
                until = node.end;
            }
        }
    }
    Some(Cut { root: outline.get(root)?.id, out })
}

/// Takes out what is planned, and what nobody sees, and cleans the rest.
pub(in crate::extract::article) fn html(
    tree: &mut Html,
    cut: &Cut,
    seen: &HashSet<NodeId>,
    page: &Page,
    base: &Url,
) -> Option<CleanHtml> {
    let root = tree.tree.get(cut.root)?;
    let unseen: Vec<NodeId> = root.descendants().map(|node| node.id()).filter(|id| !seen.contains(id)).collect();
    for id in cut.out.iter().chain(&unseen) {
        if let Some(mut node) = tree.tree.get_mut(*id) {
            node.detach();
        }
    }
    let root = tree.tree.get(cut.root).and_then(ElementRef::wrap)?;
    let html = dom::write_inside(root, LONGEST).ok()?;
    clean::clean(&html, base, page.encoding).ok()
}
