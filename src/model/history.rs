//! [`History`]: what is remembered of past visits of one source, apart from its articles. Losing it costs one extra fetch, never an article.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ArticleKey, Episode, Report, Rules, Validators};

/// What is remembered of one address of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageMemory {
    /// For the next conditional request.
    pub validators: Validators,
    /// The address that answered last, after redirects: its validators are only shown to it.
    pub answered: String,
    /// What the page listed when it was last read: retention keeps these.
    pub listed: Vec<ArticleKey>,
    /// Hash of the last body read; the same bytes need not be read again.
    pub body: u64,
    /// Stamp of the recipe and program that read it. Where it differs from the present one, the page is asked for and read anew.
    pub stamp: u64,
}

/// A permanent redirect that was seen, taken only after it was seen several times.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectMemory {
    /// Where it leads.
    pub to: String,
    /// Visits in a row that met it.
    pub times: u32,
}

/// What is remembered of one source's visits. It is not in the journal: a rebuilt store starts it afresh.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The source's main address at the last visit, without credentials.
    pub url: String,
    /// Hash of all the source's addresses; another one means that the file names other pages now.
    pub urls: u64,
    /// By address.
    pub pages: BTreeMap<String, PageMemory>,
    /// When it is to be visited next.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional")]
    pub next_due: Option<Timestamp>,
    /// Items that the pages showed when they were last read well.
    pub usual: u32,
    /// Failed visits in a row.
    pub failures: u32,
    /// The first of them.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional")]
    pub failing_since: Option<Timestamp>,
    /// When it was not well, the oldest first, bounded.
    pub episodes: Vec<Episode>,
    /// The last visit.
    pub last: Option<Report>,
    /// When a visit last succeeded.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional")]
    pub last_success: Option<Timestamp>,
    /// When new articles came, in Unix seconds, oldest first; see [`History::arrived`].
    pub arrivals: Vec<i64>,
    /// Permanent redirects by the address that was asked for.
    pub redirects: BTreeMap<String, RedirectMemory>,
    /// The rules that were found on the page, where a person wrote none.
    pub rules: Option<Rules>,
    /// Those that they replaced when the page was redesigned.
    pub rules_before: Option<Rules>,
    /// Where reading on stopped: the further page of the list that could not be fetched, and is still to be read.
    pub read_on: Option<String>,
    /// The page's title as last seen.
    pub title: Option<String>,
    /// The page's BCP 47 language as last seen.
    pub language: Option<String>,
}

impl History {
    /// Version of this struct as stored. Raise it with every change of a field: what an older program stored is then forgotten.
    pub const VERSION: u8 = 2;

    /// Most arrivals remembered.
    pub const ARRIVALS: usize = 256;

    /// Remembers that `count` new articles came `at`, and forgets the oldest beyond [`History::ARRIVALS`].
    pub fn arrived(&mut self, at: Timestamp, count: u32) {
        let count = usize::try_from(count).unwrap_or(Self::ARRIVALS).min(Self::ARRIVALS);
        self.arrivals.extend(std::iter::repeat_n(at.as_second(), count));
        let over = self.arrivals.len().saturating_sub(Self::ARRIVALS);
        self.arrivals.drain(..over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_bounded_and_the_newest_stay() {
        let mut history = History::default();
        history.arrived(Timestamp::from_second(1).unwrap(), 200);
        history.arrived(Timestamp::from_second(2).unwrap(), 100);
        assert_eq!(history.arrivals.len(), History::ARRIVALS);
        assert_eq!(history.arrivals.iter().filter(|&&at| at == 2).count(), 100);
        history.arrived(Timestamp::from_second(3).unwrap(), u32::MAX);
        assert!(history.arrivals.iter().all(|&at| at == 3));
    }
}
