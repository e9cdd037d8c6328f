//! The stage: raw servers on loopback, a resolver that answers as told, a clock that sleeps for real or not at all.

use std::{
    collections::HashMap,
    future::Future,
    io::{self, Read, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tearsheet::{
    fetch::{Clock, Fetcher, Resolve, Resolving, Settings},
    model::Manners,
};
use tokio::sync::RwLock;
use url::Url;

/// Tests hold it to read; the one that counts open files holds it alone.
pub(crate) static TOGETHER: RwLock<()> = RwLock::const_new(());

/// A request as it was received: the head, and what followed of the body.
pub(crate) type Head = String;

/// A raw server: every connection is given to a script with the request's head.
pub(crate) struct Server {
    pub(crate) at: SocketAddr,
    pub(crate) heads: Arc<Mutex<Vec<Head>>>,
    pub(crate) connects: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server whose `script` answers each request after its head was read.
    pub(crate) fn new(script: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Self {
        Self::on("127.0.0.1", script)
    }

    /// The same on another of this machine's addresses.
    pub(crate) fn on(ip: &str, script: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Self {
        Self::bound((ip, 0), move |stream, heads| {
            if let Some(head) = read_head(stream) {
                heads.lock().unwrap().push(head.clone());
                script(stream, &head);
            }
        })
    }

    /// The same at an address of one's choice.
    pub(crate) fn bound(
        at: impl ToSocketAddrs,
        script: impl Fn(&mut TcpStream, &Mutex<Vec<Head>>) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(at).unwrap();
        let at = listener.local_addr().unwrap();
        let (heads, connects, stop) =
            (Arc::new(Mutex::default()), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (seen, count, ended) = (Arc::clone(&heads), Arc::clone(&connects), Arc::clone(&stop));
        let script = Arc::new(script);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                count.fetch_add(1, Ordering::SeqCst);
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                std::thread::spawn(move || {
                    if let Ok(mut stream) = stream {
                        let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
                        let _ = stream.set_write_timeout(Some(Duration::from_secs(5)));
                        script(&mut stream, &seen);
                    }
                });
            }
        });
        Self { at, heads, connects, stop, thread: Some(thread) }
    }

    /// A server that speaks TLS with a certificate of its own making.
    pub(crate) fn tls(answer: &'static str) -> Self {
        let config = tls_config(&[b"http/1.1"]);
        Self::raw(move |stream, heads| {
            let mut tls = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut secure = rustls::Stream::new(&mut tls, stream);
            if let Some(head) = read_head(&mut secure) {
                heads.lock().unwrap().push(head);
                let _ = secure.write_all(answer.as_bytes());
                secure.conn.send_close_notify();
                let _ = secure.flush();
            }
        })
    }

    /// A server whose `script` has the connection for itself.
    pub(crate) fn raw(script: impl Fn(&mut TcpStream, &Mutex<Vec<Head>>) + Send + Sync + 'static) -> Self {
        Self::bound("127.0.0.1:0", script)
    }

    /// A server that answers every path with what `answer` gives for it: the whole reply as text.
    pub(crate) fn pages(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::new(move |stream, head| {
            let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
            let _ = stream.write_all(answer(&path).as_bytes());
        })
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.at)).unwrap()
    }

    pub(crate) fn connects(&self) -> usize {
        self.connects.load(Ordering::SeqCst)
    }

    pub(crate) fn heads(&self) -> Vec<Head> {
        self.heads.lock().unwrap().clone()
    }
}

/// TLS with a certificate of our own making.
pub(crate) fn tls_config(protocols: &[&[u8]]) -> Arc<rustls::ServerConfig> {
    let certificate = CertificateDer::from(include_bytes!("tls/certificate.der").to_vec());
    let key = PrivatePkcs8KeyDer::from(include_bytes!("tls/key.der").to_vec());
    let builder = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let mut config = config.with_single_cert(vec![certificate], key.into()).unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Arc::new(config)
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.at);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn read_head(stream: &mut impl Read) -> Option<Head> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// A whole reply with its length, closing the connection.
pub(crate) fn reply(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len())
}

/// An HTML page.
pub(crate) fn html(body: &str) -> String {
    reply("200 OK", "Content-Type: text/html; charset=utf-8\r\n", body)
}

/// Answers as told; every name that it was not told has no address.
#[derive(Default)]
pub(crate) struct Names(pub Mutex<HashMap<String, Vec<IpAddr>>>);

impl Resolve for Names {
    fn resolve(&self, name: String) -> Resolving {
        let found = self.0.lock().unwrap().get(&name).cloned();
        Box::pin(async move { found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such name")) })
    }
}

/// A clock that is only moved by sleeping on it, and sleeps for no time at all.
pub(crate) struct Stepped(pub Mutex<Timestamp>);

impl Default for Stepped {
    fn default() -> Self {
        Self(Mutex::new("2026-03-01T00:00:00Z".parse().unwrap()))
    }
}

impl Stepped {
    pub(crate) fn step(&self, span: Duration) {
        *self.0.lock().unwrap() += span;
    }
}

impl Clock for Stepped {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, span: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.step(span);
        Box::pin(async {})
    }
}

/// Limits short enough for tests.
pub(crate) fn brief() -> Settings {
    Settings {
        connect_timeout: Duration::from_millis(2000),
        first_byte: Duration::from_millis(2000),
        idle: Duration::from_millis(1500),
        whole: Duration::from_millis(5000),
        keep_idle: Duration::from_millis(200),
        max_body: 4 << 20,
        ..Settings::default()
    }
}

/// Manners that reach loopback and do not ask for robots.txt.
pub(crate) fn local() -> Manners {
    Manners { obey_robots: false, allow_private: vec!["127.0.0.0/8".parse().unwrap()], ..strict() }
}

/// Manners that reach nothing private.
pub(crate) fn strict() -> Manners {
    Manners {
        host_gap: Duration::from_secs(1),
        obey_robots: true,
        allow_private: Vec::new(),
        headers: Vec::new(),
        proxy: None,
        post: None,
        insecure_tls: false,
        http1_only: false,
    }
}

/// A fetcher on this stage.
pub(crate) fn fetcher(settings: Settings) -> (Fetcher, Arc<Names>, Arc<Stepped>) {
    let (names, clock) = (Arc::new(Names::default()), Arc::new(Stepped::default()));
    (Fetcher::with_resolver(settings, clock.clone(), names.clone()).unwrap(), names, clock)
}
