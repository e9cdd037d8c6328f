//! `tearsheet recipe`: a redesigned page's rules shown, taken and sent back, beside a daemon and without one.

use std::process::{Command, Output};

use crate::{
    site::Site,
    world::{World, entries},
};

fn recipe(world: &World, arguments: &[&str]) -> Output {
    world.run(&[&["recipe"], arguments].concat())
}

fn told(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap()
}

fn rows(count: usize) -> Vec<(String, String, String)> {
    (1..=count)
        .rev()
        .map(|n| (format!("/2021/12/{n}.html"), format!("电网建设第{n}号工程按期投运"), format!("2021-12-{n:02}")))
        .collect()
}

/// The list of [`rows`] as another layout shows it.
fn redesign(site: &Site, count: usize) {
    let rows: String = rows(count)
        .iter()
        .map(|(link, title, date)| {
            format!("<article class=card><h3><a href=\"{link}\">{title}</a></h3><time>{date}</time></article>\n")
        })
        .collect();
    site.html("/column/", format!("<!DOCTYPE html><html lang=zh><title>栏目</title><main>{rows}</main></html>"));
}

/// A source whose page a person reads by these rules, or by none.
fn source(site: &Site, rules: &str) -> String {
    let url = site.url("/column/");
    format!("[[source]]\nid = \"news\"\nevery = \"6h\"\nevery_max = \"12h\"\nurl = \"{url}\"\n{rules}")
}

const WRITTEN: &str = "item = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n";

fn visit(world: &World) {
    let _ = Command::new(env!("CARGO_BIN_EXE_tearsheet"))
        .args(["fetch", "--config"])
        .arg(world.config())
        .arg("--state")
        .arg(world.state())
        .output()
        .unwrap();
}

#[test]
fn proposed_rules_are_taken_and_sent_back() {
    let site = Site::start();
    site.list("/column/", &rows(8));
    let mut world = World::new();
    world.write(&source(&site, WRITTEN));
    let file = std::fs::read_to_string(world.config()).unwrap();
    world.start();
    world.wait("/feeds/news.json", |text| entries(text) == 8);
    let shown = told(&recipe(&world, &["news"]));
    assert!(shown.contains("as written in feeds.toml") && shown.contains("item = \"ul.news > li\""), "{shown}");
    let nothing = recipe(&world, &["news", "--accept"]);
    assert!(!nothing.status.success() && told(&nothing).contains("no rules are proposed"), "{}", told(&nothing));
    let nothing = recipe(&world, &["news", "--back"]);
    assert!(!nothing.status.success() && told(&nothing).contains("none to go back to"), "{}", told(&nothing));

    // The visit that the last command brought is over then.
    visit(&world);
    redesign(&site, 10);
    visit(&world);
    let status = world.wait("/", |page| page.contains("tearsheet recipe news --accept"));
    assert!(status.contains("before `ul.news &gt; li`"), "{status}");
    let listed = told(&recipe(&world, &[]));
    assert!(listed.starts_with("news  ul.news > li  others are proposed"), "{listed}");
    let shown = told(&recipe(&world, &["news"]));
    assert!(shown.contains("because the source says that a person decides"), "{shown}");
    assert!(shown.contains("instead of  ul.news > li"), "{shown}");

    let done = recipe(&world, &["news", "--accept"]);
    assert!(done.status.success(), "{}", told(&done));
    assert!(told(&done).contains("news: read, 10 items, 2 new"), "{}", told(&done));
    assert_eq!(entries(&world.get("/feeds/news.json").text()), 10);
    let status = world.get("/").text();
    assert!(status.contains("tearsheet recipe news --back") && !status.contains("--accept"), "{status}");
    assert_eq!(std::fs::read_to_string(world.config()).unwrap(), file, "feeds.toml is the person's own");

    let done = recipe(&world, &["news", "--back"]);
    assert!(told(&done).contains("as written in feeds.toml"), "{}", told(&done));
    assert!(!done.status.success() && told(&done).contains("could not read the page"), "{}", told(&done));
    assert_eq!(entries(&world.get("/feeds/news.json").text()), 10, "articles stay");
    // Without a daemon the same is done in the store, and the next visit goes by it.
    world.stop("-TERM");
    let shown = told(&recipe(&world, &["news"]));
    assert!(shown.contains("because it was sent back"), "{shown}");
    let listed = told(&recipe(&world, &[]));
    assert!(listed.starts_with("news  ul.news > li  others are proposed"), "{listed}");
    assert!(!recipe(&world, &["--accept"]).status.success(), "no source was named");
    let done = recipe(&world, &["news", "--accept"]);
    assert!(done.status.success() && told(&done).contains("no daemon runs"), "{}", told(&done));
    redesign(&site, 11);
    visit(&world);
    world.start();
    world.wait("/feeds/news.json", |text| entries(text) == 11);
    let unknown = recipe(&world, &["other"]);
    assert!(!unknown.status.success() && told(&unknown).contains("no source \"other\""), "{}", told(&unknown));
}

#[test]
fn what_was_sent_back_is_not_taken_again_by_itself() {
    let site = Site::start();
    site.list("/column/", &rows(8));
    let mut world = World::new();
    world.write(&source(&site, ""));
    world.start();
    world.wait("/feeds/news.json", |text| entries(text) == 8);
    redesign(&site, 10);
    visit(&world);
    world.wait("/feeds/news.json", |text| entries(text) == 10);
    let shown = told(&recipe(&world, &["news"]));
    assert!(shown.contains("in place of others since") && shown.contains("--back"), "{shown}");
    recipe(&world, &["news", "--back"]);
    redesign(&site, 12);
    visit(&world);
    let shown = told(&recipe(&world, &["news"]));
    assert!(shown.contains("because it was sent back") && shown.contains("as found on the page"), "{shown}");
    assert_eq!(entries(&world.get("/feeds/news.json").text()), 10);
    assert!(told(&recipe(&world, &["news", "--accept"])).contains("12 items, 2 new"));
    assert_eq!(entries(&world.get("/feeds/news.json").text()), 12);
}
