//! Matching CSS selectors on a tree, within a [`Budget`].
//!
//! A descendant selector may look at all ancestors of an element, `~` at all siblings before it and before its ancestors, and
//! a rule is applied to each row in turn: a tree within the limits can still cost the product of these. So the steps are
//! counted from the shape of the tree before the matching is done.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
};

use ego_tree::{NodeId, NodeRef, iter::Edge};
use scraper::{ElementRef, Html, Node};

use super::{TooComplex, selector::Selector, walk::Walk};

/// Steps that the selectors of one page may take together. A step is a few nanoseconds.
#[derive(Debug)]
pub struct Budget {
    left: Cell<u64>,
    whole: u64,
}

impl Default for Budget {
    /// Fifty million: a page of 100,000 nodes, ten deep, may be searched by fifty selectors.
    fn default() -> Self {
        Self::new(50_000_000)
    }
}

impl Budget {
    /// A budget of so many steps.
    pub fn new(steps: u64) -> Self {
        Self { left: Cell::new(steps), whole: steps }
    }

    fn spend(&self, steps: u64) -> Result<(), TooComplex> {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(TooComplex::Select(self.whole))
    }
}

/// An element and those below it, listed once for all that is looked for among them.
#[derive(Debug)]
pub struct Scope<'a> {
    element: ElementRef<'a>,
    elements: Vec<ElementRef<'a>>,
    /// One step for each node, and for each element one for each of its ancestors too. What `:has()` looks at comes to the same.
    steps: u64,
}

impl<'a> Scope<'a> {
    /// Lists what is below `element`.
    pub fn of(element: ElementRef<'a>) -> Self {
        let outside = 2 + element.ancestors().count() as u64;
        let mut scope = Self { element, elements: Vec::new(), steps: outside };
        let mut walk = Walk::below(*element);
        while let Some(node) = walk.next() {
            let inner = ElementRef::wrap(node);
            scope.steps += if inner.is_some() { outside + walk.depth as u64 } else { 1 };
            scope.elements.extend(inner);
        }
        scope
    }

    /// The elements below that match, in document order; `:scope` is the element itself.
    pub fn select(&self, selector: &Selector, budget: &Budget) -> Result<Vec<ElementRef<'a>>, TooComplex> {
        budget.spend(if selector.looks_at_siblings() { among_siblings(self.element) } else { self.steps })?;
        Ok(selector.among(&self.elements, self.element))
    }
}

/// The elements of a document that match, in document order.
pub fn select<'a>(html: &'a Html, selector: &Selector, budget: &Budget) -> Result<Vec<ElementRef<'a>>, TooComplex> {
    let Some(root) = html.tree.root().children().find_map(ElementRef::wrap) else { return Ok(Vec::new()) };
    let mut found = Scope::of(root).select(selector, budget)?;
    if selector.matches(root) {
        found.insert(0, root);
    }
    Ok(found)
}

/// For each element of `wanted` the last one that matches and ends before it begins, found in one walk over the document.
pub fn nearest_before<'a>(
    html: &'a Html,
    selector: &Selector,
    wanted: &HashSet<NodeId>,
    budget: &Budget,
) -> Result<HashMap<NodeId, ElementRef<'a>>, TooComplex> {
    let matching: HashSet<NodeId> = select(html, selector, budget)?.into_iter().map(|found| found.id()).collect();
    let mut nearest = HashMap::with_capacity(wanted.len());
    let mut last = None;
    for edge in html.root_element().traverse() {
        match edge {
            Edge::Open(node) if wanted.contains(&node.id()) => {
                last.and_then(|found| nearest.insert(node.id(), found));
            }
            Edge::Close(node) if matching.contains(&node.id()) => last = ElementRef::wrap(node),
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
    Ok(nearest)
}

/// One step for each element, each earlier sibling of it, and each earlier sibling of each of its ancestors.
fn among_siblings(scope: ElementRef<'_>) -> u64 {
    let before = |node: NodeRef<'_, Node>| node.prev_siblings().count() as u64;
    // For each level that is open: what its ancestors cost, and how many children were seen.
    let outside: u64 = scope.ancestors().map(|node| 1 + before(node)).sum::<u64>() + before(*scope);
    let mut open = vec![(outside, 0_u64)];
    let mut steps = 0_u64;
    for edge in scope.traverse() {
        match edge {
            Edge::Open(_) => {
                let Some((above, seen)) = open.last_mut() else { break };
                let here = 1 + *above + *seen;
                *seen += 1;
                steps = steps.saturating_add(here);
                open.push((here, 0));
            }
            Edge::Close(_) => {
                open.pop();
            }
        }
    }
    steps
}
