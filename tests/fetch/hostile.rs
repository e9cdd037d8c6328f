//! Servers that mean it harm, or are broken: each visit ends within its bound, in the right class, and leaves nothing behind.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    net::{Shutdown, TcpStream},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::stage::{self, Server, brief, fetcher, html, local, reply};
use tearsheet::{
    fetch::{Request, Settings},
    model::Outcome,
};

/// How a script ends in the best case, and what must be said of it.
type Script = (&'static str, Expect, Box<dyn Fn(&mut TcpStream, &str) + Send + Sync>);

/// What a visit may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Fails(Outcome),
    /// The page comes, with this text.
    Comes(&'static str),
}

use Expect::{Comes, Fails};

fn script(name: &'static str, expect: Expect, play: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Script {
    (name, expect, Box::new(play))
}

/// Sends a text and hangs up.
fn says(name: &'static str, expect: Expect, text: impl Into<Vec<u8>>) -> Script {
    let text = text.into();
    script(name, expect, move |stream, _| drop(stream.write_all(&text)))
}

/// Sends a head, then the same piece for ever, with a pause between.
fn endless(name: &'static str, outcome: Outcome, head: &'static str, piece: Vec<u8>, pause: u64) -> Script {
    script(name, Fails(outcome), move |stream, _| {
        let _ = stream.write_all(head.as_bytes());
        while stream.write_all(&piece).is_ok() {
            sleep(Duration::from_millis(pause));
        }
    })
}

/// A reply in a content coding.
fn packed(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut reply = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    reply.extend_from_slice(body);
    reply
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn br(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 4096, 5, 22).write_all(body).unwrap();
    out
}

fn zstd(body: &[u8]) -> Vec<u8> {
    zstd::encode_all(body, 3).unwrap()
}

const OK: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n";

fn scripts() -> Vec<Script> {
    let ok = |rest: &str| format!("{OK}{rest}");
    let many = |count: usize| (0..count).map(|n| format!("X-{n}: {n}\r\n")).collect::<String>();
    let zeros = vec![0; 16 << 20];
    let page = b"<p>hello".as_slice();
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() - 4].to_vec();
    vec![
        // Time.
        script("silence", Fails(Outcome::Timeout), |_, _| sleep(Duration::from_secs(4))),
        script("half a status line", Fails(Outcome::Timeout), |stream, _| {
            let _ = stream.write_all(b"HTTP/1.1 20");
            sleep(Duration::from_secs(4));
        }),
        endless("headers drip", Outcome::Timeout, "HTTP/1.1 200 OK\r\n", b"X: y\r\n".to_vec(), 50),
        endless(
            "informational answers for ever",
            Outcome::Timeout,
            "",
            b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".to_vec(),
            5,
        ),
        endless("body drips", Outcome::Timeout, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x".to_vec(), 50),
        endless(
            "chunks drip",
            Outcome::Timeout,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\nx\r\n".to_vec(),
            50,
        ),
        script("body stalls", Fails(Outcome::Timeout), |stream, _| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            sleep(Duration::from_secs(4));
        }),
        script("no end without a length", Fails(Outcome::Timeout), |stream, _| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nhello");
            sleep(Duration::from_secs(4));
        }),
        endless(
            "redirects drip",
            Outcome::Protocol,
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nLocation: /x\r\n\r\n",
            b"x".to_vec(),
            10,
        ),
        // Size.
        endless("body for ever", Outcome::TooBig, "HTTP/1.1 200 OK\r\n\r\n", vec![b'x'; 65536], 0),
        endless(
            "chunks for ever",
            Outcome::TooBig,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            [b"10000\r\n", vec![b'x'; 65536].as_slice(), b"\r\n"].concat(),
            0,
        ),
        says("300 MB are announced", Fails(Outcome::TooBig), ok("Content-Length: 314572800\r\n\r\nx")),
        endless("headers for ever", Outcome::TooBig, "HTTP/1.1 200 OK\r\n", b"X: y\r\n".to_vec(), 0),
        endless("one header for ever", Outcome::TooBig, "HTTP/1.1 200 OK\r\nX: ", vec![b'x'; 4096], 0),
        says(
            "a header of 64 KiB",
            Fails(Outcome::TooBig),
            ok(&format!("X: {}\r\nContent-Length: 1\r\n\r\nx", "x".repeat(65536))),
        ),
        says("a thousand headers", Fails(Outcome::TooBig), ok(&format!("{}Content-Length: 1\r\n\r\nx", many(1000)))),
        says("gzip bomb", Fails(Outcome::TooBig), packed("gzip", &gzip(&zeros))),
        says("deflate bomb", Fails(Outcome::TooBig), packed("deflate", &zlib(&zeros))),
        says("raw deflate bomb", Fails(Outcome::TooBig), packed("deflate", &deflate(&zeros))),
        says("brotli bomb", Fails(Outcome::TooBig), packed("br", &br(&zeros))),
        says("zstd bomb", Fails(Outcome::TooBig), packed("zstd", &zstd(&zeros))),
        says("bomb within the size", Fails(Outcome::TooBig), packed("gzip", &gzip(&zeros[..3 << 20]))),
        endless(
            "chunk extension for ever",
            Outcome::Protocol,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
            vec![b'x'; 4096],
            0,
        ),
        endless(
            "trailers for ever",
            Outcome::Protocol,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            b"X: y\r\n".to_vec(),
            0,
        ),
        endless("status line for ever", Outcome::TooBig, "HTTP/1.1 200 ", vec![b'x'; 4096], 0),
        // Lies and breaks.
        says("nothing", Fails(Outcome::Unreachable), ""),
        says("less than its length", Fails(Outcome::Unreachable), ok("Content-Length: 100\r\n\r\nshort")),
        says("more than its length", Comes("hello"), ok("Content-Length: 5\r\n\r\nhello, and more")),
        says("two lengths", Fails(Outcome::Protocol), ok("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")),
        says("a length that is no number", Fails(Outcome::Protocol), ok("Content-Length: five\r\n\r\nhello")),
        says("a negative length", Fails(Outcome::Protocol), ok("Content-Length: -5\r\n\r\nhello")),
        says(
            "a chunk size that is no number",
            Fails(Outcome::Protocol),
            ok("Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n"),
        ),
        says(
            "a chunk size beyond all bounds",
            Fails(Outcome::Protocol),
            ok("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello\r\n"),
        ),
        says(
            "a chunk longer than said",
            Fails(Outcome::Protocol),
            ok("Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n"),
        ),
        says(
            "chunks without an end",
            Fails(Outcome::Unreachable),
            ok("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        ),
        says("no HTTP", Fails(Outcome::Protocol), "220 mail.example ESMTP\r\n"),
        says("HTTP/9.9", Fails(Outcome::Protocol), "HTTP/9.9 200 OK\r\n\r\n"),
        says("TLS on a plain port", Fails(Outcome::Protocol), vec![21, 3, 1, 0, 2, 2, 40]),
        says("bytes of nothing", Fails(Outcome::Protocol), vec![0; 4096]),
        says("status 999", Fails(Outcome::Status), "HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n"),
        says("a header with NUL", Fails(Outcome::Protocol), ok("X: a\0b\r\nContent-Length: 1\r\n\r\nx")),
        says("header lines that are none", Comes("x"), ok("junk\r\nX Y: z\r\n: w\r\nContent-Length: 1\r\n\r\nx")),
        says(
            "switching protocols",
            Fails(Outcome::Protocol),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        ),
        script("a reset before the answer", Fails(Outcome::Unreachable), |stream, _| reset(stream)),
        script("a reset in the body", Fails(Outcome::Unreachable), |stream, _| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
            sleep(Duration::from_millis(50));
            reset(stream);
        }),
        script("writing ends, reading does not", Fails(Outcome::Unreachable), |stream, _| {
            let _ = stream.shutdown(Shutdown::Write);
            sleep(Duration::from_secs(1));
        }),
        says("not modified, unasked", Fails(Outcome::Protocol), "HTTP/1.1 304 Not Modified\r\n\r\n"),
        says(
            "a part, unasked",
            Fails(Outcome::Status),
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-0/9\r\nContent-Length: 1\r\n\r\nx",
        ),
        // Codings.
        says("gzip twice", Fails(Outcome::Protocol), packed("gzip, gzip", &gzip(&gzip(page)))),
        says("gzip and brotli", Fails(Outcome::Protocol), packed("gzip\r\nContent-Encoding: br", &br(&gzip(page)))),
        says("an unknown coding", Fails(Outcome::Protocol), packed("rot13", page)),
        says("gzip that is none", Fails(Outcome::Protocol), packed("gzip", page)),
        says("gzip that is cut", Fails(Outcome::Protocol), packed("gzip", &cut(gzip(page)))),
        says("deflate that is cut", Fails(Outcome::Protocol), packed("deflate", &cut(zlib(page)))),
        says("brotli that is cut", Fails(Outcome::Protocol), packed("br", &br(page)[..4])),
        says("brotli that is none", Fails(Outcome::Protocol), packed("br", &[0xff; 64])),
        says("zstd that is cut", Fails(Outcome::Protocol), packed("zstd", &cut(zstd(page)))),
        says("zstd that is none", Fails(Outcome::Protocol), packed("zstd", page)),
        says("gzip", Comes("<p>hello"), packed("gzip", &gzip(page))),
        says("deflate", Comes("<p>hello"), packed("deflate", &zlib(page))),
        says("raw deflate", Comes("<p>hello"), packed("deflate", &deflate(page))),
        says("brotli", Comes("<p>hello"), packed("br", &br(page))),
        says("zstd", Comes("<p>hello"), packed("zstd", &zstd(page))),
        says("gzip in two members", Comes("<p>hello<p>hello"), packed("x-gzip", &[gzip(page), gzip(page)].concat())),
        says("an empty body called gzip", Comes(""), packed("gzip", b"")),
        // Redirects.
        script("redirects for ever", Fails(Outcome::Protocol), |stream, head| {
            let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
            let _ = stream.write_all(reply("302 Found", &format!("Location: {path}x\r\n"), "").as_bytes());
        }),
        says("a redirect to itself", Fails(Outcome::Protocol), reply("301 Moved", "Location: /\r\n", "")),
        script("two redirects in a circle", Fails(Outcome::Protocol), |stream, head| {
            let to = if head.starts_with("GET / ") { "/a" } else { "/" };
            let _ = stream.write_all(reply("302 Found", &format!("Location: {to}\r\n"), "").as_bytes());
        }),
        script("a new cookie with every redirect", Fails(Outcome::Protocol), |stream, _| {
            let now = Instant::now();
            let _ = stream.write_all(
                reply(
                    "302 Found",
                    &format!("Set-Cookie: a={:?}\r\nLocation: /\r\n", now).replace(['{', '}', ' '], ""),
                    "",
                )
                .as_bytes(),
            );
        }),
        says("a redirect without an address", Fails(Outcome::Protocol), reply("302 Found", "", "")),
        says("a redirect to no address", Fails(Outcome::Protocol), reply("302 Found", "Location: http://[\r\n", "")),
        says(
            "meta refresh to itself",
            Comes("<meta http-equiv=refresh content='0; url=/'>"),
            html("<meta http-equiv=refresh content='0; url=/'>"),
        ),
        script("meta refresh for ever", Fails(Outcome::Protocol), |stream, head| {
            let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
            let _ = stream.write_all(html(&format!("<meta http-equiv=refresh content='0; url={path}x'>")).as_bytes());
        }),
        // Retry-After.
        says(
            "429 with junk",
            Fails(Outcome::Throttled),
            reply("429 Too Many", "Retry-After: soon; \u{1}\r\n".replace('\u{1}', "").as_str(), ""),
        ),
        says(
            "503 for a million years",
            Fails(Outcome::Throttled),
            reply("503 No", "Retry-After: 31557600000000\r\n", ""),
        ),
        says("429 with a negative time", Fails(Outcome::Throttled), reply("429 Too Many", "Retry-After: -1\r\n", "")),
        says("410", Fails(Outcome::Gone), reply("410 Gone", "", "x")),
        endless("404 with a body for ever", Outcome::Status, "HTTP/1.1 404 Not Found\r\n\r\n", vec![b'x'; 65536], 0),
        endless("404 that drips", Outcome::Status, "HTTP/1.1 404 Not Found\r\n\r\n", b"x".to_vec(), 50),
    ]
}

