//! A selector for given elements: short, of names that say something, and matching those elements and no others.
//!
//! [`rows`] writes the selector of a list's rows and [`within`] that of an element in each row.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    index::Names,
    names::{self, Worth},
    tree::{At, Tree},
};

/// A tag with a class or an id, as in `ul.list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Simple {
    /// As CSS writes it.
    pub(super) text: String,
    pub(super) tag: Option<String>,
    pub(super) class: Option<String>,
    pub(super) id: Option<String>,
    /// The element that it holds directly, and how many of them at least.
    cells: Option<(String, usize)>,
    /// What its class or id is worth.
    worth: Worth,
}

impl Simple {
    /// Whether the element matches.
    pub(super) fn matches(&self, tree: &Tree<'_>, at: At) -> bool {
        self.tag.as_deref().is_none_or(|tag| tree.tag(at) == tag)
            && self.id.as_deref().is_none_or(|id| tree.id(at) == id)
            && self.class.as_deref().is_none_or(|class| has_class(tree.class(at), class))
            && self.cells.as_ref().is_none_or(|(cell, least)| cells(tree, at, cell) >= *least)
    }

    /// The same for elements that hold so many cells directly at least: what tells rows without names from their cells, and rows of
    /// a table from those of the tables around it that lay out the page.
    fn with_cells(&self, tree: &Tree<'_>, rows: &[At]) -> Option<Self> {
        let first = rows.first().and_then(|row| tree.children(*row).next())?;
        let cell = Some(tree.tag(first)).filter(|tag| matches!(*tag, "div" | "span" | "p" | "td"))?;
        let mut counts: Vec<usize> = rows.iter().map(|row| cells(tree, *row, cell)).collect();
        counts.sort_unstable();
        let least = counts.get(counts.len() / 20).copied().filter(|least| *least >= 2)?;
        let text = format!("{}:has(> {cell}:nth-of-type({least}))", self.text);
        Some(Self { text, cells: Some((cell.to_owned(), least)), ..self.clone() })
    }

    /// What is spent on it: characters, and more for names that only tell a look.
    fn cost(&self) -> usize {
        let plain = self.class.is_none() && self.id.is_none();
        let name = match self.worth {
            Worth::Word => 0,
            Worth::Look => 12,
            Worth::Made | Worth::None => 60,
        };
        self.text.len() + name + if plain { 3 } else { 0 }
    }
}

fn cells(tree: &Tree<'_>, at: At, tag: &str) -> usize {
    tree.children(at).filter(|child| tree.tag(*child) == tag).count()
}

fn has_class(written: &str, class: &str) -> bool {
    written.len() >= class.len() && written.split_ascii_whitespace().any(|word| word == class)
}

/// The simple selectors that match all of `places`.
pub(super) fn simple(tree: &Tree<'_>, places: &[At]) -> Vec<Simple> {
    let Some(first) = places.first() else { return Vec::new() };
    let tag = tree.tag(*first);
    let tag = Some(tag).filter(|tag| places.iter().all(|at| tree.tag(*at) == *tag) && is_plain(tag));
    let mut found = Vec::new();
    for (class, worth) in names::classes(tree, *first) {
        if !places.iter().all(|at| has_class(tree.class(*at), class)) {
            continue;
        }
        let name = names::escaped(class);
        if let Some(tag) = tag {
            found.push(Simple {
                text: format!("{tag}.{name}"),
                tag: Some(tag.to_owned()),
                class: Some(class.to_owned()),
                id: None,
                cells: None,
                worth,
            });
        }
        found.push(Simple {
            text: format!(".{name}"),
            tag: None,
            class: Some(class.to_owned()),
            id: None,
            cells: None,
            worth,
        });
    }
    let id = Some(tree.id(*first)).filter(|id| names::worth(id) > Worth::None);
    let is_one = places.iter().all(|at| at == first);
    if let (Some(id), true) = (id, is_one) {
        found.push(Simple {
            text: format!("#{}", names::escaped(id)),
            tag: None,
            class: None,
            id: Some(id.to_owned()),
            cells: None,
            worth: names::worth(id),
        });
    }
    if let Some(tag) = tag {
        found.push(Simple {
            text: tag.to_owned(),
            tag: Some(tag.to_owned()),
            class: None,
            id: None,
            cells: None,
            worth: Worth::Word,
        });
    }
    found
}

