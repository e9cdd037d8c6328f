//! A document → Atom (RFC 4287).

use std::collections::BTreeMap;

use atom_syndication::{
    self as atom,
    extension::{Extension, ExtensionMap},
};
use jiff::{SignedDuration, Timestamp};
use quick_xml::escape::escape;

use super::{
    date,
    format::{Format, HISTORY, page_link, past_links, self_link, shown_title},
    language, wording,
    xml::XmlText,
};
use crate::model::{Article, Document};

/// The document as an Atom feed.
pub fn write(document: &Document) -> Vec<u8> {
    let title = shown_title(document);
    let entries: Vec<atom::Entry> = document.entries.iter().map(|entry| self::entry(&entry.article)).collect();
    let mut links = vec![
        link(&page_link(document), "alternate", "text/html"),
        link(&self_link(document, Format::Atom), "self", Format::Atom.media_type()),
    ];
    links.extend(
        past_links(document, Format::Atom).iter().map(|(rel, href)| link(href, rel, Format::Atom.media_type())),
    );
    links.extend(document.hub.iter().map(|hub| atom::Link {
        href: hub.to_string(),
        rel: "hub".to_owned(),
        ..atom::Link::default()
    }));
    let newest = entries.iter().map(|entry| entry.updated).max();
    let feed = atom::Feed {
        id: document.urn.clone(),
        // An empty feed still needs a date (section 4.1.1); the epoch says "never" and never changes.
        updated: newest.unwrap_or_else(|| date::chrono(document.updated.unwrap_or(Timestamp::UNIX_EPOCH), 0)),
        // Entries without an author inherit this one, so that every entry has one (section 4.1.2).
        authors: vec![person(&title)],
        title: atom::Text::plain(title),
        generator: Some(atom::Generator { value: "tearsheet".to_owned(), uri: None, version: None }),
        links,
        lang: document.language.as_deref().and_then(language::tag),
        namespaces: [("dc", "http://purl.org/dc/elements/1.1/"), ("media", "http://search.yahoo.com/mrss/")]
            .into_iter()
            .chain(document.archive.map(|_| ("fh", HISTORY)))
            .map(|(name, url)| (name.to_owned(), url.to_owned()))
            .collect(),
        extensions: document.archive.map(|_| archive_mark()).unwrap_or_default(),
        entries,
        ..atom::Feed::default()
    };
    let config = atom::WriteConfig { write_document_declaration: false, indent_size: None };
    // Writing into memory cannot fail.
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_vec();
    bytes.extend(feed.write_with_config(Vec::new(), config).unwrap_or_default());
    bytes
}

fn entry(article: &Article) -> atom::Entry {
    let title = wording::title(article);
    let lang = article.language.as_deref().and_then(language::tag);
    let html = |html: XmlText| atom::Content {
        value: Some(html.into()),
        content_type: Some("html".to_owned()),
        lang: lang.clone(),
        ..atom::Content::default()
    };
    let alternate = super::web(&article.url);
    let content = article.content.as_ref().map(XmlText::html).and_then(XmlText::filled);
    // An entry needs a link or content (section 4.1.2).
    let content = content.or_else(|| alternate.is_none().then(|| XmlText::escaped(&title)));
    let (at, offset) = date::parts(&article.published);
    atom::Entry {
        id: article.key.urn(),
        updated: date::chrono(updated(article), offset),
        published: Some(date::chrono(at, offset)),
        title: atom::Text { value: title, lang: lang.clone(), ..atom::Text::default() },
        summary: summary(article, lang.clone()),
        content: content.map(html),
        authors: wording::names(&article.authors).iter().map(|name| person(name.as_str())).collect(),
        categories: wording::names(&article.categories)
            .into_iter()
            .map(|name| atom::Category { term: name.into(), scheme: None, label: None })
            .collect(),
        links: alternate.iter().map(|url| link(url.as_str(), "alternate", "text/html")).collect(),
        extensions: extensions(article),
        ..atom::Entry::default()
    }
}

/// When the article last changed, with a fraction of a second that tells articles of one visit apart.
///
/// Readers that sort by `updated` then keep the page's order, and no two entries share the value, of which validators warn.
fn updated(article: &Article) -> Timestamp {
    let place = article.sightings.first().map_or(0, |sighting| i64::from(sighting.place.min(999)));
    let [.., high, low] = *article.key.bytes();
    let apart = i64::from(u16::from_be_bytes([high, low])) % 1000;
    let fraction = SignedDuration::from_micros((999 - place) * 1000 + apart);
    article.updated.checked_add(fraction).unwrap_or(article.updated)
}

/// The summary as clean HTML where the page gave one, else as plain text.
fn summary(article: &Article, lang: Option<String>) -> Option<atom::Text> {
    let own = article.summary.as_ref().map(XmlText::html).and_then(XmlText::filled);
    let (value, r#type) = match own {
        Some(html) => (html, atom::TextType::Html),
        None => (XmlText::line(&wording::summary(article)).filled()?, atom::TextType::Text),
    };
    Some(atom::Text { value: value.into(), r#type, lang, ..atom::Text::default() })
}

fn person(name: &str) -> atom::Person {
    atom::Person { name: XmlText::line(name).into(), ..atom::Person::default() }
}

fn link(href: &str, rel: &str, media_type: &str) -> atom::Link {
    atom::Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: Some(media_type.to_owned()),
        ..atom::Link::default()
    }
}

/// `fh:archive`: this page stays as it is (RFC 5005, section 4).
fn archive_mark() -> ExtensionMap {
    let mark = Extension { name: "fh:archive".to_owned(), ..Extension::default() };
    ExtensionMap::from([("fh".to_owned(), BTreeMap::from([("archive".to_owned(), vec![mark])]))])
}

/// The outlet and the picture, for which Atom has no element of its own: readers take Dublin Core and Media RSS here too.
fn extensions(article: &Article) -> ExtensionMap {
    let outlet = article.outlet.as_deref().and_then(|outlet| XmlText::line(outlet).filled());
    let publisher = outlet.map(|outlet| Extension {
        name: "dc:publisher".to_owned(),
        value: Some(outlet.into()),
        ..Extension::default()
    });
    let thumbnail = article.image.as_deref().and_then(super::web).map(|url| Extension {
        name: "media:thumbnail".to_owned(),
        // The crate writes the attributes of extensions as they are.
        attrs: [("url".to_owned(), escape(url.as_str()).into_owned())].into(),
        ..Extension::default()
    });
    [("dc", "publisher", publisher), ("media", "thumbnail", thumbnail)]
        .into_iter()
        .filter_map(|(module, name, element)| {
            Some((module.to_owned(), BTreeMap::from([(name.to_owned(), vec![element?])])))
        })
        .collect()
}
