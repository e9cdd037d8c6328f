//! Why a text is no CSS selector, in words: the parser itself tells little more than that it stopped.

use scraper::error::SelectorErrorKind;

use super::{nearest::nearest, shown::quoted};

/// Pseudo-classes that the parser knows and that mean something on a page nobody clicks on.
const PSEUDO_CLASSES: &[&str] = &[
    "empty",
    "first-child",
    "first-of-type",
    "has",
    "is",
    "last-child",
    "last-of-type",
    "not",
    "nth-child",
    "nth-last-child",
    "nth-last-of-type",
    "nth-of-type",
    "only-child",
    "only-of-type",
    "root",
    "where",
];

/// Reason and advice for a text that the parser refused.
pub(super) fn explain(text: &str, why: &SelectorErrorKind) -> (String, String) {
    let text = text.trim();
    let say = |reason: &str, advice: &str| (reason.to_owned(), advice.to_owned());
    if text.starts_with('/') {
        return say("it looks like XPath", "write CSS, as \"ul.list > li\"");
    }
    if text.starts_with('$') {
        return say("it looks like JSONPath", "set kind = \"json\", or write CSS");
    }
    if let Some(open) = unclosed(text) {
        return (format!("`{open}` is not closed"), "close it".to_owned());
    }
    if let Some(sign) = text.chars().next_back().filter(|c| matches!(c, '>' | '+' | '~' | ',')) {
        return (format!("nothing follows the last `{sign}`"), "write what follows, or leave the sign out".to_owned());
    }
    if let Some(sign) = text.chars().next().filter(|c| matches!(c, '>' | '+' | '~' | ',')) {
        let advice =
            format!("it is relative to the item already: leave the first `{sign}` out, or write \":scope {sign} …\"");
        return (format!("nothing stands before the first `{sign}`"), advice);
    }
    for name in pseudo_classes(text) {
        if name.is_empty() && text.contains("::") {
            return say("no pseudo-element is part of the page", "select the element itself: its text is taken");
        }
        if !PSEUDO_CLASSES.contains(&name.to_ascii_lowercase().as_str()) && !name.is_empty() {
            let advice = match nearest(name, PSEUDO_CLASSES.iter().copied()) {
                Some(near) => format!("did you mean `:{near}`?"),
                None => {
                    "known are :has(), :is(), :not(), :nth-child(), :first-child, :last-child and their like".to_owned()
                }
            };
            return (format!("{} is unknown", quoted(&format!(":{name}"))), advice);
        }
    }
    if let Some(sign) = nameless(text) {
        return (format!("no name follows a `{sign}`"), "a name starts with a letter, `-` or `_`".to_owned());
    }
    match why {
        SelectorErrorKind::EndOfLine => say("it ends too early", "write what follows the last sign"),
        _ => say(
            "a part of it is unknown or stands in the wrong place",
            "write tag, .class, #id, [attribute=\"value\"], and a blank, >, + or ~ between them",
        ),
    }
}

/// The characters that are no part of a quoted text, with what follows each.
fn bare(text: &str) -> impl Iterator<Item = (char, &str)> {
    let mut quote = None;
    text.char_indices().filter_map(move |(at, c)| {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, c) => return Some((c, text.get(at + c.len_utf8()..).unwrap_or_default())),
            _ => {}
        }
        None
    })
}

/// The bracket or quote that stays open.
fn unclosed(text: &str) -> Option<char> {
    let quotes = |q: char| text.matches(q).count() % 2 == 1;
    if let Some(quote) = ['"', '\''].into_iter().find(|&q| quotes(q) && !text.contains('\\')) {
        return Some(quote);
    }
    let mut open = Vec::new();
    for (c, _) in bare(text) {
        match c {
            '[' | '(' => open.push(c),
            ']' if open.last() == Some(&'[') => drop(open.pop()),
            ')' if open.last() == Some(&'(') => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// The word after each colon; empty where another colon or nothing follows.
fn pseudo_classes(text: &str) -> impl Iterator<Item = &str> {
    bare(text).filter(|(c, _)| *c == ':').map(|(_, rest)| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    })
}

/// The `.` or `#` after which no name can start.
fn nameless(text: &str) -> Option<char> {
    let starts = |c: char| c.is_alphabetic() || matches!(c, '-' | '_' | '\\') || !c.is_ascii();
    bare(text).find(|(c, rest)| matches!(c, '.' | '#') && !rest.chars().next().is_some_and(starts)).map(|(c, _)| c)
}

#[cfg(test)]
mod tests {
    use scraper::Selector;

    use super::*;

    #[test]
    fn each_refused_selector_has_a_reason_of_its_own() {
        let cases = [
            ("//ul/li", "it looks like XPath"),
            ("$.data", "it looks like JSONPath"),
            ("ul > li[", "`[` is not closed"),
            ("li:not(", "`(` is not closed"),
            ("li >", "nothing follows the last `>`"),
            ("> li", "nothing stands before the first `>`"),
            ("li:frist-child", "`:frist-child` is unknown"),
            ("li::before", "no pseudo-element is part of the page"),
            ("a..b", "no name follows a `.`"),
            ("div#1", "no name follows a `#`"),
            ("a b]", "a part of it is unknown or stands in the wrong place"),
        ];
        for (text, expected) in cases {
            let why = Selector::parse(text).expect_err(text);
            assert_eq!(explain(text, &why).0, expected, "{text}");
        }
    }
}
