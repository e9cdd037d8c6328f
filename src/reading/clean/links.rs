//! URLs made absolute and lazy images made real, in the tree, before the cleaner sees it.

use encoding_rs::Encoding;
use html5ever::{LocalName, QualName, ns};
use scraper::{Html, Node, node::Element};
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

/// Attributes that hold a URL and may stay.
const URLS: &[&str] = &["href", "src", "poster", "cite"];

/// Makes each URL of the tree absolute, or takes it away, and gives each image its own address.
pub(super) fn make_real(html: &mut Html, base: &Url, encoding: &'static Encoding) {
    let elements: Vec<_> =
        html.tree.root().descendants().filter(|node| node.value().is_element()).map(|n| n.id()).collect();
    for id in elements {
        let from_source = html.tree.get(id).and_then(|node| source_of(node, base, encoding));
        let Some(mut node) = html.tree.get_mut(id) else { continue };
        let Node::Element(element) = node.value() else { continue };
        if let Some(url) = real_image(element, base, encoding).or(from_source) {
            set(element, "src", Some(url));
        }
        for name in URLS {
            if let Some(href) = element.attr(name).map(str::to_owned) {
                let url = absolute(&href, base, encoding).or_else(|| mail(&href).filter(|_| *name == "href"));
                set(element, name, url);
            }
        }
    }
}

/// For an image or film without an address: that of a `<source>` beside or below it.
fn source_of(node: ego_tree::NodeRef<'_, Node>, base: &Url, encoding: &'static Encoding) -> Option<String> {
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

/// Sets or removes an attribute. Scraper keeps them in the order of their names.
fn set(element: &mut Element, name: &str, value: Option<String>) {
    let name = QualName::new(None, ns!(), LocalName::from(name));
    match (element.attrs.binary_search_by(|(other, _)| other.cmp(&name)), value) {
        (Ok(at), Some(value)) => {
            if let Some((_, old)) = element.attrs.get_mut(at) {
                *old = value.into();
            }
        }
        (Ok(at), None) => {
            element.attrs.remove(at);
        }
        (Err(at), Some(value)) => element.attrs.insert(at, (name, value.into())),
        (Err(_), None) => {}
    }
}
