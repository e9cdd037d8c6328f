//! The story of one visit: fetch the source's pages, extract their items, refine them into drafts, judge each against the
//! store, record what is new, and report.
//!
//! - [`Watched`]: a source that is visited.
//! - [`Harvest`]: the tools of a visit, shared by all; [`Harvest::visit`] is the story.
//! - [`Visited`]: the report, what to remember, and whose feeds changed. `work` judges and records.
//! - [`repair`]: whether rules still read a page, and which others do after a redesign; `settle` acts on it.
//! - [`Standing`]: the rules of a source as a person sees them; [`Turn`]: what a person says of them.
//! - [`Likeness`]: why two articles are one or not; [`Split`]: a wrong join undone.
//!
//! Invariant: a visit that is reported as successful has been recorded durably. No lock and no DOM is held while waiting.

mod article;
mod ask;
mod claim;
mod kin;
mod likeness;
mod read;
mod recipe;
mod recipes;
pub mod repair;
mod settle;
mod split;
mod stories;
mod visited;
mod watched;
mod work;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::{task, time::Instant};
use url::Url;

use crate::dedup::near::Search;
use crate::extract::{self, Recipe};
use crate::fetch::{Fetcher, Jar};
use crate::model::{
    Article, ArticleKey, Counts, Draft, History, Kind, Listing, Outcome, Page, Problem, Source, SourceId,
};
use crate::refine;
use crate::store::{self, Store};

use article::Attempts;
pub use article::Readings;
use claim::Claims;
pub use likeness::{Likeness, alike};
use read::{Reader, Shown, read};
pub use recipe::{Standing, Turn};
use recipes::Recipes;
pub use split::{Split, split};
use stories::Stories;
pub use visited::Visited;
use visited::panicked;
pub use watched::Watched;
use work::{Work, keys};

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
    recipes: Arc<Recipes>,
}

impl Harvest {
    /// Visits go through `fetcher` into `store`.
    pub fn new(fetcher: Arc<Fetcher>, store: Store) -> Self {
        let (claims, attempts, stories) = (Arc::default(), Arc::default(), Arc::default());
        Self { fetcher, store, read: extract::read, claims, attempts, stories, recipes: Arc::default() }
    }

    /// Reads pages by rules and kinds with `read` in place of [`extract::read`].
    pub fn reading_by(self, read: ReadPage) -> Self {
        Self { read, ..self }
    }

    /// From now on twins are looked for like this among the articles of these sources. What a private one shows is never the
    /// story of another's article.
    pub fn look_for(&self, twins: Search, sources: &[Arc<Source>]) {
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
        let mut visit = Visited::begin(&watched.source.id, history, now);
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
            recipes: self.recipes.clone(),
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
            if let Some(problem) = asked.no_further(&url) {
                visit.history.read_on = Some(url.to_string());
                visit.report.problems.push(problem);
            }
            let Some(page) = asked.page else { break };
            visit.report.bytes += page.bytes.len() as u64;
            let mut further = read(reader.clone(), Arc::new(vec![page])).await?;
            // Some hosts answer with the first page where there is no further one.
            if further.is_within(&shown) {
                break;
            }
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
        let known = self.known(drafts).await;
        !drafts.is_empty() && known.is_some_and(|known| !known.contains(&true))
    }

    /// Whether one of the drafts may be new. An unreadable store knows all.
    async fn some_unknown(&self, drafts: &[Draft]) -> bool {
        self.known(drafts).await.is_some_and(|known| known.contains(&false))
    }

    /// Whether the store knows the drafts, by each name of each.
    async fn known(&self, drafts: &[Draft]) -> Option<Vec<bool>> {
        let all: Vec<ArticleKey> = drafts.iter().flat_map(keys).collect();
        let store = self.store.clone();
        task::spawn_blocking(move || store.has(&all)).await.ok()?.ok()
    }

    /// Judges the drafts and writes what is to be written. While it lasts, no other visit judges the same articles.
    async fn record(&self, visit: &mut Visited, work: Work, still: impl Fn(&SourceId) -> bool + Send + 'static) {
        if work.drafts.is_empty() {
            return;
        }
        if !self.stories.are_known() && self.some_unknown(&work.drafts).await {
            self.stories.know(&self.store, work.now).await;
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
