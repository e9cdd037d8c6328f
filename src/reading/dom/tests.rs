use super::*;
use scraper::Selector;

fn refusal(html: &str) -> TooComplex {
    parse(html, &Limits::default()).unwrap_err()
}

#[test]
fn a_page_is_parsed_as_scraper_parses_it() {
    for html in [
        "<!doctype html><title>a</title><p>b<p>c<table><tr><td>d</table>",
        "",
        "<p>电网<script>if (a < b) {}</script><!-- x --><textarea><b></textarea><svg><title>x</title></svg>",
        "<a href='x?a=1&amp;b=2' title=\"a>b<c\">y</a>\r\n<template><p>t</template>&notit;&#x80;",
    ] {
        assert_eq!(parse(html, &Limits::default()).unwrap().html(), Html::parse_document(html).html(), "{html}");
    }
}

#[test]
fn each_limit_holds() {
    assert_eq!(refusal(&"<div>".repeat(20_000)), TooComplex::Depth(512));
    assert_eq!(refusal(&"<br>".repeat(200_001)), TooComplex::Nodes(200_000));
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert_eq!(refusal(&format!("<p{attributes}>")), TooComplex::Tag(1_000));
    assert_eq!(refusal(&format!("<p{}", " a b".repeat(100_000))), TooComplex::Tag(1_000));
    let some: String = (0..100).map(|n| format!(" a{n}")).collect();
    assert_eq!(refusal(&format!("<br{some}>").repeat(4_001)), TooComplex::Attributes(400_000));
    let fonts: String = (0..3_000).map(|n| format!("<font color={n}>")).collect();
    assert_eq!(refusal(&format!("<p>{fonts}{}", "<p>x".repeat(3_000))), TooComplex::Depth(512));
}

#[test]
fn long_values_and_comments_are_no_attributes() {
    let words = "a b=c <d> ".repeat(10_000);
    for html in [
        format!("<p title=\"{words}\">"),
        format!("<p title='{words}'>x"),
        format!("<!-- {words} -->"),
        format!("<script>{words}</script>"),
    ] {
        assert!(parse(&html, &Limits::default()).is_ok());
    }
}

/// Each hides its attributes behind something that another reading of tags would take for their end.
#[test]
fn attributes_cannot_hide() {
    let many = " a b".repeat(10_000);
    for start in [
        "<p x=\">\"",
        "<p x='<a>'",
        "<p =\"",
        "<p x=a\"",
        "<p a =\">\" ",
        "<!-- <a b=\"--><p",
        "<script></script",
        "</p",
        "<p/x=y/",
        "<p x = '\"' ",
    ] {
        assert_eq!(refusal(&format!("{start}{many}")), TooComplex::Tag(1_000), "{start}");
    }
}

#[test]
fn selecting_stays_within_its_budget() {
    let nested = parse(&"<span>".repeat(500), &Limits::default()).unwrap();
    let five = Selector::parse(".x span span span span").unwrap();
    assert_eq!(select(&nested, &five, &Budget::default()).unwrap().len(), 0);
    let flat = parse(&format!("<div>{}", "<p></p>".repeat(60_000)), &Limits::default()).unwrap();
    let siblings = Selector::parse("a ~ b ~ p").unwrap();
    assert_eq!(select(&flat, &siblings, &Budget::default()).unwrap_err(), TooComplex::Select(50_000_000));
    let plain = Selector::parse("div > p").unwrap();
    assert_eq!(select(&flat, &plain, &Budget::default()).unwrap().len(), 60_000);
}

#[test]
fn matches_come_in_document_order_with_the_root() {
    let html = parse("<p id=a><b id=b></b></p>", &Limits::default()).unwrap();
    let found = select(&html, &Selector::parse("html, [id]").unwrap(), &Budget::default()).unwrap();
    assert_eq!(found.iter().map(|e| e.value().name()).collect::<Vec<_>>(), ["html", "p", "b"]);
}
