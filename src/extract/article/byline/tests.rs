use super::names::{printed, split};
use crate::extract::article::tests::{read, with_between};

#[test]
fn a_byline_is_its_names_alone() {
    for (text, names) in [
        ("By Ann Bell", &["Ann Bell"][..]),
        ("By Ann Bell and Bob Cole", &["Ann Bell", "Bob Cole"]),
        ("Ann Bell, MD, Bob Cole, PhD", &["Ann Bell", "Bob Cole"]),
        ("Ann Bell, Head of Marketing and Sales", &["Ann Bell"]),
        ("Ann Bell, staff writer; Bob Cole, editor", &["Ann Bell", "Bob Cole"]),
        ("ANN BELL March 11, 2015 3:46 PM", &["ANN BELL"]),
        ("Dec 17, 2025 by Ann Bell", &["Ann Bell"]),
        ("Von A. B. am 7. August 2013", &["A. B."]),
        ("Von Ann Bell und Bob Cole, aktualisiert am 3. Mai 2021", &["Ann Bell", "Bob Cole"]),
        ("Ann (Mary) Bell", &["Ann (Mary) Bell"]),
        ("Ann Bell (with others)", &["Ann Bell"]),
        ("Ann Bell | The Valley Post", &["Ann Bell"]),
        ("Ann Bell https://example.org/ann", &["Ann Bell"]),
        ("Ann Bell ann[at]example.org", &["Ann Bell"]),
        ("作者：王小明、李四光", &["王小明", "李四光"]),
        ("김철수 기자", &["김철수"]),
        ("Publiziert am", &[]),
        ("Dec 17, 2025", &[]),
        ("Last updated: May 3, 2024", &[]),
        ("Categories:", &[]),
        ("01:30 Min", &[]),
        ("6 min read", &[]),
        ("Staff", &[]),
        ("评论员", &[]),
        ("https://example.org/ann", &[]),
    ] {
        assert_eq!(split(text), names, "{text}");
    }
}

#[test]
fn prose_that_begins_as_a_byline_names_nobody() {
    for text in ["experienced gardeners, everything in between", "thème, par pays", "news, sport"] {
        assert!(printed(text).is_empty(), "{text}: {:?}", printed(text));
    }
    assert_eq!(printed("uriebe"), ["uriebe"]);
}

/// A page with something between its title and its story, and something behind it.
fn page(head: &str, foot: &str) -> Vec<String> {
    let story = with_between("");
    let (title, story) = story.split_at(story.find("<div").unwrap());
    read(&format!("<html lang=en>{title}{head}{story}{foot}</html>")).byline
}

#[test]
fn a_name_stands_beside_its_label_in_any_element() {
    for head in [
        "<div><span>By</span><span>Ann Bell</span></div>",
        "<p>By <a href=/people/ann>Ann Bell</a> <a href=/print>Print this page</a></p>",
        "<div><small>WRITTEN BY</small><p><strong>Ann Bell</strong></p></div>",
        "<h3>Author</h3><h4><a href=/x>Ann Bell</a></h4>",
        "<div><time>03/01/2017</time> by Ann Bell, representative of the committee</div>",
        "<div>Posted on September 21, 2020 by Ann Bell</div>",
        "<div><a href=/authors/ann-bell>Ann Bell</a></div>",
        "<p>This post was written by Ann Bell, a doctor of the valley.</p>",
        "<div class=authors><span>Dec 17, 2023</span><span>Ann Bell</span></div>",
    ] {
        assert_eq!(page(head, ""), ["Ann Bell"], "{head}");
    }
    assert_eq!(page("<p>By <a href=/a>Ann Bell</a> and <a href=/b>Bob Cole</a></p>", ""), ["Ann Bell", "Bob Cole"]);
    let links = "<div><a rel=author href=/a>Ann Bell</a></div><div><a rel=author href=/b>Bob Cole</a></div>";
    assert_eq!(page(links, ""), ["Ann Bell", "Bob Cole"]);
}

#[test]
fn menus_and_advertisements_name_nobody() {
    for (head, foot) in [
        ("<ul><li><a href=/authors>Authors</a></li><li><a href=/news>News</a></li></ul>", ""),
        ("<div class=meta><span>December 16, 2023</span> | Categories: <a href=/c>Mills</a></div>", ""),
        ("", "<div><a href=https://ads.example.net/x rel=nofollow><span>by Adland</span></a></div>"),
        ("", "<div class=comments><div class=comment-author>Eve Moor</div><p>I do not think so at all.</p></div>"),
    ] {
        let names = page(head, foot);
        assert!(names.is_empty(), "{head}{foot}: {names:?}");
    }
}

#[test]
fn a_chinese_name_may_stand_alone_below_the_title() {
    let page = |line: &str| {
        let story = "<p>五月的清晨，镇上的新变电站正式送电，附近两千多户居民从此告别了电压不稳的日子，企业也敢添置新设备了。</p>";
        read(&format!(
            "<html lang=zh><title>路是人走出来的</title><h1>路是人走出来的</h1><p>{line}</p><div>{}</div>",
            story.repeat(5)
        ))
        .byline
    };
    assert_eq!(page("胡平"), ["胡平"]);
    assert!(page("要闻").is_empty());
    assert!(page("高清").is_empty());
}
