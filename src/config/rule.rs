//! Reading rules: selectors and paths as `extract` takes them, expressions, templates and date patterns, each tried once here.

use std::sync::Arc;

use jiff::{civil::date, fmt::strtime, tz::TimeZone};
use regex::Regex;
use toml::de::DeValue;

use super::{
    file::{Cell, Desk, Section},
    selector,
    shape::Place,
    shown::{quoted, shown},
    value,
};
use crate::{
    extract::Recipe,
    model::{FieldRule, Kind, Rules},
};

/// In what language a source's rules are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tongue {
    /// CSS selectors.
    Css,
    /// JSONPath (RFC 9535).
    JsonPath,
}

/// The selector of items.
pub(super) fn item(desk: &Desk<'_>, cell: &Cell<'_>, tongue: Tongue) -> Option<String> {
    let text = value::some_text(desk, cell)?;
    tried(desk, cell, text, tongue, Rules { item: text.to_owned(), ..Rules::default() })?;
    Some(text.to_owned())
}

/// Tries a selector or path as `extract` will, so that what passes here cannot fail there.
fn tried(desk: &Desk<'_>, cell: &Cell<'_>, text: &str, tongue: Tongue, rules: Rules) -> Option<()> {
    let kind = match tongue {
        Tongue::Css => Kind::Html,
        Tongue::JsonPath => Kind::Json,
    };
    // What is sound as an item need not be so as a field, nor as CSS what is a path.
    let what = format!("{tongue:?} {} {text}", rules.title.is_some());
    let trial = || Recipe::compile(&rules, kind).map(drop);
    let Err(bad) = desk.is_sound(&what, trial) else { return Some(()) };
    let sight = (tongue == Tongue::Css).then(|| selector::explain(text)).flatten();
    desk.fault(match sight {
        Some((reason, advice)) => cell.fault(format!("{} is no CSS selector: {reason}", quoted(text))).advise(advice),
        None => cell.fault(shown(&bad.reason, 200)).advise(shown(&bad.advice, 200)),
    });
    None
}

/// Tries the selector of a field. An empty one is the item itself.
fn field_selector(desk: &Desk<'_>, cell: &Cell<'_>, text: &str, tongue: Tongue) -> Option<()> {
    // Any item will do; the field is what is tried.
    let item = if tongue == Tongue::Css { "li" } else { "$[*]" }.to_owned();
    let title = Some(FieldRule { select: text.to_owned(), ..FieldRule::default() });
    tried(desk, cell, text, tongue, Rules { item, title, ..Rules::default() })
}

/// The rule of one field: `"selector"`, `"selector@attribute"`, or a table.
pub(super) fn field(desk: &Desk<'_>, cell: &Cell<'_>, tongue: Tongue) -> Option<FieldRule> {
    match cell.value {
        DeValue::String(_) => short(desk, cell, tongue),
        DeValue::Table(table) => {
            let section = Section::open(desk, Place::Field, table, cell.span.clone());
            long(desk, cell, &section, tongue)
        }
        _ => {
            desk.fault(cell.mistyped());
            None
        }
    }
}

fn short(desk: &Desk<'_>, cell: &Cell<'_>, tongue: Tongue) -> Option<FieldRule> {
    let text = value::some_text(desk, cell)?;
    let (select, attr) = match tongue {
        Tongue::Css => attribute(text),
        Tongue::JsonPath => (text, None),
    };
    field_selector(desk, cell, select, tongue)?;
    Some(FieldRule { select: select.to_owned(), attr: attr.map(str::to_owned), ..FieldRule::default() })
}

/// Splits `selector@attribute`. What follows the last `@` is an attribute only if it could be one's name:
/// in `a[title="x@y z"]` it could not.
fn attribute(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once('@') {
        Some((select, attr)) if is_attribute(attr) => (select.trim_end(), Some(attr)),
        _ => (text, None),
    }
}

fn is_attribute(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
}

fn long(desk: &Desk<'_>, cell: &Cell<'_>, section: &Section<'_>, tongue: Tongue) -> Option<FieldRule> {
    let mut rule = FieldRule::default();
    if let Some(cell) = section.cell("select") {
        let select = value::text(desk, &cell).map(str::trim);
        let select = select.filter(|text| field_selector(desk, &cell, text, tongue).is_some());
        rule.select = select.unwrap_or_default().to_owned();
    }
    if let Some(cell) = section.cell("attr") {
        let name = value::some_text(desk, &cell);
        if let Some(name) = name.filter(|n| !is_attribute(n)) {
            desk.fault(cell.fault(format!("{} is no name of an attribute", quoted(name))));
        }
        if tongue == Tongue::JsonPath {
            desk.fault(cell.fault("JSON has no attributes").advise("put the key into `select`"));
        }
        rule.attr = name.map(str::to_owned);
    }
    let regex = section.cell("regex").and_then(|cell| {
        let regex = expression(desk, &cell)?;
        rule.regex = Some(regex.as_str().to_owned());
        Some(regex)
    });
    if let Some(cell) = section.cell("replace") {
        if section.cell("regex").is_none() {
            let fault = cell.fault("`replace` has no `regex` whose match it could rewrite");
            desk.lack(fault.advise("write `regex` beside it"));
        }
        rule.replace = value::body(desk, &cell).filter(|t| template(desk, &cell, t, regex.as_ref()));
    }
    if let Some(at) = section.cell("format") {
        rule.format = pattern(desk, &at);
        if cell.key() != "date" {
            desk.fault(at.fault(format!("`{}` is no date", cell.key())).advise("only `date` has a `format`"));
        }
    }
    rule.join = section.get(desk, "join", value::body);
    rule.html = section.get(desk, "html", value::flag);
    if rule.html == Some(true)
        && let (Some(attr), Some(html)) = (section.cell("attr"), section.cell("html"))
    {
        let fault =
            html.fault("an attribute holds no HTML inside").beside(attr.key_span, "because this takes an attribute");
        desk.fault(fault.advise("leave out one of them"));
    }
    Some(rule)
}

