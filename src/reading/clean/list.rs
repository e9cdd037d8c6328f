//! The allow-list: what feed readers show, and nothing that acts, loads a frame, or paints over what surrounds it.
//!
//! [`cleaner`] holds to it, and [`fate`] and [`stays`] tell beforehand what it will do.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

/// Elements that stay. Without svg, math and style: their parsing differs from HTML's, and so hides what other parsers see.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Elements that go with all that is in them; of all others only the tags go.
const GONE: &[&str] = &[
    "script",
    "style",
    "noscript",
    "iframe",
    "noembed",
    "noframes",
    "template",
    "title",
    "textarea",
    "select",
    "button",
    "svg",
    "math",
    "object",
    "xmp",
    "plaintext",
    "head",
];

/// Attributes of single elements. The URLs among them are checked for their scheme by the cleaner.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("audio", &["src", "controls"]),
    ("bdo", &["dir"]),
    ("blockquote", &["cite"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("img", &["src", "alt", "width", "height"]),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "reversed", "type"]),
    ("q", &["cite"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
    ("video", &["src", "poster", "controls", "width", "height"]),
];

/// Attributes of any element. No `class`, `id` or `style`: they mean something to the page that shows the feed.
const ANYWHERE: &[&str] = &["dir", "lang", "title"];

/// What a link says of where it leads to.
pub(super) const REL: &str = "noopener noreferrer";

/// Attributes that hold a URL and may stay.
const URLS: &[&str] = &["href", "src", "poster", "cite"];

/// Elements that hold nothing and have no end tag.
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays, with these attributes and those that may stand anywhere.
    Stays(&'static [&'static str]),
    /// Its tags go.
    Opens,
    /// It goes with all that is in it.
    Goes,
}

static FATES: LazyLock<HashMap<&'static str, Fate>> = LazyLock::new(|| {
    let own = |name: &str| ATTRIBUTES.iter().find(|(element, _)| *element == name).map_or(&[][..], |(_, own)| own);
    let stays = ELEMENTS.iter().map(|name| (*name, Fate::Stays(own(name))));
    stays.chain(GONE.iter().map(|name| (*name, Fate::Goes))).collect()
});

/// What becomes of an element of this name.
pub(super) fn fate(element: &str) -> Fate {
    FATES.get(element).copied().unwrap_or(Fate::Opens)
}

/// Whether an attribute stays on an element whose own are `own`.
pub(super) fn stays(own: &[&str], attribute: &str) -> bool {
    own.contains(&attribute) || ANYWHERE.contains(&attribute)
}

/// Whether an attribute that stays holds a URL.
pub(super) fn is_url(attribute: &str) -> bool {
    URLS.contains(&attribute)
}

/// Whether an element has no end tag.
pub(super) fn is_void(element: &str) -> bool {
    VOID.contains(&element)
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .clean_content_tags(GONE.iter().copied().collect())
        .tag_attributes(
            ATTRIBUTES
                .iter()
                .map(|(element, names)| (*element, names.iter().copied().collect()))
                .collect::<HashMap<&str, HashSet<&str>>>(),
        )
        .generic_attributes(ANYWHERE.iter().copied().collect())
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some(REL))
        .strip_comments(true);
    builder
});

/// The cleaner with this list.
pub(super) fn cleaner() -> &'static Builder<'static> {
    &CLEANER
}
