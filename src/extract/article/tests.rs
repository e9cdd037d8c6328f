use encoding_rs::UTF_8;
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;
use url::Url;

use super::*;
use crate::model::{StoryRule, Validators};

fn page(address: &str, html: &str) -> Page {
    let url = Url::parse(address).unwrap();
    Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes: html.as_bytes().to_vec(),
        text: html.to_owned(),
        encoding: UTF_8,
        language: None,
        validators: Validators::default(),
    }
}

pub(super) fn read(html: &str) -> Read {
    let zone = TimeZone::fixed(Offset::constant(8));
    let context = Context {
        now: "2024-06-01T00:00:00Z".parse().unwrap(),
        zone: &zone,
        language: None,
        story: None,
        refrain: None,
    };
    article(&page("https://news.example.org/grid/2024/item.html", html), &context)
}

const CHINESE: &str = r#"<!DOCTYPE html><html lang="zh-CN"><head><title>新变电站投运 全镇用上稳定电_示例网</title></head><body>
<div class="top"><a href="/">首页</a> <a href="/a/">要闻</a> <span>今天是 2024年5月30日 星期四</span></div>
<div class="path">当前位置: <a href="/">首页</a> &gt; <a href="/grid/">电网</a> &gt; <a href="/grid/build/">建设</a></div>
<h1>新变电站投运 全镇用上稳定电</h1>
<div class="info"><span>示例日报</span><span>发布时间:2024-05-28 10:07:53</span></div>
<div class="content">
<p>　　五月的清晨,镇上的新变电站正式送电,附近两千多户居民从此告别了电压不稳的日子,企业也敢添置新设备了。</p>
<p><strong>从“等电用”到“用好电”</strong></p>
<p>　　站长介绍说,工程从去年秋天开工,克服了雨季长、道路窄等困难,前后调运设备三百余台次,最终提前二十天完成。</p>
<p>　　村民们说,以前逢年过节最怕跳闸,如今打米机和空调一起开也不用担心,日子一天比一天亮堂起来了。</p>
<p>示例日报记者 王小明 通讯员 李四光 赵六</p>
</div>
<form action="/comment"><div>用户名 密码 验证码 匿名发表</div><textarea></textarea></form>
<div class="related"><h3>相关阅读</h3><ul>
<li><a href="/1.html">另一座变电站开工建设</a><p>近日,另一座变电站在邻县开工建设,总投资一亿元…</p><span>2024-05-30</span></li>
</ul></div></body></html>"#;

#[test]
fn a_path_is_told_by_its_arrows_alone() {
    let path = r#"<p><a href="/">首页</a> &gt; <a href="/grid/">电网</a> &gt; <span>建设</span> &gt; 正文</p>"#;
    let labelled = r#"<div class="path">当前位置: <a href="/">首页</a> &gt; <a href="/grid/">电网</a> &gt; <a href="/grid/build/">建设</a></div>"#;
    assert_eq!(read(&CHINESE.replace(labelled, path)).columns, ["电网", "建设"]);
    let menu = r#"<p><a href="/">首页</a> <a href="/grid/">电网</a></p>"#;
    assert!(read(&CHINESE.replace(labelled, menu)).columns.is_empty());
}

#[test]
fn a_reprint_is_read_in_all_its_parts() {
    let read = read(CHINESE);
    assert_eq!(read.title.as_deref(), Some("新变电站投运 全镇用上稳定电"));
    assert_eq!(read.published.unwrap().written(), "2024-05-28T10:07:53+08:00");
    assert_eq!(read.outlet.as_deref(), Some("示例日报"));
    assert_eq!(read.byline, ["王小明", "李四光", "赵六"]);
    assert_eq!(read.columns, ["电网", "建设"]);
    let [heading, line, path] = [Place::Heading, Place::Line, Place::Path].map(Some);
    assert_eq!(read.found, Found { title: heading, outlet: line, byline: line, columns: path });
    assert_eq!(read.language.as_deref(), Some("zh"));
    let paragraphs: Vec<&str> = read.text.split("\n\n").collect();
    assert_eq!(paragraphs.len(), 5, "{}", read.text);
    assert_eq!(paragraphs.get(1), Some(&"从“等电用”到“用好电”"));
    for other in ["验证码", "相关阅读", "发布时间", "今天是"] {
        assert!(!read.text.contains(other) && !read.html.as_str().contains(other), "{other}");
    }
}

