//! [`Tree`]: the elements of a page in its order, numbered, each with what its subtree holds.
//!
//! Detection asks for parents, spans and widths very often; numbers make each of these one look into a vector.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Node as Markup, node::Element};

use super::{
    cues::{self, Zone},
    names::{self, Said, mixed},
};
use crate::extract::{
    link,
    shown::{self, Extent},
};

/// An element's number: its place in the page's order.
pub(super) type At = usize;

/// One element.
pub(super) struct Node<'a> {
    pub(super) element: ElementRef<'a>,
    /// Its name; asking the element again costs a look-up.
    tag: &'a str,
    /// The name's number.
    tag_key: u64,
    /// The number of the way from the page's root to it, elements that only change how text looks left out.
    pub(super) way: u64,
    /// Its parent's number; its own for the first.
    pub(super) parent: At,
    /// The number after the last element within it.
    pub(super) end: At,
    /// How many elements stand before it in its parent.
    before: usize,
    /// How many elements it holds directly.
    inner: usize,
    /// Columns of the text within it, wide characters counted twice.
    pub(super) width: usize,
    /// Those of them that lie in links.
    linked: usize,
    /// What kind of place it lies in, its ancestors considered.
    pub(super) zone: Zone,
    /// Its `class` as written; asking the element again costs a search.
    pub(super) class: &'a str,
    /// Its `id`.
    pub(super) id: &'a str,
    /// Its `role`.
    role: &'a str,
    /// Its `itemprop`.
    pub(super) itemprop: &'a str,
    /// Its address, if it is a link that leads somewhere.
    pub(super) link: Option<&'a str>,
    /// Which of the tree's [`Said`] its class is.
    said: usize,
}

impl<'a> Node<'a> {
    fn new(element: ElementRef<'a>, parent: At, at: At) -> Self {
        let (mut class, mut id, mut role, mut itemprop, mut href) = ("", "", "", "", None);
        for (name, value) in element.value().attrs() {
            match name {
                "class" => class = value,
                "id" => id = value,
                "role" => role = value,
                "itemprop" => itemprop = value,
                "href" => href = Some(value),
                _ => {}
            }
        }
        let tag = element.value().name();
        let link = href.filter(|_| link::is_kind(tag)).map(str::trim).filter(|href| link::leads(href));
        Self {
            element,
            tag,
            tag_key: names::key(tag),
            way: 0,
            parent,
            end: at + 1,
            before: 0,
            inner: 0,
            width: 0,
            linked: 0,
            zone: Zone::default(),
            class,
            id,
            role,
            itemprop,
            link,
            said: 0,
        }
    }
}

/// All elements of a page.
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    /// What each class attribute of the page says, each once.
    said: Vec<Said<'a>>,
}

impl<'a> Tree<'a> {
    /// Numbers the elements of `html`.
    pub(super) fn of(html: &'a Html) -> Self {
        let mut tree = Self { nodes: Vec::with_capacity(1024), said: vec![Said::default()] };
        let mut classes: HashMap<&str, usize> = HashMap::from([("", 0)]);
        let mut open: Vec<At> = Vec::new();
        let mut unshown = 0_usize;
        let mut links = 0_usize;
        for edge in html.root_element().traverse() {
            match edge {
                ego_tree::iter::Edge::Open(node) => match node.value() {
                    Markup::Element(named) => {
                        let Some(element) = ElementRef::wrap(node) else { continue };
                        let at = tree.nodes.len();
                        let parent = open.last().copied().unwrap_or(at);
                        let above = open.last().and_then(|at| tree.nodes.get_mut(*at));
                        let (before, way) = above.map_or((0, 0), |above| {
                            above.inner += 1;
                            (above.inner - 1, above.way)
                        });
                        let node = Node::new(element, parent, at);
                        let said = *classes.entry(node.class).or_insert_with(|| {
                            tree.said.push(Said::of(node.class));
                            tree.said.len() - 1
                        });
                        let way = if only_looks(node.tag) { way } else { mixed(way, node.tag_key) };
                        tree.nodes.push(Node { before, way, said, ..node });
                        open.push(at);
                        unshown += usize::from(is_unshown(named));
                        links += usize::from(named.name() == "a");
                    }
                    Markup::Text(text) if unshown == 0 => {
                        let width = columns(text);
                        if let Some(node) = open.last().and_then(|at| tree.nodes.get_mut(*at)) {
                            node.width += width;
                            node.linked += if links > 0 { width } else { 0 };
                        }
                    }
                    _ => {}
                },
                ego_tree::iter::Edge::Close(node) => {
                    let Some(named) = node.value().as_element() else { continue };
                    unshown -= usize::from(is_unshown(named)).min(unshown);
                    links -= usize::from(named.name() == "a").min(links);
                    let end = tree.nodes.len();
                    let Some(at) = open.pop() else { continue };
                    let (width, linked) = tree.nodes.get_mut(at).map_or((0, 0), |node| {
                        node.end = end;
                        (node.width, node.linked)
                    });
                    if let Some(parent) = open.last().and_then(|at| tree.nodes.get_mut(*at)) {
                        parent.width += width;
                        parent.linked += linked;
                    }
                }
            }
        }
        tree.mark_zones();
        tree
    }

