//! [`visit`]: one visit with what surrounds it. Its plan is stored before it leaves, so that a crash on the way causes no second
//! visit, and what it learnt is stored when it is back.
//!
//! Invariant: a visit that panics, wherever it does, is one that failed: said with its source's name, stored, and backed off from.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio::task;

use super::{Clock, fleet, library::Library};
use crate::harvest::{Harvest, Visited, Watched};
use crate::model::{History, SourceId};
use crate::store::Store;

/// What a visit needs.
pub(super) struct Errand {
    pub(super) harvest: Harvest,
    pub(super) store: Store,
    pub(super) watched: Arc<Watched>,
    pub(super) clock: Clock,
    pub(super) library: Arc<Library>,
}

/// Runs it, and tells the library what came of it.
pub(super) async fn visit(errand: Errand) -> Arc<Visited> {
    let Errand { harvest, store, watched, clock, library } = errand;
    let now = clock.now();
    let (id, before, plan) = (watched.source.id.clone(), store.clone(), watched.clone());
    let history = task::spawn_blocking(move || {
        let mut history = before.history(&plan.source.id).ok().flatten().unwrap_or_default();
        history.next_due = fleet::next_due_after(&plan, &history, now);
        keep(&before, &plan.source.id, &history);
        history
    })
    .await
    .unwrap_or_default();
    let (watches, remembered) = (library.clone(), history.clone());
    let visiting = harvest.visit(watched.clone(), history, now, move |source| watches.watches(source));
    // What the visit shares with others is whole after a panic: claims are given back as they are dropped, and no lock is held.
    let visiting = AssertUnwindSafe(visiting).catch_unwind().await;
    let mut visited = visiting.unwrap_or_else(|_| Visited::panicked(&id, remembered, now));
    visited.history = fleet::planned(&watched, visited.history, clock.now());
    let visited = Arc::new(visited);
    let brought = visited.clone();
    // Only the blocking pool's own end could make this fail, and then nothing is stored or shown any more.
    let _ = task::spawn_blocking(move || {
        keep(&store, &id, &brought.history);
        library.visited(&watched, &brought);
        let feeds = library.feeds_of(&brought.touched);
        library.look_at(&feeds);
        library.desk.news(feeds);
    })
    .await;
    visited
}

/// Stores what is remembered; that it cannot be is no reason to stop, since losing it costs one visit and no article.
fn keep(store: &Store, source: &SourceId, history: &History) {
    if let Err(error) = store.save_history(source, history) {
        tracing::warn!(source.id = %source, %error, "the plan of the next visit was not stored");
    }
}
