//! Two [`Sketch`]es into [`Evidence`], and evidence into a decision by [`Thresholds`].
//!
//! What one site lists under two titles is two stories: a site's bulletins of one form share most of their words.
//!
//! Three things make twins: much of the shorter text is in the longer; the beginning of one is in the other (a shared tail is
//! a frame); and the numbers that stand between the same words are the same (a report of the same form with other numbers is
//! another report).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::sketch::{LEAD, SAMPLE, Sketch};

/// Pairs of a sample below which a share says nothing.
const LEAST_SAMPLE: usize = 16;
/// Weight of a title below which its being the same says nothing: many a title is "通知公告". Some twelve Han characters or
/// six words.
const LEAST_TITLE: u16 = 12;
/// Pairs of a text up to which it is short: the fewer there are, the more of them must agree.
const SHORT: f32 = 100.0;
/// Pairs in common from which on it is no frame that two texts share.
const NO_FRAME: f32 = 300.0;
/// Share of the text that two articles of one site have in common where they are one: a site's articles of one form share much.
const COPY: f32 = 0.98;
/// Share of the shorter title from which on it is the longer one, cut or with words added.
const SAME_TITLE: f32 = 0.9;
/// Pairs of a text below which there is only the title to go by.
const LEAST_TEXT: u32 = 8;

/// From which share on two texts are twins; all between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Share of the shorter text's pairs that are in the longer.
    pub text: f32,
    /// The same where the titles are the same.
    pub text_with_title: f32,
    /// Share of one text's beginning that is in the other.
    pub lead: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { text: 0.5, text_with_title: 0.3, lead: 0.2 }
    }
}

/// The rule that decided whether two texts are twins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruling {
    /// Whether they are.
    pub twins: bool,
    /// The rule, in words.
    pub rule: &'static str,
}

/// What speaks for and against two texts being twins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Share of the shorter text's pairs that are in the longer; absent where one has no text.
    pub text: Option<f32>,
    /// Share of one text's beginning that is in the other.
    pub lead: f32,
    /// Pairs of the shorter text.
    pub size: u32,
    /// Share of the shorter title's pairs that are in the longer.
    pub title: f32,
    /// Whether both have the same title, and one long enough to tell an article.
    pub same_title: bool,
    /// Numbers between the same words that are the same.
    pub numbers_same: u16,
    /// Numbers between the same words that are others.
    pub numbers_other: u16,
    /// How near to each other they were published. The texts do not tell: whoever knows the addresses says so.
    #[serde(default)]
    pub nearness: Nearness,
}

/// How near to each other two articles were published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// By two sites.
    #[default]
    Apart,
    /// By one site.
    Site,
    /// By one site, and one source lists both.
    Source,
}

impl Evidence {
    /// What `one` and `other` have in common.
    pub fn of(one: &Sketch, other: &Sketch) -> Self {
        let (numbers_same, numbers_other) = numbers(one, other);
        let has_text = one.size >= LEAST_TEXT && other.size >= LEAST_TEXT;
        Self {
            text: has_text.then(|| text(one, other)),
            lead: lead(one, other).max(lead(other, one)),
            size: one.size.min(other.size),
            title: contained(one.title_pairs(), other.title_pairs()),
            same_title: one.title == other.title && one.title_weight >= LEAST_TITLE,
            numbers_same,
            numbers_other,
            nearness: Nearness::Apart,
        }
    }

    /// One number for how alike they are, from 0 to 1.
    pub fn score(&self) -> f32 {
        match self.text {
            Some(text) => {
                (text * 0.8 + self.lead.min(text) * 0.2).max(if self.same_title { text.max(0.3) } else { 0.0 })
            }
            None if self.same_title => 1.0,
            None => 0.0,
        }
    }

    /// Whether they are twins.
    pub fn are_twins(&self, thresholds: &Thresholds) -> bool {
        self.ruling(thresholds).twins
    }