    /// What an element's names say holds for all within it, unless it holds most of the page; a menu may, but it holds links alone.
    fn mark_zones(&mut self) {
        let whole = self.nodes.first().map_or(0, |root| root.width);
        for at in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(at) else { break };
            let above = self.nodes.get(node.parent).map(|parent| parent.zone).unwrap_or_default();
            let named = node.element.value();
            let says_more = node.linked * 20 < node.width * 19;
            let holds_most = node.width * 5 > whole * 3 && says_more || matches!(named.name(), "html" | "body");
            let said = || self.said.get(node.said).map(|said| said.zone).unwrap_or_default();
            let id = || if node.id.is_empty() { Zone::default() } else { cues::named_zone(node.id) };
            let told = if holds_most { Zone::default() } else { cues::zone_of(node.tag, said().within(id())) };
            let sure = cues::sure_zone(named, node.role);
            // What a page calls its main part is no part of its frame, whatever is around it.
            let above = if sure.main { Zone::default() } else { above };
            let own = sure.within(told);
            if let Some(node) = self.nodes.get_mut(at) {
                node.zone = above.within(own);
            }
        }
    }

    /// How many elements there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The element of this number.
    pub(super) fn node(&self, at: At) -> Option<&Node<'a>> {
        self.nodes.get(at)
    }

    /// Its name and attributes.
    pub(super) fn named(&self, at: At) -> Option<&'a Element> {
        self.nodes.get(at).map(|node| node.element.value())
    }

    /// Its element name; empty where there is none.
    pub(super) fn tag(&self, at: At) -> &'a str {
        self.nodes.get(at).map_or("", |node| node.tag)
    }

    /// Its classes as written.
    pub(super) fn class(&self, at: At) -> &'a str {
        self.nodes.get(at).map_or("", |node| node.class)
    }

    /// Its id.
    pub(super) fn id(&self, at: At) -> &'a str {
        self.nodes.get(at).map_or("", |node| node.id)
    }

    /// The number of its class as written: the same for the same, and no greater than there are different ones.
    pub(super) fn class_number(&self, at: At) -> usize {
        self.nodes.get(at).map_or(0, |node| node.said)
    }

    /// What its class says.
    pub(super) fn said(&self, at: At) -> Option<&Said<'a>> {
        self.nodes.get(at).and_then(|node| self.said.get(node.said))
    }

    /// The number of its name and of what its class says.
    pub(super) fn key(&self, at: At) -> u64 {
        mixed(self.tag_key(at), self.said(at).map_or(0, |said| said.key))
    }

    /// The number of its name.
    pub(super) fn tag_key(&self, at: At) -> u64 {
        self.nodes.get(at).map_or(0, |node| node.tag_key)
    }

    /// Whether its class says what it is.
    pub(super) fn is_told(&self, at: At) -> bool {
        self.said(at).is_some_and(|said| said.is_telling)
    }

    /// How many elements it holds directly.
    pub(super) fn inner(&self, at: At) -> usize {
        self.nodes.get(at).map_or(0, |node| node.inner)
    }

    /// The element above.
    pub(super) fn parent(&self, at: At) -> Option<At> {
        self.nodes.get(at).map(|node| node.parent).filter(|parent| *parent != at)
    }

    /// The element itself, then its ancestors, nearest first.
    pub(super) fn up(&self, at: At) -> impl Iterator<Item = At> + '_ {
        std::iter::successors(Some(at), |at| self.parent(*at))
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn holds(&self, outer: At, inner: At) -> bool {
        self.nodes.get(outer).is_some_and(|node| (outer..node.end).contains(&inner))
    }

    /// The elements within it and itself.
    pub(super) fn span(&self, at: At) -> std::ops::Range<At> {
        at..self.nodes.get(at).map_or(at, |node| node.end)
    }

    /// Its children's numbers.
    pub(super) fn children(&self, at: At) -> impl Iterator<Item = At> + '_ {
        let end = self.span(at).end;
        let first = Some(at + 1).filter(|child| *child < end);
        std::iter::successors(first, move |child| Some(self.span(*child).end).filter(|next| *next < end))
    }

    /// How many cells stand before this one in its row, if it is one: of a table, or of rows written as plain elements of which
    /// each has as many, and whose cells have no names.
    pub(super) fn column(&self, at: At) -> Option<usize> {
        let node = self.nodes.get(at)?;
        match node.tag {
            "td" | "th" => Some(node.before),
            "div" | "span" | "p" if self.is_in_grid(at) && names::classes(self, at).next().is_none() => {
                Some(node.before)
            }
            _ => None,
        }
    }

    /// Whether the row around an element stands beside another with as many cells.
    fn is_in_grid(&self, at: At) -> bool {
        let Some(row) = self.parent(at) else { return false };
        let Some((around, own)) = self.parent(row).zip(self.nodes.get(row)) else { return false };
        let next = Some(own.end).filter(|next| self.holds(around, *next));
        let other = next.unwrap_or(around + 1);
        let is_alike = |node: &Node<'_>| node.inner == own.inner && node.tag == own.tag;
        own.inner >= 2 && other != row && self.nodes.get(other).is_some_and(is_alike)
    }

    /// Columns of the text in it.
    pub(super) fn width(&self, at: At) -> usize {
        self.nodes.get(at).map_or(0, |node| node.width)
    }

    /// The text in it, in one line.
    pub(super) fn text(&self, at: At) -> String {
        self.taken(at, Extent::Whole)
    }

    /// So much of the text in it, in one line.
    pub(super) fn taken(&self, at: At, extent: Extent) -> String {
        self.nodes.get(at).map(|node| shown::taken(node.element, &shown::Others::new(), extent)).unwrap_or_default()
    }
}

