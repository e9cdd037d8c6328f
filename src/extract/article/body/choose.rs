//! Which element holds the story: the one whose blocks together speak most for it.
//!
//! Each block speaks for or against by what it says, how it is marked and where it stands. An element's value is the sum over
//! its blocks, so it grows with prose and shrinks with lists of links, and the best element holds all prose and little else.

use super::Block;
use crate::extract::article::{
    cues::{self, Named},
    outline::{Node, Outline, is_inline},
};

/// What an element adds around the one within it that holds most is story only if it is worth this share of what it says.
const DENSE: f32 = 0.5;

/// Prose that most frames do not hold.
const LONG: f32 = 1500.0;

/// Prose that is a story by itself, beside which all comments are comments.
const ENOUGH: f32 = 300.0;

/// The share of a page's prose above which what is called a side bar may hold the story.
const NEARLY_ALL: f32 = 0.85;

/// What a list can say against its being a story before more of the same counts little.
const AGAINST: f32 = 150.0;

/// What the paragraphs beside one that was chosen say, as a share of what it says itself, for their parent to be the story.
const BESIDE: f32 = 0.3;

/// Headings beside a paragraph that make it the opening of what they head.
const SECTIONS: usize = 3;

/// How far out an element is looked for that is called after a story's whole text.
const FAR: usize = 5;

/// The share of an element's value that one within it must have to stand for it.
const MOST: f32 = 0.8;

/// What the elements of a page say and are worth as a story, from sums over their blocks.
pub(super) struct Worth<'v> {
    blocks: &'v [Block],
    /// The nth: the values of the first n blocks together.
    values: Vec<f32>,
    /// The nth: what the first n blocks say outside of frames.
    said: Vec<f32>,
}

impl<'v> Worth<'v> {
    /// Sums up a page.
    pub(super) fn of(outline: &Outline<'_>, blocks: &'v [Block], frames: &[bool]) -> Self {
        let mut values = Vec::with_capacity(blocks.len() + 1);
        let mut said = Vec::with_capacity(blocks.len() + 1);
        let (mut sum, mut weight) = (0.0_f32, 0.0_f32);
        let mut lists = Lists::default();
        values.push(sum);
        said.push(weight);
        for block in blocks {
            let framed = frames.get(block.at).copied().unwrap_or_default();
            weight += if framed { 0.0 } else { block.weight };
            said.push(weight);
            let of = value(outline, block, framed) * if framed { 1.0 } else { alone(outline, blocks, frames, block) };
            sum += if framed { of } else { lists.bounded(outline, block, of) };
            values.push(sum);
        }
        Self { blocks, values, said }
    }

    /// The numbers of the blocks between two places, the last excluded.
    pub(super) fn span(&self, at: usize, end: usize) -> (usize, usize) {
        let from = self.blocks.partition_point(|block| block.at < at);
        (from, self.blocks.partition_point(|block| block.at < end))
    }

    /// What is between two places, as a story.
    pub(super) fn worth(&self, at: usize, end: usize) -> f32 {
        self.between(&self.values, at, end)
    }

    /// What is said between two places, outside of frames.
    pub(super) fn said(&self, at: usize, end: usize) -> f32 {
        self.between(&self.said, at, end)
    }

    fn between(&self, sums: &[f32], at: usize, end: usize) -> f32 {
        let (from, to) = self.span(at, end);
        sums.get(to).unwrap_or(&0.0) - sums.get(from).unwrap_or(&0.0)
    }
}

/// What the list or table that is being read has already said against its being a story.
#[derive(Default)]
struct Lists {
    end: usize,
    against: f32,
}

impl Lists {
    /// A block's value, less of it once its list has said enough against itself: a long one in a story must not outweigh it.
    fn bounded(&mut self, outline: &Outline<'_>, block: &Block, value: f32) -> f32 {
        if block.at >= self.end {
            let holds = |at: &usize| {
                outline
                    .get(*at)
                    .is_some_and(|node| matches!(node.name(), "ul" | "ol" | "dl") || node.hint.contains("table"))
            };
            let outermost = outline.above(block.at).filter(holds).last().and_then(|at| outline.get(at));
            (self.end, self.against) = (outermost.map_or(0, |node| node.end), 0.0);
        }
        if self.end == 0 || value >= 0.0 {
            return value;
        }
        self.against -= value;
        if self.against > AGAINST { value * 0.1 } else { value }
    }
}

