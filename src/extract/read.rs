//! [`read`]: a page of any kind into a [`Listing`].

use std::collections::HashSet;

use super::{
    Detection, Recipe,
    detect::{self, Telling, Weights},
    feed,
    head::Head,
    html, json,
    notes::Notes,
    recipe::Way,
    sitemap, sniff, state,
};
use crate::model::{ArticleKey, Cadence, Kind, Listing, Outcome, Page, Problem, Rules};

/// Rows of one page that are read at most.
pub(super) const ROWS: usize = 20_000;

/// Reads `page` by `recipe`, as a document of `kind`; without a kind, the recipe's, else the one that [`sniff()`] tells.
///
/// Never fails as a whole: the listing's `outcome` says how it ended and its `problems` what to do.
pub fn read(page: &Page, recipe: Option<&Recipe>, kind: Option<Kind>) -> Listing {
    let kind = recipe.map(Recipe::kind).or(kind).unwrap_or_else(|| sniff(page));
    match (kind, recipe.map(Recipe::way)) {
        (Kind::Feed, _) => feed::read(page),
        (Kind::Sitemap, _) => sitemap::read(page),
        (_, Some(Way::Html(rule))) => html::read(page, rule),
        (_, Some(Way::Json(rule))) => json::read(page, Some(rule)),
        (_, Some(Way::State(rule))) => state::read(page, rule),
        (Kind::Html | Kind::Json, None) => read_detected_as(kind, page, Telling::Rule, &Weights::SHIPPED).0,
    }
}

/// Reads an HTML page or an API's answer without a rule: finds its list, and tells what was found beside the items.
///
/// The items are those that the found rules give.
pub fn read_detected(page: &Page) -> (Listing, Detection) {
    read_detected_as(sniff(page), page, Telling::Rule, &Weights::SHIPPED)
}

/// The same, and what else was looked at, for people who ask why.
pub fn read_explained(page: &Page) -> (Listing, Detection) {
    read_detected_as(sniff(page), page, Telling::Candidates, &Weights::SHIPPED)
}

/// The same as [`read_detected`], by other numbers than those that the program uses: what a bench asks.
pub fn read_weighed(page: &Page, by: &Weights) -> (Listing, Detection) {
    read_detected_as(sniff(page), page, Telling::Rule, by)
}

fn read_detected_as(kind: Kind, page: &Page, telling: Telling, by: &Weights) -> (Listing, Detection) {
    if kind == Kind::Json {
        return read_api(page);
    }
    let html = match html::parse(page) {
        Ok(html) => html,
        Err(listing) => return (*listing, Detection::default()),
    };
    let head = Head::of(&html, page);
    let detection = detect::detect(&html, page, &head.base, telling, by);
    let recipe = detection.rules.as_ref().and_then(|rules| Recipe::compile(rules, Kind::Html).ok());
    let mut listing = match recipe.as_ref().map(Recipe::way) {
        Some(Way::Html(rule)) => html::read_parsed(&html, page, &head, Some(rule)),
        Some(Way::State(rule)) => state::read_parsed(&html, page, &head, rule),
        Some(Way::Json(_)) | None => html::read_parsed(&html, page, &head, None),
    };
    if recipe.is_none()
        && let Some((reason, advice)) = detection.verdict.advice()
    {
        listing.problems = vec![Problem::of_page(reason, advice)];
    }
    // What was found by looking at the rows need not be in each of them.
    listing.problems.retain(|problem| problem.field.as_deref() != Some("date"));
    (listing, detection)
}

/// Reads an API's answer without a rule: the fullest list of records in it.
fn read_api(page: &Page) -> (Listing, Detection) {
    let rules = json::parse(&page.text).ok().and_then(|value| detect::records(&value));
    let recipe = rules.as_ref().and_then(|rules| Recipe::compile(rules, Kind::Json).ok());
    let rule = recipe.as_ref().and_then(|recipe| match recipe.way() {
        Way::Json(rule) => Some(rule.as_ref()),
        Way::Html(_) | Way::State(_) => None,
    });
    let mut listing = json::read(page, rule);
    listing.problems.retain(|problem| problem.field.as_deref() != Some("date"));
    (listing, Detection { rules: rules.filter(|_| recipe.is_some()), ..Detection::default() })
}

/// Reads an HTML page that was redesigned by every rule that may read its list now, the likeliest first.
///
/// What the source showed before votes. The second is what of that the page leads to by its address.
pub fn read_again(page: &Page, known: &detect::Known<'_>) -> (Vec<(Rules, Listing)>, HashSet<ArticleKey>) {
    let Ok(html) = html::parse(page) else { return Default::default() };
    let head = Head::of(&html, page);
    let (lists, linked) = detect::lists(&html, page, &head.base, known);
    let readable = lists.into_iter().filter_map(|rules| {
        let recipe = Recipe::compile(&rules, Kind::Html).ok()?;
        let listing = match recipe.way() {
            Way::Html(rule) => html::read_parsed(&html, page, &head, Some(rule)),
            Way::State(rule) => state::read_parsed(&html, page, &head, rule),
            Way::Json(_) => return None,
        };
        Some((rules, listing))
    });
    (readable.filter(|(_, listing)| !listing.items.is_empty()).collect(), linked)
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
        cadence: Cadence::default(),
        outcome,
        problems: notes.finish(),
    }
}
