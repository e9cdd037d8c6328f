//! Foreign feeds → rows: RSS 0.9 to 2.0, RDF, Atom and JSON Feed, through feed-rs.
//!
//! feed-rs sees nothing that [`xml::guard`] refuses. Its dates are instants in UTC, which lose the zone and the
//! precision that a feed wrote; so its parser of dates is replaced by one that only numbers the texts ([`Dates`]),
//! and rows carry the texts themselves.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use feed_rs::{
    model::{Entry, Feed, Link, Text},
    parser,
};

use super::{
    cadence, head, link, mend,
    notes::Notes,
    plain,
    read::{ROWS, empty},
    xml,
};
use crate::{
    model::{DateText, Item, Listing, Markup, Origin, Outcome, Page},
    reading::text::line,
};

/// The rows of a feed.
pub(super) fn read(page: &Page) -> Listing {
    let mut notes = Notes::default();
    let dates = Dates::default();
    match parse(page, &dates, &mut notes) {
        Ok(feed) => Listing { cadence: cadence::read(&xml::text(page)), ..listing(page, feed, &dates, notes) },
        Err(outcome) => empty(page, outcome, notes),
    }
}

/// The feed as it is, else with its commonest faults mended.
fn parse(page: &Page, dates: &Dates, notes: &mut Notes) -> Result<Feed, Outcome> {
    let is_json = page.text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('{');
    if is_json {
        let text = page.text.trim_start_matches('\u{feff}');
        return attempt(text, page, dates).or_else(|_| attempt(&mend::json(text), page, dates)).map_err(|fault| {
            notes.page(
                format!("it cannot be read as a JSON Feed: {fault}"),
                "look whether the host sends an error page",
            );
            Outcome::Unreadable
        });
    }
    let text = xml::text(page);
    let mut refuse = |refused: xml::Refused| {
        notes.page(format!("the feed is refused: {refused}"), "tell its publisher, or watch the site's listing page");
        Outcome::TooComplex
    };
    xml::guard(&text).map_err(&mut refuse)?;
    let first = match attempt(&text, page, dates) {
        Ok(feed) if !feed.entries.is_empty() => return Ok(feed),
        other => other,
    };
    let mended = mend::xml(&text);
    xml::guard(&mended).map_err(&mut refuse)?;
    match (first, attempt(&mended, page, dates)) {
        (Ok(_), Ok(feed)) => Ok(feed),
        (Ok(feed), Err(_)) => Ok(feed),
        (Err(fault), Ok(feed)) => {
            notes.page(format!("the feed has faults and was read with them mended: {fault}"), "tell its publisher");
            Ok(feed)
        }
        (Err(fault), Err(_)) => {
            notes.page(format!("it cannot be read as a feed: {fault}"), "look whether the host sends an error page");
            Err(Outcome::Unreadable)
        }
    }
}

/// One reading by feed-rs; its fault as one line of text.
fn attempt(text: &str, page: &Page, dates: &Dates) -> Result<Feed, String> {
    let numbering = dates.clone();
    let parser = parser::Builder::new()
        .base_uri(Some(page.url.as_str()))
        // An id is kept only where the feed itself gives one.
        .id_generator(|_, _, _| String::new())
        .sanitize_content(false)
        .timestamp_parser(move |text| numbering.number(text))
        .build();
    // The parser under feed-rs panics on a second XML declaration that names an encoding. Nothing outlives it but the
    // numbering of dates, which is whole after every step.
    let parsed = panic::catch_unwind(AssertUnwindSafe(|| parser.parse(text.as_bytes())));
    let Ok(parsed) = parsed else { return Err("its XML breaks the parser".to_owned()) };
    parsed.map_err(|fault| {
        let line: String = fault.to_string().chars().filter(|sign| !sign.is_control()).take(200).collect();
        line
    })
}

