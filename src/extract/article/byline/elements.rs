//! Elements that are called author or byline, and links to a writer's page.

use std::sync::LazyLock;

use regex::Regex;

use super::names::printed;
use crate::extract::article::{
    cues::compiled,
    outline::Node,
    view::{Places, View},
};
use crate::reading::text::line;

/// The nodes of an element that holds names alone.
const NODES: usize = 40;

/// Lines apart that the names of one story stand.
const APART: usize = 2;

/// The address of a writer's page.
static WRITER: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)/(?:authors?|autor(?:en|es)?|auteurs?|writers?|contributors?|columnists?|journalistes?|reporters?|redakteure?|our-experts)/[^/?#]+/?(?:[?#].*)?$",
    )
});

/// An element that may hold names, and how surely.
struct Told {
    rank: u8,
    block: usize,
    text: String,
}

/// The texts of the elements that most surely hold the names.
pub(super) fn find(view: &View<'_>, places: &Places) -> Vec<String> {
    let mut told: Vec<Told> = Vec::new();
    let mut inside = 0;
    for (at, node) in view.outline.all() {
        let Some(rank) = rank(node) else { continue };
        let block = view.block_at(at);
        let near = (places.head..places.first + 4).contains(&block)
            || (rank != LINKED && (places.end.saturating_sub(2)..places.foot).contains(&block));
        if !near || node.end - at > NODES || is_reply(view, places, at) {
            continue;
        }
        let text = line(&view.outline.spoken(at));
        if printed(&text).is_empty() {
            continue;
        }
        // An element within another that is called the same says the same again.
        if at < inside && told.last().is_some_and(|last| last.rank >= rank) {
            continue;
        }
        inside = inside.max(node.end);
        told.push(Told { rank, block, text });
    }
    let Some(most) = told.iter().map(|one| one.rank).max() else { return Vec::new() };
    let mut best = told.into_iter().filter(|one| one.rank == most);
    let Some(first) = best.next() else { return Vec::new() };
    let is_beside = |one: &Told| most > CALLED && one.block.abs_diff(first.block) <= APART;
    let rest: Vec<String> = best.filter(is_beside).map(|one| one.text).collect();
    std::iter::once(first.text).chain(rest).collect()
}

/// What is called author or byline.
const CALLED: u8 = 2;

/// A link to a writer's page.
const LINKED: u8 = 3;

fn rank(node: &Node<'_>) -> Option<u8> {
    let named = |words: &[&str]| words.iter().any(|word| node.hint.contains(word));
    match () {
        () if named(&["comment"]) => None,
        () if node.attr("rel").is_some_and(|rel| rel.contains("author")) => Some(4),
        () if named(&["author-name", "authorname", "author_name", "byline-name", "byline__name", "fn"])
            && named(&["author", "byline"]) =>
        {
            Some(4)
        }
        () if node.name() == "a" && node.attr("href").is_some_and(|href| WRITER.is_match(href)) => Some(LINKED),
        () if named(&["author", "byline"]) => Some(CALLED),
        () => None,
    }
}

/// Whether an element stands in what readers wrote: in a part named so that does not hold the story.
fn is_reply(view: &View<'_>, places: &Places, at: usize) -> bool {
    let story = view.blocks.get(places.first).map_or(usize::MAX, |block| block.at);
    let apart = |at: &usize| view.outline.get(*at).is_some_and(|node| *at > story || node.end <= story);
    let named = |at: usize| view.outline.get(at).is_some_and(|node| node.hint.contains("comment"));
    view.outline.above(at).take_while(apart).any(named)
}
