//! Mends the commonest faults of feeds, so that one bad sign does not silence a source: entities that XML does not
//! know, bare `&` and `<`, signs that XML forbids, end tags that are missing or wrong, a document that breaks off,
//! versions and namespaces of old dialects that feed-rs does not know by name.
//!
//! [`xml`] writes every tag anew in one pass; [`json`] does the like for JSON Feed. Neither adds content.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    shown::{self, Others},
    tag::Tag,
};
use crate::reading::dom::{self, Limits};

/// So many different names of entities are looked up in one document.
const NAMES: usize = 300;

/// Elements are followed so deeply, a little more than [`super::xml::guard`] lets pass.
const DEPTH: usize = 260;

/// Namespaces that feed-rs knows, and the beginnings of the old or misspelt ones that mean them.
const NAMESPACES: [(&str, &[&str]); 6] = [
    ("http://www.w3.org/2005/Atom", &["purl.org/atom/ns", "www.w3.org/2005/atom"]),
    ("http://purl.org/rss/1.0/modules/content/", &["purl.org/rss/1.0/modules/content"]),
    ("http://purl.org/dc/elements/1.1/", &["purl.org/dc/elements/1."]),
    ("http://search.yahoo.com/mrss/", &["search.yahoo.com/mrss"]),
    (
        "http://purl.org/rss/1.0/",
        &["my.netscape.com/", "channel.netscape.com/", "backend.userland.com/", "purl.org/net/rss1.1", "purl.org/rss/"],
    ),
    ("http://purl.org/rss/1.0/", &["blogs.law.harvard.edu/", "cyber.law.harvard.edu/", "cyber.harvard.edu/rss"]),
];

/// Prefixes that feeds use without saying what they mean.
const PREFIXES: [(&str, &str); 4] = [
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:media", "http://search.yahoo.com/mrss/"),
    ("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
];

/// The document with its faults mended: well-formed, if not a feed.
pub(super) fn xml(text: &str) -> String {
    let mut mender = Mender { out: String::with_capacity(text.len() + text.len() / 8), ..Mender::default() };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        mender.text(before);
        rest = mender.markup(after);
    }
    mender.text(rest);
    mender.close_to(0);
    mender.out
}

#[derive(Default)]
struct Mender {
    out: String,
    /// Names of the elements that are open.
    open: Vec<String>,
    is_old_atom: bool,
    names: HashMap<String, Option<String>>,
}

