//! Dates of the corpus, read and counted: how many are exact, and that none is of another year.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its rows must fail loudly")]

mod told;

use std::{collections::BTreeMap, fs, path::PathBuf};

use jiff::{
    Span, Timestamp, Unit,
    civil::DateTime,
    tz::{Offset, TimeZone},
};
use serde_json::Value;
use tearsheet::{
    model::{Moment, Origin, Precision},
    reading::date::{self, Context},
};

/// The rows of a file of the corpus; without the corpus none, and a word on why nothing was tested.
fn rows(name: &str) -> Option<Vec<Value>> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the corpus lies outside the repository and is named by the environment"
    )]
    let corpus = std::env::var("TEARSHEET_CORPUS").unwrap_or_else(|_| "../shared/corpus".into());
    let path = PathBuf::from(corpus).join("dates").join(name);
    match fs::read_to_string(&path) {
        Ok(text) => Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()),
        Err(error) => {
            println!("skipped: {} cannot be read ({error}); set TEARSHEET_CORPUS", path.display());
            None
        }
    }
}

fn field<'a>(row: &'a Value, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("{row} has no {name}"))
}

fn instant(row: &Value, zone: &TimeZone) -> Timestamp {
    zone.to_timestamp(field(row, "now").parse::<DateTime>().unwrap()).unwrap()
}

/// Whether a moment is the expected local time, within a minute; a moment known to the day is, if the day is.
fn is_exact(moment: &Moment, expected: DateTime, zone: &TimeZone) -> bool {
    let at = zone.to_timestamp(expected).unwrap();
    match moment.precision {
        Precision::Day => zone.to_datetime(moment.at).date() == expected.date(),
        _ => moment.at.duration_since(at).as_secs().abs() <= 60,
    }
}

#[derive(Default)]
struct Count {
    rows: usize,
    exact: usize,
    none: usize,
    other_year: usize,
    misses: Vec<String>,
}

impl Count {
    fn add(&mut self, text: &str, moment: Option<Moment>, expected: DateTime, zone: &TimeZone) {
        self.rows += 1;
        let Some(moment) = moment else {
            self.none += 1;
            self.misses.push(format!("{text:?} → none, expected {expected}"));
            return;
        };
        if is_exact(&moment, expected, zone) {
            self.exact += 1;
            return;
        }
        if zone.to_datetime(moment.at).year() != expected.year() {
            self.other_year += 1;
        }
        self.misses.push(format!("{text:?} → {}, expected {expected}", moment.written()));
    }

    fn share(&self) -> f64 {
        self.exact as f64 / self.rows.max(1) as f64
    }

    fn show(&self, name: &str) {
        println!(
            "{name:16} {:4} rows, exact {:5.1} %, none {:3}, another year {}",
            self.rows,
            100.0 * self.share(),
            self.none,
            self.other_year
        );
    }

    fn show_misses(&self) {
        self.misses.iter().for_each(|miss| println!("    {miss}"));
    }
}

fn absolute(name: &str, zone: &TimeZone, language: Option<&str>) -> Option<Count> {
    let mut count = Count::default();
    for row in rows(name)? {
        let expected = field(&row, "expect");
        let day_only = expected.len() == 10;
        let expected: DateTime =
            if day_only { format!("{expected} 00:00:00") } else { expected.to_owned() }.parse().unwrap();
        let context = Context { now: instant(&row, zone), zone, language };
        count.add(field(&row, "text"), date::read(field(&row, "text"), Origin::List, &context), expected, zone);
    }
    count.show(name);
    count.show_misses();
    Some(count)
}

#[test]
fn chinese_pages_dates_are_exact() {
    let zone = TimeZone::fixed(Offset::constant(8));
    if let Some(count) = absolute("zh_printed.jsonl", &zone, Some("zh")) {
        assert!(count.share() >= 0.95 && count.other_year == 0);
    }
}

