//! The page on which the article goes on.

use url::Url;

use super::view::{Places, View};
use crate::{
    extract::pager::{continues, is_further, says_next},
    reading::{text::line, url::join},
};

/// Finds it: a link that says "next page" or its number after the story, to an address that differs from this one by a page number.
pub(super) fn find(view: &View<'_>, places: &Places) -> Option<Url> {
    let here = &view.page.url;
    let joined = |href: &str| join(&view.base, href, view.page.encoding).ok();
    let linked = view.outline.all().filter(|(at, node)| {
        let says = |text: &str| says_next(text) || is_further(text);
        node.name() == "a" && view.block_at(*at) >= places.first && says(&line(&view.outline.text(*at)))
    });
    let shown = linked.filter_map(|(_, node)| joined(node.attr("href")?)).find(|next| continues(here, next));
    shown.or_else(|| view.data.next.as_deref().and_then(joined).filter(|next| continues(here, next)))
}
