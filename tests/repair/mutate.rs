//! What a redesign does to a page: names replaced, wrappers put in and taken out, elements of other kinds, fields in another
//! order, and new articles in place of half of the known ones.

use std::collections::{HashMap, HashSet};

use ego_tree::{NodeId, NodeRef};
use jiff::{Timestamp, tz::TimeZone};
use scraper::{ElementRef, Html, Node, Selector};
use tearsheet::{model::Origin, reading::date};

/// What is done to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Redesign {
    /// Classes and ids get other names, as a build makes them.
    pub(crate) names: bool,
    /// Lists and rows get a wrapper more.
    pub(crate) wrapped: bool,
    /// Wrappers that hold one element alone go.
    pub(crate) unwrapped: bool,
    /// Lists and tables are written as `div`s.
    pub(crate) kinds: bool,
    /// What stands in a row stands there in the other order.
    pub(crate) order: bool,
    /// Every other row shows another article.
    pub(crate) fresh: bool,
}

/// Every redesign that is tried, by name.
pub(crate) const REDESIGNS: [(&str, Redesign); 8] = {
    const NONE: Redesign =
        Redesign { names: false, wrapped: false, unwrapped: false, kinds: false, order: false, fresh: false };
    [
        ("half of the items new", Redesign { fresh: true, ..NONE }),
        ("names replaced", Redesign { names: true, ..NONE }),
        ("wrappers added", Redesign { wrapped: true, ..NONE }),
        ("wrappers removed", Redesign { unwrapped: true, ..NONE }),
        ("kinds of elements changed", Redesign { kinds: true, ..NONE }),
        ("fields in another order", Redesign { order: true, ..NONE }),
        ("names, kinds and order", Redesign { names: true, kinds: true, order: true, ..NONE }),
        ("all of it", Redesign { names: true, wrapped: true, unwrapped: false, kinds: true, order: true, fresh: true }),
    ]
};

/// The page redesigned; `item` selects its rows, and `links` are the addresses of its articles as written.
pub(crate) fn redesigned(html: &str, item: &str, links: &HashSet<String>, how: Redesign) -> String {
    let page = Html::parse_document(html);
    let rows: Vec<NodeId> =
        Selector::parse(item).map(|item| page.select(&item).map(|row| row.id()).collect()).unwrap_or_default();
    let mut fresh = HashMap::new();
    let mut uses: HashMap<String, usize> = HashMap::new();
    if how.fresh {
        let mut order: Vec<&str> = Vec::new();
        for link in page.root_element().descendent_elements().filter_map(|element| element.attr("href")) {
            *uses.entry(link.to_owned()).or_default() += 1;
            // One row may write its address twice, once with a space behind it.
            let link = link.trim();
            if links.contains(link) && !order.contains(&link) {
                order.push(link);
            }
        }
        for text in page.tree.values().filter_map(Node::as_text) {
            *uses.entry(text.trim().to_owned()).or_default() += 1;
        }
        fresh = order.into_iter().step_by(2).map(|link| (link.to_owned(), other_address(link))).collect();
    }
    let mut writer =
        Writer { how, rows: rows.into_iter().collect(), fresh, uses, out: String::with_capacity(html.len() * 2) };
    writer.children(*page.root_element(), false);
    format!("<!DOCTYPE html><html>{}</html>", writer.out)
}

/// The address of an article that is none of those known, of the same form.
pub(crate) fn other_address(link: &str) -> String {
    let cut = link.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
    let (before, last) = link.split_at(cut);
    let (stem, end) = last.rsplit_once('.').map_or((last, String::new()), |(stem, end)| (stem, format!(".{end}")));
    let turned: String = stem
        .chars()
        .map(|sign| match sign {
            '0'..='9' => char::from(b'0' + (sign as u8 - b'0' + 7) % 10),
            'a'..='y' if !last.contains(|c: char| c.is_ascii_digit()) && !last.contains('.') => {
                char::from(sign as u8 + 1)
            }
            other => other,
        })
        .collect();
    let more = if turned == stem && !last.is_empty() { "-9" } else { "" };
    format!("{before}{turned}{more}{end}")
}

/// A headline of the same width and script that is another: each word is turned around, but for a date's.
pub(crate) fn other_title(title: &str) -> String {
    let context = date::Context { now: Timestamp::MAX, zone: &TimeZone::UTC, language: None };
    let kept = date::find(title, Origin::List, &context).map_or(0..0, |found| found.range);
    let mut out = String::with_capacity(title.len());
    let mut word: Vec<char> = Vec::new();
    for (at, sign) in title.char_indices().chain([(title.len(), ' ')]) {
        if sign.is_alphabetic() && !kept.contains(&at) {
            word.push(sign);
            continue;
        }
        out.extend(word.drain(..).rev());
        out.push(sign);
    }
    out.pop();
    out
}

