//! The story of one visit: fetch the source's pages, extract their items, refine them into drafts, judge each against the
//! store, record what is new, and report.
//!
//! - [`Watched`]: a source with its compiled recipe.
//! - [`Harvest`]: the tools of a visit, shared by all; [`Harvest::visit`] is the story.
//! - [`Visited`]: the report, what to remember, and whose feeds changed.
//! - [`repair`]: whether rules still read a page, and which others do after a redesign; `settle` acts on it.
//! - [`Likeness`]: why two articles are one or not; [`Split`]: a wrong join undone.
//!
//! Invariant: a visit that is reported as successful has been recorded durably. No lock and no DOM is held while waiting.

mod article;
mod ask;
mod claim;
mod likeness;
mod read;
pub mod repair;
mod settle;
mod split;
mod stories;
mod watched;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::{task, time::Instant};
use url::Url;

use crate::dedup::{self, near::Search};
use crate::extract::{self, Recipe};
use crate::fetch::{Fetcher, Jar};
use crate::model::{
    Article, ArticleKey, Counts, Draft, History, Kind, Listing, Outcome, Page, PageMemory, Problem, Report, Source,
    SourceId, Verdict,
};
use crate::reading::url as address;
use crate::refine;
use crate::store::{self, Store};

use article::Attempts;
pub use article::Readings;
use ask::Asked;
use claim::Claims;
pub use likeness::{Likeness, alike};
use read::{Reader, Shown, read};
pub use split::{Split, split};
use stories::Stories;
pub use watched::Watched;

/// Problems kept in a report: what is beyond would only fill the status page.
const MOST_PROBLEMS: usize = 30;

/// A source's newest articles that are looked through when it shows addresses that nobody knows.
const MOST_MOVED: usize = 300;

/// Further pages of a list read in one visit: a site is not read back to its beginning.
const MOST_FURTHER_PAGES: usize = 10;

/// Reads a page by a rule, or by its kind.
pub type ReadPage = fn(&Page, Option<&Recipe>, Option<Kind>) -> Listing;

/// The tools of a visit.
#[derive(Clone)]
pub struct Harvest {
    fetcher: Arc<Fetcher>,
    store: Store,
    read: ReadPage,
    claims: Arc<Claims>,
    attempts: Arc<Attempts>,
    stories: Arc<Stories>,
}

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

/// What is to be judged and written.
struct Work {
    source: SourceId,
    /// Within what its articles have their identity.
    scope: String,
    now: Timestamp,
    drafts: Vec<Draft>,
    listed: Vec<(String, Vec<ArticleKey>)>,
    history: History,
}

/// What judging and recording came to.
struct Recorded {
    counts: Counts,
    problem: Option<Problem>,
    history: History,
    touched: BTreeSet<SourceId>,
    twins: u32,
}

impl Harvest {
    /// Visits go through `fetcher` into `store`.
    pub fn new(fetcher: Arc<Fetcher>, store: Store) -> Self {
        let (claims, attempts, stories) = (Arc::default(), Arc::default(), Arc::default());
        Self { fetcher, store, read: extract::read, claims, attempts, stories }
    }

    /// Reads pages by rules and kinds with `read` in place of [`extract::read`].
    pub fn reading_by(self, read: ReadPage) -> Self {
        Self { read, ..self }
    }

    /// From now on twins are looked for like this among the articles of these sources. What a private one shows is never the
    /// story of another's article.
    pub fn look_for(&self, twins: Search, sources: &[Source]) {
        let private = sources.iter().filter(|source| source.private).map(|source| source.id.clone());
        self.stories.set(twins, private.collect());
    }

