//! `tearsheet export`: the files are what is served, and nothing but an export is ever replaced.

use std::{fs, path::Path, process::Command};

use crate::{site::Site, world::World};

fn export(world: &World, out: &Path) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tearsheet"));
    command.args(["export", "--config"]).arg(world.config()).arg("--state").arg(world.state());
    command.arg("--out").arg(out).status().unwrap().success()
}

#[test]
fn the_files_are_what_is_served() {
    let site = Site::start();
    site.list("/column/", &[("/1.html".to_owned(), "第一条新闻".to_owned(), "2021-12-01 10:07:00".to_owned())]);
    let mut world = World::new();
    world.write(&format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    ));
    world.start();
    world.wait("/feeds/news.json", |text| text.contains("第一条新闻"));
    let names = ["feeds/news.rss", "feeds/news.atom", "feeds/news.json", "opml.xml"];
    let served = names.map(|name| world.get(&format!("/{name}")).body);
    let zipped = world.ask("GET", "/feeds/news.rss", "Accept-Encoding: gzip\r\n").body;
    world.stop("-TERM");

    let out = world.folder.path().join("public");
    for _ in 0..2 {
        assert!(export(&world, &out));
        assert_eq!(names.map(|name| fs::read(out.join(name)).unwrap()), served);
        assert_eq!(fs::read(out.join("feeds/news.rss.gz")).unwrap(), zipped);
        assert!(fs::read_to_string(out.join("index.html")).unwrap().contains("news"));
        assert!(out.join("feeds/news.html.br").exists() && out.join("opml.xml.br").exists());
        // What an earlier export left goes with the second.
        fs::write(out.join("feeds/gone.rss"), "old").unwrap();
    }
    assert!(export(&world, &out) && !out.join("feeds/gone.rss").exists());
    let left: Vec<_> = fs::read_dir(world.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".public")), "{left:?}");

    let own = world.folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("letter.txt"), "dear").unwrap();
    assert!(!export(&world, &own), "a folder of somebody's own is never replaced");
    assert_eq!(fs::read_to_string(own.join("letter.txt")).unwrap(), "dear");
}
