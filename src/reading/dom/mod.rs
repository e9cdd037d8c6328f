//! The only HTML parse: text → [`Html`], or [`TooComplex`].
//!
//! Size says nothing about what a page costs: 62 KB of misnested `<font>` make nine million nodes, and 500 KB of `<div>` take
//! a minute. So each parse runs under [`Limits`] that are counted, not timed, and the same page gives the same answer on
//! any machine.
//!
//! - `guard`: the tree sink that counts, and the token gate that stops the tokenizer at the next tag;
//! - `plain`: reads what needs no tokenizer, which is most of a page;
//! - `attributes`: counts the attributes of a tag that is still open, whose cost is quadratic before any sink hears of it;
//! - [`elements`]: a walk over those of a tree;
//! - [`Selector`], [`select()`]: matching CSS selectors within a budget;
//! - [`write_inside()`]: a tree as HTML again, no longer than it may be.
//!
//! Invariant: no tree in the program has more nodes, attributes or depth than its limits allowed, since nothing else parses.

mod attributes;
mod guard;
mod plain;
mod select;
mod selector;
mod walk;
mod write;

pub use select::{Budget, Scope, nearest_before, select};
pub use selector::Selector;
pub use walk::elements;
pub use write::write_inside;

use std::cell::Cell;

use html5ever::{
    QualName,
    buffer_queue::BufferQueue,
    interface::{TokenizerResult, create_element},
    local_name, ns,
    tokenizer::{Tokenizer, TokenizerOpts},
    tree_builder::{TreeBuilder, TreeBuilderOpts},
};
use scraper::{Html, HtmlTreeSink, Node};

use attributes::OpenTag;
use guard::{Gate, Guard, Said};
use plain::Plain;

/// How much a page may cost. All are counts, so that a page that passed once always passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nodes made, those that the parser later drops included.
    pub nodes: usize,
    /// Levels below the root.
    pub depth: usize,
    /// Calls of the tree builder to the tree: what its searches of the open elements cost.
    pub work: u64,
    /// Attributes of all elements together; a formatting element that is made again brings its attributes again.
    pub attributes: usize,
}

impl Default for Limits {
    /// Room for the largest pages that people read; a listing of 10,000 rows has some 100,000 nodes.
    fn default() -> Self {
        Self { nodes: 200_000, depth: 512, work: 20_000_000, attributes: 400_000 }
    }
}

impl Limits {
    /// For one article's HTML, which may be parsed several times on its way through the cleaner.
    pub fn fragment() -> Self {
        Self { nodes: 50_000, depth: 256, work: 5_000_000, attributes: 100_000 }
    }
}

/// Why a page was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooComplex {
    /// More nodes than [`Limits::nodes`].
    #[error("page is too complex: more than {0} nodes")]
    Nodes(usize),
    /// Deeper than [`Limits::depth`].
    #[error("page is too complex: elements nested more than {0} deep")]
    Depth(usize),
    /// More sink calls than [`Limits::work`].
    #[error("page is too complex: its tags are so tangled that sorting them takes more than {0} steps")]
    Work(u64),
    /// More attributes than [`Limits::attributes`].
    #[error("page is too complex: more than {0} attributes")]
    Attributes(usize),
    /// One tag with more attributes than any page needs.
    #[error("page is too complex: a tag with more than {0} attributes")]
    Tag(usize),
    /// Selectors that would look at more than the [`Budget`]'s steps.
    #[error("page is too complex: its selectors would take more than {0} steps; write shorter ones, without `~`")]
    Select(u64),
    /// HTML that grows past this many bytes when it is written out.
    #[error("page is too complex: more than {0} bytes when written out")]
    Bytes(usize),
}

/// Parses a whole document.
pub fn parse(html: &str, limits: &Limits) -> Result<Html, TooComplex> {
    let sink = Guard::new(HtmlTreeSink::new(empty(Node::Document, html)), *limits);
    let builder = TreeBuilder::new(sink, TreeBuilderOpts::default());
    run(Tokenizer::new(Gate::new(builder), tokenizer_options()), html)
}

/// Parses the inside of a `<div>`.
pub fn parse_fragment(html: &str, limits: &Limits) -> Result<Html, TooComplex> {
    let sink = Guard::new(HtmlTreeSink::new(empty(Node::Fragment, html)), *limits);
    let context = create_element(&sink, QualName::new(None, ns!(html), local_name!("div")), Vec::new());
    let builder = TreeBuilder::new_for_fragment(sink, context, None, TreeBuilderOpts::default());
    run(Tokenizer::new(Gate::new(builder), tokenizer_options()), html)
}

/// The tokenizer would take a byte order mark off each piece.
fn tokenizer_options() -> TokenizerOpts {
    TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() }
}

/// A tree with room for a page of this size, so that growing it does not hold two copies at once.
fn empty(root: Node, html: &str) -> Html {
    let mut tree = Html::new_document();
    // Pages measured have a node for 30 to 60 bytes.
    tree.tree = ego_tree::Tree::with_capacity(root, (html.len() / 40).clamp(16, 20_000));
    tree
}

/// Longest stretch that the tokenizer is given at once, in bytes.
const PIECE: usize = 4096;

/// Gives the tree builder what is [`Plain`], and the rest to the tokenizer, piece by piece, until the page ends or the guard says
/// that it is over its budget.
fn run(tokenizer: Tokenizer<Gate>, html: &str) -> Result<Html, TooComplex> {
    // Byte order marks further on are text.
    let mut page = Plain::new(html.strip_prefix('\u{feff}').unwrap_or(html))?;
    let queue = BufferQueue::default();
    let mut open = OpenTag::default();
    let mut is_between_tags = true;
    loop {
        if is_between_tags {
            page.read(&tokenizer.sink)?;
        }
        let text = piece(page.rest());
        if text.is_empty() {
            break;
        }
        queue.push_back(page.take(text.len()));
        while let TokenizerResult::Script(_) | TokenizerResult::EncodingIndicator(_) = tokenizer.feed(&queue) {
            tokenizer.sink.verdict()?;
        }
        let said = tokenizer.sink.said.take();
        match &said {
            None => open.read(text)?,
            Some(_) => {
                tokenizer.sink.verdict()?;
                open = OpenTag::default();
            }
        }
        // What ends in a `>` was said at the piece's only one, its last byte: the tokenizer keeps nothing of it.
        is_between_tags = text.ends_with('>') && matches!(said, Some(Said::Markup));
        if let Some(Said::Raw(name)) = said {
            page.read_inside(&name, &tokenizer.sink)?;
        }
    }
    tokenizer.end();
    tokenizer.sink.verdict()?;
    tokenizer.sink.builder.sink.finish_within()
}

/// The next piece: up to the next `>`, or to before the next `<`.
///
/// So if a piece made the tokenizer say anything, no tag is open at its end; if it did not, the tag (or comment) that opened with
/// the last `<` before it goes on.
fn piece(rest: &str) -> &str {
    let window = rest.get(..rest.floor_char_boundary(PIECE)).unwrap_or(rest);
    let end = memchr::memchr2_iter(b'<', b'>', window.as_bytes()).find_map(|at| match window.as_bytes().get(at) {
        Some(b'>') => Some(at + 1),
        _ => (at > 0).then_some(at),
    });
    end.and_then(|end| window.get(..end)).unwrap_or(window)
}

/// A count that stops at its largest value.
#[inline]
fn bump(cell: &Cell<u64>, by: u64) {
    cell.set(cell.get().saturating_add(by));
}

#[cfg(test)]
mod tests;
