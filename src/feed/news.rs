//! What a representation held → the entries that are new since (RFC 3229 with the instance manipulation `feed`).
//!
//! [`marks`] are an entry's identity and revision in eight bytes; [`Sent`] remembers, by entity tag, which marks went out.
//! Bounded: the oldest is forgotten first, and who has a forgotten one gets the whole feed.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use crate::model::{Article, Document};

/// Marks remembered in all: 4 MiB of them.
const MOST: usize = 1 << 19;

/// What tells the document's entries, in the state that it shows, from all others.
pub(super) fn marks(document: &Document) -> Arc<[u64]> {
    document.entries.iter().map(|entry| mark(&entry.article)).collect()
}

fn mark(article: &Article) -> u64 {
    let mut hasher = DefaultHasher::new();
    (article.key.bytes(), article.updated.as_second(), article.revision).hash(&mut hasher);
    hasher.finish()
}

/// The document with only those of its entries that are not among `held`; nothing where that would spare nothing.
pub(super) fn news(mut document: Document, held: &[u64]) -> Option<Document> {
    let held: HashSet<u64> = held.iter().copied().collect();
    let all = document.entries.len();
    document.entries.retain(|entry| !held.contains(&mark(&entry.article)));
    (!document.entries.is_empty() && document.entries.len() < all).then_some(document)
}

/// Which marks the representations held that were made lately, by their entity tags without coding.
#[derive(Debug, Default)]
pub(super) struct Sent {
    marks: HashMap<Arc<str>, Arc<[u64]>>,
    order: VecDeque<Arc<str>>,
    count: usize,
}

impl Sent {
    pub(super) fn remember(&mut self, tag: Arc<str>, marks: Arc<[u64]>) {
        if self.marks.contains_key(&tag) {
            return;
        }
        // A tag and its places in both collections weigh about as much as twenty marks.
        self.count += marks.len() + 20;
        self.order.push_back(tag.clone());
        self.marks.insert(tag, marks);
        while self.count > MOST {
            let Some(oldest) = self.order.pop_front() else { break };
            self.count -= self.marks.remove(&oldest).map_or(0, |marks| marks.len() + 20);
        }
    }

    pub(super) fn held(&self, tag: &str) -> Option<Arc<[u64]>> {
        self.marks.get(tag).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_the_oldest_is_forgotten() {
        let mut sent = Sent::default();
        let many: Arc<[u64]> = vec![7; 1000].into();
        for n in 0..2000 {
            sent.remember(format!("{n}").into(), many.clone());
        }
        assert!(sent.count <= MOST && sent.marks.len() == sent.order.len());
        assert!(sent.held("0").is_none() && sent.held("1999").is_some());
        let before = sent.count;
        sent.remember("1999".into(), many);
        assert_eq!(sent.count, before, "the same bytes again are the same state");
    }
}
