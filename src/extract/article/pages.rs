//! [`Pages`]: an article that goes on over several pages. It tells which page is asked for next, and joins what each tells.
//!
//! Invariant: all pages are of the first one's host, none is asked for twice, and there are [`MOST`] at most.

use url::Url;

use super::Read;
use crate::model::{CleanHtml, Problem};

/// Pages of one article that are read.
const MOST: usize = 10;

/// An article as far as it was read.
#[derive(Debug)]
pub struct Pages {
    whole: Read,
    seen: Vec<Url>,
    next: Option<Url>,
}

impl Pages {
    /// Starts with the first page, which was found at `url`.
    pub fn new(url: &Url, mut first: Read) -> Self {
        let next = first.next.take();
        Self { whole: first, seen: vec![url.clone()], next }
    }

    /// The page to ask for now, if the article goes on.
    pub fn next(&self) -> Option<&Url> {
        let same_host = |next: &&Url| self.seen.iter().all(|seen| seen.host_str() == next.host_str());
        let fresh = |next: &&Url| !self.seen.contains(next);
        self.next
            .as_ref()
            .filter(|_| self.seen.len() < MOST && !self.whole.text.is_empty())
            .filter(same_host)
            .filter(fresh)
    }

    /// Takes the page that was asked for and found at `url`. One that was led elsewhere, or tells nothing new, ends the article.
    pub fn add(&mut self, url: &Url, read: Read) {
        let asked = self.next.take();
        let is_other = asked.is_none_or(|asked| asked.host_str() != url.host_str()) || self.seen.contains(url);
        // Sites that do not know a page show the first one again.
        let is_known = read.text.is_empty() || self.whole.text.contains(read.text.as_str());
        if is_other || is_known {
            return;
        }
        self.seen.push(url.clone());
        self.next = read.next;
        self.whole.text = format!("{}\n\n{}", self.whole.text, read.text);
        // Two clean parts are clean one after the other, since every element ends where it began.
        self.whole.html = CleanHtml::vouched(format!("{}\n{}", self.whole.html.as_str(), read.html.as_str()));
        for image in read.images {
            if !self.whole.images.contains(&image) {
                self.whole.images.push(image);
            }
        }
        if self.whole.byline.is_empty() {
            self.whole.byline = read.byline;
            self.whole.found.byline = read.found.byline;
        }
        self.whole.problems.extend(read.problems);
    }

    /// Ends the article where it is, since its next page could not be read.
    pub fn end(&mut self, why: Problem) {
        self.next = None;
        let reason = format!("the article goes on, but its next page could not be read: {}", why.reason);
        self.whole.problems.push(Problem::of_page(reason, why.advice));
    }

    /// The article.
    pub fn whole(self) -> Read {
        Read { next: self.next, ..self.whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://example.org/").unwrap().join(path).unwrap()
    }

    fn read(text: &str, next: Option<&str>) -> Read {
        let html = CleanHtml::vouched(format!("<p>{text}</p>"));
        Read { text: text.to_owned(), html, next: next.map(url), ..Read::empty() }
    }

    #[test]
    fn pages_are_joined_in_order() {
        let mut pages = Pages::new(&url("a.html"), read("One.", Some("a_2.html")));
        assert_eq!(pages.next(), Some(&url("a_2.html")));
        pages.add(&url("a_2.html"), read("Two.", Some("a_3.html")));
        pages.add(&url("a_3.html"), read("Three.", None));
        assert_eq!(pages.next(), None);
        let whole = pages.whole();
        assert_eq!(whole.text, "One.\n\nTwo.\n\nThree.");
        assert_eq!(whole.html.as_str(), "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>");
    }

    #[test]
    fn a_page_that_is_known_ends_the_article() {
        let mut pages = Pages::new(&url("a.html"), read("One.", Some("a_2.html")));
        pages.add(&url("a_2.html"), read("One.", Some("a_3.html")));
        assert_eq!(pages.next(), None);
        let mut pages = Pages::new(&url("a.html"), read("One.", Some("a_2.html")));
        pages.add(&url("a_2.html"), read("Two.", Some("a.html")));
        assert_eq!(pages.next(), None);
        assert_eq!(pages.whole().text, "One.\n\nTwo.");
    }

    #[test]
    fn no_article_has_pages_without_end_or_on_another_host() {
        let mut pages = Pages::new(&url("a"), read("0.", Some("a?page=1")));
        let mut asked = 0;
        while let Some(next) = pages.next().cloned() {
            asked += 1;
            pages.add(&next, read(&format!("{asked}."), Some(&format!("a?page={}", asked + 1))));
        }
        assert_eq!(asked, MOST - 1);
        let pages = Pages::new(&url("a"), read("0.", Some("https://example.com/a?page=2")));
        assert_eq!(pages.next(), None);
    }

    #[test]
    fn a_page_that_fails_is_told() {
        let mut pages = Pages::new(&url("a"), read("0.", Some("a?page=2")));
        pages.end(Problem::of_page("it is gone", "nothing"));
        assert_eq!(pages.next(), None);
        let whole = pages.whole();
        assert!(whole.problems.iter().any(|problem| problem.reason.contains("it is gone")), "{:?}", whole.problems);
    }
}
