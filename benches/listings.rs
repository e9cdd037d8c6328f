//! How well pages without a rule are read: items, titles and dates of a corpus of listing pages, beside other programs' figures.
//!
//! `cargo bench --bench listings` reads `$TEARSHEET_CORPUS` (default `../shared/corpus`). `-- SET` measures one set,
//! `-- SET --pages` tells of each page below F1 .9, `-- SET --page ID` of one page's items. `-- articles` asks instead how many of
//! the corpus' article pages are taken for lists, `-- articles --pages` which. `-- thresholds` leaves one site out at a time, and
//! chooses the numbers of detection anew on the others.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run says why")]
#![expect(clippy::disallowed_methods, reason = "a bench has no daemon whose clock and environment it could ask")]

#[expect(dead_code, reason = "the rules that read the made page are of another bench")]
#[path = "visit/page.rs"]
mod made;
#[path = "listings/thresholds.rs"]
mod thresholds;

use std::{
    collections::{HashMap, HashSet},
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::Deserialize;
use tearsheet::{
    config::{self, NoSecret, Paint, Purpose, Surroundings},
    extract::{self, Detection, Recipe},
    model::{Kind, Listing, Moment, Page, Precision, Source, Validators},
    refine,
};
use unicode_normalization::UnicodeNormalization;
use url::Url;

/// Sets, and what the best other program gets on them: item F1, and the share of pages with F1 of .9 and more.
const SETS: [(&str, f64, f64); 5] = [
    ("zh-lists", 0.871, 0.73),
    ("autopager-lists", 0.844, 0.72),
    ("feedless", 0.800, 0.80),
    ("portals", 0.757, 0.50),
    ("juriscraper", 0.611, 0.51),
];

#[derive(Deserialize)]
struct Gold {
    id: String,
    lang: Option<String>,
    url: String,
    html: String,
    encoding: String,
    items: Vec<GoldItem>,
}

#[derive(Deserialize)]
struct GoldItem {
    link: String,
    title: Option<String>,
    date: Option<String>,
    #[serde(default = "yes")]
    title_in_page: bool,
}

fn yes() -> bool {
    true
}

/// One item as detected.
#[derive(Clone)]
struct Got {
    link: String,
    title: String,
    date: Option<String>,
}

#[derive(Default)]
struct Sum {
    pages: usize,
    precision: f64,
    recall: f64,
    f1: f64,
    good: usize,
    titles: (usize, usize),
    dates: (usize, usize),
    same_again: usize,
    renewed: usize,
    ratios: Vec<f64>,
}

fn main() {
    let root = PathBuf::from(std::env::var("TEARSHEET_CORPUS").unwrap_or_else(|_| "../shared/corpus".to_owned()));
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let lists = root.join("listings");
    if !lists.is_dir() {
        println!("skipped: no corpus at {} (set TEARSHEET_CORPUS)", root.display());
        return;
    }
    if asked.first().is_some_and(|name| name == "articles") {
        return articles(&root.join("articles"), asked.iter().any(|word| word == "--pages"));
    }
    if asked.first().is_some_and(|name| name == "thresholds") {
        return thresholds::report(&lists);
    }
    println!(
        "{:16} pages     P     R    F1  F1≥.9  titles       dates        again renewed  time | others: F1  F1≥.9",
        "set"
    );
    let mut slowest = (Duration::ZERO, String::new());
    for (set, other_f1, other_good) in SETS {
        if asked.first().is_some_and(|name| !name.starts_with('-') && name != set) {
            continue;
        }
        let sum = measure(&lists, set, &asked, &mut slowest);
        let pages = sum.pages.max(1) as f64;
        let mut ratios = sum.ratios.clone();
        ratios.sort_by(f64::total_cmp);
        let ratio = ratios.get(ratios.len() / 2).copied().unwrap_or(0.0);
        let share = |(right, all): (usize, usize)| right as f64 / all.max(1) as f64;
        println!(
            "{set:16} {:5} {:.3} {:.3} {:.3}  {:.3} {:.3} {:5} {:.3} {:5}  {:.3}   {:.3} {ratio:5.1} |     {other_f1:.3}   {other_good:.2}",
            sum.pages,
            sum.precision / pages,
            sum.recall / pages,
            sum.f1 / pages,
            sum.good as f64 / pages,
            share(sum.titles),
            sum.titles.1,
            share(sum.dates),
            sum.dates.1,
            sum.same_again as f64 / pages,
            sum.renewed as f64 / pages,
        );
    }
    println!("slowest page: {:.1} ms ({})", slowest.0.as_secs_f64() * 1e3, slowest.1);
    let page = plain(made::ADDRESS, made::listing(ROWS, ROWS));
    let Some(recipe) = extract::read_detected(&page).1.rules.and_then(|rules| Recipe::compile(&rules, Kind::Html).ok())
    else {
        return println!("the made page's list is not found");
    };
    let finding = middle(&|| extract::read_detected(&page).0.items.len());
    let reading = middle(&|| extract::read(&page, Some(&recipe), None).items.len());
    let size = page.text.len() / 1024;
    let ratio = finding / reading;
    println!(
        "made page of {size} KB and {ROWS} items: found in {finding:.2} ms, read in {reading:.2} ms, {ratio:.1} times"
    );
}

/// Items of the made page.
const ROWS: usize = 40;

/// The middle of many times, in milliseconds.
fn middle(work: &dyn Fn() -> usize) -> f64 {
    let mut times: Vec<f64> = (0..101)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

/// An article page of the corpus.
#[derive(Deserialize)]
struct Saved {
    id: String,
    url: Option<String>,
    html: String,
    encoding: Option<String>,
}

/// Of each set of article pages, how many are taken for lists.
fn articles(folder: &Path, tells: bool) {
    let mut sets: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    sets.sort();
    for set in sets.iter().filter(|path| path.extension().is_some_and(|end| end == "jsonl")) {
        let text = std::fs::read_to_string(set).unwrap();
        let (mut pages, mut taken) = (0, 0);
        for saved in text.lines().map(|line| serde_json::from_str::<Saved>(line).unwrap()) {
            let Some(bytes) = unpacked(folder, &saved.html) else { continue };
            let encoding = saved.encoding.as_deref().and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()));
            let url = saved.url.as_deref().filter(|url| url.parse::<Url>().is_ok());
            let text = encoding.unwrap_or(encoding_rs::UTF_8).decode(&bytes).0.into_owned();
            let (_, detection) = extract::read_detected(&plain(url.unwrap_or("https://example.org/a/1.html"), text));
            pages += 1;
            let Some(rules) = detection.rules else { continue };
            taken += 1;
            if tells {
                println!("   {} {url:?} by {:?}", saved.id, rules.item);
            }
        }
        let name = set.file_stem().unwrap_or_default().to_string_lossy();
        println!("{name:16} {taken:3} of {pages:3} article pages taken for lists");
    }
}

