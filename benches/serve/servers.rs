//! What is measured: the daemon on a page made here, and nginx on the files that it serves.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::client;

/// Says that there is nothing to compare with.
pub(crate) fn skip(why: &str) {
    println!("skipped: serve: {why}");
}

/// A server as a process.
pub(crate) trait Server {
    fn address(&self) -> SocketAddr;
    /// CPU time that it has used.
    fn cpu(&self) -> Duration;
}

/// tearsheet with one source.
pub(crate) struct Daemon {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Daemon {
    /// Starts it and waits until it has read its page of so many items.
    pub(crate) fn start(items: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = site(items);
        let config = folder.path().join("feeds.toml");
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\nbase_url = \"http://feeds.example\"\n\
             [defaults]\nallow_private = [\"127.0.0.0/8\"]\nevery = \"1d\"\n\
             [[source]]\nid = \"bench\"\nurl = \"http://{site}/\"\nitem = \"li\"\ntitle = \"a\"\nlink = \"a@href\"\nsummary = \"p\"\n"
        );
        fs::write(&config, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tearsheet"));
        command.arg("serve").arg("--config").arg(&config).arg("--state").arg(folder.path().join("state"));
        let mut child = command.env_remove("JOURNAL_STREAM").stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = log.find_map(|line| {
            let (_, rest) = line.split_once("server.address=")?;
            rest.split_whitespace().next()?.trim_matches('"').parse().ok()
        });
        // A full pipe would stop it.
        thread::spawn(move || log.for_each(drop));
        let daemon = Self { child, address: address.unwrap(), _folder: folder };
        let start = Instant::now();
        while client::ask(daemon.address, "/feeds/bench.rss", "")
            .body
            .windows(7)
            .filter(|seven| seven == b"</item>")
            .count()
            < items
        {
            assert!(start.elapsed() < Duration::from_secs(30), "the page was not read");
            thread::sleep(Duration::from_millis(20));
        }
        daemon
    }
}

impl Server for Daemon {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn cpu(&self) -> Duration {
        cpu(self.child.id())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// nginx with one file.
pub(crate) struct Nginx {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Nginx {
    /// Starts it with `identity` under `path` and `gzip` beside it; nothing where it is not installed.
    pub(crate) fn start(path: &str, identity: &[u8], gzip: &[u8]) -> Option<Self> {
        let program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].map(PathBuf::from);
        let program = program.iter().find(|path| path.exists())?;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let file = root.join(path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, identity).unwrap();
        fs::write(file.with_extension("rss.gz"), gzip).unwrap();
        // Workers of a server that root starts are nobody, who must find the file.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(root, open).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        fs::write(root.join("nginx.conf"), configuration(root, address)).unwrap();
        let mut command = Command::new(program);
        command.arg("-p").arg(root).arg("-e").arg(root.join("error.log")).arg("-c").arg(root.join("nginx.conf"));
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > Duration::from_secs(10) {
                end(&mut child);
                panic!("nginx did not start: {}", fs::read_to_string(root.join("error.log")).unwrap_or_default());
            }
            thread::sleep(Duration::from_millis(20));
        }
        let nginx = Self { child, address, _folder: folder };
        assert_eq!(client::ask(address, path, "").status, 200, "nginx serves the file");
        Some(nginx)
    }
}

impl Server for Nginx {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn cpu(&self) -> Duration {
        // Its workers, looked for each time: it listens before it has started them all.
        let id = self.child.id();
        let workers = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        workers.split_whitespace().filter_map(|id| id.parse().ok()).map(cpu).sum()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// As Debian sets it up, without a log, with the compressed file beside the other, and connections that are kept for ever.
fn configuration(root: &Path, address: SocketAddr) -> String {
    let root = root.display();
    format!(
        "daemon off;\nworker_processes auto;\npid {root}/nginx.pid;\nerror_log {root}/error.log;\n\
         events {{ worker_connections 768; }}\n\
         http {{\nsendfile on;\ntcp_nopush on;\naccess_log off;\nkeepalive_requests 1000000000;\nkeepalive_timeout 600;\n\
         client_body_temp_path {root}/b;\nproxy_temp_path {root}/p;\nfastcgi_temp_path {root}/f;\nuwsgi_temp_path {root}/u;\nscgi_temp_path {root}/s;\n\
         types {{ application/rss+xml rss; }}\n\
         server {{ listen {address}; root {root}; gzip_static on; gzip_vary on; add_header Cache-Control max-age=1800; }}\n}}\n"
    )
}

/// SIGTERM, so that nginx takes its workers along.
fn end(child: &mut Child) {
    let _ = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
    let _ = child.wait();
}

/// CPU time of a process, as the scheduler counts it in nanoseconds for each of its threads.
fn cpu(process: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let of = |path: PathBuf| fs::read_to_string(path.join("schedstat")).ok()?.split(' ').next()?.parse().ok();
    threads.filter_map(|thread| of(thread.path())).map(Duration::from_nanos).sum()
}

/// A page of so many items on a port of its own.
fn site(items: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut page = String::from("<!doctype html><title>Bench</title><ul>");
    for n in 0..items {
        let words: String =
            (0..80_u64).map(|i| format!("{:x} ", (n as u64 * 7919 + i * i * 104_729) % 50_021)).collect();
        page += &format!("<li><a href=\"/{n}.html\">Story number {n} of the bench</a><p>{words}</p></li>");
    }
    page += "</ul>";
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let count = stream.read(&mut head).unwrap_or(0);
            let found = head.get(..count).is_some_and(|head| head.starts_with(b"GET / "));
            let (status, body) = if found { ("200 OK", page.as_str()) } else { ("404 Not Found", "") };
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    address
}
