//! The fields of a list's rows: which place of a row holds the title, the date and the rest, written as rules.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use super::{
    cues,
    group::Group,
    lines,
    links::Link,
    names::mixed,
    parts, selector,
    slots::{self, Side, Slot},
    tree::{self, At, Tree, is_alphabetic, is_numeric},
};
use crate::{
    extract::picture,
    model::{FieldRule, Origin, Rules},
    reading::date,
};

/// A list while its fields are found.
pub(super) struct Reader<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) links: &'t [Link],
    pub(super) group: &'t Group,
    pub(super) dates: &'t date::Context<'t>,
    /// Whether the page is of a country that writes the month first.
    pub(super) american: bool,
    /// The words above each column, where the rows are a table's.
    pub(super) heads: Vec<String>,
    /// What dates texts were found to hold.
    pub(super) known: RefCell<HashMap<String, Option<(f64, bool)>>>,
}

/// A field rule of a selector alone.
pub(super) fn rule(select: String) -> FieldRule {
    FieldRule { select, ..FieldRule::default() }
}

impl Reader<'_, '_> {
    /// Adds the fields that the rows show to `rules`, whose item and link are written; `link` is the link's selector.
    pub(super) fn add(&self, link: &str, rules: &mut Rules) {
        let rows = slots::sample(&self.group.rows);
        let slots = slots::of(self.tree, &rows);
        let title = self.title(&rows, &slots);
        rules.title = match &title {
            Some(slot) => self.rule_of(&rows, slot),
            None => self.heading(&rows).or_else(|| Some(link.to_owned())).map(rule),
        };
        let (date, dated) = self.date(&rows, &slots, title.as_ref());
        rules.date = dated.or_else(|| self.told_date(&rows));
        let summary = self.summary(&slots, title.as_ref(), date.as_ref());
        rules.summary = summary.and_then(|slot| self.rule_of(&rows, slot));
        let titles = self.titles(&rows, title.as_ref());
        let others: Vec<Slot> = slots.into_iter().filter(|slot| !repeats(&slot.texts, &titles)).collect();
        rules.author = self.named(&rows, &others, AUTHOR, 0.4);
        rules.category = self.named(&rows, &others, CATEGORY, 0.2);
        rules.image = self.image(&rows);
    }

    /// The date that rows tell programs alone, as microdata do (schema.org, `datePublished`).
    fn told_date(&self, rows: &[At]) -> Option<FieldRule> {
        let told = |row: &At| {
            let mut inner = self.tree.span(*row).filter_map(|at| self.tree.named(at));
            let element = inner.find(|element| element.attr("itemprop") == Some("datePublished"))?;
            ["content", "datetime"].into_iter().find(|name| element.attr(name).is_some())
        };
        let found: Vec<&str> = rows.iter().filter_map(told).collect();
        let attribute = found.first().filter(|_| found.len() * 5 >= rows.len() * 4)?;
        Some(rule(format!("[itemprop=\"datePublished\"]@{attribute}")))
    }

    /// The title of each row: what the slot says, else the link.
    fn titles(&self, rows: &[At], title: Option<&Slot>) -> Vec<String> {
        let linked = |row: &At| self.link_of(*row).map(|link| link.text.clone()).unwrap_or_default();
        title.map_or_else(|| rows.iter().map(linked).collect(), |slot| slot.texts.clone())
    }

    /// The rule that takes a slot's texts.
    pub(super) fn rule_of(&self, rows: &[At], slot: &Slot) -> Option<FieldRule> {
        let select = match slot.side {
            Side::Within => selector::within(self.tree, rows, &slot.places)?,
            Side::Before => "^".to_owned(),
            Side::After => "~".to_owned(),
        };
        Some(FieldRule { regex: slot.regex.clone(), ..rule(slot.extent.written(&select)) })
    }

    /// The words above each column, where the rows are a table's.
    pub(super) fn heads(tree: &Tree<'_>, rows: &[At]) -> Vec<String> {
        let Some(row) = rows.first().filter(|row| tree.tag(**row) == "tr") else { return Vec::new() };
        let table = tree.up(*row).find(|place| tree.tag(*place) == "table");
        let head = table.and_then(|table| tree.span(table).find(|at| tree.tag(*at) == "tr"));
        let Some(head) = head.filter(|head| head != row) else { return Vec::new() };
        tree.children(head).map(|cell| tree.text(cell).to_lowercase()).collect()
    }

