//! [`Walk`]: the nodes below one, each once, in document order. A tree's own iterators come by each node twice, in and out.

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

/// Nodes below another.
pub(super) struct Walk<'a> {
    top: NodeId,
    at: NodeRef<'a, Node>,
    /// How far below the top the last node was.
    pub(super) depth: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn below(top: NodeRef<'a, Node>) -> Self {
        Self { top: top.id(), at: top, depth: 0 }
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = NodeRef<'a, Node>;

    #[inline]
    fn next(&mut self) -> Option<NodeRef<'a, Node>> {
        if let Some(child) = self.at.first_child() {
            self.at = child;
            self.depth += 1;
            return Some(child);
        }
        // Once the top is reached, it stays there: it has a child, or this is its end.
        while self.depth > 0 {
            if let Some(next) = self.at.next_sibling() {
                self.at = next;
                return Some(next);
            }
            self.at = self.at.parent().filter(|outer| outer.id() != self.top)?;
            self.depth -= 1;
        }
        None
    }
}

/// The elements within `scope`, in document order.
pub fn elements(scope: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    Walk::below(*scope).filter_map(ElementRef::wrap)
}