#[test]
fn structured_data_speak_for_the_page() {
    let html = r#"<html lang="en"><head><title>Quiet turbines | The Example</title><meta property="og:site_name" content="The Example">
<link rel="canonical" href="/grid/quiet"><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle",
"headline":"Quiet turbines","datePublished":"2024-03-05T08:30:00+01:00","dateModified":"2024-03-06T09:00:00+01:00",
"author":[{"@type":"Person","name":"Ana Ruiz"},{"@type":"Person","name":"Bo Lind"}],"publisher":{"@type":"Organization","name":"The Example"}}]}</script></head>
<body><nav><a href="/">Home</a></nav><h1>Quiet turbines</h1><article>
<p>Engineers on the coast have built a turbine, they say, that can hardly be heard from the nearest of the houses.</p>
<figure><img data-src="/p/1.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><figcaption>The first of them, in March.</figcaption></figure>
<p>Its blades are shaped like the wings of owls; the edges break the wind into threads, and so it makes less noise.</p>
<p>The town will decide in autumn whether more of them are built, after a second winter of measurements, it said.</p>
</article><section class="comments"><p>First! I have lived there for years, and let me tell you, it is not that quiet at all, 2024-05-01.</p></section>
<footer>© 2024 The Example</footer></body></html>"#;
    let read = read(html);
    assert_eq!(read.title.as_deref(), Some("Quiet turbines"));
    assert_eq!(read.published.unwrap().written(), "2024-03-05T08:30:00+01:00");
    assert_eq!(read.modified.unwrap().written(), "2024-03-06T09:00:00+01:00");
    assert_eq!(read.byline, ["Ana Ruiz", "Bo Lind"]);
    assert_eq!(read.outlet.as_deref(), Some("The Example"));
    assert_eq!((read.found.byline, read.found.title), (Some(Place::Data), Some(Place::Heading)));
    assert_eq!(read.canonical.unwrap().as_str(), "https://news.example.org/grid/quiet");
    assert_eq!(read.images.iter().map(Url::as_str).collect::<Vec<_>>(), ["https://news.example.org/p/1.jpg"]);
    assert_eq!(read.text.split("\n\n").count(), 3, "{}", read.text);
    assert!(read.html.as_str().contains("<figcaption>The first of them, in March.</figcaption>"));
    assert!(!read.html.as_str().contains("First!"));
}

#[test]
fn pages_without_a_story_say_why() {
    for (html, reason) in [
        (
            "<title>404 Not Found</title><h1>Page not found</h1><p>Sorry, the page you asked for is not here.</p>",
            "no such article",
        ),
        ("<title>A story</title><div>Please log in to continue</div>", "asks for a login"),
        ("<title>Film</title><video src='/a.mp4'></video>", "shows a video"),
        ("<title>Pictures</title><img src=1><img src=2><img src=3><img src=4>", "shows pictures"),
        ("<title>Empty</title><body></body>", "no text"),
        ("%PDF-1.7 \u{1}\u{2}", "PDF"),
    ] {
        let read = read(html);
        assert!(read.problems.iter().any(|problem| problem.reason.contains(reason)), "{html}: {:?}", read.problems);
        assert_eq!(read.text, "", "{html}");
        assert_eq!(read.html, CleanHtml::default(), "{html}");
    }
}

/// Reads a page on which a person has said where the story is.
fn read_by(html: &str, rule: &StoryRule) -> Read {
    let zone = TimeZone::UTC;
    let story = Story::compile(rule).unwrap();
    let now = "2024-06-01T00:00:00Z".parse().unwrap();
    let page = page("https://news.example.org/grid/item.html", html);
    article(&page, &Context { now, zone: &zone, language: None, story: story.as_ref(), refrain: None })
}

#[test]
fn a_person_may_say_where_the_story_is() {
    let long = "Prose of another kind, which says much, and more than the story does. ".repeat(20);
    let html = format!(
        "<h1>Light</h1><div class=a><p>Short.</p><p class=tip>Buy a lamp.</p><ul><li>One</li></ul></div><div><p>{long}</p></div>"
    );
    let rule = |content: &str, strip: &str| StoryRule {
        content: Some(content.to_owned()).filter(|text| !text.is_empty()),
        strip: Some(strip.to_owned()).filter(|text| !text.is_empty()),
    };
    let told = read_by(&html, &rule(".a", ".tip"));
    assert_eq!(told.text, "Short.\n\nOne");
    assert!(told.html.as_str().contains("<li>One</li>") && !told.html.as_str().contains("lamp"), "{:?}", told.html);
    assert!(told.problems.iter().all(|problem| !problem.reason.contains("content")));
    let stripped = read_by(&html, &rule("", "div:last-of-type"));
    assert!(!stripped.text.contains("another kind"), "{}", stripped.text);
    let missed = read_by(&html, &rule("#nowhere", ""));
    assert!(missed.text.contains("another kind"));
    assert!(missed.problems.iter().any(|problem| problem.reason.contains("`content` matches nothing")));
    assert!(Story::compile(&rule("div[", "")).is_err());
}

