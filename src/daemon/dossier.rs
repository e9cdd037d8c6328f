//! [`Dossier`]: all that is known of one article, gathered from the store and the feeds' specifications.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::library;
use crate::feed;
use crate::harvest::Likeness;
use crate::model::{Article, ArticleKey, FeedId, FeedSpec, Outcome, Sighting, SourceId};
use crate::reading::url::canonical;
use crate::store::{Error, Known, Store};

/// What looking for an article came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It is stored.
    Stored(Box<Dossier>),
    /// It was stored once, and retention removed it: it is not new when a page lists it again.
    Removed {
        /// Its identity.
        key: ArticleKey,
        /// When it was first seen.
        first_seen: Timestamp,
    },
    /// No source has shown it under this name.
    Unknown,
}

/// All that is known of a stored article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// The article itself.
    pub article: Article,
    /// Where it was seen, the first first.
    pub seen: Vec<Seen>,
    /// The feeds that may show it, in the file's order.
    pub feeds: Vec<Shown>,
    /// The articles that tell its story, those that a person told apart from it, and those that are most like it.
    pub alike: Vec<Likeness>,
}

/// What is known of one sighting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The sighting.
    pub sighting: Sighting,
    /// Whether the page listed it when it was last read.
    pub listed: bool,
    /// When the source was last visited, and how that ended.
    pub last: Option<(Timestamp, Outcome)>,
}

/// A feed that has a source of the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The feed.
    pub feed: FeedId,
    /// Its title, where the file names one.
    pub name: Option<String>,
    /// The article's place in it, from 0; absent where newer ones fill the feed.
    pub place: Option<usize>,
    /// Entries that the feed shows.
    pub entries: usize,
    /// Which of the feed's rules keeps it or leaves it out, in words.
    pub ruling: Option<String>,
    /// The entry that tells its story in this feed, where it is another one.
    pub told_by: Option<ArticleKey>,
}

/// Where an article is looked for.
pub struct Archive<'a> {
    /// What is stored.
    pub store: &'a Store,
    /// What the feeds show.
    pub specs: &'a [Arc<FeedSpec>],
    /// What is like an article.
    pub alike: &'a dyn Fn(&Article) -> Result<Vec<Likeness>, Error>,
}

impl Archive<'_> {
    /// Looks for the article that `what` names: an id in any of its forms, or an address.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn find(&self, what: &str) -> Result<Finding, Error> {
        Ok(match find(self.store, self.specs, what)? {
            Found::Article(article) => Finding::Stored(Box::new(self.dossier(&article)?)),
            Found::Removed { key, first_seen } => Finding::Removed { key, first_seen },
            Found::Nothing => Finding::Unknown,
        })
    }

    fn dossier(&self, article: &Article) -> Result<Dossier, Error> {
        let (store, specs) = (self.store, self.specs);
        let mut seen = Vec::with_capacity(article.sightings.len());
        for sighting in &article.sightings {
            let history = store.history(&sighting.source)?;
            seen.push(Seen {
                sighting: sighting.clone(),
                listed: history
                    .as_ref()
                    .is_some_and(|history| history.pages.values().any(|page| page.listed.contains(&article.key))),
                last: history.and_then(|history| history.last).map(|report| (report.at, report.outcome)),
            });
        }
        seen.sort_by_key(|seen| seen.sighting.first);
        let mut feeds = Vec::new();
        for spec in specs.iter().filter(|spec| spec.choice.sources.iter().any(|source| article.seen_by(source))) {
            let limit = library::window(spec);
            let lists = spec.choice.sources.iter().map(|source| store.articles(source, limit, None));
            let entries = feed::select(spec, lists.collect::<Result<_, _>>()?);
            feeds.push(Shown {
                feed: spec.id.clone(),
                name: spec.name.clone(),
                place: entries.iter().position(|entry| entry.article.key == article.key),
                entries: entries.len(),
                ruling: feed::ruling(&spec.choice, article),
                told_by: entries
                    .iter()
                    .map(|entry| &entry.article)
                    .find(|other| other.key != article.key && story(other) == story(article))
                    .map(|other| other.key),
            });
        }
        Ok(Dossier { article: article.clone(), seen, feeds, alike: (self.alike)(article)? })
    }
}

/// What is stored under a name that people use.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The article.
    Article(Arc<Article>),
    /// Retention removed it.
    Removed {
        /// Its identity.
        key: ArticleKey,
        /// When it was first seen.
        first_seen: Timestamp,
    },
    /// No source has shown it under this name.
    Nothing,
}

/// The article that `what` names: an id in any of its forms, or an address.
///
/// # Errors
/// Where the store cannot be read.
pub fn find(store: &Store, specs: &[Arc<FeedSpec>], what: &str) -> Result<Found, Error> {
    let mut buried = None;
    for key in keys(specs, what.trim()) {
        match store.article(&key)? {
            Some(Known::Article(article)) => return Ok(Found::Article(article)),
            Some(Known::Buried { first_seen }) => buried = buried.or(Some(Found::Removed { key, first_seen })),
            None => {}
        }
    }
    // Where a source names other fields as its identity, the address makes no key.
    match store.find_url(what.trim())? {
        Some(article) => Ok(Found::Article(article)),
        None => Ok(buried.unwrap_or(Found::Nothing)),
    }
}

/// The keys under which it may be stored: private sources keep theirs apart from the rest, each in a scope of its own.
fn keys(specs: &[Arc<FeedSpec>], what: &str) -> Vec<ArticleKey> {
    if let Ok(key) = what.parse() {
        return vec![key];
    }
    let Ok(url) = Url::parse(what) else { return Vec::new() };
    let url = canonical(&url);
    let private = specs.iter().filter(|spec| spec.private).flat_map(|spec| &spec.choice.sources);
    let scopes = std::iter::once("").chain(private.map(SourceId::as_str));
    scopes.map(|scope| ArticleKey::of(scope, &[url.as_str()])).collect()
}

fn story(article: &Article) -> ArticleKey {
    article.twin_of.unwrap_or(article.key)
}
