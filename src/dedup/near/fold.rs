//! Traditional and simplified characters of one word made one, so that the same story printed in both reads the same.

use std::{collections::HashMap, sync::LazyLock};

/// Pairs, traditional first; its head says where they come from.
const HAN: &str = include_str!("han.txt");

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut pairs = HashMap::new();
    for line in HAN.lines().filter(|line| !line.starts_with('#')) {
        let mut characters = line.chars();
        while let (Some(traditional), Some(simplified)) = (characters.next(), characters.next()) {
            pairs.insert(traditional, simplified);
        }
    }
    pairs
});

/// The simplified form of `character`; the character itself where it has none.
pub(super) fn simplified(character: char) -> char {
    if character < '\u{3400}' {
        return character;
    }
    SIMPLIFIED.get(&character).copied().unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_scripts_read_the_same() {
        let fold = |text: &str| text.chars().map(simplified).collect::<String>();
        assert_eq!(fold("國務院發佈電網規劃"), fold("国务院发布电网规划"));
        assert_eq!(fold("abc 電力"), "abc 电力");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for (traditional, simple) in SIMPLIFIED.iter() {
            assert_ne!(traditional, simple);
            assert_eq!(simplified(*simple), *simple, "{traditional}");
        }
        assert!(SIMPLIFIED.len() > 2500);
    }
}
