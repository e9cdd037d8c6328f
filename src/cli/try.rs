//! `tearsheet try`: reads one listing, stores nothing, and shows its items and where each field came from.

use std::{collections::HashMap, io::Write, sync::Arc};

use anyhow::{Context, bail};
use jiff::Timestamp;
use serde::Serialize;

use super::{
    args::{Common, Try},
    network::Asker,
    page, table,
};
use crate::daemon::Clock;
use crate::extract::{self, Candidate, Detection, Usual, Written, diagnose};
use crate::model::{Draft, Kind, Listing, Page, Problem, Rules, Source};
use crate::reading::{clean, url as address};
use crate::refine;

/// Runs the command.
pub(super) fn run(common: &Common, what: &Try) -> anyhow::Result<()> {
    let watched = page::watched(common, &what.page)?;
    let url = watched.source.url().context("the source has no address")?.clone();
    let now = what.now.unwrap_or_else(|| Clock::system().now());
    let page = page::read(&mut Asker::new(common), &watched, &url, what.html.as_deref())?;
    let reading = Reading::of(&watched.source, &page)?;
    let (tried, _) = tried(&watched.source, &page, reading, now);
    let mut out = std::io::stdout().lock();
    if what.json {
        serde_json::to_writer_pretty(&mut out, &tried)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", table::listing(&tried))?;
    }
    match tried.problems.first() {
        _ if !tried.items.is_empty() => Ok(()),
        Some(problem) => bail!("{}", problem.reason),
        None if !tried.dropped.is_empty() => bail!("the source's own rules leave out every item of the page"),
        None => bail!("the page has no items"),
    }
}

/// What `try --json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Tried {
    pub url: String,
    pub kind: &'static str,
    pub rule: &'static str,
    pub recipe: Recipe,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<String>,
    /// What was looked at, in its order, and what was found there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub looked: Vec<Look>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Other>,
    pub items: Vec<Item>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Left>,
    pub problems: Vec<Problem>,
}

/// An item that the source's own rules left out.
#[derive(Debug, Serialize)]
pub(super) struct Left {
    pub title: String,
    pub why: String,
}

/// The rule in the short form of feeds.toml.
#[derive(Debug, Default, Serialize)]
pub(super) struct Recipe {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    #[serde(flatten)]
    pub fields: std::collections::BTreeMap<&'static str, String>,
}

/// A list that was looked at and not taken.
#[derive(Debug, Serialize)]
pub(super) struct Other {
    pub item: String,
    pub count: usize,
    pub score: f64,
    pub reason: String,
}

/// One item as read.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    pub title: String,
    pub url: String,
    pub published: Option<String>,
    pub precision: Option<&'static str>,
    pub date_from: Option<&'static str>,
    pub summary: Option<String>,
    pub image: Option<String>,
    pub author: Option<String>,
    pub categories: Vec<String>,
    /// Which of the source's own rules kept it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// A page as a source reads it.
pub(super) struct Reading {
    pub kind: Kind,
    pub listing: Listing,
    /// What was found beside the items, where the source has no rule.
    pub detection: Detection,
}

impl Reading {
    /// Reads `page` by the source's rules, else by those that are found.
    ///
    /// # Errors
    /// Rules of the source that do not compile.
    pub(super) fn of(source: &Source, page: &Page) -> Result<Self, extract::BadRule> {
        let kind = source.kind.unwrap_or_else(|| extract::sniff(page));
        let compile = |rules: Arc<Rules>| extract::Recipe::of(rules, source.kind.unwrap_or(Kind::Html));
        let compiled = source.rules.clone().map(compile).transpose()?;
        let (listing, detection) = match (kind, &compiled) {
            (Kind::Html | Kind::Json, None) => extract::read_explained(page),
            (_, rule) => (extract::read(page, rule.as_ref(), source.kind), Detection::default()),
        };
        Ok(Self { kind, listing, detection })
    }
}

