//! Manners as a server sees them: pace, robots.txt, Retry-After. Time is stepped; what the server saw is what counts.

use std::{
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tearsheet::{
    fetch::{Clock, Error, Fate, Fetched, Fetcher, Request, Resolve, Settings},
    model::{Manners, Outcome},
};

use crate::stage::{self, Names, Server, Stepped, brief, fetcher, html, local, reply};

fn obedient() -> Manners {
    Manners { obey_robots: true, ..local() }
}

/// A site with this robots.txt, which may be changed.
struct Site {
    server: Server,
    robots: Arc<Mutex<String>>,
}

impl Site {
    fn new(robots: &str) -> Self {
        let robots = Arc::new(Mutex::new(robots.to_owned()));
        let said = Arc::clone(&robots);
        let server = Server::pages(move |path| match path {
            "/robots.txt" => said.lock().unwrap().clone(),
            path => html(&format!("<p>{path}")),
        });
        Self { server, robots }
    }

    fn says(&self, robots: &str) {
        *self.robots.lock().unwrap() = robots.to_owned();
    }

    async fn get(&self, fetcher: &Fetcher, path: &str) -> Result<Fetched, Error> {
        fetcher.get(&Request::new(&self.server.url(path), &obedient())).await
    }

    /// The paths that were asked for since last time.
    fn asked(&self) -> Vec<String> {
        let heads = std::mem::take(&mut *self.server.heads.lock().unwrap());
        heads.iter().filter_map(|head| head.split(' ').nth(1).map(str::to_owned)).collect()
    }
}

fn text(body: &str) -> String {
    reply("200 OK", "Content-Type: text/plain\r\n", body)
}

#[tokio::test]
async fn robots_txt_is_obeyed_and_asked_for_once_a_day() {
    let _together = stage::TOGETHER.read().await;
    let (fetcher, _, clock) = fetcher(brief());
    let site = Site::new(&text(
        "User-agent: *\nDisallow: /\n\nUser-agent: Tearsheet\nDisallow: /private\nAllow: /private/not\n",
    ));
    site.get(&fetcher, "/news").await.unwrap();
    assert_eq!(site.asked(), ["/robots.txt", "/news"]);
    let error = site.get(&fetcher, "/private/x").await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Robots);
    site.get(&fetcher, "/private/not").await.unwrap();
    clock.step(Duration::from_secs(86_000));
    site.get(&fetcher, "/news").await.unwrap();
    assert_eq!(site.asked(), ["/private/not", "/news"]);
    clock.step(Duration::from_secs(1_000));
    site.says(&text("User-agent: *\nDisallow: /news"));
    assert_eq!(site.get(&fetcher, "/news").await.unwrap_err().outcome(), Outcome::Robots);
    assert_eq!(site.asked(), ["/robots.txt"]);
    let ignoring = local();
    fetcher.get(&Request::new(&site.server.url("/news"), &ignoring)).await.unwrap();
    assert_eq!(site.asked(), ["/news"]);
}

