//! The status snapshot → `/`: every source and feed, how it is, what happened last and what to do about it; and the 404 page.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use maud::{Markup, html};

use super::page::{self, Page, distance, instant, line};
use super::sparkline::sparkline;
use crate::feed::{self, Format, xml::XmlText};
use crate::model::{
    Article, FeedId, FeedStatus, Outcome, Problem, Redesign, Report, SourceState, SourceStatus, Status, Trouble,
};

/// Problems of one visit that are shown in full; a page of a thousand bad dates has one cause.
const PROBLEMS: usize = 12;
/// Feeds that the page's head names for readers.
const OFFERED: usize = 100;

/// What was searched for, and the articles found.
pub(super) struct Search {
    /// As asked, in one line.
    pub(super) words: String,
    /// Newest first.
    pub(super) found: Vec<Arc<Article>>,
}

/// What the page `/` shows.
pub(super) struct Shown<'a> {
    /// Sources and feeds.
    pub(super) status: &'a Status,
    /// The daemon's clock.
    pub(super) now: Timestamp,
    /// What was searched for, if anything was.
    pub(super) search: Option<Search>,
}

/// The part of a feed's address that opens it: its key as a query, nothing for a public one.
type Key<'a> = dyn Fn(&FeedId) -> String + 'a;

/// How feeds are reached from the page.
#[derive(Clone, Copy)]
pub(super) struct Ways<'a> {
    /// What opens each.
    pub(super) key: &'a Key<'a>,
    /// Whether a server of files will show the page: pages have an ending there, and nothing is looked for.
    pub(super) files: bool,
}

impl Ways<'_> {
    /// To the feed's page.
    fn page(self, id: &FeedId) -> String {
        format!("feeds/{id}{}{}", if self.files { ".html" } else { "" }, (self.key)(id))
    }
}

/// The page `/`.
pub(super) fn page(Shown { status, now, search }: Shown<'_>, ways: Ways<'_>) -> Markup {
    let ids: HashSet<&str> = status.sources.iter().map(|source| source.id.as_str()).collect();
    let (own, joined): (Vec<&FeedStatus>, Vec<_>) =
        status.feeds.iter().partition(|feed| ids.contains(feed.id.as_str()));
    let own: HashMap<&str, &FeedStatus> = own.into_iter().map(|feed| (feed.id.as_str(), feed)).collect();
    let body = html! {
        header.mast {
            div.wrap {
                p.brand { "tearsheet" }
                h1 { (headline(status)) }
                p.sub { (tally(status)) }
                @if !ways.files {
                    form.search role="search" action="./" method="get" {
                        label for="q" { "Search stored titles" }
                        div.field {
                            input #q type="search" name="q" autocomplete="off" value=(search.as_ref().map_or("", |search| &search.words));
                            button type="submit" { "Search" }
                        }
                    }
                }
            }
        }
        main.wrap #main {
            (faults(status))
            @if let Some(search) = &search { (found(search)) }
            @if !joined.is_empty() {
                section aria-labelledby="feeds" {
                    h2 #feeds { "Joined feeds" }
                    ul.rows role="list" { @for feed in joined { (feed_card(feed, now, ways)) } }
                }
            }
            section aria-labelledby="sources" {
                h2 #sources { "Sources" }
                @if status.sources.is_empty() {
                    p.empty { "No source is configured. Add one to feeds.toml: a URL is enough." }
                }
                ul.rows role="list" { @for source in &status.sources { (source_card(source, own.get(source.id.as_str()).copied(), now, ways)) } }
            }
        }
    };
    // Private ones are offered to no reader that happens to open the page.
    let public = status.feeds.iter().filter(|feed| (ways.key)(&feed.id).is_empty());
    let feeds = public.take(OFFERED).map(|feed| (&feed.id, feed.title.as_str())).collect();
    page::frame(Page { title: "tearsheet", root: "", feeds, body })
}

