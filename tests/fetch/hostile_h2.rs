//! Servers that mean harm in the frames of HTTP/2 (RFC 9113), by hand and over TLS, as one that keeps to the protocol would not let
//! them be sent. Each visit ends within its bound, in one of the classes it may end in, and leaves nothing behind.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    hostile::{open_files, settle},
    stage::{self, Server, brief, fetcher, local},
};
use futures_util::StreamExt;
use tearsheet::{
    fetch::{Request, Settings},
    model::{Manners, Outcome},
};
use url::Url;

/// What the server sees of a connection: frames as bytes.
type Wire<'a> = rustls::Stream<'a, rustls::ServerConnection, TcpStream>;
type Play = fn(&mut Wire<'_>, &mut Windows);

/// How much may still be sent: on the connection, and on the request's stream.
#[derive(Debug)]
struct Windows {
    connection: i64,
    stream: i64,
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PUSH_PROMISE: u8 = 5;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// `:status: 200` in HPACK.
const OK: &[u8] = &[0x88];
/// `:status: 103`, literal with the static table's name.
const EARLY: &[u8] = &[0x08, 3, b'1', b'0', b'3'];

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Sends a frame; whether the other side still listens.
fn send(wire: &mut Wire<'_>, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> bool {
    wire.write_all(&frame(kind, flags, stream, payload)).and_then(|()| wire.flush()).is_ok()
}

/// Sends a piece for ever, with a pause between.
fn flood(wire: &mut Wire<'_>, piece: &[u8], pause: u64) {
    while wire.write_all(piece).and_then(|()| wire.flush()).is_ok() {
        sleep(Duration::from_millis(pause));
    }
}

/// A header of this length, literal and not indexed.
fn header(name: &str, length: usize) -> Vec<u8> {
    let mut field = vec![0, u8::try_from(name.len()).unwrap()];
    field.extend_from_slice(name.as_bytes());
    // An integer of seven bits and more (RFC 7541, section 5.1).
    let mut rest = length;
    if rest < 127 {
        field.push(u8::try_from(rest).unwrap());
    } else {
        field.push(127);
        rest -= 127;
        while rest >= 128 {
            field.push(u8::try_from(rest % 128 + 128).unwrap());
            rest /= 128;
        }
        field.push(u8::try_from(rest).unwrap());
    }
    field.extend(std::iter::repeat_n(b'v', length));
    field
}

use Outcome::{Protocol, Timeout, TooBig, Unreachable};

/// Name, what the visit may come to (nothing: the page comes), and what the server does once it has seen the request.
const SCRIPTS: &[(&str, &[Outcome], Play)] = &[
    ("an honest page", &[], |wire, _| {
        send(wire, HEADERS, END_HEADERS, 1, OK);
        send(wire, DATA, END_STREAM, 1, b"<p>hello");
        sleep(Duration::from_millis(500));
    }),
    ("pings and settings about an honest page", &[], |wire, _| {
        for _ in 0..50 {
            send(wire, PING, 0, 0, b"01234567");
            send(wire, SETTINGS, 0, 0, b"");
        }
        send(wire, HEADERS, END_HEADERS, 1, OK);
        send(wire, DATA, END_STREAM, 1, b"<p>hello");
        sleep(Duration::from_millis(500));
    }),
    ("silence", &[Timeout], |_, _| sleep(Duration::from_secs(9))),
    ("settings for ever", &[Timeout, Protocol, Unreachable], |wire, _| {
        flood(wire, &frame(SETTINGS, 0, 0, &[0, 4, 0, 1, 0, 0]), 0)
    }),
    ("pings for ever", &[Timeout, Protocol, Unreachable], |wire, _| flood(wire, &frame(PING, 0, 0, b"01234567"), 0)),
    ("priorities for ever", &[Timeout, Protocol, Unreachable], |wire, _| {
        flood(wire, &frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 1]), 0)
    }),
    ("frames of no known kind for ever", &[Timeout, Protocol, Unreachable], |wire, _| {
        flood(wire, &frame(0x77, 0, 0, &[0; 1000]), 0)
    }),
    ("headers that never end", &[Timeout, TooBig, Protocol, Unreachable], |wire, _| {
        send(wire, HEADERS, 0, 1, OK);
        flood(wire, &frame(CONTINUATION, 0, 1, &header("x", 1000)), 0);
    }),
    ("empty continuations for ever", &[Timeout, TooBig, Protocol, Unreachable], |wire, _| {
        send(wire, HEADERS, 0, 1, OK);
        flood(wire, &frame(CONTINUATION, 0, 1, b""), 0);
    }),
    ("headers of 64 KiB", &[TooBig, Protocol, Unreachable], |wire, _| {
        send(wire, HEADERS, 0, 1, OK);
        for n in 0..8 {
            let flags = if n == 7 { END_HEADERS } else { 0 };
            send(wire, CONTINUATION, flags, 1, &header("x", 8000));
        }
        send(wire, DATA, END_STREAM, 1, b"<p>hello");
        sleep(Duration::from_secs(3));
    }),
    ("headers packed as a bomb", &[TooBig, Protocol, Unreachable], |wire, _| {
        // One header goes into the dynamic table, and is meant again 10,000 times by a byte each.
        let mut field = header("x", 3000);
        field[0] = 0x40;
        let block = [OK, &field, &vec![0xbe; 10_000]].concat();
        send(wire, HEADERS, END_HEADERS, 1, &block);
        send(wire, DATA, END_STREAM, 1, b"<p>hello");
        sleep(Duration::from_secs(3));
    }),
    ("early hints for ever", &[Timeout, Protocol, Unreachable], |wire, _| {
        flood(wire, &frame(HEADERS, END_HEADERS, 1, EARLY), 0)
    }),
    ("reset at once", &[Unreachable, Protocol], |wire, _| {
        send(wire, RST_STREAM, 0, 1, &8_u32.to_be_bytes());
        sleep(Duration::from_secs(1));
    }),
    ("resets for ever", &[Unreachable, Protocol], |wire, _| {
        flood(wire, &frame(RST_STREAM, 0, 1, &8_u32.to_be_bytes()), 0)
    }),
    ("reset in the middle of the page", &[Unreachable, Protocol], |wire, _| {
        send(wire, HEADERS, END_HEADERS, 1, OK);
        send(wire, DATA, 0, 1, b"<p>hel");
        send(wire, RST_STREAM, 0, 1, &2_u32.to_be_bytes());
        sleep(Duration::from_secs(1));
    }),
    ("goes away at once", &[Unreachable, Protocol], |wire, _| {
        send(wire, GOAWAY, 0, 0, &[0; 8]);
        sleep(Duration::from_secs(1));
    }),
    ("goes away in the middle of the page", &[Unreachable, Protocol], |wire, _| {
        send(wire, HEADERS, END_HEADERS, 1, OK);
        send(wire, DATA, 0, 1, b"<p>hel");
        send(wire, GOAWAY, 0, 0, &[0, 0, 0, 0, 0, 0, 0, 11]);
    }),
    ("a window of nothing, and silence", &[Timeout], |wire, _| {
        send(wire, SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]);
        send(wire, HEADERS, END_HEADERS, 1, OK);
        sleep(Duration::from_secs(9));
    }),
    ("a window beyond all bounds", &[Unreachable, Protocol], |wire, _| {
        for _ in 0..2 {
            send(wire, WINDOW_UPDATE, 0, 0, &0x7fff_ffff_u32.to_be_bytes());
        }
        sleep(Duration::from_secs(1));
    }),
    ("a window update of nothing", &[Unreachable, Protocol], |wire, _| {
        send(wire, WINDOW_UPDATE, 0, 0, &[0; 4]);
        sleep(Duration::from_secs(1));
    }),
    ("pushes what nobody asked for", &[Unreachable, Protocol], |wire, _| {
        send(wire, PUSH_PROMISE, END_HEADERS, 1, &[&2_u32.to_be_bytes(), [0x82, 0x84, 0x87].as_slice()].concat());
        sleep(Duration::from_secs(1));
    }),
    ("a page for ever", &[TooBig], |wire, windows| {
        send(wire, HEADERS, END_HEADERS, 1, OK);
        loop {
            while windows.connection.min(windows.stream) < 16_000 {
                if read_frame(wire, windows).is_none() {
                    return;
                }
            }
            if !send(wire, DATA, 0, 1, &[b'x'; 16_000]) {
                return;
            }
            windows.connection -= 16_000;
            windows.stream -= 16_000;
        }
    }),
    ("a page for ever, more than was allowed", &[TooBig, Unreachable, Protocol], |wire, _| {
        send(wire, HEADERS, END_HEADERS, 1, OK);
        flood(wire, &frame(DATA, 0, 1, &[b'x'; 16_000]), 0);
    }),
    ("a page that drips", &[Timeout], |wire, _| {
        send(wire, HEADERS, END_HEADERS, 1, OK);
        flood(wire, &frame(DATA, 0, 1, b"x"), 50);
    }),
    ("empty pieces of a page for ever", &[Timeout, Protocol, Unreachable], |wire, _| {
        send(wire, HEADERS, END_HEADERS, 1, OK);
        flood(wire, &frame(DATA, 0, 1, b""), 0);
    }),
    ("a page on no stream", &[Unreachable, Protocol], |wire, _| {
        send(wire, DATA, 0, 0, b"x");
        sleep(Duration::from_secs(1));
    }),
    ("a frame larger than agreed", &[Unreachable, Protocol], |wire, _| {
        send(wire, HEADERS, END_HEADERS, 1, OK);
        send(wire, DATA, 0, 1, &[b'x'; 1 << 20]);
        sleep(Duration::from_secs(1));
    }),
    ("headers that cannot be unpacked", &[Unreachable, Protocol], |wire, _| {
        send(wire, HEADERS, END_HEADERS, 1, &[0xff, 0xff, 0xff, 0x7f]);
        sleep(Duration::from_secs(1));
    }),
    ("a page shorter than its length", &[Unreachable, Protocol], |wire, _| {
        // `content-length: 100`, by the static table's name.
        send(wire, HEADERS, END_HEADERS, 1, &[OK, &[0x0f, 0x0d, 3, b'1', b'0', b'0']].concat());
        send(wire, DATA, END_STREAM, 1, b"<p>hello");
        sleep(Duration::from_secs(1));
    }),
    ("no HTTP/2 at all", &[Unreachable, Protocol], |wire, _| {
        let _ = wire.write_all(&[b'x'; 4096]);
        let _ = wire.flush();
        sleep(Duration::from_secs(1));
    }),
];

