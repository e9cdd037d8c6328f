//! [`Opened`]: articles that were read out of the journal and opened lately, as many as a number of bytes allows.
//!
//! A visit asks for the same articles several times: whether the page was redesigned, what is known of each that it shows, which of
//! them moved. The feed that is asked for next shows them. To read, check and open each anew took longer than judging them.
//!
//! Invariant: what is kept is what the journal has at that place. A record never changes, and each index begins with nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::model::Article;
use crate::store::{Error, schema::Body};

/// Bytes that all of them may take: what some visits at once and their feeds ask for.
const MOST: usize = 2 << 20;

/// Articles opened lately.
#[derive(Debug, Default)]
pub(super) struct Opened(Mutex<Kept>);

/// Those that were asked for since the last half of [`MOST`] was full, and those of the time before.
#[derive(Debug, Default)]
struct Kept {
    young: HashMap<[u8; 16], (Body, Arc<Article>)>,
    old: HashMap<[u8; 16], (Body, Arc<Article>)>,
    weight: usize,
}

impl Opened {
    /// The article with this key at `body`: one that is kept, else as `open` gives it.
    pub(super) fn get_or_open(
        &self,
        key: &[u8; 16],
        body: &Body,
        open: impl FnOnce() -> Result<Article, Error>,
    ) -> Result<Arc<Article>, Error> {
        if let Some(article) = self.lock().get(key, body) {
            return Ok(article);
        }
        let article = Arc::new(open()?);
        self.lock().put(*key, *body, article.clone());
        Ok(article)
    }

    /// The data is right after every step, so poison means nothing.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn get(&mut self, key: &[u8; 16], body: &Body) -> Option<Arc<Article>> {
        if let Some((_, article)) = self.young.get(key).filter(|(place, _)| place == body) {
            return Some(article.clone());
        }
        let (_, article) = self.old.remove(key).filter(|(place, _)| place == body)?;
        self.put(*key, *body, article.clone());
        Some(article)
    }

    fn put(&mut self, key: [u8; 16], body: Body, article: Arc<Article>) {
        let weight = weight(&article);
        if weight > MOST / 4 {
            return;
        }
        self.weight += weight;
        if self.weight > MOST / 2 {
            self.weight = weight;
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, (body, article));
    }
}

/// About as many bytes as an article takes.
fn weight(article: &Article) -> usize {
    let html = [&article.summary, &article.content].into_iter().flatten().map(|html| html.as_str().len());
    2 * size_of::<Article>() + article.url.len() + article.title.len() + html.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(seq: u64) -> Body {
        Body { seq, at: 0, len: 100 }
    }

    /// Asks for an article with a text of so many bytes; whether it was opened.
    fn ask(opened: &Opened, key: u8, seq: u64, bytes: usize) -> bool {
        let mut asked = false;
        let mut article = crate::store::tests::article("news", key.into(), 1_700_000_000);
        article.summary = Some(crate::model::CleanHtml::vouched("x".repeat(bytes)));
        let got = opened.get_or_open(&[key; 16], &body(seq), || {
            asked = true;
            Ok(article.clone())
        });
        assert_eq!(*got.unwrap(), article);
        asked
    }

    #[test]
    fn an_article_is_opened_once_and_anew_where_it_was_written_anew() {
        let opened = Opened::default();
        assert!(ask(&opened, 1, 1, 10));
        assert!(!ask(&opened, 1, 1, 10));
        assert!(ask(&opened, 1, 2, 20));
        assert!(!ask(&opened, 1, 2, 20));
        let refused = opened.get_or_open(&[2; 16], &body(1), || Err(Error::Damaged("the test".to_owned())));
        assert!(refused.is_err() && ask(&opened, 2, 1, 10), "what failed is not kept");
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let opened = Opened::default();
        for key in 0..40 {
            assert!(ask(&opened, key, 1, MOST / 10));
            assert!(!ask(&opened, 0, 1, MOST / 10) || key == 0);
        }
        let kept = opened.lock();
        let bytes: usize = kept.young.values().chain(kept.old.values()).map(|(_, article)| weight(article)).sum();
        assert!(bytes <= MOST);
        drop(kept);
        assert!(ask(&opened, 1, 1, MOST / 10));
    }

    #[test]
    fn one_that_is_too_large_does_no_harm() {
        let opened = Opened::default();
        ask(&opened, 2, 1, 10);
        assert!(ask(&opened, 1, 1, MOST) && ask(&opened, 1, 1, MOST));
        assert!(!ask(&opened, 2, 1, 10));
    }
}