#[test]
fn dates_of_many_languages_are_exact() {
    if let Some(count) = absolute("dateparser_abs.jsonl", &TimeZone::UTC, None) {
        assert!(count.share() >= 0.95 && count.other_year == 0);
    }
}

#[test]
fn a_zone_in_the_text_beats_the_sites() {
    let Some(rows) = rows("rsshub_tz.jsonl") else { return };
    let mut count = Count::default();
    for row in rows {
        let hours = row.get("site_offset_hours").and_then(Value::as_f64).unwrap();
        let zone = TimeZone::fixed(Offset::from_seconds((hours * 3600.0) as i32).unwrap());
        let expected: Timestamp = field(&row, "expect_utc").parse().unwrap();
        let context = Context { now: "2026-11-01T00:00:00Z".parse().unwrap(), zone: &zone, language: None };
        let moment = date::read(field(&row, "text"), Origin::Data, &context);
        count.add(field(&row, "text"), moment, zone.to_datetime(expected), &zone);
    }
    count.show("rsshub_tz.jsonl");
    count.show_misses();
    assert!(count.share() >= 0.95 && count.other_year == 0);
}

#[test]
fn the_past_is_told_in_many_languages() {
    let Some(rows) = rows("dateparser_rel.jsonl") else { return };
    let zone = TimeZone::UTC;
    let mut all = Count::default();
    let mut scripts: BTreeMap<&str, Count> = BTreeMap::new();
    for row in rows.iter().filter(|row| field(row, "dir") == "ago") {
        let now = instant(row, &zone);
        let Some(expected) = before(zone.to_datetime(now), row.get("delta").unwrap()) else { continue };
        let text = field(row, "text");
        let context = Context { now, zone: &zone, language: None };
        let moment = date::read(text, Origin::List, &context);
        all.add(text, moment, expected, &zone);
        scripts.entry(script(text)).or_default().add(text, moment, expected, &zone);
    }
    for (script, count) in &scripts {
        count.show(script);
    }
    all.show("dateparser_rel");
    all.show_misses();
    assert!(all.share() >= 0.95, "{}", all.share());
}

/// The local time that lies so long before `now`.
fn before(now: DateTime, delta: &Value) -> Option<DateTime> {
    let mut span = Span::new();
    let mut seconds = 0.0;
    for (unit, value) in delta.as_object().unwrap() {
        let value = value.as_f64().unwrap();
        let (unit, length) = match unit.trim_end_matches('s') {
            "year" => (Unit::Year, 0.0),
            "month" => (Unit::Month, 0.0),
            "week" => (Unit::Week, 604_800.0),
            "day" => (Unit::Day, 86_400.0),
            "hour" => (Unit::Hour, 3600.0),
            "minute" => (Unit::Minute, 60.0),
            _ => (Unit::Second, 1.0),
        };
        if value.fract() == 0.0 && unit >= Unit::Day {
            span = match unit {
                Unit::Year => span.try_years(value as i64).ok()?,
                Unit::Month => span.try_months(value as i64).ok()?,
                Unit::Week => span.try_weeks(value as i64).ok()?,
                _ => span.try_days(value as i64).ok()?,
            };
        } else {
            seconds += value * length;
        }
    }
    now.checked_sub(span).ok()?.checked_sub(Span::new().seconds(seconds as i64)).ok()
}

fn script(text: &str) -> &'static str {
    let has = |range: std::ops::RangeInclusive<u32>| text.chars().any(|c| range.contains(&u32::from(c)));
    if has(0x4E00..=0x9FFF) {
        "han"
    } else if has(0x0400..=0x04FF) {
        "cyrillic"
    } else if has(0x0600..=0x06FF) {
        "arabic"
    } else if has(0x0900..=0x0DFF) {
        "indic"
    } else if has(0x0E00..=0x0E7F) {
        "thai"
    } else if text.is_ascii() {
        "ascii"
    } else {
        "other"
    }
}
