//! Names as pages write them → the names alone: `By Ann Lee` is Ann Lee, `Posted in Energy` is Energy.
//!
//! Only words that no name begins with are taken off: `von` or `di` may be a part of one.

use std::sync::LazyLock;

use regex::Regex;

/// What stands before an author's name.
static AUTHOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:(?:written |posted |published |story |words )?by(?:\s*[:：]\s*|\s+)|",
        r"(?:authors?|auteure?s?|autor(?:en|in|es)?|autore|автор|作者|著者|執筆者|筆者|記者|记者|撰文|글쓴이|작성자|الكاتب|بقلم)\s*[:：]\s*)"
    ))
    .ok()
});

/// What stands before a category's name.
static CATEGORY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:(?:posted|filed|published) (?:in|under)(?:\s*[:：]\s*|\s+)|",
        r"(?:categor(?:y|ies|ía|ías|ia|ie)|catégories?|kategorien?|rubrik(?:en)?|rubrique|rubrica|tags?|рубрик[аи]|分类|分類|栏目|欄目|频道|标签|カテゴリー?|카테고리)\s*[:：]\s*)"
    ))
    .ok()
});

/// The name of an author.
pub(super) fn author(text: &str) -> &str {
    without(AUTHOR.as_ref(), text)
}

/// The name of a category.
pub(super) fn category(text: &str) -> &str {
    without(CATEGORY.as_ref(), text)
}

/// The text behind what stands before it; all of it where nothing would be left.
fn without<'t>(before: Option<&Regex>, text: &'t str) -> &'t str {
    let rest = before.and_then(|before| before.find(text)).and_then(|found| text.get(found.end()..)).unwrap_or(text);
    let rest = rest.trim();
    if rest.is_empty() { text } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_name_goes() {
        for (text, name) in [
            ("by Leo Wattenberg", "Leo Wattenberg"),
            ("Written by: Ann Lee", "Ann Lee"),
            ("作者：张三", "张三"),
            ("Автор: Иван Петров", "Иван Петров"),
            ("Bynum Smith", "Bynum Smith"),
            ("von der Heide", "von der Heide"),
            ("By", "By"),
        ] {
            assert_eq!(author(text), name);
        }
        for (text, name) in [
            ("Posted in Uncategorized", "Uncategorized"),
            ("Filed under: Energy", "Energy"),
            ("分类：电网", "电网"),
            ("Kategorie: Strom", "Strom"),
            ("Tags", "Tags"),
            ("Posted", "Posted"),
        ] {
            assert_eq!(category(text), name);
        }
    }
}
