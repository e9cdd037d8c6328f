//! Rows of one page that show the same article, gathered into one draft.
//!
//! Portals list an article in a headline block, in the list and again as related reading: once with a summary, once with
//! a picture, once with a cut title. The best field of all rows wins, by the rule of [`better_title`] and its like.

use std::collections::HashMap;

use crate::model::{CleanHtml, Draft, Moment};

/// One draft for each key, at the place of its first row.
pub fn gather(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut places: HashMap<_, usize> = HashMap::with_capacity(drafts.len());
    let mut gathered: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match places.get(&draft.key).and_then(|&place| gathered.get_mut(place)) {
            Some(first) => join(first, draft),
            None => {
                places.insert(draft.key, gathered.len());
                gathered.push(draft);
            }
        }
    }
    gathered
}

fn join(first: &mut Draft, other: Draft) {
    if better_title((&first.title, first.title_cut), (&other.title, other.title_cut)) {
        first.title = other.title;
        first.title_cut = other.title_cut;
    }
    if more_exact(first.published.as_ref(), other.published.as_ref()) {
        first.published = other.published;
    }
    first.summary = fuller(first.summary.take(), other.summary);
    first.content = fuller(first.content.take(), other.content);
    first.image = first.image.take().or(other.image);
    first.outlet = first.outlet.take().or(other.outlet);
    first.language = first.language.take().or(other.language);
    add(&mut first.authors, other.authors);
    add(&mut first.categories, other.categories);
    for alias in other.aliases {
        if !first.aliases.contains(&alias) {
            first.aliases.push(alias);
        }
    }
}

/// Whether `other` is the better title: one that is not cut beats one that is, then the longer wins.
pub(crate) fn better_title((title, cut): (&str, bool), (other, other_cut): (&str, bool)) -> bool {
    if other.is_empty() || title.is_empty() {
        return title.is_empty() && !other.is_empty();
    }
    match (cut, other_cut) {
        (true, false) => true,
        (false, true) => false,
        _ => other.chars().count() > title.chars().count(),
    }
}

/// Whether `other` tells the time more exactly, or tells it where nothing else does.
fn more_exact(moment: Option<&Moment>, other: Option<&Moment>) -> bool {
    match (moment, other) {
        (None, Some(_)) => true,
        // Digits of an address lose against a date that the row shows, even one as coarse.
        (Some(moment), Some(other)) => (rank(moment), moment.precision) < (rank(other), other.precision),
        _ => false,
    }
}

fn rank(moment: &Moment) -> u8 {
    u8::from(moment.origin != crate::model::Origin::Url)
}

fn fuller(one: Option<CleanHtml>, other: Option<CleanHtml>) -> Option<CleanHtml> {
    match (one, other) {
        (Some(one), Some(other)) if other.as_str().len() > one.as_str().len() => Some(other),
        (None, other) => other,
        (one, _) => one,
    }
}

fn add(names: &mut Vec<String>, more: Vec<String>) {
    for name in more {
        if !names.contains(&name) {
            names.push(name);
        }
    }
}
