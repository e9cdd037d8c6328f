//! A document → JSON Feed 1.1 (jsonfeed.org/version/1.1).

use serde::Serialize;

use super::{
    date,
    format::{Format, older_link, page_link, self_link, shown_title},
    language, wording,
    xml::XmlText,
};
use crate::model::{Article, Document};

#[derive(Serialize)]
struct Feed {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Hub {
    r#type: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Item {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(rename = "_tearsheet", skip_serializing_if = "Option::is_none")]
    own: Option<Own>,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

/// What JSON Feed has no word for; its rules give extensions a leading `_`.
#[derive(Serialize)]
struct Own {
    outlet: String,
}

/// The document as a JSON Feed.
pub fn write(document: &Document) -> Vec<u8> {
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: shown_title(document),
        home_page_url: page_link(document),
        feed_url: self_link(document, Format::Json),
        next_url: older_link(document, Format::Json),
        hubs: document.hub.iter().map(|hub| Hub { r#type: "WebSub", url: hub.to_string() }).collect(),
        language: document.language.as_deref().and_then(language::tag),
        items: document.entries.iter().map(|entry| item(&entry.article)).collect(),
    };
    // Strings and lists alone cannot fail to serialise.
    let mut bytes = serde_json::to_vec(&feed).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn item(article: &Article) -> Item {
    let title = wording::title(article);
    let html = [&article.content, &article.summary].into_iter().flatten().find_map(|html| XmlText::html(html).filled());
    let (at, offset) = date::parts(&article.published);
    Item {
        id: article.key.urn(),
        url: super::web(&article.url).map(String::from),
        // Every item needs content of one of the two kinds.
        content_text: html.is_none().then(|| title.clone()),
        content_html: html.map(String::from),
        summary: XmlText::line(&wording::summary(article)).filled().map(String::from),
        image: article.image.as_deref().and_then(super::web).map(String::from),
        date_published: date::rfc3339(at, offset),
        date_modified: date::rfc3339(article.updated, offset),
        authors: wording::names(&article.authors).into_iter().map(|name| Author { name: name.into() }).collect(),
        tags: wording::names(&article.categories).into_iter().map(String::from).collect(),
        language: article.language.as_deref().and_then(language::tag),
        own: article
            .outlet
            .as_deref()
            .and_then(|outlet| XmlText::line(outlet).filled())
            .map(|outlet| Own { outlet: outlet.into() }),
        title,
    }
}
