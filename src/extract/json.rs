//! JSON API → rows, by JSONPath (RFC 9535). [`compile`] makes the rule; [`read`] applies it.
//!
//! A field's path starts at the item: `$.title`, `@.title`, `title` and `a.b` all mean the item's own member.

use jsonpath_rust::{
    parser::{model::JpQuery, parse_json_path},
    query::js_path_process,
};
use serde::Deserialize as _;
use serde_json::{Number, Value};

use super::{
    BadRule,
    field::Field,
    notes::Notes,
    plain,
    read::{ROWS, empty},
};
use crate::{
    model::{DateText, FieldRule, Item, Listing, Markup, Origin, Outcome, Page, Rules},
    reading::text::line,
};

/// A path may be so many bytes long.
const PATH_BYTES: usize = 4096;

/// So many bytes may stand before the value, as a callback's name does.
const PREFIX_BYTES: usize = 256;

/// A rule for JSON documents.
pub(super) type Rule = super::rule::Rule<JpQuery, JpQuery>;

/// Compiles every path and expression of `rules`.
pub(super) fn compile(rules: &Rules) -> Result<Rule, BadRule> {
    Rule::of(compile_path("item", &rules.item)?, rules, compile_field)
}

fn compile_field(name: &str, rule: &FieldRule) -> Result<Field<JpQuery>, BadRule> {
    // "@.title" has an @, but no attribute.
    let path = match &rule.attr {
        Some(attr) => format!("{}@{attr}", rule.select),
        None => rule.select.clone(),
    };
    Field::compile(name, rule, compile_path(name, &path)?, None)
}

/// A path as written, made to start at `$`.
fn compile_path(field: &str, written: &str) -> Result<JpQuery, BadRule> {
    let written = written.trim();
    if written.len() > PATH_BYTES {
        return Err(BadRule::new(field, "its path is too long", "write at most 4096 bytes"));
    }
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|sign| sign.is_alphanumeric() || sign == '_');
    let path = if written.starts_with('$') {
        written.to_owned()
    } else if let Some(rest) = written.strip_prefix('@') {
        format!("${rest}")
    } else if written.is_empty() {
        "$".to_owned()
    } else if written.starts_with('[') || written.starts_with('.') {
        format!("${written}")
    } else if written.contains(['.', '[']) || is_name(written) {
        format!("$.{written}")
    } else {
        format!("$['{}']", written.replace('\\', "\\\\").replace('\'', "\\'"))
    };
    parse_json_path(&path).map_err(|_| {
        BadRule::new(
            field,
            format!("{written:?} is no JSONPath"),
            "write it as RFC 9535 has it: $.data[*] for items, $.title for a field of an item",
        )
    })
}

/// The rows of `page` by `rule`.
pub(super) fn read(page: &Page, rule: Option<&Rule>) -> Listing {
    let mut notes = Notes::default();
    let value = match parse(&page.text) {
        Ok(value) => value,
        Err(reason) => {
            notes.page(reason, "look whether the host sends an error page, or change kind");
            return empty(page, Outcome::Unreadable, notes);
        }
    };
    let Some(rule) = rule else {
        notes.page(
            "the source has no rule",
            "write item = \"$.data[*]\", a JSONPath of one record, and title and link under its [[source]]",
        );
        return empty(page, Outcome::NoRule, notes);
    };
    let items = rows(&value, rule, &mut notes);
    let outcome = if items.is_empty() { Outcome::NoMatch } else { Outcome::Read };
    let next = rule.next.as_ref().and_then(|field| text(&value, field));
    Listing { items, next, ..empty(page, outcome, notes) }
}

/// The document, also within a callback (`cb({…})`), an assignment (`var x = […]`) or behind a guard (`)]}'`).
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let fault = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(fault) => fault,
    };
    let starts = text.char_indices().filter(|(_, sign)| matches!(sign, '{' | '[')).map(|(place, _)| place);
    for start in starts.take(4).take_while(|start| *start <= PREFIX_BYTES) {
        let (before, after) = text.split_at_checked(start).unwrap_or_default();
        let is_wrapped = before.trim_end().ends_with(['(', '=', ',', '\'', ';']) && !before.contains('<');
        if is_wrapped && let Ok(value) = Value::deserialize(&mut serde_json::Deserializer::from_str(after)) {
            return Ok(value);
        }
    }
    Err(format!("it cannot be read as JSON: {fault}"))
}

/// The records of a document by `rule`.
pub(super) fn rows(value: &Value, rule: &Rule, notes: &mut Notes) -> Vec<Item> {
    let mut records = select(value, &rule.item);
    // A path to the list itself means its elements.
    if let [Value::Array(list)] = records.as_slice() {
        records = list.iter().collect();
    }
    if records.is_empty() {
        notes.page("its item path matches nothing", "look whether the API changed, or wants a login or other query");
    }
    if records.len() > ROWS {
        notes.page(format!("it has more than {ROWS} records; the rest were left out"), "name a smaller part as item");
    }
    let mut items = Vec::with_capacity(records.len().min(ROWS));
    for (place, record) in records.into_iter().take(ROWS).enumerate() {
        let item = rule.item_of(record, place, notes);
        if item.title.is_empty() && item.link.is_none() {
            notes.row(place, "item", "neither title nor link was found", "name them, as title = \"$.name\"");
            continue;
        }
        if item.link.is_none() {
            notes.row(place, "link", "no link was found", "name its member, as link = \"$.url\"");
        }
        if item.title.is_empty() {
            notes.row(place, "title", "no title was found", "name its member, as title = \"$.name\"");
        }
        items.push(item);
    }
    items
}

