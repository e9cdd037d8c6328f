//! [`Client`]: many connections that stay open, one thread, one request at a time on each; as little work as a client can do.
//!
//! Every answer to one request is as long as the first, since only its date changes, so its end is known without reading it.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use mio::{Events, Interest, Poll, Token};

/// What a round of requests showed.
pub(crate) struct Round {
    /// Requests that were answered.
    pub(crate) requests: f64,
    /// Of them in a second.
    pub(crate) rate: f64,
    /// What 99 of 100 did not wait longer than, in microseconds.
    pub(crate) p99: f64,
    /// Microseconds of the server's CPU for one request.
    pub(crate) cpu: f64,
}

/// An answer.
pub(crate) struct Reply {
    pub(crate) etag: String,
    pub(crate) body: Vec<u8>,
    pub(crate) status: u16,
}

/// Asks once over a connection of its own.
pub(crate) fn ask(address: SocketAddr, path: &str, extra: &str) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n{extra}\r\n").unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    let (head, body) = bytes.split_at(end);
    let head = String::from_utf8_lossy(head);
    let header = |name: &str| {
        head.lines().filter_map(|line| line.split_once(": ")).find(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    Reply {
        etag: header("etag").map(|(_, value)| value.to_owned()).unwrap_or_default(),
        body: body.to_vec(),
        status: head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default(),
    }
}

/// Connections to one server, each asking the same.
pub(crate) struct Client {
    poll: Poll,
    lines: Vec<Line>,
    request: Vec<u8>,
    /// Bytes of an answer, head included.
    length: usize,
}

struct Line {
    stream: mio::net::TcpStream,
    asked: Instant,
    /// Bytes of the answer that came.
    came: usize,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr, path: &str, extra: &str, connections: usize) -> Self {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{extra}\r\n").into_bytes();
        let poll = Poll::new().unwrap();
        let length = length(address, &request);
        let line = |n| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_nodelay(true).unwrap();
            // Answered once, so that what a server does for a new connection is no part of a round.
            exchange(&mut stream, &request, length);
            stream.set_nonblocking(true).unwrap();
            let mut stream = mio::net::TcpStream::from_std(stream);
            poll.registry().register(&mut stream, Token(n), Interest::READABLE).unwrap();
            Line { stream, asked: Instant::now(), came: 0 }
        };
        let lines = (0..connections).map(line).collect();
        Self { poll, lines, request, length }
    }

    /// Asks on every connection again and again for as long.
    pub(crate) fn ask_for(&mut self, length: Duration) -> Round {
        let start = Instant::now();
        let mut waits: Vec<Duration> = Vec::new();
        let mut events = Events::with_capacity(self.lines.len());
        let mut piece = vec![0; 256 * 1024];
        for line in &mut self.lines {
            line.ask(&self.request);
        }
        let mut open = self.lines.len();
        while open > 0 {
            self.poll.poll(&mut events, Some(Duration::from_secs(10))).unwrap();
            assert!(!events.is_empty(), "the server does not answer");
            let now = Instant::now();
            for event in &events {
                let Some(line) = self.lines.get_mut(event.token().0) else { continue };
                if !line.reads(&mut piece, self.length) {
                    continue;
                }
                waits.push(line.asked.elapsed());
                match now - start < length {
                    true => line.ask(&self.request),
                    false => open -= 1,
                }
            }
        }
        let took = start.elapsed().as_secs_f64();
        waits.sort_unstable();
        let requests = waits.len() as f64;
        let p99 = waits.get(waits.len() * 99 / 100).map_or(0.0, |wait| wait.as_secs_f64() * 1e6);
        Round { requests, rate: requests / took, p99, cpu: 0.0 }
    }
}

impl Line {
    fn ask(&mut self, request: &[u8]) {
        (self.asked, self.came) = (Instant::now(), 0);
        assert_eq!(self.stream.write(request).unwrap(), request.len());
    }

    /// Reads what came; says whether the answer is whole.
    fn reads(&mut self, piece: &mut [u8], length: usize) -> bool {
        while self.came < length {
            match self.stream.read(piece) {
                Ok(0) => panic!("the server closed a connection that is kept"),
                Ok(count) => self.came += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(self.came, length, "answers are of one length");
        true
    }
}

/// How long the answer is, head included.
fn length(address: SocketAddr, request: &[u8]) -> usize {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let mut piece = vec![0; 1 << 20];
    let mut length = 0;
    // The connection stays open, so silence is the end.
    while let Ok(count) = stream.read(&mut piece) {
        assert_ne!(count, 0, "the server keeps connections");
        length += count;
    }
    length
}

fn exchange(stream: &mut TcpStream, request: &[u8], length: usize) {
    stream.write_all(request).unwrap();
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).unwrap();
}
