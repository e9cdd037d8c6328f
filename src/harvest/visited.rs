//! [`Visited`]: what a visit brought: its report, what to remember until the next one, and whose feeds changed.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;

use super::{Watched, ask::Asked, read::Shown, work::Work};
use crate::model::{Counts, History, Outcome, Page, PageMemory, Problem, Report, SourceId};

/// Problems kept in a report: what is beyond would only fill the status page.
const MOST_PROBLEMS: usize = 30;

/// What a visit brought.
#[derive(Debug)]
pub struct Visited {
    /// For the log and the status page.
    pub report: Report,
    /// What to remember until the next visit; its `next_due` is the scheduler's to set.
    pub history: History,
    /// The sources whose feeds show something else now.
    pub touched: BTreeSet<SourceId>,
    /// How many of the new articles tell a story that another told before.
    pub twins: u32,
}

impl Visited {
    /// A visit of `source` at `now` that has brought nothing yet; `history` is what is remembered of those before.
    pub(super) fn begin(source: &SourceId, history: History, now: Timestamp) -> Self {
        let report = Report {
            source: source.clone(),
            at: now,
            took: Duration::ZERO,
            outcome: Outcome::Unchanged,
            status: None,
            bytes: 0,
            counts: Counts::default(),
            problems: Vec::new(),
            retry_after: None,
        };
        Self { report, history, touched: BTreeSet::new(), twins: 0 }
    }

    /// A visit of `source` that panicked, as one that failed: what was remembered before it stays.
    pub fn panicked(source: &SourceId, history: History, now: Timestamp) -> Self {
        let mut visit = Self::begin(source, history, now);
        visit.fail(Outcome::Panicked, panicked("visiting it"));
        visit.finish(Duration::ZERO, now);
        visit
    }

    /// Notes how asking went, and gives the pages that are to be read.
    pub(super) fn take(&mut self, asked: Vec<Asked>) -> Vec<Page> {
        let mut pages = Vec::new();
        // All are asked together, so the first to be stale counts.
        let fresh = asked.iter().map(|answer| answer.fresh).min().flatten();
        self.history.fresh = fresh.map(|fresh| u32::try_from(fresh.as_secs()).unwrap_or(u32::MAX));
        for answer in asked {
            self.report.status = self.report.status.or(answer.status);
            self.report.retry_after = self.report.retry_after.max(answer.retry_after);
            self.report.problems.extend(answer.problems);
            if let Some(outcome) = answer.failed {
                self.report.outcome = outcome;
            }
            if let Some(page) = answer.page {
                self.report.bytes += page.bytes.len() as u64;
                pages.push(page);
            }
        }
        if !pages.is_empty() && self.report.outcome.is_success() {
            self.report.outcome = Outcome::Read;
        }
        pages
    }

    /// Notes what the pages show, and gives what is to be judged.
    pub(super) fn look_at(&mut self, shown: Shown, watched: &Watched, now: Timestamp) -> Work {
        self.report.counts.shown = shown.items;
        self.report.counts.dropped = shown.dropped;
        self.report.problems.extend(shown.problems);
        if shown.failing.is_none() {
            // A login or an error page in the list's place has a title and a language too; they are not the source's.
            self.history.title = shown.title.or(self.history.title.take());
            self.history.language = shown.language.or(self.history.language.take());
            self.history.cadence = shown.cadence.unwrap_or(self.history.cadence);
            if shown.items > 0 {
                self.history.usual = usual(self.history.usual, shown.own);
            }
        }
        if let Some(outcome) = shown.failing {
            self.report.outcome = outcome;
            // What could not be read is asked for again, whole.
            self.forget_pages();
        }
        Work {
            source: watched.source.id.clone(),
            scope: watched.scope().to_owned(),
            now,
            drafts: shown.drafts,
            listed: shown.listed,
            history: self.history.clone(),
        }
    }

    pub(super) fn fail(&mut self, outcome: Outcome, problem: Problem) {
        self.report.outcome = outcome;
        self.report.problems.push(problem);
    }

    /// Makes the next requests unconditional: the host must not say "unchanged" of what was never kept. What the pages
    /// listed stays known: a redesigned page is compared with it.
    pub(super) fn forget_pages(&mut self) {
        for memory in self.history.pages.values_mut() {
            *memory = PageMemory { listed: std::mem::take(&mut memory.listed), ..PageMemory::default() };
        }
    }

    /// What was wrong with items and fields at the last visit, and is so still where the page is as it was.
    fn still(&self) -> Vec<Problem> {
        let last = self.history.last.iter().filter(|last| last.outcome.is_success()).flat_map(|last| &last.problems);
        last.filter(|problem| problem.item.is_some() || problem.field.is_some()).cloned().collect()
    }

    pub(super) fn finish(&mut self, took: Duration, now: Timestamp) {
        self.report.took = took;
        if self.report.outcome == Outcome::Unchanged {
            self.report.problems.extend(self.still());
        }
        self.report.problems.truncate(MOST_PROBLEMS);
        if self.report.outcome.is_success() {
            self.history.failures = 0;
            self.history.last_success = Some(now);
        } else {
            self.history.failures = self.history.failures.saturating_add(1);
        }
        self.history.last = Some(self.report.clone());
    }
}

/// How many items are usual: more at once, fewer by and by, so that one short page does not pass for the rule.
fn usual(before: u32, now: u32) -> u32 {
    if now >= before { now } else { before - (before - now).div_ceil(4) }
}

/// Told where the program itself failed.
pub(super) fn panicked(doing: &str) -> Problem {
    Problem::of_page(
        format!("the program failed while {doing}; this is a defect of tearsheet, not of the page"),
        "the source is visited less often until it works; please report it with the page's address",
    )
}
