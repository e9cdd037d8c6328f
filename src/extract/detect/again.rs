//! A redesigned page and what is known of its articles → the rules of the lists that they vote for: [`lists`].
//!
//! The likeliest list of the page comes first. A list that holds more of the known articles may be another one, which the
//! structure alone would not choose; so every group of links is weighed by the known ones among its own. Where its fields are not
//! found as they were, those known tell of their places too (`told`).

use jiff::{Timestamp, tz::TimeZone};
use scraper::Html;
use url::Url;

use super::{group, links, score, selector::Names, told::Told, tree::Tree};
use crate::{
    extract::link,
    model::{Article, Page, Rules},
    reading::{date, url as address},
};

/// Lists that known articles vote for, at most.
const VOTED: usize = 4;

/// Votes below which a list is not looked at.
const LEAST_VOTES: usize = 2;

/// The rules of the page's lists; `known` gives the article that the source showed before under an address or a text.
pub(in crate::extract) fn lists<'k>(
    html: &Html,
    page: &Page,
    base: &Url,
    known: &dyn Fn(&Url, &str) -> Option<&'k Article>,
) -> Vec<Rules> {
    let mut found: Vec<Rules> = super::detect(html, page, base).rules.into_iter().collect();
    let tree = Tree::of(html);
    let links = links::of(&tree, base, page);
    let votes: Vec<Option<&Article>> = links
        .iter()
        .map(|link| {
            let href = tree.node(link.at).and_then(|node| link::address(node.element)).unwrap_or_default();
            address::join(base, href, page.encoding).ok().and_then(|url| known(&url, &link.text))
        })
        .collect();
    let met: Vec<_> = links.iter().zip(&votes).filter_map(|(link, article)| Some((link.at, (*article)?))).collect();
    let mut voted: Vec<(group::Group, f64, f64)> = group::of(&tree, &links)
        .into_iter()
        .filter_map(|group| {
            let own = group.links.iter().filter(|number| matches!(votes.get(**number), Some(Some(_)))).count();
            // Many known articles, and few links that are none.
            let weight = (own * own) as f64 / group.links.len().max(1) as f64;
            let marks = score::marks(&tree, &links, &group, None).score();
            (own >= LEAST_VOTES).then_some((group, weight, marks))
        })
        .collect();
    voted.sort_by(|one, other| other.1.total_cmp(&one.1).then(other.2.total_cmp(&one.2)));
    let names = Names::of(&tree);
    let context = date::Context { now: Timestamp::MAX, zone: &TimeZone::UTC, language: None };
    for (group, ..) in voted.iter().take(VOTED) {
        let rules = super::written(&tree, &names, &links, group, &context);
        let Some(rules) = rules else { continue };
        let told = Told::of(&tree, group, &met).fields(&rules, &context);
        for rules in std::iter::once(rules).chain(told) {
            if !found.contains(&rules) {
                found.push(rules);
            }
        }
    }
    found
}
