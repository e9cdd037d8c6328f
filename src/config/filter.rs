//! `keep`, `drop` and `rewrite` into a [`Filter`], every expression compiled.

use toml::de::DeValue;

use super::{
    fault::Fault,
    file::{Cell, Desk, Section},
    rule,
    shape::Place,
    shown::{quoted, shown},
    value,
};
use crate::model::{Change, Field, Filter, Pattern, Rewrite, Rule, Test};
use crate::reading::filter::words;

/// Rules within rules: deeper ones nobody reads.
const DEEPEST: usize = 8;
/// The names that a template knows.
const NAMES: &[&str] = &["title", "source", "outlet", "author", "category"];

/// The three settings as one table writes them.
#[derive(Default)]
pub(super) struct Written {
    keep: Option<Vec<Rule>>,
    drop: Option<Vec<Rule>>,
    rewrite: Option<Vec<Rewrite>>,
}

impl Written {
    /// These rules, and where they are silent those of `defaults`.
    pub(super) fn over(self, defaults: &Self) -> Filter {
        Filter {
            keep: self.keep.or_else(|| defaults.keep.clone()).unwrap_or_default(),
            drop: self.drop.or_else(|| defaults.drop.clone()).unwrap_or_default(),
            rewrite: self.rewrite.or_else(|| defaults.rewrite.clone()).unwrap_or_default(),
        }
    }
}

impl From<Filter> for Written {
    fn from(filter: Filter) -> Self {
        Self { keep: Some(filter.keep), drop: Some(filter.drop), rewrite: Some(filter.rewrite) }
    }
}

/// Reads them from one table.
pub(super) fn read(desk: &Desk<'_>, section: &Section<'_>) -> Written {
    Written {
        keep: section.cell("keep").map(|cell| rules(desk, &cell, 0)),
        drop: section.cell("drop").map(|cell| rules(desk, &cell, 0)),
        rewrite: section.cell("rewrite").map(|cell| each(desk, &cell, Place::Rewrite, rewrite)),
    }
}

fn rules(desk: &Desk<'_>, cell: &Cell<'_>, depth: usize) -> Vec<Rule> {
    if depth > DEEPEST {
        desk.fault(cell.fault("these rules lie too deep within rules").advise("write them side by side"));
        return Vec::new();
    }
    each(desk, cell, Place::Rule, |desk, section| one(desk, section, cell.key(), depth))
}

/// Each table of a list, or the one that stands without a list.
fn each<'t, T>(
    desk: &Desk<'_>,
    cell: &Cell<'t>,
    place: Place,
    read: impl Fn(&Desk<'_>, &Section<'t>) -> Option<T>,
) -> Vec<T> {
    let cells: Vec<Cell<'t>> = match cell.value {
        DeValue::Array(elements) => elements.iter().map(|element| cell.element(element)).collect(),
        _ => vec![cell.clone()],
    };
    if cells.is_empty() {
        desk.fault(cell.fault(format!("`{}` has nothing in it", cell.key())).advise("leave it out"));
    }
    let table = |cell: Cell<'t>| match cell.value {
        DeValue::Table(table) => read(desk, &Section::open(desk, place, table, cell.span.clone())),
        _ => {
            desk.fault(cell.mistyped());
            None
        }
    };
    cells.into_iter().filter_map(table).collect()
}

