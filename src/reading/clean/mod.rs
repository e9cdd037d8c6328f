//! HTML of strangers → [`CleanHtml`]: what a reader may be shown.
//!
//! - [`clean`] keeps listed elements and attributes, and absolute http, https and mailto URLs;
//! - [`from_text`] and [`to_text`] go between plain text and clean HTML;
//! - `list` is the allow-list; `links` makes URLs absolute and lazy images real;
//! - `settled` tells HTML that the cleaner would give back as it is, which needs no parse.
//!
//! Invariant: ammonia is called here alone, and only with HTML that was written from a tree within its limits and that parses
//! within them once more: the same parse is what ammonia does with it. Cleaning what is clean changes nothing.

mod links;
mod list;
mod plain;
mod settled;

pub use plain::{from_text, to_text};

use encoding_rs::Encoding;
use url::Url;

use super::dom::{self, Limits, TooComplex};
use crate::model::CleanHtml;

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

/// The whole way: parsed, made real, written out, and cleaned until nothing changes.
fn clean_by_parsing(html: &str, base: &Url, encoding: &'static Encoding) -> Result<CleanHtml, TooComplex> {
    let limits = Limits::fragment();
    let mut tree = dom::parse_fragment(html, &limits)?;
    links::make_real(&mut tree, base, encoding);
    let mut before = dom::write(&tree, LONGEST)?;
    drop(tree);
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
