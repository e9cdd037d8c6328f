//! What the guard costs ordinary pages: each page is parsed with and without it in turn, and the ratio of the fastest
//! rounds printed: what else runs on the machine only makes rounds slower.
//!
//! Pages are made here; with TEARSHEET_CORPUS the saved pages under its `listings/html` and `articles/html` are used too.
//!
//! `-- bare|guarded TIMES PAGE` parses one page (a file, a packed one, or `list` or `article`, which are made) so often by one
//! side alone and prints nothing: `scripts/guard-cost` counts the instructions of each side so.

use std::{env, fs, hint::black_box, io::Read, path::Path, time::Instant};

use scraper::Html;
use tearsheet::reading::dom::{self, Limits};

const ROUNDS: usize = 41;

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.as_slice() {
        [side, times, page] => one_side(side, times.parse().unwrap_or(1), &page_named(page)),
        _ => both_sides(),
    }
}

fn one_side(side: &str, times: u32, html: &str) {
    let limits = Limits::default();
    for _ in 0..times {
        match side {
            "bare" => drop(black_box(Html::parse_document(html))),
            _ => assert!(black_box(dom::parse(html, &limits)).is_ok(), "the page is over the limits"),
        }
    }
}

fn page_named(name: &str) -> String {
    match name {
        "list" => listing(400),
        "article" => article(60),
        path => read(Path::new(path)).map(|(_, html)| html).unwrap_or_default(),
    }
}

fn both_sides() {
    let mut pages = vec![("made: list".to_owned(), listing(400)), ("made: article".to_owned(), article(60))];
    if let Some(corpus) = env::var_os("TEARSHEET_CORPUS") {
        for folder in ["listings/html", "articles/html"] {
            pages.extend(saved(&Path::new(&corpus).join(folder)));
        }
    }
    let mut ratios: Vec<f64> = pages.iter().filter_map(|(name, html)| compare(name, html)).collect();
    ratios.sort_by(f64::total_cmp);
    let sum: f64 = ratios.iter().sum();
    if let (Some(middle), Some(last)) = (ratios.get(ratios.len() / 2), ratios.last()) {
        println!(
            "guard: {} pages, mean ratio {:.3}, median {middle:.3}, worst {last:.3}",
            ratios.len(),
            sum / ratios.len() as f64
        );
    }
}

fn compare(name: &str, html: &str) -> Option<f64> {
    let limits = Limits::default();
    dom::parse(html, &limits).ok()?;
    let (mut bare, mut guarded) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        drop(black_box(Html::parse_document(html)));
        bare.push(start.elapsed());
        let start = Instant::now();
        drop(black_box(dom::parse(html, &limits)));
        guarded.push(start.elapsed());
    }
    bare.sort();
    guarded.sort();
    let (bare, guarded) = (bare.first()?, guarded.first()?);
    let ratio = guarded.as_secs_f64() / bare.as_secs_f64();
    println!("{name}: {} bytes, bare {bare:?}, guarded {guarded:?}, ratio {ratio:.3}", html.len());
    Some(ratio)
}

fn listing(rows: usize) -> String {
    let row = |n: usize| {
        format!(
            "<li class=\"item\"><a href=\"/news/{n}.html\" title=\"Grid report {n}\" target=\"_blank\">Grid report number {n}: \
             what changed this week</a><span class=\"date\">2024-05-{:02}</span></li>\n",
            n % 28 + 1
        )
    };
    let rows: String = (0..rows).map(row).collect();
    format!(
        "<!doctype html><html><head><title>News</title><meta charset=utf-8></head><body><div id=\"main\"><ul>{rows}</ul></div></body></html>"
    )
}

fn article(paragraphs: usize) -> String {
    let text = "The line was energised in the spring &amp; has carried power <b>since then</b>, said the <a href=\"/op\">operator</a>. ";
    let body: String = (0..paragraphs).map(|n| format!("<p id=\"p{n}\">{}</p>\n", text.repeat(5))).collect();
    format!(
        "<html><head><style>p {{ margin: 0 }}</style><script>var a = 1 < 2;</script></head><body><h1>Line</h1>{body}</body></html>"
    )
}

/// Up to twenty saved pages, unpacked.
fn saved(folder: &Path) -> Vec<(String, String)> {
    let inside =
        |folder: &Path| fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<_> = inside(folder).flat_map(|set| inside(&set).collect::<Vec<_>>()).collect();
    files.sort();
    files.iter().step_by(files.len().div_ceil(20).max(1)).filter_map(|path| read(path)).collect()
}

/// A page and its file's name; a packed one is unpacked.
fn read(path: &Path) -> Option<(String, String)> {
    let mut bytes = fs::read(path).ok()?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let packed = std::mem::take(&mut bytes);
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).ok()?;
    }
    Some((path.file_name()?.to_string_lossy().into_owned(), String::from_utf8_lossy(&bytes).into_owned()))
}
