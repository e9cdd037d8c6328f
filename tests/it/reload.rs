//! Broken files on reload: the old configuration goes on, the fault is told with file, line and column, no request fails.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use crate::{
    site::Site,
    world::{World, ask, replace},
};

#[test]
fn broken_files_change_nothing_and_say_where() {
    let site = Site::start();
    site.list("/column/", &[("/1.html".to_owned(), "新闻".to_owned(), "2021-12-30".to_owned())]);
    let mut world = World::new();
    world.write(&format!("[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"li\"\n", site.url("/column/")));
    let good = fs::read_to_string(world.config()).unwrap();
    world.start();
    world.wait("/feeds/news.rss", |text| text.contains("新闻"));

    // A reader that asks all the time.
    let address = world.daemon.as_ref().unwrap().address.clone();
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let reader = thread::spawn({
        let (stop, asked) = (stop.clone(), asked.clone());
        move || {
            while !stop.load(Ordering::SeqCst) {
                let reply = ask(&address, "GET", "/feeds/news.rss", "").expect("a request failed");
                assert_eq!(reply.status, 200);
                asked.fetch_add(1, Ordering::SeqCst);
            }
        }
    });

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/bad");
    let mut broken = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        replace(&world.config(), &text);
        let before = world.log().len();
        world.signal("-HUP");
        let told = loop {
            let log = world.log();
            let new: String = log.get(before..).unwrap_or_default().to_owned();
            if let Some(line) = new.lines().find(|line| line.contains("feeds.toml was not taken")) {
                break line.to_owned();
            }
            assert!(!new.contains("was read again"), "{} was taken", path.display());
            thread::sleep(std::time::Duration::from_millis(5));
        };
        let place = format!("{}:", world.config().display());
        let (_, rest) = told.split_once(&place).unwrap_or_else(|| panic!("{}: no place in {told}", path.display()));
        let mut numbers = rest.split(':');
        assert!(numbers.next().unwrap().parse::<usize>().is_ok(), "{told}");
        assert!(numbers.next().unwrap().parse::<usize>().is_ok(), "{told}");
        broken += 1;
    }
    assert!(broken >= 50, "only {broken} broken files");
    let page = world.get("/").text();
    assert!(page.contains("feeds.toml"), "the status page does not tell of the fault");
    stop.store(true, Ordering::SeqCst);
    reader.join().unwrap();

    // A good file is taken without a signal.
    replace(&world.config(), &good.replace("\"news\"", "\"other\""));
    world.wait("/feeds/other.rss", |text| text.contains("新闻"));
    assert_eq!(world.get("/feeds/news.rss").status, 404);
    println!(
        "{broken} broken files: the old configuration stayed, {} requests, none failed",
        asked.load(Ordering::SeqCst)
    );
}

#[test]
fn where_it_listens_waits_for_a_restart_and_says_so() {
    let site = Site::start();
    site.list("/column/", &crate::site::rows(3));
    let mut world = World::new();
    let source = format!("[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"li\"\n", site.url("/column/"));
    world.write(&source);
    world.start();
    let good = fs::read_to_string(world.config()).unwrap();
    replace(&world.config(), &good.replace("[server]\n", "[server]\nmetrics = true\n"));
    assert_ne!(fs::read_to_string(world.config()).unwrap(), good);
    world.signal("-HUP");
    let start = std::time::Instant::now();
    while !world.log().contains("restart the daemon for that") {
        assert!(start.elapsed().as_secs() < 20, "{}", world.log());
        thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_secret_that_only_the_service_has_keeps_no_command_from_its_work() {
    let site = Site::start();
    site.list("/column/", &crate::site::rows(3));
    let world = World::new();
    world.write(&format!("[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"li\"\n", site.url("/column/")));
    let good = fs::read_to_string(world.config()).unwrap();
    fs::write(world.config(), good.replace("[server]\n", "[server]\ntoken = { env = \"TEARSHEET_NOT_SET\" }\n"))
        .unwrap();
    for command in [&["check"][..], &["try", "news"], &["fetch"], &["recipe"], &["why", "http://nowhere.example/"]] {
        let done = world.run(command);
        assert_ne!(done.status.code(), Some(78), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    let checked = world.run(&["check"]);
    let hint = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(checked.status.success() && hint.contains("TEARSHEET_NOT_SET"), "{hint}");
    // Whoever serves needs it.
    assert_eq!(world.run(&["serve"]).status.code(), Some(78));
}
