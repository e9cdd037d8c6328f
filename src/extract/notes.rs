//! [`Notes`]: gathers what was wrong with rows, telling the first few of each kind and counting the rest.

use crate::model::Problem;

/// So many problems of one field and reason are told row by row; the rest are counted.
const TOLD: u32 = 3;

/// Problems of one page while it is read.
#[derive(Default)]
pub(super) struct Notes {
    problems: Vec<Problem>,
    kinds: Vec<KindOfNote>,
}

/// One sort of problem and how often it came.
struct KindOfNote {
    field: &'static str,
    reason: &'static str,
    advice: &'static str,
    count: u32,
}

impl Notes {
    /// A problem of the whole page.
    pub(super) fn page(&mut self, reason: impl Into<String>, advice: impl Into<String>) {
        self.problems.push(Problem::of_page(reason, advice));
    }

    /// A problem of one field of the row at `place`.
    pub(super) fn row(&mut self, place: usize, field: &'static str, reason: &'static str, advice: &'static str) {
        let count = match self.kinds.iter_mut().find(|kind| kind.field == field && kind.reason == reason) {
            Some(kind) => {
                kind.count = kind.count.saturating_add(1);
                kind.count
            }
            None => {
                self.kinds.push(KindOfNote { field, reason, advice, count: 1 });
                1
            }
        };
        if count <= TOLD {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            self.problems.push(Problem::of_field(place, field, reason, advice));
        }
    }

    /// The problems, with one more for each kind that came too often.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for kind in self.kinds {
            let untold = kind.count.saturating_sub(TOLD);
            if untold > 0 {
                self.problems.push(Problem {
                    item: None,
                    field: Some(kind.field.to_owned()),
                    reason: format!("{} in {untold} more items", kind.reason),
                    advice: kind.advice.to_owned(),
                });
            }
        }
        self.problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_of_one_kind_are_counted() {
        let mut notes = Notes::default();
        for place in 0..10 {
            notes.row(place, "link", "no link was found", "look");
        }
        notes.row(4, "title", "no title was found", "look");
        let problems = notes.finish();
        assert_eq!(problems.len(), 5);
        assert_eq!(problems[4].reason, "no link was found in 7 more items");
        assert_eq!(problems[3].field.as_deref(), Some("title"));
    }
}
