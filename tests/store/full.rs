//! A disk that is full: writing stops with a clear error, serving goes on, opening works all the same, and work resumes by itself.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use tearsheet::store::{Error, Options, Store};

use crate::world::{Back, article, at, child, child_dir, read_back, say, small, visit};

/// A small file system of its own; unmounted when dropped. What lies beside it takes space until it is freed.
struct Mount {
    /// Holds the mount point, the image and nothing of the store.
    dir: tempfile::TempDir,
    kind: &'static str,
}

fn run(program: &str, args: &[&str], path: &Path) -> bool {
    let quiet = || std::process::Stdio::null();
    let status = Command::new(program).args(args).arg(path).stdout(quiet()).stderr(quiet()).status();
    status.is_ok_and(|status| status.success())
}

impl Mount {
    /// ext4 in a file, mounted as a loop device; in memory where that cannot be; `None` where nothing can be mounted.
    fn new(kib: u64) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let (image, at) = (dir.path().join("image"), dir.path().join("mounted"));
        std::fs::create_dir(&at).unwrap();
        std::fs::File::create(&image).unwrap().set_len(kib << 10).unwrap();
        let kind =
            if run("mkfs.ext4", &["-q", "-F"], &image) && run("mount", &["-o", "loop", image.to_str().unwrap()], &at) {
                "ext4 on a loop device"
            } else if run("mount", &["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"], &at) {
                "tmpfs"
            } else {
                return None;
            };
        let mount = Self { dir, kind };
        std::fs::write(mount.ballast(), vec![1; (kib << 9) as usize]).unwrap();
        Some(mount)
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("mounted")
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        run("umount", &["-l"], &self.path());
    }
}

fn all_there(store: &Store, known: u64, when: &str) {
    for n in 0..known {
        assert_eq!(read_back(store, n, 0), Back::Right, "article {n} of {known} {when}");
    }
}

/// Fills the disk; how many articles were acknowledged.
fn fill(store: &Store, mut known: u64) -> (u64, Error) {
    loop {
        match store.record(visit(known, (known..known + 10).map(|n| article(n, 0)).collect())) {
            Ok(()) => known += 10,
            Err(error) => return (known, error),
        }
        assert!(known < 200_000, "it never became full");
    }
}

/// Records until it works again, as a daemon would.
fn resume(store: &Store, known: u64) -> Duration {
    let start = Instant::now();
    while let Err(error) = store.record(visit(known, vec![article(known, 0)])) {
        assert!(start.elapsed() < Duration::from_secs(60), "still: {error}");
        thread::sleep(Duration::from_millis(200));
    }
    start.elapsed()
}

#[test]
fn a_full_disk_of_any_size_bricks_nothing() {
    let (mut kinds, mut opened) = (BTreeMap::<&str, u32>::new(), BTreeMap::<String, u32>::new());
    let (mut recorded, mut slowest) = (0, Duration::ZERO);
    for round in 0..20_u64 {
        let kib = 3_000 + round * 431;
        let Some(disk) = Mount::new(kib) else {
            println!("skipped: a_full_disk_of_any_size_bricks_nothing: mounting a file system needs root");
            return;
        };
        *kinds.entry(disk.kind).or_default() += 1;
        let state = disk.path().join("state");
        // Half of them meet the end of the disk itself, half the reserve before it.
        let options = Options { reserve: if round % 2 == 0 { 0 } else { 512 << 10 }, ..small() };
        let (store, _) = Store::open(&state, options.clone(), at(0)).unwrap();
        let (known, error) = fill(&store, 0);
        assert!(error.is_full(), "{error}");
        all_there(&store, known, "while full");
        store.close();
        for again in 0..3 {
            let (store, how) = Store::open(&state, options.clone(), at(again)).unwrap();
            *opened.entry(format!("{:?}", how.how)).or_default() += 1;
            all_there(&store, known, "after opening while full");
            let _ = store.record(visit(known, (known..known + 100).map(|n| article(n, 0)).collect()));
            all_there(&store, known, "after trying while full");
            store.close();
        }
        let (store, _) = Store::open(&state, options.clone(), at(9)).unwrap();
        disk.free();
        slowest = slowest.max(resume(&store, known));
        all_there(&store, known, "after space came back");
        assert_eq!(store.health().fault, None);
        store.close();
        let (store, _) = Store::open(&state, options, at(10)).unwrap();
        all_there(&store, known + 1, "at the end");
        store.close();
        recorded += known;
    }
    println!(
        "disk full: 20 sizes on {kinds:?}, {recorded} articles, reopened {opened:?}; 0 lost, working again after {slowest:?}"
    );
}

/// Fills a disk whose end is a limit on the size of each file.
#[test]
#[ignore = "started by its parent under a limit"]
fn child_fills() {
    let Some(dir) = child_dir() else { return };
    let (store, _) = Store::open(&dir, Options { segment: 1 << 30, ..small() }, at(0)).unwrap();
    let (known, error) = fill(&store, 0);
    all_there(&store, known, "under the limit");
    say(&format!("known {known} full {}", error.is_full()));
}

#[test]
fn a_limit_on_file_size_is_a_full_disk_too() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let mut acknowledged = Vec::new();
    for (round, blocks) in [600_u32, 1_400, 3_000].into_iter().enumerate() {
        let state = state.join(round.to_string());
        let command = child("full::child_fills", &state);
        // The shell ignores the signal that the limit raises; the ignoring is inherited.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let output = Command::new("sh")
            .args(["-c", &script])
            .arg(command.get_program())
            .args(command.get_args())
            .env("STORE_CHILD", &state)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("known ")).unwrap_or_else(|| panic!("{text}"));
        let (known, full) = line.split_once(" full ").unwrap();
        assert_eq!(full, "true");
        let known: u64 = known.parse().unwrap();
        let (store, _) = Store::open(&state, small(), at(0)).unwrap();
        all_there(&store, known, "after the limit was lifted");
        resume(&store, known);
        acknowledged.push(known);
    }
    println!("file size limit: {acknowledged:?} articles acknowledged, 0 lost");
    assert!(acknowledged.iter().all(|known| *known > 100));
}