/// Whether an element of that name changes no more than how its text looks, or stands in each table whether it is written or not.
pub(super) fn only_looks(tag: &str) -> bool {
    matches!(tag, "b" | "strong" | "font" | "em" | "i" | "u" | "small" | "center" | "tbody")
}

fn is_unshown(element: &Element) -> bool {
    matches!(element.name(), "script" | "style" | "template" | "noscript" | "head" | "iframe" | "object" | "svg")
}

/// Columns that a text takes where each line is in type of one width: an ideograph takes two, white space none.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|byte| byte.is_ascii_graphic()).count();
    }
    text.chars().map(width).sum()
}

/// Columns that a sign takes.
pub(super) fn width(sign: char) -> usize {
    match sign {
        // Most of a page in Chinese or Japanese, and dear to look up.
        '\u{4e00}'..='\u{9fff}' => 2,
        sign if sign.is_whitespace() => 0,
        sign => unicode_width::UnicodeWidthChar::width(sign).unwrap_or(0),
    }
}

/// Whether a sign is a number's, told without a look-up for those of which a page in Chinese, Japanese or Korean is made.
pub(super) fn is_numeric(sign: char) -> bool {
    !matches!(sign, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') && sign.is_numeric()
}

/// The same of letters.
pub(super) fn is_alphabetic(sign: char) -> bool {
    matches!(sign, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') || sign.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_ideographs_and_syllables_is_what_the_tables_say() {
        for sign in ('\u{4e00}'..='\u{9fff}').chain('\u{ac00}'..='\u{d7a3}') {
            assert!(is_alphabetic(sign) == sign.is_alphabetic() && is_numeric(sign) == sign.is_numeric(), "{sign}");
            assert_eq!(Some(width(sign)), unicode_width::UnicodeWidthChar::width(sign), "{sign}");
        }
    }
}
