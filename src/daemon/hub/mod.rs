//! The WebSub hub (www.w3.org/TR/websub): wishes are confirmed with their callbacks, and news is sent to who subscribed.
//!
//! - [`Desk`]: where the server leaves wishes and visits leave news; never waits, never grows past its bounds.
//! - [`run`]: the one task that takes from the desk; it owns every message that is under way.
//! - `book`: who subscribed, and who is to be told next.
//!
//! Everything goes out through the [`Fetcher`]: its address guard stands before every callback and every redirect of one.

mod book;
mod message;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use tokio::{
    sync::Notify,
    task::{self, JoinError, JoinSet},
};
use url::Url;

pub(super) use self::book::Ending;
use self::{
    book::{Book, Delivery, Place},
    message::Post,
};
use super::{Clock, library::Library};
use crate::config;
use crate::feed::{Coding, Format};
use crate::fetch::Fetcher;
use crate::model::FeedId;
use crate::serve::{
    Library as _,
    hub::{Taken, Wish},
};
use crate::store::Store;

/// The name under which the store keeps the book.
const KEPT: &str = "hub";
/// Wishes that may wait.
const WISHES: usize = 256;
/// Messages under way at once, and how many of them may be to callbacks that failed before or are not confirmed yet.
const MESSAGES: usize = 64;
const UNCERTAIN: usize = 16;

/// What waits for the hub.
#[derive(Debug, Default)]
pub(super) struct Desk {
    papers: Mutex<Papers>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Papers {
    wishes: VecDeque<((FeedId, Format), Wish)>,
    news: BTreeSet<FeedId>,
}

impl Desk {
    /// A wish for the feed in that format.
    pub(super) fn wish(&self, topic: (FeedId, Format), wish: Wish) -> Taken {
        let mut papers = self.papers();
        if papers.wishes.len() >= WISHES {
            return Taken::Busy;
        }
        papers.wishes.push_back((topic, wish));
        self.bell.notify_one();
        Taken::Accepted
    }

    /// These feeds may show something else now.
    pub(super) fn news(&self, feeds: impl IntoIterator<Item = FeedId>) {
        self.papers().news.extend(feeds);
        self.bell.notify_one();
    }

    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the hub works with.
pub(super) struct Hub {
    pub(super) library: Arc<Library>,
    pub(super) store: Store,
    pub(super) fetcher: Arc<Fetcher>,
    pub(super) clock: Clock,
}

/// What became of a message.
enum Done {
    Confirmed((FeedId, Format), Wish),
    Refused,
    Delivered(Place, Ending),
    Announced(Place, Ending),
}

struct Office {
    hub: Hub,
    book: Book,
    /// What another hub, which the file names, is to be told. It is not stored: after a start every feed counts as changed.
    pings: Book,
    /// What each topic held when it was last sent out.
    sent: HashMap<(FeedId, Format), Arc<str>>,
    messages: JoinSet<Done>,
    errands: HashMap<task::Id, Errand>,
}

/// What is known of a message under way, should its task fail.
struct Errand {
    /// Whether its callback has yet to show that it answers.
    uncertain: bool,
    place: Option<Place>,
}

/// Runs the hub for ever; it does nothing while the configuration has none.
pub(super) async fn run(hub: Hub) {
    let store = hub.store.clone();
    let kept = task::spawn_blocking(move || store.kept(KEPT).ok().flatten()).await.ok().flatten();
    let book = kept.map(|bytes| Book::open(&bytes)).unwrap_or_default();
    let library = hub.library.clone();
    let mut office = Office {
        hub,
        book,
        pings: Book::default(),
        sent: HashMap::new(),
        messages: JoinSet::new(),
        errands: HashMap::new(),
    };
    loop {
        let next = office.book.next().into_iter().chain(office.pings.next()).min();
        let next = next.filter(|_| office.messages.len() < MESSAGES);
        let clock = office.hub.clock.clone();
        tokio::select! {
            () = library.desk.bell.notified() => {}
            Some(done) = office.messages.join_next_with_id() => office.arrive(done).await,
            () = clock.until(next) => {}
        }
        office.go_on().await;
    }
}

impl Office {
    async fn go_on(&mut self) {
        let now = self.hub.clock.now();
        let choice = self.hub.library.hub_choice();
        let news = std::mem::take(&mut self.hub.library.desk.papers().news);
        for feed in news {
            self.look_at(&choice, feed, now).await;
        }
        while self.uncertain() < UNCERTAIN && self.messages.len() < MESSAGES {
            let Some((topic, wish)) = self.hub.library.desk.papers().wishes.pop_front() else { break };
            if !self.book.has_room(&topic.0, topic.1, &wish.callback) {
                tracing::warn!(feed.id = %topic.0, "the hub has no room for another subscription");
                continue;
            }
            let post = self.post(&topic.0, topic.1);
            let errand = Errand { uncertain: true, place: None };
            self.send(errand, async move {
                if post.confirms(&wish).await { Done::Confirmed(topic, wish) } else { Done::Refused }
            });
        }
        if self.book.expire(now) {
            self.keep().await;
        }
        let room = MESSAGES.saturating_sub(self.messages.len());
        for delivery in self.book.depart(now, room, UNCERTAIN.saturating_sub(self.uncertain())) {
            self.deliver(&choice, delivery, now);
        }
        let config::Hub::Other(hub) = &choice else {
            self.pings.forget_all();
            return self.hub.library.meter.subscriptions(self.book.len());
        };
        let room = MESSAGES.saturating_sub(self.messages.len());
        for delivery in self.pings.depart(now, room, room) {
            self.announce(hub, delivery, now);
        }
        self.hub.library.meter.subscriptions(self.book.len());
    }

