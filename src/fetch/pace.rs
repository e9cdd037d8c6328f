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
        {
            let mut times = host.times();
            times.last = Some(now);
            times.gap = gap;
        }
        Ok(Turn { host: host.clone(), clock: self.clock.clone(), _gate: gate })
    }

    /// How long a request would have to wait now, if nobody is ahead of it.
    pub(super) fn wait(&self, url: &Url, gap: Duration) -> Duration {
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.by_name.get(&key(url)).map_or(Duration::ZERO, |host| host.times().wait(gap, self.clock.now()))
    }

    /// Hosts remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner).by_name.len()
    }

    fn affordable(&self, url: &Url, host: &Host, gap: Duration, ahead: u32) -> Result<Duration, Error> {
        let now = self.clock.now();
        let times = host.times();
        let wait = times.wait(gap, now).saturating_add(gap.saturating_mul(ahead));
        if wait <= self.longest {
            return Ok(wait);
        }
        let why = if times.held(now).is_zero() {
            "its gap between requests and the queue before it"
        } else {
            "Retry-After, or too many requests"
        };
        Err(Error::Throttled { host: error::host(url), why: why.into(), after: Some(wait) })
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
