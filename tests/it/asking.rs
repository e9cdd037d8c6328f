//! What the settings of one source make the program send: headers, cookies, credentials by reference, a body, through proxies, by HTTP/1.1.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use crate::world::World;

const PAGE: &str = "<!DOCTYPE html><ul class=n><li><a href=/n/1>One headline of some length</a><li><a href=/n/2>Another headline of it</a></ul>";

/// A server that keeps what it was sent, robots.txt apart, and answers all of it with a list. The first visit of `/gate` is sent on with a cookie.
struct Recorder {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let kept = heard.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                thread::spawn(move || converse(stream, &kept));
            }
        });
        Self { address, heard }
    }

    /// The one request whose target ends in `path`.
    fn of(&self, path: &str) -> String {
        let heard = self.heard.lock().unwrap();
        let ours: Vec<_> = heard.iter().filter(|text| text.contains(&format!("{path} http/1.1\r\n"))).collect();
        assert_eq!(ours.len(), 1, "{path}: {heard:?}");
        ours[0].clone()
    }
}

/// Answers one request after another, and keeps each as it came, in lower case but for its body.
fn converse(mut stream: TcpStream, kept: &Mutex<Vec<String>>) -> std::io::Result<()> {
    loop {
        let (mut head, mut byte) = (Vec::new(), [0; 1]);
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            head.extend(byte);
        }
        let head = String::from_utf8_lossy(&head).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let robots = head.starts_with("get /robots.txt ") || head.contains("/robots.txt http/1.1");
        if !robots {
            kept.lock().unwrap().push(format!("{head}{}", String::from_utf8_lossy(&body)));
        }
        let (status, more, page) = match () {
            () if robots => ("404 Not Found", "", ""),
            () if head.starts_with("get /gate ") => {
                ("302 Found", "Set-Cookie: pass=42; Path=/\r\nLocation: /inside\r\n", "")
            }
            () => ("200 OK", "", PAGE),
        };
        let length = page.len();
        write!(stream, "HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{more}Content-Length: {length}\r\n\r\n{page}")?;
    }
}

#[test]
fn each_setting_of_a_source_is_sent_as_written() {
    let (site, proxy, world) = (Recorder::start(), Recorder::start(), World::new());
    let secrets = tempfile::tempdir().unwrap();
    fs::write(secrets.path().join("token"), "t0ken\n").unwrap();
    let sources = [
        ("headers", "headers = { X-Key = \"k1\", Accept-Language = \"uk\" }\ncookie = { env = \"OUR_COOKIE\" }"),
        ("basic", "auth = { user = \"me\", password = { env = \"OUR_PASSWORD\" } }"),
        ("bearer", "auth = { bearer = { credential = \"token\" } }"),
        ("posted", "method = \"POST\"\nbody = \"page=1&size=20\""),
        ("plain", "http1_only = true\ninsecure_tls = true"),
        ("gate", ""),
    ];
    let mut text: String = sources
        .iter()
        .map(|(id, more)| {
            format!("[[source]]\nid = \"{id}\"\nurl = \"http://{}/{id}\"\nitem = \".n > li\"\n{more}\n\n", site.address)
        })
        .collect();
    text.push_str(&format!(
        "[[source]]\nid = \"proxied\"\nurl = \"http://news.example/proxied\"\nitem = \".n > li\"\nproxy = \"http://{}\"\n",
        proxy.address
    ));
    world.write(&text);
    let visited = world
        .command(&["fetch"])
        .env("OUR_COOKIE", "session=s3cret")
        .env("OUR_PASSWORD", "pa:ss")
        .env("CREDENTIALS_DIRECTORY", secrets.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&visited.stderr);
    assert!(visited.status.success(), "{said}");
    for secret in ["s3cret", "pa:ss", "t0ken"] {
        assert!(!said.contains(secret), "{said}");
    }

    let headers = site.of("/headers");
    for line in ["x-key: k1\r\n", "accept-language: uk\r\n", "cookie: session=s3cret\r\n"] {
        assert!(headers.contains(line), "{line}{headers}");
    }
    // "me:pa:ss" in base64, in lower case as the rest of the head.
    assert!(site.of("/basic").contains("authorization: basic bwu6cge6c3m=\r\n"), "{}", site.of("/basic"));
    assert!(site.of("/bearer").contains("authorization: bearer t0ken\r\n"), "{}", site.of("/bearer"));
    let posted = site.of("/posted");
    assert!(posted.starts_with("post ") && posted.ends_with("\r\n\r\npage=1&size=20"), "{posted}");
    assert!(!site.of("/gate").contains("cookie:") && site.of("/inside").contains("cookie: pass=42\r\n"));
    for path in ["/plain", "/gate", "/inside", "/posted"] {
        let text = site.of(path);
        assert!(!text.contains("s3cret") && !text.contains("authorization:"), "another source's secret: {text}");
    }
    assert!(
        proxy.of("/proxied").starts_with("get http://news.example/proxied http/1.1\r\n"),
        "{}",
        proxy.of("/proxied")
    );
}
