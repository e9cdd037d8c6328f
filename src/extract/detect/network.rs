//! A network's page that mixes its own articles with those of sister sites: [`own`] keeps the list to the page's own host.

use std::collections::HashSet;

use url::Url;

use super::{group::Group, links::Link, tree::Tree};
use crate::extract::link;

/// Sister hosts among the rows that make a network of it.
const SISTERS: usize = 3;

/// The selector of the rows of `group`, written as `item`, that lead to the page's own host or one below it; `None` where
/// nearly all rows do, or too few of them to be the list.
pub(super) fn own(tree: &Tree<'_>, links: &[Link], group: &Group, base: &Url, item: &str) -> Option<String> {
    let host = base.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    if host.split('.').count() < 3 || item.contains(',') {
        return None;
    }
    let mut own = 0;
    let mut sisters: HashSet<String> = HashSet::new();
    for link in group.links.iter().filter_map(|number| links.get(*number)) {
        let href = link::address(tree.node(link.at)?.element)?;
        // Where own addresses are written without their host, no selector can tell them.
        let url = Url::parse(href).ok()?;
        let place = url.host_str().unwrap_or_default();
        if place == host || place.strip_suffix(host).is_some_and(|before| before.ends_with('.')) {
            own += 1;
        } else if link.shape.is_own {
            sisters.insert(place.to_owned());
        }
    }
    let share = own * 100 / group.links.len().max(1);
    if !(35..80).contains(&share) || sisters.len() < SISTERS || own < 5 {
        return None;
    }
    let leads = format!("[href*=\"{host}/\"]");
    let is_link = group.rows.iter().all(|row| tree.tag(*row) == "a");
    Some(if is_link { format!("{item}{leads}") } else { format!("{item}:has(a{leads})") })
}