/// The page for an address that leads nowhere: it lists what exists, and repeats nothing that was asked.
pub(super) fn not_found(status: &Status) -> Markup {
    let body = html! {
        header.mast { div.wrap {
            p.brand { a href="/" { "tearsheet" } }
            h1 { "There is nothing here" }
            p.sub { "These feeds exist." }
        } }
        main.wrap #main {
            ul.plain {
                @for feed in status.feeds.iter().take(200) {
                    li { a href={ "/feeds/" (feed.id) } dir="auto" { (line(&feed.title)) } " " code { (feed.id) } }
                }
            }
        }
    };
    page::frame(Page { title: "Not found · tearsheet", root: "/", feeds: Vec::new(), body })
}

/// The state of the whole in one sentence.
fn headline(status: &Status) -> &'static str {
    let failing = status.sources.iter().any(|source| source.state == SourceState::Failing);
    match () {
        () if status.store_fault.is_some() => "The store needs you",
        () if status.config_fault.is_some() => "The configuration has a fault",
        () if status.sources.is_empty() => "Nothing to watch yet",
        () if failing => "Some sources need a look",
        () => "All is well",
    }
}

fn tally(status: &Status) -> String {
    let count = |state| status.sources.iter().filter(|source| source.state == state).count();
    let mut parts = vec![plural(status.sources.len() as u64, "source", "sources")];
    for (state, word) in [
        (SourceState::Well, "well"),
        (SourceState::Failing, "failing"),
        (SourceState::Waiting, "waiting"),
        (SourceState::Stopped, "stopped"),
    ] {
        if count(state) > 0 {
            parts.push(format!("{} {word}", count(state)));
        }
    }
    parts.push(plural(status.sources.iter().map(|source| source.articles).sum(), "article", "articles"));
    parts.join(" · ")
}

fn faults(status: &Status) -> Markup {
    html! {
        @if let Some(fault) = &status.store_fault {
            section.fault role="alert" aria-labelledby="store-fault" {
                h2 #store-fault { "Store" }
                pre tabindex="0" { (XmlText::text(fault).as_str()) }
            }
        }
        @if status.store_fault.is_none() && !status.store_rescues.is_empty() {
            section.fault aria-labelledby="store-rescues" {
                h2 #store-rescues { "The store was rescued" }
                p { "This was wrong since the start and is cured. Nothing is to be done unless it says so." }
                @for rescue in &status.store_rescues {
                    pre tabindex="0" { (XmlText::text(rescue).as_str()) }
                }
            }
        }
        @if let Some(fault) = &status.config_fault {
            section.fault role="alert" aria-labelledby="config-fault" {
                h2 #config-fault { "feeds.toml was not taken" }
                p { "The configuration before it goes on until this is mended." }
                pre tabindex="0" { (XmlText::text(fault).as_str()) }
            }
        }
    }
}

fn found(search: &Search) -> Markup {
    html! {
        section.found aria-labelledby="found" {
            h2 #found { (plural(search.found.len() as u64, "article", "articles")) " with “" (line(&search.words)) "”" }
            ol.hits {
                @for article in &search.found {
                    li {
                        @let title = feed::title(article);
                        span.when { (article.published.written().chars().take(10).collect::<String>()) }
                        div {
                            @match feed::web(&article.url) {
                                Some(url) => a href=(url.as_str()) rel="noreferrer" dir="auto" lang=[article.language.as_deref().and_then(feed::language_tag)] { (title) },
                                None => span dir="auto" { (title) },
                            }
                            @if let Some(source) = article.owner() { " " code { (source) } }
                        }
                    }
                }
            }
            p { a href="./" { "Back to all sources" } }
        }
    }
}

