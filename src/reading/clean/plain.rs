//! Plain text ↔ clean HTML.

use ego_tree::iter::Edge;
use scraper::{Html, Node};

use crate::{
    model::CleanHtml,
    reading::{
        dom::{self, Limits},
        text,
    },
};

/// Elements that stand apart from what is before and after them.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Plain text as HTML that shows it: escaped, a `<br>` for each line break.
pub fn from_text(text: &str) -> CleanHtml {
    let mut out = String::with_capacity(text.len());
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            out.push_str("<br>");
        }
        for c in line.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '\u{A0}' => out.push_str("&nbsp;"),
                '\r' | '\0' => {}
                c => out.push(c),
            }
        }
    }
    CleanHtml::vouched(out)
}

/// The text of clean HTML, its blocks apart by blank lines. HTML too complex to be read gives nothing.
pub fn to_text(html: &CleanHtml) -> String {
    dom::parse_fragment(html.as_str(), &Limits::default()).map_or_else(|_| String::new(), |tree| text_of(&tree))
}

/// The text of a tree, its blocks apart by blank lines.
pub(super) fn text_of(html: &Html) -> String {
    let mut out = String::new();
    for edge in html.tree.root().traverse() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        match (node.value(), matches!(edge, Edge::Open(_))) {
            // A line break of the source is a space to the reader.
            (Node::Text(text), true) => out.extend(text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c })),
            (Node::Element(element), opens) => match element.name() {
                "br" if opens => out.push('\n'),
                "td" | "th" if !opens => out.push(' '),
                name if BLOCKS.contains(&name) => out.push('\n'),
                _ => {}
            },
            _ => {}
        }
    }
    text::paragraphs(&out)
}
