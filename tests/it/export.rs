//! `tearsheet export`: the files are what is served, and nothing but an export is ever replaced.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crate::{site::Site, world::World};

fn command(world: &World, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tearsheet"));
    command.args(["export", "--config"]).arg(world.config()).arg("--state").arg(world.state());
    command.arg("--out").arg(out);
    command
}

fn export(world: &World, out: &Path) -> bool {
    command(world, out).status().unwrap().success()
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
        let front = fs::read_to_string(out.join("index.html")).unwrap();
        assert!(front.contains("href=\"feeds/news.html\"") && !front.contains("<form"), "{front}");
        // Every address of the pages is a file.
        for (page, folder) in [("index.html", ""), ("feeds/news.html", "feeds/")] {
            let text = fs::read_to_string(out.join(page)).unwrap();
            let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            for link in links.filter(|link| !link.contains("//") && !link.starts_with('#')) {
                let file = out.join(format!("{folder}{link}"));
                assert!(file.is_file() || file.join("index.html").is_file(), "{page}: {link}");
            }
        }
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

#[test]
fn who_reads_meanwhile_and_who_kills_it_meets_a_whole_export() {
    let site = Site::start();
    let rows: Vec<_> =
        (1..40).map(|n| (format!("/{n}.html"), format!("第{n}条新闻"), "2021-12-01 10:07:00".to_owned())).collect();
    site.list("/column/", &rows);
    let mut world = World::new();
    let source = format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    );
    world.write(&source);
    world.start();
    world.wait("/feeds/news.json", |text| text.contains("第39条新闻"));
    world.stop("-TERM");
    let out = world.folder.path().join("public");
    assert!(export(&world, &out));
    let files = ["feeds/news.rss", "feeds/news.json", "opml.xml", "index.html", "feeds/news.atom.gz"];
    // Feeds and lists are the same bytes each time; the front page tells the time of day, and is whole where it ends as a page does.
    let first = files.map(|name| fs::read(out.join(name)).unwrap());
    let whole = |at: usize, bytes: &[u8]| {
        if files[at] == "index.html" { bytes.trim_ascii_end().ends_with(b"</html>") } else { bytes == first[at] }
    };
    let look = || {
        for (at, name) in files.iter().enumerate() {
            // Who has found the old folder may be too late for its files, and finds the new one then.
            let read = || fs::read(out.join(name));
            let bytes = read().or_else(|_| read()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(whole(at, &bytes), "{name} is not whole: {} bytes", bytes.len());
        }
    };
    let done = AtomicBool::new(false);
    let looks = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut looks = 0u32;
            while !done.load(Ordering::Relaxed) {
                look();
                looks += 1;
            }
            looks
        });
        let exported = (0..5).all(|_| export(&world, &out));
        // Killed at once, amid its work, and as it ends.
        for pause in (0..12).map(|n| Duration::from_millis(20 * n)) {
            let mut child = command(&world, &out).stderr(Stdio::null()).spawn().unwrap();
            thread::sleep(pause);
            let _ = child.kill();
            child.wait().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        assert!(exported);
        reader.join().unwrap()
    });
    println!("5 exports and 12 killed ones: {looks} looks, each met a whole one");
    assert!(looks > 10);
    assert!(export(&world, &out), "what a killed export left hinders none");
    look();
    let left: Vec<_> = fs::read_dir(world.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".public")), "{left:?}");
}
