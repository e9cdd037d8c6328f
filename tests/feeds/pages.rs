//! Pages for people: what is on them, and that nothing of a stranger's text becomes markup.

use std::sync::Arc;

use http::{Request, StatusCode};
use http_body_util::BodyExt;
use tearsheet::{
    model::{CleanHtml, SourceState},
    serve::App,
};

use crate::sample::{self, Shown};

pub(crate) async fn get(app: &App, path: &str) -> (StatusCode, String) {
    let (head, ()) = Request::get(path).header("host", "x").body(()).unwrap().into_parts();
    let answer = app.answer(&head).await;
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn shown() -> Arc<Shown> {
    Shown::new(vec![
        sample::document("grid", "电网 · 中国电力网", sample::grid()),
        sample::document("wire", "Energy wire", Vec::new()),
    ])
}

/// The pages are left under the target folder, to look at in a browser.
#[tokio::test]
async fn pages_show_what_the_library_says() {
    let shown = shown();
    let app = App::new(shown.clone());
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (status, home) = get(&app, "/").await;
    assert_eq!(status, StatusCode::OK);
    for text in [
        "电网 · 中国电力网",
        "Some sources need a look",
        "read 20 items: 3 new, 1 changed",
        "matches nothing",
        "4 visits in a row",
        "in 24 min",
        "<link rel=\"alternate\" type=\"application/rss+xml\"",
        "href=\"feeds/power.json\"",
        "datetime=\"2026-11-22T01:54:00Z\"",
        "give the source a `date` rule",
    ] {
        assert!(home.contains(text), "{text}");
    }
    let (_, feed) = get(&app, "/feeds/grid").await;
    for text in [
        "Q&amp;A：特高压直流工程全线贯通 &lt;±800 kV&gt; 意味着什么",
        "<time datetime=\"2026-11-22\">",
        "datetime=\"2026-11-22T08:42:10+08:00\">08:42",
        "中国电力报",
        "特高压",
        "value=\"http://127.0.0.1:7878/feeds/grid.atom\"",
        "href=\"../feeds/grid.atom\"",
    ] {
        assert!(feed.contains(text), "{text}");
    }
    let (status, lost) = get(&app, "/nothing-here").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(lost.contains("/feeds/power") && !lost.contains("nothing-here"));
    let (_, found) = get(&app, "/?q=%E5%82%A8%E8%83%BD").await;
    assert!(found.contains("新型储能装机突破一亿千瓦") && !found.contains("抽水蓄能电站首台"));
    let (_, empty) = get(&app, "/feeds/wire").await;
    assert!(empty.contains("Nothing is here yet"));
    {
        let mut status = sample::status();
        status.config_fault = Some("error: unknown key `evry`\n --> feeds.toml:12:1\n   |\n12 | evry = \"30m\"\n   | ^^^^ did you mean `every`?".to_owned());
        status.store_fault = Some("the disk is full; 12 MB are free, 64 MB are needed".to_owned());
        *shown.status.lock().unwrap() = Arc::new(status);
    }
    let (_, faulty) = get(&app, "/").await;
    assert!(faulty.contains("did you mean `every`?") && faulty.contains("The store needs you"));
    for (name, page) in
        [("home", home), ("feed", feed), ("lost", lost), ("found", found), ("empty", empty), ("faulty", faulty)]
    {
        std::fs::write(folder.join(format!("{name}.html")), page).unwrap();
    }
    println!("pages left in {}", folder.display());
}

#[tokio::test]
async fn no_text_of_a_stranger_becomes_markup() {
    let attack = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}\0";
    let mut articles = sample::grid();
    for article in &mut articles {
        article.title = attack.to_owned();
        article.url = "javascript:alert(3)".to_owned();
        article.image = Some("javascript:alert(4)".to_owned());
        article.outlet = Some(attack.to_owned());
        article.authors = vec![attack.to_owned()];
        article.categories = vec![attack.to_owned()];
        article.language = Some(attack.to_owned());
        // The cleaner stands before; the page must hold even if it failed, for it shows text alone.
        article.summary = Some(CleanHtml::vouched(format!("<p>{attack}</p>")));
    }
    let shown = Shown::new(vec![sample::document("grid", attack, articles)]);
    {
        let mut status = sample::status();
        for source in &mut status.sources {
            source.name = attack.to_owned();
            source.url = "javascript:alert(5)".to_owned();
            source.state = SourceState::Failing;
            if let Some(report) = &mut source.last {
                for problem in &mut report.problems {
                    problem.reason = attack.to_owned();
                    problem.advice = attack.to_owned();
                    problem.field = Some(attack.to_owned());
                }
            }
        }
        for feed in &mut status.feeds {
            feed.title = attack.to_owned();
        }
        status.config_fault = Some(attack.to_owned());
        status.store_fault = Some(attack.to_owned());
        *shown.status.lock().unwrap() = Arc::new(status);
    }
    let app = App::new(shown);
    for path in ["/", "/feeds/grid", "/none", "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"] {
        let (_, page) = get(&app, path).await;
        assert_eq!(page.matches("<script").count(), 1, "{path}: its own alone");
        assert!(!page.contains("<img src=x") && !page.contains("\"javascript:") && !page.contains('\0'), "{path}");
    }
}
