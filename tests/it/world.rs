//! A world for one test: an empty folder, a site, and the daemon as a process of its own.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// An HTTP answer, as bytes came.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// Asks over a connection of its own; `extra` are further header lines, each with CRLF.
pub(crate) fn ask(address: &str, method: &str, path: &str, extra: &str) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{extra}\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .ok_or_else(|| std::io::Error::other("the answer has no head"))?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    let mut body = bytes[end + 4..].to_vec();
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        body = unchunk(&body);
    }
    Ok(Reply { status, head, body })
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = bytes.windows(2).position(|window| window == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 2 + size + 2..];
    }
    whole
}

/// How many articles a JSON feed shows.
pub(crate) fn entries(feed: &str) -> usize {
    feed.matches("\"date_published\"").count()
}

/// A folder with a configuration, and the daemon that runs on it.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) daemon: Option<Daemon>,
}

/// The daemon as a process.
pub(crate) struct Daemon {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) log: Arc<Mutex<String>>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), daemon: None }
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("feeds.toml")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// A command of the program on this folder, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tearsheet"));
        command.args(arguments).arg("--config").arg(self.config()).arg("--state").arg(self.state());
        command
    }

    /// Runs a command of the program on this folder to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Writes feeds.toml: a server on a free port, loopback allowed, no gap between requests, then `rest`.
    pub(crate) fn write(&self, rest: &str) {
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\nbase_url = \"http://feeds.example\"\n\n[defaults]\n\
             timezone = \"Asia/Shanghai\"\nhost_gap = \"0s\"\nevery = \"1s\"\nevery_min = \"1s\"\n\
             allow_private = [\"127.0.0.0/8\"]\n\n{rest}"
        );
        replace(&self.config(), &text);
    }

    /// Starts the daemon and waits until it says where it listens.
    pub(crate) fn start(&mut self) {
        self.daemon = Some(Daemon::start(&self.config(), &self.state()));
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, "")
    }

    pub(crate) fn ask(&self, method: &str, path: &str, extra: &str) -> Reply {
        ask(&self.daemon.as_ref().unwrap().address, method, path, extra).unwrap()
    }

    pub(crate) fn log(&self) -> String {
        self.daemon.as_ref().unwrap().log.lock().unwrap().clone()
    }

    /// Waits until `path` answers 200 with a body for which `good` holds, at most half a minute.
    pub(crate) fn wait(&self, path: &str, good: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let reply = self.get(path);
            let text = reply.text();
            if reply.status == 200 && good(&text) {
                return text;
            }
            assert!(
                start.elapsed() < Duration::from_secs(90),
                "{path} did not come to be as expected: {}\n{text}\nlog:\n{}",
                reply.status,
                self.log()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits for a line of the log.
    pub(crate) fn wait_log(&self, what: &str) {
        let start = Instant::now();
        while !self.log().contains(what) {
            assert!(start.elapsed() < Duration::from_secs(90), "the log does not say {what:?}:\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.daemon.as_ref().unwrap().child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Ends the daemon with `signal` and waits for it.
    pub(crate) fn stop(&mut self, signal: &str) -> std::process::ExitStatus {
        self.signal(signal);
        self.daemon.take().unwrap().child.wait().unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.child.kill();
            let _ = daemon.child.wait();
        }
    }
}

impl Daemon {
    fn start(config: &Path, state: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tearsheet"))
            .args(["serve", "--config"])
            .arg(config)
            .arg("--state")
            .arg(state)
            .env_remove("JOURNAL_STREAM")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let pipe = BufReader::new(child.stderr.take().unwrap());
        let (sender, receiver) = std::sync::mpsc::channel();
        let into = log.clone();
        thread::spawn(move || {
            for line in pipe.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("server.address=") {
                    let _ =
                        sender.send(address.split_whitespace().next().unwrap_or_default().trim_matches('"').to_owned());
                }
                let mut log = into.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        match receiver.recv_timeout(Duration::from_secs(90)) {
            Ok(address) => Self { child, address, log },
            Err(_) => {
                let _ = child.kill();
                panic!("the daemon did not start:\n{}", log.lock().unwrap())
            }
        }
    }
}

/// Writes a file so that no reader sees half of it.
pub(crate) fn replace(path: &Path, text: &str) {
    let next = path.with_extension("next");
    fs::write(&next, text).unwrap();
    fs::rename(next, path).unwrap();
}

/// Says that a test cannot run here, in the words that the closing line counts.
pub(crate) fn skipped(name: &str, why: &str) {
    println!("skipped: {name}: {why}");
}
