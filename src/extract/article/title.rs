//! The title: what the page's headings, `<title>` and metadata agree on, without the site's name.

use super::{body::squeezed, view::View};
use crate::reading::text::line;

/// What stands between a title and the site's name.
const PARTS: [&str; 15] =
    [" | ", " - ", " – ", " — ", " » ", " :: ", " · ", " • ", "_", "|", "－", "—", " / ", " < ", "-"];

/// The title, if the page has one.
pub(super) fn find(view: &View<'_>) -> Option<String> {
    let window = view.data.title.clone();
    let shared = view
        .data
        .meta(&["og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title"])
        .map(super::data::unescaped);
    let headline = view.data.field("headline");
    let site = view.data.meta(&["og:site_name", "application-name"]);
    let headings = headings(view);
    let says = |text: &str| squeezed(text);
    let within = |inner: &str, outer: &Option<String>| {
        let inner = says(inner);
        inner.chars().count() >= 2 && outer.as_ref().is_some_and(|outer| says(outer).contains(&inner))
    };
    // A heading that the page names elsewhere too is the title as people see it.
    let agreed =
        headings.iter().filter(|(_, text)| within(text, &window) || within(text, &shared) || within(text, &headline));
    let best = agreed.max_by_key(|(level, text)| (6 - *level, squeezed(text).chars().count()));
    if let Some((_, text)) = best.filter(|(_, text)| site.is_none_or(|site| says(site) != says(text))) {
        return Some(text.clone());
    }
    if let Some(shared) = shared.as_deref().or(headline.as_deref()) {
        let bare = without_site(shared, site, view);
        return Some(bare);
    }
    let top: Vec<&String> = headings.iter().filter(|(level, _)| *level == 1).map(|(_, text)| text).collect();
    match (window, top.as_slice()) {
        (Some(window), _) => Some(without_site(&window, site, view)),
        (None, [first, ..]) => Some((*first).clone()),
        (None, []) => headings.first().map(|(_, text)| text.clone()),
    }
}

/// Headings with their level, in reading order.
fn headings(view: &View<'_>) -> Vec<(u8, String)> {
    let mut out = Vec::new();
    for (at, node) in view.outline.all() {
        let level = match node.name() {
            "h1" => 1,
            "h2" => 2,
            "h3" => 3,
            _ if ["headline", "title"].iter().any(|word| node.hint.contains(word)) && node.end - at < 12 => 4,
            _ => continue,
        };
        let text = line(&view.outline.text(at));
        if (1..=300).contains(&text.chars().count()) {
            out.push((level, text));
        }
    }
    out
}

/// A title without the name of the site at its end or start.
fn without_site(title: &str, site: Option<&str>, view: &View<'_>) -> String {
    let mut best = title.to_owned();
    for mark in PARTS {
        if !best.contains(mark) {
            continue;
        }
        let parts: Vec<&str> = best.split(mark).map(str::trim).filter(|part| !part.is_empty()).collect();
        let is_site = |part: &str| {
            let part = squeezed(part);
            let host = view.page.url.host_str().unwrap_or_default().replace(['.', '-'], "");
            site.is_some_and(|site| squeezed(site) == part) || (part.len() > 2 && host.contains(&part))
        };
        if let [rest @ .., last] = parts.as_slice()
            && !rest.is_empty()
            && is_site(last)
        {
            return rest.join(mark);
        }
        if let [first, rest @ ..] = parts.as_slice()
            && !rest.is_empty()
            && is_site(first)
        {
            return rest.join(mark);
        }
        // A lone "-" also stands within words.
        if mark == "-" && !title.chars().any(|c| c as u32 >= 0x3400) {
            continue;
        }
        let longest = parts.iter().max_by_key(|part| super::body::weight(part) as u32);
        if let (Some(longest), Some(first)) = (longest, parts.first()) {
            let kept = if super::body::weight(first) >= 16.0 { first } else { longest };
            if super::body::weight(kept) >= 12.0 {
                best = (*kept).to_owned();
            }
        }
        break;
    }
    best
}
