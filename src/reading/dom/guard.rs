//! [`Guard`], the tree sink that counts what a page costs, and [`Gate`], which stops the tokenizer once it is too much.
//!
//! The tree builder cannot be told to stop, but it only works on tokens: the gate keeps them from it. What one token may cost
//! is bounded by the open elements and the formatting elements before it, and both are bounded by the depth.

use std::{
    borrow::Cow,
    cell::{Cell, Ref},
};

use ego_tree::{NodeId, iter::Edge};
use html5ever::{
    Attribute, LocalName, QualName,
    interface::{ElementFlags, NodeOrText, QuirksMode},
    local_name,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult},
    tree_builder::{TreeBuilder, TreeSink},
};
use scraper::{Html, HtmlTreeSink};

use super::{Limits, TooComplex, bump};

/// A walk to the root is made for one in so many elements: depth grows by one at a time, so it runs ahead by no more.
const DEPTH_CHECKED_EVERY: u64 = 32;

/// What an attribute of a second `<html>` or `<body>` counts for.
const MERGED_WEIGHS: u64 = 200;

/// Elements that the tree builder opens again after they were closed wrongly (HTML, 13.2.4.3).
const FORMATTING: &[LocalName] = &[
    local_name!("a"),
    local_name!("b"),
    local_name!("big"),
    local_name!("code"),
    local_name!("em"),
    local_name!("font"),
    local_name!("i"),
    local_name!("nobr"),
    local_name!("s"),
    local_name!("small"),
    local_name!("strike"),
    local_name!("strong"),
    local_name!("tt"),
    local_name!("u"),
];

/// Attributes of a formatting element whose comparison costs too little to count.
pub(super) const FEW: usize = 32;

/// What comparing an attribute of two elements counts for: sorting costs more than a sink call.
const COMPARED_WEIGHS: u64 = 8;

/// What a NUL counts for: the tokenizer gives each of them to the tree builder alone, and a page has none.
const NUL_WEIGHS: u64 = 4;

/// Scraper's sink behind counters.
pub(super) struct Guard {
    inner: HtmlTreeSink,
    limits: Limits,
    nodes: Cell<u64>,
    attributes: Cell<u64>,
    work: Cell<u64>,
    too_deep: Cell<bool>,
    appended: Cell<u64>,
    /// Whether a node that was in the tree got another place.
    moved: Cell<bool>,
}

impl Guard {
    pub(super) fn new(inner: HtmlTreeSink, limits: Limits) -> Self {
        Self {
            inner,
            limits,
            nodes: Cell::new(0),
            attributes: Cell::new(0),
            work: Cell::new(0),
            too_deep: Cell::new(false),
            appended: Cell::new(0),
            moved: Cell::new(false),
        }
    }

    #[inline]
    fn verdict(&self) -> Result<(), TooComplex> {
        let Limits { nodes, depth, work, attributes } = self.limits;
        if self.too_deep.get() {
            Err(TooComplex::Depth(depth))
        } else if self.nodes.get() > nodes as u64 {
            Err(TooComplex::Nodes(nodes))
        } else if self.attributes.get() > attributes as u64 {
            Err(TooComplex::Attributes(attributes))
        } else if self.work.get() > work {
            Err(TooComplex::Work(work))
        } else {
            Ok(())
        }
    }

