//! A feed's past in pages that stay as they are (RFC 5005, section 4): a new subscriber reads back beyond the window.
//!
//! Where a page begins is decided by the articles themselves: about every thirty-second one, by its key, begins one. So nothing is
//! counted from either end, and neither new articles nor retention move a page's bounds. A page is named by its first article.

use std::{cmp::Reverse, collections::HashSet, sync::Arc};

use jiff::Timestamp;

use super::select;
use crate::model::{Article, ArticleKey, Entry, FeedSpec, Sighting};

/// Most entries of a page.
pub const MOST: usize = 250;

/// When the article came into the feed: when one of the feed's sources first showed it.
pub fn arrival(spec: &FeedSpec, article: &Article) -> Option<Timestamp> {
    sightings(spec, article).map(|sighting| sighting.first).min()
}

/// The page on which the feed goes on behind what it shows; nothing where it shows all of `articles`.
///
/// Whatever is newer than that page's first article is among the entries shown.
pub fn onward(spec: &FeedSpec, shown: &[Entry], articles: Vec<Arc<Article>>) -> Option<ArticleKey> {
    let shown: HashSet<ArticleKey> = shown.iter().map(|entry| entry.article.key).collect();
    let articles = in_order(spec, chosen(spec, articles));
    let first_hidden = articles.iter().position(|article| !shown.contains(&article.key))?;
    let reachable = articles.get(..=first_hidden)?;
    let begins = reachable.iter().rev().find(|article| begins_page(&article.key));
    begins.or(reachable.last()).map(|article| article.key)
}

/// The entries of the page that begins with `first`, and the page behind it.
pub fn page(
    spec: &FeedSpec,
    first: ArticleKey,
    articles: Vec<Arc<Article>>,
) -> Option<(Vec<Entry>, Option<ArticleKey>)> {
    let articles = in_order(spec, articles);
    let start = articles.iter().position(|article| article.key == first)?;
    let rest = articles.get(start..)?;
    let end = rest.iter().skip(1).take(MOST - 1).position(|article| begins_page(&article.key));
    let end = end.map_or(MOST.min(rest.len()), |place| place + 1);
    // Rules and twins are looked at last, so that where a page begins hangs on neither. What tells a story of this page or of an
    // older one is not shown a second time.
    let mut shown = chosen(spec, rest.to_vec());
    let on_page: HashSet<ArticleKey> = rest.iter().take(end).map(|article| article.key).collect();
    shown.retain(|article| on_page.contains(&article.key));
    let entries = in_order(spec, shown).into_iter().map(|article| Entry { article }).collect();
    Some((entries, rest.get(end).map(|article| article.key)))
}

/// Those that the feed shows, as its rules rewrite them and one for each story.
fn chosen(spec: &FeedSpec, articles: Vec<Arc<Article>>) -> Vec<Arc<Article>> {
    select::gathered(&spec.choice, vec![articles])
}

fn begins_page(key: &ArticleKey) -> bool {
    key.bytes().last().is_some_and(|byte| byte % 32 == 0)
}

/// Each article once, the one that came last first.
fn in_order(spec: &FeedSpec, mut articles: Vec<Arc<Article>>) -> Vec<Arc<Article>> {
    let mut known = HashSet::new();
    articles.retain(|article| known.insert(article.key));
    // The order in which the store gives a source's articles, so that what is read of each source is the beginning of this order.
    articles.sort_by_cached_key(|article| {
        let first = sightings(spec, article).min_by_key(|sighting| (sighting.first, sighting.place));
        (Reverse(first.map(|sighting| sighting.first)), first.map(|sighting| sighting.place), article.key)
    });
    articles
}

fn sightings<'a>(spec: &FeedSpec, article: &'a Article) -> impl Iterator<Item = &'a Sighting> {
    article.sightings.iter().filter(|sighting| spec.choice.sources.contains(&sighting.source))
}
