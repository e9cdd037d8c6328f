//! Sixty days of a site that redesigns its addresses, repeats, cuts, edits, re-dates, deletes and re-adds: a reader that believes only
//! guids sees each story once, and never with another date.

use std::collections::{BTreeMap, BTreeSet};

use tearsheet::feed::Format;

use crate::{
    address, day,
    site::Site,
    town::{Town, row, source},
};

const VISITS: i64 = 2;

struct Story {
    number: u32,
    born: i64,
    title: String,
}

/// The reader: what it was shown, by guid: the number of the story, and its date.
#[derive(Default)]
struct Reader {
    seen: BTreeMap<String, (u32, String)>,
}

impl Reader {
    fn read(&mut self, json: &str) {
        let feed: serde_json::Value = serde_json::from_str(json).unwrap();
        for item in feed["items"].as_array().unwrap() {
            let text = |name: &str| item[name].as_str().unwrap().to_owned();
            let url = text("url");
            let digits: String = url.rsplit(['a', '/', '=']).find_map(number).unwrap();
            let story = (digits.parse().unwrap(), text("date_published"));
            let before = self.seen.entry(text("id")).or_insert_with(|| story.clone());
            assert_eq!(*before, story, "an entry changed its story or its date");
        }
    }
}

fn number(part: &str) -> Option<String> {
    let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

fn config(site: &Site) -> String {
    source(site, "site", "/list/", "")
}

#[test]
fn sixty_days_through_the_harvest_show_each_story_once() {
    let mut town = Town::new(config);
    let mut reader = Reader::default();
    let mut stories: Vec<Story> = Vec::new();
    let (mut edits, mut told) = (0, BTreeSet::new());
    for today in 0..60_i64 {
        let design = u8::try_from(today / 20).unwrap();
        let redesigned = matches!(today, 20 | 40);
        for _ in 0..=(today % 3) {
            let number = u32::try_from(stories.len()).unwrap();
            let same = today > 42 && number % 5 == 0;
            let title = format!("第{number}条消息：某地电网工程第{}标段开工", number * 7);
            stories.push(Story { number, born: today, title: if same { "通知公告".to_owned() } else { title } });
        }
        if today % 7 == 3
            && !redesigned
            && let Some(story) = stories.iter_mut().rev().find(|story| story.born < today)
        {
            story.title.push_str("（更正）");
            edits += 1;
        }
        for visit in 0..VISITS {
            let now = day(today) + jiff::SignedDuration::from_hours(4 * visit);
            let (mut rows, mut headlines) = (Vec::new(), Vec::new());
            for story in stories.iter().rev().take(15) {
                let age = today - story.born;
                // Some are taken away for two days and come back.
                if story.number % 6 == 1 && (2..4).contains(&age) {
                    continue;
                }
                told.insert(story.number);
                let link = address(story.number, design, visit);
                // Some are given today's date again.
                let dated = if story.number % 7 == 2 && age > 1 && !redesigned { today } else { story.born };
                let date = day(dated).strftime("%Y-%m-%d").to_string();
                if story.number % 4 == 0 && !redesigned {
                    let cut: String = story.title.chars().take(8).collect();
                    headlines.push(row(&link, &format!("{cut}…"), &date));
                }
                if story.number % 9 == 3 {
                    // Once more among related reading, with its category before it.
                    headlines.push(row(&link, &format!("[电网] {}", story.title), &date));
                }
                rows.push(row(&link, &story.title, &date));
            }
            if today % 2 == 0 {
                rows.reverse();
            }
            town.site.list("/list/", &[headlines, rows].concat());
            let visited = town.visit("site", now);
            assert!(visited.report.outcome.is_success(), "day {today}: {:?}", visited.report);
            reader.read(&town.written("site", Format::Json));
        }
        if today == 33 {
            let text = config(&town.site);
            town.restart(&text);
        }
    }
    let numbers: BTreeSet<u32> = reader.seen.values().map(|(number, _)| *number).collect();
    println!("{} stories, {} guids, {edits} edits", told.len(), reader.seen.len());
    assert_eq!(numbers, told, "stories that the reader saw");
    assert_eq!(reader.seen.len(), told.len(), "guids that the reader saw");
    assert_eq!(town.articles("site").len(), told.len());
}
