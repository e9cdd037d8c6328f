//! Article → the words that every format shows of it: its title, or what stands for one, and a plain summary.
//!
//! Invariant: a title is never empty, in no format.

use crate::model::Article;

use super::{address, xml::XmlText};

/// Characters of a summary that is made from the article's text.
const SUMMARY: usize = 200;
/// Characters of a title that is made from the article's text.
const TITLE: usize = 60;

/// The article's title. One without is named by the start of its text, else by its address, else by its id.
pub fn title(article: &Article) -> String {
    if let Some(own) = XmlText::line(&article.title).filled() {
        return own.into();
    }
    let texts = [&article.summary, &article.content].into_iter().flatten().map(|html| plain(html.as_str(), TITLE));
    texts
        .filter_map(|text| XmlText::line(&text).filled())
        .chain(address::web(&article.url))
        .next()
        .map_or_else(|| article.key.to_string(), String::from)
}

/// The article's summary in plain text: its own, else the start of its text, else empty.
pub fn summary(article: &Article) -> String {
    [&article.summary, &article.content]
        .into_iter()
        .flatten()
        .find_map(|html| XmlText::line(&plain(html.as_str(), SUMMARY)).filled())
        .map(String::from)
        .unwrap_or_default()
}

/// Names without those that are empty, and each once.
pub fn names(names: &[String]) -> Vec<XmlText> {
    let mut kept: Vec<XmlText> = Vec::new();
    for name in names.iter().filter_map(|name| XmlText::line(name).filled()) {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

/// The text of clean HTML in one line, cut to `most` characters with `…` at the cut.
pub(super) fn plain(html: &str, most: usize) -> String {
    // Enough for the cut whatever white space is in it, so that a long article is not walked to its end.
    let enough = most.saturating_mul(4).saturating_add(64);
    let mut text = String::new();
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        if text.chars().count() > enough {
            break;
        }
        rest = match c {
            '<' => {
                let (name, after) = tag(rest);
                if !INLINE.contains(&name) {
                    text.push(' ');
                }
                after
            }
            '&' => {
                let (c, after) = reference(rest);
                text.push(c);
                after
            }
            _ => {
                let end = rest.find(['<', '&']).unwrap_or(rest.len());
                let (run, after) = rest.split_at(end);
                text.extend(run.chars().take(enough));
                after
            }
        };
    }
    let line = String::from(XmlText::line(&text));
    match line.char_indices().nth(most) {
        None => line,
        Some(_) => line.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Elements that do not part words.
const INLINE: [&str; 16] =
    ["a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"];

/// The name of the tag at the start of `text`, and what follows it. Quoted values may hold `>`.
fn tag(text: &str) -> (&str, &str) {
    let inner = text.strip_prefix('<').unwrap_or(text);
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let mut quote = None;
    for (place, c) in inner.char_indices() {
        match (quote, c) {
            (None, '>') => return (name, inner.split_at(place + 1).1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    (name, "")
}

/// The character that the reference at the start of `text` means, and what follows it. The cleaner writes few kinds.
fn reference(text: &str) -> (char, &str) {
    let inner = text.strip_prefix('&').unwrap_or(text);
    let lone = ('&', inner);
    let Some((name, after)) = inner.split_once(';').filter(|(name, _)| name.len() <= 8) else { return lone };
    let c = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => name.strip_prefix('#').and_then(|number| {
            match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            }
            .and_then(char::from_u32)
        }),
    };
    c.map_or(lone, |c| (c, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_a_line_of_text() {
        for (html, text) in [
            ("<p>One</p><p>two <b>thr</b>ee</p>", "One two three"),
            ("a&amp;b &lt;i&gt; &#x4e2d;&#25991; R&D; x & y", "a&b <i> 中文 R&D; x & y"),
            (r#"<a href="x>y" title='"'>link</a>"#, "link"),
            ("<p>cut", "cut"),
            ("<unclosed", ""),
            ("&#0;&#xD800;", "&#xD800;"),
        ] {
            assert_eq!(plain(html, 100), text, "{html}");
        }
        assert_eq!(plain(&"字".repeat(10_000), 5), "字字字字…");
        assert_eq!(plain("12345", 5), "12345");
    }
}
