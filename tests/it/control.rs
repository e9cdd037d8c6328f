//! Commands beside a running daemon, through control.sock, and without one.

use std::{
    os::unix::fs::{FileTypeExt, PermissionsExt},
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

use crate::{
    site::{Site, rows},
    world::{World, entries},
};

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A source that comes due by itself once, and then not again while the test runs.
fn source(site: &Site, id: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nname = \"电网要闻\"\nevery = \"6h\"\nevery_max = \"12h\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    )
}

#[test]
fn the_socket_is_the_owners_alone_and_goes_with_the_daemon() {
    let site = Site::start();
    site.list("/column/", &rows(3));
    let mut world = World::new();
    world.write(&source(&site, "news"));
    world.start();
    let socket = world.state().join("control.sock");
    let meta = std::fs::symlink_metadata(&socket).unwrap();
    assert!(meta.file_type().is_socket());
    assert_eq!(meta.permissions().mode() & 0o777, 0o600);
    assert!(world.stop("-TERM").success());
    assert!(!socket.exists(), "the socket outlived the daemon");
    // A killed daemon leaves its socket: the next one takes its place, and commands do not mistake it for a daemon.
    world.start();
    world.stop("-KILL");
    assert!(socket.exists());
    let done = world.run(&["fetch"]);
    assert!(done.status.success(), "{}", err(&done));
    world.start();
    assert!(world.run(&["doctor"]).status.success());
}

#[test]
fn a_second_daemon_is_told_of_the_first() {
    let site = Site::start();
    site.list("/column/", &rows(3));
    let mut world = World::new();
    world.write(&source(&site, "news"));
    world.start();
    let second = world.run(&["serve"]);
    let id = world.daemon.as_ref().unwrap().child.id();
    assert_eq!(second.status.code(), Some(1));
    let told = err(&second);
    assert!(told.contains(&format!("in use by process {id}")), "{told}");
    assert!(world.state().join("control.sock").exists(), "the second took the first one's socket away");
    assert!(world.run(&["doctor"]).status.success());
}

#[test]
fn fetch_makes_the_daemon_visit_now() {
    let site = Site::start();
    site.list("/column/", &rows(3));
    let mut world = World::new();
    world.write(&source(&site, "news"));
    world.start();
    world.wait("/feeds/news.json", |text| entries(text) == 3);
    site.list("/column/", &rows(8));
    let start = Instant::now();
    let done = world.run(&["fetch", "news"]);
    assert!(done.status.success(), "{}", err(&done));
    assert!(err(&done).contains("news: read, 8 items, 5 new, 0 changed"), "{}", err(&done));
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(entries(&world.get("/feeds/news.json").text()), 8);
    // All at once, and one that is not there.
    let all = world.run(&["fetch"]);
    assert!(err(&all).contains("news: unchanged"), "{}", err(&all));
    let none = world.run(&["fetch", "other"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(err(&none).contains("has no source \"other\""), "{}", err(&none));
    // A visit that fails is told, and the command fails.
    site.put("/column/", crate::site::Answer::Reset);
    let failed = world.run(&["fetch", "news"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(err(&failed).contains("news: unreachable"), "{}", err(&failed));
}

#[test]
fn who_waits_is_answered_when_the_daemon_stops() {
    let site = Site::start();
    site.list("/column/", &rows(3));
    site.put("/slow/", crate::site::Answer::Endless(9 << 20));
    let mut world = World::new();
    let slow = source(&site, "slow").replace("/column/", "/slow/");
    world.write(&format!("{}\n{}", source(&site, "news"), slow));
    world.start();
    world.wait("/feeds/news.json", |text| entries(text) == 3);
    let command = |world: &World, id: &str| {
        Command::new(env!("CARGO_BIN_EXE_tearsheet"))
            .args(["fetch", id, "--config"])
            .arg(world.config())
            .arg("--state")
            .arg(world.state())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    // A client that goes away takes nothing with it.
    let mut gone = command(&world, "slow");
    thread::sleep(Duration::from_millis(200));
    gone.kill().unwrap();
    gone.wait().unwrap();
    let waits = command(&world, "slow");
    thread::sleep(Duration::from_millis(300));
    assert!(world.stop("-TERM").success());
    let ended = waits.wait_with_output().unwrap();
    println!("told at the stop: {}", String::from_utf8_lossy(&ended.stderr).trim());
    assert_eq!(ended.status.code(), Some(1));
}

#[test]
fn why_tells_the_same_with_and_without_a_daemon() {
    let site = Site::start();
    site.list("/column/", &rows(4));
    let mut world = World::new();
    world.write(&format!(
        "{}\n[[feed]]\nid = \"power\"\nname = \"电力要闻与评论\"\nsources = [\"news\"]\n",
        source(&site, "news")
    ));
    world.start();
    world.wait("/feeds/power.json", |text| entries(text) == 4);
    let url = site.url("/2021/3.html");
    let beside = world.run(&["why", &url]);
    assert!(beside.status.success(), "{}", err(&beside));
    let told = out(&beside);
    for part in [
        "第3条新闻\n",
        "2021-12-03T10:07:00+08:00  to the second, from list",
        "changed     never",
        "news  first 20",
        "still listed",
        "power  电力要闻与评论  entry 2 of 4",
        "news   电网要闻        entry 2 of 4",
    ] {
        assert!(told.contains(part), "{part:?} is missing in\n{told}");
    }
    let id = told.split_whitespace().find(|word| word.starts_with("urn:uuid:")).unwrap().to_owned();
    assert_eq!(out(&world.run(&["why", &id])), told);
    // Tracking parameters lead to the same article.
    assert_eq!(out(&world.run(&["why", &format!("{url}?utm_source=x")])), told);
    let none = world.run(&["why", &site.url("/nothing")]);
    assert_eq!(none.status.code(), Some(1));
    assert!(err(&none).contains("no article has that address"), "{}", err(&none));
    world.stop("-TERM");
    assert_eq!(out(&world.run(&["why", &id])), told);
}

#[test]
fn split_undoes_a_wrong_join_for_good() {
    let site = Site::start();
    let title = "国家电网公司发布新型电力系统建设行动方案";
    let row = |path: &str| [(path.to_owned(), title.to_owned(), "2021-12-30 10:07".to_owned())];
    site.list("/column/", &row("/a/1.html"));
    site.list("/other/", &row("/b/1.html"));
    let mut world = World::new();
    let config = format!(
        "{}\n{}\n[[feed]]\nid = \"both\"\nsources = [\"one\", \"two\"]\n",
        source(&site, "one"),
        source(&site, "two").replace("/column/", "/other/")
    );
    world.write(&config);
    world.start();
    let joined = world.wait("/feeds/both.json", |text| text.contains("另见"));
    assert_eq!(entries(&joined), 1, "{joined}");
    let hidden = if joined.contains("/a/1.html\",\"title") { "/b/1.html" } else { "/a/1.html" };
    let url = site.url(hidden);
    let told = out(&world.run(&["why", &url]));
    for part in ["one story", "score 1.00", "the same title", "0.0 days apart", "`tearsheet split` undoes"] {
        assert!(told.contains(part), "{part:?} is missing in\n{told}");
    }
    let id = told.split_whitespace().find(|word| word.starts_with("urn:uuid:")).unwrap().to_owned();
    let done = world.run(&["split", &id]);
    assert!(done.status.success(), "{}", err(&done));
    let apart = world.get("/feeds/both.json").text();
    assert_eq!((entries(&apart), apart.contains("另见")), (2, false), "{apart}");
    let told = out(&world.run(&["why", &id]));
    assert!(told.contains("told apart by a person, for good"), "{told}");
    let again = world.run(&["split", &id]);
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("joined with no other"), "{}", err(&again));
    // An edit of the list changes nothing in that, nor does a restart or an index made anew.
    site.list("/other/", &[row("/b/1.html"), row("/b/2.html")].concat());
    assert!(world.run(&["fetch"]).status.success());
    world.stop("-TERM");
    std::fs::remove_dir_all(world.state().join("index")).unwrap();
    let told = out(&world.run(&["why", &id]));
    assert!(told.contains("told apart by a person, for good"), "{told}");
    world.start();
    let after = world.wait("/feeds/both.json", |text| entries(text) > 1);
    assert!(after.contains("/a/1.html") && after.contains("/b/1.html"), "{after}");
    world.stop("-TERM");
    let unknown = world.run(&["split", "http://nowhere.example/1"]);
    assert!(err(&unknown).contains("no article has that id"), "{}", err(&unknown));
}

#[test]
fn a_backup_of_a_running_daemon_restores_to_the_same_feed() {
    let site = Site::start();
    site.list("/column/", &rows(9));
    let mut world = World::new();
    world.write(&source(&site, "news"));
    world.start();
    let before = world.wait("/feeds/news.json", |text| entries(text) == 9);
    let file = world.folder.path().join("backup");
    let done = world.run(&["backup", file.to_str().unwrap()]);
    assert!(done.status.success(), "{}", err(&done));
    let refused = world.run(&["restore", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    let checked = world.run(&["doctor"]);
    assert!(out(&checked).contains("articles                   9"), "{}", out(&checked));
    // What the doctor is asked for besides is done beside the daemon, whose feed stays as it is.
    for what in ["--compact", "--rebuild"] {
        let cured = world.run(&["doctor", what]);
        assert!(cured.status.success() && out(&cured).contains("every record is whole"), "{what}: {}", err(&cured));
        assert_eq!(world.wait("/feeds/news.json", |text| entries(text) == 9), before);
    }
    assert_eq!(world.run(&["doctor", "--compact", "--rebuild"]).status.code(), Some(2));
    world.stop("-KILL");
    assert!(world.run(&["doctor", "--compact"]).status.success());
    std::fs::remove_dir_all(world.state()).unwrap();
    let done = world.run(&["restore", file.to_str().unwrap()]);
    assert!(done.status.success(), "{}", err(&done));
    assert!(out(&world.run(&["doctor"])).contains("articles                   9"));
    world.start();
    let after = world.wait("/feeds/news.json", |text| entries(text) == 9);
    assert_eq!(before, after);
    // Half a backup is refused, one with a changed bit, and one of a later version; nothing is left of the try.
    let whole = std::fs::read(&file).unwrap();
    world.stop("-KILL");
    std::fs::remove_dir_all(world.state()).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 3] ^= 1;
    let mut newer = whole.clone();
    newer[8] = 9;
    let end = newer.len() - 32;
    let hash = <sha2::Sha256 as sha2::Digest>::digest(&newer[..end]);
    newer[end..].copy_from_slice(&hash);
    let cases =
        [(whole[..whole.len() / 2].to_vec(), "cut or damaged"), (flipped, "cut or damaged"), (newer, "newer program")];
    for (bytes, why) in cases {
        std::fs::write(&file, bytes).unwrap();
        let refused = world.run(&["restore", file.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
        assert!(err(&refused).contains(why), "{}", err(&refused));
        assert!(!world.state().exists(), "a refused restore leaves nothing");
    }
}

#[test]
fn a_backup_takes_no_other_file_s_place() {
    let site = Site::start();
    site.list("/column/", &rows(3));
    let mut world = World::new();
    world.write(&source(&site, "news"));
    world.start();
    world.wait("/feeds/news.json", |text| entries(text) == 3);
    let config = std::fs::read_to_string(world.config()).unwrap();
    let (file, config_file) = (world.folder.path().join("backup"), world.config());
    for running in [true, false] {
        let refused = world.run(&["backup", config_file.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(err(&refused).contains("is no backup: name another file"), "{}", err(&refused));
        assert_eq!(std::fs::read_to_string(world.config()).unwrap(), config);
        // An earlier backup is replaced, as cron would have it.
        for _ in 0..2 {
            assert!(world.run(&["backup", file.to_str().unwrap()]).status.success());
        }
        if running {
            world.stop("-TERM");
        }
    }
}
