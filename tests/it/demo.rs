//! `tearsheet demo` as a newcomer meets it: a process that prints addresses, all of which answer at once.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::world::{Reply, ask};

/// The demo as a process, ended as Ctrl-C does.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

fn get(url: &str) -> Option<Reply> {
    let (address, path) = url.strip_prefix("http://")?.split_once('/')?;
    ask(address, "GET", &format!("/{path}"), "").ok()
}

/// (id, title, date) of each item of a JSON feed.
fn items(url: &str) -> Vec<(String, String, String)> {
    let feed: serde_json::Value = serde_json::from_str(&get(url).unwrap().text()).unwrap();
    let text = |item: &serde_json::Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (text(item, "id"), text(item, "title"), text(item, "date_published")))
        .collect()
}

#[test]
fn every_printed_address_answers_and_news_comes_in() {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tearsheet")).arg("demo").stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let _demo = Demo(child);
    let mut printed = String::new();
    for line in lines.map_while(Result::ok) {
        printed += &format!("{line}\n");
        if line.contains("Ctrl-C") {
            break;
        }
    }
    let urls: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.trim().split(' ').next())
        .filter(|word| word.starts_with("http://"))
        .collect();
    for ending in ["/", "/opml.xml", "/feeds/power.rss", "/feeds/power.atom", "/feeds/power.json", "/feeds/grid"] {
        assert!(urls.iter().any(|url| url.ends_with(ending)), "{ending} is not printed:\n{printed}");
    }
    for url in &urls {
        while get(url).is_none_or(|reply| reply.status != 200) {
            assert!(start.elapsed() < Duration::from_secs(5), "{url} does not answer 200 within 5 s");
            thread::sleep(Duration::from_millis(20));
        }
    }
    println!("demo: {} addresses answered 200 after {:?}", urls.len(), start.elapsed());

    // Nothing that it reads or serves is elsewhere.
    let word = |start: &str| printed.split_whitespace().find(|word| word.starts_with(start)).unwrap().to_owned();
    let site = word("http://127.0.0.1:");
    let file = printed.split_whitespace().find(|word| word.contains("feeds.toml")).unwrap().trim_end_matches(':');
    for part in fs::read_to_string(file)
        .unwrap()
        .split("http")
        .skip(1)
        .filter(|part| part.starts_with("://") || part.starts_with("s://"))
    {
        assert!(part.starts_with("://127.0.0.1:"), "the demo names another host: http{part:.60}");
    }

    // The list has 25 articles on two pages, many of them in several blocks.
    let feed = |id: &str| urls.iter().find(|url| url.ends_with(&format!("/{id}.json"))).unwrap();
    let wait = |id: &str, count: usize| {
        let asked = Instant::now();
        loop {
            let items = items(feed(id));
            if items.len() >= count {
                return items;
            }
            assert!(asked.elapsed() < Duration::from_secs(30), "{id} has {} of {count} articles", items.len());
            thread::sleep(Duration::from_millis(100));
        }
    };
    let first = wait("grid", 25);
    let later = wait("grid", first.len() + 2);
    let ids: BTreeSet<_> = later.iter().map(|item| &item.0).collect();
    let titles: BTreeSet<_> = later.iter().map(|item| &item.1).collect();
    assert_eq!(ids.len(), later.len(), "an id stands twice");
    assert_eq!(titles.len(), later.len(), "an article stands twice: {later:?}");
    for item in &first {
        let now = later.iter().find(|now| now.0 == item.0).unwrap_or_else(|| panic!("{item:?} is gone"));
        assert_eq!(now.1, item.1, "an article's title changed");
        assert_eq!(now.2, item.2, "an article's date changed");
    }

    // The column in GBK: titles as the page has them.
    let page = get(&format!("{site}jishu/")).unwrap().body;
    let (page, _, wrong) = encoding_rs::GBK.decode(&page);
    assert!(!wrong && std::str::from_utf8(page.as_bytes()).is_ok());
    let craft = wait("craft", 10);
    let shown = craft.iter().filter(|item| page.contains(&item.1)).count();
    assert!(shown >= 9, "only {shown} titles of {} are as the page has them: {craft:?}", craft.len());
    assert!(craft.iter().all(|item| item.1.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))), "{craft:?}");
}
