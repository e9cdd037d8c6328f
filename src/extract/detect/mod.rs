//! A page without a rule → the rule that reads its list: [`detect`] gives a [`Detection`].
//!
//! The way: `tree` numbers the elements, `links` looks at each link, `group` gathers links of like places and finds their
//! rows, `score` weighs the groups by what holds in every script (`cues` and `names` hold the words, `weights` the numbers). `slots` finds what stands at like
//! places of the rows, `parts` and `lines` what longer texts hold, and `cases` which texts name cases at law; `fields`, `dates` and `beside` choose among them, and `selector` writes
//! them as [`Rules`] in the terms of feeds.toml (`index` knows which elements have which names). `join` reads a portal's many lists as one, `network`
//! keeps a network's page to its own site, `embedded` looks for `records` in the page's scripts, and `announced` for feeds and
//! an API that the page names; `heads` leaves out links in the heads of tables, and `documents` pages beside files.
//!
//! Invariant: the items of a detection are those that its rules give when they are compiled and applied to the page.

mod again;
mod announced;
mod beside;
mod cases;
mod cues;
mod dates;
mod documents;
mod embedded;
mod fields;
mod group;
mod heads;
mod index;
mod join;
mod lines;
mod links;
mod names;
mod network;
mod parts;
mod records;
mod score;
mod selector;
mod shared;
mod slots;
mod told;
mod tree;
mod verdict;
mod weights;

use std::cell::RefCell;

use jiff::{Timestamp, tz::TimeZone};
use scraper::Html;
use url::Url;

use crate::{
    model::{FieldRule, Page, Rules},
    reading::date,
};
pub use again::Known;
pub(super) use again::lists;
use group::Group;
use index::Names;
use links::Link;
use score::Marks;
use tree::{At, Tree};
pub use verdict::Verdict;
pub use weights::Weights;

/// What was found on a page.
#[derive(Debug, Clone, Default)]
pub struct Detection {
    /// The rule of the page's list, if it has one.
    pub rules: Option<Rules>,
    /// What kind of page it is.
    pub verdict: Verdict,
    /// Feeds that the page announces, as written, the first first.
    pub feeds: Vec<String>,
    /// Addresses of links on the page that look like a feed's, as written.
    pub linked: Vec<String>,
    /// The root of an API that the page names, as written.
    pub api: Option<String>,
    /// What else was looked at, the likeliest first, where that was asked.
    pub also: Vec<Candidate>,
}

/// A group of links that was not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// CSS selector of its rows.
    pub item: String,
    /// How many there are.
    pub count: usize,
    /// How likely it seemed; comparable within one page.
    pub score: f64,
    /// Why it was not taken, in words.
    pub reason: String,
}

/// How much detection tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// The rule.
    Rule,
    /// What else was looked at, too: a selector is written for each.
    Candidates,
}

/// The language of public bodies of the United States, whose dates begin with the month.
const AMERICAN: &str = "en-US";

/// Candidates of which detection tells.
const TOLD: usize = 5;
/// Candidates among which those are: parts of one list have one selector.
const LOOKED_AT: usize = 12;

