//! The text of an element as a reader sees it: scripts and styles left out, one space between blocks and at `<br>`,
//! none inside words whose letters stand in several inline elements.

use std::collections::HashSet;

use ego_tree::{NodeId, iter::Edge};
use scraper::{ElementRef, Node};

use crate::reading::text;

/// Elements whose content is not shown.
const UNSHOWN: [&str; 9] = ["script", "style", "template", "noscript", "head", "iframe", "object", "svg", "datalist"];

/// Nodes that belong to another item and are passed over.
pub(super) type Others = HashSet<NodeId>;

/// The text of `element`, without that of the subtrees in `others`.
pub(super) fn text(element: ElementRef<'_>, others: &Others) -> String {
    text_without(element, &|inner| others.contains(&inner.id()))
}

/// The text of `element`, without that of the inner elements that are `passed_over`.
pub(super) fn text_without(element: ElementRef<'_>, passed_over: &dyn Fn(ElementRef<'_>) -> bool) -> String {
    let mut shown = String::new();
    let own = element.id();
    let mut passed: Option<NodeId> = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if passed.is_none() => match node.value() {
                Node::Text(words) => shown.push_str(words),
                Node::Element(inner) => {
                    let id = node.id();
                    if id != own && (UNSHOWN.contains(&inner.name()) || ElementRef::wrap(node).is_some_and(passed_over))
                    {
                        passed = Some(id);
                    } else if breaks(inner.name()) {
                        shown.push(' ');
                    }
                }
                _ => {}
            },
            Edge::Open(_) => {}
            Edge::Close(node) => {
                if passed == Some(node.id()) {
                    passed = None;
                } else if passed.is_none() && node.value().as_element().is_some_and(|inner| breaks(inner.name())) {
                    shown.push(' ');
                }
            }
        }
    }
    text::line(&shown)
}

fn breaks(name: &str) -> bool {
    !is_inline(name)
}

/// Whether an element of that name stands in a line of a list's text.
pub(super) fn is_inline(name: &str) -> bool {
    // One of a page's own kind (`x-date`) is inline unless a style says otherwise.
    is_phrase(name) || name.contains('-')
}

/// Whether an element of that name stands in a line of text wherever HTML is read.
pub(super) fn is_phrase(name: &str) -> bool {
    // A match by length and letters: this is asked twice for each element of each row.
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "picture"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::dom::{Limits, parse};

    fn shown(html: &str) -> String {
        let page = parse(html, &Limits::default()).unwrap();
        text(page.root_element(), &Others::new())
    }

    #[test]
    fn blocks_are_parted_and_words_are_not() {
        assert_eq!(shown("<p>one</p><p>two<br>three</p>"), "one two three");
        assert_eq!(shown("<p>un<b>bro</b>ken<span> </span> w<wbr>ord</p>"), "unbroken word");
        assert_eq!(shown("<td>a<td>b<script>x</script>c"), "abc");
        assert_eq!(shown("<table><tr><td>a<td>b</table>"), "a b");
        assert_eq!(shown("电网\u{3000}\u{a0}<style>x</style>\n 建设"), "电网 建设");
    }
}