struct Writer {
    how: Redesign,
    rows: HashSet<NodeId>,
    fresh: HashMap<String, String>,
    /// How often each address and each text stands on the page: what rows have in common is no article's own.
    uses: HashMap<String, usize>,
    out: String,
}

impl Writer {
    fn children(&mut self, node: NodeRef<'_, Node>, is_new: bool) {
        let mut children: Vec<NodeRef<'_, Node>> = node.children().collect();
        if self.how.order && self.rows.contains(&node.id()) {
            children.reverse();
        }
        for child in children {
            self.node(child, is_new);
        }
    }

    fn node(&mut self, node: NodeRef<'_, Node>, is_new: bool) {
        match node.value() {
            Node::Text(text) => {
                let raw = node.parent().and_then(ElementRef::wrap);
                if raw.is_some_and(|outer| matches!(outer.value().name(), "script" | "style")) {
                    self.out.push_str(text);
                } else if is_new && self.is_own(text.trim()) {
                    self.out.push_str(&escaped(&other_title(text)));
                } else {
                    self.out.push_str(&escaped(text));
                }
            }
            Node::Element(_) => {
                if let Some(element) = ElementRef::wrap(node) {
                    self.element(element, is_new);
                }
            }
            _ => {}
        }
    }

    fn element(&mut self, element: ElementRef<'_>, is_new: bool) {
        let name = element.value().name();
        let alone = || {
            let holds_text =
                element.children().any(|child| child.value().as_text().is_some_and(|text| !text.trim().is_empty()));
            !holds_text && element.child_elements().count() == 1
        };
        if self.how.unwrapped
            && matches!(name, "div" | "span" | "section")
            && alone()
            && !self.rows.contains(&element.id())
        {
            self.children(*element, is_new);
            return;
        }
        let holds_new = || {
            let mut links = element.descendent_elements().filter_map(|inner| inner.attr("href"));
            links.any(|href| self.fresh.contains_key(href.trim()))
        };
        // All of the row is the new article's, or all of the link where it is a row by itself. What holds rows is none.
        let is_innermost = || !element.descendent_elements().skip(1).any(|inner| self.rows.contains(&inner.id()));
        let is_row = self.how.fresh && self.rows.contains(&element.id()) && is_innermost();
        let is_new = is_new || is_row && holds_new();
        let new_link = element.attr("href").and_then(|href| {
            self.fresh.get(href.trim()).cloned().or_else(|| (is_new && self.is_own(href)).then(|| other_address(href)))
        });
        let is_new = is_new || new_link.is_some();
        let written = self.kind(name);
        let is_list = matches!(name, "ul" | "ol" | "dl" | "table");
        let is_row = self.rows.contains(&element.id()) && matches!(name, "li" | "div" | "article" | "section");
        if self.how.wrapped && is_list {
            self.out.push_str("<div class=\"outer\">");
        }
        self.out.push('<');
        self.out.push_str(written);
        for (key, value) in element.value().attrs() {
            let value = match key {
                "class" | "id" if self.how.names => named(value),
                "href" if new_link.is_some() => new_link.clone().unwrap_or_default(),
                "title" | "alt" if is_new => other_title(value),
                _ => value.to_owned(),
            };
            self.out.push_str(&format!(" {key}=\"{}\"", escaped(&value).replace('"', "&quot;")));
        }
        self.out.push('>');
        if is_void(name) {
            return;
        }
        if self.how.wrapped && is_row {
            self.out.push_str("<div class=\"inner\">");
        }
        self.children(*element, is_new);
        if self.how.wrapped && is_row {
            self.out.push_str("</div>");
        }
        self.out.push_str(&format!("</{written}>"));
        if self.how.wrapped && is_list {
            self.out.push_str("</div>");
        }
    }

    fn is_own(&self, words: &str) -> bool {
        self.uses.get(words).is_none_or(|uses| *uses <= 2)
    }

    fn kind<'n>(&self, name: &'n str) -> &'n str {
        let listed = matches!(name, "ul" | "ol" | "li" | "dl" | "dt" | "dd");
        let tabled = matches!(name, "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption");
        if self.how.kinds && (listed || tabled) { "div" } else { name }
    }
}

/// Names as a build makes them: the same for the same, and without a meaning.
fn named(names: &str) -> String {
    let one = |name: &str| {
        let hash = name.bytes().fold(0xcbf2_9ce4_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("x{hash:08x}")
    };
    names.split_ascii_whitespace().map(one).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}
