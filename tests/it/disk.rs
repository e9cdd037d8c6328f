//! A daemon whose disk is full: it goes on serving, says so, starts, and works again by itself when there is space.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    site::{Site, rows},
    world::{World, ask, entries, skipped},
};

/// The status page's words while the store does not write.
const FAULT: &str = "The store needs you";

/// The state folder on a file system of its own; unmounted when dropped.
struct Mount<'a>(&'a Path);

impl<'a> Mount<'a> {
    fn new(state: &'a Path, options: &str) -> Option<Self> {
        fs::create_dir_all(state).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(state).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(state))
    }

    /// Leaves only what a disk that is nearly full has left.
    fn fill(&self) {
        fs::write(self.0.join("ballast"), vec![1; 100 << 20]).unwrap();
    }

    fn free(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Mount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}

/// Reads the feed without a pause until it is dropped; counts the answers, and those that were not 200.
struct Reader {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<(u64, u64)>>,
}

impl Reader {
    fn start(address: &str) -> Self {
        let (stop, address) = (Arc::new(AtomicBool::new(false)), address.to_owned());
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            let (mut good, mut bad) = (0, 0);
            while !stopped.load(Ordering::SeqCst) {
                let reply = ask(&address, "GET", "/feeds/news.json", "");
                let whole = reply.is_ok_and(|reply| reply.status == 200 && entries(&reply.text()) >= 3);
                *if whole { &mut good } else { &mut bad } += 1;
                thread::sleep(Duration::from_millis(20));
            }
            (good, bad)
        });
        Self { stop, thread: Some(thread) }
    }

    fn end(mut self) -> (u64, u64) {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap()
    }
}

/// Frees the disk and waits for the articles that the page got meanwhile.
fn resume(world: &World, disk: &Mount<'_>, count: usize) -> Duration {
    disk.free();
    let start = Instant::now();
    world.wait("/feeds/news.json", |text| entries(text) == count);
    let took = start.elapsed();
    assert!(took <= Duration::from_secs(60), "worked again only after {took:?}");
    // What was wrong and is over is still told, as such.
    world.wait("/", |page| !page.contains(FAULT));
    took
}

#[test]
fn a_full_disk_pauses_visits_and_nothing_else() {
    let site = Site::start();
    site.list("/column/", &rows(3));
    let mut world = World::new();
    let state = world.state();
    let Some(disk) = Mount::new(&state, "size=110m") else {
        skipped("a_full_disk_pauses_visits_and_nothing_else", "mounting a file system needs root");
        return;
    };
    world.write(&format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    ));
    world.start();
    let before = world.wait("/feeds/news.json", |text| entries(text) == 3);
    let reader = Reader::start(&world.daemon.as_ref().unwrap().address);
    disk.fill();
    site.list("/column/", &rows(8));
    world.wait("/", |page| page.contains("MiB are free") && page.contains(FAULT));
    assert_eq!(entries(&world.get("/feeds/news.json").text()), 3);
    let (good, bad) = reader.end();
    assert_eq!(bad, 0, "{good} answers were good");
    // Started anew on the full disk it serves the same.
    assert!(world.stop("-TERM").success());
    world.start();
    assert_eq!(world.wait("/feeds/news.json", |text| entries(text) == 3), before);
    world.wait("/", |page| page.contains("MiB are free") && page.contains(FAULT));
    let reader = Reader::start(&world.daemon.as_ref().unwrap().address);
    let after_start = resume(&world, &disk, 8);
    // Full again and freed while it runs.
    disk.fill();
    site.list("/column/", &rows(12));
    world.wait("/", |page| page.contains(FAULT));
    let running = resume(&world, &disk, 12);
    let (more, bad) = reader.end();
    assert_eq!(bad, 0, "{more} answers were good");
    println!(
        "daemon on a full disk: {} answers, each 200 and whole; working again after {running:?}, and after {after_start:?} where it \
         was started full",
        good + more
    );
    assert!(world.stop("-TERM").success());
}

#[test]
fn a_state_folder_that_cannot_be_written_is_said_to_be_one() {
    let world = World::new();
    let state = world.state();
    world.write("[[source]]\nid = \"news\"\nurl = \"http://127.0.0.1:9/\"\n");
    let Some(_disk) = Mount::new(&state, "ro") else {
        skipped("a_state_folder_that_cannot_be_written_is_said_to_be_one", "mounting a file system needs root");
        return;
    };
    let done = world.run(&["fetch"]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("give the state folder") && !said.contains("free some space"), "{said}");
}
