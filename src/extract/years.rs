//! The year above a row: archives write `12-28` under a heading that says `2025`. [`tell`] gives it to dates that show none.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::shown::{self, Others};
use crate::model::{DateText, Item};

/// Bytes of the longest text that is a day without its year.
const LONGEST: usize = 40;

/// Years that a heading may say.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// Signs of languages that write one behind a year.
const SIGNS: [&str; 5] = ["", "年", "년", "г.", ":"];

/// The rank of what heads rows in bold type or in a table: below all headings.
const LAST: u8 = 7;

/// Gives each of `items`, read from the element of the same place in `rows`, the year that the heading above it says.
pub(super) fn tell(html: &Html, rows: &[NodeId], items: &mut [Item]) {
    if !items.iter().flat_map(|item| &item.dates).any(lacks_year) {
        return;
    }
    let places: HashMap<NodeId, usize> = rows.iter().enumerate().map(|(place, row)| (*row, place)).collect();
    let mut above: Option<(u8, i16)> = None;
    for element in html.root_element().descendent_elements() {
        if let Some(rank) = rank(element.value().name()) {
            match year(element) {
                Some(year) => above = Some((rank, year)),
                // What a heading of the same rank says ends what the one before said.
                None if rank < LAST => above = above.filter(|(over, _)| *over < rank),
                None => {}
            }
        }
        let item = places.get(&element.id()).and_then(|place| items.get_mut(*place));
        if let (Some(item), Some((_, year))) = (item, above) {
            item.dates.iter_mut().filter(|date| lacks_year(date)).for_each(|date| date.year = Some(year));
        }
    }
}

/// Whether a text may be a day without its year.
fn lacks_year(date: &DateText) -> bool {
    let is_year = |digits: &str| digits.len() >= 4;
    date.format.is_none()
        && date.text.len() <= LONGEST
        && date.text.contains(|sign: char| sign.is_ascii_digit())
        && !date.text.split(|sign: char| !sign.is_ascii_digit()).any(is_year)
}

fn rank(name: &str) -> Option<u8> {
    match name {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        "dt" | "caption" | "th" | "legend" | "summary" | "strong" | "b" => Some(LAST),
        _ => None,
    }
}

/// The year that an element says and nothing else.
fn year(element: ElementRef<'_>) -> Option<i16> {
    let text = shown::text(element, &Others::new());
    let (number, sign) = text.split_at_checked(4)?;
    let is_year = number.bytes().all(|byte| byte.is_ascii_digit()) && SIGNS.contains(&sign.trim());
    number.parse().ok().filter(|year| is_year && YEARS.contains(year))
}
