//! [`Article`]: a draft that the store knows, with everything that never changes again, and its [`Sighting`]s.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ArticleKey, CleanHtml, Moment, SourceId};

/// That a source showed the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// The source.
    pub source: SourceId,
    /// Its place on the page, from 0, when first seen there.
    pub place: u32,
    /// When that source first showed it.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub first: Timestamp,
}

/// A stored article. The key never changes; `published` may gain precision within its day or replace first sight once, and never moves after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Its identity and public id.
    pub key: ArticleKey,
    /// Its link, as the page gave it.
    pub url: String,
    /// Plain text.
    pub title: String,
    /// Whether the page cut the title.
    pub title_cut: bool,
    /// When it was published, or first seen where no page says.
    pub published: Moment,
    /// When it was first seen.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub first_seen: Timestamp,
    /// When its text last changed; `first_seen` if never.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub updated: Timestamp,
    /// How often its text changed.
    pub revision: u32,
    /// Clean HTML.
    pub summary: Option<CleanHtml>,
    /// Clean HTML of the whole article.
    pub content: Option<CleanHtml>,
    /// Absolute http or https URL.
    pub image: Option<String>,
    /// Plain text, a name each.
    pub authors: Vec<String>,
    /// Plain text.
    pub categories: Vec<String>,
    /// Plain text.
    pub outlet: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Later identities that mean this article too.
    pub aliases: Vec<ArticleKey>,
    /// The first article that told the same story, where another did; it never changes once it is set, but a person may undo it.
    pub twin_of: Option<ArticleKey>,
    /// Whether that was found only once readers had the article, when its text came: it stays shown then.
    pub twin_late: bool,
    /// The articles that a person told apart from it, for good: it never tells their story again.
    pub apart: Vec<ArticleKey>,
    /// The sources that showed it; the first is the one whose fields these are. Never empty.
    pub sightings: Vec<Sighting>,
}

impl Article {
    /// The source that gave the fields: the first to show it.
    pub fn owner(&self) -> Option<&SourceId> {
        self.sightings.first().map(|sighting| &sighting.source)
    }

    /// Whether `source` has shown it.
    pub fn seen_by(&self, source: &SourceId) -> bool {
        self.sightings.iter().any(|sighting| &sighting.source == source)
    }
}
