//! [`columns`]: rows of cells → lines whose columns stand under each other on a terminal, where Chinese characters take two places.

use unicode_width::UnicodeWidthStr;

/// Lays `rows` out, two spaces between columns and `indent` spaces before the first; nothing follows a line's last cell.
pub(super) fn columns(indent: usize, rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_places() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let out = columns(1, &[row(&["电力", "x", "last"]), row(&["abcdef", "要闻"]), row(&["é", "y", "z"])]);
        assert_eq!(out, " 电力    x     last\n abcdef  要闻\n é       y     z\n");
        assert_eq!(columns(2, &[]), "");
    }
}