    /// The words above the column in which a slot lies.
    pub(super) fn head(&self, slot: &Slot) -> &str {
        let order = self.tree.up(slot.first()).find_map(|place| self.tree.column(place));
        order.and_then(|order| self.heads.get(order)).map_or("", String::as_str)
    }

    /// The slot that makes a better title than the link's text does, if there is one.
    fn title(&self, rows: &[At], slots: &[Slot]) -> Option<Slot> {
        let sampled: Vec<&Link> = rows.iter().filter_map(|row| self.link_of(*row)).collect();
        let linked: Vec<At> = sampled.iter().map(|link| link.at).collect();
        // Links that say a number only, as of a case or a file, leave the name to what stands beside them; headings of a series do not.
        let texts: Vec<&str> = sampled.iter().map(|link| link.text.as_str()).collect();
        let is_headed = |link: &At| self.tree.up(*link).take(3).any(|at| is_heading(self.tree.tag(at)));
        let is_headed = linked.iter().all(is_headed);
        let is_numbered = !is_headed && differ_by_numbers(&texts);
        let headed = if is_headed { 0.3 } else { 0.0 };
        let own = quality(texts.iter().copied()) + if is_numbered { -0.25 } else { 0.25 } + headed;
        let beside = if is_numbered { slots::Slot::beside(self.tree, rows, &self.group.rows) } else { Vec::new() };
        let mut offers: Vec<(f64, &Slot)> = Vec::new();
        for slot in slots.iter().chain(&beside).filter(|slot| slot.cover >= 0.8) {
            let places: Vec<At> = slot.places.iter().flatten().copied().collect();
            let is_link = slot.side == Side::Within && places.iter().zip(&linked).all(|(place, link)| place == link);
            let wraps = slot.side == Side::Within
                && places.iter().zip(&linked).all(|(place, link)| self.tree.holds(*place, *link));
            if is_link {
                continue;
            }
            for part in slot.labelled().iter().filter(|part| cues::heads_titles(&part.label.to_lowercase())) {
                let worth = quality(part.slot.texts.iter().map(String::as_str)) + 0.35;
                offers.push((worth, &part.slot));
            }
            if wraps && slot.width <= own_width(&sampled) * 1.1 {
                continue;
            }
            let first = slot.first();
            let mut worth = quality(slot.texts.iter().map(String::as_str)) * slot.cover;
            if is_heading(self.tree.tag(first)) {
                worth += 0.3;
            }
            if self.is_named(first, TITLE) {
                worth += 0.15;
            }
            if cues::heads_titles(self.head(slot)) {
                worth += 0.35;
            }
            // A cell that holds several things is no title; its parts are slots of their own.
            let parts = self.tree.span(first).skip(1).filter(|inner| self.tree.width(*inner) > 0).count();
            worth -= 0.04 * parts.min(8) as f64;
            offers.push((worth, slot));
        }
        offers.retain(|(worth, _)| *worth > own);
        let tidied = |slot: &Slot| {
            let line = lines::first(self.tree, slot);
            parts::tidied(line.as_ref().unwrap_or(slot), self.dates).or(line)
        };
        match self.best(rows, offers) {
            Some(slot) => Some(tidied(&slot).unwrap_or(slot)),
            None => {
                let places = rows.iter().map(|row| self.link_of(*row).map(|link| link.at)).collect();
                let texts = rows.iter().map(|row| self.link_of(*row).map(|link| link.text.clone()).unwrap_or_default());
                Slot::new(Side::Within, places, texts.collect()).as_ref().and_then(tidied)
            }
        }
    }

    /// The best of the offered slots for which a rule can be written; of those that are as good, the first.
    pub(super) fn best(&self, rows: &[At], mut offers: Vec<(f64, &Slot)>) -> Option<Slot> {
        offers.sort_by(|one, other| (other.0 * 50.0).round().total_cmp(&(one.0 * 50.0).round()));
        offers.into_iter().map(|(_, slot)| slot).find(|slot| self.rule_of(rows, slot).is_some()).cloned()
    }

    fn link_of(&self, row: At) -> Option<&Link> {
        let place = self.group.rows.iter().position(|other| *other == row)?;
        self.links.get(*self.group.links.get(place)?)
    }