fn feed_card(feed: &FeedStatus, now: Timestamp, ways: Ways<'_>) -> Markup {
    html! {
        li.row {
            div.name {
                h3 dir="auto" { a href=(ways.page(&feed.id)) { (line(&feed.title)) } }
                (formats(feed, ways.key))
            }
            div.facts {
                dl {
                    div { dt { "Joins" } dd {
                        @for (place, source) in feed.sources.iter().enumerate() {
                            @if place > 0 { ", " }
                            a href={ "#source-" (source) } { (source) }
                        }
                    } }
                    div { dt { "Shows" } dd {
                        (plural(feed.entries, "entry", "entries"))
                        @if let Some(at) = feed.updated { span.rel { " · changed " (distance(at, now)) } }
                    } }
                }
            }
        }
    }
}

fn source_card(source: &SourceStatus, feed: Option<&FeedStatus>, now: Timestamp, ways: Ways<'_>) -> Markup {
    let (class, word) = state(source.state);
    html! {
        li.row.(class) #{ "source-" (source.id) } {
            div.name {
                h3 dir="auto" {
                    @if let Some(feed) = feed { a href=(ways.page(&feed.id)) { (line(&source.name)) } }
                    @else { (line(&source.name)) }
                }
                p.url {
                    code { (source.id) } " · "
                    @match feed::web(&source.url) {
                        Some(url) => a href=(url.as_str()) rel="noreferrer" { (short(url.as_str())) },
                        None => (line(&source.url)),
                    }
                }
                @if let Some(feed) = feed { (formats(feed, ways.key)) }
            }
            div.facts {
                p.state.(class) { (word) @if source.failures > 1 { ", " (source.failures) " visits in a row" } }
                @if let Some(report) = &source.last { p.outcome { (outcome(report)) } }
                @for episode in source.episodes.iter().filter(|episode| episode.ended.is_none() && episode.trouble == Trouble::Silent) {
                    p.outcome { "silent for longer than ever: " (line(&episode.reason)) }
                    p.advice { (line(&episode.advice)) }
                }
                @if let Some(redesign) = &source.redesign { (redesigned(source, redesign, now)) }
                dl { (dates(source, feed, now)) }
                @if let Some(picture) = sparkline(&source.days, now) { p.days { (picture) " new articles a day" } }
            }
            @if let Some(report) = &source.last { (problems(&report.problems)) }
        }
    }
}

/// What became of the rules of a page that was redesigned, and the command that decides.
fn redesigned(source: &SourceStatus, redesign: &Redesign, now: Timestamp) -> Markup {
    let (first, differences, command, effect) = match redesign {
        Redesign::Proposed { why, at, differences } => {
            let first = format!("The page changed. Other rules, found {}, may read it, but {why}:", distance(*at, now));
            (first, differences, "--accept", "takes them")
        }
        Redesign::Replaced { at, differences } => {
            let first = format!("Its rules were replaced {}, as the page was redesigned:", distance(*at, now));
            (first, differences, "--back", "goes back to those before")
        }
    };
    html! {
        p.outcome { (line(&first)) }
        ul { @for difference in differences { li { (line(difference)) } } }
        p.advice { code { "tearsheet recipe " (source.id) " " (command) } " " (effect) }
    }
}

/// When the source was and will be visited, and what is stored of it.
fn dates(source: &SourceStatus, feed: Option<&FeedStatus>, now: Timestamp) -> Markup {
    html! {
        @if let Some(report) = &source.last {
            div { dt { "Visited" } dd { (instant(report.at)) span.rel { " · " (distance(report.at, now)) } } }
        }
        div { dt { "Next" } dd {
            @match source.next_due {
                Some(at) if at <= now => "due now",
                Some(at) => { (instant(at)) span.rel { " · " (distance(at, now)) } },
                None => "no more visits",
            }
        } }
        div { dt { "Stored" } dd {
            (plural(source.articles, "article", "articles"))
            @if let Some(at) = feed.and_then(|feed| feed.updated) { span.rel { " · changed " (distance(at, now)) } }
        } }
    }
}

