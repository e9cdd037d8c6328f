//! robots.txt (RFC 9309): asked for once a day and origin, by the same way as every page.
//!
//! - [`RobotsCache`]: what is known of each origin.
//! - [`Rules`]: what a robots.txt, or its absence, means for us.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use robotxt::{Agent, Robots};
use tokio::sync::OwnedMutexGuard;
use url::Url;

use crate::model::RobotsMemory;

/// Bytes of robots.txt that are read (RFC 9309, section 2.5).
pub(super) const MOST: usize = 500 << 10;
/// Redirects that are followed (RFC 9309, section 2.3.1.2).
pub(super) const HOPS: usize = 5;
/// For how long an answer holds (RFC 9309, section 2.4).
const DAY: Duration = Duration::from_secs(86_400);
/// For how long a failing robots.txt is not asked for again.
pub(super) const RETRY: Duration = Duration::from_secs(600);
/// For how long the last good copy stands in for a failing one (RFC 9309, section 2.3.1.4, has 30 days as its example).
const STALE: Duration = Duration::from_secs(30 * 86_400);
/// Fewest origins remembered before any are forgotten.
const FEW: usize = 1024;
/// Most origins remembered; beyond, those not in use are asked again when they are needed.
const MANY: usize = 50_000;
/// Longest file, in bytes, that is remembered over a restart; a longer one is asked for again.
const REMEMBERED: usize = 16 << 10;

/// What an origin lets us do.
#[derive(Debug, Clone)]
pub(super) enum Rules {
    /// Everything: it has no robots.txt.
    Open,
    /// Nothing: it fails with this status.
    Failing(u16),
    /// What its robots.txt says.
    Said(Arc<Robots>),
}

impl Rules {
    /// What the bytes of a robots.txt say to `agent`.
    pub(super) fn read(bytes: &[u8], agent: &str) -> Self {
        let robots = Robots::parse(bytes, Agent::Exact(agent));
        if robots.rules().is_empty() && robots.crawl_delay().is_none() {
            Self::Open
        } else {
            Self::Said(Arc::new(robots))
        }
    }

    /// Whether `url` may be visited.
    pub(super) fn allow(&self, url: &Url) -> bool {
        match self {
            Self::Open => true,
            Self::Failing(_) => false,
            Self::Said(robots) => robots.is_url_allowed(url),
        }
    }

    /// The gap that the origin asks for.
    pub(super) fn delay(&self) -> Duration {
        match self {
            Self::Said(robots) => robots.crawl_delay().unwrap_or_default(),
            Self::Open | Self::Failing(_) => Duration::ZERO,
        }
    }
}

/// What is known of one origin.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) rules: Rules,
    at: Timestamp,
    holds: Duration,
    /// The file, where it is short and was just read.
    text: Option<Arc<str>>,
}

impl Known {
    /// What was just answered, in the light of what was known before.
    pub(super) fn learn((rules, text): (Rules, &[u8]), before: Option<&Self>, now: Timestamp) -> Self {
        let text = || (text.len() <= REMEMBERED).then(|| String::from_utf8_lossy(text).into());
        match (&rules, before) {
            (Rules::Failing(_), Some(old @ Self { rules: Rules::Said(_) | Rules::Open, .. }))
                if age(old.at, now) < STALE =>
            {
                // Its age stays, so that it does not live for ever.
                Self { rules: old.rules.clone(), holds: age(old.at, now) + RETRY, ..old.clone() }
            }
            (Rules::Failing(_), _) => Self { rules, at: now, holds: RETRY, text: None },
            _ => Self { rules, at: now, holds: DAY, text: text() },
        }
    }

    /// Whether it need not be asked for again.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        now >= self.at && age(self.at, now) < self.holds
    }
}

fn age(from: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(from)).unwrap_or_default()
}

/// One origin's entry; whoever holds its lock may ask for robots.txt, the others wait for the answer.
type Entry = Arc<tokio::sync::Mutex<Option<Known>>>;

/// What is known of each origin.
pub(super) struct RobotsCache {
    origins: Mutex<Origins>,
}

struct Origins {
    entries: HashMap<String, Entry>,
    full_at: usize,
}

impl Default for RobotsCache {
    fn default() -> Self {
        Self { origins: Mutex::new(Origins { entries: HashMap::new(), full_at: FEW }) }
    }
}

impl RobotsCache {
    /// The entry of the origin of `url`, once it is free.
    pub(super) async fn entry(&self, url: &Url, now: Timestamp) -> OwnedMutexGuard<Option<Known>> {
        let entry = self.find(url, now);
        entry.lock_owned().await
    }

