//! Every source's articles → a feed's entries: each once, chosen by when it came, ordered as the feed says.
//!
//! [`select`] reads no clock: the window hangs on the newest article, so time alone changes no byte.

use std::{cmp::Reverse, collections::HashSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::{language, rules, twins};
use crate::model::{Article, ArticleKey, Choice, Document, Entry, FeedSpec, Sort, SourceId};

/// What came within this time of the feed's newest article is shown, however much it is…
const WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// …up to this many entries, unless the feed asks for more.
const MOST: usize = 500;

/// The feed's entries, in the order shown.
///
/// Each list in `per_source` is newest `first_seen` first. An article that several sources showed is one entry.
/// All that came within a day of the newest is chosen, so that a reader who asks once a day misses nothing,
/// then older ones up to `spec.choice.length`.
pub fn select(spec: &FeedSpec, per_source: Vec<Vec<Arc<Article>>>) -> Vec<Entry> {
    let mut articles = gathered(&spec.choice, per_source);
    newest_first(&mut articles);
    let chosen = how_many(&articles, spec.choice.length);
    articles.truncate(chosen);
    sort(&mut articles, spec.choice.sort);
    articles.into_iter().map(|article| Entry { article }).collect()
}

/// All articles that `choice` shows, each once, as its rules rewrite them and one for each story, in no order.
pub(super) fn gathered(choice: &Choice, per_source: Vec<Vec<Arc<Article>>>) -> Vec<Arc<Article>> {
    let mut known: HashSet<ArticleKey> = HashSet::new();
    let all = per_source.into_iter().flatten().filter(|article| known.insert(article.key));
    twins::gather(choice, all.filter_map(|article| rules::apply(choice, article)).collect())
}

/// Those that came last first.
pub(super) fn newest_first(articles: &mut [Arc<Article>]) {
    articles.sort_unstable_by_key(|article| (Reverse(article.first_seen), tie(article)));
}

/// Orders articles that are newest `first_seen` first.
pub(super) fn sort(articles: &mut [Arc<Article>], sort: Sort) {
    match sort {
        Sort::Published => articles.sort_by_key(|article| Reverse(article.published.at)),
        Sort::Updated => articles.sort_by_key(|article| Reverse(article.updated)),
        Sort::FirstSeen => {}
    }
}

/// Whether a feed of at least `length` entries might show articles that `source` showed before the last of `read`, which are in the
/// order in which it showed them, the newest first. What came before was seen first no later than the source showed that one.
pub fn may_show_more(read: &[Arc<Article>], source: &SourceId, length: usize) -> bool {
    let mut seen: Vec<Timestamp> = read.iter().map(|article| article.first_seen).collect();
    seen.sort_unstable_by_key(|at| Reverse(*at));
    let shown = read.last().and_then(|last| last.sightings.iter().find(|sighting| sighting.source == *source));
    let since = seen.first().and_then(|newest| newest.checked_sub(WINDOW).ok());
    let least = length.checked_sub(1).map_or(seen.first(), |last| seen.get(last));
    match (shown, since, least) {
        (Some(shown), Some(since), Some(least)) => shown.first > since || shown.first >= *least,
        _ => true,
    }
}

/// How many entries a feed of at least `length` shows of `all` articles, of which `newest` came last and so many `after` an instant.
pub fn entries(newest: Timestamp, all: usize, length: usize, after: impl FnOnce(Timestamp) -> usize) -> usize {
    let since = newest.saturating_sub(WINDOW).unwrap_or(Timestamp::MIN);
    after(since).min(MOST).max(length).min(all)
}

/// The document of `entries`, ready to be written. `base_url` is where this server is reached.
pub fn document(spec: &FeedSpec, title: &str, base_url: &str, entries: Vec<Entry>) -> Document {
    Document {
        id: spec.id.clone(),
        urn: ArticleKey::of("feed", &[spec.id.as_str()]).urn(),
        title: title.to_owned(),
        link: spec.link.clone(),
        archive: None,
        older: None,
        hub: None,
        base_url: base_url.trim_end_matches('/').to_owned(),
        language: spec
            .language
            .as_deref()
            .and_then(language::tag)
            .or_else(|| language::common(entries.iter().map(|entry| entry.article.language.as_deref()))),
        every: spec.every,
        updated: entries.iter().map(|entry| entry.article.updated).max(),
        entries,
    }
}

/// What decides between articles that came at once: the later published one first, then the page's order, then the key,
/// so that the order does not depend on the order of the sources' lists.
fn tie(article: &Article) -> (Reverse<Timestamp>, u32, ArticleKey) {
    let place = article.sightings.first().map_or(u32::MAX, |sighting| sighting.place);
    (Reverse(article.published.at), place, article.key)
}

/// How many of `articles`, newest first, are shown.
fn how_many(articles: &[Arc<Article>], length: usize) -> usize {
    let Some(newest) = articles.first() else { return 0 };
    let after = |since| articles.iter().take_while(|article| article.first_seen > since).count();
    entries(newest.first_seen, articles.len(), length, after)
}

#[cfg(test)]
#[path = "select_tests.rs"]
mod tests;
