//! What callers bring, [`Visit`], and what they get: [`Known`], [`SourceKnown`], [`Health`], [`Pulse`].

use std::sync::Arc;

use jiff::Timestamp;

use super::Rescue;
use crate::model::{Article, ArticleKey, History, SourceId};

/// What one visit brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The source that was visited.
    pub source: SourceId,
    /// When.
    pub at: Timestamp,
    /// Articles that are new or changed.
    pub written: Vec<Article>,
    /// The keys of all that the page lists now: retention never removes those. Empty leaves what was known.
    pub listed: Vec<ArticleKey>,
    /// What is to be remembered of the source's visits; absent leaves what was known.
    pub history: Option<History>,
}

/// What the store holds under a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// The article.
    Article(Arc<Article>),
    /// It was here and retention removed it: it is not new.
    Buried {
        /// When it was first seen.
        first_seen: Timestamp,
    },
}

impl Known {
    /// The article, unless it was removed.
    pub fn into_article(self) -> Option<Arc<Article>> {
        match self {
            Self::Article(article) => Some(article),
            Self::Buried { .. } => None,
        }
    }
}

/// A source that ever stored something, configured or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceKnown {
    /// Its id.
    pub id: SourceId,
    /// Its main address when it last stored something.
    pub url: String,
    /// Its articles.
    pub articles: u64,
}

/// Whether the store writes, and what became of it since it was last asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Why it only serves, and what cures that; absent while it writes.
    pub fault: Option<Rescue>,
    /// What was wrong and was cured since the last time.
    pub cured: Vec<Rescue>,
}

/// How the store is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// What is wrong and what cures it; absent while all is well.
    pub fault: Option<(String, String)>,
    /// What was wrong since the store was opened, then included, and was cured; the last twenty.
    pub rescues: Vec<Rescue>,
    /// Articles.
    pub articles: u64,
    /// Removed articles that are still remembered.
    pub removed: u64,
    /// Bytes of articles as stored.
    pub article_bytes: u64,
    /// Bytes of the journal.
    pub journal_bytes: u64,
    /// Bytes of the journal's copy.
    pub copy_bytes: u64,
    /// Bytes of the index on disk.
    pub index_bytes: u64,
    /// How often the journal was synced since the store was opened.
    pub syncs: u64,
}
