//! [`visit`]: one visit with what surrounds it. Its plan is stored before it leaves, so that a crash on the way causes no second
//! visit, and what it learnt is stored when it is back.
//!
//! Invariant: a visit that panics, wherever it does, is one that failed: said with its source's name, stored, and backed off from.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::task;

use super::{
    Clock,
    control::{Answer, orders::Order},
    fleet,
    library::Library,
};
use crate::harvest::{Harvest, Standing, Visited, Watched};
use crate::model::{History, SourceId};
use crate::store::Store;

/// What a visit needs.
pub(super) struct Errand {
    pub(super) harvest: Harvest,
    pub(super) store: Store,
    pub(super) watched: Arc<Watched>,
    pub(super) clock: Clock,
    pub(super) library: Arc<Library>,
    /// What a person wants done to its rules first.
    pub(super) order: Option<Order>,
}

/// Runs it, and tells the library what came of it.
pub(super) async fn visit(errand: Errand) -> Arc<Visited> {
    let Errand { harvest, store, watched, clock, library, order } = errand;
    let now = clock.now();
    let (id, before, plan) = (watched.source.id.clone(), store.clone(), watched.clone());
    let history = task::spawn_blocking(move || {
        let mut history = before.history(&plan.source.id).ok().flatten().unwrap_or_default();
        history.next_due = fleet::next_due_after(&plan, &history, now);
        let turned = order.map(|order| turn(order, &plan, &mut history, now));
        keep(&before, &plan.source.id, &history);
        // It is done once it is stored.
        if let Some((order, answer)) = turned {
            let _ = order.reply.send(answer);
        }
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
        let report = &brought.report;
        library.look_at(&feeds, (report.counts.changed > 0).then_some(report.at));
        library.desk.news(feeds);
    })
    .await;
    visited
}

/// Does what a person wants done to the rules, and what that person is told.
fn turn(order: Order, watched: &Watched, history: &mut History, now: Timestamp) -> (Order, Answer) {
    let answer = match order.turn.turn(watched, history, now) {
        Ok(()) => Answer::Recipe(Box::new(Standing::of(&watched.source, watched.rules_stamp(), history))),
        Err(why) => Answer::Failed(format!("{}: {why}", watched.source.id)),
    };
    (order, answer)
}

/// Stores what is remembered; that it cannot be is no reason to stop, since losing it costs one visit and no article.
fn keep(store: &Store, source: &SourceId, history: &History) {
    if let Err(error) = store.save_history(source, history) {
        tracing::warn!(source.id = %source, %error, "the plan of the next visit was not stored");
    }
}
