//! What hosts and feeds say of when they change puts visits off, within bounds; a source that says nothing is visited as planned.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};
use tearsheet::daemon::Clock;
use tokio::runtime::Runtime;

use crate::world::{Parts, Running, Site, page, reply, settle};

/// A week and a day: the weekend lies between visits.
const DAYS: i64 = 8;
const HOUR: i64 = 3600;

const BODY: &str = "<ul><li><a href='/a/1.html'>A story of some length</a> 2024-05-01</li></ul>";

fn feed(words: &str) -> String {
    let item = "<item><title>A story</title><link>http://news.example/1</link></item>";
    reply(
        "200 OK",
        "Content-Type: application/rss+xml\r\n",
        &format!(
            "<?xml version='1.0'?><rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><title>t</title>{item}{words}</channel></rss>"
        ),
    )
}

fn answer(path: &str, now: Timestamp) -> String {
    let listing = |headers: &str| reply("200 OK", &format!("Content-Type: text/html\r\n{headers}"), BODY);
    match path {
        "/plain" | "/cron" => page(BODY),
        "/age" => listing("Cache-Control: public, max-age=21600\r\n"),
        "/expires" => {
            let until = now + Duration::from_secs(4 * 3600);
            listing(&format!("Expires: {}\r\n", until.strftime("%a, %d %b %Y %H:%M:%S GMT")))
        }
        "/year" | "/capped" => listing("Cache-Control: max-age=31536000\r\n"),
        "/no-cache" => listing("Cache-Control: no-cache, max-age=21600\r\n"),
        "/short" => listing("Cache-Control: max-age=5\r\n"),
        "/not-modified" => reply("304 Not Modified", "Cache-Control: max-age=21600\r\nETag: \"1\"\r\n", ""),
        "/ttl" => feed("<ttl>180</ttl>"),
        "/module" => feed("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"),
        "/hours" => feed(&format!(
            "<skipHours>{}</skipHours>",
            (0..12).map(|hour| format!("<hour>{hour}</hour>")).collect::<String>()
        )),
        "/days" => feed("<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"),
        "/never" => feed(&format!(
            "<skipHours>{}</skipHours>",
            (0..24).map(|hour| format!("<hour>{hour}</hour>")).collect::<String>()
        )),
        _ => reply("404 Not Found", "", ""),
    }
}

/// Path, settings of its own, and hours between two visits: the least and the most.
const SOURCES: [(&str, &str, i64, i64); 13] = [
    ("plain", "item = \"li\"\n", 1, 1),
    ("age", "item = \"li\"\n", 6, 6),
    ("expires", "item = \"li\"\n", 4, 4),
    ("year", "item = \"li\"\n", 24, 24),
    ("capped", "item = \"li\"\nevery_max = \"3h\"\n", 3, 3),
    ("no-cache", "item = \"li\"\n", 1, 1),
    ("short", "item = \"li\"\n", 1, 1),
    ("not-modified", "item = \"li\"\n", 6, 6),
    ("ttl", "", 3, 3),
    ("module", "", 6, 6),
    ("hours", "", 1, 13),
    ("days", "", 1, 49),
    ("never", "", 1, 1),
];

#[test]
fn visits_wait_for_what_host_and_feed_say_and_no_longer_than_they_may() {
    Runtime::new().unwrap().block_on(async {
        let (clock, hand) = Clock::stepped("2026-11-16T00:00:00Z".parse().unwrap());
        let visits: Arc<Mutex<HashMap<String, Vec<Timestamp>>>> = Arc::default();
        let (seen, time) = (visits.clone(), clock.clone());
        let site = Site::new(move |path, head| {
            let now = time.now();
            if path != "/robots.txt" {
                seen.lock().unwrap().entry(path.trim_start_matches('/').to_owned()).or_default().push(now);
            }
            // The first answer is a page in any case: it is what gives the validator.
            let known = head.contains("if-none-match: ");
            let answer = match path {
                "/not-modified" if !known => {
                    reply("200 OK", "Content-Type: text/html\r\nCache-Control: max-age=21600\r\nETag: \"1\"\r\n", BODY)
                }
                path => answer(path, now),
            };
            answer.into_bytes()
        });
        let folder = tempfile::tempdir().unwrap();
        let mut text =
            "[defaults]\nhost_gap = \"0s\"\nevery = \"1h\"\nallow_private = [\"127.0.0.0/8\"]\n\n".to_owned();
        for (path, own, ..) in SOURCES {
            text.push_str(&format!("[[source]]\nid = \"{path}\"\nurl = \"http://{}/{path}\"\n{own}\n", site.address));
        }
        text.push_str(&format!(
            "[[source]]\nid = \"cron\"\nurl = \"http://{}/cron\"\ncron = \"0 */2 * * *\"\nitem = \"li\"\n",
            site.address
        ));
        std::fs::write(folder.path().join("feeds.toml"), text).unwrap();
        let running = Running::start(folder.path(), &clock, Parts::default()).await;
        let sites = [site];
        for _ in 0..DAYS * 24 * 6 {
            hand.forward(Duration::from_secs(600));
            settle(&running, &sites).await;
        }
        running.end().await;
        let visits = visits.lock().unwrap();
        // Jitter adds five minutes at most, and each step of the clock ten; a spread follows skipped hours.
        let slack = 30 * 60;
        for (path, _, least, most) in SOURCES {
            let times = visits.get(path).unwrap_or_else(|| panic!("{path} was never visited"));
            let mut gaps: Vec<i64> =
                times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.duration_since(*a).as_secs()).collect();
            gaps.sort();
            let (shortest, longest) = (gaps.first().unwrap(), gaps.last().unwrap());
            // One that comes late, since this machine is busy, is no sign of a hint.
            let usual = gaps[gaps.len() * 3 / 4];
            println!("hints: {path}: {} visits in {DAYS} days, {shortest} to {longest} s apart", times.len());
            assert!(*shortest >= least * HOUR - 600 && usual <= most * HOUR + slack, "{path}: {gaps:?}");
            assert!(*longest >= most * HOUR - 2 * HOUR, "{path} was put off by no hint: {gaps:?}");
            let local = |at: &Timestamp| TimeZone::UTC.to_datetime(*at);
            for at in times.iter().skip(1) {
                // It was due within the clock's last step.
                let at = &(*at - Duration::from_secs(600));
                let weekend = matches!(local(at).weekday(), Weekday::Saturday | Weekday::Sunday);
                assert!(path != "days" || !weekend, "{at} is a skipped day");
                assert!(path != "hours" || local(at).hour() >= 12, "{at} is a skipped hour");
            }
        }
    });
}
