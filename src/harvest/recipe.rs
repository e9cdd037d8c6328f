//! The rules of a source as a person sees them, and what a person says of them: [`Standing`] and [`Turn`].
//!
//! Invariant: rules that a person sent back are not taken again by themselves, and rules that a person took are not doubted at
//! the next visit.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Watched;
use crate::model::{Difference, History, Proposal, Redesign, Rules, Source};

/// What a person says of a source's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The proposed ones are to be used.
    Accept,
    /// Those before are to be used again.
    Back,
}

/// A source's rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Those that read its page; none where it has been read by none.
    pub present: Option<Arc<Rules>>,
    /// Whether they stand in feeds.toml.
    pub written: bool,
    /// Since when they stand in for others, if they do.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional")]
    pub since: Option<Timestamp>,
    /// Those that they replaced.
    pub before: Option<Arc<Rules>>,
    /// Those that may read the page as it is now.
    pub proposed: Option<Proposal>,
}

impl Standing {
    /// What `history` and feeds.toml say of `source`. What was found for other rules of the file, as `stamp` tells, counts for nothing.
    pub fn of(source: &Source, stamp: u64, history: &History) -> Self {
        let found = (history.rules_for == stamp).then_some(history);
        let rules = found.and_then(|history| history.rules.clone());
        Self {
            written: rules.is_none() && source.rules.is_some(),
            present: rules.or_else(|| source.rules.clone()),
            since: found.and_then(|history| history.repaired),
            before: found.and_then(|history| history.rules_before.clone()),
            proposed: found.and_then(|history| history.proposed.clone()),
        }
    }

    /// What the status page tells of it.
    pub fn redesign(&self) -> Option<Redesign> {
        let words = |before: &Option<Arc<Rules>>, after: &Rules| {
            let before = before.clone().unwrap_or_default();
            Difference::between(&before, after).iter().map(Difference::words).collect()
        };
        if let Some(Proposal { rules, why, at }) = &self.proposed {
            let differences = words(&self.present, rules);
            return Some(Redesign::Proposed { why: why.clone(), at: *at, differences });
        }
        let (at, present) = (self.since?, self.present.as_ref()?);
        self.before.is_some().then(|| Redesign::Replaced { at, differences: words(&self.before, present) })
    }
}

impl Turn {
    /// Does what the person says, in `history`; the page is to be read anew then, and is compared with nothing.
    ///
    /// # Errors
    /// Where there is nothing to take or to go back to; `history` stays as it is.
    pub fn turn(self, watched: &Watched, history: &mut History, now: Timestamp) -> Result<(), &'static str> {
        let Standing { present, before, proposed, .. } = Standing::of(&watched.source, watched.rules_stamp(), history);
        let is_written = |rules: &Arc<Rules>| watched.source.rules.as_ref() == Some(rules);
        match self {
            Self::Accept => {
                let proposed = proposed.ok_or("no rules are proposed: there is nothing to accept")?;
                history.refused = history.refused.take().filter(|refused| *refused != proposed.rules);
                history.rules_before = present;
                history.rules = Some(proposed.rules).filter(|rules| !is_written(rules));
                history.repaired = Some(now);
                history.proposed = None;
            }
            Self::Back => {
                let before = before.ok_or("its rules have not been replaced: there are none to go back to")?;
                history.refused.clone_from(&present);
                history.proposed = present.map(|rules| Proposal { rules, why: "it was sent back".to_owned(), at: now });
                history.rules = Some(before).filter(|rules| !is_written(rules));
                (history.rules_before, history.repaired) = (None, None);
            }
        }
        history.pages.clear();
        history.usual = 0;
        Ok(())
    }
}
