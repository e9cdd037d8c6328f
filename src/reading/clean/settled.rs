//! [`is_settled`]: HTML that is clean and written as the cleaner writes it, told without a parse.
//!
//! Most summaries are a text with a few words in bold, and most stories are paragraphs, headings and lists, written out of a tree a
//! moment ago. In such HTML no two readings are possible: elements are closed in the order in which they were opened, blocks stand
//! in blocks, entries in lists, and what holds text alone holds no block; attributes are those that stay, written as the cleaner
//! writes them; and text holds no character that is written in another way. Whatever else there is (tables among it, which the parser
//! mends in many ways) goes through the cleaner.
//!
//! Invariant: what is settled comes out of the cleaner as it went in.

use std::borrow::Cow;

use url::Url;

use super::list::{self, Fate};

/// Longest HTML that is looked at, in bytes.
const LONGEST: usize = 512 << 10;

/// Most tags: with this and the depth it stays far within the limits of any parse.
const MOST: usize = 10_000;

/// Most elements open at once.
const DEEPEST: usize = 64;

/// What may stand in an element of the allow-list, and where it may stand itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A phrase stands anywhere and holds phrases; nothing but its end tag closes it.
    Phrase,
    /// A link is a phrase in which none stands.
    Link,
    /// A block stands in blocks and holds anything.
    Block,
    /// A paragraph or heading is a block that holds phrases.
    Line,
    /// A list is a block that holds entries.
    List,
    /// An entry stands in a list and holds anything.
    Entry,
    /// A picture or a break stands anywhere and holds nothing.
    Void,
    /// A rule stands in blocks and holds nothing.
    Rule,
}

/// The kinds of the elements that are told without a parse.
fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "b" | "em" | "i" | "strong" | "span" | "small" | "sub" | "sup" | "u" | "s" | "code" | "mark" | "cite" | "q"
        | "abbr" | "time" => Kind::Phrase,
        "a" => Kind::Link,
        "div" | "section" | "article" | "aside" | "blockquote" | "figure" | "figcaption" | "header" | "footer"
        | "main" => Kind::Block,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Line,
        "ul" | "ol" => Kind::List,
        "li" => Kind::Entry,
        "br" | "img" => Kind::Void,
        "hr" => Kind::Rule,
        _ => return None,
    })
}

/// Whether an element may stand where the others are open.
fn may_stand(kind: Kind, open: &[Open<'_>]) -> bool {
    let holds_blocks = |outer: &Open<'_>| matches!(outer.kind, Kind::Block | Kind::List | Kind::Entry);
    match kind {
        Kind::Phrase | Kind::Void => true,
        Kind::Link => !open.iter().any(|outer| outer.kind == Kind::Link),
        Kind::Entry => open.last().is_some_and(|outer| outer.kind == Kind::List),
        Kind::Block | Kind::Line | Kind::List | Kind::Rule => open.iter().all(holds_blocks),
    }
}

/// References that the writer of a tree makes in text: all others are written in another way.
const REFERENCES: &[&str] = &["amp;", "lt;", "gt;", "nbsp;"];

/// An element that was begun.
struct Open<'a> {
    name: &'a str,
    kind: Kind,
}

/// Whether cleaning `html` changes nothing, as far as can be told by looking at it once.
pub(super) fn is_settled(html: &str) -> bool {
    // A mark of the byte order is dropped at the start.
    html.len() <= LONGEST && !html.starts_with('\u{FEFF}') && walk(html).is_some_and(|open| open.is_empty())
}

/// The elements that are open at the end; `None` where something is not settled.
fn walk(html: &str) -> Option<Vec<Open<'_>>> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut tags = 0;
    let mut rest = html;
    loop {
        let Some(at) = special(rest.as_bytes()) else { return Some(open) };
        let bytes = rest.as_bytes();
        rest = match bytes.get(at)? {
            b'<' if tags < MOST => {
                tags += 1;
                tag(rest.get(at + 1..)?, &mut open)?
            }
            b'&' => {
                let after = rest.get(at + 1..)?;
                REFERENCES.iter().find_map(|reference| after.strip_prefix(reference))?
            }
            // Of the letters whose two bytes begin so, the no-break space alone is written as a reference.
            0xC2 if bytes.get(at + 1) != Some(&0xA0) => rest.get(at + 2..)?,
            _ => return None,
        };
    }
}

