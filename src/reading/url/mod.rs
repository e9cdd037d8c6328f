//! Links as pages write them → absolute URLs ([`join`]), and URLs → what identifies an article ([`canonical()`]).
//!
//! - [`join`] does what a browser does (WHATWG URL, section 4.4), in the encoding of the page; readers follow its result;
//! - [`canonical()`] forgets all that does not tell two articles apart; its result is for comparing and is never fetched;
//! - [`form()`] forgets what differs between the articles of one list, too;
//! - `tracking` is the list of parameters that say who came, and not what is shown.
//!
//! Invariant: a joined URL is http or https and has a host; `canonical` of a canonical URL is itself.

mod canonical;
mod form;
mod tracking;

pub use canonical::canonical;
pub use form::form;

use std::borrow::Cow;

use encoding_rs::Encoding;
use url::Url;

use super::text;

/// Why a link leads nowhere that can be visited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// Nothing was written.
    #[error("the link is empty")]
    Empty,
    /// Only a place on the same page.
    #[error("the link leads to a place on its own page")]
    SamePage,
    /// A scheme that is no http or https; its name.
    #[error("the link's scheme is `{0}`, not http or https")]
    Scheme(String),
    /// No URL at all.
    #[error("the link is no URL: {0}")]
    Malformed(#[from] url::ParseError),
}

/// Joins a link to the URL of its page, or to the page's `<base>`.
///
/// A query is written in the page's encoding, as browsers do: a character that the encoding lacks becomes `%26%23NNNN%3B`
/// (WHATWG URL, section 1.3, "percent-encode after encoding"). The fragment stays as the page wrote it.
pub fn join(base: &Url, href: &str, encoding: &'static Encoding) -> Result<Url, BadLink> {
    let href = href.trim_matches(|c: char| c <= ' ');
    if href.is_empty() {
        return Err(BadLink::Empty);
    }
    if href.starts_with('#') && !is_route(href) {
        return Err(BadLink::SamePage);
    }
    let in_page_encoding: &dyn Fn(&str) -> Cow<'_, [u8]> = &|query| Cow::Owned(encoded(query, encoding));
    let url = Url::options().base_url(Some(base)).encoding_override(Some(in_page_encoding)).parse(href)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(BadLink::Scheme(text::cut(&text::printable(url.scheme()), 40)));
    }
    if !url.has_host() {
        return Err(BadLink::Malformed(url::ParseError::EmptyHost));
    }
    Ok(url)
}

/// Whether a fragment, `#` included, is the address of a page that scripts draw, and no place on a page.
fn is_route(fragment: &str) -> bool {
    fragment.starts_with("#/") || fragment.starts_with("#!")
}

/// The bytes of a query in an encoding.
fn encoded(query: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (whole, _, lacking) = encoding.encode(query);
    if !lacking {
        return whole.into_owned();
    }
    let lacks = |c: char| encoding.encode(c.encode_utf8(&mut [0; 4])).2;
    let mut out = Vec::with_capacity(query.len());
    for run in query.split_inclusive(lacks) {
        let last = run.chars().next_back().filter(|c| lacks(*c));
        let known = last.map_or(run, |c| run.strip_suffix(c).unwrap_or(run));
        out.extend_from_slice(&encoding.encode(known).0);
        if let Some(c) = last {
            out.extend_from_slice(format!("%26%23{}%3B", u32::from(c)).as_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, GB18030, UTF_8, WINDOWS_1252};

    fn joined(href: &str) -> String {
        let base = Url::parse("https://example.org/news/list/index.html?page=1").unwrap();
        join(&base, href, UTF_8).map_or_else(|bad| bad.to_string(), String::from)
    }

    #[test]
    fn links_are_joined_as_browsers_do() {
        for (href, expected) in [
            ("./x", "https://example.org/news/list/x"),
            ("/x", "https://example.org/x"),
            ("../x", "https://example.org/news/x"),
            ("../../../../x/./y/../z", "https://example.org/x/z"),
            ("//host.example/x", "https://host.example/x"),
            ("?page=2", "https://example.org/news/list/index.html?page=2"),
            (" \n\tx.html\r\n ", "https://example.org/news/list/x.html"),
            ("/a\nb", "https://example.org/ab"),
            ("\\x\\y", "https://example.org/x/y"),
            ("HTTP://Example.COM:80/%7Ea b#Part", "http://example.com/%7Ea%20b#Part"),
            ("x#c", "https://example.org/news/list/x#c"),
            ("#/story/1", "https://example.org/news/list/index.html?page=1#/story/1"),
        ] {
            assert_eq!(joined(href), expected, "{href}");
        }
    }

    #[test]
    fn what_cannot_be_visited_says_why() {
        for (href, why) in [
            ("", "the link is empty"),
            (" \t", "the link is empty"),
            ("#", "the link leads to a place on its own page"),
            ("#top", "the link leads to a place on its own page"),
            ("javascript:void(0)", "the link's scheme is `javascript`, not http or https"),
            (" java\tscript:alert(1)", "the link's scheme is `javascript`, not http or https"),
            ("mailto:a@example.org", "the link's scheme is `mailto`, not http or https"),
            ("data:text/html,x", "the link's scheme is `data`, not http or https"),
            ("https://", "the link is no URL: empty host"),
            ("http://a b/", "the link is no URL: invalid international domain name"),
        ] {
            assert_eq!(joined(href), why, "{href}");
        }
    }

    #[test]
    fn queries_are_in_the_encoding_of_the_page() {
        let base = Url::parse("http://example.org/").unwrap();
        let query = |encoding| join(&base, "/电?q=电网&x=1", encoding).unwrap().to_string();
        assert_eq!(query(GB18030), "http://example.org/%E7%94%B5?q=%B5%E7%CD%F8&x=1");
        assert_eq!(query(UTF_8), "http://example.org/%E7%94%B5?q=%E7%94%B5%E7%BD%91&x=1");
        assert_eq!(query(BIG5), "http://example.org/%E7%94%B5?q=%26%2330005%3B%CAI&x=1");
        assert_eq!(query(WINDOWS_1252), "http://example.org/%E7%94%B5?q=%26%2330005%3B%26%2332593%3B&x=1");
    }
}