/// Hangs up so that the other side gets a reset: there is unread data.
fn reset(stream: &TcpStream) {
    let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

pub(crate) fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

#[test]
fn no_server_holds_a_visit_beyond_its_bounds() {
    let _alone = stage::TOGETHER.blocking_write();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (fetcher, ..) = fetcher(Settings { max_redirects: 5, ..brief() });
    let bound = brief().whole + Duration::from_millis(1500);
    let manners = local();
    let scripts = scripts();
    let count = scripts.len();
    let (mut classes, mut longest, mut wrong) = (BTreeMap::<&str, usize>::new(), Duration::ZERO, Vec::new());
    let files = open_files();
    runtime.block_on(async {
        // All at once: none may slow another beyond its bound.
        let visits = scripts.into_iter().map(|(name, expect, play)| {
            let (fetcher, manners) = (&fetcher, &manners);
            async move {
                let server = Server::new(move |stream, head| play(stream, head));
                let url = server.url("/");
                let start = Instant::now();
                let result = fetcher.get(&Request::new(&url, manners)).await;
                let took = start.elapsed();
                let asked = server.heads().len();
                tokio::task::spawn_blocking(move || drop(server)).await.unwrap();
                (name, expect, result, took, asked)
            }
        });
        for (name, expect, result, took, asked) in futures_util::future::join_all(visits).await {
            longest = longest.max(took);
            let said = match &result {
                Ok(fetched) => {
                    format!("came: {:?}", fetched.page().map(|page| page.text.chars().take(50).collect::<String>()))
                }
                Err(error) => format!("{}: {error}", error.outcome().word()),
            };
            let right = match (&result, expect) {
                (Ok(fetched), Comes(text)) => fetched.page().is_some_and(|page| page.text == text),
                (Err(error), Fails(outcome)) => {
                    error.outcome() == outcome && !error.problem().reason.contains(['\r', '\n', '\0', '\u{1b}'])
                }
                _ => false,
            };
            if !right || took > bound || asked > 6 {
                wrong.push(format!("{name}: {said} after {took:?} and {asked} requests; expected {expect:?}"));
            }
            *classes
                .entry(match expect {
                    Comes(_) => "page",
                    Fails(outcome) => outcome.word(),
                })
                .or_default() += 1;
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A client that keeps an idle connection has a task that looks after it; it goes with the client.
    drop(fetcher);
    let tasks = settle(|| runtime.metrics().num_alive_tasks(), 0);
    let left = settle(open_files, files);
    println!(
        "servers: {count} scripts {classes:?}, longest {longest:?}, tasks left {tasks}, files {files} before and {left} after"
    );
    assert!(count >= 40);
    assert_eq!(tasks, 0, "tasks were left");
    assert!(left <= files, "files were left open");
}

/// Waits until `measure` is down to `goal`, or for 20 s: the system gives up a connection that takes nothing only after some probes.
pub(crate) fn settle(measure: impl Fn() -> usize, goal: usize) -> usize {
    let start = Instant::now();
    while measure() > goal && start.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(50));
    }
    measure()
}