impl Mender {
    /// What follows a `<`; gives back what is behind it.
    fn markup<'a>(&mut self, after: &'a str) -> &'a str {
        if let Some(cdata) = after.strip_prefix("![CDATA[") {
            let (words, rest) = cdata.split_once("]]>").unwrap_or((cdata, ""));
            for sign in words.chars().filter(|sign| is_legal(*sign)) {
                self.escape(sign);
            }
            return rest;
        }
        if let Some(comment) = after.strip_prefix("!--") {
            return comment.split_once("-->").map_or("", |(_, rest)| rest);
        }
        if let Some(declared) = after.strip_prefix('!') {
            let has_subset = declared.find('[').is_some_and(|at| declared.find('>').is_none_or(|end| at < end));
            return declared.split_once(if has_subset { "]>" } else { ">" }).map_or("", |(_, rest)| rest);
        }
        if let Some(told) = after.strip_prefix('?') {
            return told.split_once('>').map_or("", |(_, rest)| rest);
        }
        if let Some(end) = after.strip_prefix('/') {
            let (name, rest) = end.split_once('>').unwrap_or((end, ""));
            self.end(name.trim());
            return rest;
        }
        if !after.starts_with(|sign: char| sign.is_alphabetic() || sign == '_') {
            self.out.push_str("&lt;");
            return after;
        }
        match Tag::read(after) {
            // Deeper than any reader goes on; looking for the end tag of each would take long.
            Some(_) if self.open.len() > DEPTH => "",
            Some((tag, rest)) => {
                self.start(tag);
                rest
            }
            // The document breaks off within a tag.
            None => "",
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let name = self.known_name(tag.name).to_owned();
        if matches!(name.as_str(), "item" | "entry")
            && let Some(place) = self.open.iter().rposition(|open| *open == name)
        {
            self.close_to(place);
        }
        let is_root = self.open.is_empty();
        self.out.push('<');
        self.out.push_str(&name);
        let mut seen = HashSet::new();
        if is_root && name == "rss" {
            let version = tag.attributes.iter().find(|(name, _)| *name == "version").map(|(_, value)| value.trim());
            let version = version.filter(|version| matches!(*version, "0.91" | "0.92")).unwrap_or("2.0");
            self.attribute("version", version);
            seen.insert("version");
        }
        for (key, value) in &tag.attributes {
            if !seen.insert(key) {
                continue;
            }
            let value = match *key {
                "xmlns" => match namespace(value) {
                    // RSS itself has no namespace; one that nobody knows hides every element.
                    "http://purl.org/rss/1.0/" if name == "rss" => continue,
                    known => {
                        self.is_old_atom |= is_root && value.contains("purl.org/atom/ns");
                        known
                    }
                },
                "type" if !name.contains(':') => known_type(&name, value),
                key if key.starts_with("xmlns:") => namespace(value),
                _ => value,
            };
            self.attribute(key, value);
        }
        if is_root {
            for (key, value) in PREFIXES {
                if seen.insert(key) {
                    self.attribute(key, value);
                }
            }
        }
        if tag.is_empty {
            self.out.push_str("/>");
        } else {
            self.out.push('>');
            self.open.push(name);
        }
    }

    fn end(&mut self, name: &str) {
        let name = self.known_name(name).to_owned();
        // An end tag that nothing opened is left out.
        if let Some(place) = self.open.iter().rposition(|open| *open == name) {
            self.close_to(place);
        }
    }

    fn close_to(&mut self, place: usize) {
        while self.open.len() > place {
            let Some(name) = self.open.pop() else { return };
            self.out.push_str("</");
            self.out.push_str(&name);
            self.out.push('>');
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.text(value);
        self.out.push('"');
    }

    /// Text with its references made good.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            before.chars().filter(|sign| is_legal(*sign)).for_each(|sign| self.escape(sign));
            let reference = after.split_once(';').filter(|(name, _)| {
                (1..=32).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
            });
            let meant = reference.and_then(|(name, behind)| Some((self.meaning(name)?, behind)));
            rest = match meant {
                Some((signs, behind)) => {
                    signs.chars().filter(|sign| is_legal(*sign)).for_each(|sign| self.escape(sign));
                    behind
                }
                None => {
                    self.out.push_str("&amp;");
                    after
                }
            };
        }
        rest.chars().filter(|sign| is_legal(*sign)).for_each(|sign| self.escape(sign));
    }

    fn escape(&mut self, sign: char) {
        match sign {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '"' => self.out.push_str("&quot;"),
            sign => self.out.push(sign),
        }
    }

    /// What a reference stands for, by HTML's table of names and its rules for numbers.
    fn meaning(&mut self, name: &str) -> Option<String> {
        match name {
            "amp" => return Some("&".to_owned()),
            "lt" => return Some("<".to_owned()),
            "gt" => return Some(">".to_owned()),
            "quot" => return Some("\"".to_owned()),
            "apos" => return Some("'".to_owned()),
            "nbsp" => return Some("\u{a0}".to_owned()),
            _ => {}
        }
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        if self.names.len() >= NAMES {
            return None;
        }
        let written = format!("<i>.&{name};.</i>");
        let read = dom::parse(&written, &Limits::default()).ok();
        let read = read.map(|html| shown::text(html.root_element(), &Others::new())).unwrap_or_default();
        let meant = read.strip_prefix('.').and_then(|read| read.strip_suffix('.'));
        let meant = meant.filter(|read| !read.starts_with('&')).map(str::to_owned);
        self.names.insert(name.to_owned(), meant.clone());
        meant
    }

    /// Names whose case or dialect feed-rs does not know.
    fn known_name<'a>(&self, name: &'a str) -> &'a str {
        let name = name.split(|sign: char| sign.is_whitespace()).next().unwrap_or_default();
        if self.is_old_atom {
            return match name {
                "issued" => "published",
                "modified" => "updated",
                "tagline" => "subtitle",
                other => other,
            };
        }
        let known = ["rss", "channel", "item", "title", "link", "description", "pubDate", "guid", "author", "category"];
        known.into_iter().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name)
    }
}

