//! What a page says of itself for machines: `<meta>` elements and JSON-LD, as [`Data`].

use scraper::{ElementRef, Html};
use serde_json::Value;

use crate::reading::{
    dom::{self, Limits},
    text::line,
};

/// A page has a few of these; what comes after is not read.
const MOST_OBJECTS: usize = 400;

/// A file that a page shows within itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// A player.
    Video,
    /// A document to be read page by page.
    Pdf,
}

impl Shown {
    /// What an element that embeds something shows.
    fn of(element: ElementRef<'_>) -> Option<Self> {
        let name = element.value().name();
        if name == "video" {
            return Some(Self::Video);
        }
        let source = element.attr("src").or_else(|| element.attr("data")).unwrap_or_default().to_ascii_lowercase();
        let kind = element.attr("type").unwrap_or_default();
        let path = source.split(['?', '#']).next().unwrap_or_default();
        let is_player = ["player", "/embed", "video"].iter().any(|word| source.contains(word));
        match () {
            () if path.ends_with(".pdf") || kind == "application/pdf" => Some(Self::Pdf),
            () if is_player || element.attr("allowfullscreen").is_some() => Some(Self::Video),
            () if path.ends_with(".swf") || kind.starts_with("video/") => Some(Self::Video),
            () => None,
        }
    }
}

/// `<meta>` and JSON-LD of a page.
#[derive(Debug, Default)]
pub(super) struct Data {
    /// Names in lower case, and contents, in the order of the page.
    pub(super) metas: Vec<(String, String)>,
    /// Every JSON-LD object that has a type, outer before inner.
    pub(super) objects: Vec<Value>,
    /// `<title>`.
    pub(super) title: Option<String>,
    /// `rel="canonical"` as written.
    pub(super) canonical: Option<String>,
    /// `rel="next"` as written.
    pub(super) next: Option<String>,
    /// Kinds of files that the page shows within itself.
    pub(super) shown: Vec<Shown>,
    /// `<base href>` as written.
    pub(super) base: Option<String>,
}

impl Data {
    /// Reads them in one walk.
    pub(super) fn of(html: &Html) -> Self {
        let mut data = Self::default();
        for element in html.root_element().descendent_elements() {
            data.see(element);
        }
        data
    }

    fn see(&mut self, element: ElementRef<'_>) {
        match element.value().name() {
            "title" if self.title.is_none() && !is_in_picture(element) => {
                self.title = Some(line(&element.text().collect::<String>())).filter(|text| !text.is_empty());
            }
            "meta" => {
                let name = ["property", "name", "itemprop", "http-equiv"].iter().find_map(|name| element.attr(name));
                let content = element.attr("content").map(line).filter(|text| !text.is_empty());
                // A property may name several, apart by spaces (RDFa 1.1, section 7.4.3).
                if let (Some(names), Some(content)) = (name, content) {
                    let names = names.to_ascii_lowercase();
                    self.metas.extend(names.split_ascii_whitespace().map(|name| (name.to_owned(), content.clone())));
                }
            }
            "link" | "a" => {
                let rel = element.attr("rel").unwrap_or_default();
                let is = |wanted: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(wanted));
                let href = || element.attr("href").map(str::to_owned);
                if self.canonical.is_none() && element.value().name() == "link" && is("canonical") {
                    self.canonical = href();
                } else if self.next.is_none() && is("next") {
                    self.next = href();
                }
            }
            "video" | "iframe" | "embed" | "object" => self.shown.extend(Shown::of(element)),
            "base" if self.base.is_none() => self.base = element.attr("href").map(str::to_owned),
            "script" => {
                let kind = element.attr("type").unwrap_or_default();
                if kind.trim().to_ascii_lowercase().starts_with("application/ld+json") {
                    self.objects(&element.text().collect::<String>());
                }
            }
            _ => {}
        }
    }

    /// JSON-LD as pages write it: line breaks inside strings, and comments or CDATA marks around.
    fn objects(&mut self, text: &str) {
        let text = text
            .trim()
            .trim_start_matches("//")
            .trim_start()
            .trim_start_matches("<![CDATA[")
            .trim_start_matches("<!--");
        let text = text.trim_end().trim_end_matches("-->").trim_end_matches("]]>").trim_end().trim_end_matches("//");
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let text = text.trim().trim_end_matches(';');
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            self.take(&value);
        }
    }

    fn take(&mut self, value: &Value) {
        if self.objects.len() >= MOST_OBJECTS {
            return;
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.take(value)),
            Value::Object(fields) => {
                if fields.contains_key("@type") {
                    self.objects.push(value.clone());
                }
                for inner in ["@graph", "mainEntity", "mainEntityOfPage"] {
                    fields.get(inner).into_iter().for_each(|value| self.take(value));
                }
            }
            _ => {}
        }
    }

    /// The first content of any of these names, in the order of the names.
    pub(super) fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.every_meta(name).next())
    }

    /// All contents of a name.
    pub(super) fn every_meta(&self, name: &str) -> impl Iterator<Item = &str> {
        self.metas.iter().filter(move |(other, _)| other == name).map(|(_, content)| content.as_str())
    }

    /// The objects that are an article, the most telling first.
    pub(super) fn articles(&self) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(|object| types(object).any(is_article))
    }

    /// The first text of a field over all articles.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        self.articles().find_map(|object| text_of(object.get(name)?))
    }
}

/// The types of an object.
pub(super) fn types(object: &Value) -> impl Iterator<Item = &str> {
    let kind = object.get("@type");
    let several = kind.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    kind.and_then(Value::as_str).into_iter().chain(several)
}

fn is_article(kind: &str) -> bool {
    let kind = kind.rsplit(['/', ':']).next().unwrap_or_default();
    kind.ends_with("Article")
        || kind.ends_with("Posting")
        || kind.ends_with("Webpage")
        || matches!(
            kind,
            "Report" | "Review" | "Recipe" | "CreativeWork" | "WebPage" | "HowTo" | "VideoObject" | "Product"
        )
}

/// A field's text: of itself, of its first entry, or the `name` or `@value` of an object.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(unescaped(text)).filter(|text| !text.is_empty()),
        Value::Array(values) => values.iter().find_map(text_of),
        Value::Object(fields) => ["name", "@value", "headline"].iter().find_map(|name| text_of(fields.get(*name)?)),
        _ => None,
    }
}

/// JSON-LD often holds HTML's own escapes.
pub(super) fn unescaped(text: &str) -> String {
    let plain = line(text);
    if !plain.contains('&') && !plain.contains('<') {
        return plain;
    }
    match dom::parse_fragment(&plain, &Limits::fragment()) {
        Ok(tree) => line(&tree.root_element().text().collect::<String>()),
        Err(_) => plain,
    }
}

/// `<title>` also names the parts of an SVG picture.
fn is_in_picture(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|outer| outer.value().name() == "svg")
}
