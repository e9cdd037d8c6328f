//! [`Book`]: the hub's subscriptions, and which of them is to be told next. It reads no clock and sends nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::feed::Format;
use crate::model::FeedId;
use crate::serve::hub::{Mode, Wish};

/// Subscriptions in all.
const MOST: usize = 10_000;
/// Subscriptions whose callbacks share a host: nobody shall be flooded through us.
const MOST_OF_HOST: usize = 500;
/// The lease where none is asked for, and the bounds of those that are.
const LEASE: Duration = Duration::from_secs(10 * 24 * 3600);
const LEAST_LEASE: Duration = Duration::from_secs(60);
const LONGEST_LEASE: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long after each failure in a row it is tried again; after the last it waits for the next news.
const AGAIN: [u64; 5] = [5, 30, 120, 600, 3600];

/// A subscription's identity: one callback may take several feeds, and one feed has many callbacks.
pub(super) type Place = (FeedId, Format, String);

/// One subscriber of one feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Subscription {
    feed: String,
    format: String,
    callback: String,
    secret: Option<String>,
    /// Unix seconds at which the lease ends.
    until: i64,
    /// Failed deliveries in a row.
    #[serde(skip)]
    failures: usize,
    /// When it is to be told next.
    #[serde(skip)]
    due: Option<Timestamp>,
}

/// Whom to tell what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delivery {
    pub(super) place: Place,
    pub(super) secret: Option<String>,
    /// Whether the last attempt failed.
    pub(super) failing: bool,
}

/// How a delivery went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::daemon) enum Ending {
    /// The callback took it.
    Taken,
    /// It did not, or was not there.
    Failed,
    /// It said that it is gone for good.
    Gone,
}

impl Ending {
    /// As figures name it.
    pub(in crate::daemon) fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Failed => "failed",
            Self::Gone => "gone",
        }
    }
}

/// All subscriptions.
#[derive(Debug, Default)]
pub(super) struct Book {
    held: BTreeMap<Place, Subscription>,
    /// Those being told at the moment.
    under_way: BTreeSet<Place>,
}

impl Book {
    /// The book as it was stored; what cannot be read is as good as none.
    pub(super) fn open(bytes: &[u8]) -> Self {
        let stored: Vec<Subscription> = serde_json::from_slice(bytes).unwrap_or_default();
        let held = stored.into_iter().filter_map(|one| {
            let place = (one.feed.parse().ok()?, Format::from_extension(&one.format)?, one.callback.clone());
            Some((place, one))
        });
        Self { held: held.collect(), under_way: BTreeSet::new() }
    }

    /// The book as it is stored.
    pub(super) fn close(&self) -> Vec<u8> {
        serde_json::to_vec(&self.held.values().collect::<Vec<_>>()).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there is room for the subscriber, or it is here already.
    pub(super) fn has_room(&self, feed: &FeedId, format: Format, callback: &Url) -> bool {
        let same_host = |place: &Place| Url::parse(&place.2).is_ok_and(|url| url.host() == callback.host());
        self.held.contains_key(&(feed.clone(), format, callback.to_string()))
            || (self.held.len() < MOST && self.held.keys().filter(|place| same_host(place)).count() < MOST_OF_HOST)
    }

    /// Takes in a wish that the callback has confirmed.
    pub(super) fn confirm(&mut self, (feed, format): (FeedId, Format), wish: &Wish, now: Timestamp) {
        let place = (feed, format, wish.callback.to_string());
        match wish.mode {
            Mode::Unsubscribe => {
                self.held.remove(&place);
            }
            Mode::Subscribe => {
                let until = now.checked_add(lease(wish)).unwrap_or(Timestamp::MAX).as_second();
                let new = Subscription {
                    feed: place.0.to_string(),
                    format: format.extension().to_owned(),
                    callback: place.2.clone(),
                    secret: wish.secret.clone(),
                    until,
                    failures: 0,
                    due: None,
                };
                self.held.insert(place, new);
            }
        }
    }

    /// The feed has news, and this address is told of it whether it asked or not: that of another hub, which has no lease.
    pub(super) fn ping(&mut self, place: Place, now: Timestamp) {
        let new = || Subscription {
            feed: place.0.to_string(),
            format: place.1.extension().to_owned(),
            callback: place.2.clone(),
            secret: None,
            until: i64::MAX,
            failures: 0,
            due: None,
        };
        let one = self.held.entry(place.clone()).or_insert_with(new);
        // News starts the tries anew, but does not hurry a hub that just failed.
        one.due = Some(one.due.unwrap_or(now));
    }

    /// Whom to tell is another one now: nobody of this book is told any more.
    pub(super) fn forget_all(&mut self) {
        self.held.clear();
    }

    /// The feed has news: every subscriber of it is to be told.
    pub(super) fn news(&mut self, feed: &FeedId, format: Format, now: Timestamp) {
        for (_, one) in self.held.iter_mut().filter(|(place, _)| &place.0 == feed && place.1 == format) {
            one.due = Some(now);
        }
    }

    /// Ends the leases that are over. Says whether there were any.
    pub(super) fn expire(&mut self, now: Timestamp) -> bool {
        let before = self.held.len();
        self.held.retain(|_, one| one.until > now.as_second());
        self.held.len() < before
    }

    /// The subscribers to be told now, those first that took the last news; at most `room`, of which `failing` may go to the others.
    pub(super) fn depart(&mut self, now: Timestamp, room: usize, failing: usize) -> Vec<Delivery> {
        let due = |(place, one): &(&Place, &Subscription)| {
            one.due.is_some_and(|due| due <= now) && !self.under_way.contains(*place)
        };
        let mut due: Vec<_> = self.held.iter().filter(due).collect();
        due.sort_by_key(|(_, one)| (one.failures > 0, one.due));
        let well = due.iter().filter(|(_, one)| one.failures == 0).count();
        let chosen: Vec<Delivery> = due
            .into_iter()
            .take((well + failing).min(room))
            .map(|(place, one)| Delivery {
                place: place.clone(),
                secret: one.secret.clone(),
                failing: one.failures > 0,
            })
            .collect();
        for delivery in &chosen {
            self.under_way.insert(delivery.place.clone());
            if let Some(one) = self.held.get_mut(&delivery.place) {
                one.due = None;
            }
        }
        chosen
    }

    /// A delivery ended. Says whether the book is another one now.
    pub(super) fn arrive(&mut self, place: &Place, ending: Ending, now: Timestamp) -> bool {
        self.under_way.remove(place);
        let Some(one) = self.held.get_mut(place) else { return false };
        match ending {
            Ending::Taken => one.failures = 0,
            Ending::Gone => {
                self.held.remove(place);
                return true;
            }
            Ending::Failed => {
                let wait = AGAIN.get(one.failures).map(|wait| Duration::from_secs(*wait));
                one.failures += 1;
                let again = wait.and_then(|wait| now.checked_add(wait).ok());
                one.due = one.due.or(again);
            }
        }
        false
    }

    /// When there is something to do next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.held.iter().filter(|(place, _)| !self.under_way.contains(*place)).filter_map(|(_, one)| one.due).min()
    }
}

