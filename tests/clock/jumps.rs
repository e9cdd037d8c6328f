//! Clocks that jump, and restarts: at most one visit a source, and none.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tearsheet::daemon::{Clock, Hand};
use tokio::runtime::Runtime;

use crate::world::{Parts, Running, Site, page, reply};

const SOURCES: usize = 20;

/// A site that counts how often each source's page was asked for.
fn site() -> (Site, Arc<Vec<AtomicUsize>>) {
    let counts: Arc<Vec<AtomicUsize>> = Arc::new((0..SOURCES).map(|_| AtomicUsize::new(0)).collect());
    let seen = counts.clone();
    let site = Site::new(move |path, _| {
        let number = path.strip_prefix("/page/").and_then(|number| number.parse::<usize>().ok());
        match number.and_then(|number| seen.get(number)) {
            Some(count) => {
                count.fetch_add(1, Ordering::SeqCst);
                page("<ul><li><a href='/a/1.html'>A story of some length</a> 2024-05-01</li></ul>")
            }
            None => reply("404 Not Found", "", ""),
        }
        .into_bytes()
    });
    (site, counts)
}

fn total(counts: &[AtomicUsize]) -> usize {
    counts.iter().map(|count| count.load(Ordering::SeqCst)).sum()
}

/// The daemon with all its own parts.
pub(crate) async fn start(folder: &Path, clock: &Clock) -> Running {
    Running::start(folder, clock, Parts::default()).await
}

/// Waits until nothing was asked for a while.
async fn rest(counts: &[AtomicUsize]) {
    let mut before = usize::MAX;
    while before != total(counts) {
        before = total(counts);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

/// Some minutes in small steps: sources that are overdue do not all leave at once.
async fn go_on(hand: &Hand) {
    for _ in 0..20 {
        hand.forward(Duration::from_secs(15));
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

fn world() -> (tempfile::TempDir, Arc<Vec<AtomicUsize>>, Clock, Hand) {
    let (site, counts) = site();
    let address = site.address;
    let folder = tempfile::tempdir().unwrap();
    let mut text = "[defaults]\nhost_gap = \"0s\"\nevery = \"30m\"\nallow_private = [\"127.0.0.0/8\"]\n\n".to_owned();
    for number in 0..SOURCES {
        text.push_str(&format!("[[source]]\nid = \"s{number}\"\nurl = \"http://{address}/page/{number}\"\n\n"));
    }
    std::fs::write(folder.path().join("feeds.toml"), text).unwrap();
    // Half an hour before the night of the clock change in Europe.
    let (clock, hand) = Clock::stepped("2026-10-24T23:30:00Z".parse().unwrap());
    (folder, counts, clock, hand)
}

/// The daemon on `folder` once it has visited every source.
async fn settled(folder: &Path, counts: &[AtomicUsize], (clock, hand): (&Clock, &Hand)) -> Running {
    let running = start(folder, clock).await;
    while total(counts) < SOURCES {
        hand.forward(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    rest(counts).await;
    running
}

#[test]
fn clocks_that_jump_cost_a_visit_a_source_at_most() {
    Runtime::new().unwrap().block_on(async {
        let (folder, counts, clock, hand) = world();
        let running = settled(folder.path(), &counts, (&clock, &hand)).await;
        let year = SignedDuration::from_hours(24 * 365);
        let here = clock.now();
        let jumps: [(&str, Timestamp); 6] = [
            ("an hour on, over the change of clocks", here + SignedDuration::from_hours(1)),
            ("an hour back", here),
            ("ten years on", here + year * 10),
            ("ten years back", here),
            ("ten years further back", here - year * 10),
            ("and on again", here),
        ];
        for (name, to) in jumps {
            let before: Vec<usize> = counts.iter().map(|count| count.load(Ordering::SeqCst)).collect();
            hand.set(to);
            rest(&counts).await;
            let visits = counts.iter().zip(&before).map(|(count, before)| count.load(Ordering::SeqCst) - before);
            let most = visits.max().unwrap_or(0);
            println!("clock jumps: {name}: at most {most} visits a source");
            assert!(most <= 1, "{name}: {most} visits of one source");
            // Wherever the clock stands now, sources are visited again as it goes on, within the longest of adaptive plans.
            let before = total(&counts);
            hand.set(to + SignedDuration::from_hours(48));
            go_on(&hand).await;
            rest(&counts).await;
            let after = total(&counts) - before;
            println!("clock jumps: {name}, two days later: {after} visits of {SOURCES} sources");
            assert_eq!(after, SOURCES, "{name}, two days later");
        }
        running.end().await;
    });
}

#[test]
fn a_hundred_restarts_ask_for_nothing() {
    let rounds = 100;
    Runtime::new().unwrap().block_on(async {
        let (folder, counts, clock, hand) = world();
        let running = settled(folder.path(), &counts, (&clock, &hand)).await;
        running.end().await;
        let before = total(&counts);
        for _ in 0..rounds {
            let running = start(folder.path(), &clock).await;
            hand.forward(Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(50)).await;
            running.end().await;
        }
        println!("restarts: {rounds}, {} extra fetches", total(&counts) - before);
        assert_eq!(total(&counts), before);
        // The positive control: when they are due, they are visited.
        let running = start(folder.path(), &clock).await;
        hand.forward(Duration::from_secs(3600));
        go_on(&hand).await;
        rest(&counts).await;
        running.end().await;
        assert!(total(&counts) > before, "no source was visited when it was due");
    });
}
