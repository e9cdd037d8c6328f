//! The known word nearest to one that is not known.

/// The candidate that takes the fewest changes to become `word`, if they are few enough to be a slip.
///
/// A change is a letter added, lost or replaced, or two neighbours swapped; case, `-` and `_` do not count.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Option<&'a str> {
    let mut candidates = candidates.into_iter();
    let word = plain(word);
    if word.len() > 100 {
        return None;
    }
    let allowed = (word.len() / 3).max(1);
    let near = candidates.clone().map(|c| (changes(&word, &plain(c)), c)).min_by_key(|(changes, _)| *changes);
    if let Some((_, candidate)) = near.filter(|(changes, _)| *changes <= allowed) {
        return Some(candidate);
    }
    // `username` for `user`, `lang` for `language`: one starts the other.
    let letters = word.iter().all(|c| c.is_alphabetic());
    let starts =
        |c: &Vec<char>| letters && c.len() >= 3 && word.len() >= 3 && (c.starts_with(&word) || word.starts_with(c));
    candidates.find(|c| starts(&plain(c)))
}

fn plain(word: &str) -> Vec<char> {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

/// Optimal string alignment distance, in rows.
fn changes(from: &[char], to: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (row, &f) in from.iter().enumerate() {
        let mut this = vec![row + 1];
        let mut left = None;
        for (column, &t) in to.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&last, column) + usize::from(f != t);
            let mut least = replaced.min(at(&last, column + 1) + 1).min(at(&this, column) + 1);
            if column > 0 && previous == Some(t) && left == Some(f) {
                least = least.min(at(&before_last, column - 1) + 1);
            }
            this.push(least);
            left = Some(t);
        }
        before_last = std::mem::replace(&mut last, this);
        previous = Some(f);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let known = ["timezone", "every", "url", "max_body"];
        let cases = [
            ("time_zone", Some("timezone")),
            ("evrey", Some("every")),
            ("maxbody", Some("max_body")),
            ("URL", Some("url")),
            ("title", None),
            ("time", Some("timezone")),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }

    #[test]
    fn changes_are_counted() {
        let count = |a: &str, b: &str| changes(&plain(a), &plain(b));
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("abcd", "abdc"), 1);
        assert_eq!(count("", "abc"), 3);
    }
}
