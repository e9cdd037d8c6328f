//! The daemon's own loop in this process on a stepped clock, and sites on loopback that it visits.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use jiff::tz::TimeZone;
use tearsheet::{
    daemon::{self, Clock, ConfigFile, Doors, Signal, Signals, Start},
    extract,
    fetch::{Fetcher, Resolve},
    harvest::ReadPage,
    serve::{Listener, listen::Limits},
    store,
};
use tokio::{sync::mpsc, task::JoinHandle};

/// A site: a head → the whole answer. Each connection is answered once.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    /// Requests begun and ended.
    begun: Arc<AtomicUsize>,
    ended: Arc<AtomicUsize>,
}

impl Site {
    pub(crate) fn new(answer: impl Fn(&str, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (begun, ended, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(answer));
        let counters = (begun.clone(), ended.clone());
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let ((begun, ended), answer) = (counters.clone(), answer.clone());
                thread::spawn(move || {
                    begun.fetch_add(1, Ordering::SeqCst);
                    let head = head(&mut stream);
                    let path = head.split(' ').nth(1).unwrap_or_default();
                    let _ = stream.write_all(&answer(path, &head));
                    ended.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, begun, ended }
    }

    pub(crate) fn requests(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    fn is_idle(&self) -> bool {
        self.requests() == self.ended.load(Ordering::SeqCst)
    }
}

fn head(stream: &mut TcpStream) -> String {
    let (mut head, mut piece) = (Vec::new(), [0; 2048]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(read @ 1..) => head.extend_from_slice(piece.get(..read).unwrap_or_default()),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// An answer that closes its connection.
pub(crate) fn reply(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

pub(crate) fn page(body: &str) -> String {
    reply("200 OK", "Content-Type: text/html\r\n", body)
}

/// Waits until the sites have had no request for `quiet`, and tells how many they had in all.
pub(crate) async fn rest(sites: &[Site], quiet: Duration) -> usize {
    let count = || sites.iter().map(Site::requests).sum::<usize>();
    let mut before = usize::MAX;
    while before != count() || !sites.iter().all(Site::is_idle) {
        before = count();
        tokio::time::sleep(quiet).await;
    }
    before
}

/// The clock stands still until no visit is under way but such as wait for it, which nobody asks anything for.
pub(crate) async fn settle(running: &Running, sites: &[Site]) -> usize {
    tokio::time::sleep(Duration::from_millis(4)).await;
    let metrics = tokio::runtime::Handle::current().metrics();
    let (mut count, mut still) = (usize::MAX, 0);
    while metrics.num_alive_tasks() > running.tasks && still < 60 {
        let now = sites.iter().map(Site::requests).sum::<usize>();
        still = if now == count && sites.iter().all(Site::is_idle) { still + 1 } else { 0 };
        count = now;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    sites.iter().map(Site::requests).sum()
}

/// What the daemon is given in place of its own.
pub(crate) struct Parts {
    pub(crate) resolver: Option<Arc<dyn Resolve>>,
    pub(crate) read: ReadPage,
}

impl Default for Parts {
    fn default() -> Self {
        Self { resolver: None, read: extract::read }
    }
}

/// The daemon, running as a task.
pub(crate) struct Running {
    stop: mpsc::Sender<Signal>,
    task: JoinHandle<anyhow::Result<()>>,
    pub(crate) address: SocketAddr,
    /// The runtime's tasks while no visit is under way.
    tasks: usize,
}

impl Running {
    /// Starts it on `folder/feeds.toml` and `folder/state`.
    pub(crate) async fn start(folder: &Path, clock: &Clock, parts: Parts) -> Self {
        let file = ConfigFile {
            path: folder.join("feeds.toml"),
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            secrets: Arc::new(|_| Err(tearsheet::config::NoSecret::NoVariable)),
            listen: None,
            purpose: tearsheet::config::Purpose::Serving,
            allow_private: Vec::new(),
        };
        let config = file.read().unwrap();
        let time = Arc::new(clock.clone());
        let fetcher = match parts.resolver {
            Some(resolver) => Fetcher::with_resolver(config.fetch.clone(), time, resolver).unwrap(),
            None => Fetcher::new(config.fetch.clone(), time).unwrap(),
        };
        let store = daemon::open(folder.join("state"), store::Options::default(), clock).await.unwrap();
        let prepared = daemon::prepare(config, &store, clock.now()).unwrap();
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let (stop, signals) = mpsc::channel(1);
        let start = Start {
            door: None,
            file,
            prepared,
            store,
            fetcher,
            read: parts.read,
            doors: Doors { feeds: vec![Listener::Tcp(socket)], figures: vec![], limits: Limits::default() },
            base_url: "http://feeds.example".to_owned(),
            clock: clock.clone(),
            signals: Signals::given(signals),
        };
        #[expect(clippy::disallowed_methods, reason = "the test owns the task and waits for it")]
        let task = tokio::spawn(daemon::run(start));
        // No source is due at the very start.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        Self { stop, task, address, tasks }
    }

    pub(crate) async fn end(self) {
        self.stop.send(Signal::Stop).await.unwrap();
        self.task.await.unwrap().unwrap();
    }

    /// What the daemon itself serves at `path`.
    pub(crate) fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: feeds.example\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}