/// The best element, if any speaks for a story.
pub(super) fn root(outline: &Outline<'_>, sums: &Worth<'_>, frames: &[bool]) -> Option<usize> {
    let worth = |at: usize, end: usize| sums.worth(at, end);
    let best = |from: usize, to: usize| {
        let mut best: Option<(f32, usize)> = None;
        for (at, node) in outline.all().take(to).skip(from).filter(|(_, node)| !node.name().is_empty()) {
            let of = worth(at, node.end);
            // The innermost of equals: it has less around the story.
            if of > 0.0 && best.is_none_or(|(most, _)| of >= most) {
                best = Some((of, at));
            }
        }
        best
    };
    let (mut whole, mut root) = best(0, outline.len())?;
    if let Some(said) = told(outline, sums, whole)
        && let Some(node) = outline.get(said)
        && !(said..node.end).contains(&root)
        && !outline.above(said).any(|above| above == root)
        && let Some(inside) = best(said, node.end)
    {
        (whole, root) = inside;
    }
    // Inward, as long as what is left behind is thin.
    while let Some((part, inner)) = heir(outline, root, &worth).filter(|(part, _)| *part >= whole * MOST) {
        let said = |at: usize| outline.get(at).map_or(0.0, |node| sums.said(at, node.end));
        let left = said(root) - said(inner);
        if left > 0.0 && (whole - part) / left >= DENSE {
            break;
        }
        (whole, root) = (part, inner);
    }
    let root = holder(outline, sums, root);
    Some(entitled(outline, sums, frames, root).unwrap_or(root))
}

/// The element around the chosen one that is called after a story's whole text, if it holds more prose.
fn entitled(outline: &Outline<'_>, sums: &Worth<'_>, frames: &[bool], root: usize) -> Option<usize> {
    let is_whole = |at: &usize| {
        outline.get(*at).is_some_and(|node| !matches!(node.name(), "html" | "body") && cues::is_whole(&node.hint))
    };
    if is_whole(&root) {
        return None;
    }
    let around = outline.above(root).take(FAR).find(is_whole)?;
    let (inner, outer) = (outline.get(root)?, outline.get(around)?);
    let prose = |at: usize, end: usize| {
        let (from, to) = sums.span(at, end);
        let is_own = |block: &&Block| {
            !frames.get(block.at).copied().unwrap_or_default()
                && is_prose(block)
                && block.link_share() < 0.2
                && !cues::is_facts(&block.text)
                && !cues::is_plea(&block.text)
        };
        sums.blocks.get(from..to).unwrap_or_default().iter().filter(is_own).count()
    };
    (prose(around, outer.end) > prose(root, inner.end)).then_some(around)
}

/// What holds a story of which but one paragraph was chosen, since other things stand between its paragraphs.
fn holder(outline: &Outline<'_>, sums: &Worth<'_>, root: usize) -> usize {
    let is_paragraph = |at: &usize| outline.get(*at).is_some_and(|node| matches!(node.name(), "p" | "blockquote"));
    let root = match outline.get(root) {
        Some(node) if is_inline(node.name()) => outline.above(root).take(3).find(is_paragraph).unwrap_or(root),
        _ => root,
    };
    let Some(node) = outline.get(root).filter(|_| is_paragraph(&root)) else { return root };
    let beside = outline.below(node.parent).filter(|(at, other)| {
        *at != root && other.parent == node.parent && other.name() == "p" && other.hint == node.hint
    });
    let said: f32 = beside.map(|(at, other)| sums.said(at, other.end)).sum();
    // One with headings after it is the opening of a story whose sections are lists.
    let is_heading = |at: &usize| outline.get(*at).is_some_and(|other| matches!(other.name(), "h2" | "h3"));
    let after = outline.below(node.parent).filter(|(at, other)| other.parent == node.parent && *at > root);
    let sections = after.filter(|(at, _)| is_heading(at)).count();
    if said >= sums.said(root, node.end) * BESIDE || sections >= SECTIONS { node.parent } else { root }
}

