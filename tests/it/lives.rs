//! What survives: second visits, restarts, kills. A reader that believes only ids must see each article once, for ever.

use std::{collections::BTreeMap, thread, time::Duration};

use crate::{site::Site, world::World};

const FEED_FILES: [&str; 3] = ["/feeds/news.rss", "/feeds/news.atom", "/feeds/news.json"];

fn source(site: &Site) -> String {
    format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    )
}

fn rows(from: usize, to: usize) -> Vec<(String, String, String)> {
    (from..to)
        .rev()
        .map(|n| {
            (
                format!("/2021/{n}.html"),
                format!("第{n}条新闻"),
                format!("2021-12-{:02} 10:07:{:02}", n % 28 + 1, n % 60),
            )
        })
        .collect()
}

/// Id → (title, date) of a JSON feed's items; fails where an id stands twice.
fn items(json: &str) -> BTreeMap<String, (String, String)> {
    let feed: serde_json::Value = serde_json::from_str(json).unwrap();
    let mut items = BTreeMap::new();
    for item in feed["items"].as_array().unwrap() {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        let before = items.insert(text("id"), (text("title"), text("date_published")));
        assert!(before.is_none(), "an id stands twice: {}", text("id"));
    }
    items
}

#[test]
fn a_second_visit_and_a_restart_change_no_byte() {
    let site = Site::start();
    site.list("/column/", &rows(1, 30));
    let mut world = World::new();
    world.write(&source(&site));
    world.start();
    world.wait("/feeds/news.json", |text| items(text).len() == 29);
    let read = |world: &World| FEED_FILES.map(|path| world.get(path).body);
    let before = read(&world);
    let visits = site.asked().len();
    while site.asked().iter().filter(|line| line.contains("/column/")).count() < 3 {
        thread::sleep(Duration::from_millis(50));
    }
    assert!(site.asked().len() > visits, "there was no second visit");
    assert_eq!(read(&world), before);
    // The same page with other bytes, so that it is read again.
    let mut again = rows(1, 30);
    again.push(("/2021/1.html".to_owned(), "第1条新闻".to_owned(), "2021-12-02".to_owned()));
    site.list("/column/", &again);
    world.wait_log("items.shown=30");
    assert_eq!(read(&world), before);
    assert!(world.stop("-TERM").success());
    world.start();
    assert_eq!(read(&world), before);
}

#[test]
fn ten_kills_amid_visits_lose_double_and_rename_nothing() {
    let site = Site::start();
    let mut world = World::new();
    world.write(&source(&site));
    let mut acknowledged = BTreeMap::new();
    let mut count = 20;
    site.list("/column/", &rows(0, count));
    for kill in 0..10u64 {
        world.start();
        let seen = world.wait("/feeds/news.json", |text| !items(text).is_empty());
        let seen = items(&seen);
        for (id, what) in &acknowledged {
            assert_eq!(seen.get(id), Some(what), "after kill {kill}, article {id}");
        }
        // New articles come while it runs, and it is killed at another moment of its visits each time.
        count += 3;
        site.list("/column/", &rows(0, count));
        thread::sleep(Duration::from_millis(300 + 170 * kill));
        let now = items(&world.get("/feeds/news.json").text());
        acknowledged.extend(now);
        world.stop("-KILL");
    }
    world.start();
    let last = items(&world.wait("/feeds/news.json", |text| items(text).len() == count));
    for (id, what) in &acknowledged {
        assert_eq!(last.get(id), Some(what));
    }
    println!("10 kills: {} articles acknowledged, 0 lost, 0 doubled, 0 renamed", acknowledged.len());
}
