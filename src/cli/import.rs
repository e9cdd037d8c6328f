//! `tearsheet import`: the subscriptions of another reader, as OPML, become `[[source]]`s at the end of feeds.toml.
//!
//! What FreshRSS scrapes is taken over where a CSS selector or a JSONPath says the same as its rule; else the list is looked
//! for as on any page, and the file says in a comment what was left out. The file is written only if all of it is without a fault.

use std::{collections::HashSet, fs, path::Path};

use anyhow::{Context, bail};
use encoding_rs::UTF_8;
use url::Url;

use super::{
    args::Common,
    place, say, show,
    written::{free_id, replace, text},
};
use crate::config::Config;
use crate::extract::{
    opml::{self, Subscription},
    xpath,
};

/// Largest list that is read; ten thousand subscriptions are a tenth of it.
const LARGEST: u64 = 10 << 20;

/// FreshRSS's names of the fields of an item, and ours.
const FIELDS: [(&str, &str); 7] = [
    ("title", "title"),
    ("uri", "link"),
    ("timestamp", "date"),
    ("content", "summary"),
    ("thumbnail", "image"),
    ("author", "author"),
    ("categories", "category"),
];

/// Runs the command.
pub(super) fn run(common: &Common, from: &Path) -> anyhow::Result<()> {
    let subscriptions = opml::subscriptions(&read(from)?).with_context(|| from.display().to_string())?;
    let file = place::config(common);
    // A missing file is an empty one.
    let before = if file.path.exists() { Some(file.read()?) } else { None };
    let mut ids: HashSet<String> = before.iter().flat_map(Config::feeds).map(|feed| feed.id.to_string()).collect();
    let mut urls: HashSet<Url> =
        before.iter().flat_map(|config| &config.sources).flat_map(|source| source.urls.clone()).collect();
    let (mut blocks, mut added, mut told) = (String::new(), Vec::new(), Vec::new());
    for subscription in &subscriptions {
        let name = shown(subscription);
        if subscription.url.is_empty() {
            told.push(format!("{name}: left out, it has no address (`xmlUrl`)"));
            continue;
        }
        let Some(url) = Url::parse(&subscription.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
        else {
            told.push(format!("{name}: left out, its address is not one of http or https"));
            continue;
        };
        if !urls.insert(url.clone()) {
            told.push(format!("{name}: left out, feeds.toml has its address already"));
            continue;
        }
        let id = free_id(&url, None, |id| ids.contains(id));
        ids.insert(id.clone());
        let (block, lost) = block(&id, &url, subscription);
        told.extend(lost.iter().map(|what| format!("{name}: {what}")));
        blocks.push_str(&block);
        added.push(format!("{id}  {name}\n"));
    }
    for line in &told {
        say(format_args!("{line}"));
    }
    if added.is_empty() {
        bail!("nothing was imported: none of its {} subscriptions is new", subscriptions.len());
    }
    let text = file.with(&blocks)?;
    replace(&file.path, &text)?;
    show(format_args!(
        "{} of {} subscriptions were added to {}, under these ids:\n{}",
        added.len(),
        subscriptions.len(),
        file.path.display(),
        added.concat()
    ))?;
    Ok(())
}

/// The list as text, by its byte order mark or as UTF-8.
fn read(from: &Path) -> anyhow::Result<String> {
    let naming = || format!("reading {}", from.display());
    let length = fs::metadata(from).with_context(naming)?.len();
    if length > LARGEST {
        bail!("{} is larger than 10 MiB, which no list of subscriptions is", from.display());
    }
    let bytes = fs::read(from).with_context(naming)?;
    Ok(UTF_8.decode(&bytes).0.into_owned())
}

/// The source as feeds.toml writes it, and what of the subscription could not be taken over.
fn block(id: &str, url: &Url, subscription: &Subscription) -> (String, Vec<String>) {
    let mut block = format!("\n[[source]]\nid = {}\n", text(id));
    let title = line(&subscription.title);
    if !title.is_empty() {
        block.push_str(&format!("name = {}\n", text(&title)));
    }
    block.push_str(&format!("url = {}\n", text(url.as_str())));
    let tags: Vec<String> = subscription.folders.iter().map(|folder| text(&line(folder))).collect();
    if !tags.is_empty() {
        block.push_str(&format!("tags = [{}]\n", tags.join(", ")));
    }
    let mut lost = Vec::new();
    match rules(subscription) {
        Ok(rules) => rules.iter().for_each(|(name, rule)| block.push_str(&format!("{name} = {}\n", text(rule)))),
        Err(what) => {
            // It stands where whoever reads the file next can act on it.
            block.push_str(&format!("# FreshRSS's rule could not be taken over ({what}): the list is looked for\n"));
            lost.push(format!(
                "its rule could not be taken over ({what}); `tearsheet try {id}` shows what is found without it"
            ));
        }
    }
    if let Some(content) = subscription.scraping.get("cssfullcontent").filter(|content| !content.trim().is_empty()) {
        block.push_str(&format!("full_text = true\ncontent = {}\n", text(content.trim())));
    }
    (block, lost)
}

/// The rules of a page that FreshRSS scrapes, in our words; none for a feed.
///
/// # Errors
/// What cannot be said, in words.
fn rules(subscription: &Subscription) -> Result<Vec<(&'static str, String)>, String> {
    let of = |name: &str| subscription.scraping.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let named = |kind: &str, name: &str| of(&format!("{kind}item{name}"));
    match subscription.kind.as_str() {
        "html+xpath" => {
            let item = named("xpath", "").ok_or("it names no item")?;
            let item = xpath::css(item)
                .filter(|item| item.attr.is_none())
                .ok_or("its item is an XPath that CSS cannot say")?;
            let item = item.select.trim_start_matches("> ").to_owned();
            let mut rules = vec![("item", item)];
            for (theirs, ours) in FIELDS {
                let Some(path) = named("xpath", theirs) else { continue };
                // From the root of the page, not from the item.
                let selected = Some(path).filter(|path| !path.starts_with('/')).and_then(xpath::css);
                let Some(selected) = selected else {
                    return Err(format!("its {ours} is an XPath that CSS cannot say"));
                };
                rules.push((
                    ours,
                    selected.attr.map_or(selected.select.clone(), |attr| format!("{}@{attr}", selected.select)),
                ));
            }
            Ok(rules)
        }
        "json+dotnotation" | "json+dotpath" => {
            let item = named("json", "").ok_or("it names no item")?;
            let mut rules = vec![("item", format!("$.{}[*]", item.trim_start_matches("$.")))];
            rules.extend(FIELDS.iter().filter_map(|&(theirs, ours)| Some((ours, named("json", theirs)?.to_owned()))));
            Ok(rules)
        }
        kind if kind.contains('+') => Err(format!("its kind, {}, is none that tearsheet has", line(kind))),
        _ => Ok(Vec::new()),
    }
}

/// A subscription's name for one line of a terminal.
fn shown(subscription: &Subscription) -> String {
    let named = [&subscription.title, &subscription.url].into_iter().find(|name| !name.is_empty());
    named.map_or_else(|| "an outline without a name".to_owned(), |name| line(name))
}

/// Text of a stranger in one line, without what a terminal or a comment would obey.
fn line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|sign| !sign.is_control()).take(200).collect()
}
