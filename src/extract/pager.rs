//! The page on which a list or an article goes on: [`says_next`] knows the words of links that lead there, [`continues`] their
//! addresses, [`next`] finds the link of a list.
//!
//! Invariant: a link is taken only where word and address agree, so that "next" of a calendar or a picture leads nowhere.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html};
use url::Url;

use super::link;
use crate::{
    model::Page,
    reading::{dom::elements, text::line, url::join},
};

/// Longest text of a link, in characters, that is taken for a word of a pager.
const LONGEST: usize = 30;
/// What follows the list's own address where its pages are numbered.
const PAGE_WORDS: [&str; 4] = ["index", "list", "page", "p"];
/// Queries that number pages.
const QUERIES: [&str; 8] = ["page", "p", "pg", "paged", "pageno", "pageindex", "pagenum", "seite"];

#[expect(clippy::expect_used, reason = "the pattern is a constant, and a test compiles it")]
static NEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(下一?页|下一頁|下頁|后一页|次のページ|次ページ|次へ|次の\d+件|다음 ?페이지|다음( 글)?|",
        r"next( page)?|older( posts| entries)?|more|nächste( seite)?|weiter|ältere beiträge|page suivante|suivante?s?|",
        r"página siguiente|siguiente|próxima( página)?|seguinte|pagina successiva|successiv[ao]|avanti|volgende( pagina)?|",
        r"następna( strona)?|następne|další|ďalšia|következő|nästa( sida)?|neste( side)?|næste( side)?|seuraava|sonraki( sayfa)?|",
        r"следующая( страница)?|следующие|дальше|вперед|наступна|далі|επόμενη|επόμενο|ถัดไป|trang sau|tiếp|berikutnya|selanjutnya|",
        r"التالي|الصفحة التالية|הבא|بعدی|अगला)\W*$"
    ))
    .expect("a constant pattern")
});

/// Whether a link's text leads to the next page, in one of many languages.
pub(super) fn says_next(text: &str) -> bool {
    NEXT.is_match(text)
}

/// Whether a link's text is the number of a page that is not the first.
pub(super) fn is_further(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|number| number > 1)
}

/// The link to the next page of the list that `page` shows, as written: one that says so, or bears the next number.
pub(super) fn next(html: &Html, page: &Page, base: &Url) -> Option<String> {
    let mut numbered = None;
    for element in elements(html.root_element()) {
        let Some(href) = link::address(element) else { continue };
        let Some(text) = short_text(element) else { continue };
        let named = ["title", "aria-label", "class"].into_iter().filter_map(|name| element.attr(name));
        let says = says_next(&text)
            || !text.chars().any(char::is_alphanumeric) && named.into_iter().any(|name| name.split(' ').any(says_next));
        let is_number = numbered.is_none() && text.len() <= 4 && is_further(&text);
        if !says && !is_number {
            continue;
        }
        let leads_on = join(base, href, page.encoding).is_ok_and(|next| continues(&page.url, &next));
        match (leads_on, says) {
            (true, true) => return Some(href.to_owned()),
            (true, false) => numbered = Some(href.to_owned()),
            (false, _) => {}
        }
    }
    numbered
}

/// The text of a link, if it is short enough for a word of a pager.
fn short_text(link: ElementRef<'_>) -> Option<String> {
    let mut text = String::new();
    for part in link.text().take(4) {
        text.push_str(part);
        // A character has at most four bytes, and some are not shown.
        if text.len() > 4 * 2 * LONGEST {
            return None;
        }
    }
    let text = line(&text);
    (text.chars().count() <= LONGEST).then_some(text)
}

/// Whether `next` is `here` with the next page number: `x.html` → `x_2.html`, `x/` → `x/index_2.html`, `x?page=2`, `x/2/`.
pub(super) fn continues(here: &Url, next: &Url) -> bool {
    if here.host_str() != next.host_str() {
        return false;
    }
    let (from, to) = (stem(here), stem(next));
    if from == to {
        let (own, other) = (query_number(here), query_number(next));
        return match (own, other) {
            (Some(own), Some(other)) => own.checked_add(1) == Some(other),
            // The first page bears no number, and the next is the second; or the first where they are counted from nought.
            (None, Some(other)) => other == 2 || other == 1,
            _ => false,
        };
    }
    // The first page may bear a number of its own.
    let bare = from.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['_', '-', '/']);
    let own = from.strip_prefix(bare).and_then(number).filter(|n| *n < 1000);
    let folder = from.strip_suffix("/index").or_else(|| from.strip_suffix("/list")).unwrap_or(&from);
    let further = to.strip_prefix(&from).or_else(|| to.strip_prefix(folder));
    match further.and_then(number) {
        Some(n) if own.is_none() => n == 2 || n == 1,
        _ => own.is_some_and(|own| to.strip_prefix(bare).and_then(number) == own.checked_add(1)),
    }
}