    fn uncertain(&self) -> usize {
        self.errands.values().filter(|errand| errand.uncertain).count()
    }

    /// Marks who is to be told of a feed, where it shows something else than when it was last sent.
    async fn look_at(&mut self, choice: &config::Hub, feed: FeedId, now: Timestamp) {
        if *choice == config::Hub::None || self.hub.library.key(&feed).is_some() {
            return;
        }
        for format in Format::ALL {
            let (library, id) = (self.hub.library.clone(), feed.clone());
            let rendered = task::spawn_blocking(move || library.feed(&id, format)).await;
            let Some(rendered) = rendered.ok().flatten() else { continue };
            let tag = rendered.body(Coding::Identity).etag.clone();
            if self.sent.insert((feed.clone(), format), tag.clone()).is_some_and(|before| before == tag) {
                continue;
            }
            match choice {
                config::Hub::Other(hub) => self.pings.ping((feed.clone(), format, hub.to_string()), now),
                _ => self.book.news(&feed, format, now),
            }
        }
    }

    /// Tells another hub; one that the file does not name any more is forgotten.
    fn announce(&mut self, hub: &Url, delivery: Delivery, now: Timestamp) {
        let place = delivery.place;
        if place.2 != hub.as_str() {
            self.pings.arrive(&place, Ending::Gone, now);
            return;
        }
        let (post, hub) = (self.post(&place.0, place.1), hub.clone());
        let errand = Errand { uncertain: false, place: Some(place.clone()) };
        self.send(errand, async move { Done::Announced(place, post.announces(&hub).await) });
    }

    fn deliver(&mut self, choice: &config::Hub, delivery: Delivery, now: Timestamp) {
        if *choice != config::Hub::Own {
            self.book.arrive(&delivery.place, Ending::Failed, now);
            return;
        }
        let library = self.hub.library.clone();
        let post = self.post(&delivery.place.0, delivery.place.1);
        let errand = Errand { uncertain: delivery.failing, place: Some(delivery.place.clone()) };
        self.send(errand, async move {
            let (id, format, _) = delivery.place.clone();
            let rendered = task::spawn_blocking(move || library.feed(&id, format)).await.ok().flatten();
            let ending = match rendered {
                Some(rendered) => post.delivers(&delivery, &rendered).await,
                // The feed is no more.
                None => Ending::Gone,
            };
            Done::Delivered(delivery.place, ending)
        });
    }

    fn send(&mut self, errand: Errand, message: impl Future<Output = Done> + Send + 'static) {
        let started = self.messages.spawn(message);
        self.errands.insert(started.id(), errand);
    }

    fn post(&self, feed: &FeedId, format: Format) -> Post {
        let library = &self.hub.library;
        Post {
            fetcher: self.hub.fetcher.clone(),
            allowed: library.hub_networks(),
            hub: library.hub().unwrap_or_default(),
            topic: library.topic(feed, format),
            media_type: format.content_type(),
        }
    }

    async fn arrive(&mut self, done: Result<(task::Id, Done), JoinError>) {
        let (id, done) = match done {
            Ok((id, done)) => (id, Some(done)),
            Err(error) => {
                tracing::error!(%error, "a message of the hub panicked; this is a defect of tearsheet");
                (error.id(), None)
            }
        };
        let errand = self.errands.remove(&id);
        let (now, meter) = (self.hub.clock.now(), &self.hub.library.meter);
        let changed = match done {
            Some(Done::Confirmed(topic, wish)) => {
                tracing::info!(feed.id = %topic.0, hub.mode = wish.mode.word(), "a subscriber's wish was confirmed");
                self.book.confirm(topic, &wish, now);
                true
            }
            Some(Done::Refused) => false,
            Some(Done::Delivered(place, ending)) => {
                meter.delivered(ending.word());
                self.book.arrive(&place, ending, now)
            }
            Some(Done::Announced(place, ending)) => {
                meter.delivered(ending.word());
                if ending != Ending::Taken {
                    tracing::warn!(feed.id = %place.0, "the hub named in [server] hub did not take the news that a feed changed");
                }
                // That its answer is 410 may pass; the next news is told to it as well.
                self.pings.arrive(&place, if ending == Ending::Taken { ending } else { Ending::Failed }, now);
                false
            }
            None => errand.and_then(|errand| errand.place).is_some_and(|place| {
                self.pings.arrive(&place, Ending::Failed, now);
                self.book.arrive(&place, Ending::Failed, now)
            }),
        };
        if changed {
            self.keep().await;
        }
    }

    async fn keep(&self) {
        let (store, bytes) = (self.hub.store.clone(), self.book.close());
        let kept = task::spawn_blocking(move || store.keep(KEPT, &bytes)).await;
        if let Ok(Err(error)) = kept {
            tracing::warn!(%error, "the hub's subscriptions were not stored; they hold until the next start");
        }
    }
}
