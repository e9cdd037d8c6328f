//! What Prometheus is shown.

use crate::{
    site::Site,
    world::{World, ask, replace},
};

fn figure(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

#[test]
fn figures_are_shown_where_the_file_says_so() {
    let site = Site::start();
    site.list("/column/", &[("/1.html".to_owned(), "第一条新闻".to_owned(), "2021-12-01 10:07:00".to_owned())]);
    let mut world = World::new();
    let source = format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    );
    world.write(&source);
    world.start();
    world.wait("/feeds/news.json", |text| text.contains("第一条新闻"));
    assert_eq!(world.get("/metrics").status, 404, "without the setting there is nothing");
    world.stop("-TERM");

    let config = std::fs::read_to_string(world.config()).unwrap().replace("[server]\n", "[server]\nmetrics = true\n");
    replace(&world.config(), &config);
    world.start();
    for path in ["/feeds/news.rss", "/feeds/news.atom", "/feeds/none.rss"] {
        world.get(path);
    }
    let text =
        world.wait("/metrics", |text| figure(text, "tearsheet_visit_duration_seconds_count").unwrap_or(0.0) > 0.0);
    assert!(text.ends_with("# EOF\n"));
    for (name, value) in [
        ("tearsheet_feed_requests_total{code=\"200\"}", 2.0),
        ("tearsheet_feed_requests_total{code=\"404\"}", 1.0),
        ("tearsheet_sources{state=\"well\"}", 1.0),
        ("tearsheet_store_articles", 1.0),
    ] {
        assert_eq!(figure(&text, name), Some(value), "{name} in\n{text}");
    }
    assert!(figure(&text, "tearsheet_store_size_bytes{part=\"journal\"}").unwrap() > 0.0);
    for name in [
        "tearsheet_articles_total{verdict=\"new\"} ",
        "tearsheet_articles_total{verdict=\"changed\"} ",
        "tearsheet_twins_total 0",
        "tearsheet_visit_read_bytes_total ",
        "tearsheet_hub_subscriptions 0",
        "tearsheet_hub_deliveries_total{result=\"failed\"} 0",
    ] {
        assert!(text.contains(name), "{name} in\n{text}");
    }
    assert!(text.contains("tearsheet_visits_total{outcome=\"") && text.contains("tearsheet_next_due_lag_seconds "));
}

#[test]
fn figures_have_a_listener_of_their_own_where_the_file_says_so() {
    let mut world = World::new();
    world.write("");
    let config = std::fs::read_to_string(world.config()).unwrap();
    replace(&world.config(), &config.replace("[server]\n", "[server]\nmetrics = \"127.0.0.1:0\"\n"));
    world.start();
    world.wait_log("showing figures");
    let log = world.log();
    let line = log.lines().find(|line| line.contains("showing figures")).unwrap();
    let address = line.split_once("server.address=").unwrap().1.trim();
    let figures = ask(address, "GET", "/metrics", "").unwrap();
    assert_eq!(figures.status, 200);
    assert!(figure(&figures.text(), "tearsheet_store_articles").is_some(), "{}", figures.text());
    for path in ["/", "/feeds/_health.atom", "/opml.xml", "/hub"] {
        assert_eq!(ask(address, "GET", path, "").unwrap().status, 404, "{path} beside the figures");
    }
    assert_eq!(ask(address, "POST", "/hub", "Content-Length: 0\r\n").unwrap().status, 404);
    assert_eq!(ask(address, "POST", "/metrics", "Content-Length: 0\r\n").unwrap().status, 405);
    assert_eq!(world.get("/metrics").status, 404, "the figures stand apart");

    // A second daemon that is to show its figures there says what to do.
    let second = World::new();
    second.write("");
    let config = std::fs::read_to_string(second.config()).unwrap();
    replace(&second.config(), &config.replace("[server]\n", &format!("[server]\nmetrics = \"{address}\"\n")));
    let ended = std::process::Command::new(env!("CARGO_BIN_EXE_tearsheet"))
        .args(["serve", "--config"])
        .arg(second.config())
        .arg("--state")
        .arg(second.state())
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains(&format!("listening on {address}")) && said.contains("[server] metrics"), "{said}");
    world.stop("-TERM");
}
