//! RFC 5005: a new subscriber reads back further than the feed shows.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::{site::Site, world::World};

fn rows(from: usize, to: usize) -> Vec<(String, String, String)> {
    (from..to).rev().map(|n| (format!("/{n}.html"), format!("第{n}条新闻"), "2021-12-01 10:07:00".to_owned())).collect()
}

/// Every page of the feed's past by its address, the feed as it is now first; and the articles' addresses on all of them.
fn walk(world: &World, extension: &str) -> (BTreeMap<String, Vec<u8>>, BTreeSet<String>) {
    let link = Regex::new(r#"<(?:atom:)?link [^>]*rel="prev-archive"[^>]*>"#).unwrap();
    let href = Regex::new(r#"href="http://feeds.example([^"]+)""#).unwrap();
    let address = Regex::new(r"/(\d+)\.html").unwrap();
    let (mut pages, mut articles) = (BTreeMap::new(), BTreeSet::new());
    let mut next = Some(format!("/feeds/news.{extension}"));
    while let Some(path) = next {
        let reply = world.get(&path);
        assert_eq!(reply.status, 200, "{path}");
        let text = reply.text();
        assert_eq!(text.contains("fh:archive"), path.contains("/archive/"), "{path}");
        articles.extend(address.captures_iter(&text).map(|found| found[1].to_owned()));
        next = link.find(&text).map(|found| href.captures(found.as_str()).unwrap()[1].to_owned());
        assert!(pages.insert(path.clone(), reply.body).is_none(), "{path} comes twice");
    }
    (pages, articles)
}

#[test]
fn all_articles_are_found_and_pages_stay_as_they_are() {
    let site = Site::start();
    site.list("/column/", &rows(0, 900));
    let mut world = World::new();
    world.write(&format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    ));
    world.start();
    world.wait("/feeds/news.json", |text| text.contains("next_url"));
    let mut before = BTreeMap::new();
    for extension in ["atom", "rss"] {
        let (pages, articles) = walk(&world, extension);
        assert_eq!(articles.len(), 900, "every article is on some page of the {extension} feed");
        assert!(pages.len() > 5, "{} pages", pages.len());
        before.extend(pages);
    }
    site.list("/column/", &rows(0, 930));
    world.wait("/feeds/news.json", |text| text.contains("第929条新闻"));
    let mut same = 0;
    for extension in ["atom", "rss"] {
        let (pages, articles) = walk(&world, extension);
        assert_eq!(articles.len(), 930);
        for (path, body) in pages.iter().filter(|(path, _)| path.contains("/archive/")) {
            if let Some(old) = before.get(path) {
                assert!(old == body, "{path} changed");
                same += 1;
            }
        }
    }
    assert!(same > 8, "only {same} pages kept their addresses");
    println!("{same} pages kept their addresses and bytes");
    for path in ["/feeds/news/archive/0.atom", "/feeds/none/archive/00.atom", "/feeds/news/archive/x/y.rss"] {
        assert_eq!(world.get(path).status, 404, "{path}");
    }
}
