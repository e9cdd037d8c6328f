//! [`FeedSpec`]: what a feed shows. [`Document`]: a feed ready to be written in any format.

use std::{sync::Arc, time::Duration};

use jiff::{
    Timestamp,
    civil::{Time, Weekday},
    tz::TimeZone,
};

use super::{Article, ArticleKey, FeedId, Filter, SourceId};

/// By what a feed's entries are ordered, newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// The published date.
    #[default]
    Published,
    /// When the article was first seen.
    FirstSeen,
    /// When its text last changed.
    Updated,
}

/// What a feed does with articles that tell one story.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Twins {
    /// One of them is shown, and says where else the story is told.
    Join,
    /// All are shown, and each says where else the story is told.
    Mark,
    /// All are shown as they are.
    #[default]
    Off,
}

/// How a feed chooses among its sources' articles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// The sources, in the order in which the file names them.
    pub sources: Vec<SourceId>,
    /// Least number of entries, where there are as many; what came within a day of the newest is shown besides.
    pub length: usize,
    /// Order of entries.
    pub sort: Sort,
    /// Which articles are kept and what is rewritten in them.
    pub filter: Filter,
    /// The names of sources that have one, for rewriting.
    pub names: Vec<(SourceId, String)>,
    /// What is done with articles that tell one story.
    pub twins: Twins,
    /// Sources of whose edits readers are not told.
    pub silent: Vec<SourceId>,
    /// Sources in the order of trust: of twins that come together the first one's is shown.
    pub trust: Vec<SourceId>,
}

/// Articles gathered into one entry a day, or a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The day of the week at which it is due; every day where absent.
    pub weekday: Option<Weekday>,
    /// The hour at which it is due.
    pub at: Time,
    /// Where clocks show that hour.
    pub zone: TimeZone,
    /// Which articles are gathered.
    pub of: Choice,
}

/// What a feed shows and says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSpec {
    /// Its id, the file name in its URL.
    pub id: FeedId,
    /// Its title, where the file names one.
    pub name: Option<String>,
    /// The page for people: the first source's URL.
    pub link: String,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// The interval at which readers need ask (RSS `ttl`).
    pub every: Duration,
    /// Which articles it shows.
    pub choice: Choice,
    /// Where it gathers the articles of a day into one entry: what and when. `choice` shows those entries then. Boxed, since
    /// few feeds have one.
    pub digest: Option<Box<Digest>>,
    /// Whether it is served only to those who have the token.
    pub private: bool,
}

/// One entry of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What it shows.
    pub article: Arc<Article>,
}

/// A feed ready to be written. Everything in it comes from the configuration and the articles, never from the clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its id.
    pub id: FeedId,
    /// Public id, `urn:uuid:…`, made from `id` alone.
    pub urn: String,
    /// Title.
    pub title: String,
    /// The page for people.
    pub link: String,
    /// Where this server is reached, without a final slash; self links start with it.
    pub base_url: String,
    /// The article that begins this page of the feed's past; absent where this is the feed as it is now.
    pub archive: Option<ArticleKey>,
    /// The article that begins the next older page of its past, if there is one.
    pub older: Option<ArticleKey>,
    /// The WebSub hub that tells of its changes.
    pub hub: Option<Arc<str>>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Interval at which readers need ask.
    pub every: Duration,
    /// The latest change among its entries; absent while there is none.
    pub updated: Option<Timestamp>,
    /// In the order shown.
    pub entries: Vec<Entry>,
}