/// The first byte that may begin something else than a text that stays as it is.
fn special(bytes: &[u8]) -> Option<usize> {
    let mark = memchr::memchr3(b'<', b'>', b'&', bytes);
    let before = mark.and_then(|at| bytes.get(..at)).unwrap_or(bytes);
    memchr::memchr3(b'\r', 0, 0xC2, before).or(mark)
}

/// What follows the tag whose `<` stands before `after`.
fn tag<'a>(after: &'a str, open: &mut Vec<Open<'a>>) -> Option<&'a str> {
    if let Some(end) = after.strip_prefix('/') {
        let (name, rest) = end.split_once('>')?;
        return (open.pop()?.name == name).then_some(rest);
    }
    let (name, mut rest) = after.split_at_checked(after.find([' ', '>'])?)?;
    let kind = kind(name)?;
    let Fate::Stays(own) = list::fate(name) else { return None };
    if !may_stand(kind, open) {
        return None;
    }
    let mut known: Vec<&str> = Vec::new();
    let rest = loop {
        if let Some(rest) = rest.strip_prefix('>') {
            break rest;
        }
        let (attribute, after) = rest.strip_prefix(' ')?.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        let is_rel = kind == Kind::Link && attribute == "rel";
        // The cleaner writes this last.
        let stays = match is_rel {
            true => value == list::REL && after.starts_with('>'),
            false => list::stays(own, attribute) && is_value(attribute, value),
        };
        if !stays || known.contains(&attribute) {
            return None;
        }
        known.push(attribute);
        rest = after;
    };
    if kind == Kind::Link && known.last() != Some(&"rel") {
        return None;
    }
    if !matches!(kind, Kind::Void | Kind::Rule) {
        (open.len() < DEEPEST).then(|| open.push(Open { name, kind }))?;
    }
    Some(rest)
}

/// Whether an attribute's value is written as the cleaner writes it; an address leads where it may.
fn is_value(attribute: &str, value: &str) -> bool {
    let mut rest = value;
    while let Some(at) = special(rest.as_bytes()) {
        let bytes = rest.as_bytes();
        let after = match bytes.get(at) {
            Some(b'&') => {
                let after = rest.get(at + 1..).unwrap_or_default();
                REFERENCES.iter().chain(&["quot;"]).find_map(|reference| after.strip_prefix(reference))
            }
            Some(0xC2) if bytes.get(at + 1) != Some(&0xA0) => rest.get(at + 2..),
            _ => None,
        };
        let Some(after) = after else { return false };
        rest = after;
    }
    !list::is_url(attribute) || leads(value)
}

