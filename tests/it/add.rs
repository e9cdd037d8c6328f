//! `add`: a page's list becomes a source of feeds.toml, and everything that stood there stays.

use std::{
    fs,
    process::Output,
    time::{Duration, Instant},
};

use crate::{site::Site, world::World};

fn run(world: &World, arguments: &[&str]) -> Output {
    world.run(&[arguments, &["--allow-private", "127.0.0.0/8"]].concat())
}

/// A world in which no host is waited for.
fn hurried() -> World {
    let world = World::new();
    fs::write(world.config(), "[defaults]\nhost_gap = \"0s\"\n").unwrap();
    world
}

/// What `try --json` says of a page's items.
fn items(world: &World, page: &str) -> serde_json::Value {
    let out = run(world, &["try", page, "--json"]);
    let tried: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    tried["items"].clone()
}

#[test]
fn a_list_is_added_and_the_file_keeps_its_comments() {
    let site = Site::start();
    let titles =
        ["迎峰度夏保供电方案出台", "海上风电场全容量并网", "抽水蓄能电站首台机组投产", "特高压工程跨江放线成功"];
    let rows: Vec<_> = (0..12)
        .map(|n| {
            let title = format!("{}（第{}批）", titles[n % titles.len()], n + 1);
            (format!("/news/202112{:02}/{}.html", 30 - n, 4000 - n), title, format!("2021-12-{:02}", 30 - n))
        })
        .collect();
    site.list("/news/", &rows);
    let world = World::new();
    let before = "# mine\n[defaults]\ntimezone = \"Asia/Shanghai\"  # of the portal\nhost_gap = \"0s\"\n";
    fs::write(world.config(), before).unwrap();

    let found = items(&world, &site.url("/news/"));
    let out = run(&world, &["add", &site.url("/news/"), "--id", "news"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let after = fs::read_to_string(world.config()).unwrap();
    assert!(after.starts_with(before), "{after}");
    assert!(after.contains("\n\n# 栏目\n[[source]]\nid = \"news\"\n"), "{after}");
    assert!(run(&world, &["check"]).status.success(), "{after}");
    let written = items(&world, "news");
    assert_eq!(written.as_array().unwrap().len(), 12, "{after}");
    assert_eq!(written, found, "the rule as written reads other items than were shown\n{after}");

    // The networks that were allowed for the page are the source's, so that the daemon can visit it.
    assert!(after.contains("allow_private = [\"127.0.0.0/8\"]\n"), "{after}");
    let visited = world.run(&["fetch"]);
    assert!(visited.status.success(), "{}", String::from_utf8_lossy(&visited.stderr));

    // The same page once more, and a page without a list, change nothing.
    assert!(!run(&world, &["add", &site.url("/news/")]).status.success());
    site.html("/about/", "<title>About</title><p>We are a portal.</p>");
    let none = run(&world, &["add", &site.url("/about/")]);
    assert!(!none.status.success());
    assert!(String::from_utf8_lossy(&none.stderr).contains("nothing was added"));
    assert_eq!(fs::read_to_string(world.config()).unwrap(), after);
}

#[test]
fn a_page_that_announces_a_feed_is_added_as_that_feed() {
    let site = Site::start();
    let item = "<item><title>One</title><link>http://example.org/1</link></item>";
    let feed =
        format!("<rss version=\"2.0\"><channel><title>T</title><link>http://example.org/</link>{item}</channel></rss>");
    site.html("/blog/", "<title>Blog</title><link rel=alternate type=application/rss+xml href=/blog/feed.xml><p>Hello");
    site.put("/blog/feed.xml", crate::site::Answer::Page("application/rss+xml", feed.into_bytes()));
    let world = World::new();
    let out = run(&world, &["add", &site.url("/blog/")]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = fs::read_to_string(world.config()).unwrap();
    assert!(text.contains(&site.url("/blog/feed.xml")), "{text}");
    assert!(text.starts_with("# T\n[[source]]\n") && text.contains("id = \"feed\""), "{text}");
    assert!(!text.contains("item ="), "{text}");
    // The page once more leads to the same feed, which is there already.
    let again = run(&world, &["add", &site.url("/blog/")]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("has this page already, as feed"));
    assert_eq!(fs::read_to_string(world.config()).unwrap(), text);
    // An id that is none is a fault of the command line, not of the file; one that is taken says so.
    assert_eq!(run(&world, &["add", &site.url("/blog/"), "--id", "My Page"]).status.code(), Some(2));
    site.list("/other/", &crate::site::rows(6));
    let taken = run(&world, &["add", &site.url("/other/"), "--id", "feed"]);
    assert!(String::from_utf8_lossy(&taken.stderr).contains("give another --id"), "{taken:?}");
    assert_eq!(fs::read_to_string(world.config()).unwrap(), text);
}

#[test]
fn a_feed_that_nobody_announces_is_taken_where_it_shows_the_pages_articles() {
    let site = Site::start();
    let rows = crate::site::rows(8);
    let feed = |rows: &[(String, String, String)]| {
        let item = |(url, title, _): &(String, String, String)| {
            format!("<item><title>{title}</title><link>{}</link></item>", site.url(url))
        };
        let items: String = rows.iter().map(item).collect();
        format!("<rss version=\"2.0\"><channel><title>T</title><link>{}</link>{items}</channel></rss>", site.url("/"))
    };
    site.list("/news/", &rows);
    // The feed of another section is not this page's.
    let others: Vec<_> =
        rows.iter().map(|(url, title, date)| (format!("/far{url}"), title.clone(), date.clone())).collect();
    site.put("/feed/", crate::site::Answer::Page("application/rss+xml", feed(&others).into_bytes()));
    let world = hurried();
    let out = run(&world, &["add", &site.url("/news/"), "--id", "list"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(fs::read_to_string(world.config()).unwrap().contains("item = "));

    site.put("/news/feed/", crate::site::Answer::Page("application/rss+xml", feed(&rows).into_bytes()));
    let world = hurried();
    let out = run(&world, &["add", &site.url("/news/"), "--id", "news"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = fs::read_to_string(world.config()).unwrap();
    assert!(text.contains(&site.url("/news/feed/")) && !text.contains("item ="), "{text}");
}

#[test]
fn a_page_without_a_list_is_added_as_the_api_that_it_names() {
    let site = Site::start();
    site.html(
        "/",
        "<title>News</title><link rel='https://api.w.org/' href='/wp-json/'><div id=app></div><script>go()</script>",
    );
    let post = |n: u32| {
        format!(
            "{{\"link\": \"{}\", \"date\": \"2026-01-0{n}T10:00:00\", \"title\": {{\"rendered\": \"Power lines &#8220;{n}&#8221; renewed\"}}}}",
            site.url(&format!("/2026/{n}/"))
        )
    };
    let posts = format!("[{}]", (1..=5).map(post).collect::<Vec<_>>().join(","));
    let path = "/wp-json/wp/v2/posts?per_page=30&_fields=title%2Clink%2Cdate%2Cexcerpt";
    site.put(path, crate::site::Answer::Page("application/json", posts.into_bytes()));
    let world = hurried();
    let out = run(&world, &["add", &site.url("/"), "--id", "news"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let items = items(&world, "news");
    assert_eq!(items.as_array().unwrap().len(), 5);
    assert_eq!(items[0]["title"], "Power lines “1” renewed");
    assert!(items[0]["published"].as_str().unwrap().starts_with("2026-01-01T10:00:00"), "{items}");
}

#[test]
fn an_announced_feed_that_cannot_be_read_is_told_and_the_list_is_taken() {
    let site = Site::start();
    let rows = crate::site::rows(8);
    let list: String = rows
        .iter()
        .map(|(url, title, date)| format!("<li><a href=\"{url}\">{title}</a> <span>{date}</span></li>"))
        .collect();
    let link = "<link rel=alternate type=application/rss+xml href=/gone.xml>";
    site.html("/news/", format!("<title>News</title>{link}<ul class=news>{list}</ul>"));
    let world = hurried();
    let out = run(&world, &["add", &site.url("/news/"), "--id", "news"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("/gone.xml, which is not taken: ") && said.contains("404"), "{said}");
    let shown = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(!shown.contains("which `add` takes") && shown.contains("/feeds/news in a browser"), "{shown}");
    assert!(fs::read_to_string(world.config()).unwrap().contains("item = "));
}

#[test]
fn a_rule_that_matches_nothing_is_told_with_the_list_that_is_there() {
    let site = Site::start();
    site.list("/news/", &crate::site::rows(8));
    let world = World::new();
    let source = format!("[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \".gone\"\n", site.url("/news/"));
    fs::write(world.config(), source).unwrap();
    let tried = run(&world, &["try", "news"]);
    assert_eq!(tried.status.code(), Some(1));
    let shown = String::from_utf8_lossy(&tried.stdout).into_owned();
    assert!(shown.contains("8 items in ") && shown.contains("has no `item`"), "{shown}");
}

#[test]
fn a_host_is_asked_for_its_rules_once_and_its_gap_is_held_while_feeds_are_looked_for() {
    let site = Site::start();
    site.list("/news/", &crate::site::rows(8));
    site.put("/robots.txt", crate::site::Answer::Page("text/plain", b"User-agent: *\nDisallow: /rss.xml\n".to_vec()));
    let world = World::new();
    fs::write(world.config(), "[defaults]\nhost_gap = \"1s\"\n").unwrap();
    let start = Instant::now();
    let out = run(&world, &["add", &site.url("/news/"), "--id", "news"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let asked = site.asked();
    let paths: Vec<&str> = asked.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(paths, ["/robots.txt", "/news/", "/news/feed/", "/feed/", "/atom.xml"]);
    assert!(start.elapsed() >= Duration::from_secs(4), "{:?}", start.elapsed());
}

#[test]
fn pages_that_have_no_name_are_added_one_after_the_other() {
    let site = Site::start();
    let rows = |column: &str| -> Vec<_> {
        let row = |n: u32| {
            (format!("/{column}/2021120{n}/{n}.html"), format!("新闻标题第{n}条报道"), format!("2021-12-0{n}"))
        };
        (1..9).map(row).collect()
    };
    site.list("/", &rows("a"));
    site.list("/b/", &rows("b"));
    let world = hurried();
    for page in ["/", "/b/"] {
        let out = run(&world, &["add", &site.url(page)]);
        assert!(out.status.success(), "{page}: {}", String::from_utf8_lossy(&out.stderr));
    }
    let after = fs::read_to_string(world.config()).unwrap();
    assert!(after.contains("id = \"page\"\n") && after.contains("id = \"b\"\n"), "{after}");
    assert!(run(&world, &["check"]).status.success(), "{after}");
    assert_eq!(items(&world, "b").as_array().unwrap().len(), 8, "{after}");
}
