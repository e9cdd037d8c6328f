//! Text into [`Token`]s: a token for each character of scripts that put no space between words, one for each word of the
//! others, one for each number. Width, case, traditional characters and punctuation do not count.

use unicode_normalization::UnicodeNormalization;

use super::fold::simplified;

/// Characters of a text that are looked at: a book's length costs no more than a long article.
const MOST_CHARACTERS: usize = 40_000;

/// One token, by the hash of its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// Stable between runs and versions.
    pub(super) hash: u64,
    /// Whether it is a number.
    pub(super) number: bool,
    /// Whether it is a character of a script that puts no space between words.
    pub(super) alone: bool,
}

/// The tokens of `text`, in its order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut all = Vec::with_capacity(text.len() / 4);
    let mut word = Word::default();
    for character in text.chars().take(MOST_CHARACTERS).nfkc().flat_map(char::to_lowercase).map(simplified) {
        if stands_alone(character) {
            word.end(&mut all);
            let hash = mix(step(START, u64::from(u32::from(character))));
            all.push(Token { hash, number: false, alone: true });
        } else if character.is_alphanumeric() {
            if word.number.is_some_and(|number| number != character.is_numeric()) {
                word.end(&mut all);
            }
            word.push(character);
        } else if !continues(character) {
            word.end(&mut all);
        }
    }
    word.end(&mut all);
    all
}

/// The word being read.
#[derive(Default)]
struct Word {
    hash: Option<u64>,
    number: Option<bool>,
}

impl Word {
    fn push(&mut self, character: char) {
        self.hash = Some(step(self.hash.unwrap_or(START), u64::from(u32::from(character))));
        self.number = Some(character.is_numeric());
    }

    fn end(&mut self, all: &mut Vec<Token>) {
        if let (Some(hash), Some(number)) = (self.hash.take(), self.number.take()) {
            all.push(Token { hash: mix(hash), number, alone: false });
        }
    }
}

/// Marks within a word (vowel signs, joiners, soft hyphens, apostrophes) that do not end it.
fn continues(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\'' | '’')
}

/// Whether a character's script puts no space between words.
fn stands_alone(character: char) -> bool {
    character.is_alphabetic()
        && matches!(character,
            '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' // Thai, Lao, Burmese, Khmer
            | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // kana
            | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}') // Han
}

/// Where FNV-1a starts.
const START: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of FNV-1a, by whole values instead of bytes.
pub(super) fn step(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(0x0100_0000_01b3)
}

/// Spreads a hash over all its bits (the finaliser of splitmix64), so that its lowest values are a fair sample.
pub(super) fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_words_and_numbers_are_tokens() {
        let shape = |text: &str| tokens(text).iter().map(|token| token.number).collect::<Vec<_>>();
        assert_eq!(shape("电网 2021年"), [false, false, true, false]);
        assert_eq!(shape("Don't stop: 5G!"), [false, false, true, false]);
        assert!(tokens("…——！").is_empty());
    }

    #[test]
    fn width_case_script_and_punctuation_do_not_count() {
        assert_eq!(tokens("ＡＢＣ：電網，２０２１"), tokens("abc 电网 2021"));
        assert_ne!(tokens("电网"), tokens("网电"));
    }
}
