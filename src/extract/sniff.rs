//! [`sniff`]: which kind of document a page is, from its media type and first bytes.

use crate::model::{Kind, Page};

/// So much of a page's beginning is looked at, in bytes.
const HEAD: usize = 4096;

/// The kind of document that `page` is. What its first bytes say counts more than its media type, which hosts often
/// give wrongly; HTML is assumed where nothing else is told.
pub fn sniff(page: &Page) -> Kind {
    let head = head(page);
    if head.starts_with('<') {
        return match root(head) {
            Some(name) => match name.as_str() {
                "rss" | "rdf:rdf" | "rdf" | "feed" | "atom:feed" | "channel" => Kind::Feed,
                "urlset" | "sitemapindex" | "sm:urlset" => Kind::Sitemap,
                _ => Kind::Html,
            },
            None => by_media_type(page),
        };
    }
    if head.starts_with(['{', '[']) {
        return if is_json_feed(head) { Kind::Feed } else { Kind::Json };
    }
    match by_media_type(page) {
        // `callback({…})`
        Kind::Json => Kind::Json,
        kind if page.media_type.ends_with("javascript") && head.contains('(') => {
            if kind == Kind::Html {
                Kind::Json
            } else {
                kind
            }
        }
        kind => kind,
    }
}

fn by_media_type(page: &Page) -> Kind {
    match page.media_type.as_str() {
        "application/rss+xml" | "application/atom+xml" | "application/rdf+xml" | "application/feed+json" => Kind::Feed,
        "application/json" | "text/json" => Kind::Json,
        other if other.ends_with("+json") => Kind::Json,
        _ => Kind::Html,
    }
}

/// The beginning of the text without byte order mark and white space.
fn head(page: &Page) -> &str {
    let text = page.text.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}' || sign == '\0');
    let end = (0..=HEAD.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// The first element's name in lower case, after declarations and comments.
fn root(mut text: &str) -> Option<String> {
    loop {
        let (_, rest) = text.split_once('<')?;
        let skipped = match rest {
            comment if comment.starts_with("!--") => comment.split_once("-->")?.1,
            other if other.starts_with(['?', '!']) => other.split_once('>')?.1,
            name => {
                let name: String =
                    name.chars().take_while(|c| c.is_alphanumeric() || ":_-".contains(*c)).take(40).collect();
                return (!name.is_empty()).then(|| name.to_ascii_lowercase());
            }
        };
        text = skipped;
    }
}

/// JSON Feed 1.1, "Top-level": `version` is the URL of the format.
fn is_json_feed(head: &str) -> bool {
    head.contains("jsonfeed.org/version") || head.contains("jsonfeed.org\\/version")
}
