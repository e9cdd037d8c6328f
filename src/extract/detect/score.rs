//! How likely a group of links is the page's list of articles: [`Marks`] are what was seen, [`Marks::score`] weighs it.
//!
//! Nothing here knows a language: texts are measured in columns, addresses by their form, places by what they hold.

use std::{collections::HashMap, ops::Range};

use super::{
    cues::{self, Zone},
    group::Group,
    links::Link,
    tree::{At, Tree, is_numeric},
    weights::Weights,
};
use crate::reading::date;

/// Rows that are looked at for dates.
const SAMPLE: usize = 12;

/// What was seen of a group. Shares are of its rows, from 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    /// Documents that the group leads to.
    pub(super) count: usize,
    /// Middle width of the links' texts, in columns.
    pub(super) title: f64,
    /// Texts of links that differ, by number of rows.
    pub(super) variety: f64,
    /// Links whose text can be a title.
    pub(super) titled: f64,
    /// Rows with a date.
    pub(super) dated: f64,
    /// Addresses that look like an article's.
    pub(super) article: f64,
    /// Addresses that look like a column's or tag's.
    pub(super) hub: f64,
    /// Links to other sites.
    pub(super) foreign: f64,
    /// Links within a heading, or holding one.
    pub(super) headed: f64,
    /// Columns of a row's text beside its link's.
    pub(super) around: f64,
    /// Share of the text of the page that lies in the rows.
    pub(super) area: f64,
    /// In a menu, foot, side column, box of other lists.
    pub(super) guide: f64,
    pub(super) foot: f64,
    pub(super) side: f64,
    pub(super) other: f64,
    /// A heading above says that these are other articles.
    pub(super) announced: f64,
    /// Other articles to which a row leads.
    pub(super) crowd: f64,
    /// Links to files, where links say no more than that.
    pub(super) files: f64,
    /// 1 where the links' texts are no titles and the rows must say what they lead to.
    pub(super) mute: f64,
    /// Rows of tables.
    pub(super) tabled: f64,
    /// Those of them that have not as many cells as most.
    pub(super) uneven: f64,
}

/// Looks at a group, apart from the dates of its rows.
pub(super) fn marks(tree: &Tree<'_>, links: &[Link], group: &Group) -> Marks {
    let members: Vec<&Link> = group.links.iter().filter_map(|number| links.get(*number)).collect();
    let count = members.len().max(1) as f64;
    let share = |test: &dyn Fn(&&&Link) -> bool| members.iter().filter(test).count() as f64 / count;
    let zone = |test: &dyn Fn(Zone) -> bool| {
        members.iter().filter(|link| tree.node(link.at).is_some_and(|node| test(node.zone))).count() as f64 / count
    };
    let mut widths: Vec<usize> = members.iter().map(|link| link.width).collect();
    widths.sort_unstable();
    let texts = different(members.iter().map(|link| link.words));
    let targets = different(members.iter().map(|link| link.target));
    let row_width: usize = group.rows.iter().map(|row| tree.width(*row)).sum();
    let link_width: usize = widths.iter().sum();
    let mut title = widths.get(widths.len() / 2).copied().unwrap_or(0) as f64;
    let mut variety = texts as f64 / count;
    let mut titled = share(&|link| link.is_title);
    let around = row_width.saturating_sub(link_width) as f64 / count;
    // Links that only say "PDF" lie in rows that say what it is of.
    let is_mute = titled * variety < 0.4;
    // So do those that say the number of a case; the number itself is what tells them apart.
    if !is_mute && around >= 16.0 && share(&|link| link.is_number) >= 0.6 {
        title = title.max(around.min(30.0));
    }
    if is_mute && around >= 16.0 {
        title = title.max(around.min(30.0));
        variety = 0.9;
        titled = 0.6;
    }
    Marks {
        count: targets,
        title,
        variety,
        titled,
        dated: 0.0,
        article: share(&|link| link.shape.is_article),
        hub: share(&|link| link.shape.is_hub),
        foreign: share(&|link| !link.shape.is_own),
        headed: share(&|link| is_headed(tree, link.at)),
        around,
        area: row_width as f64 / tree.width(0).max(1) as f64,
        guide: zone(&|zone| zone.guide),
        foot: zone(&|zone| zone.foot),
        side: zone(&|zone| zone.side),
        other: zone(&|zone| zone.other),
        announced: announced(tree, group),
        crowd: crowd(tree, links, group),
        mute: f64::from(u8::from(is_mute)),
        files: if is_mute { share(&|link| link.shape.is_document) } else { 0.0 },
        tabled: group.rows.iter().filter(|row| tree.tag(**row) == "tr").count() as f64 / count,
        uneven: uneven(tree, &group.rows),
    }
}

