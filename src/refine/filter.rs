//! The source's own rules on a draft: whether it is kept, and what is rewritten in it. Its identity is made before and stays.

use jiff::Timestamp;

use crate::model::{Draft, Field, Source};
use crate::reading::filter::{self, Facts};

/// Whether `draft` is kept, and which rule says so, if there is one; where it is kept, it has been rewritten.
pub(super) fn apply(source: &Source, draft: &mut Draft, now: Timestamp) -> (bool, Option<String>) {
    let rules = &source.filter;
    let age = draft.published.and_then(|moment| now.duration_since(moment.at).try_into().ok());
    let url = draft.url.to_string();
    let facts = Facts {
        title: &draft.title,
        html: [draft.summary.as_ref(), draft.content.as_ref()],
        authors: &draft.authors,
        categories: &draft.categories,
        outlet: draft.outlet.as_deref(),
        url: &url,
        age,
        source: source.name.as_deref().unwrap_or_else(|| source.id.as_str()),
    };
    let ruling = filter::ruling(rules, &facts);
    let told = (ruling.is_kept(), ruling.written());
    if !ruling.is_kept() || rules.rewrite.is_empty() {
        return told;
    }
    let made = |field, text: &str| filter::rewritten(&rules.rewrite, field, text, &facts);
    let all = |field, names: &[String]| -> Vec<String> {
        names.iter().map(|name| made(field, name).unwrap_or_else(|| name.clone())).collect()
    };
    let title = made(Field::Title, &draft.title);
    let outlet = made(Field::Outlet, draft.outlet.as_deref().unwrap_or_default());
    let (authors, categories) = (all(Field::Author, &draft.authors), all(Field::Category, &draft.categories));
    draft.title = title.unwrap_or_else(|| draft.title.clone());
    draft.outlet = outlet.or_else(|| draft.outlet.clone());
    (draft.authors, draft.categories) = (authors, categories);
    told
}
