//! [`Watched`]: a source that is visited, and the stamps of how it is read.

use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use crate::extract::{BadRule, article::Story};
use crate::model::Source;

/// A source that is visited.
#[derive(Debug)]
pub struct Watched {
    /// What to watch.
    pub source: Arc<Source>,
    /// Where the story is on its article pages, where a person said so.
    pub story: Option<Box<Story>>,
    stamp: OnceLock<u64>,
    rules_stamp: OnceLock<u64>,
}

impl Watched {
    /// Within what the source's articles have their identity: a private source's are its own, others' are everybody's.
    pub fn scope(&self) -> &str {
        if self.source.private { self.source.id.as_str() } else { "" }
    }

    /// Compiles what the source says of its articles' pages. The rules of its list are compiled when they read a page.
    ///
    /// # Errors
    /// A selector that does not compile; `config` has checked them, so this is one that it does not know how to check.
    pub fn new(source: impl Into<Arc<Source>>) -> Result<Self, BadRule> {
        let source = source.into();
        let story = Story::compile(&source.story)?.map(Box::new);
        Ok(Self { source, story, stamp: OnceLock::new(), rules_stamp: OnceLock::new() })
    }

    /// Tells whether the same bytes would be read the same way: it changes with the rules and with the program's version.
    pub fn stamp(&self) -> u64 {
        *self.stamp.get_or_init(|| {
            let Source { rules, kind, timezone, language, identity, private, .. } = &*self.source;
            let version = env!("CARGO_PKG_VERSION");
            let what = format!("{version}\n{rules:?}\n{kind:?}\n{timezone:?}\n{language:?}\n{identity:?}\n{private}");
            hash(what.as_bytes())
        })
    }

    /// Tells what feeds.toml says of the rules from what it said before.
    pub fn rules_stamp(&self) -> u64 {
        *self.rules_stamp.get_or_init(|| {
            let Source { rules, kind, repair, .. } = &*self.source;
            hash(format!("{rules:?}{kind:?}{repair:?}").as_bytes())
        })
    }
}

/// The first eight bytes of the SHA-256.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    Sha256::digest(bytes).iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}
