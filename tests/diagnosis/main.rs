//! Pages that show no articles, each with the class that a person gave it, against the class that the program gives.
//!
//! `pages.txt` was made after the rules and is not for writing them: a page that is classed wrongly stays here as it is.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use tearsheet::{
    extract::{self, Recipe, Usual, Written, diagnose},
    fetch,
    model::{FieldRule, Kind, Page, Rules, Validators},
};

/// Of a hundred pages, so many at least must be given the class that a person gave them.
const LEAST_RIGHT: usize = 90;

struct Case {
    class: String,
    status: u16,
    page: Page,
}

/// `=== class [status=N] [from=PATH] [to=PATH] [as=MEDIA TYPE] [charset=LABEL]`, then the page; `{{news:N}}` stands for N headlines.
fn cases() -> Vec<Case> {
    let text = include_str!("pages.txt");
    text.split("\n=== ")
        .skip(1)
        .map(|block| {
            let (head, body) = block.split_once('\n').unwrap();
            let mut words = head.split(' ');
            let class = words.next().unwrap().to_owned();
            let settings: BTreeMap<&str, &str> = words.filter_map(|word| word.split_once('=')).collect();
            let address = |name: &str| {
                let path = settings.get(name).or(settings.get("from")).copied().unwrap_or("/news/list");
                url::Url::parse("https://site.example").unwrap().join(path).unwrap()
            };
            let body = filled(body.trim_end());
            let bytes = match settings.get("charset") {
                Some(label) => encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(&body).0.into_owned(),
                None => body.into_bytes(),
            };
            let url = address("to");
            // A host that says UTF-8 whatever it sends.
            let decoded = fetch::decode(&bytes, settings.contains_key("charset").then_some("utf-8"), &url);
            let said = if settings.contains_key("charset") {
                encoding_rs::UTF_8.decode_without_bom_handling(&bytes).0.into_owned()
            } else {
                decoded.text
            };
            let page = Page {
                asked: address("from"),
                url,
                media_type: settings.get("as").copied().unwrap_or("text/html").to_owned(),
                text: said,
                encoding: decoded.encoding,
                bytes,
                language: None,
                validators: Validators::default(),
            };
            Case { class, status: settings.get("status").map_or(200, |status| status.parse().unwrap()), page }
        })
        .collect()
}

/// Puts headlines and paragraphs where the page asks for them.
fn filled(body: &str) -> String {
    let mut out = body.to_owned();
    while let Some(start) = out.find("{{news:") {
        let end = start + out[start..].find("}}").unwrap();
        let count: usize = out[start + 7..end].parse().unwrap();
        let news: String = (1..=count)
            .map(|n| format!("<div class=card><a href=\"/a/{n}.html\">Regional assembly debates harbour works, part {n}</a></div>\n"))
            .collect();
        out.replace_range(start..end + 2, &news);
    }
    out
}

fn class(case: &Case) -> &'static str {
    if case.status >= 400 {
        return diagnose::of_error(case.status, Some(&case.page)).map_or("none", |found| found.outcome.word());
    }
    let kind = if case.page.media_type == "application/json" { Kind::Json } else { Kind::Html };
    let item = if kind == Kind::Json { "$.data.rows[*]" } else { "ul.story-list > li" };
    let link = FieldRule { select: if kind == Kind::Json { "$.url" } else { "a" }.to_owned(), ..FieldRule::default() };
    let rules = Rules { item: item.to_owned(), link: Some(link), ..Rules::default() };
    let recipe = Recipe::compile(&rules, kind).unwrap();
    let mut listing = extract::read(&case.page, Some(&recipe), None);
    diagnose::judge(&mut listing, &case.page, Usual { has_rule: true, items: 20 }, Written::ByHand);
    let told = listing.outcome.word();
    let needs_words = !matches!(told, "read" | "no_match");
    assert!(!needs_words || !listing.problems.is_empty(), "{told} without words");
    assert!(listing.problems.iter().all(|problem| !problem.advice.is_empty()));
    told
}

#[test]
fn made_pages_are_given_the_class_that_a_person_gave_them() {
    let cases = cases();
    let mut table: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut right = 0;
    for (number, case) in cases.iter().enumerate() {
        let told = class(case);
        *table.entry((case.class.as_str(), told)).or_default() += 1;
        right += usize::from(told == case.class);
        if told != case.class {
            let start: String = case.page.text.chars().take(90).collect();
            println!("page {}: {} was taken for {told}: {}", number + 1, case.class, start.replace('\n', " "));
        }
    }
    println!("\n{:<18} {:<18} pages", "a person says", "the program says");
    for ((said, told), count) in &table {
        println!("{said:<18} {told:<18} {count:>3}{}", if said == told { "" } else { "  wrong" });
    }
    println!("{right} of {} pages right", cases.len());
    assert!(cases.len() >= 60, "{}", cases.len());
    assert!(right * 100 >= cases.len() * LEAST_RIGHT, "{right} of {}", cases.len());
}

#[test]
fn a_page_that_is_well_is_left_as_it_is() {
    let rows: String =
        (1..9).map(|n| format!("<li><a href=/{n}>404 errors and login walls: a history, part {n}</a></li>")).collect();
    for (title, before) in [
        ("Please log in", ""),
        ("404 not found", ""),
        ("Just a moment...", ""),
        ("News", "<form><input type=password></form>"),
        (
            "News",
            "<p>No results</p><noscript>Please enable JavaScript</noscript><div id=app></div><script src=/a.js></script>",
        ),
    ] {
        let html = format!("<!DOCTYPE html><title>{title}</title>{before}<ul class=story-list>{rows}</ul>");
        let case = Case { class: String::new(), status: 200, page: page(&html) };
        assert_eq!(class(&case), "read", "{title} {before}");
    }
    // Rows that the program finds by itself are believed where the page has as many as a listing has.
    let html = format!("<!DOCTYPE html><title>Login news</title><h1>Access denied</h1><ul>{rows}{rows}</ul>");
    let (mut listing, _) = extract::read_detected(&page(&html));
    let found = listing.items.len();
    diagnose::judge(&mut listing, &page(&html), Usual::default(), Written::Not);
    assert!(found > 0 && listing.items.len() == found);
}

#[test]
fn what_stands_on_a_page_that_is_no_listing_is_not_taken_for_articles() {
    for (title, word) in [("Just a moment...", "challenge"), ("Page not found", "soft_404"), ("Sign in", "login_wall")]
    {
        let links: String = ["About the newspaper", "Contact", "Terms"]
            .map(|name| format!("<li><a href=/{name}>{name}</a></li>"))
            .concat();
        let page = page(&format!("<!DOCTYPE html><title>{title}</title><h1>{title}</h1><ul>{links}</ul>"));
        let (mut listing, _) = extract::read_detected(&page);
        diagnose::judge(&mut listing, &page, Usual::default(), Written::Not);
        assert_eq!((listing.items.len(), listing.outcome.word()), (0, word));
    }
}

fn page(html: &str) -> Page {
    let url = url::Url::parse("https://site.example/news/list").unwrap();
    Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes: html.as_bytes().to_vec(),
        text: html.to_owned(),
        encoding: encoding_rs::UTF_8,
        language: None,
        validators: Validators::default(),
    }
}
