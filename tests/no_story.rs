//! Addresses of articles that lead to something else: each gives a problem with its reason, and nothing is invented. The pages are made
//! up, and go the way of fetched ones: bytes, decoded, read.

#![expect(clippy::unwrap_used, reason = "a test that cannot make its pages must fail loudly")]

use jiff::tz::TimeZone;
use tearsheet::{
    extract::article::{Context, Read, article},
    fetch::decode,
    model::{CleanHtml, Page, Validators},
};
use url::Url;

/// Reads bytes that a host calls `media_type`.
fn read(bytes: &[u8], media_type: &str, charset: Option<&str>) -> Read {
    read_at("https://valley.example.org/grid/turbines-stood-still.html", bytes, media_type, charset)
}

/// The same from where the host sent the request in the end.
fn read_at(url: &str, bytes: &[u8], media_type: &str, charset: Option<&str>) -> Read {
    let asked = Url::parse("https://valley.example.org/grid/turbines-stood-still.html").unwrap();
    let url = Url::parse(url).unwrap();
    let decoded = decode(bytes, charset, &url);
    let page = Page {
        asked,
        url,
        media_type: media_type.to_owned(),
        bytes: bytes.to_vec(),
        text: decoded.text,
        encoding: decoded.encoding,
        language: None,
        validators: Validators::default(),
    };
    let now = "2024-06-01T12:00:00Z".parse().unwrap();
    article(&page, &Context { now, zone: &TimeZone::UTC, language: None, story: None, refrain: None })
}

fn read_html(html: &str) -> Read {
    read(html.as_bytes(), "text/html", None)
}

/// A site's frame around what is in the middle: a menu, today's date, other stories with their days and names.
fn framed(title: &str, inside: &str) -> String {
    let others: String = [
        ("The old bridge over the river is mended at last", "30 May 2024", "Ann Lee"),
        ("Council votes for a second line through the valley", "29 May 2024", "Bob Hill"),
        ("Why the mill closed, and what comes after it", "28 May 2024", "Eve Moor"),
        ("A winter without snow worries the farmers", "27 May 2024", "Ann Lee"),
    ]
    .iter()
    .enumerate()
    .map(|(n, (title, day, name))| {
        format!("<li><a href=/grid/{n}.html>{title}</a><p>{title}, as the mayor said.</p><time datetime='2024-05-{:02}'>{day}</time> <span>by {name}</span></li>", 30 - n)
    })
    .collect();
    format!(
        "<html lang=en><head><title>{title} | The Valley Post</title><meta property=og:site_name content='The Valley Post'></head><body>\
        <header><a href=/>The Valley Post</a><nav><ul><li><a href=/>Home</a><li><a href=/world/>World</a><li><a href=/grid/>Grid</a></ul></nav><div>Saturday, 1 June 2024</div></header>\
        {inside}\
        <aside class=more><h3>Most read</h3><ul>{others}</ul></aside>\
        <footer>© 2024 The Valley Post. All rights reserved. <a href=/privacy>Privacy</a> <a href=/contact>Contact</a></footer></body></html>"
    )
}

/// Holds that a page has no story, says why, and invents nothing.
fn holds_nothing(name: &str, read: &Read, reason: &str) {
    let reasons: Vec<&str> = read.problems.iter().map(|problem| problem.reason.as_ref()).collect();
    assert!(reasons.iter().any(|told| told.contains(reason)), "{name}: {reasons:?}, and the text {:?}", read.text);
    assert!(
        read.problems.iter().any(|problem| problem.advice.contains("summary is kept")),
        "{name}: {:?}",
        read.problems
    );
    assert_eq!(read.text, "", "{name}");
    assert_eq!(read.html, CleanHtml::default(), "{name}");
    assert_eq!(read.published, None, "{name}");
    assert_eq!(read.modified, None, "{name}");
    assert!(read.byline.is_empty(), "{name}: {:?}", read.byline);
}

#[test]
fn a_video_page_says_so() {
    let players = [
        "<video controls src=/v.mp4></video>",
        "<div class=player><video><source src=/v.m3u8></video></div><button>Play</button>",
        "<iframe src='https://player.example.net/embed/17' allowfullscreen></iframe>",
        "<embed src=/v.swf type=application/x-shockwave-flash>",
    ];
    for player in players {
        let inside = format!("<main><h1>Watch: turbines stood still</h1>{player}<p>2:14</p></main>");
        holds_nothing(player, &read_html(&framed("Watch: turbines stood still", &inside)), "shows a video");
    }
}