fn leads(value: &str) -> bool {
    let url = match value.contains('&') {
        // What addresses hold else is no reference that they could be written with.
        true if value.replace("&amp;", "").contains('&') => return false,
        true => Cow::Owned(value.replace("&amp;", "&")),
        false => Cow::Borrowed(value),
    };
    // An address that is written in another way than the cleaner's would be written anew.
    (url.starts_with("https://") || url.starts_with("http://"))
        && Url::parse(&url).is_ok_and(|read| read.as_str() == url)
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;
    use proptest::prelude::*;
    use url::Url;

    use super::*;
    use crate::reading::clean::clean_by_parsing;

    const PHRASES: &[&str] = &["b", "em", "i", "strong", "span", "code", "q", "time", "a rel=\"noopener noreferrer\""];
    const BLOCKS: &[&str] = &["div", "section", "blockquote", "figure", "article", "ul", "ol", "li", "p", "h2"];

    /// What the whole way through the cleaner makes of it.
    fn cleaned(html: &str) -> String {
        let base = Url::parse("https://example.org/").unwrap();
        clean_by_parsing(html, &base, UTF_8).unwrap().as_str().to_owned()
    }

    #[test]
    fn plain_and_marked_text_is_settled() {
        for html in [
            "",
            " a text, é and 电 · «a» ",
            "<b>a</b>b<br><em>c<i>d</i></em>",
            "1 &lt; 2 &amp; 3 &gt; 2&nbsp;!",
            "<b><b><b><b><b>a</b></b></b></b></b>",
            "<p>a</p>\n<h2>b <i>c</i></h2><div><ul> <li>d<p>e</p><ol><li></li></ol></li></ul><hr></div>",
            "<p><a href=\"https://example.org/?a=1&amp;b=2\" title=\"&quot;é&lt;\" rel=\"noopener noreferrer\">a</a></p>",
            "<figure><img alt=\"\" src=\"http://example.org/a.png\" width=\"1\"><figcaption>a</figcaption></figure>",
        ] {
            assert!(is_settled(html), "{html}");
            assert_eq!(cleaned(html), html);
        }
    }

    #[test]
    fn whatever_else_is_not() {
        for html in [
            "<b>a",
            "a</b>",
            "<b><i>a</b></i>",
            "<b x>a</b>",
            "<B>a</B>",
            "<br/>",
            "<p>a<p>b</p></p>",
            "<h1><h2>b</h2></h1>",
            "<b><p>a</p></b>",
            "<span><div>a</div></span>",
            "<li>a</li>",
            "<div><li>a</li></div>",
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
            "<pre>a</pre>",
            "<p>a<hr></p>",
            "<a>b</a>",
            "<a rel=\"noopener noreferrer\"><b><a rel=\"noopener noreferrer\">b</a></b></a>",
            "<a rel=\"noopener noreferrer\" href=\"https://example.org/\">b</a>",
            "<a href=\"javascript:x()\" rel=\"noopener noreferrer\">b</a>",
            "<a href=\"https://\" rel=\"noopener noreferrer\">b</a>",
            "<a href=\"https&#58;//example.org/\" rel=\"noopener noreferrer\">b</a>",
            "<p title=\"a\" title=\"b\">c</p>",
            "<p title=\"a\"lang=\"b\">c</p>",
            "<p title=\"a>\">c</p>",
            "<p onclick=\"x\">c</p>",
            "<p\tlang=\"b\">c</p>",
            "<img src=\"/a.png\">",
            "<img src=\"http://example.org\">",
            "<img src=\"http://example.org/é\">",
            "<script></script>",
            "<!-- a -->",
            "a > b",
            "a & b",
            "&eacute;",
            "&ampx",
            "a\rb",
            "a\0b",
            "a\u{A0}b",
            "\u{FEFF}a",
            "</br>",
            "a <",
        ] {
            assert!(!is_settled(html), "{html:?}");
        }
        assert!(
            !is_settled(&format!("{}{}", "<b>".repeat(70), "</b>".repeat(70))) && !is_settled(&"a".repeat(LONGEST + 1))
        );
    }

    /// Pieces that settled HTML is made of, and such as are near them.
    fn piece() -> impl Strategy<Value = String> {
        let name = prop::sample::select([PHRASES, BLOCKS].concat());
        prop_oneof![
            8 => name.clone().prop_map(|name| format!("<{name}>")),
            8 => name.clone().prop_map(|name| format!("</{}>", bare(name))),
            4 => (name, "[ a电é<&]{0,3}").prop_map(|(name, text)| format!("<{name}>{text}</{}>", bare(name))),
            2 => prop::sample::select(&["<hr>", "<img alt=\"a\">", "<img src=\"https://example.org/\">", "</a>"][..]).prop_map(str::to_owned),
            4 => prop::sample::select(REFERENCES).prop_map(|reference| format!("&{reference}")),
            2 => prop::sample::select(&["<br>", "<p>", "</p>", "<a>", "</a>", "<!--", "-->", "&", "<", ">", "\u{A0}"][..])
                .prop_map(str::to_owned),
            4 => any::<char>().prop_map(String::from),
            4 => "[ \n\t\u{C}a-c]{0,4}",
        ]
    }

    fn bare(tag: &str) -> &str {
        tag.split(' ').next().unwrap_or(tag)
    }

    /// Well nested HTML, so that many of the cases are settled.
    fn nested() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[ \n\t\u{C}a-c电é\u{85}\u{2028}]{0,4}",
            Just("<br>".to_owned()),
            Just("&amp;".to_owned()),
            Just("&nbsp;".to_owned()),
            any::<char>().prop_map(String::from),
        ];
        leaf.prop_recursive(6, 40, 5, |inner| {
            (prop::sample::select([PHRASES, BLOCKS, BLOCKS].concat()), prop::collection::vec(inner, 0..5))
                .prop_map(|(name, parts)| format!("<{name}>{}</{}>", parts.concat(), bare(name)))
        })
    }

    proptest! {
        #[test]
        fn cleaning_what_is_settled_changes_nothing(
            html in prop_oneof![prop::collection::vec(piece(), 0..8).prop_map(|parts| parts.concat()),
                prop::collection::vec(nested(), 0..4).prop_map(|parts| parts.concat())],
        ) {
            if is_settled(&html) {
                prop_assert_eq!(cleaned(&html), html);
            }
        }
    }
}
