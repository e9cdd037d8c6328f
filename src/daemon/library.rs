//! [`Library`]: what the server asks of the daemon: feeds from the store, and how sources and feeds are.
//!
//! The loop writes here what happened, the server's threads read. No lock is held while the store is read or a feed rendered.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use ipnet::IpNet;
use jiff::Timestamp;

use super::{
    Clock, Refused,
    board::{Board, Card},
    digests::{self, Digests},
    health, hub,
    meter::Meter,
    row::Row,
};
use crate::config::{self, Config, Paint};
use crate::feed::{self, Format, Rendered, Shelf, archive, opml};
use crate::harvest::{Visited, Watched};
use crate::model::{Article, ArticleKey, Document, FeedId, FeedSpec, Filter, SourceId, Status, Twins};
use crate::serve::{
    self,
    hub::{Taken, Wish},
};
use crate::store::{self, Known, Store};

/// Articles read of each source for one feed: the window of a day may hold more than a feed's length.
const WINDOW: usize = 500;
/// How long a feed is fresh whose sources are visited no more, or are being visited now.
const LEAST_FRESH: Duration = Duration::from_secs(10);

/// Feeds and states, shared by the loop and the server.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) store: Store,
    clock: Clock,
    base_url: String,
    shelf: Shelf,
    board: RwLock<Board>,
    digests: Digests,
    /// The daemon ends: what nobody waits for is left at that.
    ending: AtomicBool,
    /// What happens is counted here.
    pub(super) meter: Meter,
    /// What waits for the hub.
    pub(super) desk: hub::Desk,
}

impl Library {
    /// An empty library that keeps `shelf` bytes of rendered feeds in memory.
    pub(super) fn new(store: Store, clock: Clock, base_url: String, shelf: u64) -> Self {
        Self {
            store,
            clock,
            base_url,
            shelf: Shelf::new(usize::try_from(shelf).unwrap_or(usize::MAX)),
            board: RwLock::default(),
            digests: Digests::default(),
            ending: AtomicBool::new(false),
            meter: Meter::new(),
            desk: hub::Desk::default(),
        }
    }

    /// The daemon is about to end.
    pub(super) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Whether the daemon is about to end.
    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Takes a new configuration with what is to be said of its sources, in the file's order.
    pub(super) fn take(&self, config: &Config, rows: impl IntoIterator<Item = Box<Row>>) {
        let rows: Vec<_> = rows.into_iter().map(|row| (row.source().id.clone(), row)).collect();
        let token: Option<Arc<str>> = config.server.token.as_ref().map(|token| Arc::from(token.reveal()));
        self.change(|board| {
            board.token = token;
            let served: Vec<_> = config.joined.iter().filter(|spec| board.serves(spec.private)).collect();
            board.joined = served.iter().map(|spec| (spec.id.clone(), (*spec).clone())).collect();
            board.order = served.iter().map(|spec| spec.id.clone()).collect();
            board.guarded = config.server.private;
            board.metrics = config.server.metrics == config::Metrics::Path;
            board.hub = config.server.hub.clone();
            board.hub_networks = config.server.hub_allow_private.clone();
            board.sources = rows.iter().map(|(id, _)| id.clone()).collect();
            board.shown_in = HashMap::new();
            for spec in served {
                for source in &spec.choice.sources {
                    board.shown_in.entry(source.clone()).or_default().push(spec.id.clone());
                }
            }
            board.rows = rows.into_iter().collect();
            let mut cards = std::mem::take(&mut board.cards);
            cards.retain(|id, _| board.is_private(id).is_some());
            board.cards = cards;
            board.config_fault = None;
        });
        self.shelf.clear();
    }

    /// Makes the digests that are due; the feeds that show them are made anew. Reads the store, so it is not for the loop.
    pub(super) fn make_digests(&self) {
        let touched = self.digests.make(&self.store, &self.joined(), &self.base_url, self.clock.now());
        if !touched.is_empty() {
            self.changed(&touched);
            let feeds = self.feeds_of(&touched);
            self.look_at(&feeds, None);
            self.desk.news(feeds);
        }
    }

    /// When the next digest is due.
    pub(super) fn next_digest(&self) -> Option<Timestamp> {
        digests::next(&self.joined(), self.clock.now())
    }

    /// Makes every feed anew when it is asked for next.
    pub(super) fn forget_rendered(&self) {
        self.shelf.clear();
    }

