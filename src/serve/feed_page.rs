//! A document → `/feeds/{id}`: the feed for people, its entries by day.

use maud::{Markup, html};

use super::access;
use super::page::{self, Page, line};
use crate::feed::{self, Format};
use crate::model::{Article, Document, Precision};

/// The feed's page. The addresses on it hold the `key` of a private feed.
pub(super) fn page(document: &Document, key: Option<&str>) -> Markup {
    let title = match line(&document.title) {
        title if title.is_empty() => document.id.to_string(),
        title => title,
    };
    let host = feed::host(&document.link);
    let body = html! {
        header.mast {
            div.wrap {
                p.brand { a href="../" { "tearsheet" } }
                h1 dir="auto" lang=[document.language.as_deref()] { (title) }
                p.sub {
                    (document.entries.len()) @if document.entries.len() == 1 { " entry" } @else { " entries" }
                    @if let (Some(host), Some(link)) = (&host, feed::web(&document.link)) {
                        " from " a href=(link.as_str()) rel="noreferrer" { (host) }
                    }
                }
                (subscribe(document, key))
            }
        }
        main.wrap #main {
            @if document.entries.is_empty() { p.empty { "Nothing is here yet. Articles will be after the next visit that finds one, digests from their hour on." } }
            @for (day, articles) in days(document) {
                section.day aria-labelledby={ "d" (day) } {
                    h2 #{ "d" (day) } { time datetime=(day) { (day) } }
                    ol.entries role="list" {
                        @for article in articles { (entry(document, article)) }
                    }
                }
            }
        }
    };
    page::frame(Page {
        title: &title,
        root: "../",
        feeds: if key.is_some() { Vec::new() } else { vec![(&document.id, title.as_str())] },
        body,
    })
}

/// The addresses to subscribe to.
fn subscribe(document: &Document, key: Option<&str>) -> Markup {
    let query = key.map(access::query).unwrap_or_default();
    html! {
        div.subscribe {
            @for format in Format::ALL {
                @let name = format.extension();
                @let field = format!("address-{name}");
                div.address {
                    label for=(field) { (format.name()) }
                    input id=(field) type="text" readonly
                        value={ (document.base_url) "/feeds/" (document.id) "." (name) (query) };
                    button type="button" hidden data-copy=(field) aria-label={ "Copy the " (format.name()) " address" } { "Copy" }
                }
            }
        }
    }
}

/// Entries under the days of their own zones, in the order shown. A feed not ordered by date may name a day again.
fn days(document: &Document) -> Vec<(String, Vec<&Article>)> {
    let mut days: Vec<(String, Vec<&Article>)> = Vec::new();
    for entry in &document.entries {
        let article = entry.article.as_ref();
        let day: String = article.published.written().split('T').next().unwrap_or_default().to_owned();
        match days.iter_mut().find(|(known, _)| *known == day) {
            Some((_, articles)) => articles.push(article),
            None => days.push((day, vec![article])),
        }
    }
    days
}

fn entry(document: &Document, article: &Article) -> Markup {
    let title = feed::title(article);
    let summary = feed::summary(article);
    let lang = article.language.as_deref().and_then(feed::language_tag).or_else(|| document.language.clone());
    let written = article.published.written();
    html! {
        li.entry {
            @if article.published.precision != Precision::Day {
                time.when datetime=(written) { (clock(&written)) }
            } @else {
                // The day above is all that is known.
                span.when {}
            }
            article.what lang=[lang] dir="auto" {
                h3 {
                    @match feed::web(&article.url) {
                        Some(url) => a href=(url.as_str()) rel="noreferrer" { (title) },
                        None => (title),
                    }
                }
                @if !summary.is_empty() && summary != title { p.summary { (summary) } }
                (about(article))
            }
            @if let Some(image) = article.image.as_deref().and_then(feed::web) {
                img.thumb src=(image.as_str()) alt="" loading="lazy" referrerpolicy="no-referrer" width="112" height="84";
            }
        }
    }
}

/// Outlet, authors and categories.
fn about(article: &Article) -> Markup {
    let outlet = article.outlet.as_deref().map(line).filter(|outlet| !outlet.is_empty());
    let authors = feed::names(&article.authors);
    let categories = feed::names(&article.categories);
    html! {
        @if outlet.is_some() || !authors.is_empty() || !categories.is_empty() {
            p.about {
                @if let Some(outlet) = outlet { span.outlet { (outlet) } }
                @for author in authors { span.author { (author.as_str()) } }
                @for category in categories { span.tag { (category.as_str()) } }
            }
        }
    }
}

/// Hours and minutes of an RFC 3339 instant, in its own zone.
fn clock(written: &str) -> String {
    written.split('T').nth(1).unwrap_or_default().chars().take(5).collect()
}
