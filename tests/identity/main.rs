//! A reader that believes only guids sees each story once, whatever a site does with it over sixty days.
//!
//! - `sixty`: sixty days of a restless site through the real harvest and store. `places`: one story in many places, and bad
//!   input. `unchanged`: what did not change.
//! - Here: the same days, and laws, through refining and judging alone, with a map in place of the store.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on says why")]

mod places;
#[path = "../it/site.rs"]
#[expect(dead_code, reason = "the site of other tests, of which only pages are needed here")]
mod site;
mod sixty;
mod town;
mod unchanged;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use encoding_rs::UTF_8;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use proptest::prelude::*;
use tearsheet::{
    config::{self, NoSecret, Paint, Purpose, Surroundings},
    dedup::{self, Known},
    model::{
        Article, ArticleKey, Cadence, DateText, Draft, Item, Listing, Origin, Outcome, Page, Source, Validators,
        Verdict,
    },
    refine,
};
use url::Url;

const LIST: &str = "http://news.example/list/";

fn source() -> Arc<Source> {
    let text = format!("[[source]]\nid = \"site\"\nurl = {LIST:?}\nrepair = \"auto\"\n");
    let surroundings = Surroundings {
        file: "feeds.toml",
        system_zone: TimeZone::UTC,
        secrets: &|_| Err(NoSecret::NoVariable),
        purpose: Purpose::Serving,
    };
    let config = config::read(&text, &surroundings).map_err(|faults| faults.draw(Paint::Plain)).unwrap();
    config.sources.into_iter().next().unwrap()
}

fn page() -> Page {
    Page {
        asked: LIST.parse().unwrap(),
        url: LIST.parse().unwrap(),
        media_type: "text/html".to_owned(),
        bytes: Vec::new(),
        text: String::new(),
        encoding: UTF_8,
        language: None,
        validators: Validators::default(),
    }
}

fn drafts(items: Vec<Item>, now: Timestamp) -> Vec<Draft> {
    let listing = Listing {
        base: Url::parse(LIST).unwrap(),
        title: None,
        language: None,
        items,
        next: None,
        further: Vec::new(),
        cadence: Cadence::default(),
        outcome: Outcome::Read,
        problems: Vec::new(),
    };
    let refined = refine::refine(&source(), &page(), &listing, now);
    // Made-up items share addresses, which is told; nothing else may be.
    let other = refined.problems.iter().find(|problem| !problem.reason.contains("share the address of another"));
    assert_eq!(other, None);
    refined.drafts
}

fn item(title: &str, link: &str, day: &str) -> Item {
    let date = DateText { text: day.to_owned(), format: None, origin: Origin::List, year: None };
    Item { title: title.to_owned(), link: Some(link.to_owned()), dates: vec![date], ..Item::default() }
}

/// What a store would know.
#[derive(Default)]
struct Memory {
    articles: HashMap<ArticleKey, Arc<Article>>,
    aliases: HashMap<ArticleKey, ArticleKey>,
    /// Every guid that readers saw as new, in order.
    published: Vec<ArticleKey>,
    edits: usize,
}

impl Memory {
    fn find(&self, draft: &Draft) -> Option<Arc<Article>> {
        let mut keys = std::iter::once(&draft.key).chain(&draft.aliases);
        keys.find_map(|key| self.articles.get(self.aliases.get(key).unwrap_or(key))).cloned()
    }

    /// One visit, as harvesting does it.
    fn visit(&mut self, drafts: &[Draft], now: Timestamp) -> Vec<Verdict> {
        let unknown: Vec<&Draft> = drafts.iter().filter(|draft| self.find(draft).is_none()).collect();
        let before: Vec<Arc<Article>> = self.articles.values().cloned().collect();
        let shown: HashSet<ArticleKey> = drafts.iter().map(|draft| draft.key).collect();
        let moved = dedup::moved(&unknown, &before, &shown);
        let mut verdicts = Vec::new();
        for draft in drafts {
            let known = self.find(draft).or_else(|| moved.get(&draft.key).map(|article| Arc::clone(article)));
            let known = known.map_or(Known::Nothing, Known::Article);
            let verdict = dedup::judge(draft, known, now, &|_| true);
            match &verdict {
                Verdict::New(article) => self.published.push(article.key),
                Verdict::Changed(_) => self.edits += 1,
                _ => {}
            }
            if let Some(article) = verdict.written() {
                self.aliases.extend(article.aliases.iter().map(|alias| (*alias, article.key)));
                self.articles.insert(article.key, Arc::new(article.clone()));
            }
            verdicts.push(verdict);
        }
        verdicts
    }
}

fn day(number: i64) -> Timestamp {
    "2022-01-01T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * number)
}

/// A story of the site: its number is its identity.
struct Story {
    number: u32,
    born: i64,
    title: String,
}

/// How the site writes a story's address in each of its designs.
fn address(number: u32, design: u8, visit: i64) -> String {
    match design {
        0 => format!("http://news.example/list/2022/a{number}.html?utm_source=list{visit}"),
        1 => format!("/articles/{number}/index.html#top{visit}"),
        _ => format!("https://news.example/show.aspx?spm=1.{visit}&id={number}"),
    }
}