    /// Keeps the fault of a file that was not taken, for the status page.
    pub(super) fn refused(&self, refused: &Refused) {
        let drawn = refused.draw(Paint::Plain);
        self.change(|board| board.config_fault = Some(drawn));
    }

    /// The store is in another state: the status page is to tell.
    pub(super) fn store_changed(&self) {
        self.change(|_| {});
    }

    /// When a source is due next.
    pub(super) fn due(&self, source: &SourceId, next: Option<Timestamp>) {
        self.change(|board| {
            if let Some(row) = board.rows.get_mut(source) {
                row.next_due = next;
            }
        });
    }

    /// Takes in what a visit brought: its row, and every feed that shows something else now is made anew when asked for.
    pub(super) fn visited(&self, watched: &Watched, visited: &Visited) {
        self.meter.visited(visited);
        let new = Row::of(watched, &visited.history, self.store.count(&watched.source.id));
        let mut health = false;
        self.change(|board| {
            if let Some(row) = board.rows.get_mut(&watched.source.id) {
                health = row.learn(new);
            }
        });
        if health {
            self.shelf.forget(&FeedId::health());
        }
        self.changed(&visited.touched);
    }

    /// Every feed that shows any of these sources is made anew when it is asked for next.
    pub(super) fn changed(&self, sources: &BTreeSet<SourceId>) {
        for feed in self.feeds_of(sources) {
            self.shelf.forget(&feed);
        }
    }

    /// The feeds that show any of `sources`.
    pub(super) fn feeds_of(&self, sources: &BTreeSet<SourceId>) -> BTreeSet<FeedId> {
        self.read(|board| sources.iter().flat_map(|source| board.feeds_of(source)).collect())
    }

    /// What the feeds show, in the file's order.
    pub(super) fn specs(&self) -> Vec<Arc<FeedSpec>> {
        self.read(|board| board.feeds().filter_map(|id| board.spec(&id)).collect())
    }

    /// What the file's own feeds show, in its order.
    fn joined(&self) -> Vec<Arc<FeedSpec>> {
        self.read(|board| board.order.iter().filter_map(|id| board.joined.get(id)).cloned().collect())
    }