    /// A heading within the link: where the link is a whole card, its heading is the title.
    fn heading(&self, rows: &[At]) -> Option<String> {
        let heading = |row: &At| {
            let link = self.link_of(*row)?.at;
            let is_heading = |at: &At| matches!(self.tree.tag(*at), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
            self.tree.span(link).skip(1).find(is_heading)
        };
        let places: Vec<Option<At>> = rows.iter().map(heading).collect();
        let found = places.iter().flatten().count();
        if found * 5 < rows.len() * 4 {
            return None;
        }
        selector::within(self.tree, rows, &places)
    }

    fn summary<'s>(&self, slots: &'s [Slot], title: Option<&Slot>, date: Option<&Slot>) -> Option<&'s Slot> {
        let mut best: Option<(f64, &Slot)> = None;
        let linked = self.group.links.iter().filter_map(|number| self.links.get(*number));
        let mut linked: Vec<At> = linked.take(200).map(|link| link.at).collect();
        linked.sort_unstable();
        for slot in slots.iter().filter(|slot| slot.width >= 36.0 && slot.cover >= 0.4) {
            let is_field = |field: Option<&Slot>| {
                field.is_some_and(|field| {
                    let pairs = || field.places.iter().zip(&slot.places);
                    pairs().any(|(field, own)| matches!((field, own), (Some(field), Some(own)) if self.tree.holds(*own, *field) || self.tree.holds(*field, *own)))
                })
            };
            let holds_link = |at: &At| {
                let from = linked.partition_point(|link| link < at);
                linked.get(from).is_some_and(|link| self.tree.holds(*at, *link))
            };
            if is_field(title) || is_field(date) || slot.places.iter().flatten().any(holds_link) {
                continue;
            }
            let first = slot.places.iter().flatten().next().copied().unwrap_or_default();
            if matches!(self.tree.tag(first), "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
                continue;
            }
            let named = self.is_named(first, SUMMARY) || self.tree.tag(first) == "p";
            let worth =
                slot.cover + (slot.width.min(400.0) / 100.0).ln().max(-1.0) * 0.4 + if named { 0.5 } else { 0.0 };
            if best.is_none_or(|(most, _)| worth > most + 0.05) && is_various(slot) {
                best = Some((worth, slot));
            }
        }
        best.map(|(_, slot)| slot)
    }

    /// A field whose element says by its name what it is.
    fn named(&self, rows: &[At], slots: &[Slot], words: &[&str], cover: f64) -> Option<FieldRule> {
        let slot = slots.iter().find(|slot| {
            let first = slot.places.iter().flatten().next().copied().unwrap_or_default();
            slot.cover >= cover
                && slot.width <= 40.0
                && slot.width >= 2.0
                && self.is_named(first, words)
                && !slot
                    .texts
                    .iter()
                    .all(|text| date::find(text, Origin::List, self.dates).is_some() || text.is_empty())
        })?;
        self.rule_of(rows, slot).filter(|rule| !rule.select.contains(":nth")).or_else(|| self.told(rows, slot))
    }

    /// The rule of a slot by what its elements tell programs they are (HTML, `itemprop` and `rel`).
    fn told(&self, rows: &[At], slot: &Slot) -> Option<FieldRule> {
        let first = self.tree.named(slot.first())?;
        let is_plain = |value: &str| value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let mut names = ["itemprop", "rel"].into_iter().filter_map(|name| Some((name, first.attr(name)?)));
        let (name, value) = names.find(|(_, value)| !value.is_empty() && is_plain(value))?;
        let says = |at: &At| self.tree.named(*at).is_some_and(|element| element.attr(name) == Some(value));
        let is_first = |(row, place): (&At, &Option<At>)| self.tree.span(*row).skip(1).find(says) == *place;
        let is_right = rows.iter().zip(&slot.places).all(is_first);
        is_right.then(|| rule(format!("[{name}=\"{value}\"]")))
    }

    /// Whether one of the words stands in the class, id, rel or itemprop of an element.
    pub(super) fn is_named(&self, at: At, words: &[&str]) -> bool {
        let Some(element) = self.tree.named(at) else { return false };
        let mut is = false;
        for name in ["class", "itemprop", "rel", "id"] {
            cues::words(element.attr(name).unwrap_or_default(), &mut |word| is |= words.contains(&word));
        }
        is
    }

    fn image(&self, rows: &[At]) -> Option<FieldRule> {
        let places: Vec<Option<At>> = rows
            .iter()
            .map(|row| {
                let mut inner = self.tree.span(*row);
                inner.find(|at| {
                    self.tree.tag(*at) == "img"
                        && self.tree.node(*at).is_some_and(|node| picture::of(node.element).is_some())
                })
            })
            .collect();
        let found = places.iter().flatten().count();
        if found * 4 < rows.len() {
            return None;
        }
        // The same picture in every row is an icon.
        let sources: HashSet<Option<String>> =
            places.iter().flatten().map(|at| self.tree.node(*at).and_then(|node| picture::of(node.element))).collect();
        if found >= 3 && sources.len() * 2 <= found {
            return None;
        }
        selector::within(self.tree, rows, &places).map(rule)
    }
}

