//! [`Orders`]: what persons said of sources' rules, until the source's next visit takes it along. It is done there, where nothing
//! else writes what is remembered of the source.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{Answer, Reply};
use crate::harvest::Turn;
use crate::model::SourceId;

/// Orders that wait for a visit.
#[derive(Debug, Default)]
pub(in crate::daemon) struct Orders {
    given: BTreeMap<SourceId, Order>,
}

/// One order, and who gave it.
#[derive(Debug)]
pub(in crate::daemon) struct Order {
    /// What is to be done.
    pub(in crate::daemon) turn: Turn,
    /// Where the answer goes.
    pub(in crate::daemon) reply: Reply,
}

impl Orders {
    /// Takes an order for the next visit of `source`. Of two persons at once the second is turned away.
    pub(in crate::daemon) fn give(&mut self, source: SourceId, order: Order) {
        match self.given.entry(source) {
            Entry::Vacant(place) => {
                place.insert(order);
            }
            Entry::Occupied(place) => {
                let source = place.key();
                let why = format!("{source}: another command decides over its rules just now");
                // Who went away meanwhile needs no answer.
                let _ = order.reply.send(Answer::Failed(why));
            }
        }
    }

    /// The order that the visit of `source` takes along.
    pub(in crate::daemon) fn take(&mut self, source: &SourceId) -> Option<Order> {
        self.given.remove(source)
    }

    /// Sources for which `still` does not hold are visited no more: who gave an order for one is told why it is not done.
    pub(in crate::daemon) fn keep(&mut self, still: impl Fn(&SourceId) -> bool, why: &str) {
        self.given.retain(|source, order| {
            let stays = still(source);
            if !stays {
                let _ = order.reply.send(Answer::Failed(format!("{source}: {why}")));
            }
            stays
        });
    }
}
