//! Laws that hold for every reader, and pages made for tests.

use encoding_rs::UTF_8;
use proptest::prelude::*;

use super::{Recipe, read, sniff};
use crate::model::{FieldRule, Kind, Outcome, Page, Rules, Validators};

/// A page of these bytes, decoded as UTF-8.
pub(super) fn page_of(bytes: &[u8], media_type: &str) -> Page {
    let url: url::Url = "https://host.example/list/".parse().unwrap();
    Page {
        asked: url.clone(),
        url,
        media_type: media_type.to_owned(),
        bytes: bytes.to_vec(),
        text: String::from_utf8_lossy(bytes).into_owned(),
        encoding: UTF_8,
        language: None,
        validators: Validators::default(),
    }
}

#[test]
fn kinds_are_told_by_what_the_bytes_say() {
    for (text, media_type, kind) in [
        ("\u{feff} <?xml version='1.0'?><!-- <html> --><rss>", "text/html", Kind::Feed),
        ("<rdf:RDF xmlns='x'>", "", Kind::Feed),
        ("<feed xmlns='http://www.w3.org/2005/Atom'>", "text/xml", Kind::Feed),
        ("<!DOCTYPE html><html>", "application/rss+xml", Kind::Html),
        ("<?xml version='1.0'?><sitemapindex>", "text/xml", Kind::Sitemap),
        ("{\"version\": \"https://jsonfeed.org/version/1.1\"}", "application/json", Kind::Feed),
        ("[{}]", "text/html", Kind::Json),
        ("cb({})", "text/javascript", Kind::Json),
        ("", "", Kind::Html),
        ("plain words", "text/plain", Kind::Html),
        ("<!-- never closed", "application/atom+xml", Kind::Feed),
    ] {
        assert_eq!(sniff(&page_of(text.as_bytes(), media_type)), kind, "{text}");
    }
}

fn rules(item: &str) -> Rules {
    let field = |select: &str| Some(FieldRule { select: select.to_owned(), ..FieldRule::default() });
    Rules { item: item.to_owned(), title: field("a"), date: field("+ p"), ..Rules::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_never_panics(text in "(?s).{0,200}|(<[a-z/!?]{1,6}[ =\"a-z]{0,9}>?|&[a-z#0-9]{0,5};?|[\\[\\]{}\":,]|.){0,60}") {
        let html = Recipe::compile(&rules("p, li, a"), Kind::Html).unwrap();
        let page = page_of(text.as_bytes(), "");
        read(&page, Some(&html), None);
        for kind in [None, Some(Kind::Html), Some(Kind::Json), Some(Kind::Feed), Some(Kind::Sitemap)] {
            read(&page, None, kind);
        }
    }

    #[test]
    fn compiling_never_panics(text in "(?s).{0,60}|[\\[\\]().:#>+~*a-z0-9@$'\" ]{0,30}") {
        for kind in [Kind::Html, Kind::Json] {
            let _ = Recipe::compile(&rules(&text), kind);
        }
    }
}

/// A rule with an item alone.
fn item_rule(item: &str) -> Recipe {
    Recipe::compile(&Rules { item: item.to_owned(), ..Rules::default() }, Kind::Html).unwrap()
}

#[test]
fn a_page_of_nested_tags_is_told_and_not_read() {
    let deep = format!("<ul><li><a href=/1>One</a></ul>{}", "<div>".repeat(50_000));
    let listing = read(&page_of(deep.as_bytes(), "text/html"), Some(&item_rule("li")), None);
    assert_eq!(listing.outcome, Outcome::TooComplex);
    assert!(listing.problems.iter().any(|problem| problem.reason.contains("too complex")), "{:?}", listing.problems);
}

#[test]
fn a_selector_that_would_take_long_is_told() {
    let wide = "<p><a href=/1>One</a>".repeat(20_000);
    let listing = read(&page_of(wide.as_bytes(), "text/html"), Some(&item_rule("p ~ p ~ p ~ p")), None);
    assert_eq!(listing.outcome, Outcome::TooComplex);
    assert!(!listing.problems.is_empty());
}

#[test]
fn ten_thousand_rows_are_read_with_all_their_fields() {
    let mut page = String::from("<ul>");
    for number in 0..10_000 {
        page.push_str(&format!("<li><a href=/{number}>Row {number}</a> <i>2024-01-02</i><p>Words</p>"));
    }
    let field = |select: &str| Some(FieldRule { select: select.to_owned(), ..FieldRule::default() });
    let rules = Rules {
        item: "ul > li".to_owned(),
        title: field("a"),
        date: field("i"),
        summary: field("p"),
        ..Rules::default()
    };
    let recipe = Recipe::compile(&rules, Kind::Html).unwrap();
    let listing = read(&page_of(page.as_bytes(), ""), Some(&recipe), None);
    assert_eq!(listing.items.len(), 10_000);
    assert_eq!(listing.outcome, Outcome::Read);
    assert!(listing.problems.is_empty(), "{:?}", listing.problems);
}

#[test]
fn problems_of_many_rows_do_not_flood() {
    let page = "<ul>".to_owned() + &"<li>no link<p>x</p>".repeat(500);
    let listing = read(&page_of(page.as_bytes(), ""), Some(&item_rule("li")), None);
    assert!(listing.items.is_empty());
    assert_eq!(listing.problems.len(), 4, "{:?}", listing.problems);
}

/// The places of rows of which it is told that they show no date.
fn told_undated(page: &str) -> Vec<u32> {
    let field = |select: &str| Some(FieldRule { select: select.to_owned(), ..FieldRule::default() });
    let rules = Rules { item: "li".to_owned(), date: field("i"), ..Rules::default() };
    let recipe = Recipe::compile(&rules, Kind::Html).unwrap();
    let problems = read(&page_of(page.as_bytes(), ""), Some(&recipe), None).problems;
    problems.iter().filter_map(|problem| problem.item).collect()
}

#[test]
fn a_list_that_shows_no_dates_beside_one_that_does_is_no_fault_of_the_rule() {
    let (dated, bare) = ("<li><a href=/1>One</a> <i>2024-01-02</i>", "<li><a href=/2>Two</a>");
    assert!(told_undated(&format!("<ul>{dated}{dated}</ul><ol>{bare}{bare}</ol>")).is_empty());
    assert_eq!(told_undated(&format!("<ul>{dated}{bare}</ul><ol>{bare}{bare}</ol>")), [1], "one of a dated list");
    assert_eq!(told_undated(&format!("<ul>{bare}{bare}</ul>")), [0, 1], "where no row shows one");
    let alone = format!("<div>{dated}</div><div>{bare}</div>");
    assert_eq!(told_undated(&alone), [1], "rows that are wrapped one by one are one list");
}
