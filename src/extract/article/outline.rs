//! The page's tree as one row of nodes in reading order, so that "all that is below" is a range: [`Outline`] of [`Node`]s.
//!
//! What nobody sees (scripts, styles, hidden elements) is not in it. Invariant: a node's descendants are the nodes from
//! its own place + 1 to its `end`, and every parent stands before its children.

use ego_tree::{NodeId, iter::Edge};
use scraper::{Html, Node as Tree, node::Element};

use crate::extract::shown::is_phrase;

/// What a node is.
#[derive(Debug, Clone, Copy)]
pub(super) enum What<'a> {
    /// An element.
    Element(&'a Element),
    /// A run of text.
    Text(&'a str),
}

/// A node that a reader sees.
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// Its place in the tree.
    pub(super) id: NodeId,
    /// The place of its parent in the outline; the root's is its own.
    pub(super) parent: usize,
    /// One past its last descendant.
    pub(super) end: usize,
    /// The element or the text.
    pub(super) what: What<'a>,
    /// `class`, `id`, `role` and `itemprop` in lower case: what the page's makers call it.
    pub(super) hint: String,
}

impl<'a> Node<'a> {
    /// The element's name; empty for text.
    pub(super) fn name(&self) -> &'a str {
        match self.what {
            What::Element(element) => element.name(),
            What::Text(_) => "",
        }
    }

    /// An attribute of the element.
    pub(super) fn attr(&self, name: &str) -> Option<&'a str> {
        match self.what {
            What::Element(element) => attr(element, name),
            What::Text(_) => None,
        }
    }
}

/// An attribute, found by its text: elements have few, and to look a name up in the table of all names takes longer.
fn attr<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attrs.iter().find(|(other, _)| &*other.local == name).map(|(_, value)| &**value)
}

/// The nodes that a reader sees, in reading order.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Outline<'a> {
    /// Walks the tree once.
    pub(super) fn of(html: &'a Html) -> Self {
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(html.tree.values().len());
        let mut open: Vec<usize> = Vec::new();
        let mut skipped: Option<NodeId> = None;
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) if skipped.is_none() => {
                    let (what, hint) = match node.value() {
                        Tree::Element(element) if is_seen(element) => (What::Element(element), hint(element)),
                        Tree::Text(text) if !open.is_empty() => (What::Text(text), String::new()),
                        Tree::Document | Tree::Fragment => continue,
                        _ => {
                            skipped = Some(node.id());
                            continue;
                        }
                    };
                    let at = nodes.len();
                    nodes.push(Node {
                        id: node.id(),
                        parent: open.last().copied().unwrap_or(at),
                        end: at + 1,
                        what,
                        hint,
                    });
                    open.push(at);
                }
                Edge::Close(node) if skipped.is_some() => {
                    if skipped == Some(node.id()) {
                        skipped = None;
                    }
                }
                Edge::Close(_) => {
                    let end = nodes.len();
                    if let Some(node) = open.pop().and_then(|at| nodes.get_mut(at)) {
                        node.end = end;
                    }
                }
                Edge::Open(_) => {}
            }
        }
        Self { nodes }
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node at a place.
    pub(super) fn get(&self, at: usize) -> Option<&Node<'a>> {
        self.nodes.get(at)
    }

    /// The place of a node of the tree, if a reader sees it.
    pub(super) fn place(&self, id: NodeId) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// All nodes with their places.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = (usize, &Node<'a>)> {
        self.nodes.iter().enumerate()
    }

    /// A node's descendants with their places.
    pub(super) fn below(&self, at: usize) -> impl DoubleEndedIterator<Item = (usize, &Node<'a>)> {
        let end = self.get(at).map_or(at, |node| node.end);
        self.nodes.get(at + 1..end).unwrap_or_default().iter().enumerate().map(move |(n, node)| (at + 1 + n, node))
    }

    /// The places of a node's ancestors, nearest first, the root last.
    pub(super) fn above(&self, at: usize) -> impl Iterator<Item = usize> {
        let step = move |at: &usize| self.get(*at).map(|node| node.parent).filter(|parent| parent != at);
        std::iter::successors(step(&at), step)
    }

    /// The text below a node as it is written, with a space where an element that breaks the line stands.
    pub(super) fn text(&self, at: usize) -> String {
        self.joined(at, |_, _| false)
    }

    /// The text of a heading. Of its elements, each may be a line of its own to the eye alone: there is a space where one ends as words
    /// and sentences do, and the next begins with a capital.
    pub(super) fn spoken(&self, at: usize) -> String {
        let parent = |n: usize| self.get(n).map_or(at, |node| node.parent);
        let text = |n: usize| match self.get(n).map(|node| node.what) {
            Some(What::Text(text)) => text,
            _ => "",
        };
        // One word may be set in two ways: each is several words, or an element of its own.
        let is_own = |n: usize| parent(n) != at || text(n).trim().contains(' ');
        let is_apart = |before: usize, n: usize| parent(before) != parent(n) && is_own(before) && is_own(n);
        self.joined(at, |before, n| {
            let mut last = text(before).chars().rev();
            let ends = last.next().is_some_and(|c| c.is_lowercase() || matches!(c, '?' | '!' | '.' | ':' | '”' | '»'));
            let begins = text(n).chars().next().is_some_and(char::is_uppercase);
            ends && last.next().is_some_and(char::is_alphanumeric) && begins && is_apart(before, n)
        })
    }

    /// The text below a node, with a space where an element breaks the line or two texts that follow one another are to be apart.
    fn joined(&self, at: usize, is_apart: impl Fn(usize, usize) -> bool) -> String {
        let mut out = String::new();
        let mut until = 0;
        let mut before = None;
        for (n, node) in self.get(at).map(|node| (at, node)).into_iter().chain(self.below(at)) {
            match node.what {
                _ if n < until => {}
                // How a character is read aloud stands beside it and is no part of the text.
                What::Element(element) if matches!(element.name(), "rt" | "rp") => until = node.end,
                What::Text(text) => {
                    if before.is_some_and(|before| is_apart(before, n)) {
                        out.push(' ');
                    }
                    before = Some(n);
                    out.push_str(text);
                }
                What::Element(element) if !is_inline(element.name()) => out.push(' '),
                What::Element(_) => {}
            }
        }
        out
    }
}

