//! [`Recipe`]: the reading rule of a source with its selectors and expressions compiled once.
//! [`BadRule`]: what is wrong with a written rule.

use std::sync::Arc;

use super::{html, json, state};
use crate::model::{Kind, Rules};

/// A rule that cannot be used as written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}; {advice}")]
pub struct BadRule {
    /// The key of feeds.toml at fault, as `item` or `date`.
    pub field: String,
    /// What is wrong, in lower case without a final stop.
    pub reason: String,
    /// What to write instead.
    pub advice: String,
}

impl BadRule {
    pub(super) fn new(field: &str, reason: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { field: field.to_owned(), reason: reason.into(), advice: advice.into() }
    }
}

/// A compiled reading rule.
#[derive(Debug, Clone)]
pub struct Recipe {
    written: Arc<Rules>,
    kind: Kind,
    way: Way,
}

/// The rule in the terms of the kind of page that it reads.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// CSS.
    Html(Box<html::Rule>),
    /// JSONPath.
    Json(Box<json::Rule>),
    /// JSONPath of records in a script of an HTML page.
    State(Box<state::Rule>),
}

impl Recipe {
    /// Compiles `rules` for pages of `kind`.
    ///
    /// # Errors
    /// The first [`BadRule`]: a selector, path or expression that cannot be read, or rules for a kind of document
    /// that needs none.
    pub fn compile(rules: &Rules, kind: Kind) -> Result<Self, BadRule> {
        Self::of(Arc::new(rules.clone()), kind)
    }

    /// Compiles `rules` and shares them as they were written.
    ///
    /// # Errors
    /// As [`Recipe::compile`].
    pub fn of(rules: Arc<Rules>, kind: Kind) -> Result<Self, BadRule> {
        if rules.item.trim().is_empty() {
            return Err(BadRule::new("item", "it is empty", "name what one row is, as item = \"ul.list > li\""));
        }
        let way = match kind {
            Kind::Html => match state::split(&rules.item) {
                Some((script, path)) => Way::State(Box::new(state::Rule::compile(&rules, script, path)?)),
                None => Way::Html(Box::new(html::compile(&rules)?)),
            },
            Kind::Json => Way::Json(Box::new(json::compile(&rules)?)),
            Kind::Feed | Kind::Sitemap => {
                let reason = format!("a source of kind {:?} names its own items", kind.word());
                return Err(BadRule::new("item", reason, "remove item and the field rules, or change kind"));
            }
        };
        Ok(Self { written: rules, kind, way })
    }

    /// The rule as it was written.
    pub fn written(&self) -> &Rules {
        &self.written
    }

    /// The kind of page that it reads.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn way(&self) -> &Way {
        &self.way
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_goes_to_other_threads() {
        fn is_shared<T: Send + Sync>() {}
        is_shared::<Recipe>();
    }

    #[test]
    fn a_rule_without_item_or_for_a_feed_is_told() {
        let rules = Rules { item: " ".to_owned(), ..Rules::default() };
        assert_eq!(Recipe::compile(&rules, Kind::Html).unwrap_err().field, "item");
        let rules = Rules { item: "li".to_owned(), ..Rules::default() };
        let told = Recipe::compile(&rules, Kind::Feed).unwrap_err().to_string();
        assert!(told.contains("\"feed\" names its own items"), "{told}");
    }
}
