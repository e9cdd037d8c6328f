//! [`Work`]: the drafts of a visit judged against the store, and what is new of them recorded, in one record.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use url::Url;

use super::stories::Stories;
use crate::dedup;
use crate::model::{Article, ArticleKey, Counts, Draft, History, Problem, SourceId, Verdict};
use crate::reading::url as address;
use crate::store::{self, Store};

/// A source's newest articles that are looked through when it shows addresses that nobody knows.
const MOST_MOVED: usize = 300;

/// What is to be judged and written.
pub(super) struct Work {
    pub(super) source: SourceId,
    /// Within what its articles have their identity.
    pub(super) scope: String,
    pub(super) now: Timestamp,
    pub(super) drafts: Vec<Draft>,
    pub(super) listed: Vec<(String, Vec<ArticleKey>)>,
    pub(super) history: History,
}

/// What judging and recording came to.
pub(super) struct Recorded {
    pub(super) counts: Counts,
    pub(super) problem: Option<Problem>,
    pub(super) history: History,
    pub(super) touched: BTreeSet<SourceId>,
    pub(super) twins: u32,
}

impl Work {
    /// What the store knows of each draft, by each of its names.
    fn known(&self, store: &Store) -> Result<Vec<Vec<store::Known>>, store::Error> {
        let of = |draft: &Draft| Ok(store.known(&keys(draft).collect::<Vec<_>>())?.into_iter().flatten().collect());
        self.drafts.iter().map(of).collect()
    }

    /// The drafts that nobody knows by their address, and that are articles which the page listed under another. `known` is what is
    /// known of each draft.
    fn moved(
        &self,
        store: &Store,
        known: &[Vec<store::Known>],
    ) -> Result<HashMap<ArticleKey, Arc<Article>>, store::Error> {
        let unknown: Vec<&Draft> =
            self.drafts.iter().zip(known).filter(|(_, known)| known.is_empty()).map(|(draft, _)| draft).collect();
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

    /// Blocks while it reads and writes the store. `still` tells whether a source is configured.
    pub(super) fn judge_and_write(
        mut self,
        store: &Store,
        stories: &Stories,
        still: &dyn Fn(&SourceId) -> bool,
    ) -> Result<Recorded, store::Error> {
        let mut counts = Counts::default();
        let mut written: Vec<Article> = Vec::new();
        let mut reused = Vec::new();
        let mut twins = 0;
        let mut coming = stories.coming();
        let mut stands_for = HashMap::with_capacity(self.drafts.len());
        let known = self.known(store)?;
        let moved = self.moved(store, &known)?;
        for (draft, known) in self.drafts.iter().zip(known) {
            let moved = || moved.get(&draft.key).cloned().map(store::Known::Article);
            let ours = |known: &store::Known| match known {
                store::Known::Article(article) => article.key == draft.key || self.may_alter(article),
                store::Known::Buried { .. } => true,
            };
            let known = match known.into_iter().find(ours).or_else(moved) {
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
                    article.twin_of = coming.told_before(store, article, self.now)?;
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

/// The names under which an article may be known.
pub(super) fn keys(draft: &Draft) -> impl Iterator<Item = ArticleKey> {
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