#[tokio::test]
async fn an_absent_robots_txt_allows_and_a_failing_one_forbids_for_a_while() {
    let _together = stage::TOGETHER.read().await;
    for (answer, allowed) in [
        (reply("404 Not Found", "", "x"), true),
        (reply("403 Forbidden", "", ""), true),
        (reply("401 Unauthorized", "", ""), true),
        (html("<html>no rules: Disallow"), true),
        (reply("302 Found", "Location: /robots.txt\r\n", ""), true),
        (reply("200 OK", "Content-Encoding: gzip\r\n", "junk"), true),
        (reply("500 Oops", "", ""), false),
        (reply("502 Oops", "", ""), false),
        (text(&format!("{}\nUser-agent: *\nDisallow: /", "#".repeat(600 << 10))), true),
        (text("\u{feff}User-Agent:*\r\nDISALLOW:/n*w$\r\n"), false),
    ] {
        let (fetcher, ..) = fetcher(brief());
        let site = Site::new(&answer);
        let result = site.get(&fetcher, "/new").await;
        assert_eq!(result.is_ok(), allowed, "{:?} {:?}", answer.chars().take(80).collect::<String>(), result.err());
    }
    let (fetcher, _, clock) = fetcher(brief());
    let site = Site::new(&reply("500 Oops", "", ""));
    assert!(matches!(site.get(&fetcher, "/").await, Err(Error::RobotsUnavailable { .. })));
    assert!(site.get(&fetcher, "/").await.is_err());
    assert_eq!(site.asked(), ["/robots.txt"], "a failing robots.txt is not asked for at every visit");
    clock.step(Duration::from_secs(601));
    site.says(&text("User-agent: *\nDisallow: /private"));
    site.get(&fetcher, "/").await.unwrap();
    clock.step(Duration::from_secs(86_401));
    site.says(&reply("500 Oops", "", ""));
    site.get(&fetcher, "/").await.unwrap();
    assert_eq!(
        site.get(&fetcher, "/private").await.unwrap_err().outcome(),
        Outcome::Robots,
        "the last good copy stands in"
    );
    clock.step(Duration::from_secs(31 * 86_400));
    assert!(matches!(site.get(&fetcher, "/").await, Err(Error::RobotsUnavailable { .. })), "but not for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_host_is_asked_by_one_connection_with_a_gap() {
    let _together = stage::TOGETHER.read().await;
    let clock = Arc::new(Stepped::default());
    let (busy, most, times) =
        (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::<Timestamp>::new())));
    let (at_once, peak, seen, time) = (Arc::clone(&busy), Arc::clone(&most), Arc::clone(&times), Arc::clone(&clock));
    let server = Server::new(move |stream, head| {
        peak.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        seen.lock().unwrap().push(time.now());
        std::thread::sleep(Duration::from_millis(5));
        at_once.fetch_sub(1, Ordering::SeqCst);
        let answer = if head.contains("/robots.txt") { text("User-agent: *\nCrawl-delay: 7") } else { html("x") };
        let _ = stream.write_all(answer.as_bytes());
    });
    let fetcher = Fetcher::with_resolver(
        Settings { max_wait: Duration::from_secs(600), ..brief() },
        clock.clone(),
        Arc::new(Names::default()) as Arc<dyn Resolve>,
    )
    .unwrap();
    let (url, manners) = (server.url("/"), obedient());
    let visits = (0..30).map(|_| async { fetcher.get(&Request::new(&url, &manners)).await.unwrap() });
    futures_util::future::join_all(visits).await;
    let times = times.lock().unwrap();
    assert_eq!((times.len(), most.load(Ordering::SeqCst)), (31, 1), "robots.txt once, and one connection at a time");
    let gaps: Vec<i64> = times.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs()).collect();
    assert!(gaps.iter().all(|gap| *gap >= 7), "{gaps:?}");
    println!("manners: {} requests at one host, least gap {:?} s of 7", times.len(), gaps.iter().min());
}

#[tokio::test]
async fn a_host_that_asks_for_quiet_is_left_alone_by_all() {
    let _together = stage::TOGETHER.read().await;
    for (status, header, span) in [
        ("429 Too Many", "Retry-After: 3600\r\n", 3600),
        (
            "503 Unavailable",
            "Retry-After: Sun, 01 Mar 2026 02:00:00 GMT\r\nDate: Sun, 01 Mar 2026 01:00:00 GMT\r\n",
            3600,
        ),
        ("429 Too Many", "Retry-After: 999999999\r\n", 30 * 86_400),
    ] {
        let (fetcher, _, clock) = fetcher(brief());
        let answer = Arc::new(Mutex::new(reply(status, header, "")));
        let said = Arc::clone(&answer);
        let server = Server::pages(move |_| said.lock().unwrap().clone());
        let (one, other, manners) = (server.url("/one"), server.url("/other"), local());
        let error = fetcher.get(&Request::new(&one, &manners)).await.unwrap_err();
        assert_eq!(error.fate(), Fate::After(Duration::from_secs(span)), "{header}");
        clock.step(Duration::from_secs(span - 200));
        let error = fetcher.get(&Request::new(&other, &manners)).await.unwrap_err();
        assert!(error.retry_after().is_some_and(|left| left.as_secs() <= 200), "{error:?}");
        assert_eq!((error.outcome(), server.connects()), (Outcome::Throttled, 1));
        assert!(fetcher.wait(&other, Duration::ZERO).as_secs() > 190);
        clock.step(Duration::from_secs(200));
        *answer.lock().unwrap() = html("back");
        fetcher.get(&Request::new(&other, &manners)).await.unwrap();
    }
}

#[tokio::test]
async fn a_crawl_delay_beyond_patience_puts_off_instead_of_waiting() {
    let _together = stage::TOGETHER.read().await;
    let (fetcher, _, clock) = fetcher(brief());
    let site = Site::new(&text("User-agent: *\nCrawl-delay: 1800"));
    let error = site.get(&fetcher, "/").await.unwrap_err();
    assert!(error.retry_after().is_some_and(|after| (1700..=1800).contains(&after.as_secs())), "{error:?}");
    clock.step(Duration::from_secs(1801));
    site.get(&fetcher, "/").await.unwrap();
    assert_eq!(site.asked(), ["/robots.txt", "/"]);
}
