//! The day that an address names.
//!
//! Addresses are full of numbers, so the digits must make a whole, plausible day and be set apart from other digits
//! and letters; a lone `t` or `content_` before them is what publishing systems put there.

use url::Url;

use super::{
    Context,
    calendar::{self, Belief},
    numbers::compact_date,
    resolve,
};
use crate::model::{Moment, Origin};

/// The web is no older, and smaller numbers in addresses are mostly ids.
const FIRST_YEAR: i16 = 1993;

pub(super) fn from_url(url: &Url, context: &Context<'_>) -> Option<Moment> {
    let path = url.path();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).take(64).collect();
    let spread = segments.iter().enumerate().find_map(|(n, _)| spread(segments.get(n..)?));
    let (year, month, day) = spread
        .into_iter()
        .chain(segments.iter().rev().take(8).filter_map(|segment| whole(segment)))
        .find(|ymd| is_plausible(*ymd, context))?;
    let date = calendar::date(year, month, day, context, Belief::Strict)?;
    resolve::moment(date, None, Origin::Url, context)
}

/// An address names a day that has come, or tomorrow's where the day has begun.
fn is_plausible((year, month, day): (i16, u64, u64), context: &Context<'_>) -> bool {
    let limit = calendar::today(context).tomorrow().ok();
    year >= FIRST_YEAR
        && calendar::date(year, month, day, context, Belief::Strict)
            .is_some_and(|date| limit.is_some_and(|limit| date <= limit))
}

/// `2021/12/30`, `2021-12/30`, `2021/1230`, `202112/30`: a day over several segments.
fn spread(segments: &[&str]) -> Option<(i16, u64, u64)> {
    let mut digits = String::new();
    let mut parts = [""; 3];
    let pieces = segments
        .iter()
        .take(3)
        .flat_map(|segment| segment.split(['-', '_']).map(|piece| piece.split('.').next().unwrap_or(piece)));
    for (part, piece) in parts.iter_mut().zip(pieces) {
        *part = piece;
    }
    let [year, month, day] = parts;
    // A third segment that goes on after a single digit is a title: `2023/10/3-questions`.
    let third = segments.get(2).filter(|third| third.starts_with(day) && third.as_bytes().get(1) == Some(&b'-'));
    if day.len() == 1 && third.is_some() {
        return None;
    }
    let is_number =
        |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    if year.len() == 4 && is_number(year, 4) && is_number(month, 2) && is_number(day, 2) {
        return Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?));
    }
    let joined = (year.len(), month.len());
    if is_number(year, 6) && is_number(month, 4) && matches!(joined, (4, 4) | (6, 2)) {
        digits.push_str(year);
        digits.push_str(month);
        return compact_date(digits.parse().ok()?);
    }
    None
}

/// A day within one segment: `20211230`, `t20211230_123.html`, `2021-12-30-title`, `ARTI20211230…`.
fn whole(segment: &str) -> Option<(i16, u64, u64)> {
    let bytes = segment.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
            continue;
        }
        let run = bytes.iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
        let digits = segment.get(at..at + run)?;
        let before = segment.get(..at)?;
        if run == 8 && is_prefix(before) && is_suffix(segment.get(at + run..)?) {
            return compact_date(digits.parse().ok()?);
        }
        if run == 14 && is_prefix(before) {
            return compact_date(digits.get(..8)?.parse().ok()?);
        }
        if run == 4 && before.is_empty_or_ends_with_mark() {
            let mut parts = segment.get(at..)?.splitn(4, ['-', '_']);
            let (year, month, day) =
                (parts.next()?, parts.next()?, parts.next().map(|day| day.split('.').next().unwrap_or(day)));
            let is_two = |text: &str| matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
            if let Some(day) = day.filter(|day| is_two(day) && is_two(month)) {
                return Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?));
            }
        }
        at += run;
    }
    None
}

trait Edge {
    fn is_empty_or_ends_with_mark(&self) -> bool;
}

impl Edge for str {
    fn is_empty_or_ends_with_mark(&self) -> bool {
        self.is_empty() || self.ends_with(['-', '_', '.', '~'])
    }
}

/// What may stand before eight digits that are a day: nothing, a mark, one letter, a short word.
fn is_prefix(before: &str) -> bool {
    before.is_empty_or_ends_with_mark() || before.len() <= 4 && before.bytes().all(|b| b.is_ascii_alphabetic())
}

/// What may stand after: nothing, a mark, an extension.
fn is_suffix(after: &str) -> bool {
    after.is_empty() || after.starts_with(['-', '_', '.', '~'])
}
