//! Pages made to kill a parser: each is parsed, searched and cleaned in a process of its own, whose CPU time and memory are
//! read from the kernel. Prints how many ran and what the worst took.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should fail")]

mod shapes;
mod slip;
#[path = "../clock/world.rs"]
#[expect(dead_code, reason = "the world of stepped clocks, of which the daemon and its sites are needed here")]
mod world;

use std::{
    env, fs,
    process::{Command, Stdio},
};

use scraper::Html;
use tearsheet::reading::{
    clean::clean,
    dom::{self, Budget, Limits},
};
use url::Url;

/// Sizes in bytes. Code that is not optimised is ten times slower: it leaves the large ones to
/// `cargo test --release --test bombs`, and its bound is ten times as high. Memory is held to the same bound.
const SIZES: &[usize] =
    if cfg!(debug_assertions) { &[10_000, 100_000] } else { &[10_000, 100_000, 1_000_000, 10_000_000] };
const MOST_CPU_MS: u64 = if cfg!(debug_assertions) { 10_000 } else { 1_000 };
const MOST_MEMORY_KIB: u64 = 64 << 10;
/// Says to the child what to read, as `SHAPE SIZE STAGE`.
const TASK: &str = "TEARSHEET_TEST_BOMB";

/// What one stage took in its child, beyond what the input itself needed.
#[derive(Debug, Clone, Copy)]
struct Cost {
    cpu_ms: u64,
    memory_kib: u64,
    refused: bool,
}

#[test]
fn no_page_takes_more_than_a_second_or_64_mib() {
    let (mut cases, mut refused, mut worst_cpu, mut worst_memory) = (0, 0, (0, String::new()), (0, String::new()));
    let mut over = Vec::new();
    for (name, _) in shapes::ALL {
        for &size in SIZES {
            for stage in ["read", "clean"] {
                let cost = in_child(name, size, stage);
                let case = format!("{name} {size} {stage}");
                cases += 1;
                refused += usize::from(cost.refused);
                worst_cpu = worst_cpu.max((cost.cpu_ms, case.clone()));
                worst_memory = worst_memory.max((cost.memory_kib, case.clone()));
                if cost.cpu_ms > MOST_CPU_MS || cost.memory_kib > MOST_MEMORY_KIB {
                    over.push(format!("{case}: {cost:?}"));
                }
            }
        }
    }
    println!(
        "bombs: {} shapes × {} sizes × 2 stages = {cases} cases, {refused} refused, {} failed; worst {} ms ({}), {} KiB ({})",
        shapes::ALL.len(),
        SIZES.len(),
        over.len(),
        worst_cpu.0,
        worst_cpu.1,
        worst_memory.0,
        worst_memory.1
    );
    assert!(shapes::ALL.len() >= 30);
    assert!(over.is_empty(), "{over:#?}");
}

#[test]
fn the_same_pages_hurt_where_nothing_guards() {
    for (name, size) in [("fonts made again", 31_000), ("divs", if cfg!(debug_assertions) { 90_000 } else { 150_000 })]
    {
        let cost = in_child(name, size, "unguarded");
        println!("bombs, unguarded: {name} {size}: {cost:?}");
        assert!(cost.cpu_ms > MOST_CPU_MS || cost.memory_kib > MOST_MEMORY_KIB, "{name}: {cost:?}");
        let guarded = in_child(name, size, "read");
        assert!(guarded.refused && guarded.cpu_ms < MOST_CPU_MS, "{name}: {guarded:?}");
    }
}

fn in_child(shape: &str, size: usize, stage: &str) -> Cost {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(TASK, format!("{shape}|{size}|{stage}"))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{shape} {size} {stage}: {:?}", output.status);
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said.lines().find_map(|line| line.split_once("COST ")).unwrap().1;
    let numbers: Vec<u64> = line.split(' ').map(|n| n.parse().unwrap()).collect();
    Cost { cpu_ms: numbers[0], memory_kib: numbers[1], refused: numbers[2] == 1 }
}

/// Not a test by itself: the body of a child.
#[test]
#[expect(clippy::disallowed_methods, reason = "how a child learns its task")]
fn child() {
    let Ok(task) = env::var(TASK) else { return };
    let task: Vec<&str> = task.split('|').collect();
    let make = shapes::ALL.iter().find(|(name, _)| *name == task[0]).unwrap().1;
    let html = make(task[1].parse().unwrap());
    // From here on the kernel's high-water mark counts anew (proc(5), clear_refs).
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let (memory, cpu) = (status("VmRSS:"), cpu_ns());
    let refused = match task[2] {
        "unguarded" => Html::parse_document(&html).tree.nodes().count() == 0,
        "read" => read(&html).is_err(),
        _ => clean(&html, &Url::parse("https://example.org/").unwrap(), encoding_rs::UTF_8).is_err(),
    };
    let (cpu, memory) = (cpu_ns() - cpu, status("VmHWM:").saturating_sub(memory));
    println!("\nCOST {} {memory} {}", cpu / 1_000_000, u64::from(refused));
}

fn read(html: &str) -> Result<(), dom::TooComplex> {
    let tree = dom::parse(html, &Limits::default())?;
    let budget = Budget::default();
    for selector in ["#none div span b a font", "div div div div span", "li:has(a) > p", "p ~ div ~ span"] {
        dom::select(&tree, &dom::Selector::parse(selector).unwrap(), &budget)?;
    }
    Ok(())
}

/// A line of /proc/self/status, in KiB.
fn status(name: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    text.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().trim_end_matches(" kB").parse().unwrap()
}

/// CPU time of this thread in nanoseconds.
fn cpu_ns() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}
