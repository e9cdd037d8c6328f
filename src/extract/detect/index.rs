//! [`Names`]: the elements of a page by tag, class and id, as selectors ask for them.

use std::collections::HashMap;

use super::{
    selector::Simple,
    tree::{At, Tree},
};

/// The elements of a page by tag, class and id.
pub(super) struct Names<'a> {
    tags: HashMap<&'a str, Vec<At>>,
    /// For each class the attributes that name it, and for each attribute its elements: most elements share theirs with others.
    classes: HashMap<&'a str, Vec<usize>>,
    written: Vec<Vec<At>>,
    ids: HashMap<&'a str, Vec<At>>,
}

impl<'a> Names<'a> {
    /// Sorts the elements of `tree`.
    pub(super) fn of(tree: &Tree<'a>) -> Self {
        let mut names =
            Self { tags: HashMap::new(), classes: HashMap::new(), written: Vec::new(), ids: HashMap::new() };
        for at in 0..tree.len() {
            names.tags.entry(tree.tag(at)).or_default().push(at);
            if !tree.id(at).is_empty() {
                names.ids.entry(tree.id(at)).or_default().push(at);
            }
            let number = tree.class_number(at);
            if names.written.len() <= number {
                names.written.resize(number + 1, Vec::new());
            }
            let Some(written) = names.written.get_mut(number) else { continue };
            if written.is_empty() {
                for class in tree.class(at).split_ascii_whitespace() {
                    names.classes.entry(class).or_default().push(number);
                }
            }
            written.push(at);
        }
        names
    }

    /// The elements of a class, in the page's order.
    fn of_class(&self, class: &str) -> Vec<At> {
        let numbers = self.classes.get(class).map(Vec::as_slice).unwrap_or_default();
        let mut all: Vec<At> =
            numbers.iter().filter_map(|number| self.written.get(*number)).flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The elements that match `simple`, in the page's order.
    pub(super) fn matching(&self, tree: &Tree<'_>, simple: &Simple) -> Vec<At> {
        let mut all = match (&simple.id, &simple.class, &simple.tag) {
            (Some(id), ..) => self.ids.get(id.as_str()).cloned().unwrap_or_default(),
            (None, Some(class), _) => self.of_class(class),
            (None, None, Some(tag)) => self.tags.get(tag.as_str()).cloned().unwrap_or_default(),
            (None, None, None) => Vec::new(),
        };
        all.retain(|at| simple.matches(tree, *at));
        all
    }
}
