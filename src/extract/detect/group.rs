//! [`Group`]: links that stand at like places, and the rows around them. [`of`] gives every group a page may be read by.
//!
//! Links are grouped by the way from the page's root down to them, in several strictnesses: a list may be split over several
//! containers, and two lists may differ in nothing but a class.

use std::collections::{HashMap, HashSet};

use super::{
    links::Link,
    names::mixed,
    tree::{At, Tree, only_looks},
    weights::Weights,
};

/// Groups that are looked at, at most.
const MOST: usize = 400;

/// Elements from a link upwards whose names tell its place.
const NEAR: usize = 4;

/// Links of a like place, each with its row.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Numbers of the links, in the page's order; one for each row.
    pub(super) links: Vec<usize>,
    /// Their rows, in the same order; each holds one of the links.
    pub(super) rows: Vec<At>,
}

/// All groups of two links and more, none twice.
pub(super) fn of(tree: &Tree<'_>, links: &[Link], by: &Weights) -> Vec<Group> {
    let mut by_key: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut order: Vec<u64> = Vec::new();
    for (number, link) in links.iter().enumerate() {
        for key in keys(tree, link.at) {
            let members = by_key.entry(key).or_insert_with(|| {
                order.push(key);
                Vec::new()
            });
            members.push(number);
        }
    }
    let mut known: HashSet<Vec<usize>> = HashSet::new();
    let mut groups = Vec::new();
    let mut stamps = Stamps::new(tree.len());
    for key in order {
        let Some(members) = by_key.remove(&key) else { continue };
        if members.len() < 2 || groups.len() >= MOST || !known.insert(members.clone()) {
            continue;
        }
        groups.extend(rowed(tree, links, &members, &mut stamps, by));
    }
    groups
}

/// The rows around the links `members` alone and all that stand at like places, in two strictnesses: what a page lists where
/// these are known to be of its list.
pub(super) fn around(tree: &Tree<'_>, links: &[Link], members: &[usize]) -> Vec<Group> {
    let mut stamps = Stamps::new(tree.len());
    let mut found = Vec::new();
    for seed in rowed(tree, links, members, &mut stamps, &Weights::SHIPPED) {
        for strictness in [Strictness::Names, Strictness::Tags] {
            let places: HashSet<u64> = seed.rows.iter().map(|row| place(tree, *row, strictness)).collect();
            let ways: HashSet<u64> = seed.pairs(links).map(|(row, link)| way(tree, row, link)).collect();
            let mut group = Group { links: Vec::new(), rows: Vec::new() };
            for row in (0..tree.len()).filter(|at| places.contains(&place(tree, *at, strictness))) {
                let span = tree.span(row);
                let from = links.partition_point(|link| link.at < span.start);
                let inner =
                    || (from..links.len()).zip(links.iter().skip(from)).take_while(|(_, link)| link.at < span.end);
                let known = inner().find(|(number, _)| seed.links.contains(number));
                let alike = || inner().find(|(_, link)| ways.contains(&way(tree, row, link.at)));
                if let Some((number, _)) = known.or_else(alike) {
                    group.links.push(number);
                    group.rows.push(row);
                }
            }
            let is_told = found.iter().any(|other: &Group| other.rows == group.rows && other.links == group.links);
            if group.rows.len() >= 2 && !is_told {
                found.push(group);
            }
        }
    }
    found
}

/// How alike the places of two rows must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strictness {
    /// Elements of one kind all the way down.
    Tags,
    /// The same, and the row and what is around it have the same names.
    Names,
}

/// The name of a row's place.
fn place(tree: &Tree<'_>, row: At, strictness: Strictness) -> u64 {
    let named = |depth: usize| strictness == Strictness::Names && depth < 3;
    let key = |(depth, at): (usize, At)| if named(depth) { tree.key(at) } else { tree.tag_key(at) };
    tree.up(row).enumerate().map(key).fold(0, mixed)
}

/// The name of the way from a row down to one of its links.
fn way(tree: &Tree<'_>, row: At, link: At) -> u64 {
    let column = |at: At| tree.column(at).map_or(0, |column| column as u64 + 1);
    let way = tree.up(link).take_while(|at| *at != row);
    way.map(|at| mixed(tree.tag_key(at), column(at))).fold(0, mixed)
}

impl Group {
    /// Each row with its link's element.
    fn pairs<'g>(&'g self, links: &'g [Link]) -> impl Iterator<Item = (At, At)> + 'g {
        self.rows.iter().zip(&self.links).filter_map(|(row, number)| Some((*row, links.get(*number)?.at)))
    }
}