    /// Whether they are twins, and which rule says so.
    pub fn ruling(&self, thresholds: &Thresholds) -> Ruling {
        let yes = |rule| Ruling { twins: true, rule };
        let no = |rule| Ruling { twins: false, rule };
        if self.numbers_other >= 2 && self.numbers_other > self.numbers_same {
            return no("other numbers stand between the same words: another report of one form");
        }
        let copy = self.numbers_other == 0 && self.text.is_some_and(|text| text >= COPY);
        match self.nearness {
            _ if self.same_title || self.title >= SAME_TITLE => {}
            Nearness::Source => return no("one site lists both, under other titles: it tells two stories"),
            Nearness::Site if !copy => {
                return no("one site published both under other titles, and one text is no copy of the other");
            }
            Nearness::Site | Nearness::Apart => {}
        }
        match self.text {
            None if self.same_title && self.numbers_other == 0 => {
                yes("one has no text, and both have the same title, long enough to tell")
            }
            None => no("one has no text, and the titles are others or too short to tell"),
            Some(text) if self.same_title && text >= thresholds.text_with_title => {
                yes("the same title, and as much of the text as `text_with_title` asks")
            }
            Some(_) if self.same_title => no("the same title, but less of the text than `text_with_title` asks"),
            Some(text) if text < self.least(thresholds) => {
                no("less of the shorter text is in the longer than `text` asks (more is asked of short texts)")
            }
            Some(text) if self.lead < thresholds.lead && text * self.pairs() < NO_FRAME => {
                no("they do not share a beginning, as `lead` asks: what they share may be a frame")
            }
            Some(_) => yes("as much of the text as `text` asks, and of a beginning as `lead` asks"),
        }
    }

    /// The share from which on two texts of this size are twins.
    fn least(&self, thresholds: &Thresholds) -> f32 {
        thresholds.text + (1.0 - thresholds.text) * 0.4 * (1.0 - self.pairs() / SHORT).max(0.0)
    }

    #[expect(clippy::cast_precision_loss, reason = "only small sizes matter")]
    fn pairs(&self) -> f32 {
        self.size as f32
    }
}

/// Share of the shorter text's pairs that are in the longer.
fn text(one: &Sketch, other: &Sketch) -> f32 {
    let (short, long) = if one.size <= other.size { (one, other) } else { (other, one) };
    let limit = limit(one).min(limit(other));
    let drawn = short.sample().iter().take_while(|hash| **hash <= limit);
    let (mut both, mut all) = (0_usize, 0_usize);
    for hash in drawn {
        all += 1;
        both += usize::from(long.sample().binary_search(hash).is_ok());
    }
    let whole = share(both, all);
    let beginning = lead(short, long);
    if (short.size as usize) <= LEAD {
        // Of a text no longer than a lead all pairs are known.
        if all < LEAST_SAMPLE { beginning } else { whole.max(beginning) }
    } else if all < LEAST_SAMPLE {
        // Beside a long text few pairs of a short one are drawn. Its beginning tells more, as far as those few do not deny it.
        beginning.min(whole + 1.0 / share(all, 1).sqrt())
    } else {
        whole
    }
}

/// Share of `part`'s beginning that is in `whole`.
fn lead(part: &Sketch, whole: &Sketch) -> f32 {
    let limit = limit(whole);
    let (mut found, mut drawn, mut drawn_found) = (0, 0, 0);
    for hash in part.lead() {
        let at_start = whole.lead().binary_search(hash).is_ok();
        let within = *hash <= limit;
        let known = at_start || (within && whole.sample().binary_search(hash).is_ok());
        found += usize::from(known);
        drawn += usize::from(within);
        drawn_found += usize::from(within && known);
    }
    let seen = share(found, part.lead().len());
    if drawn >= LEAST_SAMPLE { seen.max(share(drawn_found, drawn)) } else { seen }
}

/// The hash up to which a sketch's sample holds all pairs of its text.
fn limit(sketch: &Sketch) -> u32 {
    match sketch.sample().last() {
        Some(last) if sketch.sample().len() >= SAMPLE => *last,
        _ => u32::MAX,
    }
}

fn numbers(one: &Sketch, other: &Sketch) -> (u16, u16) {
    let place = |number: &u32| number >> 16;
    let theirs: HashSet<u32> = other.numbers().iter().map(place).collect();
    let (mut same, mut others) = (0, 0);
    let shared: HashSet<u32> = one.numbers().iter().map(place).filter(|at| theirs.contains(at)).collect();
    for at in shared {
        let agrees =
            one.numbers().iter().any(|number| place(number) == at && other.numbers().binary_search(number).is_ok());
        if agrees { same += 1 } else { others += 1 }
    }
    (same, others)
}

/// Share of the smaller list that is in the larger.
fn contained(one: &[u32], other: &[u32]) -> f32 {
    let (small, large) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    share(small.iter().filter(|hash| large.binary_search(hash).is_ok()).count(), small.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of at most some hundred")]
fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}
