//! Sources that are not well: what the health feed, the status page, `fetch` and `try` say of them, and that users' own feeds say nothing.

use std::process::Output;

use crate::{
    site::{Answer, Site},
    world::World,
};

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn source(site: &Site, id: &str, more: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nname = \"{id} of the town\"\nevery = \"6h\"\nevery_max = \"12h\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\n{more}\n",
        site.url(&format!("/{id}/"))
    )
}

fn rows(count: usize) -> Vec<(String, String, String)> {
    (1..=count).map(|n| (format!("/a/{n}.html"), format!("Council debates harbour works {n}"), String::new())).collect()
}

fn entries(json: &str) -> Vec<(String, String)> {
    let feed: serde_json::Value = serde_json::from_str(json).unwrap();
    let text = |item: &serde_json::Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    feed["items"].as_array().unwrap().iter().map(|item| (text(item, "id"), text(item, "title"))).collect()
}

#[test]
fn an_episode_is_one_entry_that_says_when_it_is_over() {
    let site = Site::start();
    site.list("/news/", &rows(3));
    site.list("/hidden/", &rows(4));
    let mut world = World::new();
    world.write(&format!("{}{}", source(&site, "news", ""), source(&site, "hidden", "private = true")));
    world.start();
    world.wait("/feeds/news.json", |text| entries(text).len() == 3);
    assert_eq!(entries(&world.get("/feeds/_health.json").text()), []);
    site.put("/news/", Answer::Reset);
    site.put("/hidden/", Answer::Reset);
    for visit in 1..=4 {
        assert_eq!(world.run(&["fetch"]).status.code(), Some(1));
        let found = entries(&world.get("/feeds/_health.json").text());
        assert_eq!(found.len(), usize::from(visit >= 3), "after {visit} failed visits: {found:?}");
    }
    let begun = entries(&world.get("/feeds/_health.json").text());
    assert_eq!(begun[0].1, "news of the town (news) cannot be read");
    for path in ["/feeds/_health.atom", "/feeds/_health.rss"] {
        let text = world.get(path).text();
        assert!(text.contains(&begun[0].0) && text.contains("no answer from"), "{path}: {text}");
        assert!(!text.contains("hidden"), "a private source is told: {text}");
    }
    assert_eq!(entries(&world.get("/feeds/news.json").text()).len(), 3, "an error stands in the user's feed");
    // It outlives a restart, and is over when a visit succeeds.
    world.stop("-TERM");
    world.start();
    assert_eq!(entries(&world.get("/feeds/_health.json").text()), begun);
    site.list("/news/", &rows(5));
    assert!(world.run(&["fetch", "news"]).status.success());
    let over = entries(&world.get("/feeds/_health.json").text());
    assert_eq!(over, [(begun[0].0.clone(), "news of the town (news) can be read again".to_owned())]);
}

#[test]
fn what_a_visit_met_is_said_in_words_everywhere() {
    let site = Site::start();
    site.list("/news/", &rows(8));
    let mut world = World::new();
    world.write(&source(&site, "news", ""));
    world.start();
    world.wait("/feeds/news.json", |text| entries(text).len() == 8);
    let cards: String =
        rows(8).iter().map(|(link, title, _)| format!("<div><a href={link}>{title}</a></div>")).collect();
    let challenge = "<title>Just a moment...</title><h1>Checking your browser</h1>";
    let refusal = format!(
        "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{challenge}",
        challenge.len()
    );
    for (answer, class, words) in [
        (Answer::Raw(refusal.into_bytes()), "challenge", "a challenge page"),
        (page("<title>Sign in</title><form><input type=password></form>"), "login_wall", "only after a login"),
        (page("<title>Page not found</title><h1>Page not found</h1>"), "soft_404", "says that it does not exist"),
        (page("<div id=root></div><script src=/a.js></script>"), "needs_javascript", "frame that scripts fill"),
        (page(&format!("<title>News</title>{cards}")), "layout_changed", "layout has changed"),
    ] {
        site.put("/news/", answer);
        let fetched = world.run(&["fetch", "news"]);
        assert!(told(&fetched).contains(&format!("news: {class}, 0 items")), "{class}: {}", told(&fetched));
        world.wait_log(&format!("visit.outcome=\"{class}\""));
        let status = world.get("/").text();
        assert!(status.contains(words), "{class}: the status page does not say {words:?}");
        if class != "layout_changed" {
            let tried = world.run(&["try", "news"]);
            assert_eq!(tried.status.code(), Some(1));
            assert!(told(&tried).len() > 40, "{class}: {}", told(&tried));
        }
    }
    site.put("/news/", page("<title>News</title><h1>News</h1><p>There are no articles in this section.</p>"));
    let fetched = world.run(&["fetch", "news"]);
    assert!(fetched.status.success() && told(&fetched).contains("news: empty_list"), "{}", told(&fetched));
    assert_eq!(entries(&world.get("/feeds/news.json").text()).len(), 8, "what was stored is gone");
}

fn page(html: &str) -> Answer {
    Answer::Page("text/html; charset=utf-8", html.as_bytes().to_vec())
}

#[test]
fn fetch_leaves_a_host_alone_for_as_long_as_it_asked() {
    let site = Site::start();
    site.put(
        "/news/",
        Answer::Raw(b"HTTP/1.1 429 Too Many\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n".to_vec()),
    );
    let world = World::new();
    world.write(&source(&site, "news", ""));
    let first = world.run(&["fetch"]);
    assert!(told(&first).contains("status 429: not before 3600 s are over"), "{}", told(&first));
    let asked = site.asked().len();
    site.list("/news/", &rows(3));
    let second = world.run(&["fetch"]);
    assert!(told(&second).contains("asks to come later (by an earlier answer"), "{}", told(&second));
    assert_eq!(site.asked().len(), asked, "the host was asked again");
}

#[test]
fn a_login_page_names_no_feed_and_what_is_wrong_is_said_until_it_is_not() {
    let site = Site::start();
    site.list("/news/", &rows(8));
    let mut world = World::new();
    // Without a name the page's own title names the feed; the rule for titles matches nothing.
    let unnamed = source(&site, "news", "").replace("name = \"news of the town\"\n", "");
    world.write(&unnamed.replace("title = \"a\"", "title = \"b\""));
    world.start();
    world.wait("/feeds/news.json", |text| entries(text).len() == 8);
    let wrong = |world: &World| world.get("/").text().matches("no title").count();
    let before = wrong(&world);
    assert!(before > 0, "{}", world.get("/").text());
    assert!(world.run(&["fetch", "news"]).status.success());
    assert_eq!(wrong(&world), before, "an unchanged page is no better than it was");
    site.put("/news/", page("<title>Sign in</title><form><input type=password></form>"));
    assert!(!world.run(&["fetch", "news"]).status.success());
    assert!(!world.get("/feeds/news.json").text().contains("Sign in"));
}
