//! The site without a socket, and once with one.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use encoding_rs::{GBK, UTF_8};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use scraper::{Html, Selector};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use super::{
    config, serve,
    site::{Reply, answer},
};
use crate::{
    config::{Config, Paint, Purpose, Surroundings, read},
    extract::Recipe,
    model::{Kind, Outcome, Page, Validators},
    reading::dom,
};

fn parsed(page: &str) -> Html {
    dom::parse(page, &dom::Limits::default()).unwrap()
}

fn texts(document: &Html, css: &str) -> Vec<String> {
    document.select(&Selector::parse(css).unwrap()).map(|element| element.text().collect()).collect()
}

fn start() -> Timestamp {
    "2026-03-05T02:07:53Z".parse().unwrap()
}

fn after(secs: i64) -> Timestamp {
    start() + SignedDuration::from_secs(secs)
}

fn text(reply: &Reply) -> String {
    let charset = if reply.header("content-type") == Some("text/html") { GBK } else { UTF_8 };
    let (text, _, wrong) = charset.decode(&reply.body);
    assert!(!wrong);
    text.into_owned()
}

fn get(path: &str, now: Timestamp) -> String {
    let reply = answer(path, now, start());
    assert_eq!(reply.status, 200, "{path}");
    text(&reply)
}

fn links(page: &str, base: &str, selector: &str, attribute: &str) -> Vec<String> {
    let base: Url = format!("http://demo{base}").parse().unwrap();
    let selector = Selector::parse(selector).unwrap();
    let document = parsed(page);
    let found = document.select(&selector).filter_map(|element| element.value().attr(attribute));
    found.map(|link| base.join(link).unwrap().path().to_owned()).collect()
}

/// Titles by address, of all articles that the three columns show.
fn articles(now: Timestamp) -> BTreeMap<String, String> {
    let mut articles = BTreeMap::new();
    for path in ["/dianwang/", "/dianwang/index_2.html", "/jishu/", "/english/"] {
        let page = parsed(&get(path, now));
        for link in page.select(&Selector::parse("ul.rows a").unwrap()) {
            let old = articles.insert(link.attr("href").unwrap().to_owned(), link.text().collect::<String>());
            assert_eq!(old, None, "a list shows an article once");
        }
    }
    articles
}

