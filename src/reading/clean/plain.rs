//! Plain text ↔ clean HTML.

use ego_tree::iter::Edge;
use scraper::{Html, Node};

use super::settled;
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
    if settled::is_settled(html.as_str()) {
        return text_of_settled(html.as_str());
    }
    dom::parse_fragment(html.as_str(), &Limits::default()).map_or_else(|_| String::new(), |tree| text_of(&tree))
}

/// The same as [`text_of`] of HTML that can be read in one way only: no tag in it holds another `>` than its own.
fn text_of_settled(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        push_text(text, &mut out);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        push_break(name, !tag.starts_with('/'), &mut out);
        rest = after;
    }
    push_text(rest, &mut out);
    text::paragraphs(&out)
}

/// Adds text that holds no references but those that the writer of a tree makes.
fn push_text(escaped: &str, out: &mut String) {
    let mut rest = escaped;
    while let Some((text, after)) = rest.split_once('&') {
        push_line(text, out);
        let (name, after) = after.split_once(';').unwrap_or((after, ""));
        out.push(match name {
            "lt" => '<',
            "gt" => '>',
            "nbsp" => '\u{A0}',
            _ => '&',
        });
        rest = after;
    }
    push_line(rest, out);
}

/// Adds text; a line break of the source is a space to the reader.
fn push_line(text: &str, out: &mut String) {
    out.extend(text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }));
}

/// Adds what an element's begin or end is to the reader.
fn push_break(name: &str, opens: bool, out: &mut String) {
    match name {
        "br" if opens => out.push('\n'),
        "td" | "th" if !opens => out.push(' '),
        name if BLOCKS.contains(&name) => out.push('\n'),
        _ => {}
    }
}

/// The text of a tree, its blocks apart by blank lines.
pub(super) fn text_of(html: &Html) -> String {
    let mut out = String::new();
    for edge in html.tree.root().traverse() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        match (node.value(), matches!(edge, Edge::Open(_))) {
            (Node::Text(text), true) => push_line(text, &mut out),
            (Node::Element(element), opens) => push_break(element.name(), opens, &mut out),
            _ => {}
        }
    }
    text::paragraphs(&out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<br>",
        "<hr>",
        "<ul><li>",
        "</li></ul>",
        "<h2>",
        "</h2>",
        " ",
        "\n",
        "电网",
        "a b",
        "&amp;",
        "&lt;b&gt;",
        "&nbsp;",
        "&quot;",
        "<span title=\"a\">",
        "</span>",
        "<img alt=\"a &amp; b\">",
        "x",
    ];

    proptest! {
        #[test]
        fn what_is_told_without_a_parse_is_what_a_parse_tells(at in prop::collection::vec(0..PIECES.len(), 0..12)) {
            let html: String = at.iter().filter_map(|at| PIECES.get(*at)).copied().collect();
            if settled::is_settled(&html) {
                let parsed = dom::parse_fragment(&html, &Limits::default()).map(|tree| text_of(&tree)).unwrap();
                prop_assert_eq!(text_of_settled(&html), parsed);
            }
        }
    }

    #[test]
    fn paragraphs_references_and_lists_are_told_without_a_parse() {
        let html = "<p>a &amp; <b>b</b>&nbsp;c<br>d</p><ul><li>e</li><li>&lt;f&gt;</li></ul>g\nh";
        assert!(settled::is_settled(html));
        let parsed = dom::parse_fragment(html, &Limits::default()).map(|tree| text_of(&tree)).unwrap();
        assert_eq!(text_of_settled(html), parsed);
    }
}
