//! How well and how fast article pages are read, on sets of saved pages with truths, beside what other tools reach on the same
//! pages.
//!
//! `cargo bench --bench articles [SET…]` reads `$TEARSHEET_CORPUS` (default `../shared/corpus`) and says that it skipped where
//! there is none. It fails where a figure is worse than the one kept here. `score` counts as the corpus's own scorer does.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run says why")]

mod score;

use std::{
    env,
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};
use serde_json::Value;
use tearsheet::{
    extract::article::{self, Read},
    fetch,
    model::{Page, Validators},
};
use url::Url;

use score::{Score, Truth};

/// Figures that are kept, each with the share it must reach; of dates that are wrong, the share that it must not pass.
const KEPT: [(&str, &[(&str, f64)]); 8] = [
    ("gne", &[("F1", 0.985), ("title", 0.97), ("date", 0.98), ("minute", 0.99), ("wrong", 0.0)]),
    ("cwced", &[("F1", 0.929), ("date", 0.87), ("wrong", 0.05), ("author", 0.5)]),
    ("aeb", &[("F1", 0.968)]),
    ("wcxb-dev", &[("F1", 0.94), ("title", 0.88), ("date", 0.885), ("wrong", 0.1), ("author", 0.8)]),
    ("readability", &[("F1", 0.945), ("title", 0.74), ("date", 0.96), ("wrong", 0.04), ("author", 0.64)]),
    ("newspaper4k", &[("F1", 0.973), ("title", 0.8), ("date", 1.0), ("wrong", 0.0)]),
    (
        "trafilatura",
        &[
            ("snippets P", 0.945),
            ("snippets R", 0.92),
            ("title", 0.9),
            ("date", 0.895),
            ("wrong", 0.085),
            ("author", 0.7),
        ],
    ),
    ("htmldate-default", &[("date", 0.93), ("wrong", 0.04)]),
];

/// The sets, and the best figures of other tools on them: body F1, title, date (wrong), author, or snippets.
const SETS: [(&str, &str); 8] = [
    ("gne", "F1 .978 dom_smoothie, title .923 gne, date .971 (.03) gne, minute 1.00 gne"),
    ("cwced", "F1 .896 dom_smoothie, date .750 (.13) gne, minute .750 gne, author .273 gne"),
    ("aeb", "F1 .961 trafilatura, best published .970"),
    ("wcxb-dev", "F1 .924 trafilatura, title .752 newspaper4k, date .855 (.15) htmldate, author .758 trafilatura"),
    ("readability", "F1 .967 readability (its own output), title .795 goose3, date .939 (.06), author .632"),
    ("newspaper4k", "F1 .955 readability, title .850, date 1.00, minute 1.00"),
    ("trafilatura", "snippets P .925 R .936, title .726, date .863 (.14), author .682"),
    ("htmldate-default", "date .903 (.09)"),
];

/// Pages of about this many bytes are those whose time is told.
const USUAL: std::ops::Range<usize> = 60_000..140_000;

fn main() -> ExitCode {
    let corpus = env::var_os("TEARSHEET_CORPUS").map_or_else(|| PathBuf::from("../shared/corpus"), PathBuf::from);
    let folder = corpus.join("articles");
    if !folder.is_dir() {
        println!("skipped: no saved pages at {}; set TEARSHEET_CORPUS", folder.display());
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mut times: Vec<(usize, Duration)> = Vec::new();
    let mut below = Vec::new();
    for (set, others) in SETS {
        if wanted.is_empty() || wanted.iter().any(|name| name == set) {
            let score = measure(&folder, set, &mut times);
            println!("{set:<17} {score}\n{:<17} others: {others}", "");
            let kept = KEPT.iter().filter(|(name, _)| *name == set).flat_map(|(_, figures)| figures.iter());
            below.extend(
                kept.filter(|(name, least)| !score.keeps(name, *least)).map(|(name, _)| format!("{set} {name}")),
            );
        }
    }
    tell(times);
    if below.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("worse than kept: {}", below.join(", "));
    ExitCode::FAILURE
}

fn measure(folder: &Path, set: &str, times: &mut Vec<(usize, Duration)>) -> Score {
    let mut score = Score::default();
    for line in fs::read_to_string(folder.join(format!("{set}.jsonl"))).unwrap().lines() {
        let truth: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| truth.get(name).and_then(Value::as_str).unwrap_or_default();
        let page = page(&folder.join(text("html")), text("url"));
        let is_chinese = text("lang") == "zh";
        let zone = if is_chinese { TimeZone::fixed(Offset::constant(8)) } else { TimeZone::UTC };
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let context = article::Context { now, zone: &zone, language: None, story: None };
        let start = Instant::now();
        let read: Read = article::article(&page, &context);
        times.push((page.text.len(), start.elapsed()));
        score.add(&Truth::of(&truth), &read);
    }
    score
}

fn page(file: &Path, url: &str) -> Page {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(File::open(file).unwrap()).read_to_end(&mut bytes).unwrap();
    let url = Url::parse(url).unwrap_or_else(|_| Url::parse("https://example.org/").unwrap());
    let decoded = fetch::decode(&bytes, None, &url);
    Page {
        asked: url.clone(),
        url,
        media_type: String::new(),
        bytes,
        text: decoded.text,
        encoding: decoded.encoding,
        language: None,
        validators: Validators::default(),
    }
}

fn tell(mut times: Vec<(usize, Duration)>) {
    let all: Duration = times.iter().map(|(_, time)| *time).sum();
    let most = times.iter().map(|(_, time)| *time).max().unwrap_or_default();
    println!("{} pages in {all:?}, the slowest {most:?}", times.len());
    times.retain(|(size, _)| USUAL.contains(size));
    times.sort_by_key(|(_, time)| *time);
    if let Some((_, middle)) = times.get(times.len() / 2) {
        println!("pages of about 100 KB: median {middle:?} of {}", times.len());
    }
}
