use super::*;
use encoding_rs::{GB18030, UTF_8};

fn cleaned(html: &str) -> String {
    let base = Url::parse("https://example.org/news/1.html").unwrap();
    clean(html, &base, UTF_8).unwrap().as_str().to_owned()
}

#[test]
fn what_readers_show_stays() {
    let html = "<p>a <b>b</b> <em>c</em><br>d</p><ul><li>e</li></ul><table><tbody><tr><td colspan=\"2\">f</td></tr></tbody></table>";
    assert_eq!(cleaned(html), html);
}

#[test]
fn urls_become_absolute_or_go() {
    for (html, expected) in [
        ("<a href=../x>y</a>", "<a href=\"https://example.org/x\" rel=\"noopener noreferrer\">y</a>"),
        ("<a href=mailto:a@example.org>y</a>", "<a href=\"mailto:a@example.org\" rel=\"noopener noreferrer\">y</a>"),
        ("<a href=javascript:x()>y</a>", "<a rel=\"noopener noreferrer\">y</a>"),
        ("<a href=#top>y</a>", "<a rel=\"noopener noreferrer\">y</a>"),
        ("<img src=a.jpg srcset='b.jpg 2x' onerror=x()>", "<img src=\"https://example.org/news/a.jpg\">"),
        ("<img src=mailto:a@example.org>", "<img>"),
    ] {
        assert_eq!(cleaned(html), expected, "{html}");
    }
    let base = Url::parse("http://example.org/").unwrap();
    let clean = clean("<a href='?q=电'>y</a>", &base, GB18030).unwrap();
    assert!(clean.as_str().contains("?q=%B5%E7\""), "{clean:?}");
}

#[test]
fn lazy_images_become_real() {
    for html in [
        "<img src=/loading.gif data-src=/a.jpg>",
        "<img src=data:image/gif;base64,R0 data-original=//example.org/a.jpg>",
        "<img data-src='{}' srcset='s.jpg 320w, /a.jpg 800w, m.jpg 640w'>",
        "<picture><source srcset='/a.jpg 2x, b.jpg'><img></picture>",
        "<img src='' data-srcset=/a.jpg>",
        "<img src=/a.jpg data-src=true srcset='/b.jpg 2x'>",
    ] {
        assert_eq!(cleaned(html), "<img src=\"https://example.org/a.jpg\">", "{html}");
    }
}

#[test]
fn what_acts_is_gone() {
    for html in [
        "<script>x()</script>",
        "<style>a{}</style>",
        "<svg><script>x()</script></svg>",
        "<math><mtext>x</mtext></math>",
        "<noscript><img src=x></noscript>",
        "<iframe srcdoc='<script>x()</script>'></iframe>",
        "<!-- a -->",
    ] {
        assert_eq!(cleaned(html), "", "{html}");
    }
}

#[test]
fn text_goes_both_ways() {
    let clean = from_text("1 < 2 & \u{A0}3\n<b>4");
    assert_eq!(clean.as_str(), "1 &lt; 2 &amp; &nbsp;3<br>&lt;b&gt;4");
    assert_eq!(cleaned(clean.as_str()), clean.as_str());
    assert_eq!(to_text(&clean), "1 < 2 & 3\n\n<b>4");
    let html = CleanHtml::vouched("<h1>a\nb</h1><p>c<b>d</b></p><ul><li>e</li><li>f</li></ul>".to_owned());
    assert_eq!(to_text(&html), "a b\n\ncd\n\ne\n\nf");
}

#[test]
fn cleaning_again_changes_nothing() {
    for html in [
        "<p><button><p>x</p></button>",
        "<a href=x><foo><a href=y>z",
        "<table><foo><p>x<td>y",
        "<b><p>a</b>c</p>",
        "<li><p><nav><p>x",
    ] {
        let once = cleaned(html);
        assert_eq!(cleaned(&once), once, "{html}");
    }
}

#[test]
fn tangled_html_is_refused() {
    let base = Url::parse("https://example.org/").unwrap();
    assert!(clean(&"<div>".repeat(50_000), &base, UTF_8).is_err());
}
