//! The story of a page: which element holds it, and which parts of that element are it.
//!
//! - [`Block`]: a line of the page with what can be counted in it;
//! - `choose`: the element whose blocks together speak most for a story;
//! - `beside`: parts of the story that stand outside of that element;
//! - `prune`: the parts within it that are not the story;
//! - [`Body`]: what is left; `written` gives it as clean HTML.

mod beside;
mod block;
mod choose;
mod prune;
mod written;

pub(super) use block::{Block, blocks, weight};
pub(super) use choose::frames;
pub(super) use written::html;

use super::{cues, outline::Outline, refrain::Refrain};

/// What was found to be the story.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The place of the element that holds it; absent where no element speaks for a story.
    pub(super) root: Option<usize>,
    /// The places of the elements that hold its parts, in reading order: `root` alone, or several within it.
    pub(super) parts: Vec<usize>,
    /// Numbers of the blocks that are it.
    pub(super) kept: Vec<usize>,
}

/// Finds the story.
pub(super) fn find(outline: &Outline<'_>, blocks: &[Block], frames: &[bool]) -> Body {
    let sums = choose::Worth::of(outline, blocks, frames);
    let Some(root) = choose::root(outline, &sums, frames) else { return whole(outline, blocks) };
    let mut parts = beside::Beside { outline, blocks, frames, sums: &sums, root }.parts();
    parts.push(root);
    parts.sort_unstable();
    let mut kept: Vec<usize> = parts.iter().flat_map(|part| prune::kept(outline, blocks, frames, *part)).collect();
    // A part may hold another.
    kept.sort_unstable();
    kept.dedup();
    let holds = |at: &usize| {
        let end = outline.get(*at).map_or(0, |node| node.end);
        parts.iter().all(|part| *at <= *part && *part < end)
    };
    let root = std::iter::once(root).chain(outline.above(root)).find(holds);
    Body { root, parts, kept }
}

/// The story where a person said that it is: all of that element.
pub(super) fn within(outline: &Outline<'_>, blocks: &[Block], root: usize) -> Body {
    let end = outline.get(root).map_or(root, |node| node.end);
    let from = blocks.partition_point(|block| block.at < root);
    let to = blocks.partition_point(|block| block.at < end);
    Body { root: Some(root), parts: vec![root], kept: (from..to).collect() }
}

/// The whole of a page that is nothing but some lines: without a link, a form or a frame there is nothing around a story.
fn whole(outline: &Outline<'_>, blocks: &[Block]) -> Body {
    let leads = |href: &str| !href.trim_start().to_ascii_lowercase().starts_with("javascript:");
    let is_more = outline.all().any(|(_, node)| match node.name() {
        "a" => node.attr("href").is_some_and(leads),
        "form" | "nav" | "footer" | "video" | "audio" | "label" => true,
        _ => false,
    });
    let root = outline.all().find(|(_, node)| node.name() == "body").map(|(at, _)| at);
    match root {
        Some(root) if !is_more => Body { root: Some(root), parts: vec![root], kept: (0..blocks.len()).collect() },
        _ => Body::default(),
    }
}

impl Body {
    /// Takes lines away that turned out to be something else: the title at the story's head.
    pub(super) fn without_title(&mut self, blocks: &[Block], title: &str) {
        let title = squeezed(title);
        let first = self.kept.first().copied().unwrap_or_default();
        self.kept.retain(|n| *n > first + 4 || blocks.get(*n).is_none_or(|block| squeezed(&block.text) != title));
    }

    /// Takes away what the source's articles have in common, unless that is most of the story.
    pub(super) fn without_refrain(&mut self, blocks: &[Block], refrain: &Refrain) {
        let says = |kept: &[usize]| kept.iter().filter_map(|n| blocks.get(*n)).map(|block| block.weight).sum::<f32>();
        let is_own = |n: &usize| blocks.get(*n).is_some_and(|block| !refrain.knows(&block.text));
        let own: Vec<usize> = self.kept.iter().copied().filter(is_own).collect();
        if says(&own) * 2.0 >= says(&self.kept) {
            self.kept = own;
        }
    }

    /// The story's paragraphs, separated by blank lines, without what is said of pictures.
    pub(super) fn text(&self, outline: &Outline<'_>, blocks: &[Block]) -> String {
        let is_caption = |at: usize| outline.get(at).is_some_and(|node| cues::is_caption(node.name(), &node.hint));
        let says = |block: &&Block| !outline.above(block.at).take(4).any(is_caption);
        let lines: Vec<&str> =
            self.kept.iter().filter_map(|n| blocks.get(*n)).filter(says).map(|block| block.text.as_str()).collect();
        lines.join("\n\n")
    }
}

/// Letters and digits alone, in lower case: what makes two texts the same to a reader.
pub(super) fn squeezed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let mut out = String::with_capacity(text.len());
    let mut take = |c: char| match c {
        c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
        c if !c.is_ascii() && c.is_alphanumeric() => out.extend(c.to_lowercase()),
        _ => {}
    };
    match text.chars().all(is_normal) {
        true => text.chars().for_each(&mut take),
        false => text.nfkc().for_each(&mut take),
    }
    out
}

/// Characters that NFKC leaves as they are beside others of these, or makes marks of, which are no letters.
fn is_normal(c: char) -> bool {
    matches!(c,
        '\0'..='\x7F' | '\u{C0}'..='\u{FF}' | '\u{400}'..='\u{45F}' | '\u{621}'..='\u{64A}' | '\u{2010}'..='\u{201F}'
        | '\u{3001}'..='\u{3011}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '，' | '：' | '；' | '！' | '？' | '（' | '）')
}

#[cfg(test)]
mod tests;