    /// What these feeds show.
    pub(super) fn specs_of<'a>(&self, feeds: impl IntoIterator<Item = &'a FeedId>) -> Vec<Arc<FeedSpec>> {
        self.read(|board| feeds.into_iter().filter_map(|id| board.spec(id)).collect())
    }

    /// All feeds.
    pub(super) fn all(&self) -> BTreeSet<FeedId> {
        self.read(|board| board.feeds().collect())
    }

    /// Who tells subscribers of news.
    pub(super) fn hub_choice(&self) -> config::Hub {
        self.read(|board| board.hub.clone())
    }

    /// Where subscribers may be reached besides public networks.
    pub(super) fn hub_networks(&self) -> Vec<IpNet> {
        self.read(|board| board.hub_networks.clone())
    }

    /// The hub's address, if there is a hub.
    pub(super) fn hub(&self) -> Option<Arc<str>> {
        self.read(|board| match &board.hub {
            config::Hub::None => None,
            config::Hub::Own => Some(format!("{}/hub", self.base_url).into()),
            config::Hub::Other(hub) => Some(hub.as_str().into()),
        })
    }

    /// The address of a feed.
    pub(super) fn topic(&self, id: &FeedId, format: Format) -> String {
        format!("{}/feeds/{id}.{}", self.base_url, format.extension())
    }

    /// Whether a source is configured.
    pub(super) fn watches(&self, source: &SourceId) -> bool {
        self.read(|board| board.rows.contains_key(source))
    }

    /// Feeds show a title: the file's, else the page's own, else the id.
    fn title(&self, spec: &FeedSpec) -> String {
        if let Some(name) = &spec.name {
            return name.clone();
        }
        let of_source = |source: &SourceId| self.read(|board| board.rows.get(source).map(|row| row.name().to_owned()));
        match spec.choice.sources.as_slice() {
            [source] => of_source(source).unwrap_or_else(|| spec.id.to_string()),
            _ => spec.id.to_string(),
        }
    }

    fn make(&self, id: &FeedId) -> Option<Document> {
        if id.as_str() == FeedId::HEALTH {
            // Of private sources, and of those whose feed nothing opens, nothing is told.
            let told = |row: &&Row| row.has_episodes() && !row.source().private;
            let rows: Vec<_> = self.read(|board| {
                let rows = board.sources.iter().filter_map(|source| board.rows.get(source)).map(|row| &**row);
                rows.filter(told).map(Row::status).collect()
            });
            return Some(health::document(rows.iter(), self.base_url.trim_end_matches('/')));
        }
        let spec = self.read(|board| board.spec(id))?;
        let of = |source: &SourceId| {
            self.newest(&spec, source).unwrap_or_else(|error| {
                tracing::error!(source.id = %source, %error, "the articles of a feed could not be read");
                Vec::new()
            })
        };
        let mut read: Vec<Vec<_>> = spec.choice.sources.iter().map(of).collect();
        read.push(self.first_told(&spec, &read.concat()));
        let entries = feed::select(&spec, read.clone());
        // The addresses of a private feed's past would need its key, which stands in no feed.
        let older = if spec.private { None } else { archive::onward(&spec, &entries, read.concat()) };
        let mut document = feed::document(&spec, &self.title(&spec), &self.base_url, entries);
        document.older = older;
        document.hub = self.hub().filter(|_| !spec.private);
        let card = Card { entries: document.entries.len() as u64, updated: document.updated };
        self.change(|board| {
            board.cards.insert(id.clone(), card);
        });
        Some(document)
    }

    /// The newest articles of a source, as many as a feed may show and one more, which tells whether there is a past.
    fn newest(&self, spec: &FeedSpec, source: &SourceId) -> Result<Vec<Arc<Article>>, store::Error> {
        let choice = &spec.choice;
        // Most feeds show their length and no more, and reading all that they might show is most of the work of making them. What is
        // left out or joined is not known before it is read.
        if choice.filter == Filter::default() && choice.twins == Twins::Off {
            let few = self.store.articles(source, choice.length + 1, None)?;
            if few.len() <= choice.length || !feed::may_show_more(&few, source, choice.length) {
                return Ok(few);
            }
        }
        self.store.articles(source, window(spec) + 1, None)
    }

    /// The articles of the feed that told the stories of `articles` first and lie too far back to be among them: without them a
    /// twin that never was shown would show.
    fn first_told(&self, spec: &FeedSpec, articles: &[Arc<Article>]) -> Vec<Arc<Article>> {
        if spec.choice.twins != Twins::Join {
            return Vec::new();
        }
        let here: HashSet<ArticleKey> = articles.iter().map(|article| article.key).collect();
        let away: BTreeSet<ArticleKey> =
            articles.iter().filter_map(|article| article.twin_of).filter(|first| !here.contains(first)).collect();
        let ours = |article: &Article| spec.choice.sources.iter().any(|source| article.seen_by(source));
        let first = away.iter().filter_map(|key| match self.store.article(key) {
            Ok(Some(Known::Article(article))) if ours(&article) => Some(article),
            _ => None,
        });
        first.collect()
    }

    pub(super) fn read<T>(&self, ask: impl FnOnce(&Board) -> T) -> T {
        ask(&self.board.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Board)) {
        let mut board = self.board.write().unwrap_or_else(PoisonError::into_inner);
        board.status = None;
        change(&mut board);
    }
}

impl serve::Library for Library {
    fn at_hand(&self, id: &FeedId, format: Format) -> Option<Arc<Rendered>> {
        self.shelf.get(id, format)
    }

    fn feed(&self, id: &FeedId, format: Format) -> Option<Arc<Rendered>> {
        self.shelf.get_or_load(id, format, || Some(format.render(&self.make(id)?)))
    }

    fn document(&self, id: &FeedId) -> Option<Arc<Document>> {
        self.make(id).map(Arc::new)
    }

    fn news(&self, id: &FeedId, format: Format, etag: &str) -> Option<Vec<u8>> {
        Some(format.write(&self.shelf.news(self.make(id)?, etag)?))
    }

    fn archive(&self, id: &FeedId, first: &ArticleKey, format: Format) -> Option<Rendered> {
        let spec = self.read(|board| board.spec(id))?;
        let Ok(Some(Known::Article(article))) = self.store.article(first) else { return None };
        let until = archive::arrival(&spec, &article)?;
        // Any source may have shown the whole page and the one article behind it.
        let of = |source: &SourceId| self.store.articles_until(source, archive::MOST, until).unwrap_or_default();
        let mut read: Vec<_> = spec.choice.sources.iter().flat_map(of).collect();
        read.extend(self.first_told(&spec, &read));
        let (entries, older) = archive::page(&spec, article.key, read)?;
        let mut document = feed::document(&spec, &self.title(&spec), &self.base_url, entries);
        (document.archive, document.older) = (Some(article.key), older.filter(|_| !spec.private));
        Some(format.render(&document))
    }