    /// The tree, if its depth is what it was held to be: moved subtrees can be deeper than any append showed.
    pub(super) fn finish_within(self) -> Result<Html, TooComplex> {
        let limits = self.limits;
        let moved = self.moved.get();
        let html = self.inner.finish();
        if !moved {
            return Ok(html);
        }
        let mut depth = 0_usize;
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(_) => depth += 1,
                Edge::Close(_) => depth -= 1,
            }
            if depth > limits.depth + 1 {
                return Err(TooComplex::Depth(limits.depth));
            }
        }
        Ok(html)
    }

    /// Counts the work of a tag that no sink call shows: a formatting element is compared, attribute by attribute in sorted
    /// order, with those that are open ("Noah's Ark clause", HTML 13.2.4.3), and there are no more than the depth of these.
    #[inline]
    fn look_at_tag(&self, tag: &Tag) {
        let many = tag.attrs.len().saturating_sub(FEW) as u64;
        if many > 0 && tag.kind == TagKind::StartTag && FORMATTING.contains(&tag.name) {
            let open = self.nodes.get().min(self.limits.depth as u64);
            bump(&self.work, COMPARED_WEIGHS * open * many);
        }
    }

    #[inline]
    fn look_at_depth(&self, of: NodeId) {
        bump(&self.appended, 1);
        if !self.appended.get().is_multiple_of(DEPTH_CHECKED_EVERY) {
            return;
        }
        let html = self.inner.0.borrow();
        let depth = html.tree.get(of).map_or(0, |node| node.ancestors().take(self.limits.depth + 1).count());
        if depth > self.limits.depth {
            self.too_deep.set(true);
        }
    }
}

impl TreeSink for Guard {
    type Output = Html;
    type Handle = NodeId;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    #[inline]
    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        bump(&self.work, 1);
        x == y
    }

    #[inline]
    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        bump(&self.work, 1);
        self.inner.elem_name(target)
    }

    #[inline]
    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        bump(&self.nodes, 1 + u64::from(flags.template));
        bump(&self.attributes, attributes.len() as u64);
        self.inner.create_element(name, attributes, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        bump(&self.nodes, 1);
        self.inner.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        bump(&self.nodes, 1);
        self.inner.create_pi(target, data)
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        bump(&self.nodes, 1);
        self.inner.append_doctype_to_document(name, public, system);
    }

    #[inline]
    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        bump(&self.work, 1);
        match &child {
            NodeOrText::AppendText(_) => bump(&self.nodes, 1),
            NodeOrText::AppendNode(_) => self.look_at_depth(*parent),
        }
        self.inner.append(parent, child);
    }

    #[inline]
    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        bump(&self.work, 1);
        match &child {
            NodeOrText::AppendText(_) => bump(&self.nodes, 1),
            NodeOrText::AppendNode(_) => self.look_at_depth(*element),
        }
        self.inner.append_based_on_parent_node(element, previous, child);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        bump(&self.work, 1);
        match &child {
            NodeOrText::AppendText(_) => bump(&self.nodes, 1),
            NodeOrText::AppendNode(_) => self.look_at_depth(*sibling),
        }
        self.inner.append_before_sibling(sibling, child);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        // Each is inserted among those that `<html>` or `<body>` has already, and moves them.
        bump(&self.attributes, attributes.len() as u64 * MERGED_WEIGHS);
        self.inner.add_attrs_if_missing(target, attributes);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        bump(&self.work, 1);
        self.moved.set(true);
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.moved.set(true);
        let children = self.inner.0.borrow().tree.get(*node).map_or(0, |node| node.children().count());
        bump(&self.work, 1 + children as u64);
        self.inner.reparent_children(node, new_parent);
    }
}

/// Lets tokens through to the tree builder while the guard holds.
pub(super) struct Gate {
    pub(super) builder: TreeBuilder<NodeId, Guard>,
    /// The tokenizer's last word since this was last taken.
    pub(super) said: Cell<Option<Said>>,
}

/// What the tokenizer has said last.
pub(super) enum Said {
    /// A tag, a comment or the like, which ended at a `>`.
    Markup,
    /// The start tag of an element whose text no tag interrupts.
    Raw(LocalName),
    Text,
}

impl Gate {
    pub(super) fn new(builder: TreeBuilder<NodeId, Guard>) -> Self {
        Self { builder, said: Cell::new(None) }
    }

    /// Passes on a plain token: one that changes no state of the tokenizer, and no tag with more than [`FEW`] attributes.
    #[inline]
    pub(super) fn pass(&self, token: Token) -> Result<(), TooComplex> {
        let _same_state = self.builder.process_token(token, 1);
        self.verdict()
    }

    pub(super) fn verdict(&self) -> Result<(), TooComplex> {
        self.builder.sink.verdict()
    }
}

impl TokenSink for Gate {
    type Handle = NodeId;

