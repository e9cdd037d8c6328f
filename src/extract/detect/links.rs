//! [`Link`]: a link of the page with what its text and address say, before it is known whether it leads to an article.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use url::Url;

use super::{
    cues,
    tree::{At, Tree, columns, is_alphabetic, is_numeric},
};
use crate::{model::Page, reading};

/// One link.
pub(super) struct Link {
    /// Its element.
    pub(super) at: At,
    /// Number of its address: the same for links that lead to the same document.
    pub(super) target: usize,
    /// Its text in one line.
    pub(super) text: String,
    /// Number of its text: the same for links that say the same.
    pub(super) words: usize,
    /// Columns of its text.
    pub(super) width: usize,
    /// Whether its text can be a title, and whether it only says what following the link does.
    pub(super) is_title: bool,
    pub(super) is_deed: bool,
    /// Whether it is the number of a case, a file or an issue.
    pub(super) is_number: bool,
    /// What its address looks like.
    pub(super) shape: Shape,
}

/// What an address looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Shape {
    /// An id, date or headline stands in it.
    pub(super) is_article: bool,
    /// A column, tag, author or the front page.
    pub(super) is_hub: bool,
    /// A file, as a PDF or what the address calls a download.
    pub(super) is_document: bool,
    /// On the page's own site.
    pub(super) is_own: bool,
    /// Hash of its host and of what kind of address it is there.
    pub(super) form: u64,
}

/// The links of a page that lead to another document.
pub(super) fn of(tree: &Tree<'_>, base: &Url, page: &Page) -> Vec<Link> {
    let mut targets: HashMap<String, usize> = HashMap::new();
    let mut texts: HashMap<String, usize> = HashMap::new();
    // Cards lead to their article twice and more.
    let mut known: HashMap<&str, Option<(usize, Shape)>> = HashMap::new();
    let mut links = Vec::new();
    for at in 0..tree.len() {
        let Some(node) = tree.node(at) else { break };
        let Some(href) = node.link else { continue };
        let lead = *known.entry(href).or_insert_with(|| {
            let url = elsewhere(base, href, page)?;
            let next = targets.len();
            Some((*targets.entry(key(&url)).or_insert(next), shape(&url, page)))
        });
        let Some((target, shape)) = lead else { continue };
        let text = tree.text(at);
        let next = texts.len();
        let words = match texts.get(&text) {
            Some(known) => *known,
            None => *texts.entry(text.clone()).or_insert(next),
        };
        let width = columns(&text);
        let is_deed = cues::is_deed(&text);
        let is_title = width >= 3 && !is_deed && text.chars().any(is_alphabetic);
        let is_number = is_number(&text, width);
        links.push(Link { at, target, text, words, width, is_title, is_deed, is_number, shape });
    }
    links
}

/// Columns of the longest name of a number.
const NUMBER: usize = 16;

/// Whether a text is the number of a case, a file or an issue, as `23-1701P` is: digits more than letters.
fn is_number(text: &str, width: usize) -> bool {
    let count = |test: fn(char) -> bool| text.chars().filter(|sign| test(*sign)).count();
    width <= NUMBER && count(is_numeric) > count(is_alphabetic)
}

/// The address that a link leads to, if that is another document than `page`.
fn elsewhere(base: &Url, href: &str, page: &Page) -> Option<Url> {
    let mut url = reading::url::join(base, href, page.encoding).ok()?;
    let is_route = url.fragment().is_some_and(|part| part.starts_with(['/', '!']));
    if !is_route {
        url.set_fragment(None);
    }
    let here = url.path() == page.url.path() && url.query() == page.url.query() && url.host() == page.url.host();
    (is_route || !here).then_some(url)
}

/// The address without what does not tell documents apart.
pub(super) fn key(url: &Url) -> String {
    let text = url.as_str();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    text.trim_start_matches("www.").trim_end_matches('/').to_owned()
}

/// Parts of paths that lead to lists and not to articles.
const HUBS: &[&str] = &[
    "tag",
    "tags",
    "category",
    "categories",
    "cat",
    "author",
    "authors",
    "user",
    "users",
    "topic",
    "topics",
    "label",
    "labels",
    "feed",
    "rss",
    "search",
    "login",
    "register",
    "about",
    "about-us",
    "contact",
    "privacy",
    "terms",
    "page",
    "archive",
    "member",
    "profile",
    "space",
    "account",
    "subscribe",
    "help",
    "faq",
    "schlagwort",
    "kategorie",
    "autor",
    "categoria",
    "etiqueta",
    "rubrik",
    "tagged",
];

/// What an address on `page` looks like.
pub(super) fn shape(url: &Url, page: &Page) -> Shape {
    let host = url.host_str().unwrap_or_default();
    let own = page.url.host_str().unwrap_or_default();
    let parts: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let last = parts.last().copied().unwrap_or_default();
    let query = url.query().unwrap_or_default();
    let digits = |text: &str, least: usize| longest_digits(text) >= least;
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let words = stem.split(['-', '_', '+', ' ']).filter(|word| !word.is_empty()).count();
    let is_encoded = last.contains("%E") || last.contains("%D");
    let is_document = last
        .rsplit_once('.')
        .is_some_and(|(_, end)| ["pdf", "doc", "docx", "mp3"].iter().any(|known| end.eq_ignore_ascii_case(known)));
    let is_document = is_document || last.eq_ignore_ascii_case("download");
    let is_page = last.rsplit_once('.').is_some_and(|(_, end)| end.to_ascii_lowercase().contains("htm"));
    let is_hub_word = |part: &&str| HUBS.iter().any(|hub| part.eq_ignore_ascii_case(hub));
    let query_hub = ["page=", "paged=", "cat=", "tag=", "sort=", "order=", "start=", "author="];
    // A headline or an id at the end is an article's, whatever column it is filed under.
    let is_named = words >= 5 || digits(last, 5) || is_document;
    let is_hub = (parts.is_empty() && query.is_empty())
        || (!is_named && parts.iter().take(parts.len().max(2) - 1).any(is_hub_word))
        || (parts.len() <= 1 && is_hub_word(&last))
        || (query_hub.iter().any(|start| query.starts_with(start)) && !query.contains("id="));
    // What hands this page on to others.
    let is_share = ["share", "sharer", "sharer.php", "intent", "submit"].iter().any(|word| parts.contains(word))
        && (query.contains("=http") || query.contains("text="));
    let is_hub = is_hub || is_share;
    let is_article = !is_hub
        && (digits(url.path(), 4)
            || words >= 4
            || is_encoded
            || is_document
            || (is_page && digits(last, 1))
            || (words >= 3 && stem.len() >= 18)
            || digits(query, 2)
            || (parts.len() >= 2 && !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()))
            || (parts.len() >= 2 && words >= 2 && stem.len() >= 14));
    let mut hasher = DefaultHasher::new();
    host.trim_start_matches("www.").hash(&mut hasher);
    digits(url.path(), 4).hash(&mut hasher);
    is_article.hash(&mut hasher);
    last.rsplit_once('.').map(|(_, end)| end).hash(&mut hasher);
    let is_own = site(host) == site(own);
    Shape { is_article, is_hub, is_document, is_own, form: hasher.finish() }
}

/// The last two labels of a host.
fn site(host: &str) -> &str {
    let dot = host.rmatch_indices('.').nth(1).map(|(at, _)| at + 1);
    dot.and_then(|at| host.get(at..)).unwrap_or(host)
}

fn longest_digits(text: &str) -> usize {
    text.split(|sign: char| !sign.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}