fn plain(url: &str, text: String) -> Page {
    let url: Url = url.parse().unwrap();
    Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes: text.clone().into_bytes(),
        text,
        encoding: encoding_rs::UTF_8,
        language: None,
        validators: Validators::default(),
    }
}

/// A packed file of the corpus.
fn unpacked(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let file = [folder.join(name), folder.join("..").join(name)].into_iter().find(|path| path.is_file())?;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).ok()?).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn measure(lists: &Path, set: &str, asked: &[String], slowest: &mut (Duration, String)) -> Sum {
    let mut sum = Sum::default();
    let mut predictions = String::new();
    let text = std::fs::read_to_string(lists.join(format!("{set}.jsonl"))).unwrap();
    for gold in text.lines().map(|line| serde_json::from_str::<Gold>(line).unwrap()) {
        let only = asked.iter().position(|word| word == "--page").and_then(|at| asked.get(at + 1));
        if only.is_some_and(|id| !gold.id.ends_with(id.as_str())) {
            continue;
        }
        let page = page(lists, &gold);
        let start = Instant::now();
        let (listing, detection) = extract::read_detected(&page);
        let took = start.elapsed();
        if took > slowest.0 {
            *slowest = (took, format!("{set} {}, {} KB", gold.id, page.text.len() / 1024));
        }
        let got = items(&gold, &source(&gold), &page, &listing);
        let again = detection.rules.as_ref().and_then(|rules| Recipe::compile(rules, Kind::Html).ok());
        let again = again.map(|recipe| {
            let start = Instant::now();
            let items = extract::read(&page, Some(&recipe), None).items;
            sum.ratios.push(took.as_secs_f64() / start.elapsed().as_secs_f64().max(1e-9));
            items
        });
        sum.same_again += usize::from(again.is_none_or(|items| items == listing.items));
        let is_renewed = reads_new_items(&page, &listing, &detection, only.is_some());
        if !is_renewed && asked.iter().any(|word| word == "--pages") {
            println!("   {} is not read right where half of the addresses are new", gold.id);
        }
        sum.renewed += usize::from(is_renewed);
        let told = judge(&gold, &got, &mut sum);
        if asked.iter().any(|word| word == "--predict") {
            let items: Vec<_> = got
                .iter()
                .map(|item| serde_json::json!({"link": item.link, "title": item.title, "date": item.date}))
                .collect();
            predictions.push_str(&serde_json::json!({"id": gold.id, "items": items}).to_string());
            predictions.push('\n');
        }
        if only.is_some()
            || (asked.iter().any(|word| word == "--pages") && (told.f1 < 0.9 || told.titles + told.dates > 0))
        {
            let (_, detection) = extract::read_explained(&page);
            tell(&gold, &got, &detection, &told, only.is_some());
        }
    }
    if !predictions.is_empty() {
        std::fs::write(std::env::temp_dir().join(format!("listings-{set}.jsonl")), predictions).unwrap();
    }
    sum
}

