//! [`Sites`]: many sites on one port of the loopback interface, each at an address of its own: 127.x.y.z says which it is.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use socket2::{Domain, Socket, Type};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinSet,
    time,
};

use super::{
    book::Book,
    pages::{Manner, Site},
};

/// The first site's address; the others follow.
const FIRST: u32 = u32::from_be_bytes([127, 1, 0, 0]);
/// How long a slow site takes to answer.
const SLOW: Duration = Duration::from_secs(2);
/// How long an unused connection is kept, as servers do.
const KEEP: Duration = Duration::from_secs(15);

/// The sites, as long as this lives.
pub(crate) struct Sites {
    port: u16,
    stage: Arc<Stage>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

struct Stage {
    book: Arc<Book>,
    start: Instant,
    /// The time between two visits.
    every: Duration,
    /// From when on nothing new is published, in milliseconds after `start`.
    last_news: AtomicU64,
    tick: AtomicU64,
}

impl Sites {
    /// Opens them. What they have to tell depends on the time between two visits, and goes into `book`.
    pub(crate) fn open(book: Arc<Book>, every: Duration) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        // All addresses of the loopback interface and of no other.
        socket.bind_device(Some(b"lo"))?;
        socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)).into())?;
        socket.listen(4096)?;
        socket.set_nonblocking(true)?;
        let port = socket.local_addr()?.as_socket().map_or(0, |at| at.port());
        let stage = Arc::new(Stage {
            book,
            start: Instant::now(),
            every,
            last_news: AtomicU64::new(u64::MAX),
            tick: AtomicU64::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let ours = stage.clone();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = TcpListener::from_std(socket.into()) else { return };
                accept(listener, ours, stopped).await;
            });
        });
        Ok(Self { port, stage, stop: Some(stop), thread: Some(thread) })
    }

    /// Where a site is.
    pub(crate) fn url(&self, site: usize) -> String {
        format!("http://{}:{}/news/", Ipv4Addr::from(FIRST + site as u32), self.port)
    }

    /// No site publishes anything any more.
    pub(crate) fn hush(&self) {
        self.stage.last_news.store(self.stage.start.elapsed().as_millis() as u64, Relaxed);
    }

    /// They do again.
    pub(crate) fn go_on(&self) {
        self.stage.last_news.store(u64::MAX, Relaxed);
    }
}

impl Drop for Sites {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(thread::JoinHandle::join);
    }
}

async fn accept(listener: TcpListener, stage: Arc<Stage>, mut stopped: oneshot::Receiver<()>) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // Where descriptors are short, the daemon sees a slow site.
                let Ok((stream, _)) = accepted else { time::sleep(Duration::from_millis(20)).await; continue };
                let stage = stage.clone();
                open.spawn(async move {
                    // A visitor that goes away is no error.
                    let _ = answer_all(stream, &stage).await;
                });
            }
            Some(_) = open.join_next() => {}
            _ = &mut stopped => return,
        }
    }
}

/// Answers the requests of one connection.
async fn answer_all(mut stream: TcpStream, stage: &Stage) -> io::Result<()> {
    let SocketAddr::V4(at) = stream.local_addr()? else { return Ok(()) };
    let site = Site(u32::from(*at.ip()).wrapping_sub(FIRST) as usize);
    stream.set_nodelay(true)?;
    let mut head = Vec::with_capacity(1024);
    loop {
        head.clear();
        while !head.ends_with(b"\r\n\r\n") {
            let read = time::timeout(KEEP, stream.read_buf(&mut head)).await??;
            if read == 0 || head.len() > 16 << 10 {
                return Ok(());
            }
        }
        let request = String::from_utf8_lossy(&head);
        if request.starts_with("GET /robots.txt ") {
            let answer = if site.has_robots() {
                page("text/plain", "", "User-agent: *\nDisallow: /private/\n")
            } else {
                status("404 Not Found")
            };
            stream.write_all(answer.as_bytes()).await?;
            continue;
        }
        stage.book.asked(site.0);
        let version = stage.version(site);
        let manner = site.manner();
        let known = request.split_once("if-none-match: ").or_else(|| request.split_once("If-None-Match: "));
        let known = known.and_then(|(_, rest)| rest.split('\r').next()) == Some(format!("\"{version}\"").as_str());
        if manner == Manner::Slow {
            time::sleep(SLOW).await;
        }
        let answer = match manner {
            Manner::Failing(0) => return Ok(()),
            Manner::Failing(404) => status("404 Not Found"),
            Manner::Failing(_) => status("503 Service Unavailable"),
            Manner::Conditional | Manner::Slow if known => {
                stage.book.unchanged.fetch_add(1, Relaxed);
                format!("HTTP/1.1 304 Not Modified\r\nETag: \"{version}\"\r\n\r\n")
            }
            Manner::Conditional | Manner::Slow => {
                page("text/html; charset=utf-8", &format!("ETag: \"{version}\"\r\n"), &site.page(version, None))
            }
            Manner::Plain => page("text/html; charset=utf-8", "", &site.page(version, None)),
            Manner::Ticking => {
                let tick = stage.tick.fetch_add(1, Relaxed);
                page("text/html; charset=utf-8", "", &site.page(version, Some(tick)))
            }
        };
        stream.write_all(answer.as_bytes()).await?;
        if answer.starts_with("HTTP/1.1 200") {
            stage.book.sent(site.0, version);
        }
    }
}

impl Stage {
    /// How many articles a site has published by now.
    fn version(&self, site: Site) -> u32 {
        let passed = (self.start.elapsed().as_millis() as u64).min(self.last_news.load(Relaxed)) as f64;
        (passed / (self.every.as_millis() as f64 * site.rarity()) + site.phase()) as u32
    }
}

fn page(media_type: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n{more}Content-Length: {length}\r\n\r\n{body}")
}

fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n")
}