    fn key(&self, id: &FeedId) -> Option<Arc<str>> {
        self.read(|board| match id.as_str() == FeedId::HEALTH {
            // It names the sources, as `/` does.
            true => board.token.clone().filter(|_| board.guarded),
            false => board.token.clone().filter(|_| board.is_private(id) == Some(true)),
        })
    }

    fn token(&self) -> Option<Arc<str>> {
        self.read(|board| board.token.clone())
    }

    fn guarded(&self) -> bool {
        self.read(|board| board.guarded)
    }

    fn opml(&self) -> Arc<Rendered> {
        let status = self.status();
        let public = status.feeds.iter().filter(|feed| self.key(&feed.id).is_none());
        let outlines: Vec<_> =
            public.map(|feed| opml::Outline { id: feed.id.clone(), title: feed.title.clone() }).collect();
        Arc::new(Rendered::new(opml::write(&self.base_url, &outlines), "text/x-opml; charset=utf-8", None))
    }

    fn status(&self) -> Arc<Status> {
        if let Some(status) = self.read(|board| board.status.clone()) {
            return status;
        }
        self.look_at_rest();
        let health = self.store.health();
        let line = |cause: &str, cure: &str| format!("{cause}: {cure}");
        let mut board = self.board.write().unwrap_or_else(PoisonError::into_inner);
        let mut status = board.snapshot(health.fault.map(|(cause, cure)| line(&cause, &cure)));
        status.store_rescues = health.rescues.iter().map(|rescue| line(&rescue.cause, &rescue.cure)).collect();
        let status = Arc::new(status);
        board.status = Some(status.clone());
        status
    }

    fn fresh_for(&self, id: &FeedId) -> Duration {
        let next = self.read(|board| {
            let spec = board.spec(id)?;
            if let Some(digest) = &spec.digest {
                return feed::digest::next(digest, self.clock.now());
            }
            spec.choice.sources.iter().filter_map(|source| board.rows.get(source)?.next_due).min()
        });
        let left = next.and_then(|next| Duration::try_from(next.duration_since(self.clock.now())).ok());
        left.unwrap_or_default().max(LEAST_FRESH)
    }

    fn ready(&self) -> bool {
        true
    }

    fn search(&self, words: &[String], most: usize) -> Vec<Arc<Article>> {
        let mut found = self.store.search(&words.join(" "), most).unwrap_or_default();
        // What only private sources have shown is for nobody who has no key; nor is what no source shows any more.
        let public = |article: &Article, board: &Board| {
            let row = |source: &SourceId| board.rows.get(source);
            article.sightings.iter().any(|sighting| row(&sighting.source).is_some_and(|row| !row.source().private))
        };
        self.read(|board| found.retain(|article| public(article, board)));
        found
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn links(&self, id: &FeedId, format: Format) -> Option<String> {
        let hub = self.hub().filter(|_| self.key(id).is_none())?;
        Some(format!("<{hub}>; rel=\"hub\", <{}>; rel=\"self\"", self.topic(id, format)))
    }

    fn wish(&self, wish: Wish) -> Taken {
        if self.hub_choice() != config::Hub::Own {
            return Taken::NoHub;
        }
        let name = wish.topic.strip_prefix(&self.base_url).and_then(|path| path.strip_prefix("/feeds/"));
        let topic = name
            .and_then(|name| name.rsplit_once('.'))
            .and_then(|(id, extension)| Some((id.parse::<FeedId>().ok()?, Format::from_extension(extension)?)));
        match topic.filter(|(id, _)| self.key(id).is_none() && self.read(|board| board.is_private(id).is_some())) {
            Some(topic) => self.desk.wish(topic, wish),
            None => Taken::NoTopic,
        }
    }

    fn figures_beside_feeds(&self) -> bool {
        self.read(|board| board.metrics)
    }

    fn figures(&self) -> String {
        let (status, now) = (self.status(), self.clock.now());
        let late = status.sources.iter().filter_map(|source| source.next_due).min();
        let lag = late.map_or(0.0, |due| now.duration_since(due).as_secs_f64().max(0.0));
        self.meter.write(&status, &self.store.health(), lag)
    }

    fn answered(&self, status: StatusCode) {
        self.meter.answered(status);
    }
}

/// How many articles of each source are read for a feed.
pub(super) fn window(spec: &FeedSpec) -> usize {
    spec.choice.length.max(WINDOW)
}
