use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::model::ArticleKey;

/// Made-up sentences, each of other words, by number.
fn sentences(numbers: std::ops::Range<u32>) -> String {
    let character = |n: u32| char::from_u32(0x4e00 + n.wrapping_mul(2_654_435_761) % 6_000).unwrap();
    numbers.map(|n| (0..20).map(|at| character(n * 20 + at)).chain(['。']).collect::<String>()).collect()
}

fn twins(one: (&str, &str), other: (&str, &str)) -> bool {
    Evidence::of(&Sketch::of(one.0, one.1), &Sketch::of(other.0, other.1)).are_twins(&Thresholds::default())
}

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 50 + hours)
}

fn key(name: &str) -> ArticleKey {
    ArticleKey::of("", &[name])
}

fn told(name: &str, at: Timestamp) -> Telling {
    Telling { key: key(name), story: key(name), published: at, arrived: at }
}

#[test]
fn a_lead_a_cut_and_a_shortened_text_are_twins_of_the_whole() {
    let whole = sentences(0..60);
    for (name, part) in [
        ("lead", sentences(0..3)),
        ("cut", sentences(0..30) + "……[查看全文]"),
        ("without its beginning", sentences(12..60)),
        ("every third sentence left out", (0..60).filter(|n| n % 3 != 1).map(|n| sentences(n..n + 1)).collect()),
        ("framed", format!("原标题：某某\n{whole}\n责任编辑：某某\n【免责声明】本文仅代表作者个人观点，与本网无关。")),
    ] {
        assert!(twins(("", &whole), ("", &part)), "{name}");
        assert!(twins(("", &part), ("", &whole)), "{name}, the other way");
    }
}

#[test]
fn halves_shared_tails_and_shared_heads_are_not() {
    let (first, second) = (sentences(0..30), sentences(30..60));
    assert!(!twins(("长篇通讯：南网人的十二时辰（上）", &first), ("长篇通讯：南网人的十二时辰（下）", &second)));
    let tail = sentences(100..108);
    assert!(!twins(("", &(sentences(0..5) + &tail)), ("", &(sentences(10..15) + &tail))));
    let head = sentences(100..104);
    assert!(!twins(("", &(head.clone() + &sentences(0..10))), ("", &(head + &sentences(10..20)))));
}

#[test]
fn the_same_form_with_other_numbers_is_another_report() {
    let report = |day: u32, load: u32| {
        let text = format!(
            "{day}日，全网最高负荷{load}万千瓦，当日发电量{}万千瓦时，火电占{}%，全网运行平稳，未发生拉闸限电情况。",
            load * 18,
            load % 100
        );
        (format!("西南电网6月{day}日负荷情况"), text)
    };
    let (one, other) = (report(8, 1384), report(9, 1439));
    assert!(!twins((&one.0, &one.1), (&other.0, &other.1)));
    assert!(twins((&one.0, &one.1), ("转载", &one.1)));
}

#[test]
fn a_title_alone_tells_only_when_it_is_long_enough() {
    let long = "国务院办公厅印发关于新型电力系统建设的指导意见";
    assert!(twins((long, ""), (&long.replace("关于", "關於"), "")));
    assert!(!twins(("通知公告", ""), ("通知公告", "")));
    assert!(!twins(("关于召开第12次全体会议的通知", ""), ("关于召开第13次全体会议的通知", "")));
    assert!(!twins(("", ""), ("", "")));
}

#[test]
fn the_first_of_those_within_the_window_is_found() {
    let mut near = Near::new(Settings::default());
    let text = sentences(0..20);
    let sketch = Sketch::of("标题", &text);
    near.insert(told("later", at(3)), &sketch);
    near.insert(told("first", at(1)), &sketch);
    near.insert(told("other", at(2)), &Sketch::of("标题", &sentences(20..40)));
    assert_eq!(near.nearest(&sketch, at(5)).map(|found| found.key), Some(key("first")));
    assert_eq!(near.nearest(&sketch, at(1 + 7 * 24)).map(|found| found.key), Some(key("first")));
    assert_eq!(near.nearest(&sketch, at(2 + 7 * 24)).map(|found| found.key), Some(key("later")));
    assert_eq!(near.nearest(&sketch, at(9 * 24)), None);
    near.forget_before(at(24));
    assert!(near.is_empty());
}

#[test]
fn what_was_published_long_ago_and_came_today_is_found() {
    let mut near = Near::new(Settings::default());
    let sketch = Sketch::of("标题", &sentences(0..20));
    near.insert(Telling { arrived: at(24 * 300), ..told("old", at(0)) }, &sketch);
    near.forget_before(at(24 * 299));
    assert_eq!(near.nearest(&sketch, at(24)).map(|found| found.key), Some(key("old")));
    near.forget_before(at(24 * 301));
    assert_eq!(near.nearest(&sketch, at(24)), None);
}

#[test]
fn what_there_is_no_room_for_is_the_oldest() {
    let sketch = |n: u32| Sketch::of(&format!("标题{n}"), &sentences(n * 20..n * 20 + 20));
    let room = 5 * Near::bytes(&sketch(0)) + 100;
    let mut near = Near::new(Settings { room, ..Settings::default() });
    // More would repeat: there are so many made-up sentences.
    for n in 0..14 {
        near.insert(told(&n.to_string(), at(1)), &sketch(n));
    }
    assert!((4..=6).contains(&near.len()), "{}", near.len());
    assert_eq!(near.nearest(&sketch(13), at(2)).map(|found| found.key), Some(key("13")));
    assert_eq!(near.nearest(&sketch(0), at(2)), None);
}

#[test]
fn what_is_removed_or_tells_another_story_is_told_so() {
    let mut near = Near::new(Settings::default());
    let sketch = Sketch::of("标题", &sentences(0..20));
    near.insert(told("one", at(1)), &sketch);
    near.insert(Telling { story: key("one"), ..told("two", at(2)) }, &sketch);
    assert!(near.is_told_again(&key("one")) && !near.is_told_again(&key("two")));
    near.retell(&key("two"), key("two"));
    assert!(!near.is_told_again(&key("one")));
    near.remove(&key("one"));
    assert_eq!(near.nearest(&sketch, at(3)).map(|found| found.story), Some(key("two")));
}

#[test]
fn what_everybody_prints_leads_to_few() {
    let mut near = Near::new(Settings::default());
    let frame = sentences(900..910);
    for n in 0..300 {
        near.insert(told(&n.to_string(), at(0)), &Sketch::of("", &(sentences(n * 2..n * 2 + 2) + &frame)));
    }
    let known = sentences(200..202) + &frame;
    let found = near.nearest(&Sketch::of("", &known), at(1));
    assert_eq!(found.map(|found| found.key), Some(key("100")));
}
