//! The story as clean HTML: the chosen element without what is not the story.

use ego_tree::{NodeId, NodeRef, iter::Edge};
use scraper::{Html, Node};

use super::Body;
use crate::extract::article::{
    outline::{Outline, What},
    view::View,
};
use crate::model::CleanHtml;
use crate::reading::clean;

/// Writes the story out, and gives the addresses of its pictures.
pub(in crate::extract::article) fn html(tree: &Html, view: &View<'_>, body: &Body) -> Option<(CleanHtml, Vec<String>)> {
    let root = body.root?;
    let stays = plan(view, body, root);
    let element = tree.tree.get(view.outline.get(root)?.id)?;
    let out = left_out(element, &view.outline, &stays, root);
    let mut next = out.iter().peekable();
    let mut passed_over = |id: NodeId| next.next_if_eq(&&id).is_some();
    clean::clean_inside(element, &mut passed_over, &view.base, view.page.encoding).ok()
}

/// For each node whether it stays: an element with text goes if none of its text is the story; one without stays if it is a picture
/// between the story's lines.
fn plan(view: &View<'_>, body: &Body, root: usize) -> Vec<bool> {
    let (outline, blocks) = (&view.outline, &view.blocks);
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
    for (at, node) in body.parts.iter().flat_map(|part| outline.below(*part)) {
        let is_media = matches!(node.name(), "img" | "video" | "audio" | "picture" | "source" | "hr" | "br");
        // A picture may stand before the first line, as the lead of the story.
        if is_media && !view.is_framed(at) && at <= to.max(from) {
            mark(at);
        }
    }
    stays
}

/// The nodes within the story's element that go, with all that is in them, in reading order: what does not stay, and what nobody sees.
fn left_out(element: NodeRef<'_, Node>, outline: &Outline<'_>, stays: &[bool], root: usize) -> Vec<NodeId> {
    let mut out = Vec::new();
    let mut passed = None;
    // The next node that a reader sees.
    let mut at = root + 1;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if node.id() == element.id() => {}
            Edge::Close(node) if passed == Some(node.id()) => passed = None,
            Edge::Open(node) if passed.is_none() => {
                let seen = outline.get(at).filter(|seen| seen.id == node.id());
                let is_blank =
                    || matches!(seen.map(|seen| seen.what), Some(What::Text(text)) if text.trim().is_empty());
                let is_kept = seen.is_some() && (stays.get(at).copied().unwrap_or_default() || is_blank());
                match (is_kept, seen) {
                    (true, _) => at += 1,
                    (false, seen) => {
                        at = seen.map_or(at, |seen| seen.end);
                        out.push(node.id());
                        passed = Some(node.id());
                    }
                }
            }
            _ => {}
        }
    }
    out
}