/// A regular expression.
pub(super) fn expression(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Regex> {
    let DeValue::String(text) = cell.value else {
        desk.fault(cell.mistyped());
        return None;
    };
    match Regex::new(text) {
        Ok(regex) => Some(regex),
        Err(bad) => {
            // The crate draws the expression over several lines; the last one says what is wrong.
            let why = bad.to_string();
            let last = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let fault = cell.fault(format!("{} is no regular expression: {}", quoted(text), shown(last, 160)));
            desk.fault(if why.contains("look-around") {
                cell.fault(format!("{} looks around, which no expression here can", quoted(text)))
                    .advise("keep what you want by a group `( )`")
            } else if matches!(bad, regex::Error::CompiledTooBig(_)) {
                cell.fault(format!("{} grows too large", quoted(text))).advise("repeat less")
            } else if why.contains("escape") {
                fault.advise(r"in single quotes a backslash stands for itself: regex = '\d+'")
            } else {
                fault
            });
            None
        }
    }
}

/// Whether every group that the template names exists in the expression.
pub(super) fn template(desk: &Desk<'_>, cell: &Cell<'_>, text: &str, regex: Option<&Regex>) -> bool {
    let Some(regex) = regex else { return true };
    let mut sound = true;
    for group in groups(text) {
        let exists = match group.parse::<usize>() {
            Ok(number) => number < regex.captures_len(),
            Err(_) => regex.capture_names().flatten().any(|name| name == group),
        };
        if exists {
            continue;
        }
        sound = false;
        if group.is_empty() {
            desk.fault(cell.fault("a `$` names no group of `regex`").advise("a dollar sign itself is written `$$`"));
            continue;
        }
        let digits = group.trim_end_matches(|c: char| !c.is_ascii_digit());
        let fault = cell.fault(format!("`regex` has no group {}", quoted(group)));
        desk.fault(
            if !digits.is_empty() && digits.len() < group.len() && group.starts_with(|c: char| c.is_ascii_digit()) {
                fault.advise("put braces around the number, as `${1}`")
            } else {
                fault.advise(format!("it has {}, and `$0` is the whole match", counted(regex.captures_len() - 1)))
            },
        );
    }
    sound
}

fn counted(groups: usize) -> String {
    match groups {
        0 => "no group".to_owned(),
        1 => "one group".to_owned(),
        n => format!("{n} groups"),
    }
}

/// The groups that a template names, as the regex crate reads it: `$name` takes as many word characters as it can.
fn groups(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('$') {
        if let Some(escaped) = after.strip_prefix('$') {
            rest = escaped;
        } else if let Some((name, further)) = after.strip_prefix('{').and_then(|a| a.split_once('}')) {
            found.push(name);
            rest = further;
        } else {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            let (name, further) = after.split_at_checked(end).unwrap_or((after, ""));
            found.push(name);
            rest = further;
        }
    }
    found
}

/// A date pattern: a day that it prints, it must read back.
fn pattern(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Arc<str>> {
    let text = value::some_text(desk, cell)?;
    let day = date(2021, 11, 25).at(20, 17, 53, 0);
    let sample = day.to_zoned(TimeZone::UTC).map(|z| strtime::format(text, &z));
    let fault = cell.fault(format!("{} is no date pattern", quoted(text)));
    let advice = "write strftime's signs, as \"%Y-%m-%d %H:%M\"";
    let Ok(Ok(sample)) = sample else {
        desk.fault(fault.advise(advice));
        return None;
    };
    if !text.contains('%') {
        desk.fault(fault.advise(advice));
        return None;
    }
    let Ok(read) = strtime::parse(text, &sample) else {
        let fault = cell.fault(format!("{} cannot be read back from a date", quoted(text)));
        desk.fault(fault.advise(advice));
        return None;
    };
    let dated =
        read.to_date().is_ok() || read.to_timestamp().is_ok() || (read.month().is_some() && read.day().is_some());
    if !dated {
        let fault = cell.fault(format!("{} names no day", quoted(text)));
        desk.fault(fault.advise("a date has a month and a day at least: %m and %d, or %b and %d"));
        return None;
    }
    Some(Arc::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_follows_the_last_at_sign() {
        let cases = [
            ("a@href", ("a", Some("href"))),
            ("@href", ("", Some("href"))),
            ("a @data-src", ("a", Some("data-src"))),
            ("a", ("a", None)),
            (r#"a[title="x@y z"]"#, (r#"a[title="x@y z"]"#, None)),
            (r#"a[title="x@y"]@href"#, (r#"a[title="x@y"]"#, Some("href"))),
        ];
        for (text, expected) in cases {
            assert_eq!(attribute(text), expected, "{text}");
        }
    }

    #[test]
    fn groups_are_read_as_the_regex_crate_reads_them() {
        assert_eq!(groups("$1-${2}x $$3 $name. $1a"), ["1", "2", "name", "1a"]);
    }
}
