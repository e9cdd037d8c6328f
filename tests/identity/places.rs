//! One story in many places: two sources with each other's articles, twins, a private source beside a public one, and pages that
//! are not as pages should be.

use tearsheet::feed::Format;

use crate::{
    day,
    town::{Town, row, source},
};

const TITLE: &str = "国家电网公司发布新型电力系统建设行动方案";

fn pair(site: &crate::site::Site, more: &str) -> String {
    let sources = source(site, "one", "/one/", more) + &source(site, "two", "/two/", more);
    sources + "[[feed]]\nid = \"both\"\nsources = [\"one\", \"two\"]\n"
}

#[test]
fn two_sources_with_each_others_articles_have_each_once_and_alter_nothing() {
    let mut town = Town::new(|site| pair(site, ""));
    let rows = |from: u32, name: &str| -> Vec<_> {
        (from..from + 5)
            .map(|n| row(&format!("/a/{n}.html"), &format!("{name}第{n}条消息的标题"), "2022-01-01"))
            .collect()
    };
    town.site.list("/one/", &rows(0, "甲"));
    town.visit("one", day(1));
    town.site.list("/two/", &[rows(0, "乙"), rows(10, "乙")].concat());
    town.visit("two", day(2));
    town.site.list("/one/", &[rows(0, "甲"), rows(10, "丙")].concat());
    town.visit("one", day(3));
    let both = town.entries("both");
    assert_eq!(both.len(), 10);
    for article in &both {
        let first = if article.url.contains("/a/1") && article.url.len() > 30 { "乙" } else { "甲" };
        let ten = article.title.chars().filter(char::is_ascii_digit).count() == 2;
        assert!(article.title.starts_with(if ten { "乙" } else { "甲" }), "{first} {}", article.title);
        assert_eq!((article.sightings.len(), article.revision), (2, 0));
    }
    assert_eq!((town.entries("one").len(), town.entries("two").len()), (10, 10));
}

#[test]
fn nothing_of_a_private_source_reaches_a_public_feed() {
    let public = |site: &crate::site::Site| pair(site, "").replace("id = \"both\"\n", "id = \"both\"\nlength = 500\n");
    let mut town = Town::new(public);
    town.site.list("/one/", &[row("/a/1.html", TITLE, "2022-01-01")]);
    town.site.list("/two/", &[row("/a/1.html", TITLE, "2022-01-01")]);
    town.visit("one", day(1));
    town.visit("two", day(1));
    // The source becomes private and goes on with other words for the same address, and at a new one.
    let text = source(&town.site, "one", "/one/", "private = true")
        + &source(&town.site, "two", "/two/", "")
        + "[[feed]]\nid = \"both\"\nsources = [\"two\"]\n";
    town.configure(&text);
    town.site.list(
        "/one/",
        &[
            row("/a/1.html", "机密：内部版本的标题", "2022-01-01"),
            row("/secret/9.html", &format!("机密{TITLE}"), "2022-01-02"),
        ],
    );
    town.visit("one", day(2));
    // All its addresses change overnight.
    town.site.list(
        "/one/",
        &[row("/hidden/1.html", TITLE, "2022-01-01"), row("/hidden/2.html", "机密：又一条内部消息", "2022-01-02")],
    );
    town.visit("one", day(3));
    town.site.list(
        "/two/",
        &[
            row("/a/1.html", TITLE, "2022-01-01"),
            row("/b/2.html", &format!("机密{TITLE}").replace("机密", ""), "2022-01-02"),
        ],
    );
    town.visit("two", day(4));
    for feed in ["two", "both"] {
        for format in Format::ALL {
            let written = town.written(feed, format);
            assert!(written.contains(TITLE), "{written}");
            for word in ["机密", "secret", "hidden", "另见"] {
                assert!(!written.contains(word), "{word} in {feed}\n{written}");
            }
        }
    }
    let shared = town.articles("two");
    assert!(shared.iter().all(|article| article.aliases.is_empty()), "an address of the private source is an alias");
}

