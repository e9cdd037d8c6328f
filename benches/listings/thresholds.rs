//! Whether the numbers of detection hold on sites on which they were not chosen: each site is left out in turn, every number is
//! chosen anew on the pages of the others, and the site is read by what was chosen.
//!
//! Each number takes the value of its grid with the best mean F1 where the others are as shipped; of values that are as good the one
//! nearest to the shipped number. The site that was left out is read by all that were chosen, together.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::Arc,
};

use tearsheet::{
    extract::{self, Weights},
    model::{Page, Source},
};

use super::{Gold, SETS, Sum, items, judge, page, source};

/// What a number is multiplied by to make its grid; ties fall to what stands first.
const GRID: [f64; 5] = [1.0, 0.75, 1.25, 0.5, 1.5];

/// F1 by which values must differ to be told apart: less is what the order of adding up makes.
const SAME: f64 = 1e-9;

/// A number by its name.
type Dial = (&'static str, fn(&mut Weights) -> &mut f64);

/// The numbers that decide which list wins and which rows are its own.
const DIALS: [Dial; 30] = [
    ("many", |by| &mut by.many),
    ("title", |by| &mut by.title),
    ("title_width", |by| &mut by.title_width),
    ("around", |by| &mut by.around),
    ("variety", |by| &mut by.variety),
    ("titled", |by| &mut by.titled),
    ("dated", |by| &mut by.dated),
    ("article", |by| &mut by.article),
    ("headed", |by| &mut by.headed),
    ("area", |by| &mut by.area),
    ("tabled", |by| &mut by.tabled),
    ("files", |by| &mut by.files),
    ("uneven", |by| &mut by.uneven),
    ("mute", |by| &mut by.mute),
    ("crowd", |by| &mut by.crowd),
    ("hub", |by| &mut by.hub),
    ("foreign", |by| &mut by.foreign),
    ("guide", |by| &mut by.guide),
    ("foot", |by| &mut by.foot),
    ("side", |by| &mut by.side),
    ("other", |by| &mut by.other),
    ("announced", |by| &mut by.announced),
    ("least", |by| &mut by.least),
    ("sure", |by| &mut by.sure),
    ("framed", |by| &mut by.framed),
    ("crammed", |by| &mut by.crammed),
    ("plain", |by| &mut by.plain),
    ("behind", |by| &mut by.behind),
    ("gain", |by| &mut by.gain),
    ("gain_of_cards", |by| &mut by.gain_of_cards),
];

/// A page with all that reading it needs.
struct Case {
    set: usize,
    host: String,
    gold: Gold,
    page: Page,
    source: Arc<Source>,
}

impl Case {
    fn f1(&self, by: &Weights) -> f64 {
        let (listing, _) = extract::read_weighed(&self.page, by);
        let got = items(&self.gold, &self.source, &self.page, &listing);
        judge(&self.gold, &got, &mut Sum::default()).f1
    }
}

/// F1 of each page by the numbers that were tried.
struct Tried<'c> {
    cases: &'c [Case],
    known: HashMap<String, Vec<f64>>,
}

impl Tried<'_> {
    fn f1(&mut self, by: &Weights) -> &[f64] {
        let cases = self.cases;
        self.known.entry(format!("{by:?}")).or_insert_with(|| {
            let workers = std::thread::available_parallelism().map_or(1, usize::from);
            let part = cases.len().div_ceil(workers).max(1);
            std::thread::scope(|scope| {
                let work = |cases: &[Case]| cases.iter().map(|case| case.f1(by)).collect::<Vec<_>>();
                let threads: Vec<_> = cases.chunks(part).map(|cases| scope.spawn(move || work(cases))).collect();
                threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
            })
        })
    }

    /// The mean over all pages but those of `host`.
    fn without(&mut self, host: &str, by: &Weights) -> f64 {
        let cases = self.cases;
        let f1 = self.f1(by).iter().zip(cases).filter(|(_, case)| case.host != host).map(|(f1, _)| *f1);
        mean(f1)
    }

    /// The numbers that do best on the pages of all other hosts.
    fn chosen(&mut self, host: &str) -> Weights {
        let mut chosen = Weights::SHIPPED;
        for (_, dial) in DIALS {
            let mut most = f64::NEG_INFINITY;
            for factor in GRID {
                let mut by = Weights::SHIPPED;
                let value = *dial(&mut by) * factor;
                *dial(&mut by) = value;
                let f1 = self.without(host, &by);
                if f1 > most + SAME {
                    most = f1;
                    *dial(&mut chosen) = value;
                }
            }
        }
        chosen
    }
}

/// Leaves each site out in turn, and prints what that says.
pub(super) fn report(lists: &Path) {
    let cases = cases(lists);
    let mut tried = Tried { cases: &cases, known: HashMap::new() };
    let shipped = tried.f1(&Weights::SHIPPED).to_vec();
    let mut by_host: BTreeMap<&str, Weights> = BTreeMap::new();
    for case in &cases {
        if !by_host.contains_key(case.host.as_str()) {
            by_host.insert(&case.host, tried.chosen(&case.host));
        }
    }
    let mut left_out: Vec<f64> = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let by = by_host.get(case.host.as_str()).unwrap();
        left_out.push(tried.f1(by).get(number).copied().unwrap());
    }
    println!("{} pages of {} sites; {} sets of numbers tried\n", cases.len(), by_host.len(), tried.known.len());
    println!("{:16} pages  F1 shipped  F1 left out  F1≥.9 shipped  F1≥.9 left out", "set");
    for (number, (set, ..)) in SETS.iter().enumerate() {
        row(set, &cases, &shipped, &left_out, &|case| case.set == number);
    }
    row("all", &cases, &shipped, &left_out, &|_| true);
    println!("\n{:16} shipped  chosen           sites that chose another", "number");
    for (name, dial) in DIALS {
        let shipped = *dial(&mut Weights::SHIPPED.clone());
        let chosen: Vec<f64> = by_host.values().map(|by| *dial(&mut by.clone())).collect();
        let least = chosen.iter().copied().fold(f64::INFINITY, f64::min);
        let most = chosen.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let others = chosen.iter().filter(|value| **value != shipped).count();
        println!("{name:16} {shipped:7.3}  {:16} {others}", format!("{least:.3} to {most:.3}"));
    }
}

fn row(name: &str, cases: &[Case], shipped: &[f64], left_out: &[f64], is: &dyn Fn(&Case) -> bool) {
    let of =
        |f1: &[f64]| -> Vec<f64> { f1.iter().zip(cases).filter(|(_, case)| is(case)).map(|(f1, _)| *f1).collect() };
    let good = |f1: &[f64]| f1.iter().filter(|f1| **f1 >= 0.9).count() as f64 / f1.len().max(1) as f64;
    let (shipped, left_out) = (of(shipped), of(left_out));
    println!(
        "{name:16} {:5}  {:10.3}  {:11.3}  {:14.3}  {:14.3}",
        shipped.len(),
        mean(shipped.iter().copied()),
        mean(left_out.iter().copied()),
        good(&shipped),
        good(&left_out)
    );
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / count.max(1) as f64
}

fn cases(lists: &Path) -> Vec<Case> {
    let of_set = |(set, (name, ..)): (usize, &(&str, f64, f64))| {
        let text = std::fs::read_to_string(lists.join(format!("{name}.jsonl"))).unwrap();
        let golds: Vec<Gold> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        golds.into_iter().map(move |gold| {
            let page = page(lists, &gold);
            let host = page.url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
            Case { set, host, page, source: source(&gold), gold }
        })
    };
    SETS.iter().enumerate().flat_map(of_set).collect()
}
