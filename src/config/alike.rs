//! [`Alike`]: what many sources of a file have alike, kept once.
//!
//! Most sources of a large file differ in their address alone. What they say of visits, manners, stories and filters is shared by those
//! that say the same, as far as they stand near each other in the file.

use std::{cell::RefCell, collections::VecDeque, sync::Arc};

use crate::model::{Filter, Manners, Plan, StoryRule};

/// Different values that are remembered: a file has few ways of saying a thing, and those that have many share nothing.
const FEW: usize = 16;

/// What sources may share.
#[derive(Debug, Default)]
pub(super) struct Alike {
    pub(super) plans: Lately<Plan>,
    pub(super) manners: Lately<Manners>,
    pub(super) stories: Lately<StoryRule>,
    pub(super) filters: Lately<Filter>,
}

/// Values that were met lately, the last one in front.
#[derive(Debug)]
pub(super) struct Lately<T>(RefCell<VecDeque<Arc<T>>>);

impl<T> Default for Lately<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: PartialEq> Lately<T> {
    /// The value, shared with those like it that were met lately.
    pub(super) fn share(&self, value: T) -> Arc<T> {
        let mut known = self.0.borrow_mut();
        let same = known.iter().position(|known| **known == value).and_then(|at| known.remove(at));
        let shared = same.unwrap_or_else(|| Arc::new(value));
        known.truncate(FEW - 1);
        known.push_front(shared.clone());
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_kept_once_and_what_is_not_stays_apart() {
        let lately = Lately::default();
        let (one, two) = (lately.share("one"), lately.share("two"));
        assert_eq!((*one, *two), ("one", "two"));
        assert!(Arc::ptr_eq(&one, &lately.share("one")));
        let many: Vec<String> = (0..FEW - 1).map(|n| n.to_string()).collect();
        let bounded = Lately::default();
        let first = bounded.share("first".to_owned());
        for other in many {
            bounded.share(other);
        }
        assert!(
            Arc::ptr_eq(&first, &bounded.share("first".to_owned())),
            "used again, it is the last that is forgotten"
        );
        for other in 0..FEW {
            bounded.share(format!("other {other}"));
        }
        assert!(!Arc::ptr_eq(&first, &bounded.share("first".to_owned())));
        assert!(bounded.0.borrow().len() <= FEW);
    }
}