/// Reads a frame, and what it says of windows: its kind.
fn read_frame(wire: &mut Wire<'_>, windows: &mut Windows) -> Option<u8> {
    let mut head = [0; 9];
    wire.read_exact(&mut head).ok()?;
    let mut payload = vec![0; usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2])];
    wire.read_exact(&mut payload).ok()?;
    let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | i64::from(*byte));
    match head[3] {
        SETTINGS if head[4] == 0 => {
            send(wire, SETTINGS, ACK, 0, b"");
            let first = payload.chunks_exact(6).find(|setting| number(&setting[..2]) == 4);
            windows.stream = first.map_or(windows.stream, |setting| number(&setting[2..]));
        }
        WINDOW_UPDATE if number(&head[5..]) == 0 => windows.connection += number(&payload),
        WINDOW_UPDATE => windows.stream += number(&payload),
        _ => {}
    }
    Some(head[3])
}

/// Reads frames until the request's headers are there.
fn read_request(wire: &mut Wire<'_>) -> Option<Windows> {
    let mut windows = Windows { connection: 65_535, stream: 65_535 };
    wire.read_exact(&mut [0; 24]).ok()?;
    send(wire, SETTINGS, 0, 0, b"");
    while read_frame(wire, &mut windows)? != HEADERS {}
    Some(windows)
}

