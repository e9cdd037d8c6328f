//! [`Refrain`]: the lines that articles of one source have in common, which frame its stories and are none.
//!
//! It learns from each article that is read, so the first few of a source keep such lines. A line is dropped only where the story is
//! mostly other lines: pages that show one article under several addresses have all in common.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

/// Articles that must have a line for it to be none of the story.
const COMMON: u8 = 3;

/// Lines that are remembered of a source; those of one article alone are forgotten when there are more.
const MOST: usize = 400;

/// What the articles of one source have in common.
#[derive(Debug, Clone, Default)]
pub struct Refrain {
    lines: HashMap<u64, u8>,
}

impl Refrain {
    /// Takes note of an article's text, whose lines are apart by blank ones.
    pub fn learn(&mut self, text: &str) {
        let lines: BTreeSet<u64> = text.split("\n\n").map(stamp).collect();
        for line in lines {
            let count = self.lines.entry(line).or_default();
            *count = count.saturating_add(1);
        }
        // What is common comes again, and what is left after that is common already or will not be missed.
        for least in 2..=COMMON {
            if self.lines.len() > MOST {
                self.lines.retain(|_, count| *count >= least);
            }
        }
    }

    /// Whether a line is common to the source's articles.
    pub(super) fn knows(&self, line: &str) -> bool {
        self.lines.get(&stamp(line)).is_some_and(|count| *count >= COMMON)
    }
}

fn stamp(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_articles_say_is_common() {
        let mut refrain = Refrain::default();
        for n in 0..3 {
            assert!(!refrain.knows("The line is open daily."));
            refrain.learn(&format!("Story {n}.\n\nThe line is open daily.\n\nThe line is open daily."));
        }
        assert!(refrain.knows("The line is open daily.") && !refrain.knows("Story 1."));
    }

    #[test]
    fn little_is_remembered_and_the_common_stays() {
        let mut refrain = Refrain::default();
        for n in 0..100 {
            let lines: Vec<String> = (0..30).map(|line| format!("Line {line} of story {n}.")).collect();
            refrain.learn(&format!("{}\n\nThe line is open daily.", lines.join("\n\n")));
            assert!(refrain.lines.len() <= MOST + 31);
        }
        assert!(refrain.knows("The line is open daily."));
    }
}