/// What a source's page comes to, and the rule that was used.
pub(super) fn tried(source: &Source, page: &Page, reading: Reading, now: Timestamp) -> (Tried, Option<Rules>) {
    let Reading { kind, mut listing, detection } = reading;
    let has_rule = source.rules.is_some();
    let written = if has_rule { Written::ByHand } else { Written::Not };
    let usual = Usual { has_rule, items: 0 };
    diagnose::judge(&mut listing, page, usual, written);
    // Where a person's rule matches nothing, what would be found without it helps to write a better one.
    let without = (listing.items.is_empty() && has_rule && kind == Kind::Html)
        .then(|| extract::read_detected(page))
        .and_then(|(found, detection)| Some((found.items.len(), detection.rules?)));
    let refined = refine::refine(source, page, &listing, now);
    let rules = source.rules.as_deref().cloned().or_else(|| detection.rules.clone());
    let kept: HashMap<u32, String> = refined.kept.into_iter().map(|kept| (kept.place, kept.why)).collect();
    let tried = Tried {
        url: page.url.to_string(),
        kind: kind.word(),
        rule: if source.rules.is_some() { "configured" } else { "detected" },
        recipe: rules.as_ref().map(recipe).unwrap_or_default(),
        feeds: detection
            .feeds
            .iter()
            .filter_map(|feed| Some(address::join(&listing.base, feed, page.encoding).ok()?.into()))
            .collect(),
        looked: if !has_rule && kind == Kind::Html { looked(&detection) } else { Vec::new() },
        also: without.map(found_without).into_iter().chain(detection.also.into_iter().map(other)).collect(),
        items: refined.drafts.into_iter().map(|draft| item(draft, &kept)).collect(),
        dropped: refined.dropped.into_iter().map(|dropped| Left { title: dropped.title, why: dropped.why }).collect(),
        problems: listing.problems.into_iter().chain(refined.problems).collect(),
    };
    (tried, rules)
}

/// One step on the way to a page's articles.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Look {
    pub at: &'static str,
    pub found: String,
}

/// The way by which the articles of a page without a rule are found.
fn looked(detection: &Detection) -> Vec<Look> {
    let by_script = detection.rules.as_ref().map(|rules| rules.item.starts_with("script"));
    let feeds = match (detection.feeds.len(), detection.linked.len()) {
        (0, 0) => "none; `add` asks at the usual addresses".to_owned(),
        (0, linked) => format!("none announced, {linked} linked; `add` takes one that shows the same articles"),
        (feeds, _) => format!("{feeds} announced; `add` takes the first that can be read"),
    };
    let by_records = detection.also.iter().any(|other| other.item.starts_with("script"));
    let records = match (by_script, by_records) {
        (Some(true), _) => "taken: they are the page's list",
        (_, true) => "not taken: the page's own list says as much",
        _ => "none that name its articles",
    };
    let api = match (&detection.api, &detection.rules) {
        (None, _) => "none named".to_owned(),
        (Some(api), None) => format!("{api}; `add` takes it, since the page shows no list"),
        (Some(api), Some(_)) => format!("{api}; not needed, since the page shows its list"),
    };
    let structure = match by_script {
        Some(false) => "taken: its list",
        Some(true) => "not needed",
        None => "no list",
    };
    let look = |at, found| Look { at, found };
    vec![
        look("feeds", feeds),
        look("records in scripts", records.to_owned()),
        look("an API", api),
        look("the page's structure", structure.to_owned()),
    ]
}

fn found_without((count, rules): (usize, Rules)) -> Other {
    let reason = "what is found where the source has no `item`: leave that out, and the other rules with it".to_owned();
    Other { item: rules.item, count, score: 0.0, reason }
}

fn other(candidate: Candidate) -> Other {
    let score = (candidate.score * 100.0).round() / 100.0;
    Other { item: candidate.item, count: candidate.count, score, reason: candidate.reason }
}

fn item(draft: Draft, kept: &HashMap<u32, String>) -> Item {
    let moment = draft.published;
    Item {
        title: draft.title,
        url: draft.url.to_string(),
        published: moment.map(|moment| moment.written()),
        precision: moment.map(|moment| moment.precision.word()),
        date_from: moment.map(|moment| moment.origin.word()),
        summary: draft.summary.map(|summary| clean::to_text(&summary)),
        image: draft.image.map(|image| image.to_string()),
        author: (!draft.authors.is_empty()).then(|| draft.authors.join(", ")),
        categories: draft.categories,
        rule: kept.get(&draft.place).cloned(),
    }
}

fn recipe(rules: &Rules) -> Recipe {
    let fields = rules.fields().map(|(name, rule)| (name, rule.short())).collect();
    Recipe { item: Some(rules.item.clone()), fields }
}
