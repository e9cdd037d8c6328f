//! [`Difference`]: what two rules say otherwise, field by field, in words and for columns.

use super::{FieldRule, Rules};

/// One thing that two rules say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `item`, or a field's name in feeds.toml.
    pub field: &'static str,
    /// What the one says; nothing where it does not name the field.
    pub before: Option<String>,
    /// What the other says.
    pub after: Option<String>,
}

impl Difference {
    /// What `after` says otherwise than `before`, in the order of feeds.toml.
    pub fn between(before: &Rules, after: &Rules) -> Vec<Self> {
        let item = Self { field: "item", before: Some(before.item.clone()), after: Some(after.item.clone()) };
        let fields = Rules::FIELDS.into_iter().map(|field| {
            let of = |rules: &Rules| rules.fields().find(|(name, _)| *name == field).map(|(_, rule)| whole(rule));
            Self { field, before: of(before), after: of(after) }
        });
        std::iter::once(item).chain(fields).filter(|one| one.before != one.after).collect()
    }

    /// The difference as part of a sentence.
    pub fn words(&self) -> String {
        let field = self.field;
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => format!("{field} is `{after}`, before `{before}`"),
            (None, Some(after)) => format!("{field} is `{after}`, before it had no rule"),
            (Some(before), None) => format!("{field} has no rule, before `{before}`"),
            (None, None) => format!("{field} has no rule"),
        }
    }
}

/// A rule with all that it says.
fn whole(rule: &FieldRule) -> String {
    let more = [
        ("regex", rule.regex.as_deref()),
        ("replace", rule.replace.as_deref()),
        ("format", rule.format.as_deref()),
        ("join", rule.join.as_deref()),
        ("html", rule.html.map(|html| if html { "true" } else { "false" })),
    ];
    let more = more.into_iter().filter_map(|(name, value)| Some(format!(" {name}={}", value?)));
    std::iter::once(rule.short()).chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let rule = |select: &str, format: Option<&str>| {
            Some(FieldRule { select: select.into(), format: format.map(Into::into), ..FieldRule::default() })
        };
        let before =
            Rules { item: "ul > li".into(), title: rule("a", None), date: rule("i", None), ..Rules::default() };
        let after =
            Rules { item: "p.row".into(), date: rule("i", Some("%Y")), summary: rule("b", None), ..before.clone() };
        let words: Vec<_> = Difference::between(&before, &after).iter().map(Difference::words).collect();
        assert_eq!(
            words,
            [
                "item is `p.row`, before `ul > li`",
                "date is `i format=%Y`, before `i`",
                "summary is `b`, before it had no rule"
            ]
        );
        assert_eq!(Difference::between(&after, &after), []);
    }
}
