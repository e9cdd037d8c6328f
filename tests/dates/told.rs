//! Dates as lists print them in many languages, told from now, without a year or by another calendar: `told.txt` holds what each means.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use tearsheet::{
    model::{Moment, Origin, Precision},
    reading::date::{self, Context},
};

const TABLE: &str = include_str!("told.txt");

/// How the table writes a moment: a day, or a minute where the text tells one.
fn written(moment: Option<Moment>, zone: &TimeZone) -> String {
    let Some(moment) = moment else { return "none".to_owned() };
    let local = zone.to_datetime(moment.at);
    match moment.precision {
        Precision::Day => local.date().to_string(),
        _ => local.strftime("%Y-%m-%dT%H:%M").to_string(),
    }
}

#[test]
fn what_lists_print_is_read_as_people_mean_it() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let now = zone.to_timestamp("2024-05-15T14:30:00".parse::<DateTime>().unwrap()).unwrap();
    let rows: Vec<[&str; 3]> = TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(" | ").collect::<Vec<_>>().try_into().unwrap())
        .collect();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|[language, text, expected]| {
            let context = Context { now, zone: &zone, language: Some(language) };
            let told = written(date::read(text, Origin::List, &context), &zone);
            (told != *expected).then(|| format!("{language} {text:?}: {told}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn a_day_without_a_year_is_never_to_come() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let mut day = jiff::civil::date(2023, 12, 30);
    while day.year() < 2025 {
        let now: Timestamp = zone.to_timestamp(day.at(0, 5, 0, 0)).unwrap();
        for text in [day.strftime("%m-%d"), day.tomorrow().unwrap().strftime("%m-%d")].map(|text| text.to_string()) {
            let context = Context { now, zone: &zone, language: Some("zh") };
            let told = date::read(&text, Origin::List, &context).unwrap();
            assert!(told.at <= now, "{text} on {day}");
        }
        day = day.tomorrow().unwrap();
    }
}
