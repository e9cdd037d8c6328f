//! Thirty days in stepped time with sixty servers of different wishes, visited by a driver without any manners: whatever it
//! asks for, each server must see only what it wished.

use std::{
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tearsheet::{
    fetch::{Answer, Clock, Fetcher, Request, Resolve, Settings},
    model::{Manners, Validators},
};

use crate::stage::{self, Names, Server, Stepped, html, local, reply};

const SERVERS: usize = 60;
const DAYS: u32 = 30;
/// Hours between two rounds of visits.
const ROUND: u32 = 12;

/// What one server wishes and has seen.
struct Wishes {
    /// Seconds between two requests.
    gap: i64,
    /// What every which request is refused with.
    every: usize,
    refusal: Refusal,
    state: Mutex<Seen>,
    busy: AtomicUsize,
}

#[derive(Default)]
struct Seen {
    requests: usize,
    last: Option<Timestamp>,
    quiet_until: Option<Timestamp>,
    robots_at: Option<Timestamp>,
    unchanged: usize,
    violations: Vec<String>,
}

/// Time → status, headers, and for how many seconds it wishes to be left alone.
type Refusal = fn(Timestamp) -> (&'static str, String, i64);

const REFUSALS: [Refusal; 5] = [
    |_| ("429 Too Many Requests", "Retry-After: 7200\r\n".into(), 7_200),
    |_| ("503 Service Unavailable", "Retry-After: 200000\r\n".into(), 200_000),
    |now| {
        let until = (now + SignedDuration::from_hours(40)).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        (
            "503 Service Unavailable",
            format!("Retry-After: {until}\r\nDate: {}\r\n", now.strftime("%a, %d %b %Y %H:%M:%S GMT")),
            144_000,
        )
    },
    |_| ("429 Too Many Requests", "Retry-After: whenever\r\n".into(), 60),
    |_| ("503 Service Unavailable", String::new(), 60),
];

impl Wishes {
    fn answer(&self, head: &str, now: Timestamp) -> String {
        let mut seen = self.state.lock().unwrap();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut wrong = Vec::new();
        if let Some(last) = seen.last
            && now.duration_since(last).as_secs() < self.gap
        {
            wrong.push(format!(
                "{path} {} s after the last request, not {}",
                now.duration_since(last).as_secs(),
                self.gap
            ));
        }
        if seen.quiet_until.is_some_and(|until| now < until) {
            wrong.push(format!("{path} while it wished to be left alone"));
        }
        if path.starts_with("/private") {
            wrong.push(format!("{path} against robots.txt"));
        }
        if self.busy.load(Ordering::SeqCst) > 1 {
            wrong.push("two connections at once".into());
        }
        if !head.contains("user-agent: tearsheet/") || !head.contains("(+https://operator.example/)") {
            wrong.push("nobody to complain to".into());
        }
        let known = head.lines().find_map(|line| line.strip_prefix("if-none-match: "));
        let tag = format!("W/\"{path} {}\"", now.as_second() / 400_000);
        if known.is_some_and(|known| !known.starts_with(&format!("W/\"{path} "))) {
            wrong.push(format!("{path} with another page's validator"));
        }
        seen.violations.extend(wrong);
        seen.requests += 1;
        seen.last = Some(now);
        if path == "/robots.txt" {
            if seen.robots_at.is_some_and(|at| now.duration_since(at).as_secs() < 86_400) {
                seen.violations.push("robots.txt twice a day".into());
            }
            seen.robots_at = Some(now);
            let delay = self.gap;
            return reply(
                "200 OK",
                "Content-Type: text/plain\r\n",
                &format!("User-agent: *\nDisallow: /private\nCrawl-delay: {delay}\n"),
            );
        }
        if seen.requests.is_multiple_of(self.every) {
            let (status, headers, quiet) = (self.refusal)(now);
            seen.quiet_until = Some(now + SignedDuration::from_secs(quiet));
            return reply(status, &headers, "");
        }
        if known == Some(tag.as_str()) {
            seen.unchanged += 1;
            return reply("304 Not Modified", &format!("ETag: {tag}\r\n"), "");
        }
        html("<p>page").replacen("\r\n", &format!("\r\nETag: {tag}\r\n"), 1)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_of_rude_visits_reaches_no_server_rudely() {
    let _together = stage::TOGETHER.read().await;
    let clock = Arc::new(Stepped::default());
    let settings = Settings { contact: Some("https://operator.example/".into()), ..Settings::default() };
    let fetcher =
        Fetcher::with_resolver(settings, clock.clone(), Arc::new(Names::default()) as Arc<dyn Resolve>).unwrap();
    let sites: Vec<(Arc<Wishes>, Server)> = (0..SERVERS)
        .map(|n| {
            let wishes = Arc::new(Wishes {
                gap: [1, 2, 5, 10, 30, 60][n % 6],
                every: 5 + n % 7,
                refusal: REFUSALS[n % REFUSALS.len()],
                state: Mutex::default(),
                busy: AtomicUsize::new(0),
            });
            let (own, time) = (Arc::clone(&wishes), Arc::clone(&clock));
            let server = Server::new(move |stream, head| {
                own.busy.fetch_add(1, Ordering::SeqCst);
                let answer = own.answer(head, time.now());
                own.busy.fetch_sub(1, Ordering::SeqCst);
                let _ = stream.write_all(answer.as_bytes());
            });
            (wishes, server)
        })
        .collect();
    let manners = Manners { obey_robots: true, ..local() };
    let (mut asked, mut came) = (0, 0);
    let known: Vec<Mutex<[Validators; 2]>> = sites.iter().map(|_| Mutex::default()).collect();
    for _ in 0..DAYS * 24 / ROUND {
        let visits = sites.iter().zip(&known).map(|((_, server), known)| {
            let (fetcher, manners) = (&fetcher, &manners);
            let two = [server.url("/news"), server.url("/papers")];
            async move {
                let mut came = 0;
                for (place, url) in two.iter().enumerate() {
                    let validators = known.lock().unwrap()[place].clone();
                    let request =
                        Request { validators: Some(&validators), validated: Some(url), ..Request::new(url, manners) };
                    let result = fetcher.get(&request).await;
                    came += usize::from(result.is_ok());
                    if let Ok(Answer::Page(page)) = result.map(|fetched| fetched.answer) {
                        known.lock().unwrap()[place] = page.validators;
                    }
                }
                let private = server.url("/private/x");
                let refused = fetcher.get(&Request::new(&private, manners)).await.is_err();
                assert!(refused);
                came
            }
        });
        came += futures_util::future::join_all(visits).await.into_iter().sum::<usize>();
        asked += SERVERS * 3;
        clock.step(Duration::from_secs(u64::from(ROUND) * 3600));
    }
    let (mut received, mut unchanged, mut violations) = (0, 0, Vec::new());
    for (wishes, _) in &sites {
        let seen = wishes.state.lock().unwrap();
        received += seen.requests;
        unchanged += seen.unchanged;
        violations.extend(seen.violations.iter().map(|what| format!("gap {}: {what}", wishes.gap)));
    }
    println!(
        "manners: {SERVERS} servers, {DAYS} days, {asked} visits wanted, {received} requests received, {came} pages came ({unchanged} not modified), {} violations",
        violations.len()
    );
    assert!(violations.is_empty(), "{}", violations[..violations.len().min(10)].join("\n"));
    assert!(came > asked / 3 && unchanged > 100, "the servers' wishes cannot explain so few pages");
}
