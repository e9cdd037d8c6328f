//! [`Stories`]: which new article tells a story that another told before.
//!
//! The sketches of the last days are in memory only. The first article that is judged after the start fills them from the store.
//!
//! Invariant: looking a story up and adding it is one step, so that of two twins that come at once one is the first.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::dedup::near::{Near, Settings, Sketch};
use crate::model::{Article, ArticleKey};
use crate::reading::clean;
use crate::store::{self, Known, Store};

/// Articles of one source that are read from the store at the start.
const MOST: usize = 20_000;

/// The stories of the last days.
#[derive(Debug, Default)]
pub(super) struct Stories {
    near: Mutex<Option<Near>>,
}

impl Stories {
    /// The article that told the story of the new `article` first, if another did; and remembers what it tells.
    pub(super) fn told_before(
        &self,
        store: &Store,
        article: &Article,
        now: Timestamp,
    ) -> Result<Option<ArticleKey>, store::Error> {
        let sketch = sketch(article);
        let mut near = self.near.lock().unwrap_or_else(PoisonError::into_inner);
        let near = match &mut *near {
            Some(near) => near,
            empty => empty.insert(from_store(store, now)?),
        };
        near.forget_before(since(now));
        let found = near.nearest(&sketch, article.published.at);
        let story = match found {
            // The same title twice in one source is two articles of a series; in two sources it is one story.
            Some(found) if found.evidence.text.is_none() && same_source(store, &found.key, article)? => None,
            found => found.map(|found| found.story),
        };
        if let (Some(found), Some(story)) = (found, story) {
            tracing::debug!(article.id = %article.key, story.id = %story, twin.id = %found.key, twin.score = found.score, "a twin");
        }
        near.insert(article.key, story.unwrap_or(article.key), article.published.at, &sketch);
        Ok(story)
    }
}

fn from_store(store: &Store, now: Timestamp) -> Result<Near, store::Error> {
    let mut near = Near::new(Settings::default());
    for source in store.sources_known()? {
        let articles = store.articles(&source.id, MOST, Some(since(now))).unwrap_or_else(|error| {
            tracing::warn!(source.id = %source.id, %error, "its articles could not be read: twins of them will not be told");
            Vec::new()
        });
        for article in articles {
            // What several sources showed is read once: with the one that showed it first.
            if article.owner() == Some(&source.id) {
                let story = article.twin_of.unwrap_or(article.key);
                near.insert(article.key, story, article.published.at, &sketch(&article));
            }
        }
    }
    near.forget_before(since(now));
    Ok(near)
}

/// From when on stories are remembered: the window, and a day for dates that are no more exact.
fn since(now: Timestamp) -> Timestamp {
    now.saturating_sub(Settings::default().window + SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN)
}

fn same_source(store: &Store, key: &ArticleKey, article: &Article) -> Result<bool, store::Error> {
    Ok(match store.article(key)? {
        Some(Known::Article(known)) => known.owner() == article.owner(),
        _ => false,
    })
}

fn sketch(article: &Article) -> Sketch {
    let text = article.content.as_ref().or(article.summary.as_ref()).map(clean::to_text);
    Sketch::of(&article.title, &text.unwrap_or_default())
}
