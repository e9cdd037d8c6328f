//! What of a text counts when it is asked whether it changed: letters and digits, without space, punctuation and case.

use unicode_normalization::UnicodeNormalization;

/// The letters and digits of `text` in compatibility form and lower case, so that white space, quotes and widths do not count.
pub(super) fn essence(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Whether readers would call both the same text.
pub(super) fn same(one: &str, other: &str) -> bool {
    one == other || essence(one) == essence(other)
}

/// Whether `part` is `whole` cut short, or the same.
pub(super) fn is_start_of(part: &str, whole: &str) -> bool {
    // Most articles are shown again as they are, and an essence costs more than anything else that is asked of them.
    part == whole || essence(whole).starts_with(&essence(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_width_case_and_punctuation_do_not_count() {
        assert!(same("南方电网：以党建 促业务", "南方电网:以党建促业务"));
        assert!(same("Ｎews – Today", "news today"));
        assert!(!same("第1期", "第2期"));
        assert!(is_start_of("南方电网股权变更的…", "南方电网股权变更的前世今生"));
        assert!(!is_start_of("南方电网股权变更的前世今生", "南方电网股权变更的…"));
    }
}
