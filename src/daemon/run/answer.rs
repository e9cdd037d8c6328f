//! What commands ask of the running daemon, answered.

use std::collections::BTreeSet;

use super::{Daemon, waits};
use crate::daemon::control::{
    Answer, Call, Reply, Request,
    desk::{self, Clerk},
    orders::Order,
};
use crate::harvest::Turn;
use crate::model::SourceId;

impl Daemon {
    /// Answers a command: what needs visits when they are over, what reads the store on a thread of its own.
    pub(super) fn answer(&mut self, call: Call) {
        let Call { request, reply } = call;
        let now = self.clock.now();
        let clerk =
            || Clerk { store: self.store.clone(), library: self.library.clone(), harvest: self.harvest.clone(), now };
        // Who went away meanwhile needs no answer.
        let sources = match request {
            Request::Fetch { sources } => sources,
            Request::Split { what } => {
                let clerk = clerk();
                self.chores.spawn(async move {
                    let _ = reply.send(clerk.split(what).await);
                    let _ = reply.send(Answer::Done);
                });
                return;
            }
            Request::Recipe { source, turn } => return self.recipe(&source, turn, reply),
            request => {
                let clerk = clerk();
                self.chores.spawn_blocking(move || {
                    let _ = reply.send(clerk.answer(request));
                    let _ = reply.send(Answer::Done);
                });
                return;
            }
        };
        if let Some(unknown) = sources.iter().find(|id| !self.fleet.sources().any(|source| source.as_str() == *id)) {
            let _ = reply.send(Answer::Failed(format!("the daemon has no source {unknown:?}")));
            return;
        }
        if let Some(fault) = &self.pause {
            let _ = reply.send(Answer::Failed(waits(fault)));
            return;
        }
        let named = |source: &&SourceId| sources.is_empty() || sources.iter().any(|id| id == source.as_str());
        let wanted: BTreeSet<SourceId> = self.fleet.sources().filter(named).cloned().collect();
        for source in &wanted {
            self.fleet.hasten(source, now);
        }
        self.waiting.promise(wanted, reply);
    }

    /// Tells how a source's rules are; a turn is done by the visit that it brings.
    fn recipe(&mut self, source: &str, turn: Option<Turn>, reply: Reply) {
        let id = source.parse::<SourceId>().ok();
        let Some(watched) = id.and_then(|id| self.fleet.watched(&id)) else {
            let _ = reply.send(Answer::Failed(format!("the daemon has no source {source:?}")));
            return;
        };
        let Some(turn) = turn else {
            let store = self.store.clone();
            self.chores.spawn_blocking(move || {
                let _ = reply.send(desk::standing(&store, &watched));
                let _ = reply.send(Answer::Done);
            });
            return;
        };
        if let Some(fault) = &self.pause {
            let _ = reply.send(Answer::Failed(waits(fault)));
            return;
        }
        self.orders.give(watched.source.id.clone(), Order { turn, reply });
        self.fleet.again(&watched.source.id, self.clock.now());
    }
}