#[test]
fn every_link_and_picture_leads_somewhere() {
    let now = after(100);
    let (mut seen, mut queue) = (BTreeSet::new(), VecDeque::from(["/".to_owned()]));
    while let Some(path) = queue.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let reply = answer(&path, now, start());
        assert_eq!(reply.status, 200, "{path}");
        if reply.header("content-type").unwrap().starts_with("text/html") {
            let page = text(&reply);
            queue.extend(links(&page, &path, "a", "href"));
            queue.extend(links(&page, &path, "img", "src"));
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
}

#[test]
fn there_is_enough_to_read_and_no_two_titles_are_alike() {
    let now = articles(start());
    let chinese = now.keys().filter(|path| !path.starts_with("/english/")).count();
    assert!(chinese >= 35 && now.len() - chinese >= 11, "{chinese} of {}", now.len());
    // An hour later all stories are out, and only bulletins are left in the lists.
    for now in [now, articles(after(3600)), articles(after(30 * 86_400))] {
        let titles: BTreeSet<&String> = now.values().collect();
        assert_eq!(titles.len(), now.len());
        assert!(titles.iter().all(|title| title.chars().count() >= 8));
    }
}

#[test]
fn a_body_has_paragraphs_and_no_place_left_open() {
    for path in articles(after(200)).into_keys() {
        let page = get(&path, after(200));
        let document = parsed(&page);
        let words = texts(&document, "div.text > p");
        assert!(words.len() >= 6 && words.iter().map(|w| w.chars().count()).sum::<usize>() > 180, "{path}");
        assert!(!words.concat().contains(['{', '}']), "{path}: {words:?}");
        assert_eq!(texts(&document, "div.text > h2").len(), 2);
    }
}

#[test]
fn the_column_repeats_its_articles_in_other_guises() {
    let page = get("/dianwang/", start());
    let all = links(&page, "/dianwang/", ".piece a.name", "href");
    let once: BTreeSet<&String> = all.iter().collect();
    assert_eq!(once.len(), 15);
    assert!(all.len() >= 30, "{}", all.len());
    let document = parsed(&page);
    let glued = &texts(&document, "ul.sorted em")[0];
    assert!(glued.contains("2026-03-0") && !glued.starts_with(|c: char| c.is_ascii()), "{glued}");
    assert!(texts(&document, "div.also a").iter().any(|title| title.ends_with('…')));
    let article = get(&all[0], start());
    assert!(article.contains("</span><span>发布时间:2026-03-05"), "outlet and time are glued");
}

#[test]
fn articles_come_one_by_one_and_never_change() {
    let newest = |now| links(&get("/dianwang/", now), "/dianwang/", "ul.rows a", "href")[0].clone();
    let moments: BTreeSet<String> = (0..60).map(|second| newest(after(second))).collect();
    assert_eq!(moments.len(), 10, "one in six seconds");
    let next = newest(after(6));
    assert_eq!(answer(&next, after(5), start()).status, 404, "it is not out yet");
    assert_eq!(answer(&next, after(6), start()), answer(&next, after(86_400 * 365), start()));
    let page = answer("/jishu/", after(1), start());
    assert_eq!(page, answer("/jishu/", after(19), start()));
    assert_ne!(page, answer("/jishu/", after(21), start()));
    // Dates and numbers run the same way, and nothing is dated ahead.
    let document = parsed(&get("/dianwang/", after(30)));
    let days = texts(&document, "ul.rows .when");
    assert!(days.is_sorted_by(|a, b| a >= b) && days[0] == "2026-03-05", "{days:?}");
    assert_eq!(answer("/dianwang/", after(-86_400), start()).status, 200, "a clock that is set back does no harm");
}

#[test]
fn what_is_not_there_is_not_found() {
    let there = articles(start()).into_keys().next().unwrap();
    let another_day = there.replace("/2026", "/2025");
    for path in [
        "/nothing",
        "/dianwang/index_3.html",
        "/dianwang/index_x.html",
        "/pictures/1.png",
        "/dianwang/../",
        &another_day,
    ] {
        assert_eq!(answer(path, start(), start()).status, 404, "{path}");
    }
    assert_eq!(answer("/dianwang", start(), start()).header("location"), Some("/dianwang/"));
}

#[test]
fn an_old_column_is_gbk_and_only_the_page_says_so() {
    let reply = answer("/jishu/", start(), start());
    assert_eq!(reply.header("content-type"), Some("text/html"));
    assert!(std::str::from_utf8(&reply.body).is_err());
    assert!(text(&reply).contains(r#"<meta charset="GBK">"#));
    assert!(!text(&reply).contains("&#"), "every character has a place in GBK");
}

#[test]
fn what_is_known_is_not_sent_again() {
    let reply = answer("/dianwang/", start(), start());
    let etag = reply.header("etag").unwrap().to_owned();
    let modified = reply.header("last-modified").unwrap().to_owned();
    assert!(modified.ends_with(" GMT"), "{modified}");
    for (tags, since, status) in [
        (Some(etag.as_str()), None, 304),
        (Some("\"other\", W/\"x\""), None, 200),
        (Some("\"other\""), Some(modified.as_str()), 200),
        (None, Some(modified.as_str()), 304),
        (None, Some("Thu, 01 Jan 1998 00:00:00 GMT"), 200),
        (None, Some("soon"), 200),
    ] {
        let answer = reply.clone().unless_known(tags, since);
        assert_eq!(answer.status, status, "{tags:?} {since:?}");
        assert_eq!(answer.body.is_empty(), status == 304);
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
    }
    let gone = answer("/nothing", start(), start()).unless_known(None, Some(&modified));
    assert_eq!(gone.status, 404);
}

#[test]
fn pictures_are_png() {
    let reply = answer("/pictures/120003.png", start(), start());
    assert_eq!(reply.header("content-type"), Some("image/png"));
    assert!(reply.body.starts_with(b"\x89PNG\r\n\x1a\n") && reply.body.ends_with(b"IEND\xaeB`\x82"));
    assert!((200..20_000).contains(&reply.body.len()), "{}", reply.body.len());
    assert_ne!(reply.body, answer("/pictures/120004.png", start(), start()).body);
}

fn configuration() -> Config {
    let text = config(&"http://127.0.0.1:8080/".parse().unwrap(), "127.0.0.1:7878".parse().unwrap());
    let secrets = |_: &crate::config::Reference| panic!("the demo has no secrets");
    let surroundings =
        Surroundings { file: "feeds.toml", system_zone: TimeZone::UTC, secrets: &secrets, purpose: Purpose::Serving };
    read(&text, &surroundings).unwrap_or_else(|faults| panic!("{}", faults.draw(Paint::Plain)))
}

#[test]
fn the_configuration_holds() {
    let config = configuration();
    assert!(config.hints.list().is_empty(), "{}", config.hints.draw(Paint::Plain));
    let urls: Vec<&str> = config.sources.iter().map(|source| source.url().unwrap().path()).collect();
    assert_eq!(urls, ["/dianwang/", "/english/", "/jishu/"]);
    assert_eq!(config.count_feeds(), 4);
}

#[test]
fn its_rules_read_the_site() {
    // The grid's blocks: list, headline and sorted rows show dates, pictures and related reading do not.
    let expected = [(15 + 1 + 5 + 4 + 6, 15 + 1 + 5), (11, 11), (10, 10)];
    for (source, (rows, dates)) in configuration().sources.iter().zip(expected) {
        let url = source.url().unwrap().clone();
        let reply = answer(url.path(), start(), start());
        let page = Page {
            asked: url.clone(),
            url,
            media_type: "text/html".into(),
            text: text(&reply),
            bytes: reply.body,
            encoding: UTF_8,
            language: None,
            validators: Validators::default(),
        };
        let recipe = Recipe::compile(source.rules.as_ref().unwrap(), Kind::Html).unwrap();
        let listing = crate::extract::read(&page, Some(&recipe), Some(Kind::Html));
        assert_eq!((listing.outcome, listing.items.len()), (Outcome::Read, rows), "{}", source.id);
        assert!(listing.items.iter().all(|item| item.link.is_some() && item.title.chars().count() >= 8));
        let dated = listing.items.iter().filter(|item| item.dates.iter().any(|d| d.text.contains("2026-03-0"))).count();
        assert_eq!(dated, dates, "{}", source.id);
        assert_eq!(listing.next.is_some(), source.id.as_str() == "grid");
    }
}

#[tokio::test]
async fn it_is_served_over_http() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ask = async |head: &str| {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("{head}\r\nHost: demo\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let talk = async {
        let page = ask("GET /dianwang/ HTTP/1.1").await;
        assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("电网建设"), "{page}");
        let etag = page.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
        let again = ask(&format!("GET /dianwang/ HTTP/1.1\r\nIf-None-Match: {etag}")).await;
        assert!(again.starts_with("HTTP/1.1 304 ") && again.ends_with("\r\n\r\n"), "{again}");
        let head = ask("HEAD /dianwang/ HTTP/1.1").await;
        assert!(head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n"), "{head}");
        assert!(ask("GET /nothing HTTP/1.1").await.starts_with("HTTP/1.1 404 "));
    };
    tokio::select! {
        ended = serve(listener, start, start()) => panic!("{ended:?}"),
        () = talk => {}
        () = tokio::time::sleep(Duration::from_secs(20)) => panic!("no answer"),
    }
}
