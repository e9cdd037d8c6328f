//! What a feed shows: each article once, a day whole, in the order that it was told.

use std::time::Duration;

use super::*;
use crate::model::{Change, Choice, Field, Moment, Origin, Precision, Rewrite, Rule, Sighting, Test, Twins};
use crate::reading::filter::words;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn article(source: &str, n: u32, first_seen: Timestamp) -> Arc<Article> {
    Arc::new(Article {
        key: ArticleKey::of(source, &[&n.to_string()]),
        url: String::new(),
        title: n.to_string(),
        title_cut: false,
        published: Moment { at: first_seen, offset: 0, precision: Precision::Second, origin: Origin::List },
        first_seen,
        updated: first_seen,
        revision: 0,
        summary: None,
        content: None,
        image: None,
        authors: Vec::new(),
        categories: Vec::new(),
        outlet: None,
        language: None,
        aliases: Vec::new(),
        twin_of: None,
        twin_late: false,
        apart: Vec::new(),
        sightings: vec![Sighting { source: source.parse().unwrap(), place: n, first: first_seen }],
    })
}

fn spec(length: usize, sort: Sort) -> FeedSpec {
    FeedSpec {
        private: false,
        id: "f".parse().unwrap(),
        name: None,
        link: "http://example.org/".to_owned(),
        language: None,
        every: Duration::from_secs(60),
        digest: None,
        choice: Choice { sources: Vec::new(), length, sort, ..Choice::default() },
    }
}

fn hours(before: i64) -> Timestamp {
    at("2026-11-22T10:00:00Z") - SignedDuration::from_hours(before)
}

fn titles(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.article.title.as_str()).collect()
}

#[test]
fn a_day_is_shown_whole_and_padded() {
    let list: Vec<_> = (0..40).map(|n| article("a", n, hours(i64::from(n)))).collect();
    assert_eq!(select(&spec(5, Sort::FirstSeen), vec![list.clone()]).len(), 24);
    assert_eq!(select(&spec(30, Sort::FirstSeen), vec![list.clone()]).len(), 30);
    assert_eq!(select(&spec(100, Sort::FirstSeen), vec![list]).len(), 40);
    let flood: Vec<_> = (0..2000).map(|n| article("a", n, hours(0))).collect();
    assert_eq!(select(&spec(50, Sort::FirstSeen), vec![flood.clone()]).len(), MOST);
    assert_eq!(select(&spec(1500, Sort::FirstSeen), vec![flood]).len(), 1500);
    assert!(select(&spec(50, Sort::Published), Vec::new()).is_empty());
}

#[test]
fn an_article_of_several_sources_is_one_entry_and_their_order_does_not_matter() {
    let (a, b, c) = (article("a", 1, hours(1)), article("a", 2, hours(2)), article("b", 3, hours(0)));
    let one = select(&spec(50, Sort::Published), vec![vec![a.clone(), b.clone()], vec![c.clone(), a.clone()]]);
    let other = select(&spec(50, Sort::Published), vec![vec![c, a.clone()], vec![a, b]]);
    assert_eq!(titles(&one), ["3", "1", "2"]);
    assert_eq!(one, other);
}

#[test]
fn articles_that_came_at_once_keep_the_order_of_the_page() {
    let list: Vec<_> = [3, 1, 2, 0].into_iter().map(|n| article("a", n, hours(0))).collect();
    for sort in [Sort::Published, Sort::FirstSeen, Sort::Updated] {
        assert_eq!(titles(&select(&spec(50, sort), vec![list.clone()])), ["0", "1", "2", "3"]);
    }
}

#[test]
fn the_feed_orders_by_what_it_was_told() {
    let mut old_news = Arc::unwrap_or_clone(article("a", 1, hours(0)));
    old_news.published.at = hours(500);
    let mut changed = Arc::unwrap_or_clone(article("a", 2, hours(3)));
    changed.updated = at("2026-11-22T11:00:00Z");
    let list = || vec![vec![Arc::new(old_news.clone()), article("a", 3, hours(1)), Arc::new(changed.clone())]];
    assert_eq!(titles(&select(&spec(50, Sort::Published), list())), ["3", "2", "1"]);
    assert_eq!(titles(&select(&spec(50, Sort::FirstSeen), list())), ["1", "3", "2"]);
    assert_eq!(titles(&select(&spec(50, Sort::Updated), list())), ["2", "1", "3"]);
}

#[test]
fn a_document_speaks_of_its_content_alone() {
    let mut english = Arc::unwrap_or_clone(article("a", 1, hours(0)));
    english.language = Some("en_us".to_owned());
    let entries = vec![Entry { article: Arc::new(english) }, Entry { article: article("a", 2, hours(5)) }];
    let one = document(&spec(50, Sort::Published), "T", "http://h/", entries);
    assert_eq!(one.base_url, "http://h");
    assert_eq!(one.updated, Some(hours(0)));
    assert_eq!(one.language.as_deref(), Some("en-US"));
    let moved = document(&spec(50, Sort::Published), "T2", "https://elsewhere", Vec::new());
    assert_eq!(
        (moved.urn, moved.updated, moved.language),
        (one.urn, None, None),
        "the id hangs on the feed's id alone"
    );
}

