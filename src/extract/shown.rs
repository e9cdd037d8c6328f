//! The text of an element as a reader sees it: scripts and styles left out, one space between blocks and at `<br>`,
//! none inside words whose letters stand in several inline elements. [`Extent`] says how much of it a field takes.

use std::collections::HashSet;

use ego_tree::{NodeId, iter::Edge};
use scraper::{ElementRef, Node};

use crate::reading::text;

/// Elements whose content is not shown.
const UNSHOWN: [&str; 9] = ["script", "style", "template", "noscript", "head", "iframe", "object", "svg", "datalist"];

/// Nodes that belong to another item and are passed over.
pub(super) type Others = HashSet<NodeId>;

/// How much of a text a field takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// What stands before the first `<br>` or the end of the first block; in `<pre>`, before the end of the line.
    FirstLine,
}

/// How a rule says that it takes the first line: as CSS names it (CSS Pseudo-Elements, section 2.1).
const FIRST_LINE: &str = "::first-line";

/// What parts lines while they are gathered; white space as any other, once they are read in one.
pub(super) const BREAK: char = '\u{2028}';

impl Extent {
    /// A selector as written, and how much of the text it takes.
    pub(super) fn of(written: &str) -> (&str, Self) {
        let written = written.trim();
        written.strip_suffix(FIRST_LINE).map_or((written, Self::Whole), |select| (select.trim_end(), Self::FirstLine))
    }

    /// The selector that takes so much of the text.
    pub(super) fn written(self, select: &str) -> String {
        format!("{select}{}", if self == Self::FirstLine { FIRST_LINE } else { "" })
    }

    /// So much of a text that was gathered in or beside `element`, in one line.
    pub(super) fn cut(self, gathered: &str, element: ElementRef<'_>) -> String {
        if self == Self::Whole {
            return text::line(gathered);
        }
        let mut up = std::iter::once(*element).chain(element.ancestors());
        let is_pre = up.any(|node| node.value().as_element().is_some_and(|named| named.name() == "pre"));
        let is_end = |sign| sign == BREAK || is_pre && sign == '\n';
        gathered.split(is_end).map(text::line).find(|line| !line.is_empty()).unwrap_or_default()
    }
}

/// So much of the text of `element`, without that of the subtrees in `others`.
pub(super) fn taken(element: ElementRef<'_>, others: &Others, extent: Extent) -> String {
    match extent {
        Extent::Whole => text(element, others),
        Extent::FirstLine => extent.cut(&gathered(element, &|inner| others.contains(&inner.id()), BREAK), element),
    }
}

/// The text of `element`, without that of the subtrees in `others`.
pub(super) fn text(element: ElementRef<'_>, others: &Others) -> String {
    text_without(element, &|inner| others.contains(&inner.id()))
}

/// The text of `element`, without that of the inner elements that are `passed_over`.
pub(super) fn text_without(element: ElementRef<'_>, passed_over: &dyn Fn(ElementRef<'_>) -> bool) -> String {
    text::line(&gathered(element, passed_over, ' '))
}

/// That text as the page has it, with `sign` wherever a line ends.
fn gathered(element: ElementRef<'_>, passed_over: &dyn Fn(ElementRef<'_>) -> bool, sign: char) -> String {
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
                        shown.push(sign);
                    }
                }
                _ => {}
            },
            Edge::Open(_) => {}
            Edge::Close(node) => {
                if passed == Some(node.id()) {
                    passed = None;
                } else if passed.is_none() && node.value().as_element().is_some_and(|inner| breaks(inner.name())) {
                    shown.push(sign);
                }
            }
        }
    }
    shown
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

    #[test]
    fn the_first_line_ends_at_a_break_or_a_block() {
        let first = |html: &str| {
            let page = parse(html, &Limits::default()).unwrap();
            let root = page.root_element();
            let pre = root.descendent_elements().find(|element| element.value().name() == "pre");
            taken(pre.unwrap_or(root), &Others::new(), Extent::FirstLine)
        };
        assert_eq!(first("<p>A v. B<br><span>District of C</span></p>"), "A v. B");
        assert_eq!(first("<div><p> A <b>v.</b>\nB<em><br>Public version</em></p></div>"), "A v. B");
        assert_eq!(first("<br> <div></div>A v. B<div>C</div>"), "A v. B");
        assert_eq!(first("<pre>\n\nA v. B\n  C</pre>"), "A v. B");
        assert_eq!(first("<p>A\nv. B</p>"), "A v. B");
        assert_eq!(Extent::of(" td::first-line "), ("td", Extent::FirstLine));
        assert_eq!(Extent::of("td:first-child"), ("td:first-child", Extent::Whole));
        assert_eq!(Extent::FirstLine.written("td"), "td::first-line");
    }
}
