//! A wrong join of twins undone, because a person says so: each article tells its own story again, and the mark that keeps them
//! apart is stored with both.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::task;

use super::{Harvest, stories::Stories};
use crate::model::{Article, ArticleKey, SourceId};
use crate::store::{self, Known, Store, Visit};

/// What telling an article apart came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// It tells a story of its own now; these are the articles that it was joined with.
    Apart {
        /// Their ids.
        from: Vec<ArticleKey>,
        /// The sources whose feeds show something else now.
        touched: BTreeSet<SourceId>,
    },
    /// It was joined with none.
    Alone,
    /// No such article is stored.
    Unknown,
}

impl Harvest {
    /// Undoes the join of the article `key` with others, for good. While it lasts, no visit judges any of them.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    pub async fn split(&self, key: ArticleKey, now: Timestamp) -> Result<Split, store::Error> {
        let (store, stories) = (self.store.clone(), self.stories.clone());
        let looked = task::spawn_blocking(move || story(&store, &key)).await;
        let keys = match looked {
            Ok(found) => found?.map_or_else(Vec::new, |story| {
                std::iter::once(story.article.key).chain(story.others.iter().map(|other| other.key)).collect()
            }),
            Err(_) => Vec::new(),
        };
        let _claim = self.claims.take(keys).await;
        let waits = self.stories.clone();
        let _turn = waits.turn().await;
        let store = self.store.clone();
        let split = task::spawn_blocking(move || tell_apart(&store, &stories, &key, now)).await;
        split.unwrap_or_else(|_| Err(store::Error::Refused("telling them apart failed: a defect of tearsheet".into())))
    }
}

/// The same where no visit can come between, since no daemon runs.
///
/// # Errors
/// Where the store cannot be read or written.
pub fn split(store: &Store, key: &ArticleKey, now: Timestamp) -> Result<Split, store::Error> {
    tell_apart(store, &Stories::default(), key, now)
}

/// An article and those that tell its story.
pub(super) struct Story {
    pub(super) article: Arc<Article>,
    /// The first to come first.
    pub(super) others: Vec<Arc<Article>>,
}

/// The story of the article `key`.
pub(super) fn story(store: &Store, key: &ArticleKey) -> Result<Option<Story>, store::Error> {
    let Some(Known::Article(article)) = store.article(key)? else { return Ok(None) };
    let head = article.twin_of.unwrap_or(article.key);
    let mut others = store.twins_of(&head)?;
    if let Some(Known::Article(head)) = store.article(&head)? {
        others.push(head);
    }
    others.retain(|other| other.key != article.key);
    others.sort_by_key(|other| (other.first_seen, other.key));
    Ok(Some(Story { article, others }))
}

fn tell_apart(store: &Store, stories: &Stories, key: &ArticleKey, now: Timestamp) -> Result<Split, store::Error> {
    let Some(Story { article, others }) = story(store, key)? else { return Ok(Split::Unknown) };
    let Some(first) = others.first().map(|other| other.key) else { return Ok(Split::Alone) };
    let from: Vec<ArticleKey> = others.iter().map(|other| other.key).collect();
    let headed = article.twin_of.is_none();
    let mut alone = Article::clone(&article);
    (alone.twin_of, alone.twin_late) = (None, false);
    alone.apart.extend(from.iter().copied().filter(|other| !article.apart.contains(other)));
    let mut written = vec![alone];
    for other in others {
        let mut other = Article::clone(&other);
        if headed {
            // The first of those that are left tells their story from now on.
            other.twin_of = (other.key != first).then_some(first);
        }
        if !other.apart.contains(&article.key) {
            other.apart.push(article.key);
        }
        written.push(other);
    }
    let touched = written.iter().flat_map(|one| &one.sightings).map(|sighting| sighting.source.clone()).collect();
    let Some(source) = article.owner().cloned() else { return Ok(Split::Unknown) };
    store.record(Visit { source, at: now, written: written.clone(), listed: Vec::new(), history: None })?;
    stories.told_apart(&written);
    Ok(Split::Apart { from, touched })
}
