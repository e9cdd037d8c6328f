//! How much of a text makes no sense, without a dictionary: what the letters of a wrong encoding do that words never do.

/// Characters outside ASCII that were looked at, and how many of them are out of place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sense {
    pub(super) seen: usize,
    pub(super) odd: usize,
}

impl Sense {
    /// The share that is out of place, in thousandths.
    pub(super) fn odd_per_mille(self) -> usize {
        self.odd * 1000 / self.seen.max(1)
    }
}

/// Looks at a text.
///
/// Out of place are: controls and what could not be read; a capital after a small letter of the same word; letters of two
/// scripts in one word; a sign that is no letter between two letters; a Latin letter with a mark between two others with marks.
pub(super) fn of(text: &str) -> Sense {
    let mut sense = Sense::default();
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if !c.is_ascii() {
            sense.seen += 1;
            let next = characters.peek().copied().unwrap_or(' ');
            sense.odd += usize::from(is_odd(before, c, next));
        } else if c.is_ascii_alphabetic() && before.is_alphabetic() && script(before) != script(c) {
            // `before` was looked at, but not from this side.
            sense.odd += usize::from(script(before) != Script::Dense);
        }
        before = c;
    }
    sense
}

fn is_odd(before: char, c: char, next: char) -> bool {
    if c.is_control() || matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}') {
        return true;
    }
    if c.is_alphabetic() {
        return before.is_alphabetic()
            && ((before.is_lowercase() && c.is_uppercase())
                || ([before, c, next].iter().all(|c| !c.is_ascii() && script(*c) == Script::Latin))
                || (script(before) != script(c) && script(before) != Script::Dense && script(c) != Script::Dense));
    }
    let joins = matches!(c, '\u{2010}'..='\u{2015}' | '\u{2018}' | '\u{2019}' | '\u{AD}' | '\u{B7}' | '\u{A0}' | '\u{200B}'..='\u{200D}');
    !joins && script(c) != Script::Dense && before.is_alphabetic() && next.is_alphabetic()
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Thai,
    /// Written without spaces between words, and beside other scripts.
    Dense,
    Other,
}

fn script(c: char) -> Script {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' => Script::Latin,
        '\u{370}'..='\u{3FF}' => Script::Greek,
        '\u{400}'..='\u{52F}' => Script::Cyrillic,
        '\u{590}'..='\u{5FF}' => Script::Hebrew,
        '\u{600}'..='\u{6FF}' => Script::Arabic,
        '\u{E00}'..='\u{E7F}' => Script::Thai,
        '\u{2E80}'.. => Script::Dense,
        _ => Script::Other,
    }
}
