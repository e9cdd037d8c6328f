//! A month through the daemon's own loop, with sixty servers of different wishes and a restart every few hours: each server sees
//! what it wished, and nobody is asked again because the daemon was started again.

use std::{env, path::Path, sync::Arc, time::Duration};

use jiff::SignedDuration;
use tearsheet::daemon::Clock;
use tokio::runtime::Runtime;

use crate::{
    wishes::{Tally, Wishes},
    world::{Parts, Running, Site, rest, settle},
};

const SERVERS: usize = 60;
/// Hours between two visits of one page, server by server.
const EVERY: [i64; 4] = [6, 8, 12, 24];

/// Days, and restarts in them.
fn extent() -> (i64, i64) {
    if env::var_os("TEARSHEET_FULL").is_some() { (30, 100) } else { (5, 17) }
}

#[test]
fn a_month_of_the_daemon_violates_no_servers_wishes() {
    Runtime::new().unwrap().block_on(month());
}

async fn month() {
    let (days, restarts) = extent();
    let (clock, hand) = Clock::stepped("2026-03-01T00:00:00Z".parse().unwrap());
    let start = clock.now();
    let folder = tempfile::tempdir().unwrap();
    let mut text =
        "[fetch]\ncontact = \"https://operator.example/\"\n\n[defaults]\nallow_private = [\"127.0.0.0/8\"]\n\n"
            .to_owned();
    let (mut all, mut sites) = (Vec::new(), Vec::new());
    for n in 0..SERVERS {
        let every = EVERY[n % EVERY.len()];
        let wishes = Arc::new(Wishes::new(n, Some((every * 3600, start))));
        let (own, time) = (wishes.clone(), clock.clone());
        let site = Site::new(move |_, head| own.answer(head, time.now()).into_bytes());
        for page in ["news", "papers", "private/x"] {
            let id = page.replace("/x", "");
            text.push_str(&format!(
                "[[source]]\nid = \"{id}-{n}\"\nurl = \"http://{}/{page}\"\nitem = \"li\"\nevery = \"{every}h\"\n\n",
                site.address
            ));
        }
        all.push(wishes);
        sites.push(site);
    }
    std::fs::write(folder.path().join("feeds.toml"), text).unwrap();
    let mut running = run(folder.path(), &clock).await;
    let (mut done, mut extra) = (0, 0);
    let between = SignedDuration::from_secs(days * 86_400 / (restarts + 1));
    let mut before = 0;
    while clock.now() < start + SignedDuration::from_hours(24 * days) {
        if done < restarts && clock.now() >= start + between * i32::try_from(done + 1).unwrap() {
            // Those under way arrive: a visit that is cut off has learnt nothing of its host.
            for _ in 0..12 {
                hand.forward(Duration::from_secs(20));
                settle(&running, &sites).await;
            }
            let count = rest(&sites, Duration::from_millis(30)).await;
            running.end().await;
            running = run(folder.path(), &clock).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            extra += rest(&sites, Duration::from_millis(30)).await - count;
            done += 1;
        }
        // Small steps while visits are under way, since they wait for gaps; larger ones while all are quiet.
        let after = settle(&running, &sites).await;
        hand.forward(Duration::from_secs(if after == before { 120 } else { 20 }));
        before = after;
    }
    rest(&sites, Duration::from_millis(30)).await;
    running.end().await;
    let mut tally = Tally::default();
    all.iter().for_each(|wishes| tally.add(wishes.tally()));
    println!(
        "manners of the daemon: {SERVERS} servers, {days} days, {} requests, {} pages came ({} not modified), {} refused, {} violations; {done} restarts, {extra} extra fetches",
        tally.requests,
        tally.came,
        tally.unchanged,
        tally.refused,
        tally.violations.len()
    );
    assert!(
        tally.violations.is_empty(),
        "{}",
        tally.violations.iter().take(10).cloned().collect::<Vec<_>>().join("\n")
    );
    assert_eq!((done, extra), (restarts, 0));
    // Two pages of each server, by their intervals, less what refusals and freshness put off.
    let wanted: i64 = (0..SERVERS).map(|n| 2 * days * 24 / EVERY[n % EVERY.len()]).sum();
    let came = i64::try_from(tally.came).unwrap();
    assert!(
        came > wanted / 4 && tally.unchanged > 50,
        "{came} pages of {wanted} came: their wishes cannot explain so few"
    );
}

async fn run(folder: &Path, clock: &Clock) -> Running {
    Running::start(folder, clock, Parts::default()).await
}