#[test]
fn twins_are_judged_once_more_when_the_text_comes_and_nothing_is_taken_back() {
    let story = |outlet: &str| {
        let body: String = (0..12)
            .map(|n| format!("<p>第{n}段：国家电网有限公司在会上表示，今年将在华东、华北和西北地区新建{n}条特高压线路，项目总投资约三百亿元，{outlet}记者现场了解到施工进展顺利。</p>"))
            .collect();
        format!(
            "<!DOCTYPE html><html lang=zh-CN><title>报道</title><body><h1>报道</h1><div class=article>{body}</div></body></html>"
        )
    };
    let mut town = Town::new(|site| pair(site, "full_text = true"));
    town.site.html("/a/1.html", story("本报"));
    town.site.html("/b/1.html", story("本报"));
    town.site.list("/one/", &[row("/a/1.html", "特高压今年新建多条线路的消息", "2022-01-01")]);
    town.site.list("/two/", &[row("/b/1.html", "三百亿元投向三个地区的电网", "2022-01-01")]);
    town.visit("one", day(1));
    let shown = town.entries("both").first().map(|article| article.key);
    // Its text is read in the same visit: no reader had it before.
    town.visit("two", day(1));
    let both = town.entries("both");
    assert_eq!((both.len(), both.first().map(|article| article.key)), (1, shown));
    assert!(town.written("both", Format::Rss).contains("另见"));
    let joined = town.articles("two").first().map(|article| (article.twin_of, article.twin_late));
    assert_eq!(joined, Some((shown, false)));

    // Where the text comes hours later, readers have the article: it stays, and each links the other.
    let mut town = Town::new(|site| pair(site, "full_text = true"));
    town.site.html("/a/1.html", story("本报"));
    town.site.list("/one/", &[row("/a/1.html", "特高压今年新建多条线路的消息", "2022-01-01")]);
    town.site.list("/two/", &[row("/b/1.html", "三百亿元投向三个地区的电网", "2022-01-01")]);
    town.visit("one", day(1));
    town.visit("two", day(1));
    let before: Vec<_> = town.entries("both").iter().map(|article| article.key).collect();
    assert_eq!(before.len(), 2);
    town.site.html("/b/1.html", story("本报"));
    town.visit("two", day(2));
    let both = town.entries("both");
    assert_eq!(both.iter().map(|article| article.key).collect::<Vec<_>>(), before);
    assert!(both.iter().all(|article| article.content.as_ref().is_some_and(|html| html.as_str().contains("另见"))));
}

#[test]
fn articles_of_one_form_on_one_site_are_as_many_as_there_are() {
    let mut town = Town::new(|site| pair(site, "full_text = true"));
    // Nine tenths of each are the same words, as in a series of bulletins.
    let frame = |n: u32| -> String {
        let common: String = (1..9)
            .map(|k| format!("<p>本期通报第{k}部分介绍电网运行的总体情况、设备检修的安排和需要各单位注意的事项。</p>"))
            .collect();
        let own = ["风电", "光伏", "水电", "核电", "火电", "储能"][n as usize % 6];
        format!(
            "<title>{own}通报</title><h1>{own}通报</h1><div class=article>{common}<p>{own}机组本周投产，由{own}公司建设。</p></div>"
        )
    };
    for n in 0..6 {
        town.site.html(&format!("/a/{n}.html"), frame(n));
        town.site.html(&format!("/b/{n}.html"), frame(n));
    }
    let rows = |to: &str| -> Vec<_> {
        let names = ["风电", "光伏", "水电", "核电", "火电", "储能"];
        (0..6_u32)
            .map(|n| {
                row(&format!("/{to}/{n}.html"), &format!("关于本周{}运行情况的通报", names[n as usize]), "2022-01-01")
            })
            .collect()
    };
    town.site.list("/one/", &rows("a"));
    town.visit("one", day(1));
    assert_eq!(town.entries("one").len(), 6, "six bulletins, and none hides another");
    // The same bulletins in another column, under other addresses: each is told once.
    town.site.list("/two/", &rows("b"));
    town.visit("two", day(1));
    assert_eq!(town.entries("both").len(), 6);
}

#[test]
fn thresholds_and_dry_run_are_settings() {
    let rows = |town: &Town| {
        town.site.list("/one/", &[row("/a/1.html", TITLE, "2022-01-01")]);
        town.site.list("/two/", &[row("/b/1.html", TITLE, "2022-01-03")]);
    };
    for (settings, entries) in [("", 1), ("[twins]\ndry_run = true\n", 2), ("[twins]\nwindow = \"1d\"\n", 2)] {
        let mut town = Town::new(|site| format!("{}\n{settings}", pair(site, "")));
        rows(&town);
        town.visit("one", day(3));
        town.visit("two", day(3));
        assert_eq!(town.entries("both").len(), entries, "{settings}");
    }
}