#[test]
fn the_title_is_the_heading_over_the_story() {
    let story = "<p>The turbines at the lower dam stood still for a day, and nobody could say why, until the diver came up.</p>".repeat(4);
    for (head, heading, title) in [
        // What is shared praises; the heading names.
        (
            "<title>Best quiet turbines | Grid</title><meta property=og:title content='Best quiet turbines'>",
            "<h1>Turbines that are quiet</h1>",
            "Turbines that are quiet",
        ),
        // A heading that leads home is the site's name.
        (
            "<title>The Grid: Quiet turbines</title>",
            "<h1><a href=/>The Grid</a></h1><h2>Quiet turbines</h2>",
            "Quiet turbines",
        ),
        // One word of the title is not the title.
        ("<title>How Discord and others fell | Host</title>", "<h2>Discord</h2>", "How Discord and others fell"),
        ("<title>電網新聞_能源_站點</title>", "<h1>電網新聞</h1>", "電網新聞"),
        // How a word is read aloud is no part of it.
        ("<title>電力の話</title>", "<h1><ruby>電力<rt>でんりょく</rt></ruby>の話</h1>", "電力の話"),
        // Catalogues hold the work's own title.
        (
            "<meta name='citation_title' content='On dams'><title>Dams, our pick</title>",
            "<h1>Our pick on dams</h1>",
            "On dams",
        ),
        // Some name the site there, or the story in the words of another day.
        (
            "<meta name='dc.title' content='The Valley Post'><meta property=og:site_name content='The Valley Post'>",
            "<h1>Turbines stood still</h1>",
            "Turbines stood still",
        ),
        (
            "<meta name='dc.title' content='Turbines: diver finds'><meta property=og:title content='Turbines stood still'>",
            "<h1>Turbines stood still</h1>",
            "Turbines stood still",
        ),
        // What an element of its own says before the title is no part of it, unless the page says both together elsewhere.
        (
            "<meta property=og:title content='Turbines stood still'>",
            "<h1><span>3 May</span> Turbines stood still</h1>",
            "Turbines stood still",
        ),
        (
            "<title>Energy: turbines stood still</title><meta property=og:title content='Turbines stood still'>",
            "<h1><span>Energy</span> Turbines stood still</h1>",
            "Energy: turbines stood still",
        ),
        // The top heading says in other words what the page and a lower heading say.
        (
            "<title>Why turbines stood still</title>",
            "<h1>Still turbines: why they stood for a day</h1><h2>Why turbines stood still</h2>",
            "Still turbines: why they stood for a day",
        ),
        // The site's name may stand first, and as the top heading.
        (
            "<title>Dam diary » Archive » Why the turbines stood still</title>",
            "<h1>Dam diary</h1><h2>Why the turbines stood still</h2>",
            "Why the turbines stood still",
        ),
        // A page that calls itself by one word is called what it says.
        ("<title>Home</title>", "<h1>Turbines stood still</h1>", "Turbines stood still"),
        // A known site's name goes even where the window adds another.
        (
            "<title>Why turbines stood | Post – Read The Post</title><meta property=og:title content='Why turbines stood | Post'><meta property=og:site_name content=Post>",
            "",
            "Why turbines stood",
        ),
    ] {
        let html = format!("{head}<body>{heading}<div><h3>Discord</h3>{story}</div>");
        assert_eq!(read(&html).title.as_deref(), Some(title), "{head}");
    }
}

#[test]
fn a_change_that_is_called_publication_is_none() {
    let story = "<p>The turbines at the lower dam stood still for a day, and nobody could say why, until the diver came up.</p>".repeat(4);
    let heading = "<h1>Turbines stood still</h1>";
    let written = |head: &str, line: &str| {
        let html =
            format!("<html lang=en><head><title>Turbines stood still</title>{head}</head><body>{heading}{line}{story}");
        read(&html).published.map(|moment| moment.written())
    };
    let metas = "<meta property=article:published_time content=2023-09-17T16:57:43+01:00><meta property=article:modified_time content=2024-05-08T10:11:51+01:00>";
    let change = "<meta itemprop=datePublished content=2024-05-08T10:11:51+01:00>";
    assert_eq!(written(&format!("{metas}{change}"), "").as_deref(), Some("2023-09-17T16:57:43+01:00"));
    // A page that was never changed tells one instant for both.
    let same = "<meta property=article:published_time content=2024-05-08T10:11:51+01:00><meta property=article:modified_time content=2024-05-08T10:11:51+01:00>";
    assert_eq!(written(same, "").as_deref(), Some("2024-05-08T10:11:51+01:00"));
    // The writer's own day is printed below the title; the system tells of a day after it in any zone.
    let moved = "<script type='application/ld+json'>{\"@type\":\"Article\",\"datePublished\":\"2023-12-19T22:02:58Z\"}</script>";
    assert_eq!(written(moved, "<div>Dec 18, 2023</div>").as_deref(), Some("2023-12-18"));
    assert_eq!(written(moved, "<div class=newsletter><p>November 2, 2022</p></div>").as_deref(), Some("2022-11-02"));
    // The clock of the page's zone and the seconds of its data make one instant.
    let exact = "<script type='application/ld+json'>{\"@type\":\"Article\",\"datePublished\":\"2023-11-02T19:53:52Z\"}</script>";
    assert_eq!(written(exact, "<p>November 2, 2023 3:53 PM EDT</p>").as_deref(), Some("2023-11-02T15:53:52-04:00"));
}

