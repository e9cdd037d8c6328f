//! [`Trial`]: two rounds of the real daemon on so many made-up sites.
//!
//! In the first all sources are new, so that each is due at once: it shows how fast visits go. Then the plan is spread evenly over
//! the time between two visits, as it is in a daemon that has run for long, and the second round shows what that costs and whether
//! visits keep to the plan.

use std::{
    fmt::Write as _,
    fs, io,
    path::Path,
    sync::{Arc, atomic::Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use jiff::SignedDuration;
use tearsheet::{
    model::SourceId,
    store::{Options, Store},
};

use super::{
    book::{Book, Lags, now},
    daemon::{self, Daemon},
    pages,
    sites::Sites,
};

/// Visits a second in the second round.
const RATE: f64 = 110.0;
/// Longest first round.
const FIRST_ROUND: Duration = Duration::from_secs(1800);
/// The most that one visit in a hundred may come late, in seconds.
const MOST_LAG: f64 = 5.0;
/// Time between the spreading of the plan and its first visit, for the start: so much, and more with many sources.
const START: Duration = Duration::from_secs(1);
const START_OF_EACH: Duration = Duration::from_micros(150);

/// What is to be tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trial {
    pub(crate) sources: usize,
    /// How long the second round is measured.
    pub(crate) length: Duration,
}

/// One round.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Round {
    pub(crate) ready: Duration,
    pub(crate) visits: u64,
    pub(crate) length: Duration,
    pub(crate) cpu: Duration,
    /// Pages that were sent, and those of them with news; all other visits met 304 or an error.
    pub(crate) pages: u64,
    pub(crate) news: u64,
    pub(crate) lags: Lags,
    /// Memory at its end and at most, in MiB.
    pub(crate) memory: (u64, u64),
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Outcome {
    pub(crate) first: Round,
    pub(crate) second: Round,
    /// Visits that never came, and those that failed though the site answered well.
    pub(crate) lost: u64,
    /// Articles that pages showed and the store does not have.
    pub(crate) missing: i64,
    pub(crate) articles: u64,
    /// Bytes of the store.
    pub(crate) disk: u64,
}

impl Outcome {
    /// What is not as it should be, however slow the machine is.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut must = |holds: bool, what: String| {
            if !holds {
                faults.push(what);
            }
        };
        must(self.lost == 0, format!("{} visits were lost", self.lost));
        must(self.missing == 0, format!("{} articles are missing", self.missing));
        must(self.articles > 0 && self.second.visits > 0, "nothing was visited".to_owned());
        let late = self.second.lags.p99;
        must(
            late <= MOST_LAG,
            format!("visits came {late:.1} s late, and {MOST_LAG} s is the most at the 99th percentile"),
        );
        faults
    }
}

impl Round {
    pub(crate) fn rate(&self) -> f64 {
        self.visits as f64 / self.length.as_secs_f64()
    }

    /// CPU time of one visit in milliseconds.
    pub(crate) fn each(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e3 / self.visits.max(1) as f64
    }
}

impl Trial {
    fn every(self) -> Duration {
        // Jitter of up to 5 % comes on top.
        Duration::from_secs((self.sources as f64 / (RATE * 1.025)).max(1.0) as u64)
    }

    /// Runs it in a folder of its own.
    pub(crate) fn run(self) -> io::Result<Outcome> {
        let folder = tempfile::tempdir()?;
        let folder = folder.path();
        let book = Arc::new(Book::new(self.sources));
        let sites = Sites::open(book.clone(), self.every())?;
        fs::write(folder.join("feeds.toml"), self.configuration(&sites))?;
        let mut outcome = Outcome { first: self.first(folder, &book, &sites)?, ..Outcome::default() };
        let before = self.spread(folder, &book)?;
        outcome.missing = before.1;
        outcome.second = self.second(folder, &book, &sites)?;
        outcome.lost = book.lost() + book.wrong.load(Relaxed);
        sites.hush();
        (outcome.articles, outcome.missing) = self.spread(folder, &book)?;
        outcome.disk = daemon::size(&daemon::state(folder));
        Ok(outcome)
    }