/// Whether the rules that were found read the right items on a copy of the page in which every other address is a new one.
fn reads_new_items(page: &Page, listing: &Listing, detection: &Detection, tells: bool) -> bool {
    let recipe = detection.rules.as_ref().and_then(|rules| Recipe::compile(rules, Kind::Html).ok());
    let Some(recipe) = recipe else { return true };
    let mut text = page.text.clone();
    let mut renewed: HashMap<String, String> = HashMap::new();
    for (number, link) in listing.items.iter().filter_map(|item| item.link.clone()).enumerate() {
        if number % 2 == 0 || renewed.contains_key(&link) {
            continue;
        }
        let (start, end) = link.rsplit_once('.').filter(|(_, end)| end.len() <= 5).unwrap_or((&link, ""));
        let dot = if end.is_empty() { "" } else { "." };
        let new = format!("{start}7{number}{dot}{end}");
        let before = text.len();
        for (old, new) in [(link.clone(), new.clone()), (link.replace('&', "&amp;"), new.replace('&', "&amp;"))] {
            for quote in ['"', '\''] {
                text = text.replace(&format!("{quote}{old}{quote}"), &format!("{quote}{new}{quote}"));
            }
            // A row may write its address a second time without quotes, or with a space in them.
            let written = format!(r#"(href\s*=\s*["']?\s*){}(\s*["'\s>])"#, regex::escape(&old));
            let new = format!("${{1}}{}${{2}}", new.replace('$', "$$"));
            text = regex::Regex::new(&written).unwrap().replace_all(&text, new.as_str()).into_owned();
        }
        if text.len() != before {
            renewed.insert(link, new);
        }
    }
    let page = Page { text, ..page.clone() };
    let got: Vec<Option<String>> =
        extract::read(&page, Some(&recipe), None).items.into_iter().map(|item| item.link).collect();
    let wanted = listing.items.iter().map(|item| item.link.as_ref().map(|link| renewed.get(link).unwrap_or(link)));
    if tells {
        let differs = wanted.clone().zip(&got).enumerate().find(|(_, (wanted, got))| *wanted != got.as_ref());
        println!("   {} items renewed, {} read; the first that differs: {differs:?}", listing.items.len(), got.len());
    }
    wanted.eq(got.iter().map(Option::as_ref))
}

struct Told {
    f1: f64,
    titles: usize,
    dates: usize,
}

/// As the corpus' own scorer does: links by key, P, R and F1 for each page, titles and dates of matched items.
fn judge(gold: &Gold, got: &[Got], sum: &mut Sum) -> Told {
    let wanted: HashMap<String, &GoldItem> = gold.items.iter().map(|item| (key(&item.link), item)).collect();
    let mut found: HashMap<String, &Got> = HashMap::new();
    for item in got {
        let place = found.entry(key(&item.link)).or_insert(item);
        if item.title.chars().count() > place.title.chars().count() {
            *place = item;
        }
    }
    let met = found.keys().filter(|link| wanted.contains_key(*link)).count() as f64;
    let precision = if found.is_empty() { 0.0 } else { met / found.len() as f64 };
    let recall = if wanted.is_empty() { 0.0 } else { met / wanted.len() as f64 };
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    sum.pages += 1;
    sum.precision += precision;
    sum.recall += recall;
    sum.f1 += f1;
    sum.good += usize::from(f1 >= 0.9);
    let before = (sum.titles, sum.dates);
    for (link, item) in &found {
        let Some(wanted) = wanted.get(link) else { continue };
        if let Some(title) = wanted.title.as_ref().filter(|title| !title.is_empty() && wanted.title_in_page) {
            sum.titles.1 += 1;
            sum.titles.0 += usize::from(bare(title) == bare(&item.title));
        }
        if let Some(date) = wanted.date.as_ref().filter(|date| !date.is_empty()) {
            sum.dates.1 += 1;
            sum.dates.0 += usize::from(day(date) == item.date.as_deref().and_then(day));
        }
    }
    let lost = |now: (usize, usize), before: (usize, usize)| (now.1 - before.1) - (now.0 - before.0);
    Told { f1, titles: lost(sum.titles, before.0), dates: lost(sum.dates, before.1) }
}

fn tell(gold: &Gold, got: &[Got], detection: &Detection, told: &Told, whole: bool) {
    println!(
        "\n## {} F1 {:.3}: {} wanted, {} got, {} titles and {} dates wrong, {:?}",
        gold.id,
        told.f1,
        gold.items.len(),
        got.len(),
        told.titles,
        told.dates,
        detection.verdict
    );
    if let Some(rules) = &detection.rules {
        let field = |name: &str, rule: &Option<tearsheet::model::FieldRule>| {
            rule.as_ref().map(|rule| format!(" {name}={:?}", rule.select)).unwrap_or_default()
        };
        println!(
            "   item={:?}{}{}{}{}{}{}",
            rules.item,
            field("link", &rules.link),
            field("title", &rules.title),
            field("date", &rules.date),
            field("summary", &rules.summary),
            field("image", &rules.image),
            field("category", &rules.category)
        );
    }
    for also in detection.also.iter().take(if whole { 9 } else { 3 }) {
        println!("   also {:.2} {} × {}: {}", also.score, also.count, also.item, also.reason);
    }
    let links: HashMap<String, &Got> = got.iter().map(|item| (key(&item.link), item)).collect();
    let wanted: HashSet<String> = gold.items.iter().map(|item| key(&item.link)).collect();
    let many = if whole { 400 } else { 2 };
    for item in gold.items.iter().filter(|item| !links.contains_key(&key(&item.link))).take(many) {
        println!("   - {:?} {}", item.title, item.link);
    }
    for item in got.iter().filter(|item| !wanted.contains(&key(&item.link))).take(many) {
        println!("   + {:?} {} {:?}", item.title, item.link, item.date);
    }
    let wrong = gold.items.iter().filter_map(|item| {
        let got = links.get(&key(&item.link))?;
        let title = item.title.as_ref().filter(|title| item.title_in_page && bare(title) != bare(&got.title));
        let date = item.date.as_ref().filter(|date| day(date) != got.date.as_deref().and_then(day));
        (title.is_some() || date.is_some()).then(|| format!("{title:?} {date:?} <> {:?} {:?}", got.title, got.date))
    });
    for line in wrong.take(many) {
        println!("   ~ {line}");
    }
}

fn items(gold: &Gold, source: &Arc<Source>, page: &Page, listing: &Listing) -> Vec<Got> {
    // The pages are of many years; a date without its year is told by the newest that the set shows.
    let newest = gold.items.iter().filter_map(|item| item.date.as_deref().and_then(day)).max();
    let now: Timestamp = newest
        .and_then(|day| day.parse::<civil::Date>().ok())
        .and_then(|day| day.to_zoned(TimeZone::UTC).ok())
        .map_or_else(
            || "2026-11-01T00:00:00Z".parse().unwrap(),
            |day| day.timestamp() + jiff::SignedDuration::from_hours(20),
        );
    let refined = refine::refine(source, page, listing, now);
    let shown = |moment: &Moment| match moment.precision {
        Precision::Day => moment.written(),
        _ => moment.at.to_zoned(source.timezone.clone()).date().to_string(),
    };
    refined
        .drafts
        .iter()
        .map(|draft| Got {
            link: draft.url.to_string(),
            title: draft.title.clone(),
            date: draft.published.as_ref().map(shown),
        })
        .collect()
}

fn page(lists: &Path, gold: &Gold) -> Page {
    let bytes = unpacked(lists, &gold.html).unwrap();
    let encoding = encoding_rs::Encoding::for_label(gold.encoding.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let text = encoding.decode(&bytes).0.into_owned();
    let url: Url = gold.url.parse().unwrap();
    Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes,
        text,
        encoding,
        language: None,
        validators: Validators::default(),
    }
}

fn source(gold: &Gold) -> Arc<Source> {
    let zone = if gold.lang.as_deref() == Some("zh") { "Asia/Shanghai" } else { "UTC" };
    let text = format!("[[source]]\nid = \"bench\"\nurl = {:?}\ntimezone = \"{zone}\"\n", gold.url);
    let surroundings = Surroundings {
        file: "feeds.toml",
        system_zone: TimeZone::UTC,
        secrets: &|_| Err(NoSecret::NoVariable),
        purpose: Purpose::Serving,
    };
    let config = config::read(&text, &surroundings).map_err(|faults| faults.draw(Paint::Plain)).unwrap();
    config.sources.into_iter().next().unwrap()
}

/// A link without scheme, `www.`, fragment and last slash, unquoted.
fn key(link: &str) -> String {
    let link = link.split_once('#').map_or(link, |(link, _)| link);
    let link = link.split_once("://").map_or(link, |(_, rest)| rest);
    let (place, query) = link.split_once('?').map_or((link, ""), |(place, query)| (place, query));
    let (host, path) = place.split_once('/').map_or((place, ""), |(host, path)| (host, path));
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let path = unquoted(path);
    let path = path.trim_end_matches('/');
    let query = if query.is_empty() { String::new() } else { format!("?{}", unquoted(query)) };
    if path.is_empty() { format!("{host}{query}") } else { format!("{host}/{path}{query}") }
}

fn unquoted(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%');
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Letters and digits of a text in one case.
fn bare(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|sign| sign.is_alphanumeric() || *sign == '_').collect()
}

/// The first `YYYY-MM-DD` of a date.
fn day(text: &str) -> Option<String> {
    let mut numbers = text.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty());
    let year = numbers.next().filter(|year| year.len() == 4)?;
    Some(format!("{year}-{:0>2}-{:0>2}", numbers.next()?, numbers.next()?))
}