fn listing(page: &Page, feed: Feed, dates: &Dates, mut notes: Notes) -> Listing {
    let mut items = Vec::with_capacity(feed.entries.len().min(ROWS));
    if feed.entries.len() > ROWS {
        notes.page(format!("it has more than {} entries; the rest were left out", ROWS), "nothing need be done");
    }
    for (place, entry) in feed.entries.into_iter().take(ROWS).enumerate() {
        let item = item(entry, dates);
        if item.link.is_none() && item.title.is_empty() && item.summary.is_none() && item.content.is_none() {
            notes.row(place, "item", "the entry is empty", "nothing need be done");
            continue;
        }
        if item.link.is_none() {
            notes.row(place, "link", "the entry has no link", "nothing need be done if the feed is of notes alone");
        }
        items.push(item);
    }
    let mut listing = empty(page, Outcome::Read, notes);
    if items.is_empty() {
        listing.outcome = Outcome::NoMatch;
    }
    listing.title = feed.title.as_ref().map(title).filter(|title| !title.is_empty());
    listing.language = feed.language.as_deref().and_then(head::tag).or(listing.language);
    // RFC 5005, section 3: further pages of the same feed.
    listing.next = feed.links.into_iter().find(|link| link.rel.as_deref() == Some("next")).map(|link| link.href);
    listing.items = items;
    listing
}

fn item(entry: Entry, dates: &Dates) -> Item {
    let guid = Some(entry.id.trim().to_owned()).filter(|id| !id.is_empty());
    let link = permalink(&entry.links).or_else(|| guid.clone().filter(|id| link::leads_absolutely(id)));
    let image = image(&entry);
    let summary = entry.summary.map(markup).filter(holds_text);
    let content = entry.content.and_then(|content| {
        let body = content.body?;
        let is_text = content.content_type.as_str().starts_with("text/plain");
        Some(if is_text { Markup::Text(body) } else { Markup::Html(body) })
    });
    let names = entry.authors.into_iter().filter_map(|person| person.name.or(person.email));
    let labels = entry.categories.into_iter().map(|category| category.label.unwrap_or(category.term));
    let date = |at: DateTime<Utc>| dates.text(at);
    let mut written: Vec<DateText> = entry.published.and_then(date).into_iter().collect();
    // feed-rs repeats RSS's only date as the second.
    written.extend(entry.updated.and_then(date).filter(|updated| !written.contains(updated)));
    Item {
        title: entry.title.as_ref().map(title).unwrap_or_default(),
        link,
        dates: written,
        summary,
        content: content.filter(holds_text),
        image,
        authors: each_once(names),
        categories: each_once(labels),
        outlet: entry.source.filter(|source| !link::leads_absolutely(source)),
        guid,
    }
}

/// RFC 4287, section 4.2.7.2: no relation means "alternate"; comments, enclosures and the feed itself are others.
fn permalink(links: &[Link]) -> Option<String> {
    let of_entry = |link: &&Link| link.target.is_none() && link::leads(&link.href);
    let page = links.iter().filter(of_entry).find(|link| matches!(link.rel.as_deref(), None | Some("alternate")));
    page.map(|link| link.href.clone())
}

fn image(entry: &Entry) -> Option<String> {
    let of_media = entry.media.iter().find_map(|media| {
        let shown = media.content.iter().find(|content| {
            content.content_type.as_ref().is_some_and(|media_type| media_type.as_str().starts_with("image/"))
        });
        let shown = shown.and_then(|content| content.url.as_ref()).map(ToString::to_string);
        shown.or_else(|| media.thumbnails.first().map(|thumbnail| thumbnail.image.uri.clone()))
    });
    let is_picture = |link: &&Link| link.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/"));
    of_media.or_else(|| entry.links.iter().find(is_picture).map(|link| link.href.clone()))
}

fn markup(text: Text) -> Markup {
    let is_text = text.content_type.as_str().starts_with("text/plain");
    if is_text { plain::markup(text.content) } else { Markup::Html(text.content) }
}

fn holds_text(markup: &Markup) -> bool {
    let (Markup::Text(text) | Markup::Html(text)) = markup;
    !text.trim().is_empty()
}

/// A title without marks.
fn title(text: &Text) -> String {
    plain::plain(&text.content)
}

fn each_once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.map(|text| line(&text)).filter(|text| !text.is_empty()) {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}

/// The texts of dates, numbered in the order in which they were met. An instant made here is only such a number.
#[derive(Clone, Default)]
struct Dates {
    texts: Arc<Mutex<Vec<String>>>,
}

impl Dates {
    fn number(&self, text: &str) -> Option<DateTime<Utc>> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let number = i64::try_from(texts.len()).ok()?;
        texts.push(line(text));
        DateTime::from_timestamp(number, 0)
    }

    fn text(&self, at: DateTime<Utc>) -> Option<DateText> {
        let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let text = texts.get(usize::try_from(at.timestamp()).ok()?)?.clone();
        (!text.is_empty()).then_some(DateText { text, format: None, origin: Origin::Feed, year: None })
    }
}
