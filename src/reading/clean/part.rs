//! [`Part`]: a part of a tree as HTML that holds nothing but what the cleaner leaves, written as the cleaner writes it.
//!
//! So the cleaner finds nothing to change, as a rule, and looks at it once. What it says is law all the same: this only saves time.

use std::borrow::Cow;

use ego_tree::{NodeId, NodeRef, iter::Edge};
use html5ever::ns;
use scraper::{Node, node::Element};

use super::{
    LONGEST,
    links::Links,
    list::{self, Fate},
};
use crate::reading::dom::TooComplex;

/// A part of a tree, written out.
pub(super) struct Part {
    pub(super) html: String,
    /// The addresses of its pictures.
    pub(super) images: Vec<String>,
}

impl Part {
    /// Writes what is inside `root`, without the nodes that are `passed_over`.
    pub(super) fn of(
        root: NodeRef<'_, Node>,
        passed_over: &mut dyn FnMut(NodeId) -> bool,
        links: Links<'_>,
    ) -> Result<Self, TooComplex> {
        let mut part = Self { html: String::new(), images: Vec::new() };
        let mut passed: Option<NodeId> = None;
        for edge in root.traverse() {
            match edge {
                Edge::Close(node) if passed == Some(node.id()) => passed = None,
                Edge::Open(node) | Edge::Close(node) if passed.is_some() || node.id() == root.id() => {}
                Edge::Open(node) if passed_over(node.id()) => passed = Some(node.id()),
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => escape(text, '\0', &mut part.html),
                    Node::Element(element) if element.name.ns != ns!(html) => passed = Some(node.id()),
                    Node::Element(element) => match list::fate(element.name()) {
                        Fate::Stays(own) => part.open(node, element, own, links),
                        Fate::Opens => {}
                        Fate::Goes => passed = Some(node.id()),
                    },
                    _ => {}
                },
                Edge::Close(node) => {
                    let name = node.value().as_element().map(Element::name);
                    if let Some(name) = name.filter(|name| matches!(list::fate(name), Fate::Stays(_)))
                        && !list::is_void(name)
                    {
                        part.html.extend(["</", name, ">"]);
                    }
                }
            }
            if part.html.len() > LONGEST {
                return Err(TooComplex::Bytes(LONGEST));
            }
        }
        Ok(part)
    }

    /// Writes a start tag with the attributes that stay, in the order of their names.
    fn open(&mut self, node: NodeRef<'_, Node>, element: &Element, own: &[&str], links: Links<'_>) {
        let name = element.name();
        let mut attributes: Vec<(&str, Cow<'_, str>)> = Vec::new();
        for (attribute, value) in element.attrs.iter().filter(|(name, _)| list::stays(own, &name.local)) {
            let attribute = &*attribute.local;
            match list::is_url(attribute) {
                true if attribute == "src" => {}
                true => attributes.extend(links.made_absolute(attribute, value).map(|url| (attribute, url.into()))),
                false => attributes.push((attribute, Cow::Borrowed(value))),
            }
        }
        if let Some(url) = links.source(node) {
            if name == "img" {
                self.images.push(url.clone());
            }
            attributes.push(("src", url.into()));
        }
        attributes.sort_unstable_by_key(|(name, _)| *name);
        if name == "a" {
            attributes.push(("rel", list::REL.into()));
        }
        self.html.extend(["<", name]);
        for (name, value) in attributes {
            self.html.extend([" ", name, "=\""]);
            escape(&value, '"', &mut self.html);
            self.html.push('"');
        }
        self.html.push('>');
    }
}

/// Writes text, or the value of an attribute, which ends at its quote.
///
/// It stops past [`LONGEST`], where the part is refused: each character may become six, and one value be as long as the page.
fn escape(text: &str, quote: char, out: &mut String) {
    let mut rest = text;
    while let Some((before, after)) =
        rest.find(['&', '<', '>', '\u{A0}', quote]).and_then(|at| rest.split_at_checked(at))
    {
        if out.len() > LONGEST {
            return;
        }
        out.push_str(before);
        let mut after = after.chars();
        out.push_str(match after.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('\u{A0}') => "&nbsp;",
            Some('"') => "&quot;",
            _ => "",
        });
        rest = after.as_str();
    }
    out.push_str(rest);
}
