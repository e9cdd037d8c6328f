//! [`read`]: a page of any kind into a [`Listing`].

use super::{Recipe, feed, html, json, notes::Notes, recipe::Way, sitemap, sniff};
use crate::model::{Kind, Listing, Outcome, Page};

/// Rows of one page that are read at most.
pub(super) const ROWS: usize = 20_000;

/// Reads `page` by `recipe`, as a document of `kind`; without a kind, the recipe's, else the one that [`sniff`] tells.
///
/// Never fails as a whole: the listing's `outcome` says how it ended and its `problems` what to do.
pub fn read(page: &Page, recipe: Option<&Recipe>, kind: Option<Kind>) -> Listing {
    let kind = recipe.map(Recipe::kind).or(kind).unwrap_or_else(|| sniff(page));
    match (kind, recipe.map(Recipe::way)) {
        (Kind::Feed, _) => feed::read(page),
        (Kind::Sitemap, _) => sitemap::read(page),
        (_, Some(Way::Html(rule))) => html::read(page, Some(rule)),
        (_, Some(Way::Json(rule))) => json::read(page, Some(rule)),
        (Kind::Html, None) => html::read(page, None),
        (Kind::Json, None) => json::read(page, None),
    }
}

/// A listing of `page` without items.
pub(super) fn empty(page: &Page, outcome: Outcome, notes: Notes) -> Listing {
    Listing {
        base: page.url.clone(),
        title: None,
        language: page.language.clone(),
        items: Vec::new(),
        next: None,
        further: Vec::new(),
        outcome,
        problems: notes.finish(),
    }
}