/// XML 1.0, section 2.2.
fn is_legal(sign: char) -> bool {
    matches!(sign, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn namespace(value: &str) -> &str {
    let bare = value.trim().trim_start_matches("https://").trim_start_matches("http://").to_ascii_lowercase();
    let meant = NAMESPACES.iter().find(|(_, starts)| starts.iter().any(|start| bare.starts_with(start)));
    meant.map_or(value, |(known, _)| known)
}

/// RFC 4287, section 3.1.1: a text construct is text, html or xhtml; older feeds write media types there.
fn known_type<'a>(name: &str, value: &'a str) -> &'a str {
    let is_text = matches!(name, "title" | "subtitle" | "summary" | "rights" | "tagline" | "copyright" | "info");
    if !is_text && name != "content" {
        return value;
    }
    match value.trim() {
        "text" | "text/plain" | "TEXT" => "text",
        "xhtml" | "application/xhtml+xml" => "xhtml",
        "html" | "HTML" | "text/html" => "html",
        other if is_text || !other.contains('/') => "html",
        _ => value,
    }
}

/// A JSON Feed whose members have the types that feed-rs wants: ids and titles as text, what it cannot take left out.
pub(super) fn json(text: &str) -> String {
    let Ok(Value::Object(mut feed)) = serde_json::from_str(text) else { return text.to_owned() };
    feed.insert("version".to_owned(), Value::from("https://jsonfeed.org/version/1.1"));
    as_texts(&mut feed, &["title", "home_page_url", "feed_url", "description", "icon", "favicon", "language"]);
    feed.entry("title").or_insert_with(|| Value::from(""));
    let items = match feed.remove("items") {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let items = items.into_iter().filter_map(|item| match item {
        Value::Object(mut item) => {
            let members = [
                "id",
                "url",
                "external_url",
                "title",
                "content_html",
                "content_text",
                "summary",
                "image",
                "banner_image",
                "date_published",
                "date_modified",
                "language",
            ];
            as_texts(&mut item, &members);
            if let Some(Value::Array(tags)) = item.get_mut("tags") {
                tags.retain(Value::is_string);
            } else {
                item.remove("tags");
            }
            item.remove("attachments");
            Some(Value::Object(item))
        }
        _ => None,
    });
    feed.insert("items".to_owned(), items.collect());
    Value::Object(feed).to_string()
}

/// Numbers become text; anything else that is no text goes.
fn as_texts(object: &mut Map<String, Value>, members: &[&str]) {
    for member in members {
        match object.get(*member) {
            None | Some(Value::String(_)) => {}
            Some(Value::Number(number)) => {
                let text = Value::from(number.to_string());
                object.insert((*member).to_owned(), text);
            }
            Some(_) => {
                object.remove(*member);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::{Reader, events::Event};

    use super::*;

    fn is_well_formed(text: &str) -> bool {
        let mut reader = Reader::from_str(text);
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => return true,
                Ok(_) => {}
                Err(fault) => panic!("{fault}: {text}"),
            }
        }
    }

    #[test]
    fn common_faults_are_mended() {
        for (broken, want) in [
            ("<a>R&D &eacute; &bogus; &#128;&#1;</a>", "R&amp;D é &amp;bogus; €"),
            ("<a>1 < 2\u{1}</a>", "1 &lt; 2"),
            ("<a><b>x</a>", "<b>x</b></a>"),
            ("<a>x</b></a>", ">x</a>"),
            ("<a><i>x<br></i><c", "<i>x<br></br></i></a>"),
            ("<a x=1 x=2 y='&' z>t</a>", "x=\"1\" y=\"&amp;\""),
            (
                "<rss><channel><item><title>1<item><title>2",
                "<item><title>1</title></item><item><title>2</title></item>",
            ),
            ("<rss version='2.0.1'/>", "version=\"2.0\""),
            ("<!DOCTYPE a [<!ELEMENT a ANY>]><a/>", "<a "),
            ("<feed xmlns='http://purl.org/atom/ns#'><issued>x</issued>", "2005/Atom\""),
        ] {
            let mended = xml(broken);
            assert!(mended.contains(want), "{broken} became {mended}");
            assert!(is_well_formed(&mended));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn what_is_mended_is_well_formed(text in "(<[a-c/!?:]{1,4}[ =\"'a-c]{0,9}>?|&[a-z#0-9]{0,5};?|<!\\[CDATA\\[|\\]\\]>|.){0,40}") {
            is_well_formed(&xml(&text));
        }
    }
}
