//! Articles by what they say: by their words, their address, their story. Each reads every article; nothing here is asked often.

use std::{cmp::Reverse, ops::ControlFlow, sync::Arc};

use super::{
    Error, Store,
    index::{Index, Row},
    schema,
};
use crate::model::{Article, ArticleKey};

impl Store {
    /// The article whose link is `url`, as the page gave it. It reads every article: for people who ask, not for visits.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn find_url(&self, url: &str) -> Result<Option<Arc<Article>>, Error> {
        Ok(self.select(1, &|article| article.url == url)?.pop())
    }

    /// The newest articles whose title holds every word of `text`, whatever the case; `limit` at most. It reads every article.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Arc<Article>>, Error> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let wanted = |article: &Article| {
            let title = article.title.to_lowercase();
            words.iter().all(|word| title.contains(word))
        };
        let newest = |found: &mut Vec<Arc<Article>>| {
            found.sort_by_key(|article| (Reverse(article.published.at), article.key));
            found.truncate(limit);
        };
        self.shared.ask(|index| {
            let mut found = Vec::new();
            each(index, &mut |article| {
                if wanted(&article) {
                    found.push(Arc::new(article));
                }
                // What will not be shown is not kept.
                if found.len() > limit.saturating_mul(2) {
                    newest(&mut found);
                }
                ControlFlow::Continue(())
            })?;
            newest(&mut found);
            Ok(found)
        })
    }

    /// The articles that tell the story of `story`, itself not among them. It reads every article.
    ///
    /// # Errors
    /// As [`Store::known`].
    pub fn twins_of(&self, story: &ArticleKey) -> Result<Vec<Arc<Article>>, Error> {
        self.select(usize::MAX, &|article| article.twin_of.as_ref() == Some(story))
    }

    fn select(&self, limit: usize, wanted: &dyn Fn(&Article) -> bool) -> Result<Vec<Arc<Article>>, Error> {
        self.shared.ask(|index| {
            let mut found = Vec::new();
            each(index, &mut |article| {
                if wanted(&article) {
                    found.push(Arc::new(article));
                }
                if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            Ok(found)
        })
    }
}

/// Reads every article until `look` has seen enough.
fn each(index: &Index, look: &mut dyn FnMut(Article) -> ControlFlow<()>) -> Result<(), Error> {
    index.marks(&mut |key, mark| match index.fetch(&key, mark)? {
        Row::Article(sealed) => Ok(look(schema::open_article(&key, &sealed)?)),
        Row::Grave(..) => Ok(ControlFlow::Continue(())),
    })
}
