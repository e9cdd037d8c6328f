//! [`is_settled`]: HTML that is clean and written as the cleaner writes it, told without a parse.
//!
//! Most summaries are a text with a few words in bold, written out of a tree a moment ago. In such HTML no two readings are
//! possible: its elements are inline, without attributes, closed in the order in which they were opened, and its text holds
//! no character that is written in another way. Whatever else there is goes through the cleaner.
//!
//! Invariant: what is settled comes out of the cleaner as it went in.

/// Longest HTML that is looked at, in bytes: with the depth this keeps it far within the limits of any parse.
const LONGEST: usize = 64 << 10;

/// Most elements open at once.
const DEEPEST: usize = 16;

/// Elements of the allow-list that may stand in one another in any order, and that nothing but their end tag closes.
const INLINE: &[&str] =
    &["b", "em", "i", "strong", "span", "small", "sub", "sup", "u", "s", "code", "mark", "cite", "q", "abbr", "time"];

/// References that the writer of a tree makes: all others are written in another way.
const REFERENCES: &[&str] = &["amp;", "lt;", "gt;", "nbsp;"];

/// Whether cleaning `html` changes nothing, as far as can be told by looking at it once.
pub(super) fn is_settled(html: &str) -> bool {
    // A mark of the byte order is dropped at the start.
    html.len() <= LONGEST && !html.starts_with('\u{FEFF}') && walk(html).is_some_and(|open| open.is_empty())
}

/// The elements that are open at the end; `None` where something is not settled.
fn walk(html: &str) -> Option<Vec<&str>> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    loop {
        let Some(at) = special(rest.as_bytes()) else { return Some(open) };
        let bytes = rest.as_bytes();
        rest = match bytes.get(at)? {
            b'<' => tag(rest.get(at + 1..)?, &mut open)?,
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
fn tag<'a>(after: &'a str, open: &mut Vec<&'a str>) -> Option<&'a str> {
    let (written, rest) = after.split_once('>')?;
    if let Some(name) = written.strip_prefix('/') {
        return (open.pop()? == name).then_some(rest);
    }
    if written != "br" {
        if open.len() == DEEPEST || !INLINE.contains(&written) {
            return None;
        }
        open.push(written);
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;
    use proptest::prelude::*;
    use url::Url;

    use super::*;
    use crate::reading::clean::clean_by_parsing;

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
            "<p>a</p>",
            "<a>b</a>",
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
        assert!(!is_settled(&"<b>".repeat(20)) && !is_settled(&"a".repeat(LONGEST + 1)));
    }

    /// Pieces that settled HTML is made of, and such as are near them.
    fn piece() -> impl Strategy<Value = String> {
        let name = prop::sample::select(INLINE);
        prop_oneof![
            8 => name.clone().prop_map(|name| format!("<{name}>")),
            8 => name.clone().prop_map(|name| format!("</{name}>")),
            4 => (name, "[ a电é<&]{0,3}").prop_map(|(name, text)| format!("<{name}>{text}</{name}>")),
            4 => prop::sample::select(REFERENCES).prop_map(|reference| format!("&{reference}")),
            2 => prop::sample::select(&["<br>", "<p>", "</p>", "<a>", "</a>", "<!--", "-->", "&", "<", ">", "\u{A0}"][..])
                .prop_map(str::to_owned),
            4 => any::<char>().prop_map(String::from),
            4 => "[ \n\t\u{C}a-c]{0,4}",
        ]
    }

    /// Well nested HTML of inline elements, so that many of the cases are settled.
    fn nested() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[ \n\t\u{C}a-c电é\u{85}\u{2028}]{0,4}",
            Just("<br>".to_owned()),
            Just("&amp;".to_owned()),
            Just("&nbsp;".to_owned()),
            any::<char>().prop_map(String::from),
        ];
        leaf.prop_recursive(6, 40, 5, |inner| {
            (prop::sample::select(INLINE), prop::collection::vec(inner, 0..5))
                .prop_map(|(name, parts)| format!("<{name}>{}</{name}>", parts.concat()))
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