/// The one element of which the page says, in HTML's or schema.org's own words, that it holds the story, if it does hold prose.
fn told(outline: &Outline<'_>, sums: &Worth<'_>, most: f32) -> Option<usize> {
    let names = |name: &'static str| move |hint: &str| hint.split_ascii_whitespace().any(|word| word == name);
    let only = |is: &dyn Fn(&str, &str) -> bool| {
        let mut all = outline.all().filter(|(_, node)| is(node.name(), &node.hint)).map(|(at, _)| at);
        all.next().filter(|_| all.next().is_none())
    };
    let holds = |least: f32| move |at: &usize| outline.get(*at).is_some_and(|node| sums.worth(*at, node.end) >= least);
    let (body, main) = (names("articlebody"), names("main"));
    only(&|_, hint| body(hint)).filter(holds((most * 0.2).min(ENOUGH))).or_else(|| {
        only(&|name, hint| name == "main" || (name != "body" && main(hint))).filter(holds(ENOUGH.min(most * 0.4)))
    })
}

/// The child that is worth most, looking through those that have but one.
fn heir(outline: &Outline<'_>, of: usize, worth: &impl Fn(usize, usize) -> f32) -> Option<(f32, usize)> {
    let mut best: Option<(f32, usize)> = None;
    let end = outline.get(of)?.end;
    let mut at = of + 1;
    while at < end {
        let Some(node) = outline.get(at) else { break };
        let holds =
            !matches!(node.name(), "" | "p" | "li" | "h1" | "h2" | "h3" | "blockquote" | "pre" | "td" | "figure");
        if holds {
            let of = worth(at, node.end);
            if best.is_none_or(|(most, _)| of > most) {
                best = Some((of, at));
            }
        }
        at = node.end;
    }
    best
}

/// How much a block of prose counts where it stands: less in a small part that is half links, as an entry of a list of stories is.
fn alone(outline: &Outline<'_>, blocks: &[Block], frames: &[bool], block: &Block) -> f32 {
    if !is_prose(block) {
        return 1.0;
    }
    let mut share: f32 = 0.0;
    for at in outline.above(block.at).take(5) {
        let Some(node) = outline.get(at) else { break };
        let from = blocks.partition_point(|block| block.at < at);
        let to = blocks.partition_point(|block| block.at < node.end);
        if to - from > 6 {
            break;
        }
        // What is framed is none of the part.
        let is_own = |block: &&Block| !frames.get(block.at).copied().unwrap_or_default();
        let part = || blocks.get(from..to).unwrap_or_default().iter().filter(is_own);
        let all: f32 = part().map(|block| block.weight).sum();
        let linked: f32 = part().map(|block| block.linked).sum();
        share = share.max(linked / all.max(1.0));
    }
    (1.0 - 2.0 * share).max(0.1)
}

