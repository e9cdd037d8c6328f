//! A digest: one entry a day that appears at its hour, lists what came since the last, and never changes after.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

use tearsheet::daemon::{Clock, Hand};
use tokio::runtime::Runtime;

use crate::{site::Site, start};

/// The head and the body of an answer.
fn get(address: SocketAddr, path: &str, extra: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: feeds.example\r\nConnection: close\r\n{extra}\r\n").unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    let (head, body) = all.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
}

async fn wait(address: SocketAddr, path: &str, good: impl Fn(&str) -> bool) -> String {
    let begun = Instant::now();
    loop {
        let text = get(address, path, "").1;
        if good(&text) {
            return text;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{path} did not become as it should:\n{text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn row(n: u32, title: &str, date: &str) -> (String, String, String) {
    (format!("/news/{n}.html"), title.to_owned(), date.to_owned())
}

fn entries(json: &str) -> usize {
    json.matches("\"date_published\"").count()
}

fn write(folder: &Path, site: &Site) {
    let text = format!(
        "[defaults]\nhost_gap = \"0s\"\nevery = \"30m\"\nevery_max = \"30m\"\nallow_private = [\"127.0.0.0/8\"]\n\
         timezone = \"Asia/Shanghai\"\n\n\
         [[source]]\nid = \"news\"\nname = \"电网要闻\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n\n\
         [[feed]]\nid = \"evening\"\nname = \"晚报\"\nsources = [\"news\"]\ndigest = \"daily 18:00\"\ndrop = [{{ title = \"招聘\" }}]\n",
        site.url("/list/")
    );
    std::fs::write(folder.join("feeds.toml"), text).unwrap();
}

async fn forward_to(hand: &Hand, clock: &Clock, time: &str) {
    let time = time.parse().unwrap();
    while clock.now() < time {
        hand.set((clock.now() + Duration::from_secs(300)).min(time));
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

#[test]
fn a_digest_appears_at_its_hour_and_stays_as_it_is() {
    Runtime::new().unwrap().block_on(async {
        let site = Site::start();
        let folder = tempfile::tempdir().unwrap();
        let (clock, hand) = Clock::stepped("2021-12-30T01:00:00Z".parse().unwrap());
        write(folder.path(), &site);
        let mut rows = vec![row(1, "第一条：工程<开工>", "2021-12-30 08:30"), row(2, "招聘公告", "2021-12-30 08:31")];
        site.list("/list/", &rows);
        let running = start(folder.path(), &clock).await;
        let at = running.address;
        forward_to(&hand, &clock, "2021-12-30T01:10:00Z").await;
        wait(at, "/feeds/news.json", |text| entries(text) == 2).await;
        assert_eq!(entries(&get(at, "/feeds/evening.json", "").1), 0, "its hour has not come");
        // Until its hour readers need not ask again.
        let (head, _) = get(at, "/feeds/evening.atom", "");
        assert!(header(&head, "cache-control").contains("max-age=31800,"), "{head}");
        rows.insert(0, row(3, "第二条：线路投产", "2021-12-30 17:10"));
        site.list("/list/", &rows);
        forward_to(&hand, &clock, "2021-12-30T09:59:00Z").await;
        wait(at, "/feeds/news.json", |text| entries(text) == 3).await;
        assert_eq!(entries(&get(at, "/feeds/evening.json", "").1), 0);
        let (head, _) = get(at, "/feeds/evening.atom", "");
        assert!(header(&head, "cache-control").contains("max-age=60,"), "{head}");
        hand.set("2021-12-30T10:00:01Z".parse().unwrap());
        let json = wait(at, "/feeds/evening.json", |text| entries(text) == 1).await;
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let entry = &value["items"][0];
        assert_eq!(entry["title"], "晚报 2021-12-30");
        assert_eq!(entry["date_published"], "2021-12-30T18:00:00+08:00");
        assert_eq!(entry["url"], "http://feeds.example/feeds/evening#2021-12-30");
        let html = entry["content_html"].as_str().unwrap();
        assert_eq!(html.matches("<li>").count(), 2, "{html}");
        assert!(html.contains("第一条：工程&lt;开工&gt;</a> — 电网要闻, 08:30") && !html.contains("招聘"), "{html}");
        let first: Vec<(String, String)> = ["rss", "atom", "json"]
            .iter()
            .map(|format| {
                let (head, body) = get(at, &format!("/feeds/evening.{format}"), "");
                assert!(body.contains(entry["id"].as_str().unwrap()), "{body}");
                let tag = header(&head, "etag").to_owned();
                let again = get(at, &format!("/feeds/evening.{format}"), &format!("If-None-Match: {tag}\r\n")).0;
                assert!(again.starts_with("HTTP/1.1 304"), "{again}");
                (tag, body)
            })
            .collect();
        // An edit, an article that is taken away, a late one and a restart change nothing of it.
        rows = vec![row(4, "第三条：晚间消息", "2021-12-30 18:20"), row(1, "第一条：改了", "2021-12-30 08:30")];
        site.list("/list/", &rows);
        forward_to(&hand, &clock, "2021-12-30T11:00:00Z").await;
        wait(at, "/feeds/news.json", |text| text.contains("第一条：改了") && entries(text) == 4).await;
        let same = |at| {
            for (format, (tag, body)) in ["rss", "atom", "json"].iter().zip(&first) {
                let (head, now) = get(at, &format!("/feeds/evening.{format}"), "");
                assert_eq!((header(&head, "etag"), &now), (tag.as_str(), body), "{format}");
            }
        };
        same(at);
        running.end().await;
        let running = start(folder.path(), &clock).await;
        let at = running.address;
        same(at);
        // The next day's has what came since, under an id of its own; nothing is in both.
        forward_to(&hand, &clock, "2021-12-31T10:00:01Z").await;
        let json = wait(at, "/feeds/evening.json", |text| entries(text) == 2).await;
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let ids: BTreeSet<&str> =
            value["items"].as_array().unwrap().iter().filter_map(|item| item["id"].as_str()).collect();
        assert!(ids.len() == 2 && ids.contains(entry["id"].as_str().unwrap()), "{json}");
        let html = value["items"][0]["content_html"].as_str().unwrap();
        assert!(html.contains("第三条") && html.matches("<li>").count() == 1, "{html}");
        // A day on which nothing came has no entry.
        forward_to(&hand, &clock, "2022-01-01T10:10:00Z").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(entries(&get(at, "/feeds/evening.json", "").1), 2);
        let page = get(at, "/feeds/evening", "").1;
        assert!(page.contains("晚报 2021-12-31"), "{page}");
        running.end().await;
        // What was due while nothing ran is made at the next start, as of its hour.
        site.list("/list/", &[row(5, "第五条：年初消息", "2022-01-01 20:00")]);
        let running = start(folder.path(), &clock).await;
        forward_to(&hand, &clock, "2022-01-01T13:00:00Z").await;
        wait(running.address, "/feeds/news.json", |text| text.contains("第五条")).await;
        running.end().await;
        hand.set("2022-01-02T23:00:00Z".parse().unwrap());
        let running = start(folder.path(), &clock).await;
        let json = wait(running.address, "/feeds/evening.json", |text| entries(text) == 3).await;
        assert!(json.contains("2022-01-02T18:00:00+08:00"), "{json}");
        running.end().await;
    });
}
