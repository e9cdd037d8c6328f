//! A redesigned page and what is known of its articles → the rules of the lists that they vote for: [`lists`].
//!
//! The likeliest list of the page comes first. A list that holds more of the known articles may be another one, which the
//! structure alone would not choose; so every group of links is weighed by the known ones among its own, and the known links
//! make groups of themselves. Where its fields are not found as they were, those known tell of their places too (`told`), and of
//! what their addresses share (`shared`).

use std::collections::HashSet;

use scraper::Html;
use url::Url;

use super::{
    Telling,
    group::{self, Group},
    index::Names,
    join,
    links::{self, Link},
    score, shared,
    told::Told,
    tree::{At, Tree},
    weights::Weights,
};
use crate::{
    extract::link,
    model::{Article, ArticleKey, Page, Rules},
    reading::url as address,
};

/// Lists that known articles vote for, at most.
const VOTED: usize = 4;

/// Votes below which a list is not looked at.
const LEAST_VOTES: usize = 2;

/// What a source knows of its own page.
pub struct Known<'k> {
    /// The article that it showed before under an address.
    pub by_url: &'k dyn Fn(&Url) -> Option<&'k Article>,
    /// The one that it showed under a text.
    pub by_title: &'k dyn Fn(&str) -> Option<&'k Article>,
    /// The rules by which it was read.
    pub rules: Option<&'k Rules>,
}

/// The rules of the page's lists, and the known articles to whose addresses the page leads.
pub(in crate::extract) fn lists(
    html: &Html,
    page: &Page,
    base: &Url,
    known: &Known<'_>,
) -> (Vec<Rules>, HashSet<ArticleKey>) {
    let mut found: Vec<Rules> =
        super::detect(html, page, base, Telling::Rule, &Weights::SHIPPED).rules.into_iter().collect();
    let tree = Tree::of(html);
    let links = links::of(&tree, base, page);
    let (votes, linked) = votes(&tree, &links, page, base, known);
    let met: Vec<(At, &Article)> =
        links.iter().zip(&votes).filter_map(|(link, article)| Some((link.at, (*article)?))).collect();
    let members: Vec<usize> = votes.iter().enumerate().filter(|(_, vote)| vote.is_some()).map(|(at, _)| at).collect();
    let mut voted: Vec<(Group, f64, f64)> = group::of(&tree, &links, &Weights::SHIPPED)
        .into_iter()
        .filter_map(|group| {
            let own = group.links.iter().filter(|number| matches!(votes.get(**number), Some(Some(_)))).count();
            // Many known articles, and few links that are none.
            let weight = (own * own) as f64 / group.links.len().max(1) as f64;
            let marks = score::marks(&tree, &links, &group).score(&Weights::SHIPPED);
            (own >= LEAST_VOTES).then_some((group, weight, marks))
        })
        .collect();
    voted.sort_by(|one, other| other.1.total_cmp(&one.1).then(other.2.total_cmp(&one.2)));
    let voted: Vec<Group> = voted.into_iter().map(|(group, ..)| group).collect();
    let names = Names::of(&tree);
    let context = super::dates_of(page);
    // What was joined of many lists is so again.
    if known.rules.is_some_and(|rules| rules.item.contains(',')) {
        let is_known = |number: usize| matches!(votes.get(number), Some(Some(_)));
        found.extend(join::voted(&tree, &names, &links, &voted, &is_known));
    }
    for group in voted.into_iter().take(VOTED).chain(group::around(&tree, &links, &members)) {
        let Some(rules) = super::written(&tree, &names, &links, &group, &context) else { continue };
        let told = Told::of(&tree, &group, &met, known.rules).fields(&rules, &context);
        let both: Vec<Rules> = std::iter::once(rules).chain(told).collect();
        let own =
            || links.iter().zip(&votes).filter(|(link, _)| group.rows.iter().any(|row| tree.holds(*row, link.at)));
        let form = |link: &Link| {
            let href = link::address(tree.node(link.at)?.element)?;
            Some(address::form(&address::join(base, href, page.encoding).ok()?))
        };
        let forms: HashSet<String> =
            own().filter(|(_, vote)| vote.is_some()).filter_map(|(link, _)| form(link)).collect();
        // What has a form of the known ones may be a new article. All else on the page is none: the rules may take in rows that
        // the group has not, as a table's head written as plain elements.
        let is_kin = |(link, vote): &(&Link, &Option<&Article>)| {
            vote.is_some() || form(link).is_some_and(|form| forms.contains(&form))
        };
        let kin: Vec<_> = own().filter(is_kin).collect();
        let others: Vec<_> = links.iter().zip(&votes).filter(|pair| !is_kin(pair)).collect();
        let hrefs = |links: Vec<(&Link, &Option<&Article>)>| -> Vec<&str> {
            links.into_iter().filter_map(|(link, _)| link::address(tree.node(link.at)?.element)).collect()
        };
        let shared = shared::of(&hrefs(kin), &hrefs(others));
        let narrow = shared.iter().flat_map(|part| both.iter().filter_map(move |rules| part.narrowed(rules)));
        for rules in both.iter().cloned().chain(narrow) {
            if !found.contains(&rules) {
                found.push(rules);
            }
        }
    }
    (found, linked)
}

/// The known article to which each link leads, and those met by their addresses. A text tells one only where no link has its address.
fn votes<'k>(
    tree: &Tree<'_>,
    links: &[Link],
    page: &Page,
    base: &Url,
    known: &Known<'k>,
) -> (Vec<Option<&'k Article>>, HashSet<ArticleKey>) {
    let by_url: Vec<Option<&Article>> = links
        .iter()
        .map(|link| {
            let href = tree.node(link.at).and_then(|node| link::address(node.element)).unwrap_or_default();
            address::join(base, href, page.encoding).ok().and_then(|url| (known.by_url)(&url))
        })
        .collect();
    let met: HashSet<ArticleKey> = by_url.iter().flatten().map(|article| article.key).collect();
    let by_title = |link: &Link| (known.by_title)(&link.text).filter(|article| !met.contains(&article.key));
    (links.iter().zip(by_url).map(|(link, article)| article.or_else(|| by_title(link))).collect(), met)
}
