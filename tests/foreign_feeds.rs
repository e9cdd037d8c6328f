//! Feeds of parsers' and validators' test sets, read as they are found: how many bring entries.
//!
//! The sets are no part of the repository; the test reads them from `TEARSHEET_CORPUS` and skips without them.

#![expect(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use tearsheet::{
    extract,
    model::{Kind, Page, Problem, Validators},
};

#[test]
fn foreign_feeds_bring_their_entries() {
    let corpus = std::env::var_os("TEARSHEET_CORPUS").map_or_else(|| PathBuf::from("../shared/corpus"), PathBuf::from);
    let home = corpus.join("feeds");
    if !home.is_dir() {
        println!("skipped: {} is missing; set TEARSHEET_CORPUS to measure on it", home.display());
        return;
    }
    let mut sets: Vec<_> = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().path()).collect();
    sets.sort();
    let show = std::env::var_os("SHOW_MISSED").is_some();
    let (mut all_ours, mut all_bare) = (0, 0);
    for set in sets {
        let mut files = Vec::new();
        walk(&set, &mut files);
        let (mut feeds, mut with_items, mut ours, mut bare) = (0, 0, 0, 0);
        for file in files {
            let bytes = fs::read(&file).unwrap();
            let page = page(&bytes);
            if extract::sniff(&page) != Kind::Feed {
                continue;
            }
            feeds += 1;
            let text = page.text.to_ascii_lowercase();
            let has_items = ["<item", "<entry", ":item", ":entry", "\"items\""].iter().any(|mark| text.contains(mark));
            with_items += usize::from(has_items);
            let listing = extract::read(&page, None, None);
            // These sets hold entries of one element alone, as an author; they are met, told, and no items.
            let is_empty_entry = |problem: &Problem| problem.reason == "the entry is empty";
            let is_met = !listing.items.is_empty() || listing.problems.iter().any(is_empty_entry);
            ours += usize::from(is_met);
            bare += usize::from(feed_rs::parser::parse(bytes.as_slice()).is_ok_and(|feed| !feed.entries.is_empty()));
            if show && has_items && !is_met {
                println!("{}: {:?}", file.display(), listing.problems.first().map(|problem| &problem.reason));
            }
        }
        println!(
            "{}: {feeds} feeds, {with_items} with items; entries got from {ours}, by feed-rs alone from {bare}",
            set.file_name().unwrap().to_string_lossy()
        );
        all_ours += ours;
        all_bare += bare;
    }
    println!("in all: {all_ours}, by feed-rs alone {all_bare}");
    assert!(all_ours > all_bare, "mending lost feeds: {all_ours} against {all_bare}");
}

fn page(bytes: &[u8]) -> Page {
    let url: url::Url = "https://feeds.example/feed.xml".parse().unwrap();
    let encoding = encoding_rs::Encoding::for_bom(bytes).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding);
    Page {
        asked: url.clone(),
        url,
        media_type: String::new(),
        text: encoding.decode(bytes).0.into_owned(),
        bytes: bytes.to_vec(),
        encoding,
        language: None,
        validators: Validators::default(),
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    if folder.is_file() {
        files.push(folder.to_owned());
        return;
    }
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        walk(&entry, files);
    }
}
