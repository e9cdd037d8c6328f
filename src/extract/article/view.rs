//! [`View`]: one page seen from all sides that the fields need, from a single parse.

use scraper::Html;
use url::Url;

use super::{
    body::{self, Block, Body},
    data::Data,
    language,
    outline::Outline,
};
use crate::model::Page;
use crate::reading::url::join;

/// How many blocks before the story's first line are searched for what stands at its head.
const HEAD: usize = 14;

/// How many blocks below the title of a page without a story are of it.
const BELOW: usize = 3;

/// How many blocks after the story's last line are searched for what stands at its foot.
const FOOT: usize = 8;

/// A page, its outline, its lines and what it says of itself.
pub(super) struct View<'a> {
    pub(super) page: &'a Page,
    pub(super) outline: Outline<'a>,
    pub(super) blocks: Vec<Block>,
    /// For each node, whether it is in a frame around the story.
    pub(super) frames: Vec<bool>,
    pub(super) data: Data,
    /// What links are relative to.
    pub(super) base: Url,
    pub(super) language: Option<String>,
}

/// The parts of a page around its story, as numbers of blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    /// The first block that may belong to the article's head.
    pub(super) head: usize,
    /// The title, if it stands on the page.
    pub(super) title: Option<usize>,
    /// The story's first block.
    pub(super) first: usize,
    /// One past the story's last block.
    pub(super) end: usize,
    /// One past the last block of its foot.
    pub(super) foot: usize,
}

impl<'a> View<'a> {
    /// Looks at a page that was parsed.
    pub(super) fn of(tree: &'a Html, page: &'a Page) -> Self {
        let outline = Outline::of(tree);
        let blocks = body::blocks(&outline);
        let frames = body::frames(&outline, &blocks);
        let data = Data::of(tree);
        let base = data.base.as_deref().and_then(|href| join(&page.url, href, page.encoding).ok());
        let root = tree.root_element();
        let lang = root.attr("lang").or_else(|| root.attr("xml:lang")).map(str::to_owned);
        let lang = lang
            .or_else(|| data.meta(&["content-language", "og:locale"]).map(str::to_owned))
            .or_else(|| page.language.clone());
        let language = language::of(lang.as_deref(), &blocks);
        Self { page, outline, blocks, frames, data, base: base.unwrap_or_else(|| page.url.clone()), language }
    }

    /// The address that the page gives itself, if it is one of the same site.
    pub(super) fn canonical(&self) -> Option<Url> {
        let given = self.data.canonical.as_deref().or_else(|| self.data.meta(&["og:url"]))?;
        let url = join(&self.base, given, self.page.encoding).ok()?;
        // A canonical address without a path is that of a template that was never filled in.
        (url.path().len() > 1 || self.page.url.path().len() <= 1 || url.query().is_some()).then_some(url)
    }

    /// The picture that the page shows when it is shared.
    pub(super) fn lead(&self) -> Option<Url> {
        let given = self.data.meta(&[
            "og:image",
            "og:image:url",
            "og:image:secure_url",
            "twitter:image",
            "twitter:image:src",
        ])?;
        join(&self.base, given, self.page.encoding).ok()
    }

    /// Where the title and the story are.
    pub(super) fn places(&self, body: &Body, title: Option<&str>) -> Places {
        let count = self.blocks.len();
        let found = body.kept.first().copied();
        let first = found.unwrap_or(count);
        let end = body.kept.last().map_or(count, |last| last + 1);
        let wanted = title.map(body::squeezed);
        let is_title = |n: &usize| {
            let text = self.blocks.get(*n).map(|block| body::squeezed(&block.text));
            text.is_some() && text == wanted
        };
        // The nearest before the story: a title also stands in breadcrumbs and lists.
        let before = (0..first.min(count)).rev().find(is_title);
        let heading = || (0..first.min(count)).rev().find(|n| self.holder_name(*n) == "h1");
        let inside = || (first..end.min(first + 4)).find(is_title);
        let title = before.or_else(heading).or_else(inside);
        let head = match title {
            Some(at) if at < first => at.saturating_sub(4),
            _ => first.saturating_sub(HEAD),
        };
        // Of a page without a story, what stands right below the title may tell of it, and nothing else.
        let below = |title: usize| (title + BELOW).min(count);
        if let (None, Some(below)) = (found, title.map(below)) {
            return Places { head, title, first: below, end: below, foot: below };
        }
        Places { head, title, first, end, foot: (end + FOOT).min(count) }
    }

    /// The name of the element that holds a block.
    pub(super) fn holder_name(&self, block: usize) -> &str {
        self.blocks.get(block).and_then(|block| self.outline.get(block.holder)).map_or("", |node| node.name())
    }

    /// Whether a node is in a frame around the story.
    pub(super) fn is_framed(&self, at: usize) -> bool {
        self.frames.get(at).copied().unwrap_or_default()
    }

    /// The number of the block at or after a node.
    pub(super) fn block_at(&self, node: usize) -> usize {
        self.blocks.partition_point(|block| block.last < node)
    }
}
