//! Who wrote it: names from structured data, metadata, lines and elements, each as far as the one before tells none.
//!
//! - `lines`: what is printed at the head and the foot of the story; `elements`: what is called author, and links to writers;
//! - `names`: a text that is nothing but a byline → the names in it.

mod elements;
mod lines;
mod names;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{
    body::squeezed,
    data,
    place::Place,
    view::{Places, View},
};
use names::split;

pub(super) use names::without_mail;

/// A byline names no more people than this.
const MOST: usize = 30;

/// Reads the names.
pub(super) fn find(view: &View<'_>, places: &Places, outlet: Option<&str>) -> (Vec<String>, Place) {
    let site = view.data.meta(&["og:site_name"]).map(str::to_owned);
    let is_site = |name: &str| {
        let name = squeezed(name);
        [outlet, site.as_deref()].into_iter().flatten().any(|other| squeezed(other) == name)
    };
    let tidy = |names: Vec<String>| {
        let mut out: Vec<String> = Vec::new();
        for text in names {
            let names = split(&text);
            // A site that names itself says where it is after that.
            let is_address = names.len() > 1 && names.first().is_some_and(|name| is_site(name));
            for name in names.into_iter().take(if is_address { 1 } else { MOST }) {
                if !out.contains(&name) && out.len() < MOST {
                    out.push(name);
                }
            }
        }
        out
    };
    let persons = tidy(from_data(view));
    let people: Vec<String> = persons.iter().filter(|name| !is_site(name)).cloned().collect();
    if !people.is_empty() {
        return (people, Place::Data);
    }
    // Where names need no spaces, lines are plain to read, and metadata often names the maker of the site.
    let by_lines = matches!(view.language.as_deref(), Some("zh" | "ja"));
    let named = tidy(from_metas(view));
    let lines = (tidy(lines::find(view, places)), Place::Line);
    let (elements, metas) = ((tidy(elements::find(view, places)), Place::Element), (named.clone(), Place::Meta));
    let sources = if by_lines { [lines, elements, metas] } else { [metas, lines, elements] };
    for (mut names, place) in sources {
        names.retain(|name| !is_site(name));
        if !names.is_empty() {
            return (names, place);
        }
    }
    // A page whose only author is the site itself says so.
    if persons.is_empty() { (named, Place::Meta) } else { (persons, Place::Data) }
}

fn from_data(view: &View<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for object in view.data.articles() {
        for field in ["author", "creator"] {
            each(object.get(field), view, &mut out);
        }
        if !out.is_empty() {
            break;
        }
    }
    out
}

/// The names of an author field; one that only refers to an object elsewhere on the page is looked up.
fn each(value: Option<&Value>, view: &View<'_>, out: &mut Vec<String>) {
    match value {
        Some(Value::Array(values)) => values.iter().for_each(|value| each(Some(value), view, out)),
        Some(Value::Object(fields)) => {
            if let Some(name) = fields.get("name") {
                out.extend(data::text_of(name));
            } else if let Some(id) = fields.get("@id") {
                let meant = view
                    .data
                    .objects
                    .iter()
                    .find(|object| object.get("@id") == Some(id) && object.get("name").is_some());
                out.extend(meant.and_then(|object| data::text_of(object.get("name")?)));
            }
        }
        Some(value) => out.extend(data::text_of(value)),
        None => {}
    }
}

fn from_metas(view: &View<'_>) -> Vec<String> {
    let names = [
        "author",
        "article:author",
        "article:author_name",
        "parsely-author",
        "sailthru.author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "dc.contributor",
        "og:article:author",
        "cxenseparse:author",
        "cse-authors",
        "creator",
        "citation_author",
        "twitter:data1",
    ];
    for name in names {
        let found: Vec<String> =
            view.data.every_meta(name).map(data::unescaped).filter(|text| !split(text).is_empty()).collect();
        let is_reading_time = name == "twitter:data1"
            && view.data.meta(&["twitter:label1"]).is_none_or(|label| !label.to_lowercase().contains("by"));
        if !found.is_empty() && !is_reading_time {
            return found;
        }
    }
    Vec::new()
}
