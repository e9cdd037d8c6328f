//! Heads of tables: their words are links where readers may sort by them, and such links are no articles.

use super::{
    links::Link,
    tree::{At, Tree},
};

/// Elements from a link up to its cell.
const DEPTH: usize = 6;

/// Whether the page has links in heads of tables, while the articles' own, `wanted`, stand in cells below.
pub(super) fn are_links(tree: &Tree<'_>, links: &[Link], wanted: &[Option<At>]) -> bool {
    let cell = |at: At| tree.up(at).take(DEPTH).map(|place| tree.tag(place)).find(|tag| matches!(*tag, "td" | "th"));
    let below = wanted.iter().flatten().filter(|at| cell(**at) == Some("td")).count();
    below * 10 >= wanted.len() * 9 && links.iter().any(|link| cell(link.at) == Some("th"))
}

/// The selector of a link as one in a cell that is no head.
pub(super) fn below(link: &str) -> String {
    let is_link_alone = link == "a" || ["a:", "a.", "a["].iter().any(|start| link.starts_with(start));
    if is_link_alone { format!("td {link}") } else { link.to_owned() }
}
