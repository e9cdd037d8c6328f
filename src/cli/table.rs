//! What people read on a terminal: tables in which Chinese characters take the two columns that they need.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::r#try::{Item, Tried};
use crate::reading::text;

/// Columns of a title before it is cut.
const TITLE: usize = 60;
/// Columns of another text before it is cut.
const SUMMARY: usize = 100;

/// Rows of a list that are shown where it only has to be recognised.
const FIRST: usize = 10;

/// The items of a page, then the rule and the problems.
pub(super) fn listing(tried: &Tried) -> String {
    rows(tried, usize::MAX)
}

/// The same with the first items alone.
pub(super) fn first(tried: &Tried) -> String {
    rows(tried, FIRST)
}

fn rows(tried: &Tried, most: usize) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let nothing = tried.items.is_empty() && tried.recipe.item.is_none();
    let rule = if nothing { "no list found".to_owned() } else { format!("rule {}", tried.rule) };
    let _ = writeln!(out, "{}  ({}, {rule})\n", text::printable(&tried.url), tried.kind);
    for item in tried.items.iter().take(most) {
        let date = item.published.as_deref().unwrap_or("no date");
        let from = item.date_from.map(|from| format!("({from})")).unwrap_or_default();
        let title = fit(&text::printable(&item.title), TITLE);
        let rule = item.rule.as_deref().map(|rule| format!("  ({})", text::printable(rule))).unwrap_or_default();
        let _ = writeln!(out, "{date:<25}  {from:<8}  {title}  {}{rule}", text::printable(&item.url));
    }
    let hidden = tried.items.len().saturating_sub(most);
    if hidden > 0 {
        let _ = writeln!(out, "… and {hidden} more");
    }
    let _ = writeln!(out, "\n{} items", tried.items.len());
    if let Some(item) = tried.items.first() {
        out.push_str(&rest(item));
    }
    for left in &tried.dropped {
        let _ = writeln!(out, "left out: {}  ({})", text::printable(&left.title), text::printable(&left.why));
    }
    for feed in &tried.feeds {
        let _ = writeln!(out, "\nthe page announces a feed of its own, which `add` takes: {}", text::printable(feed));
    }
    if !tried.looked.is_empty() {
        out.push_str("\nlooked for, in this order:\n");
    }
    for look in &tried.looked {
        let _ = writeln!(out, "  {:<21} {}", look.at, text::printable(&look.found));
    }
    if let Some(item) = &tried.recipe.item {
        let _ = writeln!(out, "\nitem = {item:?}");
        for (name, rule) in &tried.recipe.fields {
            let _ = writeln!(out, "{name} = {rule:?}");
        }
    }
    if !tried.also.is_empty() {
        let _ = writeln!(out, "\nalso on the page; write one as item = \"…\" if it is the list that you mean:");
    }
    for other in &tried.also {
        let (item, reason) = (text::printable(&other.item), text::printable(&other.reason));
        let score = if other.score == 0.0 { String::new() } else { format!(" (score {:.1})", other.score) };
        let _ = writeln!(out, "  {:>4} items in {item}{score}: {reason}", other.count);
    }
    for problem in &tried.problems {
        let place = problem.item.map(|item| format!("item {}: ", item + 1)).unwrap_or_default();
        let field = problem.field.as_deref().map(|field| format!("{field}: ")).unwrap_or_default();
        let _ = writeln!(
            out,
            "\n{place}{field}{}\n  {}",
            text::printable(&problem.reason),
            text::printable(&problem.advice)
        );
    }
    out
}

/// What a row has no room for, of one item: a rule that reads the wrong thing shows in it.
fn rest(item: &Item) -> String {
    let categories = (!item.categories.is_empty()).then(|| item.categories.join(", "));
    let fields = [
        ("author", item.author.clone()),
        ("categories", categories),
        ("summary", item.summary.clone()),
        ("image", item.image.clone()),
    ];
    let mut lines: Vec<String> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| format!("  {name:<10}  {}\n", fit(&text::printable(&value), SUMMARY).trim_end()))
        .collect();
    if !lines.is_empty() {
        lines.insert(0, "the first one has besides\n".to_owned());
    }
    lines.concat()
}

/// `text` cut or filled to `width` columns.
fn fit(text: &str, width: usize) -> String {
    let mut fitted = String::new();
    let mut columns = 0;
    let whole = text.width() <= width;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if !whole && columns + wide + 1 > width {
            fitted.push('…');
            columns += 1;
            break;
        }
        fitted.push(c);
        columns += wide;
    }
    fitted.extend(std::iter::repeat_n(' ', width.saturating_sub(columns)));
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(fit("电网", 6), "电网  ");
        assert_eq!(fit("电网建设", 6), "电网… ");
        assert_eq!(fit("abcdef", 6), "abcdef");
    }
}