/// Names of the place at which a link stands, the loosest first.
fn keys(tree: &Tree<'_>, at: At) -> [u64; 4] {
    let tags = tree.node(at).map_or(0, |node| node.way);
    let mut classes = 0;
    let mut near = 0;
    let mut is_near = true;
    let mut cell = 0_usize;
    let telling = tree.up(at).filter(|place| !only_looks(tree.tag(*place)));
    for (depth, place) in telling.take(NEAR + 1).enumerate() {
        let key = tree.key(place);
        if depth < NEAR {
            classes = mixed(classes, key);
            if cell == 0 || matches!(tree.tag(place), "td" | "th") {
                cell = tree.column(place).unwrap_or(cell);
            }
        }
        if is_near {
            near = mixed(near, key);
            is_near = !tree.is_told(place);
        }
    }
    let order = tree.parent(at).map_or(0, |parent| {
        let before = tree.children(parent).take_while(|child| *child < at);
        before.filter(|child| tree.tag(*child) == "a").take(3).count()
    });
    // A table's rows have as many cells each; those of other tables around it may have others.
    let cells = tree.up(at).take(6).find(|place| tree.tag(*place) == "tr").map_or(0, |row| tree.inner(row));
    let order = order + cell * 4 + cells * 256;
    let of_classes = |more: u64| mixed(mixed(tags, classes), more);
    // Which of the four it is counts, too.
    [tags, of_classes(0), of_classes(1 + order as u64), mixed(near, u64::MAX)]
}

/// For each element of the page, by which group it was last met and how many documents that group leads to from it.
struct Stamps {
    marks: Vec<(u32, usize, u32)>,
    round: u32,
}

impl Stamps {
    fn new(size: usize) -> Self {
        Self { marks: vec![(0, 0, 0); size], round: 0 }
    }

    fn next(&mut self) {
        self.round += 1;
    }

    fn mark(&mut self, at: At, target: usize) {
        let round = self.round;
        if let Some(mark) = self.marks.get_mut(at) {
            if mark.0 != round {
                *mark = (round, target, 1);
            } else if mark.1 != target {
                *mark = (round, target, mark.2 + 1);
            }
        }
    }

    fn count(&self, at: At) -> u32 {
        self.marks.get(at).filter(|mark| mark.0 == self.round).map_or(0, |mark| mark.2)
    }
}

/// Finds the rows of the links `members`: the largest elements that hold one document of the group each.
fn rowed(tree: &Tree<'_>, links: &[Link], members: &[usize], stamps: &mut Stamps, by: &Weights) -> Vec<Group> {
    stamps.next();
    for link in members.iter().filter_map(|number| links.get(*number)) {
        for place in tree.up(link.at) {
            stamps.mark(place, link.target);
        }
    }
    let deeds = members.iter().filter_map(|number| links.get(*number)).filter(|link| link.is_deed).count();
    let mut found = Vec::new();
    let most = |most| with_most(tree, links, members, &Room { stamps, most, crammed: by.crammed });
    found.extend(most(1));
    if deeds * 2 > members.len() {
        // A row offers its document in several formats.
        found.extend(most(4));
    }
    found
}

/// What a row may hold.
struct Room<'s> {
    stamps: &'s Stamps,
    /// Documents of the group.
    most: u32,
    /// The share of links whose rows would have to be smaller.
    crammed: f64,
}

/// The rows at the highest level at which nearly none holds more documents of the group than there is room for.
fn with_most(tree: &Tree<'_>, links: &[Link], members: &[usize], room: &Room<'_>) -> Option<Group> {
    let reach = |link: &Link| {
        let steps = tree.up(link.at).take_while(|place| {
            room.stamps.count(*place) <= room.most
                && !matches!(tree.tag(*place), "body" | "html" | "main" | "tbody" | "table")
        });
        steps.count()
    };
    let mut reaches: Vec<usize> = members.iter().filter_map(|number| links.get(*number)).map(reach).collect();
    let own = reaches.clone();
    reaches.sort_unstable();
    let level = reaches.get((reaches.len() as f64 * room.crammed) as usize).copied()?.max(1);
    let mut group = Group { links: Vec::new(), rows: Vec::new() };
    let mut seen = HashSet::new();
    for (number, reach) in members.iter().zip(own) {
        let Some(link) = links.get(*number) else { continue };
        let Some(row) = tree.up(link.at).nth(level.min(reach.max(1)) - 1) else { continue };
        if seen.insert(row) {
            group.links.push(*number);
            group.rows.push(row);
        } else if let Some(last) = group.links.last_mut() {
            // Of two links to one document the fuller stands for the row.
            let shorter =
                links.get(*last).is_some_and(|before| before.target == link.target && before.width < link.width);
            if shorter && group.rows.last() == Some(&row) {
                *last = *number;
            }
        }
    }
    (group.rows.len() >= 2).then_some(group)
}
