//! Records that a page's scripts carry, where they are the page's list: [`add`] takes them in place of what its structure shows,
//! or tells of them.
//!
//! They are taken where the page shows no list (a script builds it), or where they name the very articles of the list that it
//! shows and know their dates while the list does not. A carousel's JSON-LD never stands in for a list of forty.

use std::collections::HashSet;

use url::Url;

use super::{
    Candidate, Detection, Verdict,
    group::Group,
    links::{self, Link},
    records::{self, Records},
    tree::{Tree, columns},
};
use crate::{
    extract::{link, state},
    model::{Page, Rules},
    reading,
};

/// Scripts that are read, at most.
const SCRIPTS: usize = 40;

/// Titles of articles are so wide in the middle; those of menus are not.
const TITLE: usize = 14;

/// A page as far as its structure is known.
pub(super) struct Seen<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) links: &'t [Link],
    /// The list that the page shows, if it shows one.
    pub(super) group: Option<&'t Group>,
    /// What its links are joined to.
    pub(super) base: &'t Url,
    pub(super) page: &'t Page,
}

/// Looks for records that name the page's articles, and settles what `detection` says by them.
pub(super) fn add(seen: &Seen<'_, '_>, detection: &mut Detection) {
    let knows_dates = detection.rules.as_ref().is_some_and(|rules| rules.date.is_some());
    if knows_dates || matches!(detection.verdict, Verdict::Article(_) | Verdict::Login) {
        return;
    }
    let Some((script, found)) = seen.records() else { return };
    let rules = Rules { item: format!("{script} {}", found.rules.item), ..found.rules.clone() };
    let shown = seen.shown();
    let carried: HashSet<String> = seen.joined(&found).map(|url| links::key(&url)).collect();
    let both = shown.intersection(&carried).count();
    let agrees = both * 10 >= shown.len() * 9 && found.count * 2 <= shown.len() * 3;
    if shown.is_empty() {
        detection.rules = Some(rules);
        detection.verdict = Verdict::List;
    } else if agrees && rules.date.is_some() {
        detection.rules = Some(rules);
    } else {
        let reason =
            format!("these records of a script name {both} of the {} articles that the page lists", shown.len());
        detection.also.push(Candidate { item: rules.item, count: found.count, score: 0.0, reason });
    }
}

impl Seen<'_, '_> {
    /// The fullest records of all scripts that look like articles, with the selector of their script.
    fn records(&self) -> Option<(String, Records)> {
        let mut best: Option<(String, Records)> = None;
        let scripts =
            (0..self.tree.len()).filter(|at| self.tree.tag(*at) == "script").filter_map(|at| self.tree.node(at));
        for node in scripts.take(SCRIPTS) {
            let Some(selector) = selector(node.element.value()) else { continue };
            let Some(found) = state::value(node.element).as_ref().and_then(records::find) else { continue };
            let is_better = best.as_ref().is_none_or(|(_, best)| found.count > best.count);
            if is_better && self.are_articles(&found) {
                best = Some((selector, found));
            }
        }
        best
    }

    /// Whether the records are no menu: their titles are as wide as headlines, and they are dated or their addresses are articles'.
    fn are_articles(&self, found: &Records) -> bool {
        let mut widths: Vec<usize> = found.titles.iter().map(|title| columns(title)).collect();
        widths.sort_unstable();
        let articles = self.joined(found).filter(|url| links::shape(url, self.page).is_article).count();
        let is_dated = found.rules.date.is_some();
        widths.get(widths.len() / 2).is_some_and(|width| *width >= TITLE)
            && (is_dated || articles * 10 >= found.links.len() * 7)
    }

    fn joined(&self, found: &Records) -> impl Iterator<Item = Url> {
        found.links.iter().filter_map(|link| reading::url::join(self.base, link, self.page.encoding).ok())
    }

    /// The addresses that the list on the page leads to.
    fn shown(&self) -> HashSet<String> {
        let numbers = self.group.into_iter().flat_map(|group| &group.links);
        let nodes = numbers.filter_map(|number| self.tree.node(self.links.get(*number)?.at));
        let hrefs = nodes.filter_map(|node| link::address(node.element));
        let urls = hrefs.filter_map(|href| reading::url::join(self.base, href, self.page.encoding).ok());
        urls.map(|url| links::key(&url)).collect()
    }
}

/// The selector of a script that can hold records: by its id, else by its type, else any script.
fn selector(script: &scraper::node::Element) -> Option<String> {
    if script.attr("src").is_some() {
        return None;
    }
    let id = script
        .attr("id")
        .filter(|id| !id.is_empty() && id.chars().all(|sign| sign.is_alphanumeric() || "_-".contains(sign)));
    if let Some(id) = id.filter(|id| !id.starts_with(|sign: char| sign.is_ascii_digit())) {
        return Some(format!("script#{id}"));
    }
    match script.attr("type").unwrap_or_default().trim() {
        kind @ ("application/ld+json" | "application/json") => Some(format!("script[type=\"{kind}\"]")),
        "" | "text/javascript" | "application/javascript" => Some("script".to_owned()),
        _ => None,
    }
}