    #[inline]
    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        let mut name = None;
        let said = match &token {
            Token::TagToken(tag) => {
                self.builder.sink.look_at_tag(tag);
                name = Some(tag.name.clone());
                Said::Markup
            }
            Token::CommentToken(_) | Token::DoctypeToken(_) => Said::Markup,
            Token::NullCharacterToken => {
                bump(&self.builder.sink.work, NUL_WEIGHS);
                Said::Text
            }
            _ => Said::Text,
        };
        self.said.set(Some(said));
        if self.verdict().is_err() {
            // Only a tag may suspend the tokenizer; the rest of a piece is at most 4 KiB.
            return match name {
                Some(_) => TokenSinkResult::Script(self.builder.sink.get_document()),
                None => TokenSinkResult::Continue,
            };
        }
        let result = self.builder.process_token(token, line);
        match (&result, name) {
            (TokenSinkResult::RawData(_), Some(name)) => self.said.set(Some(Said::Raw(name))),
            (TokenSinkResult::Plaintext, _) => self.said.set(Some(Said::Text)),
            _ => {}
        }
        result
    }

    fn end(&self) {
        if self.verdict().is_ok() {
            self.builder.end();
        }
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use html5ever::ns;

    use super::*;

    #[test]
    fn every_call_of_the_tree_builder_is_counted_and_passed_on() {
        let guard = Guard::new(HtmlTreeSink::new(Html::new_document()), Limits { depth: 0, ..Limits::default() });
        let element = |guard: &Guard| {
            let name = QualName::new(None, ns!(html), local_name!("p"));
            guard.create_element(name, Vec::new(), ElementFlags::default())
        };
        let (root, a, b, c) = (guard.get_document(), element(&guard), element(&guard), element(&guard));
        let text = || NodeOrText::AppendText("x".into());
        // What each call adds to work, nodes and appended elements, and whether it moves nodes.
        type Step<'a> = (&'a str, &'a dyn Fn(), (u64, u64, u64), bool);
        let steps: [Step<'_>; 11] = [
            ("same_node", &|| assert!(!guard.same_node(&a, &b)), (1, 0, 0), false),
            ("elem_name", &|| drop(guard.elem_name(&a)), (1, 0, 0), false),
            ("append", &|| guard.append(&root, NodeOrText::AppendNode(a)), (1, 0, 1), false),
            ("append text", &|| guard.append(&a, text()), (1, 1, 0), false),
            ("before", &|| guard.append_before_sibling(&a, NodeOrText::AppendNode(b)), (1, 0, 1), false),
            ("before, text", &|| guard.append_before_sibling(&a, text()), (1, 1, 0), false),
            ("by parent", &|| guard.append_based_on_parent_node(&a, &b, NodeOrText::AppendNode(c)), (1, 0, 1), false),
            ("by parent, text", &|| guard.append_based_on_parent_node(&a, &b, text()), (1, 1, 0), false),
            ("reparent", &|| guard.reparent_children(&a, &b), (2, 0, 0), true),
            ("remove", &|| guard.remove_from_parent(&a), (1, 0, 0), true),
            ("instruction", &|| assert_ne!(guard.create_pi("x".into(), "y".into()), a), (0, 1, 0), false),
        ];
        for (name, step, counts, moves) in steps {
            let now = || (guard.work.get(), guard.nodes.get(), guard.appended.get());
            guard.moved.set(false);
            let before = now();
            step();
            let after = now();
            assert_eq!((after.0 - before.0, after.1 - before.1, after.2 - before.2), counts, "{name}");
            assert_eq!(guard.moved.get(), moves, "{name}");
        }
        assert!(!guard.too_deep.get(), "the way to the root is walked for one element in 32");
        let html = guard.inner.0.borrow();
        let node = |id| html.tree.get(id).unwrap();
        assert_eq!(node(root).children().count(), 4, "b, x, c and x");
        assert_eq!((node(b).children().count(), node(a).children().count()), (1, 0), "the text of a went to b");
        assert_eq!(
            (node(a).parent().map(|node| node.id()), node(c).parent().map(|node| node.id())),
            (None, Some(root))
        );
    }
}
