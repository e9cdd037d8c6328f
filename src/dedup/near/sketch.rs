//! A title and a text into a [`Sketch`]: a sample of bounded size, from which [`compare`](super::compare) tells how much of
//! one text is in another. Everything in it is a hash of a *pair* (two neighbouring tokens) or of a *run* (four).

use serde::{Deserialize, Serialize};

use super::{
    frame,
    token::{Token, mix, step, tokens},
};

/// Pairs of a text's beginning that are all kept, so that a lead is found in the whole article.
pub(super) const LEAD: usize = 96;
/// Pairs of the whole text that are kept: those with the lowest hashes, a sample which two texts draw alike.
pub(super) const SAMPLE: usize = 128;
/// Pairs of a title that are kept.
const TITLE: usize = 32;
/// Numbers that are kept, from the beginning on.
const NUMBERS: usize = 32;
/// Runs by which the index finds a text again: of its beginning, of the whole, of its title.
const LEAD_RUNS: usize = 10;
const BODY_RUNS: usize = 14;
const TITLE_RUNS: usize = 3;

/// What is kept of a title and a text to tell twins. At most some 1.2 KB, however long the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// The whole title's hash; 0 where there is none.
    pub(super) title: u32,
    /// How much a title says: its Han characters, and twice its words.
    pub(super) title_weight: u16,
    /// How many different pairs the text has.
    pub(super) size: u32,
    /// Where the first four parts of `hashes` end.
    ends: [u16; 4],
    /// In one piece, since many sketches are kept: the title's pairs, the lead, the sample, the numbers, the runs.
    hashes: Box<[u32]>,
}

impl Sketch {
    /// The sketch of plain text; `text` may be empty where only the title is known.
    pub fn of(title: &str, text: &str) -> Self {
        let title_tokens = tokens(title);
        let text_tokens = tokens(&frame::without(text));
        // A text that begins with its own title begins after it.
        let body = match text_tokens.strip_prefix(title_tokens.as_slice()) {
            Some(rest) if rest.len() > title_tokens.len() => rest,
            _ => &text_tokens,
        };
        let pairs: Vec<u32> = hashes(body, 2).collect();
        // Of a short text the sample holds all of them.
        let lead = if pairs.len() > LEAD { lowest(pairs.iter().copied().take(LEAD), LEAD) } else { Box::default() };
        let mut sample = lowest(pairs.iter().copied(), usize::MAX).into_vec();
        let size = u32::try_from(sample.len()).unwrap_or(u32::MAX);
        sample.truncate(SAMPLE);
        let whole_title = title_tokens.iter().fold(1, |hash, token| step(hash, token.hash));
        let title_hash = if title_tokens.is_empty() { 0 } else { narrow(whole_title) };
        let mut runs: Vec<u32> = lowest(hashes(body.get(..LEAD).unwrap_or(body), 4), LEAD_RUNS).into_vec();
        runs.extend(lowest(hashes(body, 4), BODY_RUNS));
        runs.extend(lowest(hashes(&title_tokens, 4), TITLE_RUNS));
        runs.extend((title_hash != 0).then_some(title_hash));
        let parts = [
            lowest(hashes(&title_tokens, 2), TITLE),
            lead,
            sample.into(),
            lowest(numbers(&title_tokens).chain(numbers(body)).take(NUMBERS), NUMBERS),
            lowest(runs.into_iter(), usize::MAX),
        ];
        let mut ends = [0_u16; 4];
        let mut end = 0_u16;
        for (part, to) in parts.iter().zip(&mut ends) {
            end = end.saturating_add(u16::try_from(part.len()).unwrap_or(u16::MAX));
            *to = end;
        }
        Self {
            title: title_hash,
            title_weight: title_tokens.iter().map(|token| if token.alone { 1 } else { 2 }).fold(0, u16::saturating_add),
            size,
            ends,
            hashes: parts.concat().into(),
        }
    }

    /// The title's pairs, in order of hash.
    pub(super) fn title_pairs(&self) -> &[u32] {
        let [end, ..] = self.ends;
        self.part(0, end)
    }

    /// The pairs of the text's beginning, in order of hash.
    pub(super) fn lead(&self) -> &[u32] {
        let [from, to, ..] = self.ends;
        if from == to { self.sample() } else { self.part(from, to) }
    }

    /// The lowest of all the text's pairs, in order of hash.
    pub(super) fn sample(&self) -> &[u32] {
        let [_, from, to, _] = self.ends;
        self.part(from, to)
    }

    /// Numbers: the upper half says between which words it stands, the lower which number; in order.
    pub(super) fn numbers(&self) -> &[u32] {
        let [.., from, to] = self.ends;
        self.part(from, to)
    }

    /// Runs to be found by, in order of hash.
    pub(super) fn runs(&self) -> &[u32] {
        let [.., from] = self.ends;
        self.hashes.get(usize::from(from)..).unwrap_or_default()
    }

    /// The sketch without its runs, which the index keeps.
    pub(super) fn without_runs(&self) -> Self {
        let [.., end] = self.ends;
        Self { hashes: self.part(0, end).into(), ..*self }
    }

    fn part(&self, from: u16, to: u16) -> &[u32] {
        self.hashes.get(usize::from(from)..usize::from(to)).unwrap_or_default()
    }

    /// Bytes it takes in memory.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.hashes.len() * size_of::<u32>()
    }
}

/// The hash of every `length` neighbouring tokens, in the order of the text.
fn hashes(tokens: &[Token], length: usize) -> impl Iterator<Item = u32> {
    tokens.windows(length).map(|window| narrow(window.iter().fold(2, |hash, token| step(hash, token.hash))))
}

fn narrow(hash: u64) -> u32 {
    u32::try_from(mix(hash) >> 32).unwrap_or(u32::MAX)
}

/// The lowest different `most` of `hashes`, in order.
fn lowest(hashes: impl Iterator<Item = u32>, most: usize) -> Box<[u32]> {
    let mut all: Vec<u32> = hashes.collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(most);
    all.into()
}

/// Every number with the two tokens before it (a number among them counts as any number) and the one after it.
fn numbers(tokens: &[Token]) -> impl Iterator<Item = u32> {
    let word = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(token) if !token.number => token.hash,
        Some(_) => 1,
        None => 0,
    };
    tokens.iter().enumerate().filter(|(_, token)| token.number).map(move |(at, token)| {
        let around = [word(at.checked_sub(2)), word(at.checked_sub(1)), word(at.checked_add(1))];
        let place = narrow(around.iter().fold(3, |hash, word| step(hash, *word)));
        (place & 0xffff_0000) | (narrow(token.hash) & 0xffff)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_size_is_bounded() {
        let long: String = (0..20_000u32).map(|n| char::from_u32(0x4e00 + (n * 7919) % 20_000).unwrap()).collect();
        let sketch = Sketch::of("标题", &long);
        assert!(sketch.size > 10_000);
        assert!(sketch.bytes() < 1_500, "{}", sketch.bytes());
        let stored = postcard::to_stdvec(&sketch).unwrap();
        assert_eq!(postcard::from_bytes::<Sketch>(&stored).unwrap(), sketch);
    }

    #[test]
    fn both_scripts_give_one_sketch() {
        let one = Sketch::of("国务院发布规划", "电网投资三百亿元，明年建成，全网运行平稳。");
        assert_eq!(one, Sketch::of("國務院發佈規劃", "電網投資三百億元, 明年建成, 全網運行平穩."));
    }
}
