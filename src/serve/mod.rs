//! Documents over HTTP.
//!
//! [`Library`] is what the server asks for everything it shows; [`App`] turns a request into an answer ([`routes`] tells which),
//! [`listen::run`] accepts connections within [`listen::Limits`].
//! Every answer is made without a write anywhere, and no answer repeats a byte of its request.

mod access;
mod answer;
mod conditional;
mod encoding;
mod feed_page;
mod feeds;
mod health;
pub mod hub;
pub mod listen;
mod page;
mod rooms;
pub mod routes;
mod sparkline;
mod status;
mod watch;

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use jiff::Timestamp;

use crate::feed::{Format, Rendered};
use crate::model::{Article, ArticleKey, Document, FeedId, Status};

pub use answer::Answer;
pub use listen::Listener;
pub use routes::App;

/// What the server shows: the daemon's snapshot of feeds, articles and states.
pub trait Library: Send + Sync + 'static {
    /// The feed if it is in memory. Called for every request on the server's own threads, so it must not block.
    fn at_hand(&self, id: &FeedId, format: Format) -> Option<Arc<Rendered>>;
    /// The feed, rendered if need be; nothing if there is no such feed. May read the store: called where blocking is allowed.
    fn feed(&self, id: &FeedId, format: Format) -> Option<Arc<Rendered>>;
    /// The feed before it is written, for its page. May block.
    fn document(&self, id: &FeedId) -> Option<Arc<Document>>;
    /// The feed's bytes with only the entries that the representation with the entity tag `etag` did not hold; nothing where the
    /// whole feed is to be sent. May block.
    fn news(&self, _id: &FeedId, _format: Format, _etag: &str) -> Option<Vec<u8>> {
        None
    }
    /// The page of the feed's past that begins with this article. May block.
    fn archive(&self, _id: &FeedId, _first: &ArticleKey, _format: Format) -> Option<Rendered> {
        None
    }
    /// What the address of a private feed must hold, as `?key=…`; nothing for a public one. Must not block.
    ///
    /// Without it the feed is answered like one that does not exist, and no page names it.
    fn key(&self, _id: &FeedId) -> Option<Arc<str>> {
        None
    }
    /// The token that opens what is private, where there is one. Must not block.
    fn token(&self) -> Option<Arc<str>> {
        None
    }
    /// Whether `/` and the OPML file are for those alone who show the token. Must not block.
    fn guarded(&self) -> bool {
        false
    }
    /// The list of all public feeds as OPML.
    fn opml(&self) -> Arc<Rendered>;
    /// How sources and feeds are. Must not block.
    fn status(&self) -> Arc<Status>;
    /// Time until the next visit that could change the feed.
    fn fresh_for(&self, id: &FeedId) -> Duration;
    /// Whether the store is open and requests can be answered.
    fn ready(&self) -> bool;
    /// At most `most` stored articles of public sources whose titles hold every one of `words`, newest first. May block.
    fn search(&self, words: &[String], most: usize) -> Vec<Arc<Article>>;
    /// The `Link` header of a feed: its hub and its own address; nothing where there is no hub.
    fn links(&self, _id: &FeedId, _format: Format) -> Option<String> {
        None
    }
    /// Takes a subscriber's wish. Must not block.
    fn wish(&self, _wish: hub::Wish) -> hub::Taken {
        hub::Taken::NoHub
    }
    /// Whether figures are shown beside the feeds. Must not block.
    fn figures_beside_feeds(&self) -> bool {
        false
    }
    /// Figures in Prometheus' text format. May block.
    fn figures(&self) -> String {
        String::new()
    }
    /// The address of a feed's file was answered with this status. Must not block.
    fn answered(&self, _status: StatusCode) {}
    /// The daemon's clock, for what pages say of the past and the next hours.
    fn now(&self) -> Timestamp;
}