    /// What is known of the origin of `url`, for [`RobotsCache::recall`] after a restart.
    pub(super) async fn memory(&self, url: &Url, now: Timestamp) -> Option<RobotsMemory> {
        let known = self.entry(url, now).await;
        let known = known.as_ref()?;
        let text = known.text.as_ref()?.to_string();
        Some(RobotsMemory { origin: url.origin().ascii_serialization(), at: known.at.as_second(), text })
    }

    /// Takes up what was remembered, unless something newer is known already.
    pub(super) async fn recall(&self, url: &Url, memory: &RobotsMemory, agent: &str, now: Timestamp) {
        let mut known = self.entry(url, now).await;
        if memory.origin == url.origin().ascii_serialization()
            && let Ok(at) = Timestamp::from_second(memory.at)
            && known.as_ref().is_none_or(|known| known.at < at)
        {
            let rules = Rules::read(memory.text.as_bytes(), agent);
            let mut learnt = Known::learn((rules, memory.text.as_bytes()), None, at);
            // Whole seconds are remembered, and a day is a day after a restart too.
            learnt.holds += Duration::from_secs(1);
            *known = Some(learnt);
        }
    }

    fn find(&self, url: &Url, now: Timestamp) -> Entry {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if origins.entries.len() >= origins.full_at {
            origins.forget(now);
        }
        origins.entries.entry(url.origin().ascii_serialization()).or_default().clone()
    }
}

impl Origins {
    /// Forgets what no longer holds, and everything that nobody is using where that is still too much.
    fn forget(&mut self, now: Timestamp) {
        let used = |entry: &Entry| Arc::strong_count(entry) > 1;
        let holds =
            |entry: &Entry| entry.try_lock().is_ok_and(|known| known.as_ref().is_some_and(|known| known.holds(now)));
        self.entries.retain(|_, entry| used(entry) || holds(entry));
        if self.entries.len() >= MANY {
            self.entries.retain(|_, entry| used(entry));
        }
        self.full_at = MANY.min(FEW.max(self.entries.len() * 2));
    }
}

/// Where the robots.txt of `url`'s origin is.
pub(super) fn address(url: &Url) -> Option<Url> {
    url.join("/robots.txt").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_forgotten_when_there_are_too_many() {
        let (cache, now) = (RobotsCache::default(), Timestamp::from_second(1_700_000_000).unwrap());
        for n in 0..120_000 {
            let entry = cache.find(&Url::parse(&format!("http://h{n}.example/")).unwrap(), now);
            *entry.try_lock().unwrap() = Some(Known::learn((Rules::Open, b""), None, now));
        }
        assert!(cache.origins.lock().unwrap().entries.len() <= MANY);
    }

    /// A memory keeps whole seconds: what was read late in one is not asked for early in the next.
    #[tokio::test]
    async fn a_file_is_not_asked_for_sooner_after_a_restart() {
        let url = Url::parse("http://x.example/").unwrap();
        let read = Timestamp::from_millisecond(1_700_000_000_900).unwrap();
        let text = b"User-agent: *\nDisallow: /a";
        let before = RobotsCache::default();
        let learnt = Known::learn((Rules::read(text, "tearsheet"), text), None, read);
        *before.entry(&url, read).await = Some(learnt);
        let memory = before.memory(&url, read).await.unwrap();
        let after = RobotsCache::default();
        after.recall(&url, &memory, "tearsheet", read).await;
        for (span, expected) in [(DAY - Duration::from_millis(1), true), (DAY + Duration::from_secs(1), false)] {
            let now = read + span;
            let known = after.entry(&url, now).await;
            assert_eq!(known.as_ref().unwrap().holds(now), expected, "after {span:?}");
        }
    }

    #[test]
    fn rules_are_read_for_the_group_that_names_us() {
        let read = |text: &str| Rules::read(text.as_bytes(), "tearsheet");
        let url = |path: &str| Url::parse(&format!("http://x.example{path}")).unwrap();
        let rules = read(
            "User-agent: *\nDisallow: /\n\nuser-agent: TearSheet\nDisallow: /a*b$\nDisallow: /%E6%96%B0\nCrawl-delay: 2.5",
        );
        assert!(rules.allow(&url("/")) && rules.allow(&url("/axb/")) && !rules.allow(&url("/axb")));
        assert!(!rules.allow(&url("/新/1")));
        assert_eq!(rules.delay(), Duration::from_millis(2500));
        assert!(matches!(read("Disallow: /"), Rules::Open));
        assert!(matches!(read(""), Rules::Open));
        assert!(!Rules::Failing(500).allow(&url("/")));
    }
}
