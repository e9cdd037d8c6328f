//! The lines of a page: [`Block`]s, each a run of text that no element breaks, with what can be counted in it.

use crate::extract::article::outline::{Outline, What, is_inline};
use crate::reading::text::line;

/// A run of text between two breaks.
#[derive(Debug)]
pub(in crate::extract::article) struct Block {
    /// Place of its first text in the outline.
    pub(in crate::extract::article) at: usize,
    /// Place of its last text.
    pub(in crate::extract::article) last: usize,
    /// Place of the element that holds it: the nearest that breaks lines.
    pub(in crate::extract::article) holder: usize,
    /// The text, tidied.
    pub(in crate::extract::article) text: String,
    /// How much it says, in letters of a script with spaces.
    pub(in crate::extract::article) weight: f32,
    /// How much of that is in links.
    pub(in crate::extract::article) linked: f32,
    /// Marks that end or part sentences.
    pub(in crate::extract::article) marks: u32,
}

impl Block {
    /// The share of the text that is in links, 0 to 1.
    pub(in crate::extract::article) fn link_share(&self) -> f32 {
        if self.weight > 0.0 { self.linked / self.weight } else { 0.0 }
    }
}

/// Cuts the page into blocks.
pub(in crate::extract::article) fn blocks(outline: &Outline<'_>) -> Vec<Block> {
    let mut out = Vec::new();
    let mut open: Option<Open> = None;
    // The end of the element that holds the open block: whatever comes after it is another block.
    let mut link_ends = 0;
    // The end of what tells how the characters before it are read aloud: no part of the text.
    let mut ruby = 0;
    for (at, node) in outline.all() {
        match node.what {
            _ if at < ruby => {}
            What::Element(element) if matches!(element.name(), "rt" | "rp") => ruby = node.end,
            What::Text(text) => {
                if text.trim().is_empty() {
                    if let Some(open) = &mut open {
                        open.text.push(' ');
                    }
                    continue;
                }
                let holder = holder(outline, at);
                if open.as_ref().is_some_and(|open| open.holder != holder) {
                    close(&mut open, &mut out);
                }
                let open = open.get_or_insert_with(|| Open { at, last: at, holder, text: String::new(), linked: 0.0 });
                open.text.push_str(text);
                open.last = at;
                if at < link_ends {
                    open.linked += weight(text);
                }
            }
            What::Element(element) => {
                let name = element.name();
                if name == "a" && element.attr("href").is_some() {
                    link_ends = link_ends.max(node.end);
                }
                if !is_inline(name) {
                    close(&mut open, &mut out);
                }
            }
        }
    }
    close(&mut open, &mut out);
    out
}

struct Open {
    at: usize,
    last: usize,
    holder: usize,
    text: String,
    linked: f32,
}

fn close(open: &mut Option<Open>, out: &mut Vec<Block>) {
    let Some(open) = open.take() else { return };
    let text = line(&open.text);
    if text.is_empty() {
        return;
    }
    let weight = weight(&text);
    let marks = text.chars().filter(|c| is_mark(*c)).count() as u32;
    out.push(Block {
        at: open.at,
        last: open.last,
        holder: open.holder,
        weight,
        linked: open.linked.min(weight),
        marks,
        text,
    });
}

fn holder(outline: &Outline<'_>, at: usize) -> usize {
    let breaks = |at: &usize| outline.get(*at).is_some_and(|node| !is_inline(node.name()));
    outline.above(at).find(breaks).unwrap_or(0)
}

/// How much a text says: a Han character or syllable stands for some letters of an alphabet.
pub(in crate::extract::article) fn weight(text: &str) -> f32 {
    let mut sum = 0.0;
    for c in text.chars() {
        sum += match c {
            c if c.is_whitespace() => 0.2,
            '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => 2.5,
            '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7AF}' => 2.0,
            _ => 1.0,
        };
    }
    sum
}

/// Marks of sentences in any script; a full stop counts too, since few words hold one.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        ',' | '.'
            | ';'
            | '!'
            | '?'
            | '，'
            | '。'
            | '；'
            | '！'
            | '？'
            | '、'
            | '：'
            | '،'
            | '؛'
            | '؟'
            | '।'
            | '။'
            | '၊'
            | '…'
            | '”'
            | '」'
    )
}
