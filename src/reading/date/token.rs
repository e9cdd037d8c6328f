//! Text into [`Token`]s: numbers in any script's digits, words with what they may mean, marks and spaces.
//!
//! Each token knows its byte range in the text. The work is linear in the text: every look ahead is bounded.

use std::ops::Range;

use super::lexicon::{Lexicon, Sense};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Digits: their value (saturating) and how many they are.
    Number(u64, u32),
    /// A word or phrase of some language's table.
    Word(&'static [Sense]),
    /// A punctuation mark, in its ASCII form where it has one.
    Mark(char),
    /// White space.
    Space,
    /// Anything else.
    Other,
}

/// A piece of the text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it is, in bytes.
    pub(super) range: Range<usize>,
}

/// The value of a decimal digit of a script that dates are written in.
pub(super) fn digit(c: char) -> Option<u64> {
    if c.is_ascii() {
        return c.to_digit(10).map(u64::from);
    }
    // The first digit of each script's run of ten.
    const ZEROS: [u32; 17] = [
        0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20,
        0x1040, 0x17E0, 0xFF10,
    ];
    let code = u32::from(c);
    ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|value| *value < 10)).map(u64::from)
}

/// The value of a Chinese numeral that may stand for a digit or, for 十 廿 卅 百, a power.
fn numeral(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' | '○' | 'Ｏ' => 0,
        // 元 is the first: 令和元年, 元月.
        '一' | '壹' | '元' => 1,
        '二' | '两' | '兩' | '貳' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '廿' => 20,
        '卅' => 30,
        '百' => 100,
        _ => return None,
    })
}

/// Scripts that write words without spaces between them, or glue them to numbers.
pub(super) fn is_spaceless(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF
        | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF)
}

/// Characters that take no room and mean nothing here: zero-width, soft hyphen, direction marks.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFEFF | 0xFE0E | 0xFE0F)
}

/// Apostrophes, as people and programs write them.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '՚' | 'ꞌ' | '＇' | '′' | '‵' | 'ʹ' | '`' | '´')
}

/// Combining marks continue a word, whatever `char::is_alphabetic` says of them.
fn is_wordlike(c: char) -> bool {
    c.is_alphabetic()
        || matches!(u32::from(c), 0x0300..=0x036F | 0x0591..=0x05C7 | 0x064B..=0x065F | 0x0900..=0x0DFF if digit(c).is_none())
}

/// The ASCII form of a mark: full width, Arabic, dashes.
fn plain(c: char) -> char {
    match c {
        '：' | '∶' | '︰' | '﹕' => ':',
        '／' | '⁄' | '∕' => '/',
        '－' | '‐' | '‑' | '‒' | '–' | '—' | '−' | '﹣' => '-',
        '．' | '。' | '｡' => '.',
        '，' | '、' | '،' | '؛' | ';' | '；' => ',',
        '（' | '【' | '［' | '「' | '〔' | '《' => '(',
        '）' | '】' | '］' | '」' | '〕' | '》' => ')',
        '＋' => '+',
        '｜' | '│' | '·' | '・' | '•' | '‧' => '|',
        c if is_apostrophe(c) => '\'',
        c => c,
    }
}

/// No word of a table has more letters.
const LONGEST_WORD: usize = 40;

/// The longest phrase, in words, that a table holds.
const PHRASE: usize = 5;

/// Cuts `text` into tokens.
pub(super) fn tokens(text: &str, lexicon: &'static Lexicon) -> Vec<Token> {
    let mut cutter = Cutter { text, at: 0, key: String::new(), lexicon, out: Vec::with_capacity(text.len() / 3 + 4) };
    while cutter.step() {}
    cutter.out
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    key: String,
    lexicon: &'static Lexicon,
    out: Vec<Token>,
}

