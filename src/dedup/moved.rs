//! A site that gives all its articles new addresses overnight: which unknown draft is which known article.
//!
//! An article that the source showed before and does not show any more, and a draft that nobody knows, are one where both have the
//! same title and the same day and nothing else on the page has. Titles that are too short to tell ("通知公告") move nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::fingerprint::essence;
use crate::model::{Article, ArticleKey, Draft, Origin};

/// Letters and digits of a title that can tell an article.
const LEAST_TITLE: usize = 6;
/// Where the page gives no dates, so many articles must have moved at once.
const LEAST_TOGETHER: usize = 3;

/// The article that each of the `unknown` drafts is, by the draft's key. `before` is what the source showed lately, and `shown`
/// holds every key that it shows now.
pub fn moved<'a>(
    unknown: &[&Draft],
    before: &'a [Arc<Article>],
    shown: &HashSet<ArticleKey>,
) -> HashMap<ArticleKey, &'a Arc<Article>> {
    let gone =
        |article: &Article| !shown.contains(&article.key) && !article.aliases.iter().any(|alias| shown.contains(alias));
    let mut drafts: HashMap<String, Vec<&Draft>> = HashMap::new();
    for draft in unknown {
        drafts.entry(essence(&draft.title)).or_default().push(draft);
    }
    let mut articles: HashMap<String, Vec<&Arc<Article>>> = HashMap::new();
    for article in before.iter().filter(|article| gone(article)) {
        articles.entry(essence(&article.title)).or_default().push(article);
    }
    let mut sure = HashMap::new();
    let mut undated = HashMap::new();
    for (title, drafts) in drafts.iter().filter(|(title, _)| title.chars().count() >= LEAST_TITLE) {
        let ([draft], Some([article])) = (drafts.as_slice(), articles.get(title).map(Vec::as_slice)) else { continue };
        let dated = article.published.origin != Origin::FirstSeen;
        match draft.published {
            Some(moment) if dated && moment.same_day(article.published.at) => sure.insert(draft.key, *article),
            None if !dated => undated.insert(draft.key, *article),
            _ => None,
        };
    }
    // A series repeats its titles; but no series gives every address of a page anew.
    let all_gone = before.iter().all(|article| gone(article));
    if all_gone && undated.len() >= LEAST_TOGETHER && undated.len() * 2 >= unknown.len() {
        sure.extend(undated);
    }
    sure
}
