//! How well twins are told, and what judging one article costs.
//!
//! `cargo bench --bench twins` prints precision, recall and F1 over all pairs of made-up near-duplicates beside other methods,
//! the AUC on pairs that people rated, and time and memory with ten thousand to a million articles stored. The first two
//! need the corpus: `TEARSHEET_CORPUS` names its directory.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a bench that cannot run says why, its counts are small, and it asks the environment where the corpus is"
)]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    time::Instant,
};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tearsheet::{
    dedup::near::{Evidence, Near, Settings, Sketch, Telling, Thresholds},
    model::ArticleKey,
};

/// Kinds that must not be joined with anything.
const NEVER: [&str; 3] = ["half", "bulletin", "disclaimer"];

/// Other methods on the same pairs: precision, recall, F1.
const OTHERS: [(&str, f64, f64, f64); 6] = [
    ("exact hash", 1.0, 0.134, 0.236),
    ("same title", 0.978, 0.499, 0.661),
    ("SimHash <= 3", 1.0, 0.183, 0.310),
    ("SimHash <= 14", 0.987, 0.543, 0.701),
    ("Jaccard >= .5", 1.0, 0.656, 0.793),
    ("containment >= .7", 1.0, 0.872, 0.932),
];

#[derive(Deserialize)]
struct Text {
    id: String,
    cluster: String,
    lang: String,
    kind: String,
    title: Option<String>,
    text: String,
}

#[derive(Deserialize)]
struct Pair {
    id: String,
    lang1: String,
    lang2: String,
    a: String,
    b: String,
    overall: f64,
}

fn main() {
    let corpus = PathBuf::from(std::env::var("TEARSHEET_CORPUS").unwrap_or_else(|_| "../shared/corpus".to_owned()));
    let corpus = corpus.join("neardup");
    if corpus.is_dir() {
        made_up(&read(&corpus.join("synth.jsonl")));
        rated(&read(&corpus.join("semeval8_pairs.jsonl")));
    } else {
        println!("skipped what is measured on texts: {} is not there; set TEARSHEET_CORPUS", corpus.display());
    }
    if std::env::args().all(|argument| argument != "--texts") {
        cost();
    }
}

fn read<T: for<'a> Deserialize<'a>>(file: &Path) -> Vec<T> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Pairs that were joined, rightly or wrongly, and those that should be.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Tally {
    fn add(&mut self, joined: bool, same: bool) {
        match (joined, same) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    fn line(&self, name: &str) {
        let precision = self.right as f64 / (self.right + self.wrong).max(1) as f64;
        let recall = self.right as f64 / (self.right + self.missed).max(1) as f64;
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        println!(
            "  {name:24} P {precision:.3}  R {recall:.3}  F1 {f1:.3}  ({} of {} pairs, {} wrong)",
            self.right,
            self.right + self.missed,
            self.wrong
        );
    }
}

fn made_up(texts: &[Text]) {
    println!("made-up near-duplicates: {} texts, all pairs", texts.len());
    let sketches: Vec<Sketch> =
        texts.iter().map(|text| Sketch::of(text.title.as_deref().unwrap_or(""), &text.text)).collect();
    for (name, precision, recall, f1) in &OTHERS {
        println!("  {name:24} P {precision:.3}  R {recall:.3}  F1 {f1:.3}");
    }
    let thresholds = Thresholds::default();
    report("tearsheet, pair by pair", texts, &|one, other| {
        Evidence::of(&sketches[one], &sketches[other]).are_twins(&thresholds)
    });
    let order: Vec<usize> = (0..texts.len()).collect();
    let mut mixed = order.clone();
    mixed.sort_by_key(|at| ArticleKey::of("order", &[&texts[*at].id]));
    let back = order.iter().rev().copied().collect();
    for (name, order) in [("as they come", order), ("backwards", back), ("mixed", mixed)] {
        let clusters = arrive(&sketches, &order);
        report(&format!("tearsheet, {name}"), texts, &|one, other| clusters[&one] == clusters[&other]);
    }
}

/// Texts arriving one after the other, each joined with the cluster of its nearest.
fn arrive(sketches: &[Sketch], order: &[usize]) -> HashMap<usize, ArticleKey> {
    let mut near = Near::new(Settings::default());
    let mut clusters = HashMap::new();
    for at in order {
        let key = ArticleKey::of("text", &[&at.to_string()]);
        let head = near.nearest(&sketches[*at], now()).map_or(key, |found| found.story);
        near.insert(Telling { story: head, ..told(key, now()) }, &sketches[*at]);
        clusters.insert(*at, head);
    }
    clusters
}

/// An article that tells its own story.
fn told(key: ArticleKey, at: Timestamp) -> Telling {
    Telling { key, story: key, published: at, arrived: at }
}

fn report(name: &str, texts: &[Text], joined: &dyn Fn(usize, usize) -> bool) {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut never = 0;
    for one in 0..texts.len() {
        for other in 0..one {
            let (a, b) = (&texts[one], &texts[other]);
            let (joined, same) = (joined(one, other), a.cluster == b.cluster);
            let half = if ArticleKey::of("half", &[&a.cluster]).bytes()[0] & 1 == 0 { "a" } else { "b" };
            let kinds: BTreeSet<String> = [&a.kind, &b.kind].into_iter().map(|kind| format!("kind {kind}")).collect();
            let names = [" all".to_owned(), format!(" {}", a.lang), format!(" clusters, half {half}")];
            for name in names.into_iter().chain(kinds.into_iter().filter(|_| same)) {
                tallies.entry(name).or_default().add(joined, same);
            }
            if joined && !same {
                never += usize::from(NEVER.contains(&a.kind.as_str()) || NEVER.contains(&b.kind.as_str()));
            }
            if std::env::var_os("TEARSHEET_SHOW").is_some() && joined != same {
                println!("    {} {} joined {joined}", a.id, b.id);
            }
        }
    }
    println!("{name}: {never} pairs joined that never must be");
    for (name, tally) in &tallies {
        tally.line(name);
    }
}

fn rated(pairs: &[Pair]) {
    println!("pairs that people rated, 1 (same story) to 4: {} pairs", pairs.len());
    let mut scores: BTreeMap<String, (Vec<f32>, Vec<f32>)> = BTreeMap::new();
    let (mut wrong, mut right) = (0, 0);
    for pair in pairs {
        let evidence = Evidence::of(&Sketch::of("", &pair.a), &Sketch::of("", &pair.b));
        let joined = evidence.are_twins(&Thresholds::default());
        wrong += usize::from(joined && pair.overall >= 2.5);
        right += usize::from(joined && pair.overall < 2.5);
        if joined && std::env::var_os("TEARSHEET_SHOW").is_some() {
            println!("    {} {} {evidence:?}", pair.id, pair.overall);
        }
        let languages =
            if pair.lang1 == pair.lang2 { pair.lang1.clone() } else { format!("{}-{}", pair.lang1, pair.lang2) };
        let of_language = scores.entry(languages).or_default();
        if pair.overall <= 1.5 {
            of_language.0.push(evidence.score());
        } else if pair.overall >= 2.5 {
            of_language.1.push(evidence.score());
        }
    }
    println!("  joined: {right} rated below 2.5, {wrong} rated 2.5 or more");
    for (language, (same, other)) in &scores {
        println!("  {language:6} AUC {:.3}  ({} same story, {} not)", auc(same, other), same.len(), other.len());
    }
}

/// How often one of `high` is above one of `low`.
fn auc(high: &[f32], low: &[f32]) -> f64 {
    let above: f64 = high
        .iter()
        .flat_map(|high| {
            low.iter().map(move |low| match high.total_cmp(low) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            })
        })
        .sum();
    above / (high.len() * low.len()).max(1) as f64
}

