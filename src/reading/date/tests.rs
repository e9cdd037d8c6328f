//! Forms that publishing systems print, texts that hold no date, and laws that hold for any text.

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};
use proptest::prelude::*;
use url::Url;

use super::{Context, Written, find, from_url, read, read_as};
use crate::model::{Moment, Origin, Precision};

fn at(now: &str) -> Timestamp {
    now.parse().unwrap()
}

/// What a text says at noon of 4 July 2022 in China's zone, in the language given.
fn said(text: &str, language: &str) -> String {
    let zone = TimeZone::fixed(Offset::constant(8));
    let language = (!language.is_empty()).then_some(language);
    let context = Context { now: at("2022-07-04T04:00:00Z"), zone: &zone, language };
    read(text, Origin::List, &context).map_or_else(|| "none".into(), |moment| moment.written())
}

#[track_caller]
fn check(cases: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, language, expected)| said(text, language) != *expected)
        .map(|(text, language, expected)| format!("{text:?} → {}, expected {expected}", said(text, language)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dates_stand_among_other_words() {
    check(&[
        ("电网建设2021-12-29", "zh", "2021-12-29"),
        ("南方电网报发布时间:2021-12-30 10:07:53", "zh", "2021-12-30T10:07:53+08:00"),
        ("发布时间：2019-05-18 来源：中国地理学会", "zh", "2019-05-18"),
        ("[2021-12-30]国家能源局发布通知", "zh", "2021-12-30"),
        ("国家能源局发布通知 12-30", "zh", "2021-12-30"),
        ("12-30 国家能源局发布通知", "zh", "2021-12-30"),
        ("刚刚 来源：新华网", "zh", "2022-07-04T12:00:00+08:00"),
        ("王明 12月30日", "zh", "2021-12-30"),
        ("Ann Lee | March 22 | News", "en", "2022-03-22"),
        ("国家能源局发布通知[07-03]", "zh", "2022-07-03"),
        ("11月30日国务院会议纪要 2021-12-02", "zh", "2021-12-02"),
        ("Posted on December 30, 2021 by Ann", "en", "2021-12-30"),
        ("By Ann Lee | Published: 30 Dec 2021 | 5 min read", "en", "2021-12-30"),
        ("Posted 2 hours ago in News", "en", "2022-07-04T10:00:00+08:00"),
        ("3小时前 来源：新华网", "zh", "2022-07-04T09:00:00+08:00"),
        ("记者 王明 昨天 10:07 阅读 332", "zh", "2022-07-03T10:07:00+08:00"),
        ("Опубликовано 28 октября 2021 в 07:54", "ru", "2021-10-28T07:54:00+08:00"),
        ("Veröffentlicht am 21.12.2021 um 14:30 Uhr", "de", "2021-12-21T14:30:00+08:00"),
        ("Publié le 22 janvier 2022 à 14h40 par Luc", "fr", "2022-01-22T14:40:00+08:00"),
        ("입력 2021.12.30 10:07 수정 2021.12.30 11:00", "ko", "2021-12-30T10:07:00+08:00"),
        ("公開日：2021年12月30日（木）10時07分", "ja", "2021-12-30T10:07:00+08:00"),
    ]);
}

#[test]
fn machines_write_in_the_forms_of_standards() {
    check(&[
        ("2021-12-30T10:07:53Z", "", "2021-12-30T10:07:53+00:00"),
        ("2021-12-30T10:07:53.123+0530", "", "2021-12-30T10:07:53.123+05:30"),
        ("20211230T100753Z", "", "2021-12-30T10:07:53+00:00"),
        ("Thu, 30 Dec 2021 10:07:53 GMT", "", "2021-12-30T10:07:53+00:00"),
        ("Thursday, 30-Dec-21 10:07:53 GMT", "", "2021-12-30T10:07:53+00:00"),
        ("Thu Dec 30 10:07:53 2021", "", "2021-12-30T10:07:53+08:00"),
        ("Thu Dec 30 10:07:53 CST 2021", "zh", "2021-12-30T10:07:53+08:00"),
        ("Thu, 30 Dec 2021 10:07:53 -0500 (EST)", "", "2021-12-30T10:07:53-05:00"),
        ("Thu Dec 30 2021 10:07:53 GMT+0800 (China Standard Time)", "", "2021-12-30T10:07:53+08:00"),
        ("December 30, 2021 10:07 AM ET", "en", "2021-12-30T10:07:00-05:00"),
        ("20211230100753", "", "2021-12-30T10:07:53+08:00"),
        ("1640830073", "", "2021-12-30T10:07:53+08:00"),
        ("1640830073000", "", "2021-12-30T10:07:53+08:00"),
    ]);
}

#[test]
fn languages_write_in_their_own() {
    check(&[
        ("二〇二一年十二月三十日", "zh", "2021-12-30"),
        ("２０２１年１２月３０日　１０：０７", "ja", "2021-12-30T10:07:00+08:00"),
        ("令和3年12月30日", "ja", "2021-12-30"),
        ("平成元年5月3日", "ja", "1989-05-03"),
        ("民國110年12月30日", "zh", "2021-12-30"),
        ("2021/12/30 下午3:07", "zh", "2021-12-30T15:07:00+08:00"),
        ("2021. 12. 30. 오후 3:07", "ko", "2021-12-30T15:07:00+08:00"),
        ("2021년 12월 30일 (목) 15:07", "ko", "2021-12-30T15:07:00+08:00"),
        ("30 ธันวาคม 2564", "th", "2021-12-30"),
        ("30 ธ.ค. 2564 10:07 น.", "th", "2021-12-30T10:07:00+08:00"),
        ("۹ دی ۱۴۰۰", "fa", "2021-12-30"),
        ("٣٠ ديسمبر ٢٠٢١", "ar", "2021-12-30"),
        ("30 كانون الأول 2021", "ar", "2021-12-30"),
        ("30 декабря 2021, 10:07", "ru", "2021-12-30T10:07:00+08:00"),
        ("30. joulukuuta 2021 klo 10.07", "fi", "2021-12-30T10:07:00+08:00"),
        ("30 de diciembre de 2021 a las 10:07", "es", "2021-12-30T10:07:00+08:00"),
        ("30 Aralık 2021 Perşembe 10:07", "tr", "2021-12-30T10:07:00+08:00"),
        ("2021. december 30.", "hu", "2021-12-30"),
        ("30 grudnia 2021, godz. 10:07", "pl", "2021-12-30T10:07:00+08:00"),
        ("Ngày 30 tháng 12 năm 2021", "vi", "2021-12-30"),
        ("03/04/2021", "en-US", "2021-03-04"),
        ("Public version posted 03/04/2021.", "", "2021-04-03"),
        ("03/04/2021", "en-GB", "2021-04-03"),
        ("03/04/2021", "fr", "2021-04-03"),
        ("21-12-30 10:07", "zh", "2021-12-30T10:07:00+08:00"),
        ("30.12.", "de", "2021-12-30"),
    ]);
}

#[test]
fn publishing_systems_print_in_many_ways() {
    check(&[
        ("时间:2021-12-30 10:07:53  点击:332次", "zh", "2021-12-30T10:07:53+08:00"),
        ("2021-12-30 10:07　|　来源：新华网", "zh", "2021-12-30T10:07:00+08:00"),
        ("2021年12月30日 星期四 10:07", "zh", "2021-12-30T10:07:00+08:00"),
        ("2021-12-30 星期四 下午 3:07", "zh", "2021-12-30T15:07:00+08:00"),
        ("2021/12/30(木) 10:07:53.12", "ja", "2021-12-30T10:07:53.12+08:00"),
        ("2021年12月30日上午10点07分", "zh", "2021-12-30T10:07:00+08:00"),
        ("2021年12月30日10时", "zh", "2021-12-30T10:00:00+08:00"),
        ("07月03日 10:07", "zh", "2022-07-03T10:07:00+08:00"),
        ("7-3", "zh", "none"),
        ("07-03", "zh", "2022-07-03"),
        ("(07/03)", "zh", "2022-07-03"),
        ("07-05", "zh", "2021-07-05"),
        ("2021-12-30来源：新华网 作者：王明", "zh", "2021-12-30"),
        ("文/王明 2021.12.30", "zh", "2021-12-30"),
        ("发布日期： 2021 - 12 - 30", "zh", "2021-12-30"),
        ("[日期：2021-12-30]", "zh", "2021-12-30"),
        ("2021—12—30", "zh", "2021-12-30"),
        ("2021-12-30 10：07：53", "zh", "2021-12-30T10:07:53+08:00"),
        ("更新于 2 天前", "zh", "2022-07-02"),
        ("发布于：昨天 18:20", "zh", "2022-07-03T18:20:00+08:00"),
        ("半小时前", "zh", "2022-07-04T11:30:00+08:00"),
        ("1 个月前", "zh", "2022-06-04"),
        ("两天前", "zh", "2022-07-02"),
        ("上周", "zh", "2022-06-27"),
        ("4일 전", "ko", "2022-06-30"),
        ("2022.07.03. 오후 11:07", "ko", "2022-07-03T23:07:00+08:00"),
        ("승인 2021.12.30 10:07", "ko", "2021-12-30T10:07:00+08:00"),
        ("1時間前", "ja", "2022-07-04T11:00:00+08:00"),
        ("7月3日 10時7分", "ja", "2022-07-03T10:07:00+08:00"),
        ("2022年7月3日 10:07 更新", "ja", "2022-07-03T10:07:00+08:00"),
        ("Dec 30, 2021, 10:07 PM EST", "en", "2021-12-30T22:07:00-05:00"),
        ("Updated 10:07 AM EDT, Thu July 1, 2021", "en", "2021-07-01T10:07:00-04:00"),
        ("Thursday 30 December 2021 10.07 GMT", "en-GB", "2021-12-30T10:07:00+00:00"),
        ("30th December 2021", "en", "2021-12-30"),
        ("Dec. 30", "en", "2021-12-30"),
        ("5 mins ago", "en", "2022-07-04T11:55:00+08:00"),
        ("Yesterday at 10:07 PM", "en", "2022-07-03T22:07:00+08:00"),
        ("2 days, 3 hours ago", "en", "2022-07-02T09:00:00+08:00"),
        ("Last updated: 2021-12-30 10:07 UTC", "en", "2021-12-30T10:07:00+00:00"),
        ("30/12/2021 - 10:07", "fr", "2021-12-30T10:07:00+08:00"),
        ("Jeudi 30 décembre 2021 - 10h07", "fr", "2021-12-30T10:07:00+08:00"),
        ("Le 30/12/2021 à 10:07", "fr", "2021-12-30T10:07:00+08:00"),
        ("hier à 10h07", "fr", "2022-07-03T10:07:00+08:00"),
        ("Donnerstag, 30. Dezember 2021, 10:07 Uhr", "de", "2021-12-30T10:07:00+08:00"),
        ("Stand: 30.12.2021, 10:07", "de", "2021-12-30T10:07:00+08:00"),
        ("30.12.21 | 10:07", "de", "2021-12-30T10:07:00+08:00"),
        ("vor 2 Std.", "de", "2022-07-04T10:00:00+08:00"),
        ("30 dic 2021 - 10:07 CET", "es", "2021-12-30T10:07:00+01:00"),
        ("jueves, 30 de diciembre del 2021", "es", "2021-12-30"),
        ("hace 3 días", "es", "2022-07-01"),
        ("ayer a las 10:07", "es", "2022-07-03T10:07:00+08:00"),
        ("30 Dicembre 2021 alle 10:07", "it", "2021-12-30T10:07:00+08:00"),
        ("3 ore fa", "it", "2022-07-04T09:00:00+08:00"),
        ("30/12/2021 às 10h07", "pt", "2021-12-30T10:07:00+08:00"),
        ("30 de dezembro de 2021 às 10:07", "pt", "2021-12-30T10:07:00+08:00"),
        ("há 3 horas", "pt", "2022-07-04T09:00:00+08:00"),
        ("сегодня, 10:07", "ru", "2022-07-04T10:07:00+08:00"),
        ("30 дек. 2021 г., 10:07 (МСК)", "ru", "2021-12-30T10:07:00+03:00"),
        ("30.12.2021 в 10:07", "ru", "2021-12-30T10:07:00+08:00"),
        ("3 дня назад", "ru", "2022-07-01"),
        ("30 грудня 2021, 10:07", "uk", "2021-12-30T10:07:00+08:00"),
        ("czwartek, 30 grudnia 2021 r.", "pl", "2021-12-30"),
        ("30 prosince 2021 v 10:07", "cs", "2021-12-30T10:07:00+08:00"),
        ("do 30 dec 2021 om 10:07 uur", "nl", "2021-12-30T10:07:00+08:00"),
        ("Publicerad 30 december 2021 kl. 10.07", "sv", "2021-12-30T10:07:00+08:00"),
        ("30. desember 2021 kl. 10:07", "nb", "2021-12-30T10:07:00+08:00"),
        ("Kamis, 30 Desember 2021 10:07 WIB", "id", "2021-12-30T10:07:00+07:00"),
        ("30/12/2021 10:07 GMT+7", "vi", "2021-12-30T10:07:00+07:00"),
        ("Thứ năm, 30/12/2021, 10:07 (GMT+7)", "vi", "2021-12-30T10:07:00+07:00"),
        ("3 giờ trước", "vi", "2022-07-04T09:00:00+08:00"),
        ("الخميس 30 ديسمبر 2021 - 10:07", "ar", "2021-12-30T10:07:00+08:00"),
        ("منذ 3 ساعات", "ar", "2022-07-04T09:00:00+08:00"),
        ("۳ ساعت پیش", "fa", "2022-07-04T09:00:00+08:00"),
        ("۱۴۰۰/۱۰/۰۹", "fa", "2021-12-30"),
        ("پنجشنبه ۹ دی ۱۴۰۰ ساعت ۱۰:۰۷", "fa", "2021-12-30T10:07:00+08:00"),
        ("לפני שעתיים", "he", "2022-07-04T10:00:00+08:00"),
        ("30 בדצמבר 2021", "he", "2021-12-30"),
        ("30 दिसंबर 2021, 10:07 AM IST", "hi", "2021-12-30T10:07:00+05:30"),
        ("3 घंटे पहले", "hi", "2022-07-04T09:00:00+08:00"),
        ("3 ชั่วโมงที่แล้ว", "th", "2022-07-04T09:00:00+08:00"),
        ("30 ธันวาคม พ.ศ. 2564 เวลา 10:07 น.", "th", "2021-12-30T10:07:00+08:00"),
        ("2021 m. gruodžio 30 d.", "lt", "2021-12-30"),
        ("30 Δεκεμβρίου 2021, 10:07", "el", "2021-12-30T10:07:00+08:00"),
        ("3 órája", "hu", "2022-07-04T09:00:00+08:00"),
        ("2 saat önce", "tr", "2022-07-04T10:00:00+08:00"),
        ("acum 3 ore", "ro", "2022-07-04T09:00:00+08:00"),
    ]);
}

#[test]
fn the_past_is_told_from_now() {
    check(&[
        ("刚刚", "zh", "2022-07-04T12:00:00+08:00"),
        ("前天 10:07", "zh", "2022-07-02T10:07:00+08:00"),
        ("今天 23:07", "zh", "2022-07-04"),
        ("3 天前", "zh", "2022-07-01"),
        ("3時間前", "ja", "2022-07-04T09:00:00+08:00"),
        ("3시간전", "ko", "2022-07-04T09:00:00+08:00"),
        ("어제", "ko", "2022-07-03"),
        ("先週", "ja", "2022-06-27"),
        ("il y a 3 h", "fr", "2022-07-04T09:00:00+08:00"),
        ("gestern, 10:07 Uhr", "de", "2022-07-03T10:07:00+08:00"),
        ("вчера в 10:07", "ru", "2022-07-03T10:07:00+08:00"),
        ("منذ ساعتين", "ar", "2022-07-04T10:00:00+08:00"),
        ("vor 3 Tagen", "de", "2022-07-01"),
        ("3 timer siden", "nb", "2022-07-04T09:00:00+08:00"),
        ("للتو", "ar", "2022-07-04T12:00:00+08:00"),
    ]);
}

#[test]
fn what_is_no_date_gives_none() {
    let texts = [
        "1234-56-78",
        "3.14",
        "v1.2.3",
        "1.2.13",
        "192.168.1.1",
        "10.12.20.1",
        "2021-12-3456",
        "010-8888-2021",
        "400-810-1990",
        "会议于12:30开始",
        "¥12.30",
        "Top 10",
        "24/7 support",
        "9-11 岁",
        "2021-13-45",
        "2021-02-30",
        "20211330",
        "8.8.8.8",
        "ISO 8601-1:2019",
        "GB/T 12-30",
        "5 min read",
        "Yesterday once more",
        "昨天的会议",
        "May the force be with you",
        "I saw 10 may bugs",
        "比亚迪汉将于7月10日上市",
        "6月上市新车汇总",
        "至今未获任何赔偿",
        "Coming on March 22",
        "Most boring film ever",
        "Aksys Lays Out E3 2013 Open House",
        "HSBC Bank USA, N.A. v. Rosa",
        "$4M for unmade bed",
        "现在开始",
        "V-A-K",
        "Op. Atty. Gen 16-b",
        "25-01 Newkirk Ave., LLC",
        "今天16点直播",
        "第12期",
        "2021年",
        "12月",
        "3日",
        "December 2021",
        "2035年12月31日前完成目标",
        "1900-01-01",
        "0000-00-00",
        "00:00",
        "13800138000",
        "978-7-111-12345-6",
        "no. 20211230123",
        "3/4 of people",
        "1-2",
        "1920x1080",
        "3.5.2",
        "ISBN 7-302-12260-1",
        "阅读 12-3",
        "F-16/12",
        "1,234,567",
        "+86 10 1234 5678",
        "12%",
        "100 years ago today, the war ended",
        "第十二届",
        "一",
        "2021-12-30-10-07-99-1",
        "",
    ];
    let read: Vec<String> = texts
        .iter()
        .filter(|text| !text.starts_with("00:"))
        .map(|text| (text, said(text, "")))
        .filter(|(_, said)| said != "none")
        .map(|(text, said)| format!("{text:?} → {said}"))
        .collect();
    assert!(read.is_empty(), "{}", read.join("\n"));
}

#[test]
fn the_range_is_that_of_the_date_alone() {
    let zone = TimeZone::UTC;
    let context = Context { now: at("2022-07-04T04:00:00Z"), zone: &zone, language: None };
    let range = |text: &str| {
        find(text, Origin::List, &context)
            .map(|found| (text.get(found.range).unwrap().to_owned(), found.written))
            .unwrap()
    };
    assert_eq!(range("南方电网报2021-12-30 10:07:53来源"), ("2021-12-30 10:07:53".into(), Written::Full));
    assert_eq!(range("作者 3小时前 阅读"), ("3小时前".into(), Written::Relative));
    assert_eq!(range("（12月30日）"), ("12月30日".into(), Written::Yearless));
    assert_eq!(range("5 min"), ("5 min".into(), Written::Bare));
    assert_eq!(range("On May 3, 2021, it rained"), ("May 3, 2021".into(), Written::Full));
}

#[test]
fn gaps_and_folds_follow_the_compatible_rule() {
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    let context = Context { now: at("2022-07-04T04:00:00Z"), zone: &zone, language: None };
    let read = |text| read(text, Origin::List, &context).unwrap().written();
    assert_eq!(read("2022-03-27 02:30"), "2022-03-27T03:30:00+02:00");
    assert_eq!(read("2021-10-31 02:30"), "2021-10-31T02:30:00+02:00");
}

#[test]
fn addresses_name_days() {
    let zone = TimeZone::UTC;
    let context = Context { now: at("2022-07-04T04:00:00Z"), zone: &zone, language: None };
    let day = |path: &str| {
        let url = Url::parse(&format!("https://example.org{path}")).unwrap();
        from_url(&url, &context).map(|moment| moment.written())
    };
    for path in [
        "/dw/20211230/127890.html",
        "/2021/12/30/a",
        "/2021-12/30/c_112.htm",
        "/202112/t20211230_123.html",
        "/a/2021-12-30-title",
        "/content_20211230.htm",
        "/2021/1230/12.html",
        "/202112/30/x.html",
        "/art/2021/12/30/art_1_2.html",
    ] {
        assert_eq!(day(path).as_deref(), Some("2021-12-30"), "{path}");
    }
    for path in [
        "/a/120211230",
        "/id/99999999",
        "/20351230/1",
        "/p/20211330",
        "/2021/12/a",
        "/12345678.html",
        "/1.2.3/",
        "/19700101/",
        "/20220801/x",
    ] {
        assert_eq!(day(path), None, "{path}");
    }
}

#[test]
fn a_rules_pattern_is_kept_to() {
    let zone = TimeZone::fixed(Offset::constant(8));
    let context = Context { now: at("2022-07-04T04:00:00Z"), zone: &zone, language: None };
    let read = |text, pattern| {
        read_as(text, pattern, Origin::List, &context).map(|moment| moment.written()).map_err(|bad| bad.to_string())
    };
    assert_eq!(read("2021-12-30", "%Y-%m-%d").as_deref(), Ok("2021-12-30"));
    assert_eq!(read("电网建设 2021-12-30 x", "%Y-%m-%d").as_deref(), Ok("2021-12-30"));
    assert_eq!(read("12-30 10:07", "%m-%d %H:%M").as_deref(), Ok("2021-12-30T10:07:00+08:00"));
    assert_eq!(read("2021年12月30日", "%Y年%m月%d日").as_deref(), Ok("2021-12-30"));
    assert_eq!(read("30/12/2021 10:07 +0000", "%d/%m/%Y %H:%M %z").as_deref(), Ok("2021-12-30T10:07:00+00:00"));
    assert_eq!(read("1640830073", "%s").as_deref(), Ok("2021-12-30T10:07:53+08:00"));
    assert!(read("soon", "%Y-%m-%d").unwrap_err().contains("%Y-%m-%d"));
    assert!(read("2021", "%Y").unwrap_err().contains("no month and day"));
    assert!(read("2021-02-30", "%Y-%m-%d").is_err());
}

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
