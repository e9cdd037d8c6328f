//! Requests and answers over a real socket.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tearsheet::{
    feed::Format,
    serve::{
        App,
        listen::{self, Drained, Limits, Listener},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinSet,
};

use crate::sample::{self, Shown};

/// A served library on a port of its own.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinSet<Drained>,
}

impl Server {
    pub(crate) async fn start(library: Arc<Shown>, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let mut task = JoinSet::new();
        task.spawn(async move {
            let stopped = async { stopped.await.unwrap_or(()) };
            listen::run(vec![Listener::Tcp(listener)], App::new(library), limits, stopped).await
        });
        Self { address, stop, task }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    pub(crate) async fn stop(mut self) -> Drained {
        let _ = self.stop.send(());
        self.task.join_next().await.unwrap().unwrap()
    }

    /// Sends `bytes` and reads until the server closes.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect().await;
        let _ = stream.write_all(bytes).await;
        let mut all = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut all)).await.unwrap();
        all
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        Reply::read(&self.raw(request.as_bytes()).await)
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        found.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

fn library() -> Arc<Shown> {
    Shown::new(vec![sample::document("grid", "电网", sample::grid()), sample::document("wire", "Wire", Vec::new())])
}

#[tokio::test]
async fn a_feed_is_served_as_its_format_says() {
    let shown = library();
    let server = Server::start(shown, Limits::default()).await;
    for (path, media_type) in [
        ("/feeds/grid.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/grid.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/grid.json", "application/feed+json"),
        ("/feeds/wire.rss", "application/rss+xml; charset=utf-8"),
        ("/opml.xml", "text/x-opml; charset=utf-8"),
    ] {
        let get = server.ask("GET", path, &[]).await;
        assert_eq!(get.status, 200, "{path}");
        assert_eq!(get.header("content-type"), Some(media_type));
        assert_eq!(get.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(get.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        assert!(get.header("vary").unwrap().contains("Accept-Encoding"));
        assert!(get.header("accept-ranges").is_none());
        let etag = get.header("etag").unwrap();
        assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() == 34, "{etag}");
        let head = server.ask("HEAD", path, &[]).await;
        assert!(head.body.is_empty());
        for name in ["content-length", "content-type", "etag", "last-modified", "cache-control", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()));
        if path.contains("grid") {
            assert_eq!(get.header("last-modified"), Some("Sun, 22 Nov 2026 01:00:00 GMT"));
            assert_eq!(get.header("cache-control"), Some("max-age=777, stale-while-revalidate=300"));
        }
    }
    assert_eq!(server.stop().await, Drained::default());
}

#[tokio::test]
async fn every_coding_has_its_own_tag_and_is_answered_304() {
    let server = Server::start(library(), Limits::default()).await;
    let plain = server.ask("GET", "/feeds/grid.atom", &[]).await;
    let mut tags = vec![plain.header("etag").unwrap().to_owned()];
    for (wish, coding) in [("gzip", "gzip"), ("gzip, deflate, br", "br"), ("zstd", "zstd")] {
        let reply = server.ask("GET", "/feeds/grid.atom", &[("Accept-Encoding", wish)]).await;
        assert_eq!(reply.header("content-encoding"), Some(coding));
        let decoded = match coding {
            "gzip" => {
                let mut bytes = Vec::new();
                std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&reply.body[..]), &mut bytes).unwrap();
                bytes
            }
            "br" => {
                let mut bytes = Vec::new();
                std::io::Read::read_to_end(&mut brotli::Decompressor::new(&reply.body[..], 4096), &mut bytes).unwrap();
                bytes
            }
            _ => zstd::decode_all(&reply.body[..]).unwrap(),
        };
        assert_eq!(decoded, plain.body);
        let tag = reply.header("etag").unwrap().to_owned();
        let again = server
            .ask("GET", "/feeds/grid.atom", &[("Accept-Encoding", wish), ("If-None-Match", &format!("W/{tag}"))])
            .await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        for name in ["vary", "cache-control", "last-modified"] {
            assert!(again.header(name).is_some(), "{name}");
        }
        assert!(again.header("content-type").is_none() && again.header("content-encoding").is_none());
        assert!(!tags.contains(&tag));
        tags.push(tag);
    }
    assert_eq!(tags.len(), 4);
    server.stop().await;
}

