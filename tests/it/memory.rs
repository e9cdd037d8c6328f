//! What the daemon costs while nothing happens: memory, and the time from its start to its first answer.
//!
//! The store is filled through the library, as visits would have filled it over the last months.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use tearsheet::{
    model::{
        Article, ArticleKey, CleanHtml, Counts, History, Moment, Origin, Outcome, Precision, Report, Sighting, SourceId,
    },
    store::{Options, Store, Visit},
};

use crate::world::World;

/// Visits that end together share a sync.
const TOGETHER: usize = 32;

/// How much a store holds.
struct Size {
    sources: usize,
    articles: usize,
    /// Most memory that is not of files, in MiB.
    anonymous: u64,
    /// Most memory with the pages of the program's file, in MiB, where it is optimised as people run it.
    all: u64,
}

fn article(n: usize, source: &SourceId, seen: Timestamp) -> Article {
    let url = format!("https://example.org/news/{n}.html");
    // Words that differ from article to article, so that it compresses as text does.
    let word = |i: usize| format!("{:x} ", n.wrapping_mul(0x9e37_79b9).wrapping_add(i * i * 7919) % 50_021);
    Article {
        key: ArticleKey::of("", &[&url]),
        url,
        title: (0..8).map(word).collect(),
        title_cut: false,
        published: Moment { at: seen, offset: 28_800, precision: Precision::Minute, origin: Origin::List },
        first_seen: seen,
        updated: seen,
        revision: 0,
        summary: Some(CleanHtml::vouched((8..90).map(word).collect())),
        content: None,
        image: None,
        authors: vec![],
        categories: vec!["news".to_owned()],
        outlet: None,
        language: Some("en".to_owned()),
        aliases: vec![],
        twin_of: None,
        twin_late: false,
        apart: vec![],
        sightings: vec![Sighting { source: source.clone(), place: 0, first: seen }],
    }
}

/// A world whose sources have been visited and are due tomorrow.
fn filled(size: &Size) -> World {
    let world = World::new();
    #[expect(clippy::disallowed_methods, reason = "the daemon that runs on this store reads the same clock")]
    let now = Timestamp::now();
    let store = Store::open(&world.state(), Options::default(), now).unwrap().0;
    let each = size.articles / size.sources;
    let name = |s: usize| format!("source-{s}").parse::<SourceId>().unwrap();
    // Over the last hundred days, as articles come.
    let seen = |n: usize| now - SignedDuration::from_mins((n * 144_000 / each.max(1)) as i64 + 60);
    let visit = |s: usize| {
        let source = name(s);
        let written: Vec<_> = (0..each).map(|n| article(s * each + n, &source, seen(n))).collect();
        let listed = written.iter().map(|article| article.key).collect();
        // Without a visit that ended well it would be due at once, and the daemon not idle.
        let last = Report {
            source: source.clone(),
            at: now - SignedDuration::from_mins(1),
            took: Duration::from_millis(300),
            outcome: Outcome::Unchanged,
            status: Some(200),
            bytes: 40_000,
            counts: Counts::default(),
            problems: vec![],
            retry_after: None,
        };
        let next_due = Some(now + SignedDuration::from_hours(20));
        let history = History { next_due, last_success: Some(last.at), last: Some(last), ..History::default() };
        store.record(Visit { source, at: now, written, listed, history: Some(history) }).unwrap();
    };
    thread::scope(|scope| {
        for first in 0..TOGETHER {
            scope.spawn(move || (first..size.sources).step_by(TOGETHER).for_each(visit));
        }
    });
    store.close();
    let source = |s| {
        format!("[[source]]\nid = \"{}\"\nurl = \"http://127.0.0.1:9/{s}\"\nevery = \"1d\"\nitem = \"li\"\n", name(s))
    };
    let config: String = (0..size.sources).map(source).collect();
    world.write(&config);
    world
}

/// A line of the daemon's /proc/PID/status, in KiB.
fn memory(world: &World, line: &str) -> u64 {
    let id = world.daemon.as_ref().unwrap().child.id();
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

/// What the daemon takes of memory, not of files and in all, in KiB. What a start and the first tidying leave behind is given back
/// within seconds, but on a busy machine those come later.
fn idle(world: &World, size: &Size) -> (u64, u64) {
    let start = Instant::now();
    thread::sleep(Duration::from_secs(4));
    loop {
        let (anonymous, all) = (memory(world, "RssAnon"), memory(world, "VmRSS"));
        if anonymous < size.anonymous * 1024 || start.elapsed() > Duration::from_secs(30) {
            return (anonymous, all);
        }
        thread::sleep(Duration::from_secs(1));
    }
}

#[test]
fn an_idle_daemon_is_small_and_starts_at_once() {
    let mut sizes = vec![
        Size { sources: 100, articles: 10_000, anonymous: 20, all: 20 },
        Size { sources: 10_000, articles: 10_000, anonymous: 110, all: 130 },
    ];
    // TEARSHEET_FULL=1 fills a large store too.
    if std::env::var_os("TEARSHEET_FULL").is_some() {
        sizes.push(Size { sources: 1000, articles: 100_000, anonymous: 100, all: 120 });
    }
    for size in sizes {
        let mut world = filled(&size);
        let start = Instant::now();
        world.start();
        let status = world.get("/feeds/source-7.atom").status;
        let first = start.elapsed();
        assert_eq!(status, 200);
        let (anonymous, all) = idle(&world, &size);
        println!(
            "{} feeds, {} articles: first answer after {} ms, idle {} KiB, of them {} KiB not of files",
            size.sources,
            size.articles,
            first.as_millis(),
            all,
            anonymous
        );
        assert!(anonymous < size.anonymous * 1024, "{anonymous} KiB");
        if !cfg!(debug_assertions) {
            assert!(all < size.all * 1024, "{all} KiB");
        }
        world.stop("-TERM");
    }
}
