//! [`Story`]: where a person said that the story is on a source's article pages, its selectors compiled.

use ego_tree::NodeId;
use scraper::Html;

use crate::{
    extract::{BadRule, css},
    model::{Problem, StoryRule},
    reading::dom::{self, Budget, Selector, TooComplex},
};

/// What is taken for the story, and what is taken out before the page is read.
#[derive(Debug, Clone)]
pub struct Story {
    content: Option<Selector>,
    strip: Option<Selector>,
}

impl Story {
    /// Compiles the selectors; absent where none is written.
    ///
    /// # Errors
    /// A selector that is none.
    pub fn compile(rule: &StoryRule) -> Result<Option<Self>, BadRule> {
        let one = |field: &str, written: &Option<String>| {
            written.as_deref().map(|written| css::compile(field, written)).transpose()
        };
        let (content, strip) = (one("content", &rule.content)?, one("strip", &rule.strip)?);
        Ok((content.is_some() || strip.is_some()).then_some(Self { content, strip }))
    }

    /// Takes out what is to be stripped and finds the story's element. Where `content` matches nothing, that is told and the
    /// story is found as on any page.
    pub(super) fn apply(&self, tree: &mut Html) -> Result<Option<NodeId>, Problem> {
        let budget = Budget::default();
        let too_complex = |fault: TooComplex| Problem::of_page(fault.to_string(), "write simpler selectors");
        if let Some(strip) = &self.strip {
            let found = dom::select(tree, strip, &budget).map_err(too_complex)?;
            let out: Vec<NodeId> = found.iter().map(|element| element.id()).collect();
            for id in out {
                if let Some(mut node) = tree.tree.get_mut(id) {
                    node.detach();
                }
            }
        }
        let Some(content) = &self.content else { return Ok(None) };
        match dom::select(tree, content, &budget).map_err(too_complex)?.first() {
            Some(element) => Ok(Some(element.id())),
            None => {
                let reason = "`content` matches nothing on the page, so the story was looked for";
                Err(Problem::of_page(reason, "write a selector of the element that holds the story"))
            }
        }
    }
}
