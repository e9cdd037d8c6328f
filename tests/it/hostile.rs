//! Pages and servers that are broken or mean no good: each is a problem of its own source, and of no other.

use std::time::{Duration, Instant};

use crate::{
    site::{Answer, Site},
    world::World,
};

#[test]
fn each_is_a_problem_of_its_own_source() {
    let site = Site::start();
    site.list("/good/", &[("/1.html".to_owned(), "好消息".to_owned(), "2021-12-30".to_owned())]);
    site.html("/nothing/", "<p>no list here</p>");
    site.html("/cut/", "<ul><li><a href=/c.html>cut in ha</a></li><li><a href='/d.ht");
    site.html("/nested/", "<div>".repeat(50_000) + "<li><a href=/n.html>nested</a></li>");
    site.put("/huge/", Answer::Endless(300 << 20));
    site.put("/charset/", Answer::Page("text/html; charset=x-klingon", "<li><a href=/k.html>中文标题</a></li>".into()));
    site.put("/reset/", Answer::Reset);
    site.put("/lies/", Answer::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<li>".to_vec()));
    site.put("/error/", Answer::Raw(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n".to_vec()));
    let ids = ["good", "nothing", "cut", "nested", "huge", "charset", "reset", "lies", "error"];
    let mut config = String::new();
    for id in ids {
        config += &format!(
            "[[source]]\nid = \"{id}\"\nurl = \"{}\"\nevery = \"1h\"\nitem = \"li\"\n\n",
            site.url(&format!("/{id}/"))
        );
    }
    config += "[[source]]\nid = \"down\"\nurl = \"http://127.0.0.1:9/\"\nevery = \"1h\"\nitem = \"li\"\n";
    let mut world = World::new();
    world.write(&config);
    let start = Instant::now();
    world.start();
    for (id, outcome) in [
        ("good", "read"),
        ("nothing", "no_match"),
        ("cut", "read"),
        ("nested", "too_complex"),
        ("huge", "too_big"),
        ("charset", "read"),
        ("reset", "unreachable"),
        ("lies", "unreachable"),
        ("error", "status"),
        ("down", "unreachable"),
    ] {
        world.wait_log(&format!("source.id={id} visit.outcome=\"{outcome}\""));
    }
    assert!(start.elapsed() < Duration::from_secs(30));
    assert!(world.get("/feeds/good.rss").text().contains("好消息"));
    assert!(world.get("/feeds/charset.rss").text().contains("中文标题"));
    let page = world.get("/").text();
    // Why, in words, for each that failed.
    for word in [
        "its item selector matches nothing",
        "page is too complex: elements nested more than 512 deep",
        "the page is larger than allowed (10 MiB)",
        "no answer from 127.0.0.1: connection reset",
        "no answer from 127.0.0.1: unexpected end of file",
        "no answer from 127.0.0.1: connection refused",
        "the page answers with status 500",
        "the server names a charset that is not known, x-klingon, but it is UTF-8",
    ] {
        assert!(page.contains(word), "the status page does not say {word:?}:\n{page}");
    }
    assert!(!world.log().contains("panicked"), "{}", world.log());
    for path in ["/feeds/../x.rss", "/feeds/%2e%2e%2fx.rss", "/feeds/a%00b.rss", "/feeds/none.rss"] {
        assert_eq!(world.get(path).status, 404, "{path}");
    }
    assert!(world.get("/feeds/none.rss").text().contains("good"), "404 does not list what exists");
}

#[test]
fn what_was_stored_is_served_while_its_site_is_down() {
    let site = Site::start();
    site.list("/column/", &[("/1.html".to_owned(), "旧闻".to_owned(), "2021-12-30".to_owned())]);
    let mut world = World::new();
    world.write(&format!("[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"li\"\n", site.url("/column/")));
    world.start();
    world.wait("/feeds/news.rss", |text| text.contains("旧闻"));
    site.put("/column/", Answer::Reset);
    world.wait_log("visit failed");
    assert!(world.get("/feeds/news.rss").text().contains("旧闻"));
}

#[test]
fn secrets_never_show() {
    let site = Site::start();
    site.put("/column/", Answer::Raw(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".to_vec()));
    let mut world = World::new();
    world.write(&format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"li\"\ncookie = \"session=hunter2\"\nheaders = {{ x-key = \"hunter2\" }}\n",
        site.url("/column/")
    ));
    world.start();
    world.wait_log("visit failed");
    assert!(!world.log().contains("hunter2"));
    for path in ["/", "/feeds/news", "/feeds/news.rss", "/opml.xml", "/healthz", "/readyz"] {
        assert!(!world.get(path).text().contains("hunter2"), "{path}");
    }
}