impl Cutter<'_> {
    fn rest(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, end: usize) {
        let range = self.at..end;
        self.at = end;
        if let Some(last) = self.out.last_mut() {
            let joins = matches!(kind, Kind::Other | Kind::Space) && last.kind == kind && last.range.end == range.start;
            if joins {
                last.range.end = range.end;
                return;
            }
        }
        self.out.push(Token { kind, range });
    }

    /// One token further; false at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.rest(self.at).chars().next() else { return false };
        if c.is_ascii_alphabetic() {
            self.word();
            return true;
        }
        let next = self.at + c.len_utf8();
        if digit(c).is_some() {
            self.number();
        } else if c.is_whitespace() {
            self.push(Kind::Space, next);
        } else if is_invisible(c) {
            self.at = next;
        } else if is_spaceless(c) {
            self.spaceless(c, next);
        } else if is_wordlike(c) {
            self.word();
        } else {
            self.push(Kind::Mark(plain(c)), next);
        }
        true
    }

    fn number(&mut self) {
        let (mut value, mut digits, mut end) = (0_u64, 0_u32, self.at);
        for c in self.rest(self.at).chars() {
            let Some(d) = digit(c) else { break };
            value = value.saturating_mul(10).saturating_add(d);
            digits = digits.saturating_add(1);
            end += c.len_utf8();
        }
        self.push(Kind::Number(value, digits), end);
    }

    /// A word of a script without spaces: the longest that a table knows here, or a Chinese numeral.
    fn spaceless(&mut self, first: char, next: usize) {
        let found = self.lexicon.starting(first).iter().find(|(key, _)| self.rest(self.at).starts_with(key.as_ref()));
        if let Some((key, senses)) = found {
            let end = self.at + key.len();
            self.push(Kind::Word(senses), end);
        } else if let Some((value, digits, end)) = self.numerals() {
            self.push(Kind::Number(value, digits), end);
        } else {
            self.push(Kind::Other, next);
        }
    }

    /// Chinese numerals directly before a mark of date or time: 二〇二一年, 十二月, 三十日, 三天.
    fn numerals(&self) -> Option<(u64, u32, usize)> {
        let (mut total, mut last, mut digits, mut positional) = (0_u64, None::<u64>, 0_u32, 0_u64);
        let (mut end, mut powers) = (self.at, false);
        let mut follower = None;
        for c in self.rest(self.at).chars() {
            let Some(value) = numeral(c) else {
                follower = Some(c);
                break;
            };
            digits += 1;
            if digits > 6 {
                return None;
            }
            end += c.len_utf8();
            if value >= 10 {
                powers = true;
                total += if value == 20 || value == 30 { value } else { last.take().unwrap_or(1) * value };
            } else {
                positional = positional * 10 + value;
                last = Some(value);
            }
        }
        let dated = |c| {
            matches!(
                c,
                '年' | '月'
                    | '日'
                    | '号'
                    | '號'
                    | '时'
                    | '時'
                    | '点'
                    | '點'
                    | '分'
                    | '秒'
                    | '小'
                    | '天'
                    | '周'
                    | '週'
                    | '个'
                    | '個'
                    | '星'
                    | '礼'
                    | '禮'
                    | '刻'
            )
        };
        if digits == 0 || !follower.is_some_and(dated) {
            return None;
        }
        if powers {
            let value = total + last.unwrap_or(0);
            Some((value, if value < 10 { 1 } else { 2 }, end))
        } else {
            Some((positional, digits, end))
        }
    }

    /// A word of a script with spaces, together with those after it when they make a known phrase.
    fn word(&mut self) {
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        let single = self.fold_word(self.at, &mut key);
        let mut best = None;
        let mut words = 1;
        if let Some(entry) = self.lexicon.get(&key) {
            if !entry.senses.is_empty() {
                best = Some((entry.senses.as_slice(), single));
            }
            words = entry.words.min(PHRASE);
        }
        let mut end = single;
        for _ in 1..words {
            let Some(start) = self.next_word(end) else { break };
            key.push(' ');
            end = self.fold_word(start, &mut key);
            if let Some(entry) = self.lexicon.get(&key)
                && !entry.senses.is_empty()
            {
                best = Some((entry.senses.as_slice(), end));
            }
        }
        self.key = key;
        match best {
            Some((senses, end)) => self.push(Kind::Word(senses), end),
            None => self.push(Kind::Other, single),
        }
    }

    /// Where the next word of a phrase starts: after a space, a hyphen, a full stop and a space.
    fn next_word(&self, end: usize) -> Option<usize> {
        let mut at = end;
        for (n, c) in self.rest(end).chars().enumerate() {
            if n > 0 && is_wordlike(c) && !is_spaceless(c) {
                return Some(at);
            }
            if n > 2 || !(c.is_whitespace() || c == '-' || c == '.' || is_apostrophe(c)) {
                return None;
            }
            at += c.len_utf8();
        }
        None
    }

    /// Appends the folded word that starts at `start` to `key`; gives the word's end.
    fn fold_word(&self, start: usize, key: &mut String) -> usize {
        // Most words are ASCII letters alone: those need no questions.
        let plain = self.rest(start).bytes().take_while(u8::is_ascii_alphabetic).count();
        let mut end = start + plain;
        let known = plain.min(LONGEST_WORD);
        key.extend(self.rest(start).bytes().take(known).map(|byte| char::from(byte.to_ascii_lowercase())));
        if matches!(self.rest(end).bytes().next(), None | Some(b' ' | b',' | b':')) && plain > 0 {
            return end;
        }
        let mut chars = self.rest(end).chars().peekable();
        let mut letters = plain;
        while let Some(c) = chars.next() {
            let after = chars.peek().copied();
            let letter_follows = after.is_some_and(|c| is_wordlike(c) && !is_spaceless(c));
            if is_spaceless(c) {
                break;
            } else if is_apostrophe(c) {
                if end == start || !letter_follows {
                    break;
                }
            } else if is_wordlike(c) {
                // A word longer than any in a table needs no key, yet must be passed over whole.
                if letters < LONGEST_WORD {
                    fold(c, key);
                }
                letters += 1;
            } else if c == '.' && letters == 1 && letter_follows && self.single_letter(end + 1) {
                // a.m., p.m.
                letters = 0;
            } else {
                break;
            }
            end += c.len_utf8();
        }
        // Never stand still, whatever the first character was.
        if end == start { start + self.rest(start).chars().next().map_or(1, char::len_utf8) } else { end }
    }

    /// Whether one letter alone stands at `at`.
    fn single_letter(&self, at: usize) -> bool {
        let mut chars = self.rest(at).chars();
        chars.next().is_some_and(is_wordlike) && !chars.next().is_some_and(is_wordlike)
    }
}

/// Appends `c` as tables are keyed: lower case, Latin, Greek and Cyrillic letters without their accents.
pub(super) fn fold(c: char, key: &mut String) {
    if c.is_ascii() {
        key.push(c.to_ascii_lowercase());
        return;
    }
    if is_apostrophe(c) || matches!(u32::from(c), 0x0300..=0x036F | 0x0640 | 0x064B..=0x0655) {
        return;
    }
    if u32::from(c) < 0x0530 || matches!(u32::from(c), 0x0900..=0x0DFF | 0x1E00..=0x1FFF) {
        unicode_normalization::char::decompose_canonical(c, |part| {
            if !matches!(u32::from(part), 0x0300..=0x036F) {
                key.extend(
                    match part {
                        'ı' => 'i'.to_lowercase(),
                        part => part.to_lowercase(),
                    }
                    .filter(|c| !matches!(u32::from(*c), 0x0300..=0x036F)),
                );
            }
        });
    } else {
        // Arabic writes alef and yeh in several ways, which pages mix.
        key.push(match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' | 'ی' => 'ي',
            'ک' => 'ك',
            'ة' => 'ه',
            c => c,
        });
    }
}