/// Whether an element stands within a line of an article's text.
pub(super) fn is_inline(name: &str) -> bool {
    // What a line tells machines alone breaks it as little.
    is_phrase(name) || matches!(name, "o:p" | "rb" | "rtc" | "source" | "meta" | "link")
}

/// Whether a reader sees the element at all.
fn is_seen(element: &Element) -> bool {
    let name = element.name();
    if matches!(
        name,
        "head"
            | "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "embed"
            | "select"
            | "textarea"
            | "button"
            | "input"
            | "canvas"
            | "map"
            | "frameset"
            | "option"
            | "dialog"
            | "noframes"
            | "datalist"
    ) {
        return false;
    }
    if matches!(name, "html" | "body") {
        return true;
    }
    if element.attrs.is_empty() {
        return true;
    }
    if attr(element, "hidden").is_some_and(|value| !value.eq_ignore_ascii_case("until-found")) {
        return false;
    }
    if attr(element, "aria-hidden") == Some("true")
        && !attr(element, "class").unwrap_or_default().contains("fallback-image")
    {
        return false;
    }
    // A region that has a label of its own is closed until the reader opens it there.
    let is_panel = attr(element, "role") == Some("region") && attr(element, "aria-labelledby").is_some();
    is_panel || !attr(element, "style").is_some_and(is_out_of_sight)
}

/// `display: none` and `visibility: hidden`.
fn is_out_of_sight(style: &str) -> bool {
    let plain: String = style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    plain.contains("display:none") || plain.contains("visibility:hidden")
}

fn hint(element: &Element) -> String {
    let mut out = String::new();
    if element.attrs.is_empty() {
        return out;
    }
    // The id of a heading is made of its own words, which are those of the story.
    let is_heading = matches!(element.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    for name in ["class", "id", "role", "itemprop"].into_iter().filter(|name| !is_heading || *name != "id") {
        if let Some(value) = attr(element, name).filter(|value| value.len() < 400) {
            out.push(' ');
            out.push_str(value);
        }
    }
    out.make_ascii_lowercase();
    out
}