    /// The articles that tell the story of `article`, and those that are most like it.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn alike(&self, article: &Article, now: Timestamp) -> Result<Vec<Likeness>, store::Error> {
        likeness::among(&self.stories, &self.store, article, now)
    }

    /// Visits `watched` once, at `now`. `still` tells whether a source is configured. Never fails: what went wrong is in the report.
    pub async fn visit(
        &self,
        watched: Arc<Watched>,
        history: History,
        now: Timestamp,
        still: impl Fn(&SourceId) -> bool + Send + 'static,
    ) -> Visited {
        let start = Instant::now();
        let mut visit =
            Visited { report: report(&watched.source.id, now), history, touched: BTreeSet::new(), twins: 0 };
        let jar = Jar::default();
        let asked = ask::pages(&self.fetcher, &watched, &mut visit.history, &jar).await;
        let pages = visit.take(asked);
        match self.read_all(&mut visit, &watched, pages, (&jar, now)).await {
            Ok(shown) => {
                let work = visit.look_at(shown, &watched, now);
                self.record(&mut visit, work, still).await;
            }
            Err(problem) => {
                visit.forget_pages();
                visit.fail(Outcome::Panicked, problem);
            }
        }
        visit.finish(start.elapsed(), now);
        visit
    }

    /// Reads the pages, and on through the further pages of the list until an article is met that is known: on the first
    /// visit and after an outage, nothing that came in between is missed.
    async fn read_all(
        &self,
        visit: &mut Visited,
        watched: &Arc<Watched>,
        pages: Vec<Page>,
        (jar, now): (&Jar, Timestamp),
    ) -> Result<Shown, Problem> {
        let reader = Reader {
            watched: watched.clone(),
            read: self.read,
            found: visit.history.rules.clone(),
            usual: visit.history.usual,
            now,
        };
        let pages = Arc::new(pages);
        let shown = read(reader.clone(), pages.clone()).await?;
        let mut shown = self.settle(visit, &reader, pages, shown).await?;
        // Further pages are of the same making.
        let reader = Reader { found: visit.history.rules.clone(), ..reader };
        let waiting = visit.history.read_on.take().and_then(|url| Url::parse(&url).ok());
        let mut next = match shown.next.take() {
            Some(next) if self.all_unknown(&shown.drafts).await => Some(next),
            _ => waiting,
        };
        for _ in 0..MOST_FURTHER_PAGES {
            let Some(url) = next.take() else { break };
            let asked = ask::further(&self.fetcher, watched, &url, jar).await;
            if asked.failed.is_some() {
                visit.history.read_on = Some(url.to_string());
            }
            visit.report.problems.extend(asked.problems);
            let Some(page) = asked.page else { break };
            visit.report.bytes += page.bytes.len() as u64;
            let mut further = read(reader.clone(), Arc::new(vec![page])).await?;
            if self.all_unknown(&further.drafts).await {
                next = further.next.take();
            }
            shown.append(further);
        }
        shown.drafts = refine::gather(std::mem::take(&mut shown.drafts));
        Ok(shown)
    }

    /// Whether the store knows none of the drafts, and there are any. An unreadable store knows all: nothing is read on then.
    async fn all_unknown(&self, drafts: &[Draft]) -> bool {
        let all: Vec<ArticleKey> = drafts.iter().flat_map(keys).collect();
        let store = self.store.clone();
        let known = task::spawn_blocking(move || store.known(&all)).await;
        !drafts.is_empty() && matches!(known, Ok(Ok(known)) if known.iter().all(Option::is_none))
    }

    /// Judges the drafts and writes what is to be written. While it lasts, no other visit judges the same articles.
    async fn record(&self, visit: &mut Visited, work: Work, still: impl Fn(&SourceId) -> bool + Send + 'static) {
        if work.drafts.is_empty() {
            return;
        }
        let _claim = self.claims.take(work.drafts.iter().flat_map(keys).collect()).await;
        let (store, stories) = (self.store.clone(), self.stories.clone());
        match task::spawn_blocking(move || work.judge_and_write(&store, &stories, &still)).await {
            Ok(Ok(recorded)) => {
                let Counts { shown, dropped, .. } = visit.report.counts;
                visit.report.counts = Counts { shown, dropped, ..recorded.counts };
                visit.report.problems.extend(recorded.problem);
                (visit.touched, visit.twins) = (recorded.touched, recorded.twins);
                visit.history = recorded.history;
            }
            Ok(Err(error)) => {
                visit.forget_pages();
                visit.fail(
                    Outcome::Store,
                    Problem::of_page(
                        error.to_string(),
                        "`tearsheet doctor` tells more; visits go on by themselves once it is cured",
                    ),
                );
            }
            Err(_) => {
                visit.forget_pages();
                visit.fail(Outcome::Panicked, panicked("storing it"));
            }
        }
    }
}