#[test]
fn pieces_of_a_heading_are_told_apart() {
    let story = "<p>The turbines at the lower dam stood still for a day, and nobody could say why, until the diver came up.</p>".repeat(4);
    for (head, heading, title) in [
        // Written in one line, they have a mark between them.
        (
            "<title>The lower dam – Why turbines stood still | Post</title><meta property=og:title content='The lower dam – Why turbines stood still'>",
            "<h1><span>The lower dam</span><span aria-hidden=true> </span><span>Why turbines stood still</span></h1>",
            "The lower dam – Why turbines stood still",
        ),
        // The eye alone tells that these are two lines; of one word that is set in two ways it tells nothing.
        (
            "<title>Why turbines stood</title>",
            "<h1><span>Why turbines stood still</span><span>What the diver found</span></h1>",
            "Why turbines stood still What the diver found",
        ),
        ("<title>TurbineNet</title>", "<h1>Turbine<b>Net</b> stood still</h1>", "TurbineNet stood still"),
        // A column apart from the title by a mark.
        (
            "<title>Diver of the week | Turbines stood still - POST.EXAMPLE</title><script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"Turbines stood still\"}</script>",
            "<h1><small>Diver of the week</small><br>Turbines stood still</h1>",
            "Turbines stood still",
        ),
    ] {
        let html = format!("{head}<body>{heading}<div>{story}</div>");
        assert_eq!(read(&html).title.as_deref(), Some(title), "{head}");
    }
}

#[test]
fn the_title_is_not_the_name_of_the_site() {
    let story = "<p>The turbines at the lower dam stood still for a day, and nobody could say why, until the diver came up.</p>".repeat(4);
    let zone = TimeZone::UTC;
    let now = "2024-06-01T00:00:00Z".parse().unwrap();
    for (address, head, heading, title) in [
        (
            "a.html",
            "<title>The turbines of May : Dam diary</title>",
            "<h1>Dam diary</h1><h2>The turbines of May</h2>",
            "The turbines of May",
        ),
        // The place of the page's own name is empty.
        ("a.html", "<title>National Dam Enquiries -</title>", "<h2>Turbines stood still</h2>", "Turbines stood still"),
        (
            "a.html",
            "<title>news.example.org Still turbines</title>",
            "<h1>news.example.org</h1><h3>Still turbines</h3>",
            "Still turbines",
        ),
        // A word of the heading is a compound of one that the page calls itself by.
        (
            "a.html",
            "<title>Geschichte - Verein der Talsperre Unterdorf</title>",
            "<h1>Sperrengeschichte</h1>",
            "Sperrengeschichte",
        ),
        (
            "a.html",
            "<title>American turbines stood still</title>",
            "<h1>Good Evening America</h1>",
            "American turbines stood still",
        ),
        // All pages of the site are called the same: the address tells which heading is this one's, or another heading does.
        (
            "a/lower-dam-north.htm",
            "<title>Walks and sights of the valley</title>",
            "<h1>Lower Dam-North</h1>",
            "Lower Dam-North",
        ),
        (
            "a.html",
            "<title>Water - Engineers of Rivers</title>",
            "<h2>Chapter 6 - Turbines stand still</h2><h1>Turbines stand still</h1><h1>Definitions</h1>",
            "Turbines stand still",
        ),
        // The heading is a copy of what the window is called.
        (
            "a.html",
            "<title>How to help turbines along | Education | Dam Hospital</title>",
            "<h1>How to help turbines along | Education | Dam Hospital</h1><h2>How to help turbines along</h2>",
            "How to help turbines along",
        ),
    ] {
        let html = format!("{head}<body>{heading}<div>{story}</div>");
        let context = Context { now, zone: &zone, language: None, story: None, refrain: None };
        let read = article(&page(&format!("https://news.example.org/{address}"), &html), &context);
        assert_eq!(read.title.as_deref(), Some(title), "{head}");
    }
}