fn server(play: Play) -> Server {
    let config = stage::tls_config(&[b"h2"]);
    Server::raw(move |stream, heads| {
        let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut wire = rustls::Stream::new(&mut tls, stream);
        if let Some(mut windows) = read_request(&mut wire) {
            heads.lock().unwrap().push("h2".into());
            play(&mut wire, &mut windows);
        }
    })
}

/// Limits that a fault is told within, however many servers flood at once.
fn patient() -> Settings {
    Settings {
        first_byte: Duration::from_secs(5),
        idle: Duration::from_secs(3),
        whole: Duration::from_secs(8),
        ..brief()
    }
}

#[test]
fn no_server_holds_a_visit_by_the_frames_of_http2() {
    let _alone = stage::TOGETHER.blocking_write();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (fetcher, ..) = fetcher(patient());
    let manners = Manners { insecure_tls: true, ..local() };
    let bound = patient().whole + Duration::from_secs(2);
    let files = open_files();
    let (mut classes, mut longest, mut wrong) = (BTreeMap::<&str, usize>::new(), Duration::ZERO, Vec::new());
    runtime.block_on(async {
        let visits = SCRIPTS.iter().map(|(name, may, play)| {
            let (fetcher, manners) = (&fetcher, &manners);
            async move {
                let server = server(*play);
                let url = Url::parse(&format!("https://{}/", server.at)).unwrap();
                let start = Instant::now();
                let result = fetcher.get(&Request::new(&url, manners)).await;
                let took = start.elapsed();
                let asked = server.heads().len();
                tokio::task::spawn_blocking(move || drop(server)).await.unwrap();
                (name, may, result, took, asked)
            }
        });
        // A few at once, since each flood keeps a processor busy by itself.
        let done: Vec<_> = futures_util::stream::iter(visits).buffer_unordered(4).collect().await;
        for (name, may, result, took, asked) in done {
            longest = longest.max(took);
            let outcome = result.as_ref().map_err(|error| error.outcome());
            let right = match &outcome {
                Ok(fetched) => may.is_empty() && fetched.page().is_some_and(|page| page.text == "<p>hello"),
                Err(outcome) => may.contains(outcome),
            };
            if !right || took > bound || asked == 0 || asked > 2 {
                wrong.push(format!("{name}: {result:?} after {took:?} and {asked} requests; may be {may:?}"));
            }
            *classes.entry(outcome.map_or_else(Outcome::word, |_| "page")).or_default() += 1;
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A client that keeps an idle connection has a task that looks after it; it goes with the client.
    drop(fetcher);
    let tasks = settle(|| runtime.metrics().num_alive_tasks(), 0);
    let left = settle(open_files, files);
    println!(
        "servers of HTTP/2: {} scripts {classes:?}, longest {longest:?}, tasks left {tasks}, files {files} before and {left} after",
        SCRIPTS.len()
    );
    assert_eq!(tasks, 0, "tasks were left");
    assert!(left <= files, "files were left open");
}