#[tokio::test]
async fn conditions_and_odd_requests_get_the_right_status() {
    let shown = library();
    let server = Server::start(shown.clone(), Limits { idle: Duration::from_secs(1), ..Limits::default() }).await;
    let feed = "/feeds/grid.rss";
    let tag = server.ask("GET", feed, &[]).await.header("etag").unwrap().to_owned();
    let (same, before) = ("Sun, 22 Nov 2026 01:00:00 GMT", "Sun, 22 Nov 2026 00:59:59 GMT");
    let junk = "x".repeat(4000);
    let long_list = format!("{}{tag}", "\"nothing\", ".repeat(300));
    /// Method, path, headers, status.
    type Case<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>, u16);
    let cases: Vec<Case<'_>> = vec![
        ("GET", feed, vec![("If-None-Match", &tag)], 304),
        ("HEAD", feed, vec![("If-None-Match", &tag)], 304),
        ("GET", feed, vec![("If-None-Match", "*")], 304),
        ("GET", feed, vec![("If-None-Match", &long_list)], 304),
        ("GET", feed, vec![("If-None-Match", "\"other\""), ("If-None-Match", &tag)], 304),
        ("GET", feed, vec![("If-None-Match", "\"other\"")], 200),
        ("GET", feed, vec![("If-None-Match", &junk)], 200),
        ("GET", feed, vec![("If-None-Match", "\"other\""), ("If-Modified-Since", same)], 200),
        ("GET", feed, vec![("If-Modified-Since", same)], 304),
        ("GET", feed, vec![("If-Modified-Since", before)], 200),
        ("GET", feed, vec![("If-Modified-Since", "last Tuesday")], 200),
        ("GET", feed, vec![("If-Match", "\"other\"")], 412),
        ("GET", feed, vec![("If-Unmodified-Since", before)], 412),
        ("GET", feed, vec![("Range", "bytes=0-9")], 200),
        ("GET", feed, vec![("Accept-Encoding", ";;q=,*;q=9,\t,")], 200),
        ("GET", feed, vec![("Accept-Encoding", "identity;q=0, *;q=0")], 200),
        ("GET", feed, vec![("Accept", "application/nothing")], 200),
        ("GET", feed, vec![("Accept", "text/html,application/xhtml+xml")], 200),
        ("GET", feed, vec![("Sec-Fetch-Dest", "document")], 303),
        ("GET", feed, vec![("Sec-Fetch-Dest", "empty")], 200),
        ("GET", "/feeds/gr%69d.rss", vec![], 200),
        ("GET", "/feeds/grid.rss?utm=1", vec![], 200),
        ("GET", "http://x/feeds/grid.rss", vec![], 200),
        ("GET", "/feeds/zzqq.rss", vec![], 404),
        ("GET", "/feeds/zzqq", vec![], 404),
        ("GET", "/feeds/grid.exe", vec![], 404),
        ("GET", "/feeds/../feeds/grid.rss", vec![], 404),
        ("GET", "/feeds/%2e%2e/%2e%2e/etc/passwd.rss", vec![], 404),
        ("GET", "/feeds/..%2f..%2fetc%2fpasswd.rss", vec![], 404),
        ("GET", "/feeds/grid%00.rss", vec![], 404),
        ("GET", "/feeds/grid.rss%", vec![], 400),
        ("GET", "/feeds/%ff%fe.rss", vec![], 400),
        ("GET", "//feeds/grid.rss", vec![], 404),
        ("GET", "/", vec![], 200),
        ("GET", "/feeds/grid", vec![], 200),
        ("GET", "/opml.xml", vec![], 200),
        ("GET", "/healthz", vec![], 200),
        ("GET", "/readyz", vec![], 200),
        ("GET", "/favicon.ico", vec![], 200),
        ("POST", feed, vec![], 405),
        ("DELETE", "/", vec![], 405),
        ("PROPFIND", "/opml.xml", vec![], 405),
        ("OPTIONS", "*", vec![], 204),
        ("OPTIONS", feed, vec![], 204),
        ("GET", feed, vec![("Host", "second")], 400),
    ];
    for (method, path, headers, status) in &cases {
        let reply = server.ask(method, path, headers).await;
        assert_eq!(reply.status, *status, "{method} {path} {headers:?}");
        // A 304 has no content that they could speak of; a cache keeps what it has of them.
        let wanted = (*status != 304).then_some("nosniff");
        assert_eq!(reply.header("x-content-type-options"), wanted, "{method} {path}");
        assert_eq!(reply.header("content-security-policy").is_some(), *status != 304, "{method} {path}");
        if matches!(status, 405 | 204) {
            assert_eq!(reply.header("allow"), Some("GET, HEAD, OPTIONS"));
        }
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        if *status >= 400 {
            assert!(!text.contains("passwd") && !text.contains("zzqq"), "{path} echoed");
        }
        if *status == 404 && path.starts_with("/feeds/") && path.ends_with(".rss") {
            assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"), "{path}");
            assert!(text.contains("/feeds/grid.rss\n"), "{path} names what exists: {text}");
        }
        if *status == 303 {
            assert_eq!(reply.header("location"), Some("grid"));
            assert_eq!(reply.header("vary"), Some("Sec-Fetch-Dest"));
        }
    }
    let raw: Vec<(Vec<u8>, u16)> = vec![
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), 400),
        (b"GET /feeds/gr\0id.rss HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(), 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n".to_vec(), 400),
        (b"GET / HTTP/1.0\r\n\r\n".to_vec(), 200),
        (format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(20_000)).into_bytes(), 431),
        (format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(20_000)).into_bytes(), 431),
        (format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: b\r\n".repeat(500)).into_bytes(), 431),
        (format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(10_000_000)).into_bytes(), 431),
    ];
    for (bytes, status) in &raw {
        let all = server.raw(bytes).await;
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        // Of ten megabytes the client may still be sending when the answer is gone.
        if !(all.is_empty() && bytes.len() > 1_000_000) {
            assert_eq!(Reply::read(&all).status, *status, "{shown}");
        }
    }
    println!("{} requests, {} raw ones", cases.len(), raw.len());
    server.stop().await;
}

