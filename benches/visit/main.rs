//! What the visit of a changed page does with it, stage by stage, beside scraper's bare parse and select of the same page: a
//! made one (`page`) that shows one article more than at the visit before; and what making a feed of its articles takes.
//!
//! `cargo bench --bench visit` prints the least time of each stage and the ratio. `-- STAGE TIMES` runs one stage so often and
//! prints the page's size alone: `scripts/visit-cost` counts the instructions so. A stage's input is made before it, once.

#![expect(clippy::unwrap_used, clippy::unreachable, reason = "a bench that cannot run says why")]

mod page;

use std::{
    collections::HashMap,
    env,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::TimeZone};
use scraper::{Html, Selector};
use tearsheet::{
    config::{self, NoSecret, Paint, Purpose, Surroundings},
    dedup::{self, Known},
    extract::{self, Recipe},
    feed::{self, Format},
    fetch,
    model::{Article, ArticleKey, Document, Draft, Kind, Listing, Page, Source, Validators, Verdict},
    reading::dom::{self, Limits},
    refine,
};

/// Items of the page.
const ROWS: usize = 40;

/// Each time is the least of so many runs, which disturbs it least.
const RUNS: usize = 200;

/// Scraper alone, the stages in their order, all of them together, and the feed. `read` is `parse` and what extraction adds to it.
const STAGES: [&str; 8] = ["bare", "decode", "parse", "read", "refine", "dedup", "visit", "render"];

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let bench = Bench::new();
    println!("page: {} bytes, {} items", bench.page.bytes.len(), bench.listing.items.len());
    if let [stage, times] = args.as_slice() {
        for _ in 0..times.parse().unwrap() {
            bench.run(stage);
        }
        return;
    }
    let times = STAGES.map(|stage| bench.least(stage));
    for (stage, time) in STAGES.iter().zip(times) {
        println!("{stage:<8} {:>9.3} ms", time.as_secs_f64() * 1e3);
    }
    let [bare, .., visit, _] = times;
    println!("ratio of visit to bare: {:.2}", visit.as_secs_f64() / bare.as_secs_f64());
}

/// What each stage begins with.
struct Bench {
    source: Arc<Source>,
    recipe: Recipe,
    now: Timestamp,
    page: Page,
    listing: Listing,
    drafts: Vec<Draft>,
    known: HashMap<ArticleKey, Arc<Article>>,
    document: Document,
    item: Selector,
    fields: [Selector; 5],
}

impl Bench {
    fn new() -> Self {
        let source = source();
        let recipe = Recipe::compile(source.rules.as_ref().unwrap(), Kind::Html).unwrap();
        let now = "2024-04-02T08:00:00Z".parse().unwrap();
        // The visit before.
        let before = decoded(page::listing(ROWS, ROWS).into_bytes());
        let listing = extract::read(&before, Some(&recipe), None);
        let first = refine::refine(&source, &before, &listing, now).drafts;
        let stored = first.iter().map(|draft| match dedup::judge(draft, Known::Nothing, now, &|_| true) {
            Verdict::New(article) => (article.key, Arc::new(article)),
            other => unreachable!("nothing is known, and yet: {other:?}"),
        });
        let known: HashMap<ArticleKey, Arc<Article>> = stored.collect();
        let document = document(&source, first.iter().filter_map(|draft| known.get(&draft.key)));
        let page = decoded(page::listing(ROWS, ROWS + 1).into_bytes());
        let listing = extract::read(&page, Some(&recipe), None);
        let drafts = refine::refine(&source, &page, &listing, now).drafts;
        assert_eq!(drafts.len(), ROWS, "each row is an article");
        assert!(
            drafts.iter().all(|draft| draft.published.is_some() && draft.summary.is_some() && draft.image.is_some())
        );
        let (item, fields) =
            (Selector::parse(page::ITEM).unwrap(), page::FIELDS.map(|it| Selector::parse(it).unwrap()));
        Self { source, recipe, now, page, listing, drafts, known, document, item, fields }
    }

    fn run(&self, stage: &str) {
        match stage {
            "bare" => self.bare(),
            "decode" => drop(black_box(fetch::decode(&self.page.bytes, Some("utf-8"), &self.page.url))),
            "parse" => drop(black_box(dom::parse(&self.page.text, &Limits::default()))),
            "read" => drop(black_box(extract::read(&self.page, Some(&self.recipe), None))),
            "refine" => drop(black_box(self.refine(&self.page, &self.listing))),
            "dedup" => self.judge(&self.drafts),
            "visit" => {
                let page = decoded(self.page.bytes.clone());
                let listing = extract::read(&page, Some(&self.recipe), None);
                self.judge(&self.refine(&page, &listing));
            }
            // Rendered and named by its bytes, in one coding, as for the first reader.
            "render" => drop(black_box(Format::Rss.render(&self.document))),
            other => eprintln!("no stage is called {other}: {STAGES:?}"),
        }
    }

    fn bare(&self) {
        let html = Html::parse_document(black_box(&self.page.text));
        for row in html.select(&self.item) {
            for field in &self.fields {
                black_box(row.select(field).next().map(|found| found.text().collect::<String>()));
            }
        }
    }

    fn refine(&self, page: &Page, listing: &Listing) -> Vec<Draft> {
        refine::gather(refine::refine(&self.source, page, listing, self.now).drafts)
    }

    fn judge(&self, drafts: &[Draft]) {
        for draft in drafts {
            let known = self.known.get(&draft.key).map_or(Known::Nothing, |article| Known::Article(article.clone()));
            black_box(dedup::judge(draft, known, self.now, &|_| true));
        }
    }

    fn least(&self, stage: &str) -> Duration {
        let run = || {
            let start = Instant::now();
            self.run(stage);
            start.elapsed()
        };
        (0..RUNS).map(|_| run()).min().unwrap_or_default()
    }
}

/// The source as a person writes it.
fn source() -> Arc<Source> {
    let [title, link, date, summary, image] = page::FIELDS;
    let text = format!(
        "[[source]]\nid = \"power\"\nurl = \"{}\"\nitem = \"{}\"\ntitle = \"{title}\"\nlink = \"{link}@href\"\n\
         date = \"{date}\"\nsummary = \"{summary}\"\nimage = \"{image}\"\n",
        page::ADDRESS,
        page::ITEM
    );
    let surroundings = Surroundings {
        file: "feeds.toml",
        system_zone: TimeZone::UTC,
        secrets: &|_| Err(NoSecret::NoVariable),
        purpose: Purpose::Serving,
    };
    let config = config::read(&text, &surroundings).map_err(|faults| faults.draw(Paint::Plain)).unwrap();
    config.sources.into_iter().next().unwrap()
}

/// The feed of `articles`, the newest first.
fn document<'a>(source: &Source, articles: impl Iterator<Item = &'a Arc<Article>>) -> Document {
    let spec = config::alone(source);
    let found: Vec<_> = articles.cloned().collect();
    let document = feed::document(&spec, "Power", "http://127.0.0.1:7878", feed::select(&spec, vec![found]));
    assert_eq!(document.entries.len(), ROWS, "each article is an entry");
    document
}

/// The page as it comes over the network.
fn decoded(bytes: Vec<u8>) -> Page {
    let url: url::Url = page::ADDRESS.parse().unwrap();
    let decoded = fetch::decode(&bytes, Some("utf-8"), &url);
    Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes,
        text: decoded.text,
        encoding: decoded.encoding,
        language: None,
        validators: Validators::default(),
    }
}
