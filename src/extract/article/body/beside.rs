//! The parts of a story that stand beside the element chosen for it: an opening above it, and sections that go on below.
//!
//! Pages are built of sections, and what lies between them may be advertising, so that no single element holds the story and
//! little else. A part must be nearly all prose; one above must stand below the page's heading, and one below must look as the
//! chosen element does and have nothing between that heads other things.

use super::{
    Block,
    choose::{Worth, is_prose},
};
use crate::extract::article::{
    cues::{self, Named},
    outline::{Node, Outline},
};

/// The share of what a part says that must be worth as a story.
const DENSE: f32 = 0.6;

/// A part of an opening that says less may be a slogan.
const OPENING: f32 = 100.0;

/// An opening of one paragraph that says less is the line below the title, which tells what the story tells. One that says more is
/// what newspapers begin a story with, and what follows goes on from there.
const ALONE: f32 = 150.0;

/// A section below that says less may be about the site.
const SECTION: f32 = 300.0;

/// How far out from the chosen element parts are looked for.
const FAR: usize = 5;

/// How far into an element beside it.
const DEEP: usize = 4;

/// A line that heads other things is no longer.
const SHORT: f32 = 60.0;

/// Finds the parts of one page.
pub(super) struct Beside<'v, 'a> {
    pub(super) outline: &'v Outline<'a>,
    pub(super) blocks: &'v [Block],
    pub(super) frames: &'v [bool],
    pub(super) sums: &'v Worth<'v>,
    /// The chosen element.
    pub(super) root: usize,
}

impl Beside<'_, '_> {
    /// The places of the parts, in no order.
    pub(super) fn parts(&self) -> Vec<usize> {
        let mut out = Vec::new();
        let Some(end) = self.outline.get(self.root).map(|node| node.end) else { return out };
        let headings = || self.outline.all().take(self.root).filter(|(_, node)| node.name() == "h1").map(|(at, _)| at);
        // What is called a banner or the like may hold the title, if nothing else does.
        let heading = headings().filter(|at| !self.is_framed(*at)).last().or_else(|| headings().last());
        let mut openings = Vec::new();
        let mut inner = self.root;
        for outer in self.outline.above(self.root).take(FAR) {
            let Some(node) = self.outline.get(outer) else { break };
            if let Some(heading) = heading {
                self.within(outer + 1..inner, DEEP, &mut |at| at > heading && self.opens(at), &mut openings);
            }
            self.within(outer + 1..inner, 0, &mut |at| self.goes_before(at, inner), &mut out);
            let after = self.outline.get(inner).map_or(end, |node| node.end);
            self.within(after..node.end, 0, &mut |at| self.goes_on(at, inner, end), &mut out);
            inner = outer;
            // Around the chosen element of a page that has such elements is nothing of the story.
            if matches!(node.name(), "article" | "main" | "body") {
                break;
            }
        }
        if self.is_opening(&openings) {
            out.extend(openings);
        }
        out
    }

    /// Whether the parts above the chosen element say more together than the line below a title does.
    fn is_opening(&self, parts: &[usize]) -> bool {
        let mut said = 0.0;
        let mut prose = 0;
        for (at, node) in parts.iter().filter_map(|at| Some((*at, self.outline.get(*at)?))) {
            said += self.sums.said(at, node.end);
            let (from, to) = self.sums.span(at, node.end);
            prose += self.blocks.get(from..to).unwrap_or_default().iter().filter(|block| is_prose(block)).count();
        }
        said >= ALONE || prose >= 3
    }

    /// The elements of a range that are parts, looking into those that are not.
    fn within(
        &self,
        range: std::ops::Range<usize>,
        deep: usize,
        is_part: &mut impl FnMut(usize) -> bool,
        out: &mut Vec<usize>,
    ) {
        let mut at = range.start;
        while at < range.end {
            let Some(node) = self.outline.get(at) else { break };
            if !node.name().is_empty() && !self.is_framed(at) {
                if is_part(at) {
                    out.push(at);
                } else if deep > 0 && self.sums.said(at, node.end) >= OPENING {
                    self.within(at + 1..node.end, deep - 1, is_part, out);
                }
            }
            at = node.end;
        }
    }

    fn is_framed(&self, at: usize) -> bool {
        self.frames.get(at).copied().unwrap_or_default()
    }

    /// Whether an element is prose, and says at least so much.
    fn tells(&self, at: usize, least: f32) -> bool {
        let Some(node) = self.outline.get(at) else { return false };
        let said = self.sums.said(at, node.end);
        let (from, to) = self.sums.span(at, node.end);
        let mut prose = self.blocks.get(from..to).unwrap_or_default().iter().filter(|block| is_prose(block));
        said >= least
            && self.sums.worth(at, node.end) >= said * DENSE
            && prose.any(|block| !cues::is_plea(&block.text) && !cues::is_facts(&block.text))
    }

    fn opens(&self, at: usize) -> bool {
        let is_list = self.outline.get(at).is_some_and(|node| matches!(node.name(), "li" | "ul" | "ol" | "figure"));
        !is_list && self.tells(at, OPENING)
    }

    /// Whether an earlier element is a section of the same story, named as the one that holds the chosen element.
    fn goes_before(&self, at: usize, inner: usize) -> bool {
        let (Some(node), Some(chosen)) = (self.outline.get(at), self.outline.get(inner)) else { return false };
        node.name() == chosen.name() && alike(&node.hint, &chosen.hint) && self.tells(at, least(node, chosen))
    }

    /// Whether a later element is a further section: named as the one that holds the story, with nothing else begun before it.
    fn goes_on(&self, at: usize, inner: usize, end: usize) -> bool {
        let (Some(node), Some(chosen)) = (self.outline.get(at), self.outline.get(inner)) else { return false };
        let (from, to) = self.sums.span(end, node.end);
        let heads = |block: &Block| block.weight < SHORT && cues::is_tail(&block.text) && cues::heads(&block.text);
        let is_alike = node.name() == chosen.name() && alike(&node.hint, &chosen.hint);
        is_alike
            && !self.blocks.get(from..to).unwrap_or_default().iter().any(heads)
            && self.tells(at, least(node, chosen))
    }
}

/// What a section must say: less where it is called as the chosen element is in every word, which is a word for a story.
fn least(node: &Node<'_>, chosen: &Node<'_>) -> f32 {
    let is_same = node.hint == chosen.hint && cues::named(&node.hint) == Named::Story;
    if is_same { OPENING } else { SECTION }
}

/// Whether two elements share a name. Two without any say nothing.
fn alike(one: &str, other: &str) -> bool {
    one.split_ascii_whitespace().any(|name| other.split_ascii_whitespace().any(|beside| beside == name))
}
