//! A feed's own rules on an article: whether the feed shows it, and what is rewritten in it there.

use std::sync::Arc;

use crate::model::{Article, Choice, Field, Origin, SourceId};
use crate::reading::filter::{self, Facts};

/// The article as the feed shows it; nothing where a rule leaves it out.
pub(super) fn apply(choice: &Choice, article: Arc<Article>) -> Option<Arc<Article>> {
    let rules = &choice.filter;
    let article =
        if article.owner().is_some_and(|owner| choice.silent.contains(owner)) { untold(article) } else { article };
    if rules.keep.is_empty() && rules.drop.is_empty() && rules.rewrite.is_empty() {
        return Some(article);
    }
    let facts = facts(choice, &article);
    if !filter::ruling(rules, &facts).is_kept() {
        return None;
    }
    let made = |field, text: &str| filter::rewritten(&rules.rewrite, field, text, &facts);
    let all = |field, names: &[String]| -> Vec<String> {
        names.iter().map(|name| made(field, name).unwrap_or_else(|| name.clone())).collect()
    };
    let mut shown = Article::clone(&article);
    if let Some(title) = made(Field::Title, &article.title) {
        shown.title = title;
    }
    if let Some(outlet) = made(Field::Outlet, article.outlet.as_deref().unwrap_or_default()) {
        shown.outlet = Some(outlet);
    }
    shown.authors = all(Field::Author, &article.authors);
    shown.categories = all(Field::Category, &article.categories);
    Some(if shown == *article { article } else { Arc::new(shown) })
}

/// Which of the feed's rules keeps the article or leaves it out, in words; nothing where there is none to name.
pub fn ruling(choice: &Choice, article: &Article) -> Option<String> {
    filter::ruling(&choice.filter, &facts(choice, article)).written()
}

/// The article as if its text had never changed, which readers are not told of.
fn untold(article: Arc<Article>) -> Arc<Article> {
    match article.revision {
        0 => article,
        _ => Arc::new(Article { updated: article.first_seen, revision: 0, ..Article::clone(&article) }),
    }
}

fn facts<'a>(choice: &'a Choice, article: &'a Article) -> Facts<'a> {
    // The source by which the feed has it, the first to show it going before.
    let ours = |id: &&SourceId| choice.sources.contains(id);
    let source = article.sightings.iter().map(|sighting| &sighting.source).find(ours).or(article.owner());
    let named = source.and_then(|id| choice.names.iter().find(|(known, _)| known == id)).map(|(_, name)| name.as_str());
    let dated = article.published.origin != Origin::FirstSeen;
    Facts {
        title: &article.title,
        html: [article.summary.as_ref(), article.content.as_ref()],
        authors: &article.authors,
        categories: &article.categories,
        outlet: article.outlet.as_deref(),
        url: &article.url,
        age: dated.then(|| article.first_seen.duration_since(article.published.at).try_into().ok()).flatten(),
        source: named.or(source.map(SourceId::as_str)).unwrap_or_default(),
    }
}