/// Names of elements that a selector can hold as they are.
fn is_plain(tag: &str) -> bool {
    tag.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Unnamed elements between a row and the ancestor that has a name, at most, in a selector that says each.
const PATH: usize = 3;

/// What stands before the row in its selector.
enum Above {
    Nothing,
    Parent(Simple),
    Ancestor(Simple),
    Both(Simple, Simple),
    /// An ancestor and each element between it and the row, for places in which nothing else has a name.
    Path(Simple, Vec<Simple>),
}

impl Above {
    /// The simple selectors of which it is made: of an ancestor, and of the parent.
    fn parts(&self) -> (Option<&Simple>, Option<&Simple>) {
        match self {
            Self::Nothing => (None, None),
            Self::Parent(near) => (None, Some(near)),
            Self::Ancestor(over) => (Some(over), None),
            Self::Both(over, near) => (Some(over), Some(near)),
            Self::Path(over, between) => (Some(over), between.last()),
        }
    }

    /// Whether all that stands between the ancestor and the row is as said.
    fn holds_between(&self, tree: &Tree<'_>, at: At) -> bool {
        let Self::Path(over, between) = self else { return true };
        let path = between.iter().rev().chain(std::iter::once(over));
        let mut up = tree.up(at).skip(1);
        path.into_iter().all(|simple| up.next().is_some_and(|place| simple.matches(tree, place)))
    }

    fn written(&self, row: &Simple) -> String {
        match self {
            Self::Nothing => row.text.clone(),
            Self::Parent(simple) => format!("{} > {}", simple.text, row.text),
            Self::Ancestor(simple) => format!("{} {}", simple.text, row.text),
            Self::Both(ancestor, near) => format!("{} {} > {}", ancestor.text, near.text, row.text),
            Self::Path(ancestor, between) => {
                let between: String = between.iter().map(|simple| format!("{} > ", simple.text)).collect();
                format!("{} > {between}{}", ancestor.text, row.text)
            }
        }
    }

    fn cost(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Parent(simple) => simple.cost() + 1,
            Self::Ancestor(simple) => simple.cost() + 4,
            Self::Both(ancestor, near) => ancestor.cost() + near.cost() + 6,
            Self::Path(ancestor, between) => {
                ancestor.cost() + between.iter().map(|simple| simple.cost() + 8).sum::<usize>()
            }
        }
    }
}

/// A written selector and how well it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// CSS.
    pub(super) text: String,
    /// Elements that it matches besides those wanted.
    pub(super) extra: usize,
    /// Wanted elements that it misses.
    pub(super) missed: usize,
    /// Whether it matches elements that are no rows and do no harm.
    pub(super) is_loose: bool,
    cost: usize,
}

impl Written {
    fn rank(&self, wanted: usize) -> (usize, usize) {
        let wrong = self.extra + self.missed;
        // A plain row selector alone (`li`) would take in what the next redesign adds anywhere.
        (wrong * 1000 / wanted.max(1), self.cost)
    }
}

/// The best selector of `rows`. `matters` tells of an element that is no row whether taking it in would do harm.
pub(super) fn rows(tree: &Tree<'_>, names: &Names<'_>, rows: &[At], matters: &dyn Fn(At) -> bool) -> Option<Written> {
    let wanted: HashSet<At> = rows.iter().copied().collect();
    let mut aboves = aboves(tree, rows);
    aboves.sort_by_cached_key(Above::cost);
    let mut places = Places::default();
    for above in &aboves {
        places.add(tree, names, above);
    }
    let mut best: Option<Written> = None;
    let mut own = simple(tree, rows);
    own.extend(
        own.iter().rfind(|row| row.class.is_none() && row.id.is_none()).and_then(|row| row.with_cells(tree, rows)),
    );
    for row in own {
        let all = names.matching(tree, &row);
        for above in &aboves {
            let alone = matches!(above, Above::Nothing) && !row.text.contains('.');
            let cost = row.cost() + above.cost() + if alone { 30 } else { 0 };
            // What costs more than one that is right is not tried.
            if best.as_ref().is_some_and(|best| best.extra + best.missed == 0 && best.cost <= cost) {
                continue;
            }
            let (over, near) = places.of(above);
            let mut met = 0;
            let mut extra = 0;
            let mut is_loose = false;
            for at in all.iter().copied() {
                let parent = tree.parent(at);
                let fits = near.is_none_or(|near| parent.is_some_and(|parent| near.binary_search(&parent).is_ok()))
                    && over.is_none_or(|over| {
                        let place = if near.is_some() { parent } else { Some(at) };
                        place.is_some_and(|place| lies_in(over, place))
                    })
                    && above.holds_between(tree, at);
                let is_row = fits && wanted.contains(&at);
                met += usize::from(is_row);
                if fits && !is_row {
                    let does_harm = matters(at);
                    extra += usize::from(does_harm);
                    is_loose |= !does_harm;
                }
            }
            let written = Written { text: String::new(), extra, missed: wanted.len() - met, is_loose, cost };
            if best.as_ref().is_none_or(|best| written.rank(wanted.len()) < best.rank(wanted.len())) {
                best = Some(Written { text: above.written(&row), ..written });
            }
        }
    }
    best
}