/// For how long a subscription holds.
pub(super) fn lease(wish: &Wish) -> Duration {
    wish.lease.unwrap_or(LEASE).clamp(LEAST_LEASE, LONGEST_LEASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(callback: &str, mode: Mode) -> Wish {
        let callback = callback.parse().unwrap();
        Wish { mode, topic: String::new(), callback, lease: Some(Duration::from_secs(3600)), secret: Some("s".into()) }
    }

    fn feed() -> (FeedId, Format) {
        ("grid".parse().unwrap(), Format::Atom)
    }

    #[test]
    fn a_subscription_is_told_tried_again_and_ends() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let after = |seconds: u64| now + Duration::from_secs(seconds);
        let mut book = Book::default();
        book.confirm(feed(), &wish("http://a.example/", Mode::Subscribe), now);
        book.confirm(feed(), &wish("http://b.example/", Mode::Subscribe), now);
        assert!(book.depart(now, 9, 9).is_empty(), "without news nobody is told");
        book.news(&feed().0, Format::Rss, now);
        assert!(book.depart(now, 9, 9).is_empty(), "another format is another topic");
        book.news(&feed().0, Format::Atom, now);
        let told = book.depart(now, 9, 9);
        assert_eq!(told.len(), 2);
        book.news(&feed().0, Format::Atom, now);
        assert!(book.depart(now, 9, 9).is_empty(), "one delivery at a time");
        let (a, b) = (&told[0].place, &told[1].place);
        assert!(!book.arrive(a, Ending::Taken, now) && !book.arrive(b, Ending::Failed, now));
        assert_eq!(book.depart(now, 1, 1)[0].place, *a, "who takes news goes first");
        assert!(book.depart(now, 9, 0).is_empty(), "those who fail have places of their own");
        assert_eq!(book.depart(now, 9, 1)[0].place, *b);
        book.arrive(a, Ending::Taken, now);
        for wait in [30, 120, 600, 3600] {
            book.arrive(b, Ending::Failed, now);
            assert!(book.depart(after(wait - 1), 9, 9).is_empty());
            assert_eq!(book.depart(after(wait), 9, 9).len(), 1);
        }
        book.arrive(b, Ending::Failed, now);
        assert_eq!(book.next(), None, "then it waits for the next news");
        let again = Book::open(&book.close());
        assert_eq!((again.len(), Book::open(b"junk").len()), (2, 0));
        assert!(book.arrive(a, Ending::Gone, now));
        assert!(!book.expire(after(3599)) && book.len() == 1);
        assert!(book.expire(after(3600)) && book.len() == 0);
        book.confirm(feed(), &wish("http://a.example/", Mode::Subscribe), now);
        book.confirm(feed(), &wish("http://a.example/", Mode::Unsubscribe), now);
        assert_eq!(book.len(), 0);
    }

    #[test]
    fn one_host_is_not_flooded() {
        let mut book = Book::default();
        for n in 0..MOST_OF_HOST {
            let url = format!("http://a.example/{n}");
            assert!(book.has_room(&feed().0, Format::Atom, &url.parse().unwrap()));
            book.confirm(feed(), &wish(&url, Mode::Subscribe), Timestamp::UNIX_EPOCH);
        }
        let room = |url: &str| book.has_room(&feed().0, Format::Atom, &url.parse().unwrap());
        assert!(!room("http://a.example/more") && room("http://a.example/7") && room("http://b.example/"));
    }
}
