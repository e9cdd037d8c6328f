use super::*;

fn refusal(html: &str) -> TooComplex {
    parse(html, &Limits::default()).unwrap_err()
}

#[test]
fn a_page_is_parsed_as_scraper_parses_it() {
    for html in [
        "<!doctype html><title>a</title><p>b<p>c<table><tr><td>d</table>",
        "",
        "<p>电网<script>if (a < b) {}</script><!-- x --><textarea><b></textarea><svg><title>x</title></svg>",
        "<html a=b><html c=d><body e=f><body g=h>x",
        "<!doctype html><b><p>x</b>y<i>z</p>w",
        "<table>x<tr><b>y<td>z</table><table><a>1<a>2",
        "<template>x</template><!--y--><frameset><frame>",
        "<svg><![CDATA[x<y]]></svg>",
        "<a href='x?a=1&amp;b=2' title=\"a>b<c\">y</a>\r\n<template><p>t</template>&notit;&#x80;",
    ] {
        let (ours, scrapers) = (parse(html, &Limits::default()).unwrap(), Html::parse_document(html));
        assert_eq!(ours.html(), scrapers.html(), "{html}");
        assert_eq!(ours.quirks_mode, scrapers.quirks_mode, "{html}");
    }
}

/// What pages are made of, tidy and not.
const SCRAPS: &[&str] = &[
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<a href=\"/x?a=1&b=2\">",
    "</a>",
    "<DIV Class='a  b'>",
    "</DIV >",
    "<br/>",
    "<br />",
    "<img src=a.png alt=b/>",
    "<input disabled>",
    "<input disabled value = 'x'>",
    "<i a=1 a=2 A=3>",
    "<p a=\"1\"b=\"2\">",
    "<td>",
    "<tr>",
    "<table>",
    "</table>",
    "<ul\n class=\"x\"\n>",
    "<li>",
    "<select>",
    "<option>",
    "</select>",
    "<template>",
    "</template>",
    "<svg>",
    "<svg viewBox='0 0 1 1'/>",
    "<math>",
    "<mi>",
    "</svg>",
    "<![CDATA[ x<y ]]>",
    "<!-- c -->",
    "<!-->",
    "<!--",
    "-->",
    "<!doctype html>",
    "<?php x>",
    "</>",
    "<>",
    "< p>",
    "</ p>",
    "<3",
    "<p",
    "<a title=\"",
    "<a title='",
    "\">",
    "'>",
    ">",
    "=",
    "\"",
    "'",
    "/",
    "`",
    "<p x=`>",
    "<p =>",
    "<p x=>",
    "<p x=a\"b>",
    "<p/x/y>",
    "<p x=/>",
    "<pre>",
    "<pre>\n",
    "</pre>",
    "<textarea>",
    "<textarea>\n<b>&amp;",
    "</textarea>",
    "<title>",
    "<title>a &lt; b</title>",
    "<script>",
    "<script>if (a < b && c > d) {}</script>",
    "<script><!-- <script> </script> -->",
    "</script>",
    "</SCRIPT >",
    "</scripts>",
    "<style>p > a {}</style>",
    "<style>",
    "</style ",
    "<noscript>",
    "<noscript><img src=x></noscript>",
    "</noscript>",
    "<iframe>",
    "</iframe>",
    "<xmp>",
    "</xmp>",
    "<noembed>",
    "<noframes>",
    "<plaintext>",
    "<frameset>",
    "<body class=x>",
    "<html lang=zh>",
    "<head>",
    "</head>",
    "</body>",
    "</html>",
    "电网",
    "新闻 2021-12-30",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "x",
    "a&b",
    "&",
    "&amp;",
    "&amp",
    "&nbsp;",
    "&lt;p&gt;",
    "&notit;",
    "&notin;",
    "&not",
    "&not=",
    "&copy=1",
    "&#x4e00;",
    "&#128;",
    "&#0;",
    "&#",
    "&;",
    "&unknown;",
    "&NotEqualTilde;",
    "<a href='?a&lt=1&lt;2&copy'>",
    "<a href=\"a\rb&#10;c\">",
    "<a href=?a&amp;b>",
    "\0",
    "<p\0>",
    "<p a\0b=c\0>",
    "\u{c}",
    "é",
    "😀",
    "<é>",
    "<p é=ü>",
    "<x-y:z.w a.b=c @click=\"d\" :e='f'>",
    "<font color=red>",
    "</font>",
    "<h1>",
    "</h2>",
    "<form>",
    "<button>",
    "<nobr>",
    "<ruby><rt>",
    "<image>",
    "<isindex>",
    "<a><a>",
    "<b><i></b></i>",
    "<table><td><p></table>x",
    "<meta charset=utf-8>",
    "<base href=/x>",
    "<link rel=x>",
];

#[test]
fn any_page_gives_the_tree_that_scraper_gives() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    };
    for _ in 0..40_000 {
        let html: String = (0..1 + next(24)).map(|_| SCRAPS[next(SCRAPS.len())]).collect();
        let ours = parse(&html, &Limits::default()).unwrap();
        let scrapers = Html::parse_document(&html);
        assert!(ours == scrapers, "{html:?}\n{}\n{}", ours.html(), scrapers.html());
    }
}

#[test]
fn a_byte_order_mark_is_taken_off_the_start_alone() {
    let html = parse("\u{feff}<p>a<!-- -->\u{feff}b<p a='1'b='2'>\u{feff}", &Limits::default()).unwrap();
    assert_eq!(html.root_element().text().collect::<String>(), "a\u{feff}b\u{feff}");
}