/// Where the simple selectors of what stands before rows match, each looked up once.
#[derive(Default)]
struct Places {
    /// Elements that match, in the page's order.
    near: HashMap<String, Vec<At>>,
    /// Spans of the outermost elements that match.
    over: HashMap<String, Vec<Range<At>>>,
}

impl Places {
    fn add(&mut self, tree: &Tree<'_>, names: &Names<'_>, above: &Above) {
        let (over, near) = above.parts();
        if let Some(near) = near.filter(|near| !self.near.contains_key(&near.text)) {
            self.near.insert(near.text.clone(), names.matching(tree, near));
        }
        if let Some(over) = over.filter(|over| !self.over.contains_key(&over.text)) {
            let mut spans: Vec<Range<At>> = Vec::new();
            for at in names.matching(tree, over) {
                if spans.last().is_none_or(|last| last.end <= at) {
                    spans.push(tree.span(at));
                }
            }
            self.over.insert(over.text.clone(), spans);
        }
    }

    fn of(&self, above: &Above) -> (Option<&[Range<At>]>, Option<&[At]>) {
        let (over, near) = above.parts();
        let over = over.and_then(|over| self.over.get(&over.text)).map(Vec::as_slice);
        (over, near.and_then(|near| self.near.get(&near.text)).map(Vec::as_slice))
    }
}

/// Whether an element lies below the first of one of the spans.
fn lies_in(spans: &[Range<At>], at: At) -> bool {
    let before = spans.partition_point(|span| span.start < at);
    before.checked_sub(1).and_then(|number| spans.get(number)).is_some_and(|span| at < span.end)
}

/// What may stand before a row: what all rows' parents, or all their ancestors at one distance, have in common.
fn aboves(tree: &Tree<'_>, rows: &[At]) -> Vec<Above> {
    let mut found = vec![Above::Nothing];
    let mut level: Vec<At> = rows.to_vec();
    let mut near: Vec<Simple> = Vec::new();
    let mut between: Vec<Simple> = Vec::new();
    for distance in 1..=8 {
        let above: Vec<At> = level.iter().filter_map(|at| tree.parent(*at)).collect();
        if above.len() != level.len() || above.iter().any(|at| tree.tag(*at) == "html") {
            break;
        }
        level = above;
        let mut once = level.clone();
        once.dedup();
        let here = simple(tree, &once);
        if distance == 1 {
            found.extend(here.iter().cloned().map(Above::Parent));
            near.clone_from(&here);
        } else {
            let named = |simple: &&Simple| simple.class.is_some() || simple.id.is_some();
            for simple in here.iter().filter(named) {
                if (1..=PATH).contains(&between.len()) && between.len() + 1 == distance {
                    found.push(Above::Path(simple.clone(), between.iter().rev().cloned().collect()));
                }
                found.push(Above::Ancestor(simple.clone()));
                let nearest = near.iter().filter(|near| distance < 6 || near.class.is_some());
                found.extend(nearest.map(|near| Above::Both(simple.clone(), near.clone())));
            }
        }
        // What has a name needs no path.
        between.extend(here.into_iter().find(|simple| simple.class.is_none() && simple.id.is_none()));
    }
    found
}

/// A selector whose first match in each row is the wanted element of that row; rows without one are passed over.
pub(super) fn within(tree: &Tree<'_>, rows: &[At], wanted: &[Option<At>]) -> Option<String> {
    let pairs: Vec<(At, At)> = rows.iter().zip(wanted).filter_map(|(row, at)| at.map(|at| (*row, at))).collect();
    let places: Vec<At> = pairs.iter().map(|(_, at)| *at).collect();
    if pairs.iter().all(|(row, at)| row == at) {
        return Some(String::new());
    }
    let mut tried: Vec<(usize, String, usize)> = Vec::new();
    let own = simple(tree, &places);
    for last in &own {
        tried.push((wrong(tree, rows, wanted, &|_, at| last.matches(tree, at)), last.text.clone(), last.cost()));
    }
    for distance in 1..=4 {
        let above: Option<Vec<At>> = pairs
            .iter()
            .map(|(row, at)| tree.up(*at).nth(distance).filter(|place| tree.holds(*row, *place) && place != row))
            .collect();
        let Some(above) = above else { break };
        for over in simple(tree, &above) {
            for last in own.iter().filter(|last| last.class.is_none() || own.len() == 1) {
                // As CSS has it, what stands over the row counts too: `div span` is any span where a `div` holds the list.
                let matches = |_: At, at: At| {
                    last.matches(tree, at) && tree.up(at).skip(1).any(|place| over.matches(tree, place))
                };
                let cost = over.cost() + last.cost() + 3;
                tried.push((wrong(tree, rows, wanted, &matches), format!("{} {}", over.text, last.text), cost));
                if distance == 1 {
                    let matches = |_: At, at: At| {
                        last.matches(tree, at) && tree.parent(at).is_some_and(|parent| over.matches(tree, parent))
                    };
                    tried.push((
                        wrong(tree, rows, wanted, &matches),
                        format!("{} > {}", over.text, last.text),
                        cost + 3,
                    ));
                }
            }
        }
    }
    // What costs more than one that is right is not tried.
    let is_needed =
        |tried: &[(usize, String, usize)], cost| !tried.iter().any(|(wrong, _, own)| *wrong == 0 && *own <= cost);
    if is_needed(&tried, HEADING) {
        tried.extend(by_heading(tree, rows, wanted, &pairs));
    }
    if is_needed(&tried, ORDER) {
        tried.extend(by_order(tree, rows, wanted, &pairs));
    }
    let most = pairs.len().max(1);
    let best = tried.into_iter().min_by_key(|(wrong, _, cost)| (*wrong * 50 / most, *cost))?;
    (best.0 * 4 <= most).then_some(best.1)
}