/// For each node, whether it is in a frame: an element named so that does not hold much of the page's prose.
///
/// Where frames would hold nearly all prose, the names mean something else on this page, and only elements that HTML itself calls
/// frames count.
pub(in crate::extract::article) fn frames(outline: &Outline<'_>, blocks: &[Block]) -> Vec<bool> {
    let mut prose = Vec::with_capacity(blocks.len() + 1);
    let mut sum = 0.0_f32;
    prose.push(sum);
    for block in blocks {
        sum += if is_prose(block) { block.weight - block.linked } else { 0.0 };
        prose.push(sum);
    }
    let within = |from: usize, end: usize| {
        let from = blocks.partition_point(|block| block.at < from);
        let to = blocks.partition_point(|block| block.at < end);
        prose.get(to).unwrap_or(&0.0) - prose.get(from).unwrap_or(&0.0)
    };
    let by_tag = |name: &str| matches!(name, "nav" | "footer" | "aside" | "form" | "menu");
    let mark = |is_frame: &dyn Fn(&str, &str) -> bool| {
        let mut out = vec![false; outline.len()];
        let (mut until, mut held) = (0, 0.0);
        for (at, node) in outline.all() {
            if at >= until && !node.name().is_empty() && is_frame(node.name(), &node.hint) {
                let own = within(at, node.end);
                if (own > 0.0 && is_own_teaser(outline, at, own)) || is_in_line(blocks, at, node) {
                    continue;
                }
                let is_long = own > LONG && !by_tag(node.name()) && !cues::is_wordy(&node.hint);
                // Readers may well have written more than the author did.
                let is_reply = cues::is_replies(&node.hint) && sum - own >= ENOUGH;
                // Nor is what both its tag and its name put beside the story.
                let is_sure = node.name() == "aside" && cues::is_beside(&node.hint) && own <= sum * NEARLY_ALL;
                // And what is said of many pictures may be more than the story that they stand in.
                let is_gallery = cues::is_gallery(&node.hint) && sum - own >= LONG;
                if (own <= sum * 0.4 && !is_long) || is_reply || is_sure || is_gallery {
                    until = node.end;
                    held += if is_reply || is_gallery { 0.0 } else { own };
                }
            }
            if at < until
                && let Some(framed) = out.get_mut(at)
            {
                *framed = true;
            }
        }
        (out, held)
    };
    // A heading may be marked as one that the table of contents lists.
    let is_listed = |name: &str, hint: &str| {
        matches!(name, "h2" | "h3" | "h4") && hint.split_ascii_whitespace().any(|name| name == "toc")
    };
    let is_frame = |hint: &str| cues::named(hint) == Named::Frame || cues::is_gallery(hint);
    let (out, held) = mark(&|name, hint| by_tag(name) || (is_frame(hint) && !is_listed(name, hint)));
    if held <= sum * 0.7 { out } else { mark(&|name, hint| by_tag(name) || hint.contains("comment")).0 }
}

/// Whether an element stands within a line, with more of the line before or after it: the line is what it is by all its words.
fn is_in_line(blocks: &[Block], at: usize, node: &Node<'_>) -> bool {
    let line = blocks.get(blocks.partition_point(|block| block.last < at));
    is_inline(node.name()) && line.is_some_and(|line| line.at < node.end && (line.at < at || line.last >= node.end))
}

/// Whether an element is called a teaser and leads nowhere: then it is this story's own opening, and not that of another. One that
/// says much may hold a link in its text.
fn is_own_teaser(outline: &Outline<'_>, at: usize, said: f32) -> bool {
    let Some(node) = outline.get(at).filter(|node| node.hint.contains("teaser")) else { return false };
    let is_link = |at: usize| outline.get(at).is_some_and(|node| node.name() == "a");
    let links = outline.below(at).filter(|(_, node)| node.name() == "a").count();
    cues::named(&node.hint.replace("teaser", "")) != Named::Frame
        && !outline.above(at).take(3).any(is_link)
        && (links == 0 || (links == 1 && said >= ENOUGH))
}

/// Whether a block reads as sentences.
pub(super) fn is_prose(block: &Block) -> bool {
    block.weight >= 60.0 && block.marks > 0 && block.link_share() < 0.5
}

/// What a block says for (above 0) or against its being a story.
fn value(outline: &Outline<'_>, block: &Block, framed: bool) -> f32 {
    let own = block.weight - block.linked;
    if framed || cues::is_legal(&block.text) {
        return -0.3 * block.weight.min(200.0) - 5.0;
    }
    if block.link_share() > 0.5 {
        return -0.3 * block.linked.min(60.0) - 6.0;
    }
    let tag = outline.get(block.holder).map_or("", |node| node.name());
    if is_prose(block) {
        let full = own * (1.0 - block.link_share());
        return match tag {
            "p" | "blockquote" | "pre" => full,
            _ => full * 0.8,
        };
    }
    match tag {
        "p" | "blockquote" | "pre" => own * 0.3,
        "h2" | "h3" | "h4" | "td" | "th" | "figcaption" | "code" => 0.0,
        "li" => -4.0,
        _ if block.marks > 0 => own * 0.3 - 4.0,
        _ => -8.0,
    }
}