#[test]
fn what_a_newspaper_begins_with_is_of_the_story() {
    let story = "<p>The turbines at the lower dam stood still for a day, and nobody could say why, until the diver came up.</p>".repeat(4);
    let lead = "A diver has found what nobody had looked for at the lower dam: a net of the old fishery. It had held the turbines for a whole day, and the valley with them, as the operator told the council on Monday.";
    let other = "Elsewhere in the valley the light came back by itself, and the council wants to know from the operator why that was so on this one evening of the year, and on no other.";
    for (before, keeps) in [
        (format!("<div class=intro>{lead}</div>"), true),
        (format!("<div class=teaser-text><p>{lead}</p></div>"), true),
        // What leads elsewhere is the opening of another story.
        (format!("<div class=teaser><p>{other}</p><a href=/other.html>More</a></div>"), false),
        // The line below a title says what the story says.
        ("<div class=sub>A diver has found the net that held them.</div>".to_owned(), false),
    ] {
        let html = format!("<article><h1>Turbines stood still</h1>{before}<div class=text>{story}</div></article>");
        let read = read(&html);
        let paragraphs = read.text.split("\n\n").count();
        assert_eq!(paragraphs, if keeps { 5 } else { 4 }, "{before}: {}", read.text);
        assert_eq!(read.html.as_str().contains("diver has found"), keeps, "{before}");
    }
}

#[test]
fn what_a_reader_opens_is_read_and_what_nobody_sees_is_not() {
    let line = "<p>The turbines at the lower dam stood still for a day, and nobody could say why, until the diver came up.</p>";
    let html = format!(
        "<h1>Turbines</h1><div class=text>{line}{line}<h2 id=a>Why</h2><div role=region aria-labelledby=a style='display:none'><p>The net of the old fishery held them, the diver said.</p></div><div style='display: none'><p>Nobody sees this line of the page, they say.</p></div>{line}</div>"
    );
    let read = read(&html);
    assert!(read.text.contains("old fishery") && !read.text.contains("Nobody sees"), "{}", read.text);
    assert!(read.html.as_str().contains("old fishery") && !read.html.as_str().contains("Nobody sees"));
}

#[test]
fn lists_of_further_reading_end_a_story() {
    let story = "<p>The turbines at the lower dam stood still for a day, and nobody could say why, until the diver came up.</p>".repeat(4);
    for end in [
        "Weitere Informationen",
        "Weiterführende Links",
        "Kontakt:",
        "Media contact",
        "Weitere aktuelle Themen aus dem Tal",
    ] {
        let html = format!(
            "<h1>Turbines</h1><div>{story}<p>{end}</p><p>The operator has an office by the dam, which opens at ten.</p></div>"
        );
        let text = read(&html).text;
        assert!(!text.contains("office") && !text.contains(end), "{end}: {text}");
    }
}

#[test]
fn readers_give_no_date_and_addresses_keep_theirs() {
    let story = "<p>The turbines at the lower dam stood still for a day, and nobody could say why, until the diver came up.</p>".repeat(4);
    let replies =
        "<li><time datetime=2021-05-06>6 May 2021</time> I say no, and so does my neighbour, who knows.</li>".repeat(3);
    let html = format!("<h1>Quiet</h1><div>{story}</div><section><ol class=comment-list>{replies}</ol></section>");
    assert_eq!(read(&html).published, None);
    let moved =
        format!("<meta property=article:published_time content=2022-02-02T10:00:00Z><h1>Quiet</h1><div>{story}</div>");
    let moved = page("https://news.example.org/2017/7/12/quiet", &moved);
    let zone = TimeZone::UTC;
    let now = "2024-06-01T00:00:00Z".parse().unwrap();
    let read = article(&moved, &Context { now, zone: &zone, language: None, story: None, refrain: None });
    assert_eq!(read.published.unwrap().written(), "2017-07-12");
}

#[test]
fn a_flood_of_comments_does_not_drown_the_story() {
    let story = "<p>The valley got its first line in the spring, and by autumn every house in it had light, the mayor said.</p>".repeat(12);
    let comment =
        "<div class='comment'><p>I do not think so, and my neighbour, who knows, does not think so either.</p></div>";
    let html = format!("<h1>Light</h1><article>{story}</article><div id='comments'>{}</div>", comment.repeat(5_000));
    let read = read(&html);
    assert!(read.text.starts_with("The valley"), "{:?}", read.problems);
    assert!(!read.text.contains("neighbour"));
}

#[test]
fn megabytes_of_comments_leave_a_short_article_or_a_reason() {
    let story = "<p>The valley got its first line in the spring, and by autumn every house in it had light, the mayor said.</p>".repeat(4);
    let comment = "<div class='comment'><b>Ann 2024-05-01</b><p>I do not think so, and my neighbour, who knows, does not think so either.</p></div>";
    let written = comment.repeat(5_000_000 / comment.len() + 1);
    let unseen = format!("<!-- {} -->", "a remark of the page's maker, no part of it ".repeat(5_000_000 / 44 + 1));
    for flood in [&written, &unseen] {
        let html = format!("<h1>Light</h1><article>{story}</article><section class=comments>{flood}</section>");
        let read = read(&html);
        assert!(read.text.is_empty() || !read.text.contains("neighbour"), "comments became the story");
        assert!(read.text.starts_with("The valley") || !read.problems.is_empty(), "nothing was said");
        assert_eq!(read.published, None);
        assert!(read.byline.is_empty(), "{:?}", read.byline);
    }
    let plain = format!("{unseen}<h1>Light</h1><article>{story}</article>{unseen}");
    assert_eq!(self::read(&plain).text.split("\n\n").count(), 4);
}