#[test]
fn sixty_days_of_a_restless_site_show_each_story_once() {
    let mut memory = Memory::default();
    let mut stories: Vec<Story> = Vec::new();
    let mut edits = 0;
    for today in 0..60_i64 {
        let design = if today < 20 {
            0
        } else if today < 40 {
            1
        } else {
            2
        };
        for _ in 0..=(today % 3) {
            let number = u32::try_from(stories.len()).unwrap();
            let quiet = today > 42 && number % 5 == 0;
            let title = if quiet {
                "通知公告".to_owned()
            } else {
                format!("第{number}条消息：某地电网工程第{}标段开工", number * 7)
            };
            stories.push(Story { number, born: today, title });
        }
        let redesigned = matches!(today, 20 | 40);
        if today % 7 == 3 && !redesigned {
            let last = stories.last_mut().filter(|story| story.born < today || today % 2 == 1);
            if let Some(story) = last.filter(|story| memory.articles.len() as u32 > story.number) {
                story.title.push_str("（更正）");
                edits += 1;
            }
        }
        for visit in 0..3 {
            let now = day(today) + SignedDuration::from_hours(4 * visit);
            let mut items = Vec::new();
            for story in stories.iter().rev().take(15) {
                // Some are taken away for two days and come back.
                let away = story.number % 6 == 1 && (2..4).contains(&(today - story.born));
                if away {
                    continue;
                }
                let link = address(story.number, design, visit);
                let date = day(story.born).strftime("%Y-%m-%d").to_string();
                if story.number % 4 == 0 && !redesigned {
                    // The headline block repeats it with its title cut.
                    let cut: String = story.title.chars().take(8).collect();
                    items.push(item(&format!("{cut}…"), &link, &date));
                }
                items.push(item(&story.title, &link, &date));
            }
            memory.visit(&drafts(items, now), now);
        }
    }
    assert_eq!(memory.published.len(), stories.len(), "guids that a reader saw");
    assert_eq!(memory.published.iter().collect::<BTreeSet<_>>().len(), stories.len());
    let titles: BTreeSet<&str> = memory.articles.values().map(|article| article.title.as_str()).collect();
    for story in stories.iter().filter(|story| story.title != "通知公告") {
        assert!(titles.contains(story.title.as_str()), "{}", story.title);
    }
    println!("{} stories, {} entries, {edits} edits", stories.len(), memory.published.len());
}

#[test]
fn new_addresses_overnight_are_aliases_of_the_first() {
    let mut memory = Memory::default();
    let items = |design| {
        (0..10).map(|n| item(&format!("某地电网工程第{n}标段开工"), &address(n, design, 0), "2022-01-01")).collect()
    };
    memory.visit(&drafts(items(0), day(1)), day(1));
    let first = memory.published.clone();
    memory.visit(&drafts(items(1), day(2)), day(2));
    memory.visit(&drafts(items(2), day(3)), day(3));
    assert_eq!(memory.published, first);
    assert!(memory.articles.values().all(|article| article.aliases.len() == 2));
    let again = memory.visit(&drafts(items(0), day(4)), day(4));
    assert!(again.iter().all(|verdict| matches!(verdict, Verdict::Seen(_))));
}

#[test]
fn titles_that_are_all_the_same_are_articles_of_their_own() {
    let mut memory = Memory::default();
    let items = |from: u32| (from..from + 5).map(|n| item("通知公告", &address(n, 0, 0), "2022-01-01")).collect();
    memory.visit(&drafts(items(0), day(1)), day(1));
    memory.visit(&drafts(items(5), day(1)), day(1));
    assert_eq!(memory.published.len(), 10);
}

#[test]
fn a_title_that_stands_twice_moves_nothing() {
    let mut memory = Memory::default();
    let title = "关于停电检修的公告";
    let items = |from: u32| (from..from + 2).map(|n| item(title, &address(n, 0, 0), "2022-01-01")).collect();
    memory.visit(&drafts(items(0), day(1)), day(1));
    memory.visit(&drafts(items(2), day(1)), day(1));
    assert_eq!(memory.published.len(), 4);
}

fn any_items() -> impl Strategy<Value = Vec<Item>> {
    let one = (0..30_u32, "[a-z通知公告电网…]{0,8}", 1..28_u8);
    let one = one.prop_map(|(n, title, day)| item(&title, &address(n, 0, 0), &format!("2022-01-{day:02}")));
    prop::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn judging_twice_gives_only_seen(items in any_items()) {
        let mut memory = Memory::default();
        let drafts = drafts(items, day(30));
        memory.visit(&drafts, day(30));
        for verdict in memory.visit(&drafts, day(31)) {
            prop_assert!(matches!(verdict, Verdict::Seen(_)), "{:?}", verdict);
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_change_the_articles((one, other) in any_items().prop_flat_map(|items| {
        (Just(items.clone()), Just(items).prop_shuffle())
    })) {
        let keys = |items: Vec<Item>, at: usize| {
            let mut memory = Memory::default();
            let rest = items[at.min(items.len())..].to_vec();
            memory.visit(&drafts(items[..at.min(items.len())].to_vec(), day(30)), day(30));
            memory.visit(&drafts(rest, day(30)), day(30));
            memory.published.into_iter().collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(keys(one, 40), keys(other, 40));
    }
}