fn told(source: &str, n: u32, seen: Timestamp, twin_of: Option<&Article>) -> Arc<Article> {
    let url = format!("https://www.{source}.example/{n}?a=1&b=2");
    Arc::new(Article { url, twin_of: twin_of.map(|head| head.key), ..Article::clone(&article(source, n, seen)) })
}

fn joined(twins: Twins, trust: &[&str]) -> FeedSpec {
    let trust = trust.iter().map(|id| id.parse().unwrap()).collect();
    FeedSpec { choice: Choice { twins, trust, ..spec(50, Sort::FirstSeen).choice }, ..spec(50, Sort::FirstSeen) }
}

#[test]
fn one_story_is_one_entry_that_stays_and_links_the_others() {
    let first = told("a", 1, hours(5), None);
    let second = told("b", 2, hours(3), Some(&first));
    let third = told("c", 3, hours(1), Some(&first));
    let other = told("b", 4, hours(2), None);
    let spec = joined(Twins::Join, &["c"]);
    let some = select(&spec, vec![vec![first.clone()], vec![other.clone(), second.clone()]]);
    let all = select(&spec, vec![vec![first.clone()], vec![other.clone(), second.clone()], vec![third.clone()]]);
    assert_eq!(
        (titles(&some), titles(&all)),
        (vec!["4", "1"], vec!["4", "1"]),
        "trust moves nothing that was published"
    );
    let line = all[1].article.summary.as_ref().unwrap().as_str();
    assert_eq!(
        line,
        "<p>Also in: <a href=\"https://www.b.example/2?a=1&amp;b=2\" rel=\"noopener noreferrer\">b.example</a>, \
         <a href=\"https://www.c.example/3?a=1&amp;b=2\" rel=\"noopener noreferrer\">c.example</a></p>"
    );
    assert_eq!(all[0].article, other);
    let without_first = select(&spec, vec![vec![second.clone()], vec![third.clone()]]);
    assert_eq!(titles(&without_first), ["2"], "a feed that does not have the first shows the next");
    assert_eq!(select(&joined(Twins::Off, &[]), vec![vec![first.clone()], vec![second.clone()]]).len(), 2);
    let marked = select(&joined(Twins::Mark, &[]), vec![vec![first], vec![second]]);
    assert!(marked.len() == 2 && marked.iter().all(|entry| entry.article.summary.is_some()));
}

#[test]
fn of_those_that_come_together_the_trusted_one_shows() {
    let first = told("a", 1, hours(1), None);
    let second = told("b", 2, hours(1) + SignedDuration::from_secs(20), Some(&first));
    let lists = || vec![vec![first.clone()], vec![second.clone()]];
    assert_eq!(titles(&select(&joined(Twins::Join, &["b", "a"]), lists())), ["2"]);
    assert_eq!(titles(&select(&joined(Twins::Join, &[]), lists())), ["1"]);
}

#[test]
fn a_feed_shows_what_its_rules_keep_as_they_rewrite_it() {
    let mut spec = spec(50, Sort::FirstSeen);
    let has = |text: &str| Test::Has(Field::Title, vec![words(text)]);
    spec.choice.filter.drop = vec![Rule { written: "drop".into(), tests: vec![has("2")] }];
    spec.choice.filter.rewrite =
        vec![Rewrite { field: Field::Title, change: Change::Template("{source}: {title}".into()) }];
    spec.choice.names = vec![("a".parse().unwrap(), "Outlet A".to_owned())];
    let list = (1..4).map(|n| article("a", n, hours(i64::from(n)))).collect();
    assert_eq!(titles(&select(&spec, vec![list])), ["Outlet A: 1", "Outlet A: 3"]);
}

#[test]
fn what_is_read_of_a_source_shows_the_same_as_all_of_it() {
    let news: SourceId = "news".parse().unwrap();
    let start = at("2024-04-02T08:00:00Z");
    // Hours between one article and the next: all of one day, one a day, a burst after a pause, a pause after a burst.
    for hours in [vec![0; 60], vec![24; 60], [vec![0; 30], vec![48], vec![0; 30]].concat(), (0..60).collect()] {
        let mut shown = start;
        let all: Vec<_> = hours
            .iter()
            .enumerate()
            .map(|(n, hours)| {
                shown -= SignedDuration::from_hours(*hours);
                let mut one = (*article("news", n as u32, shown)).clone();
                // Another source showed every seventh a day earlier.
                if n % 7 == 0 {
                    one.first_seen -= SignedDuration::from_hours(24);
                }
                Arc::new(one)
            })
            .collect();
        for length in [1, 10, 40, 59, 60, 80] {
            let few = all[..all.len().min(length + 1)].to_vec();
            let spec = spec(length, Sort::Published);
            if few.len() > length && !may_show_more(&few, &news, length) {
                let keys = |read| select(&spec, vec![read]).iter().map(|entry| entry.article.key).collect::<Vec<_>>();
                assert_eq!(keys(few), keys(all.clone()), "{hours:?} {length}");
            }
        }
    }
    let daily: Vec<_> =
        (0..5).map(|n| article("news", n, start - SignedDuration::from_hours(24 * i64::from(n)))).collect();
    assert!(!may_show_more(&daily, &news, 4) && may_show_more(&daily[..1], &news, 1));
    assert!(may_show_more(&daily, &"other".parse().unwrap(), 4), "nobody knows when that one showed it");
}