#[test]
fn an_address_that_is_used_again_is_one_article_that_changes_or_many_as_identity_says() {
    let days = ["2022-01-01", "2022-01-02", "2022-01-03"];
    let title = |date: &str| format!("每日电力市场行情 {date}");
    let visit = |town: &mut Town, told: &mut Vec<String>| {
        for (n, date) in days.iter().enumerate() {
            town.site.list("/one/", &[row("/daily.html", &title(date), date)]);
            let visited = town.visit("one", day(i64::try_from(n).unwrap()));
            told.extend(
                visited.report.problems.iter().map(|problem| format!("{} ({})", problem.reason, problem.advice)),
            );
        }
    };
    let mut told = Vec::new();
    let mut town = Town::new(|site| source(site, "one", "/one/", ""));
    visit(&mut town, &mut told);
    let one = town.articles("one");
    assert_eq!((one.len(), one[0].revision, one[0].title.clone()), (1, 2, title(days[2])));
    assert!(told.iter().any(|told| told.contains("used again") && told.contains("identity = [")), "{told:?}");
    let mut told = Vec::new();
    let mut town = Town::new(|site| source(site, "one", "/one/", "identity = [\"title\", \"date\"]"));
    visit(&mut town, &mut told);
    let many = town.articles("one");
    assert_eq!((many.len(), told.len()), (3, 0), "{told:?}");
    assert!(many.iter().all(|article| article.revision == 0));
}

#[test]
fn edits_are_told_or_not() {
    for (more, told) in [("", true), ("edits = \"silent\"", false)] {
        let mut town = Town::new(|site| source(site, "one", "/one/", more));
        town.site.list("/one/", &[row("/a/1.html", TITLE, "2022-01-01")]);
        town.visit("one", day(1));
        let before = (town.written("one", Format::Atom), town.written("one", Format::Json));
        town.site.list("/one/", &[row("/a/1.html", "更正后的标题是另一个", "2022-01-01")]);
        town.visit("one", day(2));
        let after = (town.written("one", Format::Atom), town.written("one", Format::Json));
        let updated =
            |text: &str, from: &str, to: &str| text.split(from).nth(1).unwrap().split(to).next().unwrap().to_owned();
        let atom = |text: &str| updated(text, "<updated>", "</updated>");
        let json = |text: &str| updated(text, "\"date_modified\":\"", "\"");
        assert_eq!(atom(&before.0) != atom(&after.0), told, "{}", after.0);
        assert_eq!(json(&before.1) != json(&after.1), told, "{}", after.1);
        assert!(after.0.contains("更正后") && after.1.contains("更正后"), "the text itself is the new one");
        assert_eq!(town.articles("one")[0].revision, 1);
    }
}

#[test]
fn items_without_a_title_are_articles_of_their_own() {
    for more in ["", "identity = [\"title\"]"] {
        let mut town = Town::new(|site| source(site, "one", "/one/", more));
        let rows: Vec<_> = (0..5).map(|n| row(&format!("/a/{n}.html"), "", "2022-01-01")).collect();
        town.site.list("/one/", &rows);
        town.visit("one", day(1));
        assert_eq!(town.articles("one").len(), 5, "{more}");
        let visited = town.visit("one", day(2));
        assert_eq!(visited.report.counts.new, 0);
    }
}

#[test]
fn ten_thousand_items_on_one_page_are_ten_thousand_articles_once() {
    let many = if std::env::var_os("TEARSHEET_FULL").is_some() { 10_000 } else { 2_000 };
    let mut town = Town::new(|site| source(site, "one", "/one/", ""));
    let rows: Vec<_> =
        (0..many).map(|n| row(&format!("/a/{n}.html"), &format!("第{n}条消息的标题"), "2022-01-01")).collect();
    town.site.list("/one/", &rows);
    let begun = std::time::Instant::now();
    let visited = town.visit("one", day(1));
    assert_eq!(visited.report.counts.new, many, "{:?}", visited.report.problems);
    println!("{many} items: first visit {:?}", begun.elapsed());
    let mut again = rows.clone();
    again.reverse();
    again.push(row("/a/new.html", "另外一条消息的标题", "2022-01-02"));
    town.site.list("/one/", &again);
    let visited = town.visit("one", day(2));
    assert_eq!(visited.report.counts.new, 1);
    assert_eq!(town.articles("one").len(), usize::try_from(many).unwrap() + 1);
}
