//! What a server wishes of those who visit it, and what it saw of them: gaps, quiet after a refusal, robots.txt, one connection,
//! its own validators, freshness, and no word after "gone".

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};

use crate::reply;

/// What one server wishes and has seen.
pub(crate) struct Wishes {
    /// Seconds between two requests.
    gap: i64,
    /// What every which request is refused with.
    every: usize,
    refusal: Refusal,
    /// Least seconds between two visits of one page.
    least: i64,
    /// For how many seconds it calls an answer fresh.
    fresh: i64,
    /// From when on `/papers` is gone.
    gone: Option<Timestamp>,
    state: Mutex<Seen>,
    busy: AtomicUsize,
}

#[derive(Default)]
struct Seen {
    requests: usize,
    last: Option<Timestamp>,
    quiet_until: Option<Timestamp>,
    robots_at: Option<Timestamp>,
    pages: HashMap<String, Timestamp>,
    said_gone: bool,
    unchanged: usize,
    came: usize,
    refused: usize,
    violations: Vec<String>,
}

/// What a server has seen in all.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally {
    pub(crate) requests: usize,
    /// Pages that were sent, or said to be as before.
    pub(crate) came: usize,
    /// Of these, those said to be as before.
    pub(crate) unchanged: usize,
    pub(crate) refused: usize,
    pub(crate) violations: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.came += other.came;
        self.unchanged += other.unchanged;
        self.refused += other.refused;
        self.violations.extend(other.violations);
    }
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
    /// The `n`th of many servers, all different. `plan` is the interval in seconds of a daemon that visits it from a time on:
    /// then some call their answers fresh for longer, and some have a page that is gone after some days.
    pub(crate) fn new(n: usize, plan: Option<(i64, Timestamp)>) -> Self {
        let (every, start) = plan.unwrap_or_default();
        let fresh = if n % 4 == 1 { every * 2 } else { 0 };
        let days = SignedDuration::from_hours(24 + 2 * i64::try_from(n).unwrap());
        Self {
            gap: [1, 2, 5, 10, 30, 60][n % 6],
            every: 5 + n % 7,
            refusal: REFUSALS[n % REFUSALS.len()],
            // Intervals count from one departure to the next, and a visit may wait for its gaps.
            least: (every - 600).max(fresh),
            fresh,
            gone: plan.filter(|_| n % 10 == 3).map(|_| start + days),
            state: Mutex::default(),
            busy: AtomicUsize::new(0),
        }
    }

    pub(crate) fn tally(&self) -> Tally {
        let seen = self.state.lock().unwrap();
        let violations = seen.violations.iter().map(|what| format!("gap {}: {what}", self.gap)).collect();
        let Seen { requests, came, unchanged, refused, .. } = *seen;
        Tally { requests, came, unchanged, refused, violations }
    }

    pub(crate) fn answer(&self, head: &str, now: Timestamp) -> String {
        self.busy.fetch_add(1, Ordering::SeqCst);
        let answer = self.judge(head, now);
        self.busy.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    fn judge(&self, head: &str, now: Timestamp) -> String {
        let mut seen = self.state.lock().unwrap();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut wrong = Vec::new();
        let since = |at: Timestamp| now.duration_since(at).as_secs();
        if let Some(last) = seen.last
            && since(last) < self.gap
        {
            wrong.push(format!("{path} {} s after the last request, not {}", since(last), self.gap));
        }
        if seen.quiet_until.is_some_and(|until| now < until) {
            wrong.push(format!("{path} while it wished to be left alone"));
        }
        if let Some(at) = seen.pages.get(&path)
            && since(*at) < self.least
        {
            wrong.push(format!("{path} {} s after it came, not {}", since(*at), self.least));
        }
        if seen.said_gone && path == "/papers" {
            wrong.push(format!("{path} after it was gone"));
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
            if seen.robots_at.is_some_and(|at| since(at) < 86_400) {
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
        if path == "/papers" && self.gone.is_some_and(|gone| now >= gone) {
            seen.said_gone = true;
            return reply("410 Gone", "", "");
        }
        if seen.requests.is_multiple_of(self.every) {
            let (status, headers, quiet) = (self.refusal)(now);
            seen.quiet_until = Some(now + SignedDuration::from_secs(quiet));
            seen.refused += 1;
            return reply(status, &headers, "");
        }
        seen.came += 1;
        seen.pages.insert(path.clone(), now);
        let mut headers = format!("Content-Type: text/html\r\nETag: {tag}\r\n");
        if self.fresh > 0 {
            headers.push_str(&format!("Cache-Control: max-age={}\r\n", self.fresh));
        }
        if known == Some(tag.as_str()) {
            seen.unchanged += 1;
            return reply("304 Not Modified", &headers, "");
        }
        let day = now.as_second() / 400_000;
        reply(
            "200 OK",
            &headers,
            &format!("<ul><li><a href='/a/{day}.html'>A story of the day {day}</a> 2024-05-01</li></ul>"),
        )
    }
}
