//! The headings of a page, as candidates for its title: each with its level and place, without the site's name.

use super::named::Named;
use crate::extract::article::{
    body::{squeezed, weight},
    data,
    view::View,
};
use crate::reading::{text::line, url::join};

/// Longest heading that is looked at, in characters.
const LONGEST: usize = 300;

/// Lines between a heading and the story over which it stands, at most.
const OVER: usize = 4;

/// A heading of fewer letters names a section.
const LEAST: f32 = 20.0;

/// A heading, its level (1 the highest; 4 for what is only called one) and where it stands.
pub(super) struct Heading {
    pub(super) level: u8,
    pub(super) text: String,
    pub(super) squeezed: String,
    pub(super) at: usize,
    pub(super) block: usize,
    pub(super) is_framed: bool,
}

/// Headings in reading order, but for those that lead home.
pub(super) fn headings(view: &View<'_>, named: &Named) -> Vec<Heading> {
    let mut out = Vec::new();
    for (at, node) in view.outline.all() {
        let level = match node.name() {
            "h1" => 1,
            "h2" => 2,
            "h3" => 3,
            _ if ["headline", "title"].iter().any(|word| node.hint.contains(word)) && node.end - at < 12 => 4,
            _ => continue,
        };
        let text = line(&view.outline.spoken(at));
        // The mark of a heading's own address.
        let text = data::unescaped(text.trim_end_matches(['¶', '#', ' ']));
        if !(1..=LONGEST).contains(&text.chars().count()) {
            continue;
        }
        let squeezed = squeezed(&text);
        if !named.is_site_squeezed(&squeezed) && !named.is_last(&squeezed) {
            out.push(Heading { level, text, squeezed, at, block: view.block_at(at), is_framed: view.is_framed(at) });
        }
    }
    out
}

/// The lowest of all headings, right over the story, of a page that calls itself by little else than its site's name: it says more
/// than the window does, and nothing else names the page.
pub(super) fn nearest(view: &View<'_>, named: &Named, first: usize) -> Option<String> {
    if named.shared.is_some() || named.headline.is_some() {
        return None;
    }
    let told = named.window.as_deref().map_or(0.0, weight);
    let mut over = view.outline.all().rev().filter(|(at, node)| {
        let block = view.block_at(*at);
        matches!(node.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
            && (block..=block + OVER).contains(&first)
            && !view.is_framed(*at)
    });
    let text = over.next().map(|(at, _)| line(&view.outline.spoken(at)))?;
    let is_said = named.every().any(|outer| squeezed(&text).contains(&outer.squeezed));
    (text.chars().count() <= LONGEST && weight(&text) > told.max(LEAST) && !is_said).then_some(text)
}

/// What the links to the site's first page say, squeezed: a heading of those words is the site's name.
pub(super) fn home_links(view: &View<'_>) -> Vec<String> {
    if view.page.url.path().len() <= 1 {
        return Vec::new();
    }
    let leads_home = |href: &str| {
        join(&view.base, href, view.page.encoding).is_ok_and(|url| {
            let is_first =
                matches!(url.path(), "" | "/" | "/index.html" | "/index.htm" | "/index.php" | "/index.shtml");
            is_first && url.query().is_none() && url.host_str() == view.page.url.host_str()
        })
    };
    let links = view.outline.all().filter(|(_, node)| {
        let href = || node.attr("href").map(str::trim).filter(|href| !href.is_empty() && !href.starts_with('#'));
        node.name() == "a" && href().is_some_and(|href| may_lead_home(href) && leads_home(href))
    });
    links.map(|(at, _)| squeezed(&view.outline.text(at))).filter(|text| text.chars().count() >= 3).take(40).collect()
}

/// Whether an address looks like that of a first page: most do not, and need not be joined.
pub(super) fn may_lead_home(href: &str) -> bool {
    let path = href.split('#').next().unwrap_or_default();
    let is_host = || path.split_once("//").is_some_and(|(_, host)| !host.contains('/'));
    path.ends_with(['/', '.', '\\']) || path.contains("index.") || path.is_empty() || is_host()
}
