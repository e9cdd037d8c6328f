//! Pages into drafts: extract and refine, on a blocking thread.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;
use tokio::task;
use url::Url;

use super::{ReadPage, Watched, panicked, recipes::Recipes};
use crate::extract::{self, BadRule, Detection, Recipe, Usual, Written, diagnose};
use crate::model::{ArticleKey, Cadence, Draft, Kind, Listing, Outcome, Page, Problem, Rules, SourceId};
use crate::reading::url as address;
use crate::refine;

/// How the pages of one source are read.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    /// The source, with the rule that a person wrote, if one did.
    pub watched: Arc<Watched>,
    /// How a page is read by a rule.
    pub read: ReadPage,
    /// Where rules are compiled.
    pub recipes: Arc<Recipes>,
    /// The rule that was found on its page before; it goes before the written one.
    pub found: Option<Arc<Rules>>,
    /// Items that the source's pages showed when they were last read well.
    pub usual: u32,
    /// The time.
    pub now: Timestamp,
}

impl Reader {
    /// Those rules compiled, the ones that read the pages.
    fn compile(&self) -> Result<Compiled, BadRule> {
        // Rules that were found and kept compiled then; one that does not now is found anew.
        let found = self.found.as_ref().and_then(|rules| self.recipes.of(rules, Kind::Html).ok());
        let source = &self.watched.source;
        match &source.rules {
            Some(rules) if found.is_none() => {
                let recipe = self.recipes.of(rules, source.kind.unwrap_or(Kind::Html))?;
                Ok(Compiled { recipe: Some(recipe), written: true })
            }
            _ => Ok(Compiled { recipe: found, written: false }),
        }
    }

    /// The rules that read the pages, if there are some.
    pub(super) fn rules(&self) -> Option<Arc<Rules>> {
        self.found.clone().or_else(|| self.watched.source.rules.clone())
    }
}

/// The rule that reads a page: the one that was found before, else the one that a person wrote; none where one is found now.
struct Compiled {
    recipe: Option<Arc<Recipe>>,
    /// Whether a person wrote it.
    written: bool,
}

/// What the pages of one visit showed, read.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The rows, as drafts.
    pub drafts: Vec<Draft>,
    /// By the address asked for: what that page lists.
    pub listed: Vec<(String, Vec<ArticleKey>)>,
    /// How many rows there were.
    pub items: u32,
    /// How many of them stand on the source's own pages, and not on further ones of the list.
    pub own: u32,
    /// How many the source's own rules left out.
    pub dropped: u32,
    /// The page's own title.
    pub title: Option<String>,
    /// The language that the page declares.
    pub language: Option<String>,
    /// What the first page, where it is a feed, says of when it changes.
    pub cadence: Option<Cadence>,
    /// The next page of the list.
    pub next: Option<Url>,
    /// Rules that were found on a page, where there were none.
    pub found: Option<Rules>,
    /// Whether a page was read by rules for HTML that were there before.
    pub by_rule: bool,
    /// How reading failed.
    pub failing: Option<Outcome>,
    /// What was wrong.
    pub problems: Vec<Problem>,
}

/// Reads pages where it may take its time: parsing is work for a blocking thread.
pub(super) async fn read(reader: Reader, pages: Arc<Vec<Page>>) -> Result<Shown, Problem> {
    let reading = task::spawn_blocking(move || {
        let mut shown = Shown::default();
        match reader.compile() {
            Ok(rule) => pages.iter().for_each(|page| shown.add(&reader, &rule, page)),
            // `config` tried it; what passes there and fails here is told like any fault of a rule.
            Err(bad) => {
                shown.failing = Some(Outcome::NoRule);
                shown.problems.push(Problem::of_page(format!("`{}`: {}", bad.field, bad.reason), bad.advice));
            }
        }
        shown
    });
    reading.await.map_err(|_| panicked("reading it"))
}

impl Shown {
    /// Reads one more page of the same list.
    fn add(&mut self, reader: &Reader, rule: &Compiled, page: &Page) {
        let listing = self.listing(reader, rule, page);
        let refined = refine::refine(&reader.watched.source, page, &listing, reader.now);
        self.items = self.items.saturating_add(u32::try_from(listing.items.len()).unwrap_or(u32::MAX));
        self.own = self.items;
        if listing.outcome != Outcome::Read {
            self.failing.get_or_insert(listing.outcome);
        }
        let next = listing.next.as_deref().and_then(|next| address::join(&listing.base, next, page.encoding).ok());
        self.next = next.filter(|next| next != &page.url);
        self.cadence = self.cadence.or(Some(listing.cadence));
        self.title = self.title.take().or(listing.title);
        self.language = self.language.take().or(listing.language);
        self.problems.extend(listing.problems);
        self.problems.extend(refined.problems);
        self.dropped = self.dropped.saturating_add(u32::try_from(refined.dropped.len()).unwrap_or(u32::MAX));
        self.listed.push((page.asked.to_string(), refined.drafts.iter().map(|draft| draft.key).collect()));
        self.drafts.extend(refined.drafts);
    }

    fn listing(&mut self, reader: &Reader, rule: &Compiled, page: &Page) -> Listing {
        let source = &reader.watched.source;
        let usual = Usual { has_rule: rule.recipe.is_some(), items: reader.usual };
        let written = if rule.written { Written::ByHand } else { Written::Not };
        let by_hand = rule.written;
        let rule = rule.recipe.as_deref();
        let is_html =
            rule.map_or_else(|| source.kind.unwrap_or_else(|| extract::sniff(page)), Recipe::kind) == Kind::Html;
        let (mut listing, detection) = match rule {
            Some(rule) if by_hand || extract::sniff(page) == Kind::Html => {
                self.by_rule = is_html;
                ((reader.read)(page, Some(rule), source.kind), Detection::default())
            }
            None if is_html => extract::read_detected(page),
            _ => ((reader.read)(page, None, source.kind), Detection::default()),
        };
        diagnose::judge(&mut listing, page, usual, written);
        // What was found on a page that is no listing is no rule.
        if listing.outcome == Outcome::Read {
            self.found = self.found.take().or(detection.rules);
        }
        listing
    }

    /// Whether all that it shows stands in `other` too.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        let known: HashSet<_> = other.drafts.iter().map(|draft| draft.key).collect();
        self.drafts.iter().all(|draft| known.contains(&draft.key))
    }

    /// Adds what a further page of the list showed. It is not one of the source's own pages, so nothing is remembered of it.
    pub(super) fn append(&mut self, further: Self) {
        self.items = self.items.saturating_add(further.items);
        self.dropped = self.dropped.saturating_add(further.dropped);
        self.problems.extend(further.problems);
        self.drafts.extend(further.drafts);
    }

    /// Tells of rules that would read the page.
    pub(super) fn propose(&mut self, source: &SourceId, rules: &Rules, why: &str) {
        let reason = format!("the page was redesigned, and `{}` may read its list now, but {why}", rules.item);
        let advice = format!("`tearsheet recipe {source}` shows the difference, and takes these rules with --accept");
        self.problems.insert(0, Problem::of_page(reason, advice));
    }

    /// Leaves out what was read: it is not what this source lists.
    pub(super) fn refuse(&mut self) {
        self.drafts.clear();
        self.listed.clear();
        self.next = None;
        self.failing = Some(Outcome::Changed);
        self.problems = vec![Problem::of_page(
            "what stands where the list was is not what the source listed before: nothing of it is known, and its links lead elsewhere",
            "if `tearsheet try` shows the right items, write its rule into feeds.toml",
        )];
    }
}
