//! Laws that hold for any text.

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};
use proptest::prelude::*;
use url::Url;

use super::{
    super::{Context, Written, find, from_url, read, read_as},
    at,
};
use crate::model::{Moment, Origin, Precision};

#[test]
fn long_texts_take_linear_time() {
    let zone = TimeZone::UTC;
    let context = Context { now: at("2022-07-04T04:00:00Z"), zone: &zone, language: None };
    for piece in [
        "1",
        "1 ",
        "1-",
        "12:",
        "一",
        "il ",
        "a ",
        "3 小时 ",
        "12月",
        "1 mar ",
        "the ",
        "(",
        "ago 1 ",
        "١",
        "'a",
        "e\u{301}",
        "vor 3 ",
        "2021-",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        let _ = find(&text, Origin::List, &context);
    }
}

/// Texts of pieces that the grammars know, in any order.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "2021",
        "12",
        "30",
        "7",
        "1",
        "0",
        "-",
        "/",
        ".",
        ":",
        " ",
        "年",
        "月",
        "日",
        "时",
        "分",
        "上午",
        "pm",
        "ago",
        "vor",
        "il y a",
        "hours",
        "day",
        "Mar",
        "12月",
        "昨天",
        "last",
        "Mon",
        "Friday",
        "T",
        "Z",
        "+",
        "08",
        "GMT",
        "小时前",
        "半",
        "二〇二一",
        "十",
        "民國",
        "令和",
        "พ.ศ.",
        "2564",
        "دی",
        "1400",
        "'",
        "a.m.",
        "\u{200b}",
        "（",
        "）",
        ",",
        "noon",
        "h",
        "99999999999999999999",
        "20211230",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_does_harm(text in prop_oneof![texts(), any::<String>()], pattern in "(%[a-zA-Z]|.){0,6}") {
        let zone = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        let context = Context { now: at("2022-07-04T04:00:00Z"), zone: &zone, language: Some("en") };
        if let Some(found) = find(&text, Origin::Text, &context) {
            prop_assert!(text.get(found.range).is_some_and(|date| !date.is_empty()));
            prop_assert!(found.written == Written::Full || found.moment.at <= context.now, "{text:?} {:?}", found.moment);
        }
        let _ = read_as(&text, &pattern, Origin::Text, &context);
        if let Ok(url) = Url::parse(&format!("https://example.org/{text}")) {
            let _ = from_url(&url, &context);
        }
    }

    #[test]
    fn what_is_written_is_read_again(second in 0_i64..1_700_000_000, quarter in -48_i32..=56, known in 0..3) {
        let offset = Offset::from_seconds(quarter * 900).unwrap();
        let zone = TimeZone::fixed(offset);
        let precision = [Precision::Day, Precision::Minute, Precision::Second][known as usize];
        let at = Timestamp::from_second(second).unwrap();
        let at = if precision == Precision::Day { zone.to_timestamp(zone.to_datetime(at).date().to_datetime(jiff::civil::Time::midnight())).unwrap() } else { at };
        let moment = Moment { at, offset: offset.seconds(), precision, origin: Origin::List };
        prop_assume!(zone.to_datetime(at).year() >= 1970);
        let context = Context { now: Timestamp::from_second(1_700_000_000).unwrap(), zone: &zone, language: None };
        let again = read(&moment.written(), Origin::List, &context).unwrap();
        prop_assert_eq!(again.at, moment.at);
        prop_assert_eq!(again.offset, moment.offset);
        prop_assert_eq!(again.precision == Precision::Day, precision == Precision::Day);
    }

    #[test]
    fn a_date_without_year_is_never_to_come(now in 0_i64..2_000_000_000, month in 1..=12, day in 1..=31, hour in 0..24, minute in 0..60, form in 0..4) {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let context = Context { now: Timestamp::from_second(now).unwrap(), zone: &zone, language: None };
        let text = match form {
            0 => format!("{month:02}-{day:02} {hour:02}:{minute:02}"),
            1 => format!("{month}月{day}日"),
            2 => format!("昨天 {hour}:{minute:02}"),
            _ => format!("{hour}:{minute:02}"),
        };
        if let Some(moment) = read(&text, Origin::List, &context) {
            prop_assert!(moment.at <= context.now);
            let days = context.now.duration_since(moment.at).as_hours() / 24;
            prop_assert!(days <= 366 || (month, day) == (2, 29));
        }
    }
}
