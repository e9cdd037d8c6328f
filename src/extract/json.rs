//! stub
use super::{BadRule, notes::Notes, read::empty};
use crate::model::{Listing, Outcome, Page, Rules};
#[derive(Debug, Clone)]
pub(super) struct Rule;
impl Rule {
    pub(super) fn compile(_r: &Rules) -> Result<Self, BadRule> {
        Ok(Self)
    }
}
pub(super) fn read(page: &Page, _rule: Option<&Rule>) -> Listing {
    empty(page, Outcome::Unreadable, Notes::default())
}
