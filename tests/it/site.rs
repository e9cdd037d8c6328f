//! The fake site: a real HTTP server on a port of its own, whose pages a test changes while it runs. Raw sockets send
//! what no server library would.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What a path answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// 200 with this media type and body; a strong ETag is made of the body, and 304 is answered to it.
    Page(&'static str, Vec<u8>),
    /// These bytes as they are, then the connection ends.
    Raw(Vec<u8>),
    /// A head that promises this many bytes, then NULs without end until the client goes.
    Endless(u64),
    /// The connection is reset without an answer.
    Reset,
}

/// A site on 127.0.0.1.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pages: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
    open: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
}

impl Site {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Self {
            address: listener.local_addr().unwrap(),
            pages: Arc::default(),
            asked: Arc::default(),
            open: Arc::default(),
            stop: Arc::default(),
        };
        let (pages, asked, open, stop) = (site.pages.clone(), site.asked.clone(), site.open.clone(), site.stop.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (pages, asked, open) = (pages.clone(), asked.clone(), open.clone());
                thread::spawn(move || {
                    open.fetch_add(1, Ordering::SeqCst);
                    let _ = answer(stream, &pages, &asked);
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        site
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn put(&self, path: &str, answer: Answer) {
        self.pages.lock().unwrap().insert(path.to_owned(), answer);
    }

    pub(crate) fn html(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.put(path, Answer::Page("text/html; charset=utf-8", body.into()));
    }

    /// The body of a page, as it was put.
    pub(crate) fn body(&self, path: &str) -> Option<Vec<u8>> {
        match self.pages.lock().unwrap().get(path) {
            Some(Answer::Page(_, body)) => Some(body.clone()),
            _ => None,
        }
    }

    /// The request lines that came, the oldest first.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// A column page: one row for each (path, title, date text).
    pub(crate) fn list(&self, path: &str, rows: &[(String, String, String)]) {
        let rows: String = rows
            .iter()
            .map(|(link, title, date)| format!("<li><span>{date}</span><a href=\"{link}\">{title}</a></li>\n"))
            .collect();
        self.html(
            path,
            format!("<!DOCTYPE html><html lang=zh-CN><title>栏目</title><ul class=news>\n{rows}</ul></html>"),
        );
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn answer(
    mut stream: TcpStream,
    pages: &Mutex<HashMap<String, Answer>>,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    loop {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read(&mut byte)? == 0 {
                return Ok(());
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let line = head.lines().next().unwrap_or_default().to_owned();
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        asked.lock().unwrap().push(line);
        let answer = pages.lock().unwrap().get(&path).cloned();
        match answer {
            Some(Answer::Page(media_type, body)) => {
                let tag = format!("\"{:x}\"", body.iter().fold(5381u64, |h, b| h.wrapping_mul(33) ^ u64::from(*b)));
                let known = head.lines().any(|line| {
                    line.split_once(": ")
                        .is_some_and(|(name, value)| name.eq_ignore_ascii_case("if-none-match") && value.trim() == tag)
                });
                if known {
                    write!(stream, "HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n")?;
                } else {
                    write!(
                        stream,
                        "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nETag: {tag}\r\nContent-Length: {}\r\n\r\n",
                        body.len()
                    )?;
                    stream.write_all(&body)?;
                }
            }
            Some(Answer::Raw(bytes)) => {
                stream.write_all(&bytes)?;
                return Ok(());
            }
            Some(Answer::Endless(length)) => {
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n")?;
                let block = vec![0; 1 << 16];
                loop {
                    stream.write_all(&block)?;
                }
            }
            Some(Answer::Reset) => {
                socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
                return Ok(());
            }
            None => write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?,
        }
    }
}

/// Rows of a list, the newest first: link, title, date.
pub(crate) fn rows(count: usize) -> Vec<(String, String, String)> {
    (1..=count)
        .rev()
        .map(|n| (format!("/2021/{n}.html"), format!("第{n}条新闻"), format!("2021-12-{n:02} 10:07:00")))
        .collect()
}
