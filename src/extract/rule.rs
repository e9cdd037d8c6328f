//! [`Rule`]: what finds the items of a page and their fields, compiled: the same fields for every kind of page.

use super::{BadRule, field::Field};
use crate::model::{FieldRule, Rules};

/// A compiled rule. `I` finds an item, `F` a field of it.
#[derive(Debug, Clone)]
pub(super) struct Rule<I, F> {
    pub(super) item: I,
    pub(super) title: Option<Field<F>>,
    pub(super) link: Option<Field<F>>,
    pub(super) date: Option<Field<F>>,
    pub(super) summary: Option<Field<F>>,
    pub(super) image: Option<Field<F>>,
    pub(super) author: Option<Field<F>>,
    pub(super) category: Option<Field<F>>,
    pub(super) next: Option<Field<F>>,
}

impl<I, F> Rule<I, F> {
    /// Compiles the fields of `rules` by `compile`, which is told their names.
    pub(super) fn of(
        item: I,
        rules: &Rules,
        compile: impl Fn(&'static str, &FieldRule) -> Result<Field<F>, BadRule>,
    ) -> Result<Self, BadRule> {
        let field = |name, rule: &Option<_>| rule.as_ref().map(|rule| compile(name, rule)).transpose();
        Ok(Self {
            item,
            title: field("title", &rules.title)?,
            link: field("link", &rules.link)?,
            date: field("date", &rules.date)?,
            summary: field("summary", &rules.summary)?,
            image: field("image", &rules.image)?,
            author: field("author", &rules.author)?,
            category: field("category", &rules.category)?,
            next: field("next", &rules.next)?,
        })
    }

    /// The fields that are taken of each item.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field<F>> {
        let fields = [&self.title, &self.link, &self.date, &self.summary, &self.image, &self.author, &self.category];
        fields.into_iter().flatten()
    }
}
