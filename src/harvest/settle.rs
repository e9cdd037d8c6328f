//! The rules of a visit: which ones read the page, and what becomes of those that do not read it any more.
//!
//! Invariant: rules that a person wrote are replaced only where the source says `repair = "auto"`, and then in the store alone.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::task;

use super::{
    Harvest, Visited, panicked,
    read::{Reader, Shown, read},
    repair::{self, Before, Sight},
};
use crate::model::{Article, ArticleKey, History, Page, Problem, Proposal, Repair, Rules, Source};
use crate::store::Known;

/// A source's newest articles that tell what is older than its list.
const OLDER: usize = 100;

impl Harvest {
    /// Settles by which rules `pages` are read: found ones at the first visit as they are; in place of rules that read
    /// the page no more, others only where what they read is this source's list.
    pub(super) async fn settle(
        &self,
        visit: &mut Visited,
        reader: &Reader,
        pages: Arc<Vec<Page>>,
        mut shown: Shown,
    ) -> Result<Shown, Problem> {
        if let Some(found) = shown.found.take() {
            visit.history.rules = Some(Arc::new(found));
            return Ok(shown);
        }
        let Some(present) = reader.rules().filter(|_| shown.by_rule) else { return Ok(shown) };
        let source = &reader.watched.source;
        if source.repair == Repair::Off || pages.is_empty() {
            return Ok(shown);
        }
        let sight = self.look(visit, reader, &pages, &mut shown).await?;
        let history = &mut visit.history;
        match sight {
            Sight::Well => {
                if shown.failing.is_none() && !shown.drafts.is_empty() {
                    history.proposed = None;
                }
            }
            Sight::Redesigned(rules) if source.repair == Repair::Auto && history.refused.as_deref() != Some(&rules) => {
                let rules = Arc::new(rules);
                let again = Reader { found: Some(rules.clone()), ..reader.clone() };
                shown = read(again, pages).await?;
                shown.problems.push(replaced(source, &present, &rules));
                history.rules_before = Some(present);
                history.rules = Some(rules);
                history.repaired = Some(reader.now);
                history.proposed = None;
            }
            Sight::Redesigned(rules) => {
                let why = match source.repair {
                    Repair::Auto => "it was sent back before",
                    _ => "the source says that a person decides",
                };
                shown.propose(&source.id, &rules, why);
                propose(history, rules, why.to_owned(), reader.now);
            }
            Sight::Doubtful(rules, why) => {
                shown.propose(&source.id, &rules, &why);
                propose(history, rules, why, reader.now);
            }
            // What a person's rules read is the person's business.
            Sight::Strange if source.rules.is_some() && history.rules.is_none() => {}
            Sight::Strange => shown.refuse(),
        }
        Ok(shown)
    }

    /// Compares what was read with what the source showed lately. A store that cannot be read knows nothing, and then nothing is
    /// repaired.
    async fn look(
        &self,
        visit: &Visited,
        reader: &Reader,
        pages: &Arc<Vec<Page>>,
        shown: &mut Shown,
    ) -> Result<Sight, Problem> {
        let memories = pages.iter().filter_map(|page| visit.history.pages.get(page.asked.as_str()));
        let keys: Vec<ArticleKey> = memories.flat_map(|memory| memory.listed.iter().copied()).collect();
        // Of several pages not all may have been sent again.
        let whole = reader.watched.source.urls.len() == pages.len();
        let usual = whole.then_some(visit.history.usual);
        let (store, reader, pages) = (self.store.clone(), reader.clone(), pages.clone());
        let drafts = std::mem::take(&mut shown.drafts);
        let looking = task::spawn_blocking(move || {
            let sight = pages.first().map(|page| {
                let listed: Vec<Arc<Article>> = store
                    .known(&keys)
                    .unwrap_or_default()
                    .into_iter()
                    .flatten()
                    .filter_map(Known::into_article)
                    .collect();
                let usual = usual.unwrap_or_else(|| u32::try_from(listed.len()).unwrap_or(u32::MAX));
                let mut before = Before { listed, usual, ..Before::default() };
                // As a rule that ends it, and more need not be read.
                if before.is_well(&drafts, &page.url) {
                    return Sight::Well;
                }
                before.rules = reader.rules();
                let older = store.articles(&reader.watched.source.id, OLDER, None).unwrap_or_default();
                before.older = older.into_iter().filter(|article| !keys.contains(&article.key)).collect();
                repair::look(&reader.watched, page, &drafts, &before, reader.now)
            });
            (drafts, sight.unwrap_or(Sight::Well))
        });
        let (drafts, sight) = looking.await.map_err(|_| panicked("comparing it with what is known"))?;
        shown.drafts = drafts;
        Ok(sight)
    }
}

fn propose(history: &mut History, rules: Rules, why: String, now: Timestamp) {
    // The time of the first proposal stays while it is the same.
    if history.proposed.as_ref().is_none_or(|before| *before.rules != rules) {
        history.proposed = Some(Proposal { rules: Arc::new(rules), why, at: now });
    }
}

fn replaced(source: &Source, before: &Rules, now: &Rules) -> Problem {
    Problem::of_page(
        format!("the page was redesigned: its list is read by `{}` now, before by `{}`", now.item, before.item),
        format!("nothing, if the feed looks right; else `tearsheet recipe {} --back`", source.id),
    )
}
