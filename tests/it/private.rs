//! A private source that nothing opens stands on no page and in no list.

use crate::{site::Site, world::World};

#[test]
fn a_private_source_without_a_token_is_told_of_nowhere() {
    let site = Site::start();
    let rows = [("/a/1.html".to_owned(), "第一条新闻的标题".to_owned(), "2021-12-30 10:07:00".to_owned())];
    site.list("/column/", &rows);
    let source = |id: &str, path: &str, more: &str| {
        format!(
            "[[source]]\nid = \"{id}\"\nname = \"{id} 要闻\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n{more}\n",
            site.url(path)
        )
    };
    let mut world = World::new();
    // The private one's list is missing, so that it fails, too.
    world.write(&(source("news", "/column/", "") + &source("hidden", "/hidden/", "private = true")));
    world.start();
    world.wait("/feeds/news.json", |text| text.contains("第一条"));
    world.wait_log("hidden");
    for path in ["/", "/opml.xml", "/feeds/_health.atom", "/feeds/news", "/?q=hidden"] {
        let text = world.get(path).text();
        assert!(!text.contains("hidden 要闻") && !text.contains("/hidden/"), "{path}\n{text}");
    }
    assert!(world.get("/").text().contains("news 要闻"));
    assert_eq!(world.get("/feeds/hidden.rss").status, 404);
}
