//! `tearsheet article`: reads one article page, stores nothing, and shows the article and where its fields came from.

use std::io::Write;

use anyhow::{Context, bail};
use serde::Serialize;

use super::{
    args::{Common, Try},
    network::Asker,
    page,
};
use crate::daemon::Clock;
use crate::extract::article::{self, Found, Pages, Place, Read};
use crate::model::{Page, Problem};
use crate::reading::text::printable;

/// Runs the command.
pub(super) fn run(common: &Common, what: &Try) -> anyhow::Result<()> {
    let watched = page::watched(common, &what.page)?;
    let url = watched.source.url().context("the source has no address")?.clone();
    let now = what.now.unwrap_or_else(|| Clock::system().now());
    let mut asker = Asker::new(common);
    let page = page::read(&mut asker, &watched, &url, what.html.as_deref())?;
    let context = article::Context {
        now,
        zone: &watched.source.timezone,
        language: watched.source.language.as_deref(),
        story: watched.story.as_deref(),
        refrain: None,
    };
    let mut pages = Pages::new(&page.url, article::article(&page, &context));
    // A saved page is all there is to read.
    while let Some(next) = pages.next().cloned().filter(|_| what.html.is_none()) {
        match page::read(&mut asker, &watched, &next, None) {
            Ok(further) => pages.add(&further.url, article::article(&further, &context)),
            Err(error) => pages.end(Problem::of_page(error.to_string(), "run the command again later")),
        }
    }
    let shown = shown(&page, pages.whole());
    let mut out = std::io::stdout().lock();
    if what.json {
        serde_json::to_writer_pretty(&mut out, &shown)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", drawn(&shown))?;
    }
    match shown.text.is_empty() {
        true => bail!(
            "{}",
            shown.problems.first().map_or("the page has no article".to_owned(), |problem| problem.reason.clone())
        ),
        false => Ok(()),
    }
}

/// What `article --json` prints.
#[derive(Debug, Serialize)]
struct Shown {
    url: String,
    canonical: Option<String>,
    title: Option<String>,
    published: Option<String>,
    precision: Option<&'static str>,
    date_from: Option<&'static str>,
    modified: Option<String>,
    outlet: Option<String>,
    byline: Vec<String>,
    columns: Vec<String>,
    language: Option<String>,
    text: String,
    html: String,
    images: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    problems: Vec<Problem>,
    /// For people alone.
    #[serde(skip)]
    found: Found,
}

fn shown(page: &Page, read: Read) -> Shown {
    Shown {
        url: page.url.to_string(),
        canonical: read.canonical.map(String::from),
        title: read.title,
        published: read.published.map(|moment| moment.written()),
        precision: read.published.map(|moment| moment.precision.word()),
        date_from: read.published.map(|moment| moment.origin.word()),
        modified: read.modified.map(|moment| moment.written()),
        outlet: read.outlet,
        byline: read.byline,
        columns: read.columns,
        language: read.language,
        text: read.text,
        html: read.html.as_str().to_owned(),
        images: read.images.into_iter().map(String::from).collect(),
        next: read.next.map(String::from),
        problems: read.problems,
        found: read.found,
    }
}

/// The article for people: its fields, a line each, and then its text.
fn drawn(shown: &Shown) -> String {
    let date = shown.published.as_ref().map(|date| {
        format!("{date} ({}, from {})", shown.precision.unwrap_or_default(), shown.date_from.unwrap_or_default())
    });
    let joined = |names: &[String], between: &str| (!names.is_empty()).then(|| names.join(between));
    let from = |value: Option<String>, place: Option<Place>| match place {
        Some(place) => value.map(|value| format!("{value} (from {})", place.word())),
        None => value,
    };
    let found = &shown.found;
    let fields = [
        ("title", from(shown.title.clone(), found.title)),
        ("published", date),
        ("modified", shown.modified.clone()),
        ("outlet", from(shown.outlet.clone(), found.outlet)),
        ("byline", from(joined(&shown.byline, ", "), found.byline)),
        ("columns", from(joined(&shown.columns, " > "), found.columns)),
        ("language", shown.language.clone()),
        ("canonical", shown.canonical.clone()),
        ("image", shown.images.first().cloned()),
        ("next page", shown.next.clone()),
    ];
    let mut out = String::new();
    for (name, value) in fields {
        if let Some(value) = value {
            out.push_str(&format!("{name:<10} {}\n", printable(&value)));
        }
    }
    for problem in &shown.problems {
        out.push_str(&format!("{:<10} {} ({})\n", "problem", printable(&problem.reason), printable(&problem.advice)));
    }
    for paragraph in shown.text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        out.push_str(&format!("\n{}\n", printable(paragraph)));
    }
    out
}
