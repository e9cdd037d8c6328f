//! How well and how fast article pages are read, on sets of saved pages with truths, beside what other tools reach on the same
//! pages.
//!
//! `cargo bench --bench articles [-- SET…]` reads `$TEARSHEET_CORPUS` (default `../shared/corpus`) and says that it skipped where
//! there is none. It fails where a figure is worse than the one kept here. `-- --beside` has trafilatura read the same pages in the
//! same run, and tells the pages a second of both; `-- --pages` tells how each page scored, and `-- --misses` each title, date and
//! author that is not the true one.
//!
//! `score` counts as the corpus's own scorer does; `beside` runs the other program.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run says why")]

mod beside;
mod score;

use std::{
    collections::BTreeMap,
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

use beside::Rival;
use score::{Score, Truth};

/// The allocator of the program that is shipped.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Figures that are kept, each with the share it must reach; of dates that are wrong, the share that it must not pass.
const KEPT: [(&str, &[(&str, f64)]); 8] = [
    ("gne", &[("F1", 0.99), ("title", 0.99), ("date", 0.98), ("minute", 0.99), ("wrong", 0.0)]),
    ("cwced", &[("F1", 0.942), ("date", 0.83), ("wrong", 0.09), ("author", 0.5)]),
    ("aeb", &[("F1", 0.973)]),
    ("wcxb-dev", &[("F1", 0.952), ("title", 0.89), ("date", 0.9), ("wrong", 0.09), ("author", 0.87)]),
    ("readability", &[("F1", 0.96), ("title", 0.745), ("date", 0.99), ("wrong", 0.01), ("author", 0.68)]),
    ("newspaper4k", &[("F1", 0.976), ("title", 0.8), ("date", 1.0), ("wrong", 0.0)]),
    (
        "trafilatura",
        &[
            ("snippets P", 0.948),
            ("snippets R", 0.941),
            ("title", 0.925),
            ("date", 0.895),
            ("wrong", 0.085),
            ("author", 0.77),
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

/// What reading one page took.
struct Took {
    bytes: usize,
    ours: Duration,
    /// Seconds of CPU.
    theirs: Option<f64>,
}

/// What a run is asked for, and what it has measured.
struct Run {
    folder: PathBuf,
    tells_pages: bool,
    tells_misses: bool,
    rival: Option<Rival>,
    took: Vec<Took>,
    /// Of all sets, by the language that the truth names.
    languages: BTreeMap<String, Score>,
    /// Seconds of CPU that reading all pages took.
    cpu: f64,
}

fn main() -> ExitCode {
    let corpus = env::var_os("TEARSHEET_CORPUS").map_or_else(|| PathBuf::from("../shared/corpus"), PathBuf::from);
    let folder = corpus.join("articles");
    if !folder.is_dir() {
        println!("skipped: no saved pages at {}; set TEARSHEET_CORPUS", folder.display());
        return ExitCode::SUCCESS;
    }
    let is_asked = |what: &str| env::args().any(|word| word == what);
    let rival = is_asked("--beside").then(Rival::start);
    if matches!(rival, Some(None)) {
        println!("trafilatura is skipped: $PYTHON (or python3) cannot import it");
    }
    let mut run = Run {
        folder,
        tells_pages: is_asked("--pages"),
        tells_misses: is_asked("--misses"),
        rival: rival.flatten(),
        took: Vec::new(),
        languages: BTreeMap::new(),
        cpu: 0.0,
    };
    let wanted: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mut below = Vec::new();
    for (set, others) in SETS {
        if wanted.is_empty() || wanted.iter().any(|name| name == set) {
            let score = run.measure(set);
            println!("{set:<17} {score}\n{:<17} others: {others}", "");
            let kept = KEPT.iter().filter(|(name, _)| *name == set).flat_map(|(_, figures)| figures.iter());
            below.extend(
                kept.filter(|(name, least)| !score.keeps(name, *least)).map(|(name, _)| format!("{set} {name}")),
            );
        }
    }
    run.tell();
    if below.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("worse than kept: {}", below.join(", "));
    ExitCode::FAILURE
}

impl Run {
    fn measure(&mut self, set: &str) -> Score {
        let truths: Vec<Value> = fs::read_to_string(self.folder.join(format!("{set}.jsonl")))
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let text = |truth: &Value, name: &str| truth.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let pages: Vec<Page> =
            truths.iter().map(|truth| page(&self.folder.join(text(truth, "html")), &text(truth, "url"))).collect();
        if let Some(first) = pages.first().filter(|_| self.took.is_empty()) {
            // What is made once, as compiled patterns are, is no page's own; the other program is warm too.
            read(first, false);
        }
        let before = beside::cpu();
        let reads: Vec<(Read, Duration)> = truths
            .iter()
            .zip(&pages)
            .map(|(truth, page)| {
                let start = Instant::now();
                let read = read(page, text(truth, "lang") == "zh");
                (read, start.elapsed())
            })
            .collect();
        self.cpu += beside::cpu() - before;
        let mut score = Score::default();
        for ((truth, page), (read, ours)) in truths.iter().zip(&pages).zip(reads) {
            let theirs = self.rival.as_mut().map(|rival| rival.read(page));
            self.took.push(Took { bytes: page.text.len(), ours, theirs });
            let mut own = Score::default();
            own.add(&Truth::of(truth), &read);
            if self.tells_pages {
                println!("{set} {} {:.1} ms {own}", text(truth, "id"), ours.as_secs_f64() * 1000.0);
            }
            if self.tells_misses {
                for name in own.missed() {
                    let (told, field) = told(&read, name);
                    println!("{set} {} {name}: {told:?}, not {:?}", text(truth, "id"), text(truth, field));
                }
            }
            score.add(&Truth::of(truth), &read);
            self.languages.entry(text(truth, "lang")).or_default().add(&Truth::of(truth), &read);
        }
        score
    }

    fn tell(&self) {
        for (language, score) in &self.languages {
            println!("in {language:<14} {score}");
        }
        let pages = self.took.len();
        let ours: Vec<f64> = self.took.iter().map(|took| took.ours.as_secs_f64()).collect();
        let most = ours.iter().copied().fold(0.0, f64::max) * 1000.0;
        let speed = pages as f64 / self.cpu;
        println!("{pages} pages, {speed:.0} a second of CPU, the slowest in {most:.0} ms");
        let usual = || self.took.iter().filter(|took| USUAL.contains(&took.bytes));
        let ours = middle(usual().map(|took| took.ours.as_secs_f64()).collect());
        println!("pages of about 100 KB: median {ours:.1} ms of {}", usual().count());
        if let Some(rival) = &self.rival {
            let theirs: f64 = self.took.iter().filter_map(|took| took.theirs).sum();
            let other = pages as f64 / theirs;
            let of_usual = middle(usual().filter_map(|took| took.theirs).collect());
            println!(
                "trafilatura {}: {other:.1} a second of CPU, those of about 100 KB: median {of_usual:.1} ms",
                rival.version
            );
            println!("ours are {:.1} times as many a second", speed / other);
        }
    }
}

/// The median of some seconds, in milliseconds.
fn middle(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or_default() * 1000.0
}

/// What was read, and the truth's name of it, of a figure by its name.
fn told(read: &Read, name: &str) -> (String, &'static str) {
    match name {
        "title" => (read.title.clone().unwrap_or_default(), "title"),
        "author" => (read.byline.join(", "), "author"),
        _ => (read.published.map(|moment| moment.written()).unwrap_or_default(), "date"),
    }
}

fn read(page: &Page, is_chinese: bool) -> Read {
    let zone = if is_chinese { TimeZone::fixed(Offset::constant(8)) } else { TimeZone::UTC };
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    article::article(page, &article::Context { now, zone: &zone, language: None, story: None, refrain: None })
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
