//! [`Draft`]: an item made absolute, dated and clean; not yet known to the store.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{ArticleKey, Moment, SourceId};

/// HTML that `reading::clean` has passed: allow-listed elements and attributes, absolute http, https and mailto URLs only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// Vouches that `html` came out of the cleaner, or out of the store that only takes clean HTML.
    pub fn vouched(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The form of a URL that serves identity alone, made by `reading::url::canonical`; never shown to readers as a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CanonicalUrl(String);

impl CanonicalUrl {
    /// Vouches that `text` is in canonical form.
    pub fn vouched(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An item made absolute, dated and clean.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The source whose page showed it.
    pub source: SourceId,
    /// Its place on the page, from 0.
    pub place: u32,
    /// Its identity.
    pub key: ArticleKey,
    /// Other identities under which it may be known already (a foreign feed's guid).
    pub aliases: Vec<ArticleKey>,
    /// The page's own URL for it, joined; what readers follow.
    pub url: Url,
    /// Plain text, in one line.
    pub title: String,
    /// Whether the page cut the title (it ends in "…").
    pub title_cut: bool,
    /// The date that the page gives, if one could be read.
    pub published: Option<Moment>,
    /// Clean HTML or escaped text.
    pub summary: Option<CleanHtml>,
    /// The article itself.
    pub content: Option<CleanHtml>,
    /// Absolute http or https URL.
    pub image: Option<Url>,
    /// Plain text, a name each.
    pub authors: Vec<String>,
    /// Plain text.
    pub categories: Vec<String>,
    /// Plain text.
    pub outlet: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
}
