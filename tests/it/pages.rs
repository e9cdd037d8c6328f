//! Lists of several pages: a first visit and one after an outage read on until they meet what is known, and a page that is
//! missing is no fault of the source.

use crate::{
    site::{Answer, Site},
    world::World,
};

/// Articles on each page of the list.
const EACH: usize = 10;

/// The pages of a list of which `newest` is the number of the newest article; there are three.
fn list(site: &Site, newest: usize) {
    for page in 0..3 {
        let rows: String = (0..EACH)
            .map(|row| newest - page * EACH - row)
            .map(|n| {
                format!(
                    "<li><a href=\"/a/{n}.html\">第{n}座抽水蓄能电站今日投产发电</a><span>2024-05-{:02}</span></li>\n",
                    n % 28 + 1
                )
            })
            .collect();
        let next = if page < 2 { format!("<a href=\"index_{}.html\">下一页</a>", page + 2) } else { String::new() };
        let path = if page == 0 { "/news/".to_owned() } else { format!("/news/index_{}.html", page + 1) };
        site.html(
            &path,
            format!("<title>新闻</title><ul class=news>\n{rows}</ul><div class=pages><b>{}</b> {next}</div>", page + 1),
        );
    }
}

/// What one visit said, and the paths that it asked for.
fn visit(world: &World, site: &Site) -> (String, Vec<String>) {
    let before = site.asked().len();
    let done = world.run(&["fetch", "news"]);
    let paths =
        site.asked().split_off(before).iter().filter_map(|line| line.split(' ').nth(1).map(str::to_owned)).collect();
    (String::from_utf8_lossy(&done.stderr).into_owned(), paths)
}

fn world(site: &Site) -> World {
    let world = World::new();
    world.write(&format!("[[source]]\nid = \"news\"\nurl = \"{}\"\nrobots = \"ignore\"\n", site.url("/news/")));
    world
}

#[test]
fn a_first_visit_and_one_after_an_outage_miss_nothing() {
    let site = Site::start();
    list(&site, 200);
    let world = world(&site);
    let (said, paths) = visit(&world, &site);
    assert!(said.contains("30 items, 30 new"), "{said}");
    assert_eq!(paths, ["/news/", "/news/index_2.html", "/news/index_3.html"]);
    // Two new ones: the first page has known ones, and is all that is asked for.
    list(&site, 202);
    let (said, paths) = visit(&world, &site);
    assert!(said.contains("10 items, 2 new"), "{said}");
    assert_eq!(paths, ["/news/"]);
    // Fifteen while nobody looked: the second page tells the rest, and has what is known.
    list(&site, 217);
    let (said, paths) = visit(&world, &site);
    assert!(said.contains("20 items, 15 new"), "{said}");
    assert_eq!(paths, ["/news/", "/news/index_2.html"]);
}

#[test]
fn a_page_that_is_missing_is_told_by_its_own_address_or_ends_the_list() {
    let site = Site::start();
    let world = world(&site);
    list(&site, 300);
    // No such page: the list ends there, and nothing is wrong.
    site.put("/news/index_2.html", Answer::Raw(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec()));
    let (said, _) = visit(&world, &site);
    assert!(said.contains("10 items, 10 new") && !said.contains("404"), "{said}");
    // A fault of the host is told with the address that it is about, and the page is asked for again.
    list(&site, 340);
    let fault = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n".to_vec();
    site.put("/news/index_2.html", Answer::Raw(fault));
    let (said, _) = visit(&world, &site);
    assert!(said.contains("10 items, 10 new"), "{said}");
    assert!(said.contains(&format!("the list's next page, {}, is missing", site.url("/news/index_2.html"))), "{said}");
    list(&site, 341);
    let (said, paths) = visit(&world, &site);
    assert!(said.contains("new") && paths.contains(&"/news/index_2.html".to_owned()), "{said} {paths:?}");
    let (said, _) = visit(&world, &site);
    assert!(!said.contains("missing"), "{said}");
}

#[test]
fn a_host_that_shows_its_first_page_again_is_read_once() {
    let site = Site::start();
    list(&site, 400);
    let world = world(&site);
    let first = site.body("/news/").unwrap();
    site.html("/news/index_2.html", first);
    let (said, paths) = visit(&world, &site);
    assert!(said.contains("10 items, 10 new"), "{said}");
    assert_eq!(paths, ["/news/", "/news/index_2.html"]);
}

#[test]
fn fetch_reads_the_pages_of_new_articles_once() {
    let site = Site::start();
    let story = "抽水蓄能电站今日投产发电，这是华东地区今年的第三座。".repeat(20);
    for n in 0..4 {
        site.html(
            &format!("/a/{n}.html"),
            format!("<title>第{n}座</title><h1>第{n}座</h1><p>{story}</p><p>{story}</p>"),
        );
    }
    site.put("/a/2.html", Answer::Page("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()));
    let row = |n: usize| (format!("/a/{n}.html"), format!("第{n}座抽水蓄能电站"), "2024-05-01".to_owned());
    site.list("/news/", &(0..3).map(row).collect::<Vec<_>>());
    let world = World::new();
    world.write(&format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"li\"\ntitle = \"a\"\nlink = \"a@href\"\nrobots = \"ignore\"\nfull_text = true\n",
        site.url("/news/")
    ));
    let (said, _) = visit(&world, &site);
    assert!(said.contains("news: 2 articles read, 1 could not be read"), "{said}");
    assert!(said.contains("/a/2.html: the address leads to a picture, not to a page"), "{said}");
    // Nothing is new: nothing is asked for again, whether it was read or not.
    let (said, paths) = visit(&world, &site);
    assert!(!said.contains("articles read"), "{said}");
    assert_eq!(paths, ["/news/"]);
    site.list("/news/", &(0..4).rev().map(row).collect::<Vec<_>>());
    // New is what was first seen in the second of the visit or later.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let (said, paths) = visit(&world, &site);
    assert!(said.contains("news: 1 articles read") && !said.contains("could not"), "{said}");
    assert_eq!(paths, ["/news/", "/a/3.html"]);
    let out = world.folder.path().join("out");
    assert!(world.run(&["export", "--out", out.to_str().unwrap()]).status.success());
    let feed = std::fs::read_to_string(out.join("feeds/news.json")).unwrap();
    assert!(feed.contains("华东地区") && !feed.contains("IHDR"), "{feed}");
}
