//! Text as pages have it → text that can stand in a title, a paragraph or a log line.
//!
//! Pure functions on strings: [`line()`] and [`paragraphs`] tidy, [`cut`] and [`is_cut`] shorten and recognise what was
//! shortened, [`printable`] shows what cannot be seen. Invariant: what comes out of [`line()`] has no line break, no control
//! character and nothing that turns the direction of the text around it.

use std::borrow::Cow;

/// One line: each run of white space becomes a space, invisible and control characters go, ends are trimmed.
///
/// White space is Unicode's `White_Space` (U+3000 and the no-break spaces too) and what pages use for it.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut rest = text;
    while !rest.is_empty() {
        let (words, after) =
            rest.split_at_checked(rest.find(is_gap_or_unseen).unwrap_or(rest.len())).unwrap_or((rest, ""));
        if !words.is_empty() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push_str(words);
        }
        let mut others = after.chars();
        gap |= others.next().is_some_and(is_gap);
        rest = others.as_str();
    }
    out
}

/// White space, and the sign for a picture in the text.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == '\u{FFFC}'
}

fn is_gap_or_unseen(c: char) -> bool {
    // Nearly all text: the letters of ASCII, and those from the kana to the last of Hangul's syllables.
    let is_plain = matches!(c, '!'..='~' | '\u{3001}'..='\u{D7A3}');
    !is_plain && (is_gap(c) || is_unseen(c))
}

/// Paragraphs apart by one blank line, each of them a [`line()`]. A line break of the text ends a paragraph.
pub fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for paragraph in text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).map(line).filter(|p| !p.is_empty()) {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&paragraph);
    }
    out
}

/// At most `characters` characters, the last an "…" where something was left off.
///
/// What belongs to the character before it (combining marks, variation selectors, joined emoji) is never cut from it.
pub fn cut(text: &str, characters: usize) -> String {
    if text.chars().nth(characters).is_none() {
        return text.to_owned();
    }
    let kept: Vec<char> = text.chars().take(characters.saturating_sub(1)).collect();
    let next = text.chars().nth(kept.len());
    let mut end = kept.len();
    // Where the first character left off belongs to those before it, they go with it.
    let mut follower = next;
    while let Some(last) = end.checked_sub(1).and_then(|n| kept.get(n)) {
        let joined = follower.is_some_and(continues) || *last == '\u{200D}';
        if !joined {
            break;
        }
        follower = Some(*last);
        end -= 1;
    }
    let mut out: String = kept.iter().take(end).collect();
    out.truncate(out.trim_end().len());
    if characters > 0 {
        out.push('…');
    }
    out
}

/// Whether a page cut this text short itself.
pub fn is_cut(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(is_unseen);
    ["…", "...", "‥", "．．．", "。。。", "⋯", "・・・"].iter().any(|end| text.ends_with(end))
}

/// The text with all that is no plain printable character written as `\u{…}`, for log lines and error texts.
pub fn printable(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| is_unseen(c) || c == '\\' || (c.is_whitespace() && c != ' ');
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Controls, characters without width, and those that override direction (Unicode TR 36, section 2.4; UAX 9).
///
/// The joiners U+200C and U+200D stay: Persian and many emoji are misspelt without them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}'
                | '\u{E0000}'..='\u{E001F}'
        )
}

/// Whether the character is drawn together with the one before it (the common part of UAX 29's Extend and ZWJ).
fn continues(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_has_single_spaces_and_nothing_unseen() {
        assert_eq!(line("\u{3000} 电网\u{A0}\n\t建设\u{200B}\u{FEFF} \r\n"), "电网 建设");
        assert_eq!(line("a\u{202E}b\u{2066}c\u{7}\u{1B}[31md"), "abc[31md");
        assert_eq!(line("می\u{200C}خواهم"), "می\u{200C}خواهم");
        assert_eq!(line(" \u{200B} "), "");
    }

    #[test]
    fn paragraphs_are_apart_by_one_blank_line() {
        assert_eq!(paragraphs("\n a  b\r\n\r\n\n c \u{2028}d"), "a b\n\nc\n\nd");
    }

    #[test]
    fn cutting_keeps_marks_with_their_letters() {
        assert_eq!(cut("电网建设", 4), "电网建设");
        assert_eq!(cut("电网建设加快", 4), "电网建…");
        assert_eq!(cut("ab cde", 4), "ab…");
        assert_eq!(cut("xe\u{301}yz", 3), "x…");
        assert_eq!(cut("x👩\u{200D}🚀yz", 4), "x…");
        assert_eq!(cut("abc", 0), "");
        assert_eq!(cut("", 0), "");
    }

    #[test]
    fn cut_titles_are_recognised() {
        for text in ["电网建…", "word...", "語‥ ", "a・・・", "电网……\u{200B}"] {
            assert!(is_cut(text), "{text}");
        }
        for text in ["", "Yes.", "完。", "a.."] {
            assert!(!is_cut(text), "{text}");
        }
    }

    #[test]
    fn what_is_logged_stays_on_its_line() {
        assert_eq!(printable("plain 电网"), Cow::Borrowed("plain 电网"));
        assert_eq!(printable("a\r\nb\u{1B}[0m\u{202E}\\"), "a\\r\\nb\\u{1b}[0m\\u{202e}\\\\");
    }

    proptest! {
        #[test]
        fn lines_stay_lines(text in "\\PC*|(?s).{0,40}") {
            let once = line(&text);
            prop_assert_eq!(line(&once), once.clone());
            prop_assert!(!once.chars().any(is_unseen), "{}", once);
            prop_assert!(!printable(&text).chars().any(char::is_control));
        }

        #[test]
        fn a_cut_text_is_a_prefix(text in "(?s).{0,30}", n in 0_usize..32) {
            let short = cut(&text, n);
            prop_assert!(short.chars().count() <= n.max(text.chars().count().min(n)));
            prop_assert!(text.starts_with(short.trim_end_matches('…').trim_end()));
        }
    }
}