fn stem(url: &Url) -> String {
    let path = url.path().trim_end_matches('/');
    let ends = [".aspx", ".php", ".jsp", ".shtml", ".shtm", ".html", ".htm"];
    ends.into_iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path).to_owned()
}

/// The page number in `_2`, `/page/2`, `/index_2`.
fn number(text: &str) -> Option<u16> {
    let signs = ['_', '-', '/'];
    let text = text.trim_start_matches(signs);
    let word = PAGE_WORDS.into_iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    word.trim_start_matches(signs).parse().ok()
}

/// The page number in the query, where all else of the two may differ in nothing that is not a number.
fn query_number(url: &Url) -> Option<u16> {
    let is_page = |name: &str| QUERIES.iter().any(|known| name.eq_ignore_ascii_case(known));
    url.query_pairs().find(|(name, _)| is_page(name)).and_then(|(_, number)| number.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_page_differs_by_a_page_number() {
        let is_next = |here: &str, next: &str| continues(&Url::parse(here).unwrap(), &Url::parse(next).unwrap());
        for (here, next) in [
            ("https://example.org/a/12345.html", "https://example.org/a/12345_2.html"),
            ("https://example.org/a/12345_2.html", "https://example.org/a/12345_3.html"),
            ("https://example.org/story", "https://example.org/story?page=2"),
            ("https://example.org/story?page=2", "https://example.org/story?page=3"),
            ("https://example.org/story/", "https://example.org/story/2/"),
            ("https://example.org/news/", "https://example.org/news/index_2.html"),
            ("https://example.org/news/", "https://example.org/news/index_1.shtml"),
            ("https://example.org/news/index.html", "https://example.org/news/index_2.html"),
            ("https://example.org/news/index.html", "https://example.org/news/list_2.html"),
            ("https://example.org/blog/", "https://example.org/blog/page/2/"),
            ("https://example.org/blog/page/2/", "https://example.org/blog/page/3/"),
            ("https://example.org/list.php?id=7", "https://example.org/list.php?id=7&paged=2"),
        ] {
            assert!(is_next(here, next), "{here} → {next}");
        }
        for (here, next) in [
            ("https://example.org/a/12345.html", "https://example.org/a/12346.html"),
            ("https://example.org/a", "https://example.com/a?page=2"),
            ("https://example.org/story-one", "https://example.org/story-two"),
            ("https://example.org/news/", "https://example.org/news/index_8.html"),
            ("https://example.org/story?page=2", "https://example.org/story?page=2"),
            ("https://example.org/story?page=3", "https://example.org/story?page=2"),
        ] {
            assert!(!is_next(here, next), "{here} → {next}");
        }
    }

    #[test]
    fn pagers_of_many_languages_are_read() {
        for word in [
            "下一页",
            "下一頁 »",
            "Next",
            "Next ›",
            "Weiter",
            "Suivant",
            "Следующая",
            "次へ",
            "다음",
            "siguiente",
            "التالي",
        ] {
            assert!(says_next(word), "{word}");
        }
        for word in ["Next steps for the grid", "下一步工作", "more than words", "2"] {
            assert!(!says_next(word), "{word}");
        }
        let page = |body: &str| Page {
            asked: Url::parse("https://example.org/news/").unwrap(),
            url: Url::parse("https://example.org/news/").unwrap(),
            media_type: "text/html".to_owned(),
            bytes: Vec::new(),
            text: body.to_owned(),
            encoding: encoding_rs::UTF_8,
            language: None,
            validators: crate::model::Validators::default(),
        };
        let found = |body: &str| {
            let page = page(body);
            next(&Html::parse_document(body), &page, &page.url)
        };
        let numbers = "<b>1</b> <a href=index_2.html>2</a> <a href=index_3.html>3</a>";
        assert_eq!(found(numbers).as_deref(), Some("index_2.html"));
        assert_eq!(found(&format!("{numbers} <a href='?page=2'>下一页</a>")).as_deref(), Some("?page=2"));
        assert_eq!(found("<a class='pager next' href='/news/page/2/'>›</a>").as_deref(), Some("/news/page/2/"));
        assert_eq!(found("<a href=/2021/12/31.html>Next</a> <a href=/about/2>2</a>"), None);
    }
}