#[test]
fn a_gallery_says_so() {
    let picture = |n: u32| format!("<figure><img src=/p{n}.jpg><figcaption>{n}/9</figcaption></figure>");
    let figures: String = (1..=9).map(picture).collect();
    let slides: String =
        (1..=9).map(|n| format!("<li><a href=/p{n}.jpg><img src=/s{n}.jpg alt='Picture {n}'></a></li>")).collect();
    for pictures in [figures, format!("<ul class=slides>{slides}</ul>")] {
        let inside = format!("<main><h1>Turbines in pictures</h1>{pictures}</main>");
        holds_nothing(&pictures, &read_html(&framed("Turbines in pictures", &inside)), "shows pictures");
    }
}

#[test]
fn a_file_is_no_page() {
    let pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type /Catalog>> endobj";
    for (bytes, media_type, what) in [
        (&pdf[..], "application/pdf", "a PDF file"),
        (&pdf[..], "text/html", "a PDF file"),
        (
            b"PK\x03\x04\x14\0\x06\0",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "a document",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", "a picture"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4", "a video"),
    ] {
        let read = read(bytes, media_type, None);
        holds_nothing(media_type, &read, what);
        assert_eq!(read.title, None, "{media_type}");
    }
}

#[test]
fn a_page_around_a_file_says_so() {
    for shown in [
        "<embed src=/report.pdf type=application/pdf>",
        "<object data=/report.pdf type=application/pdf></object>",
        "<iframe src=/report.pdf></iframe>",
        "<p><a href=/files/report.pdf>report.pdf</a></p>",
    ] {
        let inside = format!("<main><h1>Report of the grid's keeper</h1>{shown}</main>");
        holds_nothing(shown, &read_html(&framed("Report of the grid's keeper", &inside)), "a PDF file");
    }
}

#[test]
fn a_wall_says_so() {
    for asks in [
        "Please log in to continue reading.",
        "Sign in to read this article",
        "This article is for subscribers only. Already a subscriber? Log in.",
        "Please enable JavaScript and cookies to continue",
        "Checking your browser before accessing valley.example.org",
        "请登录后查看全文",
        "本文为付费内容，订阅后可阅读全文",
        "Bitte melden Sie sich an, um weiterzulesen.",
        "Cet article est réservé aux abonnés.",
        "Inicia sesión para continuar leyendo",
        "Contenuto riservato agli abbonati",
        "Conteúdo exclusivo para assinantes",
        "Войдите, чтобы читать дальше",
        "この記事は会員限定です",
        "로그인 후 이용하실 수 있습니다",
        "هذا المحتوى للمشتركين فقط",
    ] {
        let form = "<form action=/login method=post><label>Name</label><input name=n><label>Password</label><input type=password name=p></form>";
        let inside = format!("<main><h1>Turbines stood still</h1><div>{asks}</div>{form}</main>");
        holds_nothing(asks, &read_html(&framed("Turbines stood still", &inside)), "asks for a login");
    }
}

#[test]
fn an_error_that_is_answered_as_a_page_says_so() {
    for (title, says) in [
        ("404", "Nothing here."),
        ("Page not found", "The page you are looking for may have moved. Try the search."),
        ("Oops!", "We can't find the page that you are looking for."),
        ("Error 404", "Sorry, this story is no longer available."),
        ("页面不存在", "您访问的页面不存在或已删除，3秒后返回首页"),
        ("提示信息", "抱歉，该文章已被删除"),
        ("Seite nicht gefunden", "Die gewünschte Seite wurde nicht gefunden."),
        ("Page introuvable", "La page que vous cherchez n’existe pas ou plus."),
        ("Página no encontrada", "Lo sentimos, la página no existe."),
        ("Pagina non trovata", "La pagina richiesta non esiste."),
        ("Página não encontrada", "A página que você procura não existe."),
        ("Страница не найдена", "Такой страницы нет или она была удалена."),
        ("ページが見つかりません", "お探しのページは移動または削除されました。"),
        ("페이지를 찾을 수 없습니다", "요청하신 페이지가 삭제되었습니다."),
        ("الصفحة غير موجودة", "عذرا، الصفحة التي تبحث عنها غير موجودة."),
        ("Pagina niet gevonden", "De pagina die u zoekt bestaat niet."),
        ("Nie znaleziono strony", "Strona, której szukasz, nie istnieje."),
        ("Sayfa bulunamadı", "Aradığınız sayfa bulunamadı."),
    ] {
        let inside = format!("<main><h1>{title}</h1><p>{says}</p><p><a href=/>Home</a></p></main>");
        holds_nothing(title, &read_html(&framed(title, &inside)), "no such article");
    }
    for text in ["Not Found", "404 page not found", "{\"code\":404,\"message\":\"article not found\"}"] {
        holds_nothing(text, &read(text.as_bytes(), "text/plain", None), "no such article");
    }
}

