//! A thousand panics in visits: others are visited as if nothing was, and each source that panics is named, and left alone for longer
//! each time.

use std::{
    collections::HashMap,
    io::Write,
    panic,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tearsheet::{
    daemon::Clock,
    extract::{self, Recipe},
    fetch::{Resolve, Resolving},
    model::{Kind, Listing, Page},
};
use tokio::runtime::Runtime;
use tracing_subscriber::fmt::MakeWriter;

use crate::world::{Parts, Running, Site, page, reply, settle};

const PANICS: usize = 1_000;
/// Sources that panic while they are asked for, and as many that do while they are read.
const EACH: usize = 40;
/// Sources that are well.
const WELL: usize = 10;

static INJECTED: AtomicUsize = AtomicUsize::new(0);

fn injected() -> ! {
    INJECTED.fetch_add(1, Ordering::SeqCst);
    panic!("injected")
}

/// Panics on the visit's own task.
struct Names;

impl Resolve for Names {
    fn resolve(&self, _: String) -> Resolving {
        Box::pin(async { injected() })
    }
}

/// Panics on a thread that reads.
fn read(page: &Page, recipe: Option<&Recipe>, kind: Option<Kind>) -> Listing {
    if page.url.path().starts_with("/broken/") {
        injected();
    }
    extract::read(page, recipe, kind)
}

/// The log's lines.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn a_thousand_panics_hurt_nobody_else() {
    let log = Log::default();
    tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).init();
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>() != Some(&"injected") {
            usual(info);
        }
    }));
    Runtime::new().unwrap().block_on(visits(log));
}

async fn visits(log: Log) {
    let (clock, hand) = Clock::stepped("2026-11-16T00:00:00Z".parse().unwrap());
    let seen: Arc<Mutex<HashMap<String, Vec<Timestamp>>>> = Arc::default();
    let (visits, time) = (seen.clone(), clock.clone());
    let site = Site::new(move |path, _| {
        if path == "/robots.txt" {
            return reply("404 Not Found", "", "").into_bytes();
        }
        visits.lock().unwrap().entry(path.to_owned()).or_default().push(time.now());
        page("<ul><li><a href='/a/1.html'>A story of some length</a> 2024-05-01</li></ul>").into_bytes()
    });
    let folder = tempfile::tempdir().unwrap();
    let mut text = "[defaults]\nhost_gap = \"0s\"\nevery = \"1h\"\nallow_private = [\"127.0.0.0/8\"]\n\n".to_owned();
    for n in 0..EACH {
        let at = site.address;
        text.push_str(&format!("[[source]]\nid = \"unasked-{n}\"\nurl = \"http://unasked-{n}.example/\"\n\n"));
        text.push_str(&format!("[[source]]\nid = \"broken-{n}\"\nurl = \"http://{at}/broken/{n}\"\nitem = \"li\"\n\n"));
    }
    for n in 0..WELL {
        let at = site.address;
        text.push_str(&format!("[[source]]\nid = \"well-{n}\"\nurl = \"http://{at}/well/{n}\"\nitem = \"li\"\n\n"));
    }
    std::fs::write(folder.path().join("feeds.toml"), text).unwrap();
    let parts = Parts { resolver: Some(Arc::new(Names)), read };
    let running = Running::start(folder.path(), &clock, parts).await;
    let (sites, start, step) = ([site], clock.now(), Duration::from_secs(900));
    while INJECTED.load(Ordering::SeqCst) < PANICS
        && clock.now().duration_since(start) < SignedDuration::from_hours(480)
    {
        hand.forward(step);
        settle(&running, &sites).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let status = running.get("/");
    running.end().await;
    let panics = INJECTED.load(Ordering::SeqCst);
    let hours = clock.now().duration_since(start).as_secs() / 3600;
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    let seen = seen.lock().unwrap();
    let mut slowest = 0;
    for n in 0..WELL {
        let times = seen.get(&format!("/well/{n}")).unwrap();
        let gaps = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.duration_since(*a).as_secs());
        slowest = slowest.max(gaps.max().unwrap());
    }
    for n in 0..EACH {
        for id in [format!("unasked-{n}"), format!("broken-{n}")] {
            let lines = log.lines().filter(|line| line.contains(&format!("source.id={id} "))).collect::<Vec<_>>();
            assert!(!lines.is_empty() && lines.iter().all(|line| line.contains("panicked")), "{id}: {lines:?}");
            // An hour, an hour, two, four, eight, sixteen, a day, a day…
            let most = 7 + usize::try_from(hours).unwrap() / 24;
            assert!(lines.len() <= most, "{id} was visited {} times in {hours} h", lines.len());
            assert!(status.contains(&id), "{id} is not on the status page");
        }
        let broken = seen.get(&format!("/broken/{n}")).unwrap();
        let waits: Vec<i64> =
            broken.iter().zip(broken.iter().skip(1)).map(|(a, b)| b.duration_since(*a).as_secs()).collect();
        assert!(waits.iter().zip(waits.iter().skip(1)).all(|(a, b)| b + 7200 >= *a), "{waits:?}");
    }
    let unwell =
        log.lines().filter(|line| line.contains("source.id=well-") && !line.contains("INFO")).collect::<Vec<_>>();
    assert!(unwell.is_empty(), "{unwell:#?}");
    let shown = status.matches("defect of tearsheet").count();
    println!(
        "panics: {panics} injected in {} sources over {hours} h, {shown} said on the status page; {WELL} others: at most {slowest} s between visits an hour apart",
        2 * EACH
    );
    assert!(panics >= PANICS);
    assert!(shown >= 2 * EACH, "the status page says {shown} times that a visit panicked");
    // Jitter, and the clock's step.
    assert!(slowest <= 3600 + 300 + 1800, "others were put off: {slowest} s");
}
