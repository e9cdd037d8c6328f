//! What a whole HTML page says of itself: base, title, language, next page.

use scraper::{ElementRef, Html};
use url::Url;

use super::{link, notes::Notes, read::empty, shown, shown::Others};
use crate::{
    model::{Listing, Outcome, Page},
    reading::{dom::elements, text::line},
};

/// A page's own words.
pub(super) struct Head {
    /// What relative links are joined to.
    pub(super) base: Url,
    /// `<title>`, else `og:title`, else the first `h1`, else `og:site_name`.
    pub(super) title: Option<String>,
    /// `lang` of the root element, else the answer's header.
    pub(super) language: Option<String>,
    /// `rel="next"`.
    pub(super) next: Option<String>,
}

impl Head {
    /// A listing without items that says what the page says of itself.
    pub(super) fn listing(&self, page: &Page) -> Listing {
        Listing {
            base: self.base.clone(),
            title: self.title.clone(),
            language: self.language.clone(),
            next: self.next.clone(),
            ..empty(page, Outcome::Read, Notes::default())
        }
    }

    /// Reads them in one walk over the page.
    pub(super) fn of(html: &Html, page: &Page) -> Self {
        let mut found = Found::default();
        for element in elements(html.root_element()) {
            found.see(element);
        }
        let root = html.root_element();
        let language = root.attr("lang").or_else(|| root.attr("xml:lang")).and_then(tag);
        Self {
            // HTML, section 4.2.3: the first base element with href, and never a data or script URL.
            base: found
                .base
                .and_then(|href| page.url.join(href.trim()).ok())
                .filter(|base| matches!(base.scheme(), "http" | "https"))
                .unwrap_or_else(|| page.url.clone()),
            title: found.title.or(found.shared).or(found.heading).or(found.site),
            language: language.or(found.language).or_else(|| page.language.clone()),
            next: found.next,
        }
    }
}

#[derive(Default)]
struct Found<'a> {
    base: Option<&'a str>,
    title: Option<String>,
    shared: Option<String>,
    heading: Option<String>,
    site: Option<String>,
    language: Option<String>,
    next: Option<String>,
}

impl<'a> Found<'a> {
    fn see(&mut self, element: ElementRef<'a>) {
        match element.value().name() {
            "base" if self.base.is_none() => self.base = element.attr("href"),
            "title" if self.title.is_none() && !within_picture(element) => self.title = words(element),
            "h1" if self.heading.is_none() => self.heading = words(element),
            "meta" => self.meta(element),
            "a" | "link" if self.next.is_none() => {
                let rel = element.attr("rel").unwrap_or_default();
                if rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next")) {
                    self.next = element.attr("href").map(str::trim).filter(|href| link::leads(href)).map(str::to_owned);
                }
            }
            _ => {}
        }
    }

    fn meta(&mut self, element: ElementRef<'a>) {
        let Some(content) = element.attr("content").map(line).filter(|text| !text.is_empty()) else {
            return;
        };
        let name = element.attr("property").or_else(|| element.attr("name")).or_else(|| element.attr("http-equiv"));
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let place = match name.as_str() {
            "og:title" => &mut self.shared,
            "og:site_name" => &mut self.site,
            "content-language" if self.language.is_none() => {
                self.language = tag(&content);
                return;
            }
            _ => return,
        };
        place.get_or_insert(content);
    }
}

/// `<title>` also names the parts of an SVG picture.
fn within_picture(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|outer| outer.value().name() == "svg")
}

fn words(element: ElementRef<'_>) -> Option<String> {
    Some(shown::text(element, &Others::new())).filter(|text| !text.is_empty())
}

/// The first language tag of a text if it has the form of one (BCP 47): `zh-CN`.
pub(super) fn tag(text: &str) -> Option<String> {
    let first = text.split([',', ';', ' ']).next().unwrap_or_default().trim().replace('_', "-");
    let is_tag = first.len() <= 35
        && first
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
        && first.split('-').next().is_some_and(|part| part.len() >= 2 && part.chars().all(|c| c.is_ascii_alphabetic()));
    is_tag.then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_have_a_form() {
        assert_eq!(tag("zh_CN").as_deref(), Some("zh-CN"));
        assert_eq!(tag("en-US, fr").as_deref(), Some("en-US"));
        assert_eq!(tag("<script>"), None);
        assert_eq!(tag("{{lang}}"), None);
        assert_eq!(tag(""), None);
    }
}
