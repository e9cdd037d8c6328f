//! The daemon's own loop on a stepped clock, in this process: what clocks that jump and restarts cost the servers it visits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod digest;
#[path = "../it/site.rs"]
#[expect(dead_code, reason = "the site of other tests, of which only pages are needed here")]
mod site;

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tearsheet::{
    daemon::{self, Clock, ConfigFile, Hand, Signal, Signals, Start},
    fetch::Fetcher,
    serve::{Listener, listen::Limits},
    store,
};
use tokio::{runtime::Runtime, sync::mpsc, task::JoinHandle};

const SOURCES: usize = 20;

/// A site that counts how often each source's page was asked for.
fn site() -> (String, Arc<Vec<AtomicUsize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let counts: Arc<Vec<AtomicUsize>> = Arc::new((0..SOURCES).map(|_| AtomicUsize::new(0)).collect());
    let seen = counts.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let seen = seen.clone();
            thread::spawn(move || {
                let mut head = [0; 2048];
                let read = stream.read(&mut head).unwrap_or(0);
                let head = String::from_utf8_lossy(head.get(..read).unwrap_or_default()).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default();
                let number = path.strip_prefix("/page/").and_then(|number| number.parse::<usize>().ok());
                let body = match number.and_then(|number| seen.get(number)) {
                    Some(count) => {
                        count.fetch_add(1, Ordering::SeqCst);
                        "<ul><li><a href='/a/1.html'>A story of some length</a> 2024-05-01</li></ul>"
                    }
                    None => "",
                };
                let status = if number.is_some() { "200 OK" } else { "404 Not Found" };
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            });
        }
    });
    (address, counts)
}

fn total(counts: &[AtomicUsize]) -> usize {
    counts.iter().map(|count| count.load(Ordering::SeqCst)).sum()
}

/// The daemon, running as a task.
struct Running {
    address: std::net::SocketAddr,
    stop: mpsc::Sender<Signal>,
    task: JoinHandle<anyhow::Result<()>>,
}

async fn start(folder: &Path, clock: &Clock) -> Running {
    let file = ConfigFile {
        path: folder.join("feeds.toml"),
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        secrets: Arc::new(|_| Err(tearsheet::config::NoSecret::NoVariable)),
        listen: None,
        allow_private: Vec::new(),
    };
    let config = file.read().unwrap();
    let fetcher = Fetcher::new(config.fetch.clone(), Arc::new(clock.clone())).unwrap();
    let store = daemon::open(folder.join("state"), store::Options::default(), clock).await.unwrap();
    let prepared = daemon::prepare(config, &store).unwrap();
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let (stop, signals) = mpsc::channel(1);
    let start = Start {
        door: None,
        file,
        prepared,
        store,
        fetcher,
        listeners: vec![Listener::Tcp(socket)],
        limits: Limits::default(),
        base_url: "http://feeds.example".to_owned(),
        clock: clock.clone(),
        signals: Signals::given(signals),
    };
    #[expect(clippy::disallowed_methods, reason = "the test owns the task and waits for it")]
    let task = tokio::spawn(daemon::run(start));
    Running { address, stop, task }
}

impl Running {
    async fn end(self) {
        self.stop.send(Signal::Stop).await.unwrap();
        self.task.await.unwrap().unwrap();
    }
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
    let (address, counts) = site();
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

#[test]
fn clocks_that_jump_cost_a_visit_a_source_at_most() {
    Runtime::new().unwrap().block_on(async {
        let (folder, counts, clock, hand) = world();
        let running = start(folder.path(), &clock).await;
        while total(&counts) < SOURCES {
            hand.forward(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        rest(&counts).await;
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
        let running = start(folder.path(), &clock).await;
        while total(&counts) < SOURCES {
            hand.forward(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        rest(&counts).await;
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
