//! `tearsheet add`: finds a page's own feed, API or list, shows it, and appends a `[[source]]` to feeds.toml.
//!
//! What stands in the file stays as it is, comments too: the source is written behind it, and only if the whole is a
//! configuration without a fault.

use anyhow::{Context, bail};
use ipnet::IpNet;
use url::Url;

use super::{
    args::{Add, Common},
    network::Asker,
    own, page, place, show, table,
    r#try::{self, Reading},
    written::{field, free_id, replace, text},
};
use crate::daemon::{Clock, ConfigFile};
use crate::model::{Kind, Rules};
use crate::reading::text::{cut, line, printable};

/// Signs of a page's title that are written above its source.
const TITLE: usize = 80;

/// Runs the command.
pub(super) fn run(common: &Common, what: &Add) -> anyhow::Result<()> {
    let file = place::config(common);
    let url = address_of(&what.url)?;
    new(&file, &url)?;
    let taken = |id: &str| file.read().is_ok_and(|config| config.feeds().iter().any(|feed| feed.id.as_str() == id));
    if let Some(id) = what.id.as_ref().filter(|id| taken(id.as_str())) {
        bail!("{} has a source or feed {id} already: give another --id", file.path.display());
    }
    let watched = page::watched(common, url.as_str())?;
    let mut asker = Asker::new(common);
    let page = page::read(&mut asker, &watched, &url, None)?;
    // Where the host says that the page is elsewhere, it may be a source under that address.
    new(&file, &page.url)?;
    let reading = Reading::of(&watched.source, &page)?;
    let (watched, page, reading) = match own::find(&mut asker, &page, &reading) {
        Some(found) => {
            new(&file, &found.1.asked)?;
            found
        }
        None => (watched, page, reading),
    };
    let title = reading.listing.title.clone();
    let (mut tried, rules) = r#try::tried(&watched.source, &page, reading, Clock::system().now());
    // What became of them is told.
    tried.feeds.clear();
    let listing = table::first(&tried);
    if tried.items.is_empty() {
        show(format_args!("{listing}"))?;
        let problem = tried.problems.first();
        bail!("nothing was added: {}", problem.map_or("the page has no items", |problem| problem.reason.as_str()));
    }
    let id = match &what.id {
        Some(id) => id.to_string(),
        None => free_id(&page.asked, title.as_deref(), taken),
    };
    let rules = rules.as_ref().filter(|_| tried.kind == Kind::Html.word());
    let allowed = &common.allow_private;
    let block = Block { id: &id, url: &page.asked, title: title.as_deref(), allowed, rules }.written();
    let text = file.with(&block)?;
    replace(&file.path, &text)?;
    // Only now: a reader that goes away after some lines shall not stop it half way.
    show(format_args!(
        "{listing}
added to {}:
{block}
its feed, once `tearsheet serve` runs: /feeds/{id} in a browser, and .rss, .atom or .json behind it \
         in a reader
",
        file.path.display()
    ))?;
    Ok(())
}

/// The address as it was typed.
fn address_of(typed: &str) -> anyhow::Result<Url> {
    let url = Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.with_context(|| format!("{typed:?} is no address: it starts with http:// or https://"))
}

/// Whether the file has no source of that address yet.
fn new(file: &ConfigFile, url: &Url) -> anyhow::Result<()> {
    match file.source_named(url)? {
        Some(source) => bail!("{} has this page already, as {} ({url})", file.path.display(), source.id),
        None => Ok(()),
    }
}

/// A source that is to be written into feeds.toml.
struct Block<'a> {
    id: &'a str,
    url: &'a Url,
    /// What the page calls itself: an id says little years later.
    title: Option<&'a str>,
    /// The networks that the person allowed for this page. They are the source's too: without them, what was just read could not be
    /// visited.
    allowed: &'a [IpNet],
    /// The rules that were found; none where the page needs none.
    rules: Option<&'a Rules>,
}

impl Block<'_> {
    /// The source as feeds.toml writes it, under the page's title.
    fn written(&self) -> String {
        let title = self.title.and_then(heading).map(|title| format!("# {title}\n")).unwrap_or_default();
        let mut block = format!("\n{title}[[source]]\nid = {}\nurl = {}\n", text(self.id), text(self.url.as_str()));
        if !self.allowed.is_empty() {
            let networks: Vec<String> = self.allowed.iter().map(|network| text(&network.to_string())).collect();
            block.push_str(&format!("allow_private = [{}]\n", networks.join(", ")));
        }
        let Some(rules) = self.rules else { return block };
        block.push_str(&format!("item = {}\n", text(&rules.item)));
        for (name, rule) in rules.fields() {
            block.push_str(&format!("{name} = {}\n", field(rule)));
        }
        block
    }
}

/// A page's title as a comment: in one line, without the signs by which pages part it from the site's name; `None` where no word is left.
fn heading(title: &str) -> Option<String> {
    let title = line(title);
    let title = printable(&title);
    let parts = |sign: char| sign.is_whitespace() || "-–—|•·»«:/".contains(sign);
    let title = cut(title.trim_matches(parts), TITLE);
    title.contains(char::is_alphanumeric).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::heading;

    #[test]
    fn the_comment_over_a_source_is_a_title_or_none() {
        let told = |title: &str| heading(title).unwrap_or_default();
        assert_eq!(told(" - ETH SPH"), "ETH SPH");
        assert_eq!(told("News | Portal »\n"), "News | Portal");
        assert_eq!(told("《逆水寒》官网论坛"), "《逆水寒》官网论坛");
        assert_eq!(told("•"), "");
        assert_eq!(told("News\n[[source]]"), "News [[source]]");
    }
}
