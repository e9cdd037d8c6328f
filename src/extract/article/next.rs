//! The page on which the article goes on.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::view::{Places, View};
use crate::reading::{text::line, url::join};

#[expect(clippy::expect_used, reason = "the pattern is a constant, and a test compiles it")]
static NEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(下一?页|下一頁|下页|次のページ|次へ|다음 ?페이지|next( page)?|nächste seite|weiter|page suivante|suivant|página siguiente|siguiente|следующая( страница)?|التالي)\W*$")
        .expect("a constant pattern")
});

/// Finds it: a link that says "next page" or its number after the story, to an address that differs from this one by a page number.
pub(super) fn find(view: &View<'_>, places: &Places) -> Option<Url> {
    let here = &view.page.url;
    let joined = |href: &str| join(&view.base, href, view.page.encoding).ok();
    let linked = view.outline.all().filter(|(at, node)| {
        let says = |text: &str| NEXT.is_match(text) || text.parse::<u16>().is_ok();
        node.name() == "a" && view.block_at(*at) >= places.first && says(&line(&view.outline.text(*at)))
    });
    let shown = linked.filter_map(|(_, node)| joined(node.attr("href")?)).find(|next| continues(here, next));
    shown.or_else(|| view.data.next.as_deref().and_then(joined).filter(|next| continues(here, next)))
}

/// Whether `next` is `here` with a page number: `x.html` → `x_2.html`, `x?page=2`, `x/2/`.
fn continues(here: &Url, next: &Url) -> bool {
    if here.host_str() != next.host_str() {
        return false;
    }
    let stem = |url: &Url| {
        let path = url.path().trim_end_matches('/').to_owned();
        ["", ".html", ".htm", ".shtml", ".php", ".aspx"]
            .iter()
            .rev()
            .find_map(|end| path.strip_suffix(end).map(str::to_owned))
            .unwrap_or(path)
    };
    let (from, to) = (stem(here), stem(next));
    let number = |text: &str| {
        text.trim_start_matches(['_', '-', '/'])
            .trim_start_matches("page")
            .trim_start_matches(['/', '-', '_'])
            .parse::<u16>()
            .ok()
    };
    if from == to {
        let pages = |url: &Url| {
            url.query_pairs()
                .find(|(name, _)| matches!(&**name, "page" | "p" | "pg"))
                .and_then(|(_, n)| n.parse().ok())
                .unwrap_or(1_u16)
        };
        return pages(next) == pages(here).saturating_add(1);
    }
    // The first page may bear a number of its own.
    let bare = from.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['_', '-', '/']);
    let own = from.strip_prefix(bare).and_then(number).filter(|n| *n < 100);
    match to.strip_prefix(&from).and_then(number) {
        Some(n) => n == 2 || n == 1,
        None => own.is_some_and(|own| to.strip_prefix(bare).and_then(number) == own.checked_add(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_page_differs_by_a_page_number() {
        let is_next = |here: &str, next: &str| continues(&Url::parse(here).unwrap(), &Url::parse(next).unwrap());
        assert!(is_next("https://example.org/a/12345.html", "https://example.org/a/12345_2.html"));
        assert!(is_next("https://example.org/a/12345_2.html", "https://example.org/a/12345_3.html"));
        assert!(is_next("https://example.org/story", "https://example.org/story?page=2"));
        assert!(is_next("https://example.org/story/", "https://example.org/story/2/"));
        assert!(!is_next("https://example.org/a/12345.html", "https://example.org/a/12346.html"));
        assert!(!is_next("https://example.org/a", "https://example.com/a?page=2"));
        assert!(!is_next("https://example.org/story-one", "https://example.org/story-two"));
    }
}
