//! The store beside sled, redb and SQLite at the same work: `cargo run --release -- [ARTICLES [LOOKUPS]]`, a million and ten million
//! unless told. It prints a table and asserts nothing.
//!
//! Each engine works in a process of its own, so that its memory can be told: it records 40 articles a visit, each visit on the disk
//! before the next; looks articles up, 95 % of which are there, 40 at a time; ends; and is opened again. The time that the articles
//! take to be made up is not counted.

mod articles;
mod engines;

use std::{
    error::Error,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use articles::{VISIT, key};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [engine, articles, lookups, dir] = &args[..] {
        return measure(engine, articles.parse()?, lookups.parse()?, Path::new(dir));
    }
    let number = |at: usize, most: u64| args.get(at).map_or(Ok(most), |text| text.parse());
    let (articles, lookups) = (number(0, 1_000_000)?, number(1, 10_000_000)?);
    println!("{articles} articles, {lookups} lookups");
    println!(
        "engine      recorded/s  looked up/s   opened in   disk MB   memory MB (then: recorded, looked up, opened)"
    );
    for engine in ["tearsheet", "sled", "redb", "sqlite"] {
        let dir = std::env::temp_dir().join(format!("store-compare-{}-{engine}", std::process::id()));
        let mut child = Command::new(std::env::current_exe()?);
        let run = |child: &mut Command, lookups: u64| {
            child.args([engine, &articles.to_string(), &lookups.to_string()]).arg(&dir).status()
        };
        run(&mut child, lookups)?;
        // A second process opens what the first one left.
        run(&mut Command::new(std::env::current_exe()?), 0)?;
        std::fs::remove_dir_all(&dir)?;
    }
    Ok(())
}

fn measure(engine: &str, articles: u64, lookups: u64, dir: &Path) -> Result<(), Box<dyn Error>> {
    if lookups == 0 {
        let start = Instant::now();
        let opened = engines::open(engine, dir)?;
        let took = start.elapsed();
        println!("{:>10.0} ms {:>9} {:>6}", took.as_secs_f64() * 1e3, bytes(dir) >> 20, memory());
        return opened.close();
    }
    let mut store = engines::open(engine, dir)?;
    let mut took = Duration::ZERO;
    for v in 0..articles / VISIT {
        let brought = engines::brought(v);
        let start = Instant::now();
        store.record(v, brought)?;
        took += start.elapsed();
    }
    let recorded = memory();
    let inserts = articles as f64 / took.as_secs_f64();
    let (mut took, mut found) = (Duration::ZERO, 0);
    let mut n = 0_u64;
    for _ in 0..lookups / VISIT {
        // 40 neighbours somewhere, two of which are not there: what a visit asks of a page that changed a little.
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let first = (n >> 16) % (articles / VISIT) * VISIT;
        let keys: Vec<_> = (first..first + VISIT).map(|n| key(if n % 20 == 0 { n + articles } else { n })).collect();
        let start = Instant::now();
        found += store.find(&keys)?;
        took += start.elapsed();
    }
    if found as u64 != lookups / VISIT * (VISIT - VISIT / 20) {
        return Err(format!("{engine} found {found}").into());
    }
    print!("{engine:<10} {inserts:>11.0} {:>12.0} ({recorded} {})", lookups as f64 / took.as_secs_f64(), memory());
    store.close()
}

/// Resident memory in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).map_or(0, |kib: u64| kib / 1024)
}

/// Bytes of all files under a folder.
fn bytes(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => bytes(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}
