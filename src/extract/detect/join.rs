//! A portal's page: many lists of headlines of which none is the page's own. They are read as one.
//!
//! Lists are joined where they are alike: rows of a link and no more, to addresses of one form, in no frame of the page.

use std::collections::{HashMap, HashSet};

use super::{
    fields::rule,
    group::Group,
    index::Names,
    links::Link,
    score::Marks,
    selector,
    tree::{At, Tree},
    weights::Weights,
};
use crate::model::Rules;

/// Lists that are joined, at most: each is a part of the selector.
const PARTS: usize = 10;

/// Columns that a row may show beside its link and still be a bare headline.
const BARE: f64 = 12.0;

/// The rules of all lists of headlines of a page, if its likeliest list is one of several that are alike.
pub(super) fn of(
    tree: &Tree<'_>,
    names: &Names<'_>,
    links: &[Link],
    weighed: &[(Group, Marks, f64)],
    by: &Weights,
) -> Option<Rules> {
    let (first, marks, score) = weighed.first()?;
    if *score < by.least || marks.dated > 0.3 || marks.tabled > 0.5 || !is_plain(marks, by) {
        return None;
    }
    let is_bare = marks.around <= BARE && marks.headed < 0.5;
    let forms = forms(links, first);
    let mut taken: HashSet<usize> = targets(links, first);
    let own = taken.len();
    let mut parts: Vec<&Group> = vec![first];
    for (group, marks, other) in weighed.iter().skip(1) {
        if parts.len() >= PARTS || *other < (score - by.behind).max(by.least / 2.0) {
            break;
        }
        let targets = targets(links, group);
        // A second link of rows that are taken already is no list of its own.
        let within = group.links.iter().filter_map(|number| links.get(*number)).filter(|link| {
            parts.iter().any(|part| {
                let near = part.rows.partition_point(|row| *row <= link.at).checked_sub(1);
                near.and_then(|near| part.rows.get(near)).is_some_and(|row| tree.holds(*row, link.at))
            })
        });
        if within.count() * 4 > group.links.len() {
            continue;
        }
        let fresh = targets.difference(&taken).count();
        let alike =
            group.links.iter().filter_map(|number| links.get(*number)).filter(|link| forms.contains(&link.shape.form));
        let is_alike = alike.count() * 10 >= group.links.len() * 8;
        if is_plain(marks, by) && is_alike && fresh * 3 >= targets.len() && fresh >= 2 {
            taken.extend(targets);
            parts.push(group);
        }
    }
    let gain = (taken.len() - own) as f64 * 100.0 / own.max(1) as f64;
    if parts.len() < 2 || gain < if is_bare { by.gain } else { by.gain_of_cards } {
        return None;
    }
    written(tree, names, links, &parts, &forms)
}

/// The rules of all lists that known articles vote for, the one with most votes first; `is_known` tells of a link whether it leads
/// to one.
pub(super) fn voted(
    tree: &Tree<'_>,
    names: &Names<'_>,
    links: &[Link],
    groups: &[Group],
    is_known: &dyn Fn(usize) -> bool,
) -> Option<Rules> {
    let mut taken: HashSet<usize> = HashSet::new();
    let mut parts: Vec<&Group> = Vec::new();
    let mut all_forms: HashSet<u64> = HashSet::new();
    for group in groups {
        let known: Vec<&Link> =
            group.links.iter().filter(|number| is_known(**number)).filter_map(|number| links.get(*number)).collect();
        let fresh: HashSet<usize> = known.iter().map(|link| link.target).filter(|to| !taken.contains(to)).collect();
        if parts.len() < PARTS && fresh.len() >= 2 && known.len() * 5 >= group.links.len() * 2 {
            taken.extend(fresh);
            all_forms.extend(known.iter().map(|link| link.shape.form));
            parts.push(group);
        }
    }
    if parts.len() < 2 { None } else { written(tree, names, links, &parts, &all_forms) }
}

/// The rules that read the links of `parts`, whose addresses have one of `forms`.
fn written(
    tree: &Tree<'_>,
    names: &Names<'_>,
    links: &[Link],
    parts: &[&Group],
    forms: &HashSet<u64>,
) -> Option<Rules> {
    let mut written: Vec<String> = Vec::new();
    for group in parts {
        let places: Vec<At> = group.links.iter().filter_map(|number| links.get(*number)).map(|link| link.at).collect();
        let matters = |at: At| {
            let span = tree.span(at);
            let from = links.partition_point(|link| link.at < span.start);
            // A link to an article that the list does not name is one more headline of the portal.
            links.get(from).is_some_and(|link| link.at < span.end && !forms.contains(&link.shape.form))
        };
        let selector = selector::rows(tree, names, &places, &matters)?;
        if selector.extra * 4 <= places.len() && !written.contains(&selector.text) {
            written.push(selector.text);
        }
    }
    Some(Rules { item: written.join(", "), link: Some(rule("@href".to_owned())), ..Rules::default() })
}

/// Whether a group is a list of headlines in the page's own part.
fn is_plain(marks: &Marks, by: &Weights) -> bool {
    marks.titled >= by.plain
        && marks.article >= by.plain
        && marks.title >= 14.0
        && marks.guide + marks.foot + marks.announced < 0.5
        && marks.hub < 0.3
}

/// The forms of address that a good part of the group's links have.
fn forms(links: &[Link], group: &Group) -> HashSet<u64> {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for link in group.links.iter().filter_map(|number| links.get(*number)).filter(|link| link.shape.is_article) {
        *counts.entry(link.shape.form).or_default() += 1;
    }
    let least = (group.links.len() / 20).max(1);
    counts.into_iter().filter(|(_, count)| *count >= least).map(|(form, _)| form).collect()
}

fn targets(links: &[Link], group: &Group) -> HashSet<usize> {
    group.links.iter().filter_map(|number| links.get(*number)).map(|link| link.target).collect()
}
