//! [`Verdict`]: what became of a draft, and why.

use super::{Article, ArticleKey};

/// What became of a draft. What it carries is what the store must write.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Never seen before.
    New(Article),
    /// Known, and something that readers see has changed.
    Changed(Article),
    /// Known, and only what readers do not see has changed: another source or alias, a more exact date.
    Noted(Article),
    /// Known; nothing to write.
    Seen(ArticleKey),
    /// Left out, with the reason in words.
    Dropped(String),
}

impl Verdict {
    /// The article to write, if there is one.
    pub fn written(&self) -> Option<&Article> {
        match self {
            Self::New(article) | Self::Changed(article) | Self::Noted(article) => Some(article),
            Self::Seen(_) | Self::Dropped(_) => None,
        }
    }

    /// The identity of the article that it is about, if there is one.
    pub fn key(&self) -> Option<ArticleKey> {
        match self {
            Self::New(article) | Self::Changed(article) | Self::Noted(article) => Some(article.key),
            Self::Seen(key) => Some(*key),
            Self::Dropped(_) => None,
        }
    }
}
