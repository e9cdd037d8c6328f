//! `tearsheet add`: finds a page's own feed or its list, shows it, and appends a `[[source]]` to feeds.toml.
//!
//! What stands in the file stays as it is, comments too: the source is written behind it, and only if the whole is a
//! configuration without a fault.

use anyhow::{Context, bail};
use ipnet::IpNet;
use url::Url;

use super::{
    args::{Add, Common},
    page, place, say, show, table,
    r#try::{self, Tried},
    written::{field, free_id, replace, text},
};
use crate::daemon::Clock;
use crate::extract;
use crate::harvest::Watched;
use crate::model::{Kind, Page, Rules};
use crate::reading::url as address;

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
    let listing = table::listing(&tried);
    if tried.items.is_empty() {
        show(format_args!("{listing}"))?;
        let problem = tried.problems.first();
        bail!("nothing was added: {}", problem.map_or("the page has no items", |problem| problem.reason.as_str()));
    }
    let taken = |id: &str| file.read().is_ok_and(|config| config.feeds.iter().any(|feed| feed.id.as_str() == id));
    let id = what.id.clone().unwrap_or_else(|| {
        let title = extract::read(&page, None, None).title;
        free_id(&page.asked, title.as_deref(), taken)
    });
    let block = block(&id, &page.asked, &tried, rules.as_ref(), &common.allow_private);
    let text = file.with(&block)?;
    replace(&file.path, &text)?;
    // Only now: a reader that goes away after some lines shall not stop it half way.
    show(format_args!("{listing}\nadded to {}:\n{block}\n", file.path.display()))?;
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
        say(format_args!("the page announces a feed of its own, which is taken: {url}"));
        (watched, feed)
    })
}

/// The source as feeds.toml writes it. The networks that the person allowed for this page are the source's too: without
/// them, what was just read could not be visited.
fn block(id: &str, url: &Url, tried: &Tried, rules: Option<&Rules>, allowed: &[IpNet]) -> String {
    let mut block = format!("\n[[source]]\nid = {}\nurl = {}\n", text(id), text(url.as_str()));
    if !allowed.is_empty() {
        let networks: Vec<String> = allowed.iter().map(|network| text(&network.to_string())).collect();
        block.push_str(&format!("allow_private = [{}]\n", networks.join(", ")));
    }
    let Some(rules) = rules.filter(|_| tried.kind == Kind::Html.word()) else { return block };
    block.push_str(&format!("item = {}\n", text(&rules.item)));
    for (name, rule) in rules.fields() {
        block.push_str(&format!("{name} = {}\n", field(rule)));
    }
    block
}