#[test]
fn pages_without_a_story_invent_nothing() {
    let frame = |title: &str, inside: &str| {
        format!(
            "<html lang=en><head><title>{title} | The Post</title></head><body><nav><ul><li><a href=/>Home</a><li><a href=/a/>World</a><li><a href=/b/>Valley</a></ul></nav><div class=top>Saturday, 1 June 2024</div>{inside}<div class=more><h3>Most read</h3><ul><li><a href=/1.html>Another story of the valley, 30 May 2024</a><li><a href=/2.html>A third one, by Ann Lee</a></ul></div><footer>© 2024 The Post. All rights reserved.</footer></body></html>"
        )
    };
    let pictures = "<figure><img src=/p.jpg><figcaption>1/9</figcaption></figure>".repeat(9);
    for (title, inside, reason) in [
        (
            "Page not found",
            "<main><h1>Page not found</h1><p>The page you are looking for may have moved. Try the search.</p></main>",
            "no such article",
        ),
        ("404", "<main><h1>Oops</h1><p>Nothing here.</p></main>", "no such article"),
        (
            "Turbines stood still",
            "<main><h1>Turbines stood still</h1><div>Please log in to continue reading.</div><form><label>User</label><input></form></main>",
            "asks for a login",
        ),
        ("Turbines in pictures", &format!("<main><h1>Turbines in pictures</h1>{pictures}</main>"), "shows pictures"),
        (
            "Watch: turbines",
            "<main><h1>Watch: turbines</h1><video controls><source src=/v.mp4></video></main>",
            "shows a video",
        ),
        ("Turbines", "<main></main>", "no text"),
    ] {
        let read = read(&frame(title, inside));
        assert!(
            read.problems.iter().any(|problem| problem.reason.contains(reason)),
            "{title}: {:?} {}",
            read.problems,
            read.text
        );
        assert_eq!(read.text, "", "{title}");
        assert_eq!(read.html, CleanHtml::default(), "{title}");
        assert_eq!(read.published, None, "{title}");
        assert!(read.byline.is_empty(), "{title}: {:?}", read.byline);
    }
}

