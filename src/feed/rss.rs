//! A document → RSS 2.0, with the content, Dublin Core, Atom and Media RSS modules.

use std::collections::BTreeMap;

use ::rss as crate_rss;
use crate_rss::{
    Category, Channel, Guid, Item,
    extension::{
        Extension, ExtensionMap,
        atom::{AtomExtension, Link},
        dublincore::DublinCoreExtension,
    },
};

use super::{
    date,
    format::{Format, HISTORY, page_link, past_links, self_link, shown_title},
    language, wording,
    xml::XmlText,
};
use crate::model::{Article, Document};

/// The document as RSS 2.0 (rssboard.org/rss-specification).
pub fn write(document: &Document) -> Vec<u8> {
    let title = shown_title(document);
    let link = page_link(document);
    let describes = super::host(&link).map_or_else(|| title.clone(), |host| format!("{title} · {host}"));
    let namespaces = [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("media", "http://search.yahoo.com/mrss/"),
    ];
    let mut links = vec![Link {
        href: self_link(document, Format::Rss),
        rel: "self".to_owned(),
        mime_type: Some(Format::Rss.media_type().to_owned()),
        ..Link::default()
    }];
    links.extend(past_links(document, Format::Rss).into_iter().map(|(rel, href)| Link {
        href,
        rel: rel.to_owned(),
        mime_type: Some(Format::Rss.media_type().to_owned()),
        ..Link::default()
    }));
    links.extend(document.hub.iter().map(|hub| Link {
        href: hub.to_string(),
        rel: "hub".to_owned(),
        ..Link::default()
    }));
    let channel = Channel {
        title: XmlText::untyped(&title).into(),
        link,
        description: XmlText::untyped(&describes).into(),
        language: document.language.as_deref().and_then(language::tag),
        last_build_date: document.updated.and_then(|at| date::rfc2822(at, 0)),
        generator: Some("tearsheet".to_owned()),
        ttl: Some(document.every.as_secs().div_ceil(60).max(1).to_string()),
        items: document.entries.iter().map(|entry| item(document, &entry.article)).collect(),
        atom_ext: Some(AtomExtension { links }),
        namespaces: namespaces
            .into_iter()
            .chain(document.archive.map(|_| ("fh", HISTORY)))
            .map(|(name, url)| (name.to_owned(), url.to_owned()))
            .collect(),
        extensions: document.archive.map(|_| archive_mark()).unwrap_or_default(),
        ..Channel::default()
    };
    // Writing into memory cannot fail.
    channel.write_to(Vec::with_capacity(room(document))).unwrap_or_default()
}

/// About as many bytes as the document takes: growing step by step would copy what is written again and again.
fn room(document: &Document) -> usize {
    /// Of an entry without its texts: names of elements, addresses, dates.
    const ENTRY: usize = 1_000;
    let texts = document.entries.iter().flat_map(|entry| [&entry.article.summary, &entry.article.content]);
    let texts: usize = texts.flatten().map(|html| html.as_str().len()).sum();
    ENTRY * (document.entries.len() + 2) + texts
}

/// `fh:archive`: this page stays as it is (RFC 5005, section 4).
fn archive_mark() -> ExtensionMap {
    let mark = Extension { name: "fh:archive".to_owned(), ..Extension::default() };
    ExtensionMap::from([("fh".to_owned(), BTreeMap::from([("archive".to_owned(), vec![mark])]))])
}

fn item(document: &Document, article: &Article) -> Item {
    let (at, offset) = date::parts(&article.published);
    // Of RSS it is asked that `description` be the summary wherever `content:encoded` is given.
    let summary = article.summary.as_ref().map(XmlText::html).and_then(XmlText::filled);
    let summary = summary.or_else(|| XmlText::escaped(&wording::summary(article)).filled());
    let content = article.content.as_ref().map(XmlText::html).and_then(XmlText::filled);
    Item {
        title: Some(XmlText::untyped(&wording::title(article)).into()),
        link: super::web(&article.url).map(String::from),
        description: summary.map(String::from),
        content: content.map(String::from),
        guid: Some(Guid { value: article.key.urn(), permalink: false }),
        pub_date: date::rfc2822(at, offset),
        categories: wording::names(&article.categories)
            .iter()
            .map(|name| Category { name: XmlText::untyped(name.as_str()).into(), domain: None })
            .collect(),
        dublin_core_ext: dublin_core(document, article),
        extensions: article.image.as_deref().map(media).unwrap_or_default(),
        ..Item::default()
    }
}

/// Authors, outlet, and the language where it is not the feed's.
fn dublin_core(document: &Document, article: &Article) -> Option<DublinCoreExtension> {
    let untyped = |text: &str| XmlText::untyped(text).filled().map(String::from);
    let tag = article.language.as_deref().and_then(language::tag);
    let core = DublinCoreExtension {
        creators: wording::names(&article.authors).iter().filter_map(|name| untyped(name.as_str())).collect(),
        publishers: article.outlet.as_deref().and_then(untyped).into_iter().collect(),
        languages: tag.filter(|tag| Some(tag) != document.language.as_ref()).into_iter().collect(),
        ..DublinCoreExtension::default()
    };
    (core != DublinCoreExtension::default()).then_some(core)
}

/// The picture as Media RSS: RSS's own `enclosure` needs a length that is not known.
pub(super) fn media(image: &str) -> ExtensionMap {
    let Some(url) = super::web(image).map(String::from) else { return ExtensionMap::new() };
    let element = |name: &str, attrs: &[(&str, &str)]| Extension {
        name: format!("media:{name}"),
        attrs: attrs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..Extension::default()
    };
    let media = BTreeMap::from([
        ("content".to_owned(), vec![element("content", &[("url", &url), ("medium", "image")])]),
        ("thumbnail".to_owned(), vec![element("thumbnail", &[("url", &url)])]),
    ]);
    ExtensionMap::from([("media".to_owned(), media)])
}
