//! Whether what was taken for a story is but the teaser of another: on a page without a story of its own, the lists beside it are all
//! that reads like one.

use super::{
    body::{Body, weight},
    view::View,
};
use crate::reading::url::join;

/// A story that says more is one.
const SHORT: f32 = 420.0;

/// A link of fewer letters is no title.
const TITLE: f32 = 16.0;

/// A body of more lines is no teaser.
const LINES: usize = 12;

/// So many entries make a list.
const ENTRIES: usize = 3;

/// Whether all of a short body stands in entries of a list, each with a title that leads to another page.
pub(super) fn is_one(view: &View<'_>, body: &Body) -> bool {
    let blocks = || body.kept.iter().filter_map(|n| view.blocks.get(*n));
    let says: f32 = blocks().map(|block| weight(&block.text)).sum();
    says < SHORT && (1..=LINES).contains(&body.kept.len()) && blocks().all(|block| stands_in_entry(view, block.at))
}

/// Whether a node stands in an entry beside others of its kind.
fn stands_in_entry(view: &View<'_>, at: usize) -> bool {
    view.outline.above(at).any(|entry| {
        let Some(node) = view.outline.get(entry) else { return false };
        let is_kin = |at: &usize| view.outline.get(*at).is_some_and(|other| other.name() == node.name());
        let kin = children(view, node.parent).filter(is_kin);
        matches!(node.name(), "li" | "article" | "div" | "section" | "tr" | "dd")
            && leads_elsewhere(view, entry)
            && kin.filter(|other| leads_elsewhere(view, *other)).take(ENTRIES).count() == ENTRIES
    })
}

/// The places of a node's children.
fn children(view: &View<'_>, parent: usize) -> impl Iterator<Item = usize> {
    let end = view.outline.get(parent).map_or(parent, |node| node.end);
    let next = move |at: &usize| view.outline.get(*at).map(|node| node.end).filter(|next| *next < end);
    std::iter::successors(Some(parent + 1).filter(|first| *first < end), next)
}

/// Whether an entry holds one title alone, and that leads to another page of the site.
fn leads_elsewhere(view: &View<'_>, entry: usize) -> bool {
    let links = view.outline.below(entry).filter(|(_, node)| node.name() == "a");
    let titles = links.filter(|(at, _)| weight(view.outline.text(*at).trim()) >= TITLE);
    let mut hrefs = titles.filter_map(|(_, node)| join(&view.base, node.attr("href")?, view.page.encoding).ok());
    let Some(first) = hrefs.next() else { return false };
    let is_other = first.host_str() == view.page.url.host_str() && first.path() != view.page.url.path();
    is_other && hrefs.all(|other| other.path() == first.path())
}
