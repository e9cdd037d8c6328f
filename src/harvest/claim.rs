//! [`Claims`]: articles that a visit is judging. Two sources that list the same new article at the same moment would
//! both find it unknown and store it twice; so one waits for the other.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

use crate::model::ArticleKey;

/// The articles that are being judged.
#[derive(Debug, Default)]
pub(super) struct Claims {
    held: Mutex<HashSet<ArticleKey>>,
    freed: Notify,
}

/// A claim on some articles, given up when dropped.
#[derive(Debug)]
pub(super) struct Claim {
    claims: Arc<Claims>,
    keys: Vec<ArticleKey>,
}

impl Claims {
    /// Waits until no other claim holds any of `keys`, then holds all of them. All or none, so that no two wait for each other.
    pub(super) async fn take(self: &Arc<Self>, mut keys: Vec<ArticleKey>) -> Claim {
        keys.sort_unstable();
        keys.dedup();
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if self.try_take(&keys) {
                return Claim { claims: self.clone(), keys };
            }
            freed.await;
        }
    }

    fn try_take(&self, keys: &[ArticleKey]) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let free = keys.iter().all(|key| !held.contains(key));
        if free {
            held.extend(keys);
        }
        free
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut held = self.claims.held.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            held.remove(key);
        }
        drop(held);
        self.claims.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn who_shares_an_article_waits_and_others_do_not() {
        let claims = Arc::new(Claims::default());
        let key = |name| ArticleKey::of("", &[name]);
        let first = claims.take(vec![key("a"), key("b"), key("a")]).await;
        let other = claims.take(vec![key("c")]).await;
        let waits = claims.take(vec![key("b"), key("d")]);
        tokio::pin!(waits);
        assert!(tokio::time::timeout(Duration::from_millis(20), waits.as_mut()).await.is_err());
        drop(first);
        let waited = tokio::time::timeout(Duration::from_secs(5), waits).await;
        assert!(waited.is_ok());
        drop((other, waited));
        assert!(claims.held.lock().unwrap().is_empty());
    }
}