impl Work {
    /// The drafts that nobody knows by their address, and that are articles which the page listed under another.
    fn moved(&self, store: &Store) -> Result<HashMap<ArticleKey, Arc<Article>>, store::Error> {
        let mut unknown = Vec::new();
        for draft in &self.drafts {
            if store.known(&keys(draft).collect::<Vec<_>>())?.iter().all(Option::is_none) {
                unknown.push(draft);
            }
        }
        if unknown.is_empty() {
            return Ok(HashMap::new());
        }
        let mut before = store.articles(&self.source, MOST_MOVED, None)?;
        before.retain(|article| self.may_alter(article));
        let shown = self.drafts.iter().flat_map(keys).collect();
        Ok(dedup::moved(&unknown, &before, &shown).into_iter().map(|(key, article)| (key, article.clone())).collect())
    }

    /// Whether what the source shows may go into `article`. A private source's words must not: where it was public before, its
    /// articles of that time are other sources' as well.
    fn may_alter(&self, article: &Article) -> bool {
        let within = |url: Url| ArticleKey::of(&self.scope, &[address::canonical(&url).as_str()]) == article.key;
        self.scope.is_empty() || Url::parse(&article.url).is_ok_and(within)
    }

    fn judge_and_write(
        mut self,
        store: &Store,
        stories: &Stories,
        still: &dyn Fn(&SourceId) -> bool,
    ) -> Result<Recorded, store::Error> {
        let mut counts = Counts::default();
        let mut written: Vec<Article> = Vec::new();
        let mut reused = Vec::new();
        let mut twins = 0;
        let mut stands_for = HashMap::with_capacity(self.drafts.len());
        let moved = self.moved(store)?;
        for draft in &self.drafts {
            let known = store.known(&keys(draft).collect::<Vec<_>>())?;
            let moved = || moved.get(&draft.key).cloned().map(store::Known::Article);
            let ours = |known: &store::Known| match known {
                store::Known::Article(article) => article.key == draft.key || self.may_alter(article),
                store::Known::Buried { .. } => true,
            };
            let known = match known.into_iter().flatten().find(ours).or_else(moved) {
                None => dedup::Known::Nothing,
                // Two drafts may be one article under two of its names: the second is judged against what the first made of it.
                Some(store::Known::Article(article)) => {
                    let newer = written.iter().rev().find(|other| other.key == article.key).cloned();
                    dedup::Known::Article(newer.map_or(article, Arc::new))
                }
                Some(store::Known::Buried { .. }) => dedup::Known::Buried,
            };
            if let dedup::Known::Article(article) = &known
                && dedup::is_another(draft, article)
            {
                reused.push(draft);
            }
            let mut verdict = dedup::judge(draft, known, self.now, still);
            match &mut verdict {
                Verdict::New(article) => {
                    article.twin_of = stories.told_before(store, article, self.now)?;
                    twins += u32::from(article.twin_of.is_some());
                    counts.new += 1;
                }
                Verdict::Changed(_) => counts.changed += 1,
                Verdict::Noted(_) | Verdict::Seen(_) => counts.seen += 1,
                Verdict::Dropped(_) => counts.dropped += 1,
            }
            if let Some(key) = verdict.key() {
                stands_for.insert(draft.key, key);
            }
            written.extend(verdict.written().cloned());
        }
        let problem = reused.first().map(|draft| reused_address(draft, reused.len()));
        for (address, keys) in self.listed {
            if let Some(memory) = self.history.pages.get_mut(&address) {
                memory.listed = keys.iter().filter_map(|key| stands_for.get(key).copied()).collect();
            }
        }
        self.history.arrived(self.now, counts.new);
        let shown_by = |article: &Article| article.sightings.iter().map(|sighting| sighting.source.clone()).collect();
        let touched = written.iter().flat_map::<Vec<_>, _>(shown_by).collect();
        let listed = self.history.pages.values().flat_map(|memory| memory.listed.iter().copied()).collect();
        let history = self.history.clone();
        store.record(store::Visit {
            source: self.source,
            at: self.now,
            written,
            listed,
            history: Some(self.history),
        })?;
        Ok(Recorded { counts, problem, touched, twins, history })
    }
}