impl Marks {
    /// The higher, the likelier; comparable within one page.
    pub(super) fn score(&self, by: &Weights) -> f64 {
        let many = (self.count.min(30) as f64).ln() * by.many;
        let title = (((self.title + 1.0) / by.title_width).ln() * by.title).clamp(-3.0, 1.4);
        let around = ((self.around + 1.0).ln() * by.around).min(1.2);
        let same = (self.variety - 0.9).min(0.0) * by.variety;
        many + title
            + around
            + same
            + self.titled * by.titled
            + self.dated * by.dated
            + self.article * by.article
            + self.headed * by.headed
            + self.area.min(0.7) * by.area
            + self.tabled * by.tabled
            + self.files * by.files
            - self.uneven * by.uneven
            - self.mute * by.mute
            - (self.crowd + 1.0).ln() * by.crowd
            - self.hub * by.hub
            - self.foreign * by.foreign
            - self.guide * by.guide
            - self.foot * by.foot
            - self.side * by.side
            - self.other * by.other
            - self.announced * by.announced
    }

    /// Whether a group with that `score` may be the page's list.
    pub(super) fn is_list(&self, score: f64, by: &Weights) -> bool {
        score >= by.sure || (score >= by.least && !self.is_menu(by))
    }

    /// Whether it is part of the page's frame: a menu or the foot.
    fn is_menu(&self, by: &Weights) -> bool {
        self.guide + self.foot >= by.framed && self.dated < 0.3 && self.headed < 0.3 && self.tabled < 0.5
    }

    /// Why it is not the page's list, in words.
    pub(super) fn reason(&self) -> String {
        let told = [
            (self.guide >= 0.5, "it lies in a menu"),
            (self.foot >= 0.5, "it lies in the foot of the page"),
            (self.side >= 0.5, "it lies in a side column"),
            (self.announced >= 0.5, "the heading above it names other articles"),
            (self.other >= 0.5, "its container is named as one for other articles"),
            (self.hub >= 0.5, "its links lead to columns and tags"),
            (self.titled < 0.5, "its links have no texts that could be titles"),
            (self.variety < 0.5, "its links say the same again and again"),
            (self.crowd >= 2.0, "its rows hold several articles each"),
            (self.title < 12.0, "its texts are as short as those of a menu"),
            (self.article < 0.3, "its addresses do not look like articles'"),
            (self.dated < 0.3, "it shows no dates"),
        ];
        let found: Vec<&str> = told.iter().filter(|(is, _)| *is).map(|(_, words)| *words).take(3).collect();
        if found.is_empty() { "another list is larger or fuller".to_owned() } else { found.join("; ") }
    }
}

/// How many other articles a row leads to, in the middle: a row that holds a list of its own is no row.
fn crowd(tree: &Tree<'_>, links: &[Link], group: &Group) -> f64 {
    let step = group.rows.len().div_ceil(SAMPLE).max(1);
    let mut counts: Vec<usize> = Vec::new();
    for (row, number) in group.rows.iter().zip(&group.links).step_by(step) {
        let own = links.get(*number).map(|link| link.target);
        let span = tree.span(*row);
        let from = links.partition_point(|link| link.at < span.start);
        let inner = links.iter().skip(from).take_while(|link| link.at < span.end);
        let others =
            inner.filter(|link| link.shape.is_article && link.is_title && link.width >= 14 && Some(link.target) != own);
        counts.push(different(others.map(|link| link.target)));
    }
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or(0) as f64
}

/// The share of rows of tables that have not as many cells as most: rows of several tables.
fn uneven(tree: &Tree<'_>, rows: &[At]) -> f64 {
    let tabled = rows.iter().filter(|row| tree.tag(**row) == "tr");
    let mut counts: Vec<usize> = tabled.map(|row| tree.children(*row).count()).collect();
    counts.sort_unstable();
    let most = counts.chunk_by(|one, other| one == other).map(<[usize]>::len).max().unwrap_or(0);
    (counts.len() - most) as f64 / rows.len().max(1) as f64
}