fn one(desk: &Desk<'_>, section: &Section<'_>, list: &str, depth: usize) -> Option<Rule> {
    let mut tests = Vec::new();
    let mut written = Vec::new();
    for (key, field) in [
        ("title", Field::Title),
        ("text", Field::Text),
        ("author", Field::Author),
        ("category", Field::Category),
        ("outlet", Field::Outlet),
        ("url", Field::Url),
    ] {
        let Some(cell) = section.cell(key) else { continue };
        let patterns = patterns(desk, &cell);
        if !patterns.is_empty() {
            written.push(format!("{key} = {}", described(&patterns)));
            tests.push(Test::Has(field, patterns));
        }
    }
    if let Some(age) = section.get(desk, "age", value::duration) {
        written.push(format!("age of {} s", age.as_secs()));
        tests.push(Test::Age(age));
    }
    for (key, test) in [("any", Test::Any as fn(Vec<Rule>) -> Test), ("all", Test::All), ("not", Test::Not)] {
        let Some(cell) = section.cell(key) else { continue };
        let inner = rules(desk, &cell, depth + 1);
        if !inner.is_empty() {
            let names: Vec<&str> = inner.iter().map(|rule| &*rule.written).collect();
            written.push(format!("{key} of ({})", names.join("; ")));
            tests.push(test(inner));
        }
    }
    if tests.is_empty() {
        // A rule without tests would fit everything; where one of them is at fault, that has been told.
        if section.known && section.is_empty() {
            let fault = Fault::new(section.span.clone(), "this rule says nothing");
            desk.fault(fault.advise("name a field and what it has, as { title = \"招聘\" }"));
        }
        return None;
    }
    let prefix = if depth == 0 { format!("{list}: ") } else { String::new() };
    Some(Rule { written: format!("{prefix}{}", written.join(" and ")).into(), tests })
}

/// What a field may have: words, a list of words, or an expression.
fn patterns(desk: &Desk<'_>, cell: &Cell<'_>) -> Vec<Pattern> {
    match cell.value {
        DeValue::Table(table) => {
            let section = Section::open(desk, Place::Match, table, cell.span.clone());
            match section.cell("regex") {
                Some(cell) => rule::expression(desk, &cell).map(Pattern::Regex).into_iter().collect(),
                None => {
                    let fault = Fault::new(section.span.clone(), format!("`{}` looks for nothing", cell.key()));
                    desk.fault(fault.advise("write { regex = '…' }, or words in place of the table"));
                    Vec::new()
                }
            }
        }
        DeValue::Array(elements) => {
            let cells = elements.iter().map(|element| cell.element(element));
            cells.filter_map(|cell| value::some_text(desk, &cell).map(words)).collect()
        }
        _ => value::some_text(desk, cell).map(words).into_iter().collect(),
    }
}

fn described(patterns: &[Pattern]) -> String {
    let each = patterns.iter().map(|pattern| match pattern {
        Pattern::Words(words) => format!("\"{}\"", shown(words, 60)),
        Pattern::Regex(regex) => format!("/{}/", shown(regex.as_str(), 60)),
    });
    each.collect::<Vec<_>>().join(" or ")
}

fn rewrite(desk: &Desk<'_>, section: &Section<'_>) -> Option<Rewrite> {
    let field = match section.get(desk, "field", value::word) {
        Some("author") => Field::Author,
        Some("category") => Field::Category,
        Some("outlet") => Field::Outlet,
        Some(_) => Field::Title,
        None => {
            if section.cell("field").is_none() {
                let fault = Fault::new(section.span.clone(), "this names no `field` to rewrite");
                desk.fault(fault.advise("write field = \"title\""));
            }
            return None;
        }
    };
    let by = section.get(desk, "replace", value::text).unwrap_or_default();
    let ways = [section.cell("words"), section.cell("regex"), section.cell("template")];
    if ways.iter().flatten().count() != 1 {
        let fault = Fault::new(section.span.clone(), "it takes one of `words`, `regex` and `template`");
        desk.fault(fault.advise("say what is replaced, or what the whole field becomes"));
        return None;
    }
    let [plain, regex, template] = ways;
    if let Some(cell) = template {
        let text = value::some_text(desk, &cell)?;
        for name in names(text).filter(|name| !NAMES.contains(name)) {
            let fault = cell.fault(format!("a template knows no {}", quoted(name)));
            desk.fault(fault.advise("it knows {title}, {source}, {outlet}, {author} and {category}"));
        }
        return Some(Rewrite { field, change: Change::Template(text.into()) });
    }
    let pattern = match (plain, regex) {
        (Some(cell), _) => Pattern::Words(value::some_text(desk, &cell)?.into()),
        (None, Some(cell)) => {
            let regex = rule::expression(desk, &cell)?;
            if let Some(cell) = section.cell("replace") {
                rule::template(desk, &cell, by, Some(&regex));
            }
            Pattern::Regex(regex)
        }
        (None, None) => return None,
    };
    Some(Rewrite { field, change: Change::Replace(pattern, by.into()) })
}

/// What stands in braces.
fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|after| after.split_once('}')).map(|(name, _)| name)
}