/// How many items are usual: more at once, fewer by and by, so that one short page does not pass for the rule.
fn usual(before: u32, now: u32) -> u32 {
    if now >= before { now } else { before - (before - now).div_ceil(4) }
}

fn keys(draft: &Draft) -> impl Iterator<Item = ArticleKey> {
    std::iter::once(draft.key).chain(draft.aliases.clone())
}

/// Told where the address of an article is another article's now.
fn reused_address(draft: &Draft, many: usize) -> Problem {
    let more = if many > 1 { format!(", and {} more", many - 1) } else { String::new() };
    let reason = format!(
        "an address is used again for another article: {}{more}; its entry changes, and readers see no new one",
        draft.url
    );
    Problem::of_field(
        draft.place,
        "link",
        reason,
        "tell articles apart by other fields: identity = [\"title\", \"date\"]",
    )
}

fn panicked(doing: &str) -> Problem {
    Problem::of_page(
        format!("the program failed while {doing}; this is a defect of tearsheet, not of the page"),
        "the source is visited less often until it works; please report it with the page's address",
    )
}

fn report(source: &SourceId, now: Timestamp) -> Report {
    Report {
        source: source.clone(),
        at: now,
        took: Duration::ZERO,
        outcome: Outcome::Unchanged,
        status: None,
        bytes: 0,
        counts: Counts::default(),
        problems: Vec::new(),
        retry_after: None,
    }
}

impl Visited {
    /// A visit of `source` that panicked, as one that failed: what was remembered before it stays.
    pub fn panicked(source: &SourceId, history: History, now: Timestamp) -> Self {
        let mut visit = Self { report: report(source, now), history, touched: BTreeSet::new(), twins: 0 };
        visit.fail(Outcome::Panicked, panicked("visiting it"));
        visit.finish(Duration::ZERO, now);
        visit
    }

    /// Notes how asking went, and gives the pages that are to be read.
    fn take(&mut self, asked: Vec<Asked>) -> Vec<Page> {
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

    fn look_at(&mut self, shown: Shown, watched: &Watched, now: Timestamp) -> Work {
        self.report.counts.shown = shown.items;
        self.report.counts.dropped = shown.dropped;
        self.report.problems.extend(shown.problems);
        self.history.title = shown.title.or(self.history.title.take());
        self.history.language = shown.language.or(self.history.language.take());
        self.history.cadence = shown.cadence.unwrap_or(self.history.cadence);
        if shown.failing.is_none() && shown.items > 0 {
            self.history.usual = usual(self.history.usual, shown.own);
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

    fn fail(&mut self, outcome: Outcome, problem: Problem) {
        self.report.outcome = outcome;
        self.report.problems.push(problem);
    }

    /// Makes the next requests unconditional: the host must not say "unchanged" of what was never kept. What the pages
    /// listed stays known: a redesigned page is compared with it.
    fn forget_pages(&mut self) {
        for memory in self.history.pages.values_mut() {
            *memory = PageMemory { listed: std::mem::take(&mut memory.listed), ..PageMemory::default() };
        }
    }

    fn finish(&mut self, took: Duration, now: Timestamp) {
        self.report.took = took;
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
