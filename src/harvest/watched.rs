//! [`Watched`]: a source with its compiled recipe, and the stamp of how it reads.

use sha2::{Digest, Sha256};

use crate::extract::{BadRule, Recipe, article::Story};
use crate::model::{Kind, Source};

/// A source that is visited.
#[derive(Debug)]
pub struct Watched {
    /// What to watch.
    pub source: Source,
    /// How to read it, where a person said so.
    pub recipe: Option<Recipe>,
    /// Where the story is on its article pages, where a person said so.
    pub story: Option<Story>,
    /// Tells whether the same bytes would be read the same way: it changes with the rules and with the program's version.
    pub stamp: u64,
    /// Tells what feeds.toml says of the rules from what it said before.
    pub rules_stamp: u64,
}

impl Watched {
    /// Within what the source's articles have their identity: a private source's are its own, others' are everybody's.
    pub fn scope(&self) -> &str {
        if self.source.private { self.source.id.as_str() } else { "" }
    }

    /// Compiles the source's rules.
    ///
    /// # Errors
    /// A rule that does not compile; `config` has checked them, so this is a rule that it does not know how to check.
    pub fn new(source: Source) -> Result<Self, BadRule> {
        let kind = source.kind.unwrap_or(Kind::Html);
        let recipe = source.rules.clone().map(|rules| Recipe::of(rules, kind)).transpose()?;
        let story = Story::compile(&source.story)?;
        let stamp = stamp(&source);
        let rules_stamp = hash(format!("{:?}{:?}{:?}", source.rules, source.kind, source.repair).as_bytes());
        Ok(Self { source, recipe, story, stamp, rules_stamp })
    }
}

fn stamp(source: &Source) -> u64 {
    let what = format!(
        "{}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{}",
        env!("CARGO_PKG_VERSION"),
        source.rules,
        source.kind,
        source.timezone,
        source.language,
        source.identity,
        source.private,
    );
    hash(what.as_bytes())
}

/// The first eight bytes of the SHA-256.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    Sha256::digest(bytes).iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}
