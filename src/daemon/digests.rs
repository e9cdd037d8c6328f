//! Digests that are due, made and stored: the one place that knows the time and the store.
//!
//! Invariant: an entry is stored once and never made again, so what came later, or was edited later, is not in it.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use crate::feed::digest::{self, Listed};
use crate::model::{ArticleKey, Digest, FeedSpec, SourceId};
use crate::store::{self, Store, Visit};

/// Articles of one source that are looked through.
const MOST: usize = 20_000;

/// What has been kept of the last entry: when it was due and what it lists.
type Kept = (i64, Vec<ArticleKey>);

/// Makes digests, one at a time.
#[derive(Debug, Default)]
pub(super) struct Digests {
    making: Mutex<()>,
}

impl Digests {
    /// Makes and stores every entry of `specs` that is due at `now` and was not made yet; whose feeds show something else now.
    /// `base_url` is where this server is reached. Reads the store, so it is not for the loop.
    pub(super) fn make(
        &self,
        store: &Store,
        specs: &[Arc<FeedSpec>],
        base_url: &str,
        now: Timestamp,
    ) -> BTreeSet<SourceId> {
        let _alone = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let mut touched = BTreeSet::new();
        for spec in specs {
            let Some(digest) = &spec.digest else { continue };
            match make(store, spec, digest, base_url, now) {
                Ok(false) => {}
                Ok(true) => {
                    touched.insert(SourceId::digest(&spec.id));
                }
                Err(error) => tracing::error!(feed.id = %spec.id, %error, "a digest was not made; it is tried again"),
            }
        }
        touched
    }
}

/// When the next entry of any of `specs` is due.
pub(super) fn next(specs: &[Arc<FeedSpec>], now: Timestamp) -> Option<Timestamp> {
    specs.iter().filter_map(|spec| digest::next(spec.digest.as_ref()?, now)).min()
}

/// Whether there is a new entry.
fn make(store: &Store, spec: &FeedSpec, digest: &Digest, base_url: &str, now: Timestamp) -> Result<bool, store::Error> {
    let source = SourceId::digest(&spec.id);
    let mut listed = listed(store, spec)?;
    let mut made = false;
    for span in digest::due(digest, &listed, now) {
        let since = Some(digest::since(&span));
        let articles = digest.of.sources.iter().map(|id| store.articles(id, MOST, since));
        let entry = digest::entry(spec, &span, articles.collect::<Result<_, _>>()?, &listed, base_url);
        let (written, keys) = entry.map_or_else(Default::default, |(entry, keys)| (vec![entry], keys));
        made |= !written.is_empty();
        let until = span.until.timestamp();
        if !written.is_empty() {
            store.record(Visit { source: source.clone(), at: until, written, listed: Vec::new(), history: None })?;
        }
        keep(store, spec, until, &keys)?;
        listed = Listed { until: Some(until), keys: Some(keys) };
    }
    Ok(made)
}

fn name(spec: &FeedSpec) -> String {
    format!("digest {}", spec.id)
}

/// What was listed last. Where only the entries are left of it, nothing is known of what they list.
fn listed(store: &Store, spec: &FeedSpec) -> Result<Listed, store::Error> {
    let newest = store.articles(&SourceId::digest(&spec.id), 1, None)?;
    let newest = newest.first().map(|article| article.published.at);
    let kept = store.kept(&name(spec))?.and_then(|bytes| postcard::from_bytes::<Kept>(&bytes).ok());
    let kept = kept.and_then(|(until, keys)| Some((Timestamp::from_second(until).ok()?, keys)));
    Ok(match kept {
        Some((until, keys)) if newest.is_none_or(|newest| until >= newest) => {
            Listed { until: Some(until), keys: Some(keys.into_iter().collect()) }
        }
        _ => Listed { until: newest, keys: None },
    })
}

fn keep(store: &Store, spec: &FeedSpec, until: Timestamp, keys: &HashSet<ArticleKey>) -> Result<(), store::Error> {
    let kept: Kept = (until.as_second(), keys.iter().copied().collect());
    let bytes = postcard::to_stdvec(&kept).map_err(|error| store::Error::Refused(error.to_string()))?;
    store.keep(&name(spec), &bytes)
}
