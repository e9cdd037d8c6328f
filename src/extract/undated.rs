//! [`Undated`]: which rows without a date are told. Where a rule reads several lists of a page, as the news and the most read,
//! a list that shows no date at all beside one that does is no fault of the rule.

use std::collections::HashMap;

use ego_tree::NodeId;

/// The rows of a page, by the list in which they stand.
#[derive(Debug, Default)]
pub(super) struct Undated {
    lists: HashMap<Option<NodeId>, List>,
}

#[derive(Debug, Default)]
struct List {
    dated: usize,
    /// Places of rows that show no date.
    without: Vec<usize>,
}

impl Undated {
    /// A row of the list whose element is `list`.
    pub(super) fn row(&mut self, list: Option<NodeId>, place: usize, has_date: HasDate) {
        let list = self.lists.entry(list).or_default();
        match has_date {
            HasDate::Yes => list.dated += 1,
            HasDate::No => list.without.push(place),
        }
    }

    /// The places of those that should have shown one, ascending.
    pub(super) fn told(self) -> Vec<usize> {
        let some_are_dated = self.lists.values().any(|list| list.dated > 0);
        // One row is no list: its element may be the row's own wrapping.
        let shows_none = |list: &List| some_are_dated && list.dated == 0 && list.without.len() > 1;
        let mut told: Vec<usize> =
            self.lists.into_values().filter(|list| !shows_none(list)).flat_map(|list| list.without).collect();
        told.sort_unstable();
        told
    }
}

/// Whether a row shows a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HasDate {
    /// It does.
    Yes,
    /// Its rule found none.
    No,
}