/// Whether the link lies in a heading or holds one.
fn is_headed(tree: &Tree<'_>, at: At) -> bool {
    let heading = |place: At| matches!(tree.tag(place), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    tree.up(at).take(4).any(heading) || tree.span(at).take(12).any(heading)
}

/// How many different numbers there are.
fn different(numbers: impl Iterator<Item = usize>) -> usize {
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len()
}

/// Which rows have dates, each looked at once: groups share their rows.
pub(super) struct Dated<'t> {
    context: &'t date::Context<'t>,
    /// By row and number of its link.
    rows: HashMap<(At, usize), bool>,
}

impl<'t> Dated<'t> {
    /// Nothing is looked at yet; `context` is what dates without a year are read by.
    pub(super) fn new(context: &'t date::Context<'t>) -> Self {
        Self { context, rows: HashMap::new() }
    }

    /// The share of rows that hold a date outside of their link's text.
    pub(super) fn share(&mut self, tree: &Tree<'_>, links: &[Link], group: &Group) -> f64 {
        let step = group.rows.len().div_ceil(SAMPLE).max(1);
        let mut seen = 0_usize;
        let mut found = 0_usize;
        for (row, number) in group.rows.iter().zip(&group.links).step_by(step) {
            seen += 1;
            let title = || links.get(*number).map_or("", |link| link.text.as_str());
            let is_dated =
                self.rows.entry((*row, *number)).or_insert_with(|| has_date(tree, *row, title(), self.context));
            found += usize::from(*is_dated);
        }
        found as f64 / seen.max(1) as f64
    }
}

fn has_date(tree: &Tree<'_>, row: At, title: &str, context: &date::Context<'_>) -> bool {
    if tree.span(row).any(|inner| tree.tag(inner) == "time") {
        return true;
    }
    if tree.width(row) > 3000 {
        return false;
    }
    let text = tree.text(row);
    let around = if title.is_empty() { text } else { text.replacen(title, " ", 1) };
    let end = around.char_indices().nth(LOOKED_AT).map_or(around.len(), |(end, _)| end);
    let around = around.get(..end).unwrap_or_default();
    near_numbers(around).into_iter().any(|part| date::find(part, crate::model::Origin::List, context).is_some())
}

/// Signs of a row that are looked at for a date.
const LOOKED_AT: usize = 400;

/// How far from the first or the last of its numbers a date reaches, in bytes: names of days and months are shorter.
const REACH: usize = 48;

/// The parts of a text in which a date with a number may stand: to look at all of a teaser would take long.
fn near_numbers(text: &str) -> Vec<&str> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, sign)| is_numeric(*sign)) {
        let part = text.floor_char_boundary(at.saturating_sub(REACH))..text.ceil_char_boundary(at + REACH);
        match parts.last_mut().filter(|last| last.end >= part.start) {
            Some(last) => last.end = part.end,
            None => parts.push(part),
        }
    }
    parts.into_iter().filter_map(|part| text.get(part)).collect()
}

/// Whether what stands right before the group, or before a container of it, names other lists.
fn announced(tree: &Tree<'_>, group: &Group) -> f64 {
    let (Some(first), Some(last)) = (group.rows.first(), group.rows.last()) else { return 0.0 };
    let mut place = *first;
    for _ in 0..5 {
        let Some(parent) = tree.parent(place) else { break };
        if tree.tag(parent) == "body" {
            break;
        }
        let before = tree.children(parent).take_while(|child| *child < place).last();
        if let Some(before) = before {
            let width = tree.width(before);
            if width > 0 {
                if width <= 40 && cues::names_other_lists(&tree.text(before)) {
                    return 1.0;
                }
                if tree.holds(parent, *last) && width > 2 {
                    break;
                }
            }
        }
        place = parent;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_looked_for_near_numbers() {
        let lead = "Ships wait no longer than a day, as the company told. ".repeat(3);
        let text = format!("{lead}Monday, 4 March 2024. {lead}{lead}发电机组Nr 7");
        let parts = near_numbers(&text);
        assert_eq!(parts.len(), 2);
        assert!(parts[0].contains(" Monday, 4 March 2024. Ships") && parts[1].ends_with("发电机组Nr 7"));
        assert!(near_numbers(&lead).is_empty() && near_numbers("三月七日").is_empty());
        assert_eq!(near_numbers("2024-03-04"), ["2024-03-04"]);
    }
}
