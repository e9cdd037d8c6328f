//! Fifty sources each second beside one whose page is a bomb of 10 MB: how much later than planned are they visited?

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tearsheet::daemon::Clock;
use tokio::runtime::Runtime;

use crate::{
    shapes,
    world::{Parts, Running, Site, page, reply},
};

const OTHERS: usize = 50;
const BOMB: usize = 10_000_000;
/// Code that is not optimised is ten times slower.
const MOST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
/// A second, and the most that jitter adds to it.
const PLANNED: Duration = Duration::from_millis(1050);

#[test]
fn others_are_visited_in_time_beside_a_bomb() {
    let bombs: Vec<Vec<u8>> = shapes::ALL.iter().step_by(5).map(|(_, make)| page(&make(BOMB)).into_bytes()).collect();
    let before = Runtime::new().unwrap().block_on(slip(None, Duration::from_secs(6)));
    let (visits, worst, exploded) =
        Runtime::new().unwrap().block_on(slip(Some(Arc::new(bombs)), Duration::from_secs(20)));
    println!(
        "slip: {OTHERS} sources each second beside bombs of {BOMB} bytes, {exploded} visits of these, {visits} of others: at most {worst:?} late; without bombs {:?}",
        before.1
    );
    assert!(exploded >= 4, "the bomb was visited {exploded} times");
    assert!(visits >= OTHERS * 5);
    assert!(worst < MOST, "a visit was {worst:?} late");
}

/// Visits of others, by how much the latest of them was late, and visits of the bomb.
async fn slip(bombs: Option<Arc<Vec<Vec<u8>>>>, span: Duration) -> (usize, Duration, usize) {
    let seen: Arc<Vec<Mutex<Vec<Instant>>>> = Arc::new((0..OTHERS).map(|_| Mutex::default()).collect());
    let exploded = Arc::new(AtomicUsize::new(0));
    let folder = tempfile::tempdir().unwrap();
    let mut text =
        "[defaults]\nhost_gap = \"0s\"\nrobots = \"ignore\"\nallow_private = [\"127.0.0.0/8\"]\nevery = \"1s\"\n\n"
            .to_owned();
    // A site of its own for each: visits of one host wait for each other.
    let mut sites = Vec::new();
    let mut add = |name: String, site: Site| {
        text.push_str(&format!("[[source]]\nid = \"{name}\"\nurl = \"http://{}/\"\nitem = \"li\"\n\n", site.address));
        sites.push(site);
    };
    for n in 0..OTHERS {
        let seen = seen.clone();
        add(
            format!("other-{n}"),
            Site::new(move |_, _| {
                seen[n].lock().unwrap().push(Instant::now());
                page("<ul><li><a href='/a/1.html'>A story of some length</a> 2024-05-01</li></ul>").into_bytes()
            }),
        );
    }
    // Each source that fails is backed off from, so there are some of them, with shapes in turn.
    for n in 0..if bombs.is_some() { 4 } else { 0 } {
        let (bombs, exploded) = (bombs.clone().unwrap_or_default(), exploded.clone());
        add(
            format!("bomb-{n}"),
            Site::new(move |_, _| {
                let turn = exploded.fetch_add(1, Ordering::SeqCst);
                bombs.get(turn % bombs.len()).cloned().unwrap_or_else(|| reply("404 Not Found", "", "").into_bytes())
            }),
        );
    }
    std::fs::write(folder.path().join("feeds.toml"), text).unwrap();
    let running = Running::start(folder.path(), &Clock::system(), Parts::default()).await;
    tokio::time::sleep(span).await;
    running.end().await;
    let gaps = seen.iter().flat_map(|times| {
        let times = times.lock().unwrap();
        // The first visits of all go out together.
        let gaps: Vec<Duration> = times.iter().zip(times.iter().skip(1)).skip(1).map(|(a, b)| *b - *a).collect();
        gaps
    });
    let worst = gaps.max().unwrap_or_default().saturating_sub(PLANNED);
    let visits = seen.iter().map(|times| times.lock().unwrap().len()).sum();
    (visits, worst, exploded.load(Ordering::SeqCst))
}
