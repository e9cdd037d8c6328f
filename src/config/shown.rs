//! Text of the file made fit for a terminal and a line of log.

/// `text` with each control or direction character replaced by one that can be seen, so that columns stay.
/// Line breaks stay; a tab becomes a space.
pub(super) fn visible(text: &str) -> String {
    text.chars()
        .filter(|&c| c != '\r')
        .map(|c| match c {
            '\n' => '\n',
            '\t' => ' ',
            '\u{7f}' => '\u{2421}',
            '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
            c if c.is_control() || is_direction(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// `text` in one line of at most `most` characters.
pub(super) fn shown(text: &str, most: usize) -> String {
    let mut short: String = visible(text).chars().map(|c| if c == '\n' { '\u{240a}' } else { c }).take(most).collect();
    if text.chars().count() > most {
        short.push('…');
    }
    short
}

/// A word of the file between back quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", shown(text, 60))
}

/// Characters that turn or hide what stands around them (Unicode TR 9 and TR 36).
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_passes() {
        let all: String = (0..0x11_0000).filter_map(char::from_u32).collect();
        let seen = visible(&all);
        assert!(seen.chars().all(|c| c == '\n' || !c.is_control()));
        assert!(!seen.contains('\u{202e}'));
        assert_eq!(visible("a\u{1b}[31m\tb"), "a\u{241b}[31m b");
    }

    #[test]
    fn a_long_word_is_cut() {
        assert_eq!(quoted("a\nb"), "`a\u{240a}b`");
        assert_eq!(quoted(&"x".repeat(99)).chars().count(), 63);
    }
}
