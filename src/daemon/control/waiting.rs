//! [`Waiting`]: who asked for which visits and has not had all reports yet.

use std::collections::BTreeSet;

use super::{Answer, Reply};
use crate::model::{Report, SourceId};

/// Callers that wait for visits.
#[derive(Debug, Default)]
pub(in crate::daemon) struct Waiting {
    callers: Vec<Caller>,
}

#[derive(Debug)]
struct Caller {
    sources: BTreeSet<SourceId>,
    reply: Reply,
}

impl Waiting {
    /// Promises `reply` a report for each of `sources`; it is done at once where there are none.
    pub(in crate::daemon) fn promise(&mut self, sources: BTreeSet<SourceId>, reply: Reply) {
        self.callers.push(Caller { sources, reply });
        self.dismiss();
    }

    /// Tells all who wait for this visit how it went.
    pub(in crate::daemon) fn arrived(&mut self, report: &Report) {
        for caller in &mut self.callers {
            if caller.sources.remove(&report.source) {
                // One who went away is dismissed below.
                let _ = caller.reply.send(Answer::Report(Box::new(report.clone())));
            }
        }
        self.dismiss();
    }

    /// No report comes of sources for which `still` does not hold: those who wait for one are told why, and wait no more.
    pub(in crate::daemon) fn keep(&mut self, still: impl Fn(&SourceId) -> bool, why: &str) {
        self.callers.retain(|caller| match caller.sources.iter().find(|source| !still(source)) {
            Some(source) => {
                let _ = caller.reply.send(Answer::Failed(format!("{source}: {why}")));
                false
            }
            None => true,
        });
    }

    fn dismiss(&mut self) {
        self.callers.retain(|caller| {
            if caller.sources.is_empty() {
                let _ = caller.reply.send(Answer::Done);
            }
            !caller.sources.is_empty() && !caller.reply.is_closed()
        });
    }
}