const TITLE: &[&str] = &["title", "headline", "subject", "heading", "name", "entry-title", "case", "tit", "bt"];
pub(super) const DATE: &[&str] = &[
    "date",
    "time",
    "published",
    "pubdate",
    "posted",
    "day",
    "datetime",
    "updated",
    "sj",
    "rq",
    "data",
    "fecha",
    "datum",
];
const SUMMARY: &[&str] =
    &["summary", "excerpt", "desc", "description", "intro", "lead", "abstract", "teaser", "content", "digest", "brief"];
const AUTHOR: &[&str] = &["author", "byline", "writer", "creator", "autor"];
const CATEGORY: &[&str] =
    &["category", "categories", "cat", "column", "channel", "section", "topic", "kicker", "rubric", "tag"];

/// Whether a slot's texts differ by more than their numbers: buttons that count stand in every row.
fn is_various(slot: &Slot) -> bool {
    let bare = |text: &String| {
        let signs = text.chars().filter(|sign| !is_numeric(*sign) && !sign.is_whitespace());
        signs.fold(None, |sum: Option<u64>, sign| Some(mixed(sum.unwrap_or_default(), u64::from(sign))))
    };
    let shown: Vec<u64> = slot.texts.iter().filter_map(bare).collect();
    let different: HashSet<u64> = shown.iter().copied().collect();
    different.len() * 10 >= shown.len() * 7
}

fn is_heading(tag: &str) -> bool {
    matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// How much text is more than the name of a number.
const LONGEST_NAME: usize = 24;

/// Whether texts are short names of numbers and differ by these alone.
fn differ_by_numbers(texts: &[&str]) -> bool {
    let bare = |text: &&str| text.replace(|sign: char| sign.is_numeric() || sign.is_ascii_punctuation(), "");
    let different: HashSet<String> = texts.iter().map(bare).collect();
    let numbers: HashSet<&&str> = texts.iter().filter(|text| text.contains(char::is_numeric)).collect();
    let are_names = different.iter().all(|name| name.trim().chars().count() <= LONGEST_NAME);
    texts.len() >= 3 && are_names && different.len() * 5 <= texts.len() && numbers.len() * 10 >= texts.len() * 9
}

/// Whether texts say what the titles of their rows say.
fn repeats(texts: &[String], titles: &[String]) -> bool {
    let told = texts.iter().filter(|text| !text.is_empty()).count();
    let same = texts.iter().zip(titles).filter(|(text, title)| !text.is_empty() && text == title).count();
    same * 2 > told
}

fn own_width(links: &[&Link]) -> f64 {
    let mut widths: Vec<usize> = links.iter().map(|link| link.width).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(0) as f64
}

/// How well texts would do as titles, from 0 to about 1.
pub(super) fn quality<'x>(texts: impl Iterator<Item = &'x str>) -> f64 {
    let mut seen = HashSet::new();
    let mut worth = 0.0;
    let mut count = 0.0_f64;
    for text in texts {
        count += 1.0;
        if !seen.insert(text) || text.is_empty() || cues::is_deed(text) {
            continue;
        }
        let (mut letters, mut signs, mut width) = (0_u32, 0_u32, 0_usize);
        for sign in text.chars().filter(|sign| !sign.is_whitespace()) {
            letters += u32::from(is_alphabetic(sign));
            signs += 1;
            width += tree::width(sign);
        }
        let (letters, signs, width) = (f64::from(letters), f64::from(signs.max(1)), width as f64);
        let size = if width < 14.0 {
            width / 14.0 * 0.7
        } else if width <= 26.0 {
            0.7 + (width - 14.0) / 12.0 * 0.3
        } else if width <= 140.0 {
            1.0
        } else {
            (1.0 - (width - 140.0) / 300.0).max(0.2)
        };
        worth += size * (letters / signs).powi(2);
    }
    worth / count.max(1.0)
}