#[test]
fn each_limit_holds() {
    assert_eq!(refusal(&"<div>".repeat(20_000)), TooComplex::Depth(512));
    assert_eq!(refusal(&"<br>".repeat(200_001)), TooComplex::Nodes(200_000));
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert_eq!(refusal(&format!("<p{attributes}>")), TooComplex::Tag(1_000));
    assert_eq!(refusal(&format!("<p{}", " a b".repeat(100_000))), TooComplex::Tag(1_000));
    assert_eq!(refusal(&format!("<p{}", "/a".repeat(100_000))), TooComplex::Tag(1_000));
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
        format!("<p title= \"{words}\">"),
        format!("<p title =\"{words}\">"),
        format!("<!-- {words} -->"),
        format!("<script>{words}</script>"),
    ] {
        assert!(parse(&html, &Limits::default()).is_ok());
    }
}

#[test]
fn space_between_attributes_is_none() {
    let spaced: String = (0..900).map(|n| format!("a{n}=\"1\"  \n")).collect();
    assert!(parse(&format!("<p {spaced}>"), &Limits::default()).is_ok());
}

/// Each hides its attributes behind something that another reading of tags would take for their end.
#[test]
fn attributes_cannot_hide() {
    let many = " a b".repeat(10_000);
    for start in [
        "<p x=\">\"",
        "<p x='<a>'",
        "<p x='<!--'",
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

    // Each search is paid for.
    let small = parse("<div><p></p></div>", &Limits::default()).unwrap();
    let once = (1..100).find(|steps| select(&small, &plain, &Budget::new(*steps)).is_ok()).unwrap();
    for (steps, twice) in [(2 * once, true), (2 * once - 1, false)] {
        let budget = Budget::new(steps);
        assert!(select(&small, &plain, &budget).is_ok());
        assert_eq!(select(&small, &plain, &budget).is_ok(), twice);
    }
}

#[test]
fn matches_come_in_document_order_with_the_root() {
    let html = parse("<p id=a><b id=b></b></p>", &Limits::default()).unwrap();
    let found = select(&html, &Selector::parse("html, [id]").unwrap(), &Budget::default()).unwrap();
    assert_eq!(found.iter().map(|e| e.value().name()).collect::<Vec<_>>(), ["html", "p", "b"]);
}

/// The least limit that `html` passes.
fn least(html: &str, limits: impl Fn(u64) -> Limits) -> u64 {
    let passes = |limit: u64| parse(html, &limits(limit)).is_ok();
    let (mut low, mut high) = (0, 1 << 30);
    while low < high {
        let middle = (low + high) / 2;
        if passes(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

fn nodes(html: &str) -> u64 {
    least(html, |nodes| Limits { nodes: nodes as usize, ..Limits::default() })
}

fn work(html: &str) -> u64 {
    least(html, |work| Limits { work, ..Limits::default() })
}

#[test]
fn every_node_is_counted() {
    assert_eq!(nodes(""), 3, "html, head and body");
    for (more, less, count) in [
        ("<!doctype html>", "", 1),
        ("<!--x-->", "", 1),
        ("<p>", "", 1),
        ("<p>x", "<p>", 1),
        ("<template>", "", 2),
        ("<table>x", "<table>", 1),
    ] {
        assert_eq!(nodes(more) - nodes(less), count, "{more}");
    }
}

#[test]
fn what_no_sink_call_shows_is_counted_too() {
    assert!(work(&"\0".repeat(1_000)) >= 4_000);
    let attributes: String = (0..100).map(|n| format!(" a{n}")).collect();
    let repeated = |name: &str| format!("<{name}{attributes}>").repeat(20);
    let limits = Limits { work: 30_000, ..Limits::default() };
    for name in ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"] {
        assert_eq!(parse(&repeated(name), &limits).unwrap_err(), TooComplex::Work(30_000), "{name}");
    }
    for name in ["span", "div", "p"] {
        assert!(parse(&repeated(name), &limits).is_ok(), "{name}");
    }
}

#[test]
fn a_second_body_brings_no_more_attributes_than_it_may() {
    let attributes: String = (0..900).map(|n| format!(" a{n}")).collect();
    assert_eq!(refusal(&format!("<body{attributes}>").repeat(4)), TooComplex::Attributes(400_000));
}

#[test]
fn what_was_moved_is_as_deep_as_it_may_be_at_the_end() {
    let limits = Limits { depth: 20, ..Limits::default() };
    let deep = "<div>".repeat(25);
    assert_eq!(parse(&format!("<b>{deep}</b>x"), &limits).unwrap_err(), TooComplex::Depth(20));
    assert!(parse(&format!("<b>{}</b>x", "<div>".repeat(12)), &limits).is_ok());
    assert!(parse(&deep, &limits).is_ok(), "where nothing was moved, a look at one element in 32 is enough");
}

#[test]
fn one_tag_after_another_may_have_many_attributes() {
    let attributes: String = (0..700).map(|n| format!(" attribute{n}=x")).collect();
    assert!(parse(&format!("<p{attributes}>x").repeat(5), &Limits::default()).is_ok());
    let short = format!("<p x='<'{} y='<'>", " a".repeat(800));
    assert!(parse(&short, &Limits::default()).is_ok(), "each is counted once");
}
