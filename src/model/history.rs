//! [`History`]: what is remembered of past visits of one source, apart from its articles. Losing it costs one extra fetch, never an article.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{ArticleKey, Cadence, Episode, Report, Rules, Validators};

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

/// How many new articles a source had on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticlesOfDay {
    /// The day, by UTC's calendar.
    pub date: Date,
    /// New articles that visits of that day found.
    pub articles: u32,
}

/// Rules that would read a redesigned page, and that wait for a person to take them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The rules.
    pub rules: Arc<Rules>,
    /// Why they were not taken by themselves.
    pub why: String,
    /// When they were found.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
}

/// What an origin's robots.txt said, so that a restart does not ask for it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsMemory {
    /// The origin, as `https://host:port`.
    pub origin: String,
    /// When it was asked for, in Unix seconds.
    pub at: i64,
    /// The file; empty where there is none.
    pub text: String,
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
    /// New articles by day since its first visit, the oldest day first; see [`History::arrived`].
    pub days: Vec<ArticlesOfDay>,
    /// Seconds for which the host called its last answer fresh: `max-age` or `Expires` (RFC 9111, section 4.2).
    pub fresh: Option<u32>,
    /// What the source, where it is a feed, said of when it changes.
    pub cadence: Cadence,
    /// The robots.txt of the source's main address.
    pub robots: Option<RobotsMemory>,
    /// Permanent redirects by the address that was asked for.
    pub redirects: BTreeMap<String, RedirectMemory>,
    /// The rules that were found on the page: where a person wrote none, or in place of those that read nothing any more.
    pub rules: Option<Arc<Rules>>,
    /// Those that they replaced when the page was redesigned.
    pub rules_before: Option<Arc<Rules>>,
    /// When that was.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional")]
    pub repaired: Option<Timestamp>,
    /// Rules that would read the page as it is now.
    pub proposed: Option<Proposal>,
    /// Rules that a person sent back: they are not taken again by themselves.
    pub refused: Option<Arc<Rules>>,
    /// Stamp of what feeds.toml says of the rules; where it says another thing, what was found before is forgotten.
    pub rules_for: u64,
    /// Where reading on stopped: the further page of the list that could not be fetched, and is still to be read.
    pub read_on: Option<String>,
    /// The page's title as last seen.
    pub title: Option<String>,
    /// The page's BCP 47 language as last seen.
    pub language: Option<String>,
}

impl History {
    /// Version of this struct as stored. Raise it with every change of a field: what an older program stored is then forgotten.
    pub const VERSION: u8 = 5;

    /// Most arrivals remembered.
    pub const ARRIVALS: usize = 256;
    /// Most days whose articles are counted.
    pub const DAYS: usize = 60;

    /// Remembers that `count` new articles came `at`, and forgets the oldest beyond [`History::ARRIVALS`] and [`History::DAYS`].
    ///
    /// What the first visit finds came over many days that nobody counted: it counts for none.
    pub fn arrived(&mut self, at: Timestamp, count: u32) {
        if self.last_success.is_some() {
            self.count(at.to_zoned(TimeZone::UTC).date(), count);
        }
        let count = usize::try_from(count).unwrap_or(Self::ARRIVALS).min(Self::ARRIVALS);
        self.arrivals.extend(std::iter::repeat_n(at.as_second(), count));
        let over = self.arrivals.len().saturating_sub(Self::ARRIVALS);
        self.arrivals.drain(..over);
    }

    fn count(&mut self, date: Date, articles: u32) {
        match self.days.last_mut() {
            // A clock that was set back does not open a day again.
            Some(last) if last.date >= date => last.articles = last.articles.saturating_add(articles),
            _ if articles > 0 => self.days.push(ArticlesOfDay { date, articles }),
            _ => {}
        }
        let over = self.days.len().saturating_sub(Self::DAYS);
        self.days.drain(..over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_the_second_visit_on_and_bounded() {
        let day = |day: i64| Timestamp::from_second(day * 86_400 + 7).unwrap();
        let mut history = History::default();
        history.arrived(day(0), 40);
        assert_eq!(history.days, [], "the first visit's articles are of many days");
        history.last_success = Some(day(0));
        for (at, count) in [(1, 2), (1, 3), (2, 0), (3, 1), (1, 1)] {
            history.arrived(day(at), count);
        }
        let counted: Vec<_> = history.days.iter().map(|day| (day.date.day(), day.articles)).collect();
        assert_eq!(counted, [(2, 5), (4, 2)]);
        for at in 10..200 {
            history.arrived(day(at), 1);
        }
        assert_eq!(history.days.len(), History::DAYS);
    }

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
