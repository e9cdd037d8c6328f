//! Many virtual days of visits, in a process of their own: the store stays as small as what it holds, and so does its memory.

use std::{fs, path::Path, thread, time::Duration};

use tearsheet::{
    model::{Article, ArticleKey, CleanHtml, History, Sighting},
    store::{Options, Store, Visit},
};

use crate::world::{Chance, article, at, child, child_dir, figure, quick, say, setting};

const DAY: i64 = 24 * 3600;
/// Visits of a source a day, each with five new articles.
const VISITS: u64 = 4;
const NEW: u64 = 5;
/// Articles that a page lists.
const LISTED: u64 = 20;
/// Bytes of a tombstone: a key, two times, the frame's share.
const TOMBSTONE: u64 = 48;

fn words(chance: &mut Chance, count: u64) -> String {
    (0..count).filter_map(|_| char::from_u32(0x4e00 + chance.below(2_500) as u32)).collect()
}

fn address(source: u64, serial: u64) -> String {
    format!("https://site-{source}.example/news/2026/{serial:06}.html")
}

/// News as sites have it: a title and a few lines, every third with its text.
fn news(source: u64, serial: u64, second: i64) -> Article {
    let chance = &mut Chance(source << 32 | serial);
    let url = address(source, serial);
    let id = format!("source-{source}").parse().unwrap();
    Article {
        key: ArticleKey::of("", &[&url]),
        url,
        title: words(chance, 22),
        first_seen: at(second),
        updated: at(second),
        summary: Some(CleanHtml::vouched(format!("<p>{}</p>", words(chance, 90)))),
        content: serial.is_multiple_of(3).then(|| CleanHtml::vouched(format!("<p>{}</p>", words(chance, 600)))),
        sightings: vec![Sighting { source: id, place: (serial % LISTED) as u32, first: at(second) }],
        ..article(serial, 0)
    }
}

fn bytes(dir: &Path) -> u64 {
    let sizes = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// Memory of this process that is in use, in KiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[ignore = "started by its parent, so that its memory is its own"]
fn child_lives() {
    let Some(dir) = child_dir() else { return };
    let number = |name| setting(name).unwrap().parse::<u64>().unwrap();
    let (days, sources, kept) = (number("STORE_DAYS"), number("STORE_SOURCES"), number("STORE_KEPT"));
    // From the end of those days on as much goes as comes. Files and cache are in proportion to what is stored, as they are for
    // 500 sources with the settings of the program.
    let options = Options { max_age: Some(Duration::from_secs(kept * 24 * 3600)), reserve: 0, ..Options::default() };
    let (segment, cache) = (options.segment * sources.min(500) / 500, options.cache * sources.min(500) / 500);
    let options = Options { segment, cache, ..options };
    let (store, _) = Store::open(&dir, options, at(0)).unwrap();
    for day in 0..days {
        for slot in 0..VISITS {
            let now = (day * VISITS + slot) as i64 * DAY / VISITS as i64;
            let first = (day * VISITS + slot) * NEW;
            thread::scope(|scope| {
                for part in 0..4 {
                    let store = &store;
                    scope.spawn(move || {
                        for source in (part..sources).step_by(4) {
                            let end = first + NEW;
                            let key = |serial| ArticleKey::of("", &[&address(source, serial)]);
                            let history = History { url: address(source, 0), ..History::default() };
                            let visit = Visit {
                                source: format!("source-{source}").parse().unwrap(),
                                at: at(now),
                                written: (first..end).map(|serial| news(source, serial, now)).collect(),
                                listed: (end.saturating_sub(LISTED)..end).map(key).collect(),
                                history: Some(history),
                            };
                            store.record(visit).unwrap();
                        }
                    });
                }
            });
            store.maintain(at(now)).unwrap();
        }
        let health = store.health();
        let live = health.article_bytes + health.removed * TOMBSTONE;
        let (articles, removed, index) = (health.articles, health.removed, health.index_bytes);
        say(&format!("day {day} {articles} {removed} {live} {} {index} {}", bytes(&dir), resident()));
    }
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
    say("whole");
}

/// So many days of so many sources; articles are kept for `kept` days.
fn live(days: u64, sources: u64, kept: u64) {
    let dir = tempfile::tempdir().unwrap();
    let output = child("days::child_lives", dir.path())
        .env("STORE_DAYS", days.to_string())
        .env("STORE_SOURCES", sources.to_string())
        .env("STORE_KEPT", kept.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("\nwhole\n"), "{text}");
    let mut memory = Vec::new();
    let mut worst: f64 = 0.0;
    for line in text.lines().filter_map(|line| line.strip_prefix("day ")) {
        let numbers: Vec<u64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
        let [day, articles, removed, live, disk, index, resident] = numbers[..] else { panic!("{line}") };
        let ratio = disk as f64 / live as f64;
        println!(
            "day {day}: {articles} articles, {removed} removed; {live} bytes live, {disk} on disk ({ratio:.2} times), {index} of them the index; {resident} KiB of memory"
        );
        memory.push(resident);
        if day >= 3 {
            worst = worst.max(ratio);
        }
    }
    assert_eq!(memory.len() as u64, days);
    // What a compaction took and gave back shows on one day or another.
    let (early, late) = memory.split_at(4);
    let (early, late) = (early.iter().max().unwrap(), late.iter().max().unwrap());
    println!(
        "{days} days of {sources} sources, {kept} of them kept: disk at most {worst:.2} times what is live; memory {early} KiB at most \
         to day 3, later {late}"
    );
    assert!(worst <= 3.0, "the disk holds {worst:.2} times what is live");
    assert!(*late <= early * 5 / 4 + 4_096, "memory grows: {memory:?}");
}

#[test]
fn disk_and_memory_follow_what_is_kept() {
    live(figure(quick(8, 10), 30), figure(quick(25, 50), 500), 7);
}

#[test]
fn removed_articles_take_little() {
    live(figure(quick(8, 10), 30), figure(quick(25, 50), 500), 3);
}
