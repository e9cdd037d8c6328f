//! URLs made absolute and lazy images made real, before the cleaner sees them.

use ego_tree::NodeRef;
use encoding_rs::Encoding;
use scraper::{Node, node::Element};
use url::Url;

use crate::reading::url::join;

/// Attributes in which scripts keep an image's address until it is scrolled into view; the first that is a URL is taken.
const LAZY: &[&str] = &[
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazyload",
    "data-lazy",
    "data-actualsrc",
    "data-original-src",
    "data-url",
    "data-echo",
    "data-img-src",
    "data-hi-res-src",
    "data-orig-file",
    "zoomfile",
    "file",
    "_src",
];

/// Attributes that list an image in several sizes.
const SETS: &[&str] = &["data-srcset", "data-lazy-srcset", "srcset"];

/// What the addresses of a page are joined to.
#[derive(Clone, Copy)]
pub(super) struct Links<'a> {
    pub(super) base: &'a Url,
    pub(super) encoding: &'static Encoding,
}

impl Links<'_> {
    /// The address in an attribute, made absolute; only a link may lead to a mailbox.
    pub(super) fn made_absolute(&self, attribute: &str, href: &str) -> Option<String> {
        absolute(href, self.base, self.encoding).or_else(|| mail(href).filter(|_| attribute == "href"))
    }

    /// The address that an image, film or sound will have once it is looked at, or has.
    pub(super) fn source(&self, node: NodeRef<'_, Node>) -> Option<String> {
        let element =
            node.value().as_element().filter(|element| matches!(element.name(), "img" | "video" | "audio"))?;
        real_image(element, self.base, self.encoding)
            .or_else(|| source_of(node, self.base, self.encoding))
            .or_else(|| absolute(element.attr("src")?, self.base, self.encoding))
    }
}

/// For an image or film without an address: that of a `<source>` beside or below it.
fn source_of(node: NodeRef<'_, Node>, base: &Url, encoding: &'static Encoding) -> Option<String> {
    let element = node.value().as_element()?;
    let sources = match element.name() {
        "img" if is_empty_source(element) => node.parent().filter(|p| is_named(p.value(), "picture"))?,
        "video" | "audio" if is_empty_source(element) => node,
        _ => return None,
    };
    let mut found = sources.children().filter(|child| is_named(child.value(), "source"));
    found.find_map(|source| {
        let source = source.value().as_element()?;
        let given = source.attr("src").and_then(|src| absolute(src, base, encoding));
        given.or_else(|| SETS.iter().find_map(|name| absolute(largest(source.attr(name)?)?, base, encoding)))
    })
}

fn is_named(node: &Node, name: &str) -> bool {
    node.as_element().is_some_and(|element| element.name() == name)
}

/// No address, or one that holds its own (tiny) picture.
fn is_empty_source(element: &Element) -> bool {
    let src = element.attr("src").unwrap_or_default().trim_start();
    src.is_empty()
        || src == "#"
        || src.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("data:"))
        || src.starts_with("about:")
}

/// The address that an image will have once it is looked at, if that is another than `src`.
fn real_image(element: &Element, base: &Url, encoding: &'static Encoding) -> Option<String> {
    if !matches!(element.name(), "img" | "video" | "audio") {
        return None;
    }
    let lazy = LAZY.iter().filter_map(|name| element.attr(name)).find_map(|value| {
        // The value may be anything a script likes: an address has a `/` or a `.` and no spaces inside.
        let value = value.trim();
        let looks =
            value.contains(['/', '.']) && !value.contains(char::is_whitespace) && !value.starts_with(['{', '[']);
        absolute(value, base, encoding).filter(|_| looks)
    });
    lazy.or_else(|| {
        if !is_empty_source(element) {
            return None;
        }
        SETS.iter().find_map(|name| absolute(largest(element.attr(name)?)?, base, encoding))
    })
}

/// The candidate with the greatest width or density (HTML, 4.8.4.2.1).
fn largest(set: &str) -> Option<&str> {
    let mut best: Option<(f64, &str)> = None;
    // A comma ends a candidate only at the end of a URL or after its descriptor; URLs hold commas of their own.
    for candidate in set.split(", ").flat_map(|c| c.split(",\n")) {
        let mut words = candidate.split_ascii_whitespace();
        let Some(url) = words.next().map(|url| url.trim_matches(',')).filter(|url| !url.is_empty()) else { continue };
        let size = words.next().and_then(|w| w.trim_end_matches(['w', 'x', ',']).parse().ok()).unwrap_or(1.0);
        if best.is_none_or(|(most, _)| size > most) {
            best = Some((size, url));
        }
    }
    best.map(|(_, url)| url)
}

fn absolute(href: &str, base: &Url, encoding: &'static Encoding) -> Option<String> {
    join(base, href, encoding).ok().map(String::from)
}

/// The address of a mailbox, which only a link may lead to.
fn mail(href: &str) -> Option<String> {
    Url::parse(href.trim()).ok().filter(|url| url.scheme() == "mailto").map(String::from)
}
