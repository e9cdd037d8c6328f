//! [`Recipes`]: compiled rules at hand, so that a source's selectors are compiled once and not at every visit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::extract::{BadRule, Recipe};
use crate::model::{Kind, Rules};

/// Recipes that are kept at hand. Compiled, each takes some kilobytes, which a hundred thousand sources cannot all have.
const MOST: usize = 1000;

/// What a recipe is compiled of.
type Of = (Arc<Rules>, Kind);

/// Recipes by what they were compiled of: sources with the same rules share one.
#[derive(Debug, Default)]
pub(super) struct Recipes {
    compiled: Mutex<HashMap<Of, Arc<Recipe>>>,
}

impl Recipes {
    /// The rules for pages of `kind`, compiled now or before.
    ///
    /// # Errors
    /// As [`Recipe::of`].
    pub(super) fn of(&self, rules: &Arc<Rules>, kind: Kind) -> Result<Arc<Recipe>, BadRule> {
        let key = (rules.clone(), kind);
        if let Some(recipe) = self.compiled.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(recipe.clone());
        }
        let recipe = Arc::new(Recipe::of(rules.clone(), kind)?);
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        // Where sources have more rules than that, they come round in turn, and none would be met that is still here.
        if compiled.len() >= MOST {
            compiled.clear();
        }
        compiled.insert(key, recipe.clone());
        Ok(recipe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(item: &str) -> Arc<Rules> {
        Arc::new(Rules { item: item.to_owned(), ..Rules::default() })
    }

    #[test]
    fn the_same_rules_are_compiled_once_and_for_each_kind() {
        let recipes = Recipes::default();
        let one = recipes.of(&rules("li"), Kind::Html).unwrap();
        assert!(Arc::ptr_eq(&one, &recipes.of(&rules("li"), Kind::Html).unwrap()));
        assert_eq!(recipes.of(&rules("$[*]"), Kind::Json).unwrap().kind(), Kind::Json);
        assert!(recipes.of(&rules("li >"), Kind::Html).is_err());
        assert_eq!(recipes.compiled.lock().unwrap().len(), 2, "what does not compile is not kept");
    }

    #[test]
    fn no_more_are_kept_than_fit() {
        let recipes = Recipes::default();
        for number in 0..MOST + 10 {
            recipes.of(&rules(&format!("li.n{number}")), Kind::Html).unwrap();
        }
        assert_eq!(recipes.compiled.lock().unwrap().len(), 10);
    }
}
