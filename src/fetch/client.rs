//! [`Fetcher`]: everything that goes out goes through here.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;

use super::{
    Clock, Error, Fetched, Request, Resolve, Settings, guard::Guard, pace::HostPool, resolve::System,
    robots::RobotsCache, tls::Tls, transport::Transports, visit::Visit,
};
use crate::model::RobotsMemory;

/// Fetches pages: with manners towards hosts, and with limits to what they can do to us. Share it; it is cheap to call at once
/// from many tasks.
pub struct Fetcher {
    pub(super) settings: Settings,
    pub(super) guard: Guard,
    pub(super) resolver: Arc<dyn Resolve>,
    pub(super) transports: Transports,
    pub(super) hosts: HostPool,
    pub(super) robots: RobotsCache,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tls: Arc<Tls>,
    /// The name that robots.txt is read for.
    pub(super) token: String,
}

impl Fetcher {
    /// A fetcher that resolves names as this machine does.
    ///
    /// # Errors
    /// [`Error::Setting`] if the way of connecting cannot be set up.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        Self::with_resolver(settings, clock, Arc::new(System::default()))
    }

    /// A fetcher that resolves names by `resolver`.
    ///
    /// # Errors
    /// As [`Fetcher::new`].
    pub fn with_resolver(settings: Settings, clock: Arc<dyn Clock>, resolver: Arc<dyn Resolve>) -> Result<Self, Error> {
        let tls = Arc::new(Tls::new());
        let agent = settings.agent();
        let token: String = agent.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')).collect();
        Ok(Self {
            guard: Guard::new(settings.own.clone(), settings.allow_private.clone(), settings.connect_timeout),
            resolver,
            transports: Transports::new(&settings, tls.clone()),
            hosts: HostPool::new(clock.clone(), settings.max_wait),
            robots: RobotsCache::default(),
            clock,
            tls,
            // One that poses as a browser is still this program to robots.txt.
            token: if token.is_empty() || token == "Mozilla" { "tearsheet".into() } else { token },
            settings,
        })
    }

    /// Fetches a page: guard, robots.txt, pace and exchange for each hop.
    ///
    /// # Errors
    /// Whatever kept the page from coming; [`Error::fate`] says what it means for the next visit.
    pub async fn get(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        Visit::new(self, request).run().await
    }

    /// Takes up what a source's history tells of its host, so that a restart neither forgets that it wants to be left alone nor
    /// asks for its robots.txt again. `last` is the last visit's time, and for how long the host then asked to be left alone.
    pub async fn recall(&self, url: &Url, last: (Timestamp, Option<Duration>), robots: Option<&RobotsMemory>) {
        self.hosts.recall(url, last.0, last.1);
        if let Some(memory) = robots {
            self.robots.recall(url, memory, &self.token, self.clock.now()).await;
        }
    }

    /// What is known of the robots.txt of the origin of `url`, for [`Fetcher::recall`].
    pub async fn robots_memory(&self, url: &Url) -> Option<RobotsMemory> {
        self.robots.memory(url, self.clock.now()).await
    }

    /// How long a request of `url` would have to wait at least, for the host's sake. Zero for hosts that were not asked lately.
    pub fn wait(&self, url: &Url, gap: Duration) -> Duration {
        self.hosts.wait(url, gap)
    }
}

/// Time that a page may take altogether; waiting for manners' sake does not use it up.
pub(super) struct Budget {
    limit: Duration,
    used: Duration,
}

impl Budget {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, used: Duration::ZERO }
    }

    /// Runs `work` for as long as is left.
    pub(super) async fn spend<T>(
        &mut self,
        host: &str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let start = Instant::now();
        let done = tokio::time::timeout(self.limit.saturating_sub(self.used), work).await;
        self.used += start.elapsed();
        done.map_err(|_| Error::Timeout { host: host.to_owned(), what: "send the whole page", limit: self.limit })?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Visits run on tasks that move between threads.
    #[test]
    fn a_visit_can_be_sent() {
        fn sendable<T: Send>(_: fn(&'static Fetcher, &'static Request<'static>) -> T) {}
        sendable(|fetcher, request| fetcher.get(request));
    }
}