    fn configuration(self, sites: &Sites) -> String {
        // A second between the robots.txt of a site and its page, as everywhere; no plan is moved by what was learnt.
        let mut text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\nbase_url = \"http://feeds.example\"\n\n[defaults]\ntimezone = \"UTC\"\n\
             allow_private = [\"127.0.0.0/8\"]\nadaptive = false\nevery = \"{}s\"\n\n",
            self.every().as_secs()
        );
        for site in 0..self.sources {
            let _ = write!(text, "[[source]]\nid = \"s{site}\"\nurl = \"{}\"\n{}\n", sites.url(site), pages::RULE);
        }
        text
    }

    /// Until each source has been visited once.
    fn first(self, folder: &Path, book: &Arc<Book>, sites: &Sites) -> io::Result<Round> {
        let start = Instant::now();
        let daemon = Daemon::start(folder, "/feeds/s0.atom", book.clone())?;
        while book.visits.load(Relaxed) < self.sources as u64 {
            if start.elapsed() > FIRST_ROUND {
                let visits = book.visits.load(Relaxed);
                return Err(io::Error::other(format!("only {visits} visits ended in the first round")));
            }
            thread::sleep(Duration::from_millis(20));
        }
        let round = Round {
            ready: daemon.ready,
            visits: book.visits.load(Relaxed),
            length: start.elapsed(),
            cpu: daemon.cpu(),
            pages: book.pages.load(Relaxed),
            news: book.news.load(Relaxed),
            lags: Lags::default(),
            memory: daemon.memory(),
        };
        sites.hush();
        daemon.stop()?;
        sites.go_on();
        Ok(round)
    }

    /// Spreads the next visits evenly; how many articles the store has, and how many it lacks of those that were shown.
    fn spread(self, folder: &Path, book: &Book) -> io::Result<(u64, i64)> {
        let (store, _) = Store::open(&daemon::state(folder), Options::default(), now()).map_err(io::Error::other)?;
        let ids = (0..self.sources).map(|site| format!("s{site}").parse().map_err(io::Error::other));
        let ids: Vec<SourceId> = ids.collect::<Result<_, _>>()?;
        let articles = ids.iter().map(|id| store.count(id)).sum::<u64>();
        let begin = now() + SignedDuration::try_from(START + START_OF_EACH * self.sources as u32).unwrap_or_default();
        for (site, id) in ids.iter().enumerate() {
            let mut history = store.history(id).map_err(io::Error::other)?.unwrap_or_default();
            // Neighbours in the file are not neighbours in the plan.
            let part = (site * 7919 % self.sources) as f64 / self.sources as f64;
            let due = begin + SignedDuration::try_from(self.every().mul_f64(part)).unwrap_or_default();
            history.next_due = Some(due);
            store.save_history(id, &history).map_err(io::Error::other)?;
            book.plan(site, due);
        }
        store.close();
        Ok((articles, book.articles() as i64 - articles as i64))
    }

    /// By the plan.
    fn second(self, folder: &Path, book: &Arc<Book>, sites: &Sites) -> io::Result<Round> {
        book.measure();
        let daemon = Daemon::start(folder, "/feeds/s0.atom", book.clone())?;
        // The first second holds the start.
        thread::sleep(START);
        let count = || [&book.visits, &book.pages, &book.news].map(|count| count.load(Relaxed));
        let (start, cpu, before) = (Instant::now(), daemon.cpu(), count());
        thread::sleep(self.length);
        let [visits, pages, news] = {
            let after = count();
            [after[0] - before[0], after[1] - before[1], after[2] - before[2]]
        };
        let (length, cpu, memory) = (start.elapsed(), daemon.cpu() - cpu, daemon.memory());
        sites.hush();
        let ready = daemon.ready;
        daemon.stop()?;
        Ok(Round { ready, visits, length, cpu, pages, news, lags: book.lags(), memory })
    }
}