#[tokio::test]
async fn a_change_is_seen_at_once_and_only_in_its_feed() {
    let shown = library();
    let server = Server::start(shown.clone(), Limits::default()).await;
    let tag = |reply: &Reply| reply.header("etag").unwrap().to_owned();
    let (grid, wire) = (
        tag(&server.ask("GET", "/feeds/grid.json", &[]).await),
        tag(&server.ask("GET", "/feeds/wire.json", &[]).await),
    );
    assert!(shown.shelf.get(&"grid".parse().unwrap(), Format::Json).is_some());
    shown.put(sample::document("grid", "电网", sample::grid()));
    assert_eq!(tag(&server.ask("GET", "/feeds/grid.json", &[]).await), grid, "the same content keeps its tag");
    let mut articles = sample::grid();
    articles[2].title.push('!');
    shown.put(sample::document("grid", "电网", articles));
    let reply = server.ask("GET", "/feeds/grid.json", &[("If-None-Match", &grid)]).await;
    assert_eq!(reply.status, 200);
    assert_ne!(tag(&reply), grid);
    assert_eq!(server.ask("GET", "/feeds/wire.json", &[("If-None-Match", &wire)]).await.status, 304);
    server.stop().await;
}

#[tokio::test]
async fn a_private_feed_is_not_there_without_its_key() {
    let mut shown = Arc::into_inner(library()).unwrap();
    shown.private = Some(("grid".parse().unwrap(), Arc::from("s3cr&t/ü")));
    let server = Server::start(Arc::new(shown), Limits::default()).await;
    for path in
        ["/feeds/grid.rss", "/feeds/grid", "/feeds/grid.rss?key=", "/feeds/grid.rss?key=wrong", "/feeds/none.rss", "/"]
    {
        let reply = server.ask("GET", path, &[]).await;
        assert_eq!(reply.status, if path == "/" { 200 } else { 404 }, "{path}");
        let body = String::from_utf8(reply.body).unwrap();
        assert!(!body.contains("feeds/grid") && !body.contains("news.example.org/grid"), "{path}");
        assert!(body.contains("feeds/wire"), "{path}");
    }
    let key = "key=s3cr%26t%2F%C3%BC";
    let feed = server.ask("GET", &format!("/feeds/grid.rss?{key}"), &[]).await;
    assert_eq!((feed.status, feed.header("cache-control")), (200, Some("private, max-age=777")));
    let led = server.ask("GET", &format!("/feeds/grid.rss?{key}"), &[("Sec-Fetch-Dest", "document")]).await;
    assert_eq!(led.header("location"), Some(format!("grid?{key}").as_str()));
    let page = server.ask("GET", &format!("/feeds/grid?{key}"), &[]).await;
    assert!(String::from_utf8(page.body).unwrap().contains(&format!("/feeds/grid.atom?{key}")));
    server.stop().await;
}

#[tokio::test]
async fn what_is_watched_is_for_those_who_hold_the_token() {
    let mut shown = Arc::into_inner(library()).unwrap();
    shown.private = Some(("grid".parse().unwrap(), Arc::from("s3cr&t")));
    shown.guarded = true;
    let server = Server::start(Arc::new(shown), Limits::default()).await;
    for path in ["/", "/?q=%E7%94%B5", "/opml.xml", "/?key=wrong"] {
        let reply = server.ask("GET", path, &[]).await;
        assert_eq!(reply.status, 401, "{path}");
        assert_eq!(reply.header("www-authenticate"), Some("Basic realm=\"tearsheet\", charset=\"UTF-8\""));
        assert!(!String::from_utf8(reply.body).unwrap().contains("wire"), "{path}");
    }
    for path in ["/nowhere", "/feeds/none.rss", "/feeds/grid.rss"] {
        let reply = server.ask("GET", path, &[]).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(!String::from_utf8(reply.body).unwrap().contains("wire"), "{path} names what exists");
    }
    assert_eq!(server.ask("GET", "/feeds/wire.rss", &[]).await.status, 200, "a public feed stays public");
    // me:s3cr&t
    let basic = ("Authorization", "Basic bWU6czNjciZ0");
    for (path, headers) in [("/", &[basic][..]), ("/?key=s3cr%26t", &[]), ("/", &[("Authorization", "Bearer s3cr&t")])]
    {
        let reply = server.ask("GET", path, headers).await;
        assert_eq!(reply.status, 200, "{path}");
        let body = String::from_utf8(reply.body).unwrap();
        assert!(
            body.contains("feeds/grid.rss?key=s3cr%26t"),
            "who holds the token sees the private feed, and may open it"
        );
        assert!(body.contains("feeds/wire.rss\""), "a public feed's address needs no key");
        let head = body.split_once("<body").unwrap().0;
        assert!(!head.contains("feeds/grid"), "what a browser offers to readers has no key in it");
    }
    assert_eq!(server.ask("GET", "/opml.xml", &[basic]).await.status, 200);
    server.stop().await;
}