fn formats(FeedStatus { id, title, .. }: &FeedStatus, key: &Key<'_>) -> Markup {
    html! {
        p.formats {
            @for format in Format::ALL {
                a href={ "feeds/" (id) "." (format.extension()) (key(id)) } type=(format.media_type())
                    aria-label={ (line(title)) ": " (format.name()) } { (format.name()) }
            }
        }
    }
}

fn problems(problems: &[Problem]) -> Markup {
    html! {
        @if !problems.is_empty() {
            details.problems open[problems.len() <= 3] {
                summary { (plural(problems.len() as u64, "problem", "problems")) }
                ul {
                    @for problem in problems.iter().take(PROBLEMS) {
                        li {
                            p.reason {
                                @if let Some(item) = problem.item { "Item " (item + 1) ": " }
                                @if let Some(field) = &problem.field { code { (line(field)) } " " }
                                (line(&problem.reason))
                            }
                            p.advice { (line(&problem.advice)) }
                        }
                    }
                }
                @if problems.len() > PROBLEMS { p { "and " (problems.len() - PROBLEMS) " more of them" } }
            }
        }
    }
}

/// Class and word of a state.
fn state(state: SourceState) -> (&'static str, &'static str) {
    match state {
        SourceState::Waiting => ("waiting", "waiting"),
        SourceState::Well => ("well", "well"),
        SourceState::Failing => ("failing", "failing"),
        SourceState::Stopped => ("stopped", "stopped"),
    }
}

/// How a visit ended, in words.
fn outcome(report: &Report) -> String {
    let counts = report.counts;
    match report.outcome {
        Outcome::Read if counts.new + counts.changed == 0 => {
            format!("read {}, none of them new", plural(counts.shown.into(), "item", "items"))
        }
        Outcome::Read => format!(
            "read {}: {} new, {} changed",
            plural(counts.shown.into(), "item", "items"),
            counts.new,
            counts.changed
        ),
        Outcome::Unchanged => "nothing had changed".to_owned(),
        Outcome::NoMatch => "the page was read, but its rule matches nothing".to_owned(),
        Outcome::NoRule => "no list could be found on the page".to_owned(),
        Outcome::Dns => "the host's name was not found".to_owned(),
        Outcome::Unreachable => "the host could not be reached".to_owned(),
        Outcome::Tls => "the host's certificate was refused".to_owned(),
        Outcome::Timeout => "the host took too long to answer".to_owned(),
        Outcome::TooBig => "the page is larger than allowed".to_owned(),
        Outcome::TooComplex => "the page is more complex than allowed".to_owned(),
        Outcome::Forbidden => "the address is one that may not be reached".to_owned(),
        Outcome::Robots => "robots.txt asks not to read the page".to_owned(),
        Outcome::Throttled => "the host asked to come later".to_owned(),
        Outcome::Gone => "the page is gone for good".to_owned(),
        Outcome::Status => match report.status {
            Some(status) => format!("the host answered {status}"),
            None => "the host answered with an error".to_owned(),
        },
        Outcome::Protocol => "the host's answer broke the rules of HTTP".to_owned(),
        Outcome::Unreadable => "the page is of a kind that cannot be read".to_owned(),
        Outcome::Panicked => "reading the page hit a defect of tearsheet".to_owned(),
        Outcome::Store => "the store could not take it".to_owned(),
        Outcome::Challenge => "a challenge page for browsers stands before the list".to_owned(),
        Outcome::LoginWall => "the list is shown only after a login".to_owned(),
        Outcome::Missing => "the page says that it does not exist".to_owned(),
        Outcome::Shell => "the page is an empty frame that scripts fill".to_owned(),
        Outcome::Changed => "the page's layout has changed: its rule matches nothing".to_owned(),
        Outcome::Empty => "the page says that its list is empty".to_owned(),
        Outcome::Garbled => "the page's text is garbled".to_owned(),
    }
}

fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// An address without its scheme, cut where it is long.
fn short(url: &str) -> String {
    let text = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    match text.chars().count() {
        0..=60 => text.to_owned(),
        _ => text.chars().take(59).chain(['…']).collect(),
    }
}
