//! Dates that stand beside the rows: in what follows each row, or in a heading above several rows.

use std::collections::HashSet;

use super::{
    selector,
    tree::{At, Tree},
};
use crate::{model::Origin, reading::date};

/// Elements above the first row among which a heading is looked for.
const ABOVE: usize = 100;

/// Kinds of headings that are tried.
const KINDS: usize = 12;

/// The selector of dates after or above the rows; `sampled` are some of all `rows`.
pub(super) fn date(tree: &Tree<'_>, rows: &[At], sampled: &[At], context: &date::Context<'_>) -> Option<String> {
    let inner = sampled.iter().filter(|row| is_dated(tree, **row, context)).count();
    if inner * 2 >= sampled.len() {
        return None;
    }
    let before = || above(tree, rows, sampled, context);
    // Between rows a date may be of the one before it or of the one behind it; at the ends of the list it shows.
    if are_before(tree, rows, context) {
        return before();
    }
    after(tree, rows, sampled, context).or_else(before)
}

/// Whether something dated stands right before the first row, and nothing dated behind the last.
fn are_before(tree: &Tree<'_>, rows: &[At], context: &date::Context<'_>) -> bool {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return false };
    let Some(parent) = tree.parent(*first).filter(|parent| tree.parent(*last) == Some(*parent)) else { return false };
    let before = tree.children(parent).take_while(|child| child < first).last();
    let after = tree.children(parent).find(|child| child > last);
    let is_dated = |at: Option<At>| at.is_some_and(|at| is_dated(tree, at, context));
    is_dated(before) && !is_dated(after)
}

/// Whether an element's text holds a date, and is no longer than a line.
fn is_dated(tree: &Tree<'_>, at: At, context: &date::Context<'_>) -> bool {
    let width = tree.width(at);
    if !(4..=400).contains(&width) {
        return false;
    }
    let text = tree.text(at);
    text.chars().any(char::is_numeric) && date::find(&text, Origin::List, context).is_some()
}

/// `~ p.date`: siblings between a row and the next.
fn after(tree: &Tree<'_>, rows: &[At], sampled: &[At], context: &date::Context<'_>) -> Option<String> {
    let all: HashSet<At> = rows.iter().copied().collect();
    let mut found: Vec<(At, At)> = Vec::new();
    for row in sampled {
        let Some(parent) = tree.parent(*row) else { continue };
        let siblings =
            tree.children(parent).skip_while(|child| child <= row).take_while(|child| !all.contains(child)).take(6);
        found.extend(siblings.map(|at| (*row, at)).find(|(_, at)| is_dated(tree, *at, context)));
    }
    if found.len() * 3 < sampled.len() * 2 {
        return None;
    }
    let places: Vec<At> = found.iter().map(|(_, at)| *at).collect();
    let best = selector::simple(tree, &places).into_iter().find(|simple| {
        let right = found.iter().filter(|(row, at)| {
            let Some(parent) = tree.parent(*row) else { return false };
            tree.children(parent).skip_while(|child| child <= row).find(|child| simple.matches(tree, *child))
                == Some(*at)
        });
        right.count() * 10 >= found.len() * 9
    })?;
    Some(format!("~ {}", best.text))
}

/// `^ h3`: the nearest heading before a row. Of the kinds of dated elements outside the rows the first is taken that nearly all
/// rows have above them, and that is dated wherever it stands so.
fn above(tree: &Tree<'_>, rows: &[At], sampled: &[At], context: &date::Context<'_>) -> Option<String> {
    let within: HashSet<At> = rows.iter().flat_map(|row| tree.span(*row)).collect();
    let is_dated_heading = |at: &At| {
        let is_short = (4..=60).contains(&tree.width(*at));
        is_short && is_heading(tree, *at) && !within.contains(at) && is_dated(tree, *at, context)
    };
    let (first, last) = (sampled.first()?, sampled.last()?);
    let headings = (first.saturating_sub(ABOVE)..*last).filter(is_dated_heading).take(ABOVE);
    let mut tried: HashSet<String> = HashSet::new();
    for at in headings {
        for simple in selector::simple(tree, &[at]) {
            if simple.text.starts_with('#') || tried.len() >= KINDS || !tried.insert(simple.text.clone()) {
                continue;
            }
            let named = nearest(tree, sampled, &|at| simple.matches(tree, *at));
            let right = named.iter().filter(|(_, at)| is_dated_heading(at)).count();
            if right * 10 >= sampled.len() * 9 {
                return Some(format!("^ {}", simple.text));
            }
        }
    }
    None
}

/// For each row the last element before it that `is`, found in one walk backwards between a row and the one before.
fn nearest(tree: &Tree<'_>, rows: &[At], is: &dyn Fn(&At) -> bool) -> Vec<(At, At)> {
    let mut found: Vec<(At, At)> = Vec::new();
    let mut from = 0;
    for row in rows {
        let ways: HashSet<At> = tree.up(*row).collect();
        let here = (from..*row).rev().filter(|at| !ways.contains(at)).find(is);
        let known = found.last().map(|(_, at)| *at);
        found.extend(here.or(known).map(|at| (*row, at)));
        from = *row;
    }
    found
}

/// Whether an element can stand as a heading over rows.
fn is_heading(tree: &Tree<'_>, at: At) -> bool {
    matches!(
        tree.tag(at),
        "h1" | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "b"
            | "strong"
            | "dt"
            | "caption"
            | "th"
            | "p"
            | "div"
            | "li"
            | "td"
            | "span"
            | "time"
    )
}
