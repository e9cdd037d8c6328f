//! Records that an HTML page carries as JSON in a script: its state (`__NEXT_DATA__`, `window.X = {…}`), its JSON-LD.
//!
//! A rule for them has an item of two parts: the CSS selector of the script, and the JSONPath of one record, which starts with
//! `$`: `script#__NEXT_DATA__ $.props.pageProps.posts[*]`. The fields are then JSONPaths, as for a source of kind `json`. Of
//! several scripts that match, the first that has records is read.

use scraper::{ElementRef, Html};
use serde_json::Value;

use super::{BadRule, css, head::Head, html, json, notes::Notes};
use crate::{
    model::{Listing, Outcome, Page, Rules},
    reading::dom::{self, Budget, Selector},
};

/// A script longer than this is not read, in bytes.
pub(super) const LONGEST: usize = 8 << 20;

/// A rule for records in a script.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    script: Selector,
    record: json::Rule,
}

/// The two parts of an item that names records in a script; `None` for every other item.
pub(super) fn split(item: &str) -> Option<(&str, &str)> {
    let starts = [" $.", " $["].iter().filter_map(|start| item.find(start)).min()?;
    let (script, path) = item.split_at_checked(starts)?;
    Some((script.trim(), path.trim()))
}

impl Rule {
    /// Compiles a rule whose item is of two parts.
    pub(super) fn compile(rules: &Rules, script: &str, path: &str) -> Result<Self, BadRule> {
        let script = css::compile("item", script)?;
        let record = json::compile(&Rules { item: path.to_owned(), ..rules.clone() })?;
        Ok(Self { script, record })
    }
}

/// The records of `page` by `rule`.
pub(super) fn read(page: &Page, rule: &Rule) -> Listing {
    match html::parse(page) {
        Ok(parsed) => read_parsed(&parsed, page, &Head::of(&parsed, page), rule),
        Err(listing) => *listing,
    }
}

/// The same for a page that is parsed.
pub(super) fn read_parsed(html: &Html, page: &Page, head: &Head, rule: &Rule) -> Listing {
    let mut notes = Notes::default();
    let scripts = dom::select(html, &rule.script, &Budget::default()).unwrap_or_default();
    let mut items = Vec::new();
    let mut left = Notes::default();
    for value in scripts.into_iter().filter_map(value) {
        let mut told = Notes::default();
        items = json::rows(&value, &rule.record, &mut told);
        if !items.is_empty() {
            left = told;
            break;
        }
    }
    if items.is_empty() {
        notes.page(
            "no script that its item names has such records",
            "look whether the page changed; `tearsheet try` on its address shows what it has now",
        );
    }
    let outcome = if items.is_empty() { Outcome::NoMatch } else { Outcome::Read };
    let problems = notes.finish().into_iter().chain(left.finish()).collect();
    Listing { items, outcome, problems, ..head.listing(page) }
}

/// The JSON that a script holds.
pub(super) fn value(script: ElementRef<'_>) -> Option<Value> {
    let text: String = script.text().collect();
    let text = text.trim();
    let text = text.strip_prefix("<!--").unwrap_or(text);
    if text.len() > LONGEST || !text.contains(['{', '[']) {
        return None;
    }
    json::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_of_two_parts_is_told_from_css() {
        assert_eq!(split("script#x $.a[*]"), Some(("script#x", "$.a[*]")));
        assert_eq!(
            split("script[type=\"application/ld+json\"] $['@graph'][*]").map(|(_, path)| path),
            Some("$['@graph'][*]")
        );
        assert_eq!(split("a[href$='.html'] li"), None);
        assert_eq!(split("$.data[*]"), None);
    }
}
