//! [`Book`]: for each site, when its next visit is planned and what it has answered; and from both, how late visits came and
//! which never did.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed},
};

use jiff::Timestamp;

use super::pages::{Manner, Site};

/// Stands for "nothing yet".
const NONE: u32 = u32::MAX;
/// A visit that has not come so long after its time is lost, in milliseconds.
const LOST: i64 = 30_000;

/// What is known of one site.
#[derive(Debug)]
struct Entry {
    /// When the next visit is planned, in milliseconds since 1970; 0 where none is, or it is under way.
    planned: AtomicI64,
    /// The first and the last version that was sent whole.
    first: AtomicU32,
    last: AtomicU32,
}

/// What is known of all.
#[derive(Debug)]
pub(crate) struct Book {
    entries: Vec<Entry>,
    /// How late visits were, in milliseconds, while that is measured.
    lags: Mutex<Vec<i64>>,
    measuring: AtomicBool,
    /// Visits that the daemon's log reports.
    pub(crate) visits: AtomicU64,
    /// Those of them that failed though the site had answered well.
    pub(crate) wrong: AtomicU64,
    /// Answers without a page: 304.
    pub(crate) unchanged: AtomicU64,
    /// Pages that were sent.
    pub(crate) pages: AtomicU64,
    /// Pages with something new among them.
    pub(crate) news: AtomicU64,
}

/// How late visits were, in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lags {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) most: f64,
}

impl Book {
    pub(crate) fn new(sites: usize) -> Self {
        let entry = || Entry { planned: AtomicI64::new(0), first: AtomicU32::new(NONE), last: AtomicU32::new(NONE) };
        Self {
            entries: (0..sites).map(|_| entry()).collect(),
            lags: Mutex::default(),
            measuring: AtomicBool::new(false),
            visits: AtomicU64::new(0),
            wrong: AtomicU64::new(0),
            unchanged: AtomicU64::new(0),
            pages: AtomicU64::new(0),
            news: AtomicU64::new(0),
        }
    }

    /// The daemon will visit `site` at this time.
    pub(crate) fn plan(&self, site: usize, at: Timestamp) {
        if let Some(entry) = self.entries.get(site) {
            entry.planned.store(at.as_millisecond(), Relaxed);
        }
    }

    /// A request for the page of `site` is here.
    pub(crate) fn asked(&self, site: usize) {
        let Some(entry) = self.entries.get(site) else { return };
        let planned = entry.planned.swap(0, Relaxed);
        if planned != 0 && self.measuring.load(Relaxed) {
            let lag = (now().as_millisecond() - planned).max(0);
            self.lags.lock().unwrap_or_else(PoisonError::into_inner).push(lag);
        }
    }

    /// The page of `site` was sent whole, with its news up to `version`.
    pub(crate) fn sent(&self, site: usize, version: u32) {
        let Some(entry) = self.entries.get(site) else { return };
        self.pages.fetch_add(1, Relaxed);
        let _ = entry.first.compare_exchange(NONE, version, Relaxed, Relaxed);
        if entry.last.swap(version, Relaxed) != version {
            self.news.fetch_add(1, Relaxed);
        }
    }

    /// Takes in a line of the daemon's log.
    pub(crate) fn read(&self, line: &str) {
        let Some((_, rest)) = line.split_once("source.id=s") else { return };
        let number = rest.split(' ').next().and_then(|digits| digits.parse().ok());
        let next = rest.split_once("visit.next=").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        let (Some(site), Some(next)) = (number, next) else { return };
        self.plan(site, next);
        self.visits.fetch_add(1, Relaxed);
        let failing = matches!(Site(site).manner(), Manner::Failing(_));
        if !failing && line.contains("visit failed") {
            self.wrong.fetch_add(1, Relaxed);
            eprintln!("a visit failed at a site that answers well: {line}");
        }
    }

    /// From now on lags are kept.
    pub(crate) fn measure(&self) {
        self.lags.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.measuring.store(true, Relaxed);
    }

    /// How late visits were since [`Book::measure`].
    pub(crate) fn lags(&self) -> Lags {
        let mut lags = self.lags.lock().unwrap_or_else(PoisonError::into_inner).clone();
        lags.sort_unstable();
        let at = |part: f64| {
            let place = (lags.len().saturating_sub(1)) as f64 * part;
            lags.get(place as usize).map_or(0.0, |lag| *lag as f64 / 1000.0)
        };
        Lags { p50: at(0.5), p99: at(0.99), most: at(1.0) }
    }

    /// How many visits are overdue by far.
    pub(crate) fn lost(&self) -> u64 {
        let late = now().as_millisecond() - LOST;
        let planned = |entry: &Entry| entry.planned.load(Relaxed);
        let lost = self.entries.iter().enumerate().filter(|(_, entry)| (1..late).contains(&planned(entry)));
        let show = |(site, entry): (usize, &Entry)| {
            eprintln!(
                "site {site} ({:?}) is overdue by {} s",
                Site(site).manner(),
                (late + LOST - planned(entry)) / 1000
            );
        };
        lost.map(show).count() as u64
    }

    /// How many articles all pages have shown that were sent.
    pub(crate) fn articles(&self) -> u64 {
        let shown = |(site, entry): (usize, &Entry)| match entry.first.load(Relaxed) {
            NONE => 0,
            first => u64::from(Site(site).rows() + entry.last.load(Relaxed) - first),
        };
        self.entries.iter().enumerate().map(shown).sum()
    }
}

/// The time on the clock that the daemon reads as well.
#[expect(clippy::disallowed_methods, reason = "the plan that visits are held against is one of the wall clock's times")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
