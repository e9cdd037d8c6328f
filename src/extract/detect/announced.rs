//! What a page names that reads better than its own markup: [`feeds`] it announces, [`linked`] ones it only leads to, an [`api`].

use super::tree::Tree;

/// Feeds of each kind that are told, at most.
const MOST: usize = 10;

/// Media types of feeds, without their beginnings.
const TYPES: [&str; 3] = ["rss+xml", "atom+xml", "feed+json"];

/// Last words of addresses under which programs serve feeds.
const NAMES: [&str; 9] =
    ["feed", "rss", "atom", "rss.xml", "feed.xml", "atom.xml", "index.rdf", "feed.json", "rss2.xml"];

/// The relation by which WordPress names its API.
const WORDPRESS: &str = "https://api.w.org/";

/// The feeds of articles that a page announces (HTML, section 4.6.7.1, `alternate`); what readers say below them has its own.
pub(super) fn feeds(tree: &Tree<'_>) -> Vec<String> {
    let is_feed = |element: &&scraper::node::Element| {
        let kind = element.attr("type").unwrap_or_default();
        relates(element, "alternate") && TYPES.iter().any(|known| kind.contains(known))
    };
    let heads = (0..tree.len()).filter(|at| tree.tag(*at) == "link").filter_map(|at| tree.named(at));
    let hrefs = heads.filter(is_feed).filter_map(|element| element.attr("href"));
    hrefs.filter(|href| !is_of_comments(href)).take(MOST).map(str::to_owned).collect()
}

/// Addresses of links that look like a feed's: where a page announces none, a link "RSS" may still lead to one.
pub(super) fn linked(tree: &Tree<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let links = (0..tree.len()).filter(|at| tree.tag(*at) == "a").filter_map(|at| tree.node(at));
    for (node, href) in links.filter_map(|node| Some((node, node.link?))) {
        if found.len() == MOST {
            break;
        }
        let is_kind = || node.element.attr("type").is_some_and(|kind| TYPES.iter().any(|known| kind.contains(known)));
        if (names_feed(href) || is_kind()) && !found.iter().any(|other| other == href) {
            found.push(href.to_owned());
        }
    }
    found
}

/// The root of the API that the page names, as WordPress does.
pub(super) fn api(tree: &Tree<'_>) -> Option<String> {
    let mut heads = (0..tree.len()).filter(|at| tree.tag(*at) == "link").filter_map(|at| tree.named(at));
    heads.find(|element| relates(element, WORDPRESS)).and_then(|element| element.attr("href")).map(str::to_owned)
}

fn relates(element: &scraper::node::Element, relation: &str) -> bool {
    let rel = element.attr("rel").unwrap_or_default();
    rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(relation))
}

/// Whether an address is that of a feed of comments, as programs of blogs announce beside that of the articles.
fn is_of_comments(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let asks = href.split(['?', '&']).skip(1).any(|part| part.starts_with("feed=comments"));
    asks || path.split('/').skip(1).any(|part| part.eq_ignore_ascii_case("comments"))
}

fn names_feed(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default().trim().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let ends = |end: &&str| {
        last.len().checked_sub(end.len()).and_then(|at| last.get(at..)).is_some_and(|own| own.eq_ignore_ascii_case(end))
    };
    NAMES.iter().any(|name| last.eq_ignore_ascii_case(name)) || [".rss", ".atom"].iter().any(ends)
}

#[cfg(test)]
mod tests {
    use super::{is_of_comments, names_feed};

    #[test]
    fn a_feed_of_comments_is_none_of_articles() {
        for feed in ["https://n.example/comments/feed/", "/comments/default", "/?feed=comments-rss2"] {
            assert!(is_of_comments(feed), "{feed}");
        }
        for other in ["https://n.example/feed/", "/no-comments/feed", "/?feed=rss2", "comments.xml"] {
            assert!(!is_of_comments(other), "{other}");
        }
    }

    #[test]
    fn an_address_of_a_feed_is_told_by_its_last_word() {
        for feed in ["/feed/", "https://n.example/blog/RSS.xml", "news.rss?x=1", "/rss", "../atom.xml#top"] {
            assert!(names_feed(feed), "{feed}");
        }
        for other in ["/", "/feedback", "/news/rss-explained.html", "/feed/how-to-subscribe", "#rss", "mailto:a@rss"] {
            assert!(!names_feed(other), "{other}");
        }
    }
}
