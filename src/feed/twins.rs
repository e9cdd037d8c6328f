//! Articles that tell one story: one of them shows in a joined feed and links the others.
//!
//! Invariant: which one shows does not change as others come: it is the first to come, or, of those that came at once, the one
//! of the source that is trusted most. What was shown before it was known to be a twin stays shown beside it.

use std::{collections::HashMap, sync::Arc};

use jiff::SignedDuration;

use super::{address, markup};
use crate::model::{Article, ArticleKey, Choice, CleanHtml, Twins};

/// What came within this time of the first came together with it: no reader has asked in between.
const TOGETHER: SignedDuration = SignedDuration::from_secs(60);
/// Others that are linked.
const MOST: usize = 20;

/// The articles that `choice` shows of `articles`, which come in no order that matters.
pub(super) fn gather(choice: &Choice, articles: Vec<Arc<Article>>) -> Vec<Arc<Article>> {
    if choice.twins == Twins::Off || articles.iter().all(|article| article.twin_of.is_none()) {
        return articles;
    }
    let mut stories: HashMap<ArticleKey, Vec<Arc<Article>>> = HashMap::new();
    for article in articles {
        stories.entry(article.twin_of.unwrap_or(article.key)).or_default().push(article);
    }
    let mut shown = Vec::with_capacity(stories.len());
    for mut story in stories.into_values() {
        // Of those of one second the first to be judged goes before.
        story.sort_by_key(|article| (article.first_seen, article.twin_of.is_some(), article.key));
        match choice.twins {
            Twins::Mark => shown.extend((0..story.len()).filter_map(|at| linked(&story, at))),
            Twins::Join | Twins::Off => {
                let first = first(choice, &story);
                let late = |at: &usize| *at != first && story.get(*at).is_some_and(|article| article.twin_late);
                shown
                    .extend((0..story.len()).filter(|at| *at == first || late(at)).filter_map(|at| linked(&story, at)));
            }
        }
    }
    shown
}

/// Which of a story's articles, in the order in which they came, is shown.
fn first(choice: &Choice, story: &[Arc<Article>]) -> usize {
    let Some(start) = story.first().map(|article| article.first_seen) else { return 0 };
    let trust = |article: &Article| {
        choice.trust.iter().position(|source| article.seen_by(source)).unwrap_or(choice.trust.len())
    };
    let together =
        story.iter().enumerate().take_while(|(_, article)| article.first_seen.duration_since(start) <= TOGETHER);
    together.min_by_key(|(at, article)| (trust(article), *at)).map_or(0, |(at, _)| at)
}

/// The article at `at`, with a line that links the others.
fn linked(story: &[Arc<Article>], at: usize) -> Option<Arc<Article>> {
    let article = story.get(at)?;
    let others = story.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| &**other);
    let links: Vec<String> = others.take(MOST).filter_map(link).collect();
    if links.is_empty() {
        return Some(article.clone());
    }
    let also = if speaks_chinese(article) { "另见：" } else { "Also in: " };
    let line = format!("<p>{also}{}</p>", links.join(", "));
    let mut shown = Article::clone(article);
    let place = if shown.content.is_some() { &mut shown.content } else { &mut shown.summary };
    let before = place.take().unwrap_or_default();
    *place = Some(CleanHtml::vouched(format!("{}{line}", before.as_str())));
    Some(Arc::new(shown))
}

/// A link to the article that shows who tells it.
fn link(article: &Article) -> Option<String> {
    let name = article.outlet.clone().or_else(|| address::host(&article.url))?;
    markup::link(&article.url, &name)
}

fn speaks_chinese(article: &Article) -> bool {
    match &article.language {
        Some(language) => language.starts_with("zh"),
        None => article.title.chars().any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character)),
    }
}
