//! [`Meter`]: what is counted while the daemon runs, as Prometheus reads it (the text format of OpenMetrics 1.0).
//!
//! Counters are added to where things happen; gauges are set when somebody asks.

use std::sync::{OnceLock, atomic::AtomicU64};

use http::StatusCode;
use prometheus_client::{
    encoding::text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::hub::Ending;
use crate::harvest::Visited;
use crate::model::{SourceState, Status};
use crate::store::Health;

/// A label: its name and its value, both of a small fixed set.
type Label = [(&'static str, &'static str); 1];
type Number = Gauge<f64, AtomicU64>;

/// Bounds of visits' durations, in seconds.
const DURATIONS: [f64; 9] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// The statuses of feeds' addresses that are told apart, and what stands for all others.
const CODES: [&str; 7] = ["200", "304", "404", "226", "303", "412", "other"];

/// All figures.
#[derive(Debug)]
pub(super) struct Meter {
    registry: Registry,
    visits: Family<Label, Counter>,
    articles: Family<Label, Counter>,
    twins: Counter,
    durations: Histogram,
    bytes: Counter,
    requests: Family<Label, Counter>,
    /// Those of `requests` that began to count, in the order of `CODES`: requests come too often to look them up each time.
    answers: [OnceLock<Counter>; CODES.len()],
    deliveries: Family<Label, Counter>,
    subscriptions: Gauge,
    sources: Family<Label, Gauge>,
    lag: Number,
    stored: Gauge,
    store_bytes: Family<Label, Gauge>,
}

impl Meter {
    pub(super) fn new() -> Self {
        let mut meter = Self {
            registry: Registry::with_prefix("tearsheet"),
            visits: Family::default(),
            articles: Family::default(),
            twins: Counter::default(),
            durations: Histogram::new(DURATIONS),
            bytes: Counter::default(),
            requests: Family::default(),
            answers: Default::default(),
            deliveries: Family::default(),
            subscriptions: Gauge::default(),
            sources: Family::default(),
            lag: Number::default(),
            stored: Gauge::default(),
            store_bytes: Family::default(),
        };
        let registry = &mut meter.registry;
        registry.register("visits", "Visits of sources that ended, by outcome", meter.visits.clone());
        registry.register("articles", "Items that visits brought, by what became of them", meter.articles.clone());
        registry.register("twins", "New articles that tell a story which another told before", meter.twins.clone());
        let durations = meter.durations.clone();
        registry.register_with_unit("visit_duration", "How long visits took", Unit::Seconds, durations);
        registry.register_with_unit("visit_read", "Page bytes after decoding", Unit::Bytes, meter.bytes.clone());
        registry.register("feed_requests", "Requests of feeds' files, by status", meter.requests.clone());
        registry.register("hub_deliveries", "Messages of the hub to subscribers, by result", meter.deliveries.clone());
        registry.register("hub_subscriptions", "Subscriptions of the hub that hold", meter.subscriptions.clone());
        registry.register("sources", "Sources, by state", meter.sources.clone());
        let lag = meter.lag.clone();
        registry.register_with_unit("next_due_lag", "How late the source is that is due longest", Unit::Seconds, lag);
        registry.register("store_articles", "Articles in the store", meter.stored.clone());
        let store_bytes = meter.store_bytes.clone();
        registry.register_with_unit("store_size", "Bytes that the store takes, by part", Unit::Bytes, store_bytes);
        // What has not happened yet is told as nought, so that the first time is seen as a change.
        for ending in [Ending::Taken, Ending::Failed, Ending::Gone] {
            meter.deliveries.get_or_create(&[("result", ending.word())]).inc_by(0);
        }
        meter
    }

    /// A visit ended.
    pub(super) fn visited(&self, visited: &Visited) {
        let report = &visited.report;
        self.visits.get_or_create(&[("outcome", report.outcome.word())]).inc();
        let counts = report.counts;
        for (verdict, count) in
            [("new", counts.new), ("changed", counts.changed), ("seen", counts.seen), ("dropped", counts.dropped)]
        {
            self.articles.get_or_create(&[("verdict", verdict)]).inc_by(u64::from(count));
        }
        self.twins.inc_by(u64::from(visited.twins));
        self.durations.observe(report.took.as_secs_f64());
        self.bytes.inc_by(report.bytes);
    }

    /// A feed's address was answered.
    pub(super) fn answered(&self, status: StatusCode) {
        let mut counters = CODES.into_iter().zip(&self.answers);
        if let Some((code, counter)) = counters.find(|(code, _)| *code == status.as_str() || *code == "other") {
            counter.get_or_init(|| self.requests.get_or_create(&[("code", code)]).clone()).inc();
        }
    }

    /// The hub tried to send a message.
    pub(super) fn delivered(&self, result: &'static str) {
        self.deliveries.get_or_create(&[("result", result)]).inc();
    }

    /// How many subscriptions the hub has.
    pub(super) fn subscriptions(&self, count: usize) {
        self.subscriptions.set(whole(count as u64));
    }

    /// Everything as text. `lag` is in seconds.
    pub(super) fn write(&self, status: &Status, health: &Health, lag: f64) -> String {
        let states = [
            ("well", SourceState::Well),
            ("failing", SourceState::Failing),
            ("stopped", SourceState::Stopped),
            ("waiting", SourceState::Waiting),
        ];
        for (word, state) in states {
            let count = status.sources.iter().filter(|source| source.state == state).count();
            self.sources.get_or_create(&[("state", word)]).set(whole(count as u64));
        }
        self.lag.set(lag);
        self.stored.set(whole(health.articles));
        for (part, bytes) in
            [("articles", health.article_bytes), ("journal", health.journal_bytes), ("index", health.index_bytes)]
        {
            self.store_bytes.get_or_create(&[("part", part)]).set(whole(bytes));
        }
        let mut written = String::new();
        // Writing into memory cannot fail.
        let _ = text::encode(&mut written, &self.registry);
        written
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
