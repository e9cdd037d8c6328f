//! Links of a row, and the title that a link shows.

use scraper::ElementRef;

use super::shown::{self, Others};
use crate::reading::text;

/// The address of an `a` element that leads somewhere: not a place on the same page, not a script.
pub(super) fn address(element: ElementRef<'_>) -> Option<&str> {
    if !is_kind(element.value().name()) {
        return None;
    }
    element.attr("href").map(str::trim).filter(|href| leads(href))
}

/// Whether elements of that name are links.
pub(super) fn is_kind(name: &str) -> bool {
    matches!(name, "a" | "area")
}

/// Whether an address as written leads to another document.
pub(super) fn leads(href: &str) -> bool {
    let refused = ["javascript:", "mailto:", "tel:", "data:", "about:", "blob:", "vbscript:"];
    !href.is_empty()
        && !href.starts_with('#')
        && !refused.iter().any(|start| href.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

/// Whether a text is an address with a scheme.
pub(super) fn leads_absolutely(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// The title of a link: a heading in it, else its text; its `title` or `aria-label` where the text is cut or absent;
/// else the words of its picture.
pub(super) fn title(link: ElementRef<'_>, others: &Others) -> String {
    let heading = link.descendent_elements().find(|inner| is_heading(inner.value().name()));
    let text = shown::text(heading.unwrap_or(link), others);
    let text = if text.is_empty() { shown::text(link, others) } else { text };
    let fuller = whole(link, &text);
    if !fuller.is_empty() {
        return fuller;
    }
    let pictures = link.descendent_elements().filter_map(|inner| inner.attr("alt"));
    pictures.map(text::line).find(|alt| !alt.is_empty()).unwrap_or_default()
}

/// `text` of `element`, or what an attribute of it says more fully where the text is cut with an ellipsis or empty.
pub(super) fn whole(element: ElementRef<'_>, text: &str) -> String {
    let named = |name| element.attr(name).map(text::line).filter(|words| !words.is_empty());
    let start = text.trim_end_matches(['…', '‥', '.', '．', '。', '⋯', '・', ' ']);
    let is_cut = text::is_cut(text);
    let fuller = |words: &String| {
        let more = words.chars().count() > start.chars().count();
        text.is_empty() || (is_cut && more && words.starts_with(start))
    };
    let words = ["title", "aria-label"].into_iter().filter_map(named).find(fuller);
    words.unwrap_or_else(|| text.to_owned())
}

pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::dom::{Limits, parse};

    fn titled(html: &str) -> String {
        let page = parse(html, &Limits::default()).unwrap();
        let link = page.root_element().descendent_elements().find(|e| address(*e).is_some()).unwrap();
        title(link, &Others::new())
    }

    #[test]
    fn cut_titles_are_made_whole() {
        assert_eq!(titled("<a href=x title='全国电网建设'>全国电…</a>"), "全国电网建设");
        assert_eq!(titled("<a href=x title='全国电网建设'>全国电...</a>"), "全国电网建设");
        assert_eq!(titled("<a href=x title='Opens in a new window'>News…</a>"), "News…");
        assert_eq!(titled("<a href=x title='Other'>Whole</a>"), "Whole");
        assert_eq!(titled("<a href=x aria-label='Words'><img alt=y></a>"), "Words");
        assert_eq!(titled("<a href=x><img alt='Picture words'></a>"), "Picture words");
        assert_eq!(titled("<a href=x><h3>Head</h3><p>lead</p></a>"), "Head");
    }

    #[test]
    fn links_that_lead_nowhere_are_no_addresses() {
        for bad in ["", "#", "#top", "JavaScript:void(0)", "mailto:a@b", "tel:1"] {
            assert!(!leads(bad), "{bad}");
        }
        assert!(leads("?page=2") && leads("//h/x") && leads("数据.html"));
    }
}
