//! `<meta http-equiv="refresh">` and the Refresh header → where a small page sends its reader at once. Pure.
//!
//! Only what a browser without scripts would follow within five seconds counts, and only on a page too small to be read itself.

use std::sync::LazyLock;

use http::HeaderMap;
use regex::Regex;

/// Largest page, in bytes, that can be a mere signpost.
const SMALL: usize = 16 << 10;
/// Longest delay that still is "at once", in seconds.
const SOON: f64 = 5.0;

/// The patterns; each is a constant that the test compiles.
struct Patterns {
    hidden: Regex,
    meta: Regex,
    content: Regex,
    rule: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        hidden: Regex::new(r"(?is)<!--.*?-->|<(?:script|noscript|style|template|textarea)\b.*?</(?:script|noscript|style|template|textarea)\s*>").ok()?,
        meta: Regex::new(r#"(?is)<meta\b[^>]*\bhttp-equiv\s*=\s*["']?refresh\b[^>]*>"#).ok()?,
        content: Regex::new(r#"(?is)\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))"#).ok()?,
        rule: Regex::new(r#"(?is)^\s*(\d*(?:\.\d*)?)\s*[;,\s]\s*(?:url\s*=)?\s*["']?([^"']+)"#).ok()?,
    })
});

/// Where the Refresh header leads.
pub(super) fn of_header(headers: &HeaderMap) -> Option<String> {
    rule(headers.get("refresh")?.to_str().ok()?)
}

/// Where the page leads.
pub(super) fn of_page(text: &str) -> Option<String> {
    if text.len() > SMALL {
        return None;
    }
    let patterns = PATTERNS.as_ref()?;
    let plain = patterns.hidden.replace_all(text, "");
    let tag = patterns.meta.find(&plain)?;
    let found = patterns.content.captures(tag.as_str())?;
    let content = found.iter().skip(1).flatten().next()?;
    rule(&content.as_str().replace("&amp;", "&").replace("&#38;", "&"))
}

fn rule(content: &str) -> Option<String> {
    let found = PATTERNS.as_ref()?.rule.captures(content)?;
    let delay = found.get(1).map_or("", |m| m.as_str());
    let delay: f64 = if delay.is_empty() { 0.0 } else { delay.parse().ok()? };
    let url = found.get(2)?.as_str().trim();
    (delay <= SOON && !url.is_empty()).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signpost_is_followed_and_a_page_is_not() {
        let leads = |text: &str| of_page(text);
        assert_eq!(
            leads(r#"<meta http-equiv="refresh" content="0; url=/a?b=1&amp;c=2">"#).as_deref(),
            Some("/a?b=1&c=2")
        );
        assert_eq!(leads("<META HTTP-EQUIV=Refresh CONTENT='3;URL=\"x.html\"'>").as_deref(), Some("x.html"));
        assert_eq!(leads("<meta content='5 , y' http-equiv='refresh'>").as_deref(), Some("y"));
        for no in [
            r#"<meta http-equiv="refresh" content="600">"#,
            r#"<meta http-equiv="refresh" content="60; url=/a">"#,
            r#"<!-- <meta http-equiv="refresh" content="0; url=/a"> -->"#,
            r#"<noscript><meta http-equiv="refresh" content="0; url=/a"></noscript>"#,
            r#"<meta name="refresh" content="0; url=/a">"#,
        ] {
            assert_eq!(leads(no), None, "{no}");
        }
        let long = format!(r#"<meta http-equiv="refresh" content="0; url=/a">{}"#, "x".repeat(SMALL));
        assert_eq!(leads(&long), None);
    }
}
