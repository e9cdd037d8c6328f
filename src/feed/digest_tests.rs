//! When digests are due, and what they list.

use jiff::{civil::Weekday, tz::TimeZone};

use super::*;
use crate::model::{Choice, Sort};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn digest(weekday: Option<Weekday>, hour: i8, minute: i8, zone: &str) -> Digest {
    let zone = TimeZone::get(zone).unwrap();
    let of = Choice { sources: vec!["a".parse().unwrap()], sort: Sort::Published, ..Choice::default() };
    Digest { weekday, at: jiff::civil::time(hour, minute, 0, 0), zone, of }
}

fn spec(digest: Digest) -> FeedSpec {
    let id = "power".parse().unwrap();
    FeedSpec {
        choice: Choice { sources: vec![SourceId::digest(&id)], ..Choice::default() },
        id,
        name: Some("电力要闻".to_owned()),
        link: String::new(),
        language: None,
        every: std::time::Duration::from_secs(60),
        digest: Some(Box::new(digest)),
        private: false,
    }
}

fn told(n: u32, first: &str) -> Arc<Article> {
    let source: SourceId = "a".parse().unwrap();
    let due = at(first).to_zoned(TimeZone::UTC);
    let blank = blank(&spec(digest(None, 18, 0, "UTC")), &due, "");
    Arc::new(Article {
        key: ArticleKey::of("", &[&n.to_string()]),
        url: format!("http://news.example/{n}?a=1&b=2"),
        title: format!("第<{n}>条"),
        outlet: Some("南方电网报".to_owned()),
        language: Some("zh-cn".to_owned()),
        sightings: vec![Sighting { source, place: n, first: at(first) }],
        ..blank
    })
}

#[test]
fn it_is_due_at_its_hour_wherever_clocks_are_moved() {
    let evening = digest(None, 18, 0, "Asia/Shanghai");
    assert_eq!(next(&evening, at("2021-12-30T09:59:59Z")), Some(at("2021-12-30T10:00:00Z")));
    assert_eq!(next(&evening, at("2021-12-30T10:00:00Z")), Some(at("2021-12-31T10:00:00Z")));
    assert_eq!(last(&evening, at("2021-12-30T10:00:00Z")).map(|due| due.timestamp()), Some(at("2021-12-30T10:00:00Z")));
    let monday = digest(Some(Weekday::Monday), 8, 0, "Asia/Shanghai");
    assert_eq!(next(&monday, at("2021-12-30T10:00:00Z")), Some(at("2022-01-03T00:00:00Z")));
    // An hour that is skipped, and one that comes twice.
    let night = digest(None, 2, 30, "Europe/Berlin");
    assert_eq!(next(&night, at("2026-03-28T12:00:00Z")), Some(at("2026-03-29T01:30:00Z")));
    assert_eq!(next(&night, at("2026-10-24T12:00:00Z")), Some(at("2026-10-25T00:30:00Z")));
    assert_eq!(next(&night, at("2026-10-25T00:30:00Z")), Some(at("2026-10-26T01:30:00Z")));
}

#[test]
fn spans_follow_each_other_and_none_is_due_twice() {
    let evening = digest(None, 18, 0, "UTC");
    let now = at("2021-12-30T19:00:00Z");
    let first = due(&evening, &Listed::default(), now);
    assert_eq!(first.iter().map(|span| span.from).collect::<Vec<_>>(), [at("2021-12-29T18:00:00Z")]);
    let made = |text: &str| Listed { until: Some(at(text)), keys: None };
    assert_eq!(due(&evening, &made("2021-12-30T18:00:00Z"), now), []);
    let late = due(&evening, &made("2021-12-27T18:00:00Z"), now);
    assert_eq!(late.len(), 3);
    assert!(late.windows(2).all(|two| two[0].until.timestamp() == two[1].from));
    assert_eq!(due(&evening, &made("2000-01-01T18:00:00Z"), now).len(), MOST_LATE);
}

#[test]
fn it_lists_what_came_since_the_last_and_what_came_too_late_for_it() {
    let evening = digest(None, 18, 0, "UTC");
    let spec = spec(evening.clone());
    let articles = vec![
        told(1, "2021-12-29T17:59:58Z"),
        told(2, "2021-12-29T17:59:59Z"),
        told(3, "2021-12-30T10:07:00Z"),
        told(4, "2021-12-30T18:00:00Z"),
        told(5, "2021-12-30T18:00:01Z"),
    ];
    let spans = due(&evening, &Listed::default(), at("2021-12-30T18:00:00Z"));
    // The first article was listed the day before; the second one's visit was still under way then.
    let keys = Some(HashSet::from([articles[0].key]));
    let listed = Listed { until: Some(spans[0].from), keys };
    let (entry, keys) = entry(&spec, &spans[0], vec![articles.clone()], &listed, "http://feeds.example/").unwrap();
    assert_eq!(keys, articles[1..4].iter().map(|article| article.key).collect());
    assert_eq!(entry.title, "电力要闻 2021-12-30");
    assert_eq!(entry.url, "http://feeds.example/feeds/power#2021-12-30");
    assert_eq!(entry.language.as_deref(), Some("zh-CN"));
    for time in [entry.published.at, entry.first_seen, entry.updated] {
        assert_eq!(time, at("2021-12-30T18:00:00Z"));
    }
    assert_eq!(
        entry.content.unwrap().as_str(),
        "<ul><li><a href=\"http://news.example/4?a=1&amp;b=2\" rel=\"noopener noreferrer\">第&lt;4&gt;条</a> — 南方电网报, 18:00</li>\
         <li><a href=\"http://news.example/3?a=1&amp;b=2\" rel=\"noopener noreferrer\">第&lt;3&gt;条</a> — 南方电网报, 10:07</li>\
         <li><a href=\"http://news.example/2?a=1&amp;b=2\" rel=\"noopener noreferrer\">第&lt;2&gt;条</a> — 南方电网报, 12-29 17:59</li></ul>"
    );
    // Where the list of the day before is lost, nothing is listed twice.
    let lost = Listed { until: Some(spans[0].from), keys: None };
    let (_, keys) = super::entry(&spec, &spans[0], vec![articles], &lost, "").unwrap();
    assert_eq!(keys.len(), 2);
    assert!(super::entry(&spec, &spans[0], vec![vec![told(9, "2021-12-01T00:00:00Z")]], &lost, "").is_none());
}
