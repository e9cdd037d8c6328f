//! How well redesigned pages are followed: every page of a corpus whose list is found is redesigned in eight ways, and replaced
//! by pages that are not its list.
//!
//! `cargo bench --bench repair` reads `$TEARSHEET_CORPUS` (default `../shared/corpus`); `-- SET` measures one set, and
//! `-- --pages` tells of each page that was not followed, `-- --page ID` measures one page.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run says why")]
#![expect(clippy::disallowed_methods, reason = "a bench has no daemon whose environment it could ask")]

#[path = "../tests/repair/mutate.rs"]
mod mutate;
#[path = "../tests/repair/trial.rs"]
mod trial;

use std::{collections::BTreeMap, io::Read as _, path::Path};

use serde::Deserialize;
use trial::{Came, Subject};

const SETS: [&str; 5] = ["zh-lists", "autopager-lists", "feedless", "portals", "juriscraper"];

#[derive(Deserialize)]
struct Saved {
    id: String,
    url: String,
    html: String,
    encoding: String,
    items: Vec<SavedItem>,
}

#[derive(Deserialize)]
struct SavedItem {
    link: String,
}

/// What came of one redesign on all pages.
#[derive(Default)]
struct Sum {
    kept: usize,
    repaired: usize,
    wrong: usize,
    lost: usize,
    proposed: usize,
    nothing: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let tells = arguments.iter().any(|word| word == "--pages");
    let folder = std::env::var("TEARSHEET_CORPUS").unwrap_or_else(|_| "../shared/corpus".to_owned());
    let lists = Path::new(&folder).join("listings");
    if !lists.is_dir() {
        println!("skipped: repair: {} is missing, set TEARSHEET_CORPUS", lists.display());
        return;
    }
    let wanted = |set: &&&str| {
        arguments.first().is_none_or(|word| word.starts_with("--")) || arguments.iter().any(|word| word == **set)
    };
    let mut sums: BTreeMap<usize, Sum> = BTreeMap::new();
    let mut fooled: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut pages = 0;
    for set in SETS.iter().filter(wanted) {
        let Ok(lines) = std::fs::read_to_string(lists.join(format!("{set}.jsonl"))) else { continue };
        for line in lines.lines() {
            let saved: Saved = serde_json::from_str(line).unwrap();
            let only = arguments.iter().position(|word| word == "--page").and_then(|at| arguments.get(at + 1));
            if only.is_some_and(|id| !saved.id.ends_with(id.as_str())) {
                continue;
            }
            let page = trial::page(&saved.url, &text(&lists, &saved));
            let truth: Vec<String> = saved.items.iter().map(|item| item.link.clone()).collect();
            let now = "2026-11-01T00:00:00Z".parse().unwrap();
            let Some(subject) = trial::subject(page, now, &truth) else { continue };
            pages += 1;
            for (number, (name, how)) in mutate::REDESIGNS.iter().enumerate() {
                let came = subject.after(*how);
                sums.entry(number).or_default().add(&came);
                if tells && !matches!(came, Came::Kept | Came::Repaired) {
                    println!("{} {name}: {} by `{}`: {came:?}", saved.id, subject.len(), subject.item());
                }
                if only.is_some() && !matches!(came, Came::Kept | Came::Repaired) {
                    subject.weighed(*how).iter().for_each(|rules| println!("   {name}: {rules}"));
                }
            }
            look_for_fools(&subject, &saved.id, tells, &mut fooled);
        }
    }
    println!("\n{pages} pages whose list is found");
    println!(
        "{:<28} {:>6} {:>9} {:>6} {:>6} {:>9} {:>8} {:>8}",
        "redesign", "kept", "repaired", "wrong", "lost", "proposed", "nothing", "right"
    );
    for (number, (name, _)) in mutate::REDESIGNS.iter().enumerate() {
        if let Some(sum) = sums.get(&number) {
            sum.print(name);
        }
    }
    println!("\n{:<28} wrongly taken", "replaced by");
    for (name, count) in fooled {
        println!("{name:<28} {count} of {pages}");
    }
}

fn look_for_fools(subject: &Subject, id: &str, tells: bool, fooled: &mut BTreeMap<&'static str, usize>) {
    for (name, text) in subject.impostors() {
        let wrong = subject.fooled_by(&text);
        *fooled.entry(name).or_default() += usize::from(!wrong.is_empty());
        if let (true, Some(first)) = (tells, wrong.first()) {
            println!(
                "{id} replaced by {name}: {} of {} by `{}`, {first:?}",
                wrong.len(),
                subject.len(),
                subject.item()
            );
        }
    }
}

impl Sum {
    fn add(&mut self, came: &Came) {
        match came {
            Came::Kept => self.kept += 1,
            Came::Repaired => self.repaired += 1,
            Came::Wrong(_) => self.wrong += 1,
            Came::Lost(_) => self.lost += 1,
            Came::Proposed(_) => self.proposed += 1,
            Came::Nothing => self.nothing += 1,
        }
    }

    fn print(&self, name: &str) {
        let right = self.kept + self.repaired;
        let all = right + self.wrong + self.lost + self.proposed + self.nothing;
        let Self { kept, repaired, wrong, lost, proposed, nothing } = self;
        let share = right as f64 / all.max(1) as f64;
        println!("{name:<28} {kept:>6} {repaired:>9} {wrong:>6} {lost:>6} {proposed:>9} {nothing:>8} {share:>8.3}");
    }
}

fn text(lists: &Path, saved: &Saved) -> String {
    let places = [lists.join(&saved.html), lists.join("..").join(&saved.html)];
    let file = places.iter().find(|path| path.is_file()).unwrap();
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut bytes).unwrap();
    let encoding = encoding_rs::Encoding::for_label(saved.encoding.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    encoding.decode(&bytes).0.into_owned()
}