fn now() -> Timestamp {
    Timestamp::from_second(1_640_000_000).unwrap()
}

/// Made-up articles of some 600 characters whose words are as unevenly common as real ones.
fn article(number: u64) -> (String, String) {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut word = move || {
        // The product of two draws: low numbers are common words.
        let (a, b) = (next() % 90, next() % 90);
        let (c, d) = ((a * b) as u32, (a * b / 7 + b) as u32);
        [char::from_u32(0x4e00 + c).unwrap(), char::from_u32(0x4e00 + d % 9000).unwrap()]
    };
    let title: String = (0..10).flat_map(|_| word()).collect();
    let mut text: String = (0..300).flat_map(|_| word()).collect();
    text.push_str("。\n责任编辑：某某。转载请注明来源。");
    (title, text)
}

/// Articles of one window in a store that grows over years.
const A_WINDOW: u64 = 10_000;

fn cost() {
    println!(
        "judging one new article (sketch, look up, insert), {A_WINDOW} of them a window: a store grows over years"
    );
    judging(|_| A_WINDOW);
    println!("the same with all that is stored within one window");
    judging(|stored| stored);
}

/// Judges new articles with more and more stored, of which as many as `together` says fall into one window of the time before.
fn judging(together: impl Fn(u64) -> u64) {
    const JUDGED: u64 = 2_000;
    let mut first = None;
    for stored in [10_000_u64, 100_000, 1_000_000] {
        let mut near = Near::new(Settings { room: usize::MAX, ..Settings::default() });
        let before = resident();
        let window = SignedDuration::from_hours(6 * 24).as_secs();
        for number in 0..stored {
            let (title, text) = article(number);
            let at = now() - SignedDuration::from_secs(window * (stored - number) as i64 / together(stored) as i64);
            let key = ArticleKey::of("", &[&number.to_string()]);
            near.insert(told(key, at), &Sketch::of(&title, &text));
            if number % 1000 == 0 {
                // As the daemon does: what no new article can be compared with leaves the index.
                near.forget_before(at - SignedDuration::from_secs(window));
            }
        }
        let memory = resident().saturating_sub(before);
        let new: Vec<(String, String)> = (0..JUDGED).map(|number| article(stored + number)).collect();
        // Warm as in a daemon that judges all the time.
        let mut times = Vec::new();
        let mut found = 0;
        for (number, (title, text)) in new.iter().enumerate() {
            let start = Instant::now();
            let sketch = Sketch::of(title, text);
            found += usize::from(black_box(near.nearest(&sketch, now())).is_some());
            let key = ArticleKey::of("new", &[&number.to_string()]);
            near.insert(told(key, now()), &sketch);
            times.push(start.elapsed().as_secs_f64() * 1e6);
        }
        let again = (0..200).filter(|number| {
            let (title, text) = article(stored - 1 - number * (together(stored) / 400));
            near.nearest(&Sketch::of(&title, &text), now()).is_some()
        });
        let again = again.count();
        times.sort_by(f64::total_cmp);
        let middle = times[times.len() / 2];
        let growth = middle / *first.get_or_insert(middle);
        println!(
            "  {stored:>9} stored: median {middle:>6.0} us, 99th {:>6.0} us, growth {growth:.2}; {:>5} MB resident, {} bytes an article of the window; {found} joined wrongly, {again} of 200 found again",
            times[times.len() * 99 / 100],
            memory / 1_000_000,
            memory / together(stored),
        );
    }
}

/// Bytes of memory this process takes; 0 where the system does not say.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()));
    pages.unwrap_or(0) * 4096
}
