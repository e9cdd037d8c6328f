//! How fast a host is asked: one request at a time, a gap between two, and none while it asked to be left alone.
//!
//! - [`HostPool`]: the hosts that were asked lately; others are forgotten.
//! - [`Turn`]: the right to send one request; dropping it starts the gap.
//! - [`Times`]: what the waits are computed from. Pure.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::OwnedMutexGuard;
use url::Url;

use super::{Clock, Error, error, validators::LONGEST_WAIT};

/// Fewest hosts remembered before any are forgotten.
const FEW: usize = 1024;

/// When a host was last asked, and until when it wants to be left alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Times {
    last: Option<Timestamp>,
    gap: Duration,
    hold: Option<(Timestamp, Duration)>,
}

impl Times {
    /// How long to wait before the next request. A clock that jumped back makes it at most the whole gap or hold again.
    pub(super) fn wait(&self, gap: Duration, now: Timestamp) -> Duration {
        let rest = |from: Timestamp, span: Duration| match Duration::try_from(now.duration_since(from)) {
            Ok(passed) => span.saturating_sub(passed),
            Err(_) => span,
        };
        let gap = self.last.map_or(Duration::ZERO, |last| rest(last, gap));
        gap.max(self.held(now))
    }

    /// How much longer the host wants to be left alone.
    pub(super) fn held(&self, now: Timestamp) -> Duration {
        let Some((from, span)) = self.hold else { return Duration::ZERO };
        Duration::try_from(now.duration_since(from)).map_or(span, |passed| span.saturating_sub(passed))
    }

    fn is_idle(&self, now: Timestamp) -> bool {
        self.wait(self.gap, now).is_zero()
    }
}

#[derive(Default)]
struct Host {
    gate: Arc<tokio::sync::Mutex<()>>,
    times: Mutex<Times>,
    queued: AtomicU32,
}

impl Host {
    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The hosts that were asked lately.
pub(super) struct HostPool {
    hosts: Mutex<Hosts>,
    clock: Arc<dyn Clock>,
    longest: Duration,
}

#[derive(Default)]
struct Hosts {
    by_name: HashMap<String, Arc<Host>>,
    full_at: usize,
}

/// The right to send one request to a host.
pub(super) struct Turn {
    host: Arc<Host>,
    /// How long ago the host was asked before, if it was.
    pub(super) since: Option<Duration>,
    clock: Arc<dyn Clock>,
    _gate: OwnedMutexGuard<()>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.host.times().last = Some(self.clock.now());
    }
}

impl Turn {
    /// Leaves the host alone for `span`, all its sources.
    pub(super) fn hold(&self, span: Duration) {
        let now = self.clock.now();
        let mut times = self.host.times();
        if times.held(now) < span {
            times.hold = Some((now, span.min(LONGEST_WAIT)));
        }
    }
}

/// Counts a request as queued for as long as it lives.
struct Queued<'a>(&'a AtomicU32);

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl HostPool {
    /// `longest`: the longest wait for a turn.
    pub(super) fn new(clock: Arc<dyn Clock>, longest: Duration) -> Self {
        Self { hosts: Mutex::new(Hosts { by_name: HashMap::new(), full_at: FEW }), clock, longest }
    }

    /// Waits for one's turn at the host of `url`, in the order of asking.
    ///
    /// # Errors
    /// [`Error::Throttled`], at once, if that would take longer than the longest wait.
    pub(super) async fn turn(&self, url: &Url, gap: Duration) -> Result<Turn, Error> {
        let host = self.host(url);
        let ahead = host.queued.fetch_add(1, Ordering::Relaxed);
        let _queued = Queued(&host.queued);
        self.affordable(url, &host, gap, ahead)?;
        let gate = host.gate.clone().lock_owned().await;
        // The host may have asked for quiet meanwhile.
        let wait = self.affordable(url, &host, gap, 0)?;
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
        let now = self.clock.now();
        let last = {
            let mut times = host.times();
            times.gap = gap;
            times.last.replace(now)
        };
        let since = last.and_then(|last| Duration::try_from(now.duration_since(last)).ok());
        Ok(Turn { host: host.clone(), since, clock: self.clock.clone(), _gate: gate })
    }

    /// Takes up what was remembered of a host over a restart: when it was last asked, and for how long it wanted to be left alone.
    pub(super) fn recall(&self, url: &Url, at: Timestamp, quiet: Option<Duration>) {
        let (host, now) = (self.host(url), self.clock.now());
        let mut times = host.times();
        if times.last.is_none_or(|last| last < at) {
            times.last = Some(at);
        }
        let hold = quiet.map(|quiet| (at, quiet.min(LONGEST_WAIT)));
        if (Times { hold, ..Times::default() }).held(now) > times.held(now) {
            times.hold = hold;
        }
    }

    /// How long a request would have to wait now, if nobody is ahead of it.
    pub(super) fn wait(&self, url: &Url, gap: Duration) -> Duration {
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.by_name.get(&key(url)).map_or(Duration::ZERO, |host| host.times().wait(gap, self.clock.now()))
    }

    fn affordable(&self, url: &Url, host: &Host, gap: Duration, ahead: u32) -> Result<Duration, Error> {
        let now = self.clock.now();
        let times = host.times();
        let wait = times.wait(gap, now).saturating_add(gap.saturating_mul(ahead));
        if wait <= self.longest {
            return Ok(wait);
        }
        Err(Error::Throttled { host: error::host(url), status: None, after: Some(wait) })
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.by_name.len() >= hosts.full_at {
            let now = self.clock.now();
            hosts.by_name.retain(|_, host| Arc::strong_count(host) > 1 || !host.times().is_idle(now));
            hosts.by_name.shrink_to_fit();
            hosts.full_at = FEW.max(hosts.by_name.len() * 2);
        }
        hosts.by_name.entry(key(url)).or_default().clone()
    }
}

