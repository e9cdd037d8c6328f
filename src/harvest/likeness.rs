//! [`Likeness`]: how alike an article and another are, and which rule joined them or did not; for people who ask why.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    split::story,
    stories::{Stories, evidence},
};
use crate::dedup::near::{Evidence, Search, Settings};
use crate::model::{Article, ArticleKey, SourceId};
use crate::store::{self, Known, Store};

/// Articles that are not twins and are told of, too.
const MOST_OTHERS: usize = 3;
/// The score below which two articles are not alike.
const LEAST: f32 = 0.1;

/// How alike an article and another are, as both are stored now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// The other.
    pub key: ArticleKey,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The source that showed it first.
    pub source: Option<SourceId>,
    /// Seconds between the two publications.
    pub seconds_apart: i64,
    /// Whether both tell one story.
    pub joined: bool,
    /// Whether a person told them apart.
    pub apart: bool,
    /// How alike they are, from 0 to 1.
    pub score: f32,
    /// What speaks for and against.
    pub evidence: Evidence,
    /// Whether the rules make them twins.
    pub twins: bool,
    /// The rule that says so.
    pub rule: String,
}

/// The articles that tell the story of `article` and those that are most like it, without a daemon's memory.
///
/// # Errors
/// Where the store cannot be read.
pub fn alike(store: &Store, twins: Search, article: &Article, now: Timestamp) -> Result<Vec<Likeness>, store::Error> {
    let stories = Stories::default();
    stories.set(twins, BTreeSet::new());
    among(&stories, store, article, now)
}

pub(super) fn among(
    stories: &Stories,
    store: &Store,
    article: &Article,
    now: Timestamp,
) -> Result<Vec<Likeness>, store::Error> {
    let (compared, settings) = stories.compared(store, article, now)?;
    let mut found = Vec::new();
    for other in story(store, &article.key)?.map(|story| story.others).unwrap_or_default() {
        found.push(Likeness { joined: true, ..likeness(article, &other, &settings) });
    }
    for key in &article.apart {
        if let Some(Known::Article(other)) = store.article(key)? {
            found.push(likeness(article, &other, &settings));
        }
    }
    let mut others = 0;
    for compared in compared.iter().filter(|compared| compared.score >= LEAST) {
        if others == MOST_OTHERS {
            break;
        }
        if found.iter().all(|known| known.key != compared.key)
            && let Some(Known::Article(other)) = store.article(&compared.key)?
        {
            found.push(likeness(article, &other, &settings));
            others += 1;
        }
    }
    Ok(found)
}

fn likeness(article: &Article, other: &Article, settings: &Settings) -> Likeness {
    let evidence = evidence(article, other);
    let ruling = evidence.ruling(&settings.thresholds);
    let seconds_apart = article.published.at.duration_since(other.published.at).as_secs().abs();
    let near = seconds_apart <= settings.window.as_secs();
    Likeness {
        key: other.key,
        title: other.title.clone(),
        url: other.url.clone(),
        source: other.owner().cloned(),
        seconds_apart,
        joined: false,
        apart: article.apart.contains(&other.key),
        score: evidence.score(),
        evidence,
        twins: ruling.twins && near,
        rule: if near { ruling.rule } else { "more time lies between them than `window`" }.to_owned(),
    }
}