#[test]
fn no_date_is_taken_from_what_is_not_the_story() {
    let html = "<h1>Lines</h1><p>There are lines in the hills that nobody has walked for years, as the keeper of the maps told us.</p>\
        <div class='comments'><time datetime='2024-05-01'>1 May 2024</time></div><footer>© 2023 Example, 2023-01-02</footer>";
    let read = read(html);
    assert_eq!(read.published.map(|moment| moment.written()).filter(|date| date.starts_with("2023")), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_makes_it_panic(html in "(<(p|div|h1|a href=x|li|ul|time datetime=2024|table|td|br)>|</(p|div|ul)>|[ a-z,.。电网2024:-]{0,12}){0,60}") {
        let read = read(&html);
        prop_assert!(read.text.is_empty() || !read.html.as_str().is_empty() || !read.problems.is_empty());
    }
}

#[test]
fn the_day_is_the_writers_own() {
    let day = |meta: &str, head: &str, foot: &str| {
        let story = "<p>The town has mended the old bridge, and carts may cross the river again from today, the mayor said.</p>".repeat(6);
        let html = format!(
            "<html lang=en><head><title>Bridge over the river mended</title>{meta}</head><body><article><h1>Bridge over the river mended</h1>{head}<div>{story}</div>{foot}</article></body></html>"
        );
        read(&html).published.map(|moment| moment.written())
    };
    let moved = r#"<meta property="article:published_time" content="2022-03-09T08:00:00+01:00">"#;
    let cases = [
        // A system's day of the move gives way to the day that is printed.
        (moved, "<p>October 8, 2021</p>", "", "2021-10-08"),
        // The same day with its month first is no other day.
        (moved, "<p>03.09.2022</p>", "", "2022-03-09T08:00:00+01:00"),
        // Two readings are told apart by the other witness.
        (r#"<meta name="date" content="02/03/2022">"#, "", "<p>Published on 2 March 2022</p>", "2022-03-02"),
        // What comes before the word of change is the first day.
        ("", "<p>5 January 2021 · Updated 7 May 2022</p>", "", "2021-01-05"),
        // A day to come is none of publication.
        ("", "<p>5 May 2022</p>", "<footer>This page was last edited on 2 May 2022</footer>", "2022-05-02"),
    ];
    for (meta, head, foot, expected) in cases {
        assert_eq!(day(meta, head, foot).as_deref(), Some(expected), "{meta}{head}{foot}");
    }
    assert_eq!(day("", "<p>The fair: 14 - 20 January 2022</p>", ""), None);
    assert_eq!(day("", "", r#"<blockquote><time datetime="2018-03-12T19:30:12+00:00">then</time></blockquote>"#), None);
}

#[test]
fn how_characters_are_read_aloud_is_no_part_of_the_text() {
    let line = "<p><ruby>橋<rp>(</rp><rt>はし</rt><rp>)</rp></ruby>が新しくなり、今日からまた荷車が川を渡れるようになったと、町の人たちは喜んでいます。</p>";
    let read =
        read(&format!("<html lang=ja><body><h1>橋が新しくなった</h1><div>{}</div></body></html>", line.repeat(4)));
    assert!(read.text.starts_with("橋が新しく"), "{}", read.text);
}

#[test]
fn notices_of_cookies_and_forms_are_no_story() {
    let notice = "<div><p>This website uses cookies. By continuing to use this website, you agree to their use, as our long policy tells in full, with all its terms.</p></div>";
    let form = "<div><p>Your email address will not be published, and all required fields are marked with a star, so fill them in.</p></div>";
    let story = "<div><p>The bridge is mended, and carts may cross again, the mayor said.</p></div>";
    let read = read(&format!("<html lang=en><body><h1>The bridge is mended</h1>{story}{form}{notice}</body></html>"));
    assert!(!read.text.contains("cookies") && !read.text.contains("email"), "{}", read.text);
}

#[test]
fn a_heading_that_is_the_windows_last_part_is_the_sites_name() {
    let story =
        "<p>The town has mended the old bridge, and carts may cross the river again from today, the mayor said.</p>"
            .repeat(6);
    let html = format!(
        "<html><head><title>Old bridge over the river mended at last | Valley Messenger</title></head><body><h1>Valley Messenger</h1><div>{story}</div></body></html>"
    );
    assert_eq!(read(&html).title.as_deref(), Some("Old bridge over the river mended at last"));
}

#[test]
fn writers_are_named_in_each_language() {
    for (language, line, story, expected) in [
        (
            "zh",
            "记者 王小明",
            "五月的清晨，镇上的新变电站正式送电，附近两千多户居民从此告别了电压不稳的日子，企业也敢添置新设备了。",
            "王小明",
        ),
        (
            "ja",
            "文：山田太郎",
            "町の古い橋が新しくなり、今日からまた荷車が川を渡れるようになったと、町の人たちは喜んでいます。",
            "山田太郎",
        ),
        (
            "ko",
            "김철수 기자",
            "마을의 오래된 다리가 새로 놓여 오늘부터 다시 수레가 강을 건널 수 있게 되었다고 주민들은 기뻐했다.",
            "김철수",
        ),
        (
            "en",
            "By Jane Miller",
            "The town has mended the old bridge, and carts may cross the river again from today, the mayor said.",
            "Jane Miller",
        ),
        (
            "de",
            "Von Anna Schmidt",
            "Die Stadt hat die alte Brücke erneuert, und Wagen dürfen ab heute wieder über den Fluss fahren.",
            "Anna Schmidt",
        ),
        (
            "fr",
            "Par Marie Dupont",
            "La ville a réparé le vieux pont, et les charrettes peuvent de nouveau traverser la rivière dès aujourd'hui.",
            "Marie Dupont",
        ),
        (
            "es",
            "Por Ana García",
            "El pueblo ha reparado el viejo puente, y los carros pueden cruzar el río otra vez desde hoy.",
            "Ana García",
        ),
        (
            "ru",
            "Автор: Иван Петров",
            "Город починил старый мост, и телеги снова могут переезжать реку с сегодняшнего дня, сказал мэр.",
            "Иван Петров",
        ),
        (
            "ar",
            "بقلم: أحمد علي",
            "أصلحت المدينة الجسر القديم، ويمكن للعربات عبور النهر مرة أخرى ابتداء من اليوم، كما قال العمدة.",
            "أحمد علي",
        ),
    ] {
        let story = format!("<p>{story}</p>").repeat(6);
        let html = format!(
            "<html lang={language}><body><article><h1>Brücke 橋 다리 мост</h1><p>{line}</p><div>{story}</div></article></body></html>"
        );
        assert_eq!(read(&html).byline, [expected], "{language}");
    }
}

#[test]
fn a_listing_has_no_date_of_its_own() {
    let rows: String = (1..=20).map(|n| format!("<li><a href='/a/{n}.html'>A story with a title of some length, number {n}</a> <span>2024-05-{n:02}</span></li>")).collect();
    let read = read(&format!(
        "<html lang=en><head><title>News</title></head><body><h1>News</h1><ul class=list>{rows}</ul></body></html>"
    ));
    assert_eq!(read.published, None);
}

/// A story of four paragraphs, with something before the last.
pub(super) fn with_between(between: &str) -> String {
    let paragraph = |n: u32| {
        format!(
            "<p>Paragraph {n} tells, in words enough for a story, how the line was built, what it cost, and who paid for it.</p>"
        )
    };
    let (first, rest) = (paragraph(1), [paragraph(2), paragraph(3)].concat());
    format!("<title>The line</title><h1>The line</h1><div class=story>{first}{rest}{between}{}</div>", paragraph(4))
}

#[test]
fn what_stands_alone_in_a_story_does_not_end_it() {
    for between in ["<p>Lee también:</p>", "<p>Leggi anche</p>", "<p>Lees ook:</p>", "<p>Czytaj też</p>"] {
        let text = read(&with_between(between)).text;
        assert!(text.contains("Paragraph 4") && !text.contains(['é', ':']), "{text}");
    }
}

#[test]
fn words_of_the_site_are_words_of_stories_too() {
    let rights = "<p>The court held that copyright in the drawings had passed to the company with the sale of the works in 1998, and that \
                  the privacy policy of the buyer was no part of the matter, as both sides had said.</p>";
    assert!(read(&with_between(rights)).text.contains("copyright in the drawings"));
    assert!(!read(&with_between("<p>Copyright 2024 The Line Company</p>")).text.contains("Company"));
    for id in ["related-work", "social-costs", "navigation-on-the-river"] {
        let heading = format!("<h2 id={id}>What else was done</h2>");
        assert!(read(&with_between(&heading)).text.contains("What else was done"), "{id}");
    }
}

#[test]
fn what_repeats_is_told_from_what_calls() {
    let review = "<h3>Our verdict</h3><p>It is built well, runs quietly, and costs less than it did a year ago, which few others do.</p>";
    let call = "<div>Show the transcript</div><p>It is told in words, in many of them, of which some are long, and others are not.</p>";
    let text = read(&with_between(&[review, call].concat().repeat(3))).text;
    assert_eq!((text.matches("Our verdict").count(), text.matches("transcript").count()), (3, 0), "{text}");
}

#[test]
fn what_is_signed_below_a_story_is_no_part_of_it() {
    let signed = |line: &str| read(&with_between("").replace("</div>", &format!("<div>{line}</div></div>"))).text;
    for line in ["Posted by Ann at December 16, 2023 11:15 AM", "发表于 2024年2月27日 12:40 - (阅读:37;评论:6)"]
    {
        assert!(signed(line).ends_with("who paid for it."), "{line}");
    }
}

#[test]
fn a_story_is_more_than_one_of_its_paragraphs() {
    let widget = "<div class=widget><p>1 spoon</p><p>2 cups</p><p>Stir, wait, and then stir again until it is cold enough to be served.</p></div>";
    let paragraph = |n: u32| {
        format!("<p>Paragraph {n} tells in words enough, of which there are some, how it was done.</p>{widget}{widget}")
    };
    let body = (1..6).map(paragraph).collect::<String>();
    let text = read(&format!("<title>How to</title><h1>How to</h1><div class=all>{body}</div>")).text;
    assert!((1..6).all(|n| text.contains(&format!("Paragraph {n}"))), "{text}");
}

#[test]
fn what_stands_beside_names_is_none_of_them() {
    let page = |head: &str, info: &str| {
        read(&format!(
            "<html lang=de><head><title>T</title>{head}</head><h1>The line of the river</h1><div>{info}</div>{}",
            with_between("")
        ))
    };
    let mail = "<meta name=author content='Ann Bell ann@example.org'><meta name=publisher content='Bell & Sons info@example.org'>";
    let read = page(mail, "");
    assert_eq!((read.byline, read.outlet.as_deref()), (vec!["Ann Bell".to_owned()], Some("Bell & Sons")));
    assert_eq!(page("", "2024-05-28 10:07 来源: 示例日报 举报").outlet.as_deref(), Some("示例日报"));
    let said = CHINESE.replace("记者 王小明 通讯员 李四光 赵六", "记者表示，工程已经完成");
    assert!(self::read(&said).byline.is_empty());
}

#[test]
fn a_machine_in_utc_says_nothing_of_where_a_page_was_written() {
    for zone in [TimeZone::UTC, TimeZone::get("Etc/UTC").unwrap(), TimeZone::get("UTC").unwrap()] {
        let page = page("https://news.example.org/grid/2024/item.html", CHINESE);
        let now = "2024-06-01T00:00:00Z".parse().unwrap();
        let read = article(&page, &Context { now, zone: &zone, language: None, story: None, refrain: None });
        assert_eq!(read.published.unwrap().written(), "2024-05-28T10:07:53+08:00");
    }
}