/// The name under which a host queues: http and https on their own ports are one server.
fn key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that is moved by sleeping on it.
    struct Stepped(Mutex<Timestamp>);

    impl Clock for Stepped {
        fn now(&self) -> Timestamp {
            *self.0.lock().unwrap()
        }

        fn sleep(&self, span: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
            *self.0.lock().unwrap() += span;
            Box::pin(async {})
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn pool() -> (HostPool, Arc<Stepped>) {
        let clock = Arc::new(Stepped(Mutex::new(at(0))));
        (HostPool::new(clock.clone(), Duration::from_secs(120)), clock)
    }

    #[test]
    fn the_wait_is_the_rest_of_the_gap_or_of_the_hold() {
        let second = Duration::from_secs;
        let times = Times { last: Some(at(0)), gap: second(9), hold: None };
        for (now, wait) in [(0, 10), (4, 6), (10, 0), (1_000_000_000, 0), (-300_000_000, 10)] {
            assert_eq!(times.wait(second(10), at(now)), second(wait), "{now}");
        }
        let held = Times { hold: Some((at(0), second(100))), ..times };
        for (now, wait) in [(0, 100), (95, 5), (100, 0), (-300_000_000, 100)] {
            assert_eq!(held.wait(second(10), at(now)), second(wait), "{now}");
        }
    }

    #[tokio::test]
    async fn hosts_that_are_idle_are_forgotten_and_those_on_hold_are_not() {
        let (pool, clock) = pool();
        let quiet = Url::parse("http://quiet.example/").unwrap();
        pool.turn(&quiet, Duration::from_secs(1)).await.unwrap().hold(Duration::from_secs(86_400));
        for n in 0..100_000 {
            let url = Url::parse(&format!("http://h{n}.example/")).unwrap();
            drop(pool.turn(&url, Duration::from_secs(1)).await.unwrap());
            *clock.0.lock().unwrap() += Duration::from_millis(10);
        }
        let left = pool.hosts.lock().unwrap().by_name.len();
        assert!(left <= 2 * FEW, "{left} hosts are remembered");
        assert!(pool.turn(&quiet, Duration::ZERO).await.is_err(), "the hold was forgotten");
    }

    #[tokio::test]
    async fn the_gap_starts_when_the_answer_has_come() {
        let (pool, clock) = pool();
        let (url, gap) = (Url::parse("http://slow.example/").unwrap(), Duration::from_secs(10));
        let turn = pool.turn(&url, gap).await.unwrap();
        *clock.0.lock().unwrap() += Duration::from_secs(30);
        drop(turn);
        assert_eq!(pool.wait(&url, gap), gap);
    }

    #[tokio::test]
    async fn a_queue_that_is_too_long_turns_away_at_once() {
        let (pool, _) = pool();
        let url = Url::parse("http://busy.example/").unwrap();
        let first = pool.turn(&url, Duration::from_secs(50)).await.unwrap();
        let mut queue: Vec<_> = (0..3).map(|_| Box::pin(pool.turn(&url, Duration::from_secs(50)))).collect();
        let mut turned_away = 0;
        for waiting in &mut queue {
            let now = std::future::poll_fn(|cx| std::task::Poll::Ready(waiting.as_mut().poll(cx)));
            if let std::task::Poll::Ready(Err(error)) = now.await {
                assert!(error.retry_after() > Some(Duration::from_secs(120)), "{error:?}");
                turned_away += 1;
            }
        }
        assert_eq!(turned_away, 1);
        drop((first, queue));
        assert!(pool.turn(&url, Duration::from_secs(50)).await.is_ok(), "those who gave up no longer count");
    }
}