impl Rule {
    fn item_of(&self, record: &Value, place: usize, notes: &mut Notes) -> Item {
        let named = |field: &Option<Field<JpQuery>>, members: &[&str]| match field {
            Some(field) => text(record, field),
            None => members.iter().filter_map(|name| record.get(name)).find_map(word),
        };
        let date = self.date.as_ref().and_then(|field| date(record, field));
        if self.date.is_some() && date.is_none() {
            notes.row(place, "date", "its date rule found nothing", "compare the rule with the record");
        }
        Item {
            title: named(&self.title, &["title", "headline"]).map(|title| plain::plain(&title)).unwrap_or_default(),
            link: named(&self.link, &["url", "link", "href", "permalink"]).filter(|link| !link.is_empty()),
            dates: date.into_iter().collect(),
            summary: self.summary.as_ref().and_then(|field| {
                let text = text(record, field)?;
                Some(match field.html {
                    Some(true) => Markup::Html(text),
                    Some(false) => Markup::Text(plain::plain(&text)),
                    None => plain::markup(text),
                })
            }),
            content: None,
            image: self.image.as_ref().and_then(|field| text(record, field)),
            authors: self.author.as_ref().and_then(|field| text(record, field)).into_iter().collect(),
            categories: self.category.as_ref().map(|field| texts(record, field)).unwrap_or_default(),
            outlet: None,
            guid: None,
        }
    }
}

fn select<'a>(value: &'a Value, path: &JpQuery) -> Vec<&'a Value> {
    js_path_process(path, value).unwrap_or_default().into_iter().map(|found| found.val()).collect()
}

/// The scalars that a path names, arrays opened.
fn scalars<'a>(record: &'a Value, path: &JpQuery) -> Vec<&'a Value> {
    let found = select(record, path).into_iter();
    found.flat_map(|value| value.as_array().map_or_else(|| vec![value], |list| list.iter().collect())).collect()
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn text(record: &Value, field: &Field<JpQuery>) -> Option<String> {
    field.settle(scalars(record, &field.select).into_iter().filter_map(word))
}

fn texts(record: &Value, field: &Field<JpQuery>) -> Vec<String> {
    if field.join.is_some() {
        return text(record, field).into_iter().collect();
    }
    let mut kept: Vec<String> = Vec::new();
    for found in scalars(record, &field.select).into_iter().filter_map(word) {
        let shaped = field.shape.apply(&found).map(|text| line(&text));
        kept.extend(shaped.filter(|text| !text.is_empty() && !kept.contains(text)));
    }
    kept
}

fn date(record: &Value, field: &Field<JpQuery>) -> Option<DateText> {
    let found = scalars(record, &field.select).into_iter();
    let texts = found.filter_map(|value| match value {
        Value::Number(number) if field.format.is_none() => Some(instant(number).unwrap_or_else(|| number.to_string())),
        other => word(other),
    });
    let text = field.settle(texts)?;
    let number = if field.format.is_none() { text.parse().ok() } else { None };
    let text = number.and_then(|number: Number| instant(&number)).unwrap_or(text);
    Some(DateText { text, format: field.format.clone(), origin: Origin::Feed, year: None })
}

/// A number as an instant: seconds since 1970 by its size, or thousandths or millionths of them. Numbers that read
/// as a calendar date (`20211230`, `202112301007`) are left as they are.
fn instant(number: &Number) -> Option<String> {
    let whole = number.as_f64().filter(|number| number.is_finite())?.trunc();
    let digits = format!("{whole:.0}");
    if matches!(digits.len(), 8 | 12 | 14) && (digits.starts_with("19") || digits.starts_with("20")) {
        return None;
    }
    let micros_each = match digits.len() {
        9 | 10 => 1_000_000,
        11..=13 => 1_000,
        14..=16 => 1,
        _ => return None,
    };
    let micros = digits.parse::<i64>().ok()?.checked_mul(micros_each)?;
    let instant = jiff::Timestamp::from_microsecond(micros).ok()?;
    Some(instant.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_instants_by_their_size() {
        for (number, want) in [
            ("1640830073", Some("2021-12-30T02:07:53Z")),
            ("1640830073000", Some("2021-12-30T02:07:53Z")),
            ("1640830073.5", Some("2021-12-30T02:07:53Z")),
            ("1640830073000000", Some("2021-12-30T02:07:53Z")),
            ("20211230", None),
            ("20211230100753", None),
            ("17", None),
            ("1e300", None),
            ("-1", None),
        ] {
            let number: Number = serde_json::from_str(number).unwrap();
            assert_eq!(instant(&number).as_deref(), want, "{number}");
        }
    }

    #[test]
    fn paths_start_at_the_item_in_every_form() {
        let record = serde_json::json!({"title": "T", "a": {"b": ["x", "y"]}, "odd-name": 7, "作者": "李"});
        for (path, want) in [
            ("title", "T"),
            ("$.title", "T"),
            ("@.title", "T"),
            ("a.b", "x"),
            ("a.b[1]", "y"),
            ("['odd-name']", "7"),
            ("odd-name", "7"),
            ("作者", "李"),
        ] {
            let rule = FieldRule { select: path.to_owned(), ..FieldRule::default() };
            let field = compile_field("title", &rule).unwrap();
            assert_eq!(text(&record, &field).as_deref(), Some(want), "{path}");
        }
        assert!(compile_path("item", "$.data[").unwrap_err().to_string().contains("no JSONPath"));
    }

    #[test]
    fn wrapped_documents_are_unwrapped() {
        for text in ["cb([1])", "/**/ a.b.cb([1]);", "var x = [1];", ")]}',\n[1]", "\u{feff}[1]", "window['cb']([1])"] {
            assert_eq!(parse(text).unwrap(), serde_json::json!([1]), "{text}");
        }
        assert!(parse("<html>(1)</html>").is_err());
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
