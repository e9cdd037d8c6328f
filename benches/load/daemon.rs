//! [`Daemon`]: tearsheet as a process, its log read into the book, and what it takes of the machine as Linux counts it.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use super::book::Book;

/// Longest time for its start.
const START: Duration = Duration::from_secs(300);

/// The daemon, as long as this lives.
pub(crate) struct Daemon {
    child: Child,
    log: Option<thread::JoinHandle<()>>,
    /// From its start to its first answer.
    pub(crate) ready: Duration,
}

impl Daemon {
    /// Starts it on `folder`, where its feeds.toml is and its state will be; `asked` is a path that it is to answer first.
    pub(crate) fn start(folder: &Path, asked: &str, book: Arc<Book>) -> io::Result<Self> {
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_tearsheet"))
            .arg("serve")
            .arg("--config")
            .arg(folder.join("feeds.toml"))
            .arg("--state")
            .arg(state(folder))
            .env_remove("JOURNAL_STREAM")
            .env_remove("RUST_LOG")
            .stderr(Stdio::piped())
            .spawn()?;
        let log = child.stderr.take().ok_or_else(|| io::Error::other("the daemon has no log"))?;
        let (found, address) = mpsc::channel();
        let log = thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                match line.split_once("server.address=") {
                    Some((_, rest)) => {
                        let address = rest.split_whitespace().next().unwrap_or_default().trim_matches('"');
                        let _ = found.send(address.parse::<SocketAddr>());
                    }
                    None if line.contains("source.id=") => book.read(&line),
                    None => eprintln!("{line}"),
                }
            }
        });
        let mut daemon = Self { child, log: Some(log), ready: Duration::ZERO };
        let address = address.recv_timeout(START).map_err(io::Error::other)?.map_err(io::Error::other)?;
        if !get(address, asked)?.starts_with(b"HTTP/1.1 200") {
            return Err(io::Error::other("the daemon does not answer as it should"));
        }
        daemon.ready = start.elapsed();
        Ok(daemon)
    }

    /// CPU time of all its threads, those that ended among them.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // Behind the name, which may hold spaces: fields 14 and 15 of proc(5), in hundredths of a second.
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
        let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Memory that it has now and the most that it ever had, in MiB.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()
        };
        (line("VmRSS:").unwrap_or(0) >> 10, line("VmHWM:").unwrap_or(0) >> 10)
    }

    /// Stops it as systemd would, and waits until it is gone.
    pub(crate) fn stop(mut self) -> io::Result<()> {
        Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        let ended = self.child.wait()?;
        let _ = self.log.take().map(thread::JoinHandle::join);
        if ended.success() { Ok(()) } else { Err(io::Error::other(format!("the daemon ended with {ended}"))) }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Its state in `folder`.
pub(crate) fn state(folder: &Path) -> PathBuf {
    folder.join("state")
}

/// Bytes of all files in and below `folder`.
pub(crate) fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => size(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

fn get(address: SocketAddr, path: &str) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(START))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}