#[test]
fn an_empty_page_says_so() {
    let script = "<html><head><title>The Valley Post</title></head><body><div id=root></div><script src=/app.js></script></body></html>";
    let asked = "<html><head><title>The Valley Post</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div></body></html>";
    for html in ["", " \n\t", "<html><head></head><body></body></html>", script, asked] {
        let read = read_html(html);
        assert!(!read.problems.is_empty(), "{html:?}");
        holds_nothing(html, &read, "");
    }
    holds_nothing("frame", &read_html(&framed("Turbines", "<main><article></article></main>")), "no text");
}

#[test]
fn the_front_page_in_place_of_an_article_is_none() {
    let row = |n: u32| {
        format!(
            "<li><h3><a href=/grid/{n}.html>Story number {n} of the valley and its people</a></h3><p>What happened that day, told in a line or two by those who saw it.</p><span>2024-05-{:02}</span></li>",
            n + 1
        )
    };
    let rows: String = (1..=24).map(row).collect();
    let html = framed("The Valley Post", &format!("<main><h2>Latest</h2><ul>{rows}</ul></main>"));
    let read = read_at("https://valley.example.org/", html.as_bytes(), "text/html", None);
    holds_nothing("first page", &read, "the site's first page");
}

#[test]
fn megabytes_of_comments_are_not_the_story() {
    let story = "<p>The valley got its first line in the spring, and by autumn every house in it had light, the mayor said.</p>".repeat(5);
    let comment = "<li class=comment id=c1><b>Ann</b> <time datetime=2024-05-30>30 May 2024</time><p>I do not think so, and my neighbour, who knows, does not think so either.</p></li>";
    let comments = comment.repeat(5_000_000 / comment.len() + 1);
    let page = |story: &str| {
        framed(
            "Light in the valley",
            &format!(
                "<main><h1>Light in the valley</h1><article>{story}</article><section id=comments><ol>{comments}</ol></section></main>"
            ),
        )
    };
    let read = read_html(&page(&story));
    assert!(!read.text.contains("neighbour") && (!read.text.is_empty() || !read.problems.is_empty()));
    assert_eq!((read.published, read.byline), (None, Vec::new()));
    let read = read_html(&page(""));
    assert!(!read.problems.is_empty() && read.text.is_empty(), "{:?}", read.text.get(..200));
    assert_eq!((read.published, read.byline), (None, Vec::new()));
}

#[test]
fn a_page_in_gbk_that_is_called_utf_8_is_read() {
    let story =
        "<p>五月的清晨，镇上的新变电站正式送电，附近两千多户居民从此告别了电压不稳的日子，企业也敢添置新设备了。</p>"
            .repeat(5);
    let html = format!(
        "<html><head><meta charset=utf-8><title>新变电站投运 全镇用上稳定电_示例网</title></head><body><h1>新变电站投运 全镇用上稳定电</h1><div>发布时间：2024-05-28 10:07 来源：示例日报 作者：王小明</div><div class=content>{story}</div></body></html>"
    );
    let (bytes, _, _) = encoding_rs::GBK.encode(&html);
    let read = read(&bytes, "text/html", Some("utf-8"));
    assert_eq!(read.title.as_deref(), Some("新变电站投运 全镇用上稳定电"));
    assert_eq!(read.text.split("\n\n").count(), 5, "{}", read.text);
    assert_eq!(read.byline, ["王小明"]);
    assert_eq!(read.outlet.as_deref(), Some("示例日报"));
    assert_eq!(read.published.unwrap().written(), "2024-05-28T10:07:00+08:00");
    assert!(!read.text.contains('\u{FFFD}'));
}
