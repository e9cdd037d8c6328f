//! HTML of strangers → [`CleanHtml`]: what a reader may be shown.
//!
//! - [`clean`] keeps listed elements and attributes, and absolute http, https and mailto URLs; [`clean_inside`] does so with a part
//!   of a tree that was parsed already;
//! - [`from_text`] and [`to_text`] go between plain text and clean HTML;
//! - `list` is the allow-list; `links` makes URLs absolute and lazy images real; `part` writes what both leave of a tree;
//! - `settled` tells HTML that the cleaner would give back as it is, which needs no parse.
//!
//! Invariant: ammonia is called here alone, and only with HTML that was written from a tree within its limits and that parses
//! within them once more: the same parse is what ammonia does with it. Cleaning what is clean changes nothing.

mod links;
mod list;
mod part;
mod plain;
mod settled;

pub use plain::{from_text, to_text};

use ego_tree::{NodeId, NodeRef};
use encoding_rs::Encoding;
use scraper::Node;
use url::Url;

use super::dom::{self, Limits, TooComplex};
use crate::model::CleanHtml;
use links::Links;
use part::Part;

/// Longest HTML that is cleaned, in bytes as written out.
const LONGEST: usize = 4 << 20;

/// Cleanings until nothing changes. Each takes tags away, which lets the parser see the rest in another way; two are common.
const ROUNDS: usize = 6;

/// Cleans a piece of a page. URLs are joined to `base`, their queries in the page's encoding.
///
/// HTML that does not settle is given as its escaped text.
pub fn clean(html: &str, base: &Url, encoding: &'static Encoding) -> Result<CleanHtml, TooComplex> {
    if settled::is_settled(html) {
        return Ok(CleanHtml::vouched(html.to_owned()));
    }
    clean_by_parsing(html, base, encoding)
}

/// Cleans what is inside an element of a page, without the nodes that are `passed_over`, which is asked of each in reading order.
/// Gives the addresses of its pictures too.
pub fn clean_inside(
    root: NodeRef<'_, Node>,
    passed_over: &mut dyn FnMut(NodeId) -> bool,
    base: &Url,
    encoding: &'static Encoding,
) -> Result<(CleanHtml, Vec<String>), TooComplex> {
    let part = Part::of(root, passed_over, Links { base, encoding })?;
    let html = match settled::is_settled(&part.html) {
        true => CleanHtml::vouched(part.html),
        false => settle(part.html)?,
    };
    Ok((html, part.images))
}

/// The whole way: parsed, made real, written out, and cleaned until nothing changes.
fn clean_by_parsing(html: &str, base: &Url, encoding: &'static Encoding) -> Result<CleanHtml, TooComplex> {
    let tree = dom::parse_fragment(html, &Limits::fragment())?;
    let root = tree.tree.root().first_child().unwrap_or(tree.tree.root());
    let part = Part::of(root, &mut |_| false, Links { base, encoding })?;
    drop(tree);
    settle(part.html)
}

/// Cleans HTML that was written from a tree until nothing changes.
fn settle(mut before: String) -> Result<CleanHtml, TooComplex> {
    let limits = Limits::fragment();
    let cleaner = list::cleaner();
    for _ in 0..ROUNDS {
        // The parse that ammonia is about to do, under guard: what passes here is no more work there.
        drop(dom::parse_fragment(&before, &limits)?);
        let after = cleaner.clean(&before).to_string();
        if after == before {
            return Ok(CleanHtml::vouched(after));
        }
        before = after;
    }
    let tree = dom::parse_fragment(&before, &limits)?;
    Ok(from_text(&plain::text_of(&tree)))
}

#[cfg(test)]
mod tests;
