//! What a page's host offers in place of its markup: [`find`] asks for the feeds that the page announces, for those to which it
//! links, for feeds at the usual addresses, and, where the page shows no list, for the API that it names.
//!
//! A feed that the page announces is the site's own word. Any other has to show what the page shows: a site's feed of
//! everything is not the feed of a section.

use std::collections::HashSet;

use anyhow::bail;
use url::Url;

use super::{network::Asker, page, say, r#try::Reading};
use crate::extract;
use crate::harvest::Watched;
use crate::model::{Kind, Listing, Page};
use crate::reading::{text::printable, url as address};

/// Feeds that the page announces, and links to feeds, that are asked for.
const ASKED: usize = 3;

/// Addresses at which programs serve feeds, from the page's own on and from the host's.
const USUAL: [&str; 4] = ["feed/", "/feed/", "/rss.xml", "/atom.xml"];

/// First items of a page of which half have to stand in a feed that it does not announce.
const FIRST: usize = 10;

/// Articles that are asked of an API.
const RECORDS: u32 = 30;

/// What is taken in place of the page, if anything is; one that is announced and cannot be taken is told of.
pub(super) fn find(asker: &mut Asker<'_>, page: &Page, reading: &Reading) -> Option<(Watched, Page, Reading)> {
    if reading.kind != Kind::Html {
        return None;
    }
    let Reading { listing, detection, .. } = reading;
    let joined = |written: &[String]| -> Vec<Url> {
        let urls = written.iter().take(ASKED).filter_map(|url| address::join(&listing.base, url, page.encoding).ok());
        urls.collect()
    };
    for url in joined(&detection.feeds) {
        match read(asker, &url, Kind::Feed) {
            Ok(found) => {
                say(format_args!("the page announces a feed of its own, which is taken: {url}"));
                return Some(found);
            }
            Err(why) => say(format_args!(
                "the page announces a feed of its own, {url}, which is not taken: {}",
                printable(&why.to_string())
            )),
        }
    }
    let shown = listing.items.iter().filter(|item| item.link.is_some()).count();
    let usual = usual(&page.url).into_iter().filter(|_| detection.feeds.is_empty());
    for url in joined(&detection.linked).into_iter().chain(usual) {
        // What is not announced need not be there, so that it is not is nothing to tell.
        let Ok(found) = read(asker, &url, Kind::Feed) else { continue };
        let (_, _, feed) = &found;
        if shown > 0 && !shows(&feed.listing, listing) || shown == 0 && !is_under(&url, &page.url) {
            continue;
        }
        say(format_args!("the page's host has a feed with the articles of this page, which is taken: {url}"));
        return Some(found);
    }
    let api = detection.api.as_deref().filter(|_| shown == 0)?;
    let api = posts(&address::join(&listing.base, api, page.encoding).ok()?);
    let found = read(asker, &api, Kind::Json).ok()?;
    say(format_args!("the page shows no list but names an API, which is taken: {api}"));
    Some(found)
}

/// The feed or the records at an address, if there are any.
fn read(asker: &mut Asker<'_>, url: &Url, kind: Kind) -> anyhow::Result<(Watched, Page, Reading)> {
    let watched = page::watched(asker.common(), url.as_str())?;
    let page = page::read(asker, &watched, url, None)?;
    if extract::sniff(&page) != kind {
        bail!("it is no {}", if kind == Kind::Feed { "feed" } else { "JSON" });
    }
    let reading = Reading::of(&watched.source, &page)?;
    if reading.listing.items.is_empty() {
        bail!("it has no items");
    }
    Ok((watched, page, reading))
}

/// The usual addresses of feeds of a page.
fn usual(page: &Url) -> Vec<Url> {
    let mut found: Vec<Url> = Vec::new();
    for url in USUAL.iter().filter_map(|path| page.join(path).ok()) {
        if url != *page && !found.contains(&url) {
            found.push(url);
        }
    }
    found
}

/// Whether `feed` has the first articles of `page`.
fn shows(feed: &Listing, page: &Listing) -> bool {
    let links = |listing: &Listing, most: usize| -> HashSet<String> {
        let links = listing.items.iter().filter_map(|item| item.link.as_deref()).take(most);
        links.filter_map(|link| Some(address::canonical(&listing.base.join(link).ok()?).as_str().to_owned())).collect()
    };
    let first = links(page, FIRST);
    let both = links(feed, usize::MAX).intersection(&first).count();
    both >= 2.min(first.len()) && both * 2 >= first.len()
}

/// Whether an address lies at or under a page's.
fn is_under(url: &Url, page: &Url) -> bool {
    let folder = page.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    url.host() == page.host() && url.path().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The newest articles of an API of which this is the root.
fn posts(api: &Url) -> Url {
    let mut url = api.clone();
    // Without readable addresses the API's place is a parameter.
    let route = url.query_pairs().find(|(name, _)| name == "rest_route").map(|(_, route)| route.into_owned());
    match route {
        Some(route) => {
            let route = format!("{}/wp/v2/posts", route.trim_end_matches('/'));
            url.query_pairs_mut().clear().append_pair("rest_route", &route);
        }
        None => {
            let path = format!("{}/wp/v2/posts", url.path().trim_end_matches('/'));
            url.set_path(&path);
        }
    }
    url.query_pairs_mut()
        .append_pair("per_page", &RECORDS.to_string())
        .append_pair("_fields", "title,link,date,excerpt");
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn usual_addresses_start_at_the_page() {
        let told = |page: &str| usual(&url(page)).into_iter().map(String::from).collect::<Vec<_>>();
        assert_eq!(
            told("https://n.example/blog/"),
            [
                "https://n.example/blog/feed/",
                "https://n.example/feed/",
                "https://n.example/rss.xml",
                "https://n.example/atom.xml"
            ]
        );
        assert_eq!(told("https://n.example/").len(), 3);
    }

    #[test]
    fn only_a_feed_under_a_page_without_a_list_may_be_its_own() {
        assert!(is_under(&url("https://n.example/blog/feed/"), &url("https://n.example/blog/")));
        assert!(is_under(&url("https://n.example/rss.xml"), &url("https://n.example/")));
        assert!(!is_under(&url("https://n.example/feed/"), &url("https://n.example/blog/")));
        assert!(!is_under(&url("https://n.example/blogs.rss"), &url("https://n.example/blog/")));
    }

    #[test]
    fn posts_of_an_api_are_asked_in_both_its_forms() {
        let page = |api: &str| posts(&url("https://n.example/news/").join(api).unwrap()).to_string();
        let rest = "per_page=30&_fields=title%2Clink%2Cdate%2Cexcerpt";
        assert_eq!(page("https://n.example/wp-json/"), format!("https://n.example/wp-json/wp/v2/posts?{rest}"));
        assert_eq!(page("/?rest_route=/"), format!("https://n.example/?rest_route=%2Fwp%2Fv2%2Fposts&{rest}"));
    }
}