/// What a selector by a heading within costs, and at least one by order.
const HEADING: usize = 20;
const ORDER: usize = 60;

/// `a:has(h3)`.
fn by_heading(tree: &Tree<'_>, rows: &[At], wanted: &[Option<At>], pairs: &[(At, At)]) -> Vec<(usize, String, usize)> {
    let Some((_, first)) = pairs.first() else { return Vec::new() };
    let tag = tree.tag(*first);
    let heading = tree
        .span(*first)
        .skip(1)
        .map(|at| tree.tag(at))
        .find(|tag| matches!(*tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
    let Some(heading) = heading else { return Vec::new() };
    let matches = |_: At, at: At| tree.tag(at) == tag && tree.span(at).skip(1).any(|inner| tree.tag(inner) == heading);
    vec![(wrong(tree, rows, wanted, &matches), format!("{tag}:has({heading})"), HEADING)]
}

/// `td:nth-child(3) a` and `a:nth-of-type(2)`, where nothing is named.
fn by_order(tree: &Tree<'_>, rows: &[At], wanted: &[Option<At>], pairs: &[(At, At)]) -> Vec<(usize, String, usize)> {
    let mut tried = Vec::new();
    let Some((row, first)) = pairs.first() else { return tried };
    let chain: Vec<At> = tree.up(*first).take_while(|place| place != row).collect();
    for (distance, place) in chain.iter().enumerate() {
        let Some(parent) = tree.parent(*place) else { break };
        let tag = tree.tag(*place);
        let of_type =
            tree.children(parent).take_while(|child| child <= place).filter(|child| tree.tag(*child) == tag).count();
        let cell = matches!(tag, "td" | "th");
        let order = if cell { tree.children(parent).take_while(|child| child <= place).count() } else { of_type };
        let is_placed = |at: At| {
            tree.tag(at) == tag
                && tree.parent(at).is_some_and(|parent| {
                    tree.children(parent)
                        .take_while(|child| *child <= at)
                        .filter(|child| cell || tree.tag(*child) == tag)
                        .count()
                        == order
                })
        };
        let pseudo = if cell { format!("{tag}:nth-child({order})") } else { format!("{tag}:nth-of-type({order})") };
        let last = tree.tag(*first);
        let text = if distance == 0 { pseudo } else { format!("{pseudo} {last}") };
        // As CSS has it, the row itself and what stands over it may be what is numbered, unless it is said to be right below the row.
        let matches = |_: At, at: At| match distance {
            0 => is_placed(at),
            _ => tree.tag(at) == last && tree.up(at).skip(1).any(is_placed),
        };
        tried.push((wrong(tree, rows, wanted, &matches), text.clone(), ORDER));
        if distance + 1 == chain.len() {
            let matches = |row: At, at: At| {
                let below = tree.up(at).find(|place| tree.parent(*place) == Some(row));
                below.is_some_and(is_placed) && (distance == 0) == (below == Some(at)) && tree.tag(at) == last
            };
            tried.push((wrong(tree, rows, wanted, &matches), format!("> {text}"), ORDER + 2));
        }
    }
    tried
}

/// In how many rows the first match is not the wanted element.
fn wrong(tree: &Tree<'_>, rows: &[At], wanted: &[Option<At>], matches: &dyn Fn(At, At) -> bool) -> usize {
    let differs =
        |(row, at): &(&At, &Option<At>)| tree.span(**row).skip(1).find(|inner| matches(**row, *inner)) != **at;
    rows.iter().zip(wanted).filter(differs).count()
}
