//! Which class names and ids say what an element is, and will still say it after the next redesign.

use super::{
    cues::{self, Zone},
    tree::{At, Tree},
};

/// What a `class` as written says. Elements of one list have the same, so it is found once for all that have it.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    /// The classes that may stand in a selector, with their worth.
    classes: Vec<(&'a str, Worth)>,
    /// Its number: the same for the same of these classes in the same order.
    pub(super) key: u64,
    /// Whether one of them says what the element is.
    pub(super) is_telling: bool,
    /// The zone that they name.
    pub(super) zone: Zone,
}

impl<'a> Said<'a> {
    /// Reads `class` as written.
    pub(super) fn of(class: &'a str) -> Self {
        let classes = class.split_ascii_whitespace().map(|name| (name, worth(name)));
        let classes: Vec<(&str, Worth)> = classes.filter(|(_, worth)| *worth > Worth::None).collect();
        Self {
            key: classes.iter().fold(0, |sum, (name, _)| mixed(sum, key(name))),
            is_telling: classes.iter().any(|(_, worth)| *worth == Worth::Word),
            zone: cues::named_zone(class),
            classes,
        }
    }
}

/// The number of a name.
pub(super) fn key(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One number of two, whose order counts. Places are compared by such numbers so often that a sound hash would cost more than all
/// else; a page that makes two alike mixes up no lists but its own.
pub(super) fn mixed(one: u64, other: u64) -> u64 {
    let sum = (one.rotate_left(23) ^ other).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    sum ^ (sum >> 29)
}

/// Names that tell a state or a place among siblings, and so differ between rows of one list.
const STATES: &[&str] = &[
    "odd",
    "even",
    "first",
    "last",
    "active",
    "current",
    "hover",
    "open",
    "closed",
    "selected",
    "on",
    "off",
    "new",
    "top",
    "sticky",
    "alt",
    "visited",
    "focus",
    "show",
    "hide",
    "hidden",
    "visible",
    "collapsed",
    "expanded",
    "external",
    "read",
    "unread",
    "featured",
    "cur",
];

/// Names that tell how an element looks.
const LOOKS: &[&str] = &[
    "clearfix",
    "clear",
    "cf",
    "fl",
    "fr",
    "left",
    "right",
    "row",
    "col",
    "cols",
    "column",
    "container",
    "wrapper",
    "wrap",
    "inner",
    "flex",
    "grid",
    "block",
    "inline",
    "bold",
    "small",
    "large",
    "big",
    "center",
    "box",
    "pull",
    "float",
    "text",
    "bg",
    "red",
    "blue",
    "black",
    "white",
    "grey",
    "gray",
    "font",
    "border",
    "margin",
    "padding",
    "rounded",
    "shadow",
    "hfeed",
    "hentry",
    "animated",
    "lazy",
    "even",
    "mb",
    "mt",
    "pt",
    "pb",
    "px",
    "py",
    "mx",
    "my",
];

/// How well a class name or id will do in a selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// Never: a state, or one article's own.
    None,
    /// Where nothing else tells an element from others: a build made it, and the next one makes another.
    Made,
    /// If nothing better is there: it tells a look.
    Look,
    /// A word for what the element is.
    Word,
}

/// The worth of a name.
pub(super) fn worth(name: &str) -> Worth {
    if name.is_empty()
        || name.len() > 60
        || name.contains([
            '{', '}', '%', '<', '>', '$', '@', '(', ')', '[', ']', '!', ',', '"', '\'', '/', '\\', ':', '.', '#',
        ])
    {
        return Worth::None;
    }
    let first = name.split(['-', '_']).next().unwrap_or_default();
    if STATES.iter().any(|state| name.eq_ignore_ascii_case(state)) {
        Worth::None
    } else if is_generated(name) {
        Worth::Made
    } else if is_of_one_article(name) {
        Worth::None
    } else if LOOKS.iter().any(|look| name.eq_ignore_ascii_case(look) || first.eq_ignore_ascii_case(look)) {
        Worth::Look
    } else {
        Worth::Word
    }
}

/// `css-1q2w3e`, `sc-bdVaJa`, `_3xk9Z`: names that the next build changes.
fn is_generated(name: &str) -> bool {
    if ["css-", "sc-", "jsx-", "svelte-", "emotion-"].iter().any(|start| name.starts_with(start)) {
        return true;
    }
    name.split(['-', '_']).any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let turns = part.as_bytes().windows(2).filter(|pair| kind(pair.first()) != kind(pair.get(1))).count();
        part.len() >= 5 && digits >= 1 && turns >= 3
    })
}

fn kind(byte: Option<&u8>) -> u8 {
    match byte {
        Some(byte) if byte.is_ascii_digit() => 0,
        Some(byte) if byte.is_ascii_uppercase() => 1,
        _ => 2,
    }
}

/// `post-1234`, `item_3`, `category-news`: names of one article or of what it is filed under.
fn is_of_one_article(name: &str) -> bool {
    let long = name.split(|sign: char| !sign.is_ascii_digit()).any(|digits| digits.len() >= 3);
    let filed = ["category-", "tag-", "author-", "type-", "status-", "format-", "post_format-", "pmpro-"];
    let numbered =
        name.rsplit(['-', '_']).next().is_some_and(|end| !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit()));
    long || numbered || filed.iter().any(|start| name.starts_with(start))
}

/// The classes of an element that may stand in a selector.
pub(super) fn classes<'t, 'a>(tree: &'t Tree<'a>, at: At) -> impl Iterator<Item = (&'a str, Worth)> + use<'t, 'a> {
    tree.said(at).into_iter().flat_map(|said| said.classes.iter().copied())
}

/// The name as CSS writes it (CSSOM, "serialize an identifier").
pub(super) fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (place, sign) in name.chars().enumerate() {
        let starts_badly = sign.is_ascii_digit() && (place == 0 || (place == 1 && name.starts_with('-')));
        if starts_badly {
            out.push_str(&format!("\\{:x} ", u32::from(sign)));
        } else if sign.is_alphanumeric() || matches!(sign, '-' | '_') || sign > '\u{7f}' {
            out.push(sign);
        } else {
            out.push('\\');
            out.push(sign);
        }
    }
    out
}