/// Finds the list of a parsed page; `base` is what its links are joined to.
pub(super) fn detect(html: &Html, page: &Page, base: &Url, telling: Telling, by: &Weights) -> Detection {
    let tree = Tree::of(html);
    let links = links::of(&tree, base, page);
    let context = dates_of(page);
    let mut weighed: Vec<(Group, Marks, f64)> = group::of(&tree, &links, by)
        .into_iter()
        .map(|group| {
            let marks = score::marks(&tree, &links, &group);
            let score = marks.score(by);
            (group, marks, score)
        })
        .collect();
    weighed.sort_by(|one, other| other.2.total_cmp(&one.2));
    let mut dated = score::Dated::new(&context);
    for (group, marks, score) in weighed.iter_mut().take(24) {
        marks.dated = dated.share(&tree, &links, group);
        *score = marks.score(by);
    }
    weighed.sort_by(|one, other| other.2.total_cmp(&one.2));
    let list = weighed.first().filter(|(_, marks, score)| marks.is_list(*score, by));
    let names = Names::of(&tree);
    let mut detection = Detection {
        verdict: verdict::of(&tree, &links, list.map(|(group, marks, _)| (group, marks)), page),
        feeds: announced::feeds(&tree),
        linked: announced::linked(&tree),
        api: announced::api(&tree),
        ..Detection::default()
    };
    let is_list = detection.verdict == Verdict::List;
    if let Some(rules) = is_list.then(|| join::of(&tree, &names, &links, &weighed, by)).flatten() {
        detection.rules = Some(rules);
    }
    if is_list
        && detection.rules.is_none()
        && let Some((group, marks, _)) = weighed.first()
    {
        let files = documents::alone(&tree, &links, group);
        let group = files.as_ref().map_or(group, |files| &files.group);
        detection.rules = written(&tree, &names, &links, group, &context);
        if let Some(rules) = &mut detection.rules {
            if let Some(files) = &files {
                rules.item.push_str(&files.condition);
            } else if marks.dated < 0.3
                && let Some(item) = network::own(&tree, &links, group, base, &rules.item)
            {
                rules.item = item;
            }
        }
    }
    let first = weighed.first().map(|(group, ..)| group).filter(|_| detection.rules.is_some());
    embedded::add(&embedded::Seen { tree: &tree, links: &links, group: first, base, page }, &mut detection);
    let others = if telling == Telling::Candidates { LOOKED_AT } else { 0 };
    for (group, marks, score) in weighed.iter().take(others) {
        if detection.also.len() == TOLD {
            break;
        }
        if detection.rules.is_some() && first.is_some_and(|first| std::ptr::eq(first, group)) {
            continue;
        }
        let Some(item) = item(&tree, &names, &links, group) else { continue };
        // Parts of one list have one selector, which would say nothing new.
        let taken = detection.rules.iter().map(|rules| &rules.item).chain(detection.also.iter().map(|also| &also.item));
        if taken.into_iter().any(|other| *other == item) {
            continue;
        }
        detection.also.push(Candidate { item, count: marks.count, score: *score, reason: marks.reason() });
    }
    detection
}

/// How dates of a page are read while nothing but the page is known.
fn dates_of(page: &Page) -> date::Context<'static> {
    static ZONE: TimeZone = TimeZone::UTC;
    let host = page.url.host_str().unwrap_or_default();
    let american = [".gov", ".mil", ".us"].iter().any(|end| host.ends_with(end));
    date::Context { now: Timestamp::MAX, zone: &ZONE, language: american.then_some(AMERICAN) }
}

/// The rule of the fullest list of records in a JSON document.
pub(super) fn records(document: &serde_json::Value) -> Option<Rules> {
    records::find(document).map(|found| found.rules)
}

/// The rules that read a group.
fn written(
    tree: &Tree<'_>,
    names: &Names<'_>,
    links: &[Link],
    group: &Group,
    dates: &date::Context<'_>,
) -> Option<Rules> {
    let item = item(tree, names, links, group)?;
    let wanted: Vec<Option<usize>> = group.links.iter().map(|number| links.get(*number).map(|link| link.at)).collect();
    let link = selector::within(tree, &group.rows, &wanted)?;
    let link = if heads::are_links(tree, links, &wanted) { heads::below(&link) } else { link };
    let field = |select: String| Some(FieldRule { select, ..FieldRule::default() });
    let mut rules = Rules { item, link: field(format!("{link}@href")), ..Rules::default() };
    let american = dates.language == Some(AMERICAN);
    let heads = fields::Reader::heads(tree, &group.rows);
    let known = RefCell::default();
    fields::Reader { tree, links, group, dates, american, heads, known }.add(&link, &mut rules);
    Some(rules)
}

/// The selector of a group's rows.
fn item(tree: &Tree<'_>, names: &Names<'_>, links: &[Link], group: &Group) -> Option<String> {
    // What holds no link gives no item, so it does no harm.
    let matters = |at: usize| {
        let span = tree.span(at);
        let from = links.partition_point(|link| link.at < span.start);
        links.get(from).is_some_and(|link| link.at < span.end)
    };
    let written = selector::rows(tree, names, &group.rows, &matters)?;
    // Heads of tables and the like are no items, and saying so spares the reader of the rule a word at each visit.
    let holds = |(row, number): (&At, &usize)| {
        links.get(*number).is_some_and(|link| link.at != *row && tree.tag(link.at) == "a")
    };
    let is_narrowed = written.is_loose && group.rows.iter().zip(&group.links).all(holds);
    Some(if is_narrowed { format!("{}:has(a)", written.text) } else { written.text })
}

#[cfg(test)]
mod tests;
