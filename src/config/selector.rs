//! Why a text is no CSS selector, where the text itself shows the cause: a slip in a name, a bracket left open.

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

/// Reason and advice for a text that was refused, where the text itself shows the cause.
pub(super) fn explain(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    if text.starts_with('$') {
        return Some(("it looks like JSONPath".to_owned(), "set kind = \"json\", or write CSS".to_owned()));
    }
    if let Some(open) = unclosed(text) {
        return Some((format!("`{open}` is not closed"), "close it".to_owned()));
    }
    for name in pseudo_classes(text) {
        if name.is_empty() && text.contains("::") {
            let advice = "select the element itself, whose text is taken; a field's ::first-line stands at its end, and an \
                          attribute is taken by a@href";
            return Some(("no pseudo-element is part of the page".to_owned(), advice.to_owned()));
        }
        if !PSEUDO_CLASSES.contains(&name.to_ascii_lowercase().as_str()) && !name.is_empty() {
            let advice = match nearest(name, PSEUDO_CLASSES.iter().copied()) {
                Some(near) => format!("did you mean `:{near}`?"),
                None => {
                    "known are :has(), :is(), :not(), :nth-child(), :first-child, :last-child and their like".to_owned()
                }
            };
            return Some((format!("{} is unknown", quoted(&format!(":{name}"))), advice));
        }
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_shows_the_cause() {
        let cases = [
            ("$.data", Some("it looks like JSONPath")),
            ("ul > li[", Some("`[` is not closed")),
            ("li:not(", Some("`(` is not closed")),
            ("a[title='x:y'] b", None),
            ("li:frist-child", Some("`:frist-child` is unknown")),
            ("li::before", Some("no pseudo-element is part of the page")),
            ("a b]", None),
        ];
        for (text, expected) in cases {
            assert_eq!(explain(text).map(|(reason, _)| reason).as_deref(), expected, "{text}");
        }
    }
}
