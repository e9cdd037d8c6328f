//! `tearsheet add`: finds a page's own feed or its list, shows it, and appends a `[[source]]` to feeds.toml.
//!
//! What stands in the file stays as it is, comments too: the source is written behind it, and only if the whole is a
//! configuration without a fault.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, bail};
use url::Url;

use super::{
    args::{Add, Common},
    page, place, table,
    r#try::{self, Tried},
};
use crate::daemon::Clock;
use crate::extract;
use crate::harvest::Watched;
use crate::model::{FieldRule, Kind, Page, Rules};
use crate::reading::url as address;

/// Longest id that is made of an address.
const LONGEST_ID: usize = 40;

/// Runs the command.
pub(super) fn run(common: &Common, what: &Add) -> anyhow::Result<()> {
    let file = place::config(common);
    let url = Url::parse(&what.url).context("an address starts with http:// or https://")?;
    if let Some(source) = file.source_named(&url)? {
        bail!("{} has this page already, as {}", file.path.display(), source.id);
    }
    let watched = page::watched(common, url.as_str())?;
    let page = page::read(common, &watched, &url, None)?;
    let (watched, page) = own_feed(common, &page).unwrap_or((watched, page));
    let (tried, rules) = r#try::tried(&watched, &page, Clock::system().now());
    print!("{}", table::listing(&tried));
    if tried.items.is_empty() {
        let problem = tried.problems.first();
        bail!("nothing was added: {}", problem.map_or("the page has no items", |problem| problem.reason.as_str()));
    }
    let taken = |id: &str| file.read().is_ok_and(|config| config.feeds.iter().any(|feed| feed.id.as_str() == id));
    let id = what.id.clone().unwrap_or_else(|| free_id(&page.asked, taken));
    let block = block(&id, &page.asked, &tried, rules.as_ref());
    let text = file.with(&block)?;
    replace(&file.path, &text)?;
    println!("\nadded to {}:\n{block}", file.path.display());
    Ok(())
}

/// The feed that the page announces, if it has articles: it is the site's own word, and better than its list.
fn own_feed(common: &Common, page: &Page) -> Option<(Watched, Page)> {
    if extract::sniff(page) != Kind::Html {
        return None;
    }
    let (listing, detection) = extract::read_detected(page);
    let announced = detection.feeds.first()?;
    let url = address::join(&listing.base, announced, page.encoding).ok()?;
    let watched = page::watched(common, url.as_str()).ok()?;
    let feed = page::read(common, &watched, &url, None).ok()?;
    let good = extract::sniff(&feed) == Kind::Feed && !extract::read(&feed, None, None).items.is_empty();
    good.then(|| {
        eprintln!("the page announces a feed of its own, which is taken: {url}");
        (watched, feed)
    })
}

/// The source as feeds.toml writes it.
fn block(id: &str, url: &Url, tried: &Tried, rules: Option<&Rules>) -> String {
    let mut block = format!("\n[[source]]\nid = {}\nurl = {}\n", text(id), text(url.as_str()));
    let Some(rules) = rules.filter(|_| tried.kind == Kind::Html.word()) else { return block };
    block.push_str(&format!("item = {}\n", text(&rules.item)));
    for (name, rule) in rules.fields() {
        block.push_str(&format!("{name} = {}\n", field(rule)));
    }
    block
}

/// A field rule in its short form where that says all of it.
fn field(rule: &FieldRule) -> String {
    let plain = FieldRule { select: rule.select.clone(), attr: rule.attr.clone(), ..FieldRule::default() };
    if rule == &plain {
        return text(&rule.short());
    }
    let mut parts = vec![format!("select = {}", text(&rule.select))];
    let texts = [
        ("attr", rule.attr.as_deref()),
        ("regex", rule.regex.as_deref()),
        ("replace", rule.replace.as_deref()),
        ("format", rule.format.as_deref()),
        ("join", rule.join.as_deref()),
    ];
    parts.extend(texts.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", text(value?)))));
    parts.extend(rule.html.map(|html| format!("html = {html}")));
    format!("{{ {} }}", parts.join(", "))
}

/// A TOML string.
fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

/// An id made of the host's name and the path's last word, that is not `taken`.
fn free_id(url: &Url, taken: impl Fn(&str) -> bool) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let name = host.split('.').next().unwrap_or_default();
    let last = url.path_segments().and_then(|parts| parts.rev().find(|part| !part.is_empty()).map(str::to_owned));
    let last = last.map(|last| last.split('.').next().unwrap_or_default().to_owned()).unwrap_or_default();
    let words = format!("{name}-{last}").to_lowercase();
    let plain: String = words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let id: String = parts.join("-").chars().take(LONGEST_ID).collect();
    let id = if id.is_empty() { "page".to_owned() } else { id };
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    std::iter::once(id.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or(id)
}

/// Writes the file so that no reader sees half of it.
fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let next = path.with_extension("toml.next");
    let mut file = fs::File::create(&next).with_context(|| format!("writing {}", next.display()))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&next, path).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_host_and_path() {
        let id = |url: &str| free_id(&Url::parse(url).unwrap(), |id| id == "portal-news");
        assert_eq!(id("http://www.portal.example/dww/"), "portal-dww");
        assert_eq!(id("http://portal.example/a/News/index_2.html?x=1"), "portal-index-2");
        assert_eq!(id("http://portal.example/news.html"), "portal-news-2");
        assert_eq!(id("http://127.0.0.1:80/电网/"), "127-e7-94-b5-e7-bd-91");
    }

    #[test]
    fn a_rule_is_short_where_it_can_be() {
        let rule = FieldRule { select: "a".into(), attr: Some("href".into()), ..FieldRule::default() };
        assert_eq!(field(&rule), "\"a@href\"");
        let rule = FieldRule { format: Some("%Y".into()), ..rule };
        assert_eq!(field(&rule), "{ select = \"a\", attr = \"href\", format = \"%Y\" }");
    }
}
