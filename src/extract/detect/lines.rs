//! Titles whose element goes on below them: `A v. B<br><span>District of C</span>`. [`first`] leaves what follows the break out.
//!
//! A headline may as well be broken where it looks best, so what follows must be told from it: it stands in an element of its
//! own, or says the same in many rows, numbers apart.

use std::collections::HashSet;

use ego_tree::{NodeId, iter::Edge};
use scraper::{ElementRef, Node};

use super::{
    fields::quality,
    slots::{Side, Slot},
    tree::{At, Tree},
};
use crate::{
    extract::shown::{self, Extent},
    reading::text,
};

/// What first lines may be worth less as titles than what follows them: a short title stays one, a number or a column's name is none.
const LOSS: f64 = 0.25;

/// What follows the first line of an element.
struct Rest {
    /// Its text.
    text: String,
    /// Whether it stands in elements that hold nothing of the first line.
    is_apart: bool,
}

/// The first lines of a slot's elements, where a break parts them from what is no title.
pub(super) fn first(tree: &Tree<'_>, slot: &Slot) -> Option<Slot> {
    if slot.side != Side::Within || slot.regex.is_some() {
        return None;
    }
    let breaks = |at: &At| tree.span(*at).any(|inner| tree.tag(inner) == "br");
    let broken: Vec<At> = slot.places.iter().flatten().copied().filter(breaks).collect();
    if broken.len() < 2 {
        return None;
    }
    let rests: Option<Vec<Option<Rest>>> =
        broken.iter().filter_map(|at| tree.node(*at)).map(|node| rest(node.element)).collect();
    let rests: Vec<Rest> = rests?.into_iter().flatten().collect();
    let apart = rests.iter().filter(|rest| rest.is_apart).count();
    let forms: HashSet<String> = rests.iter().map(|rest| rest.text.replace(char::is_numeric, "")).collect();
    if rests.len() < 2 || apart * 5 < rests.len() * 4 && forms.len() * 2 > rests.len() {
        return None;
    }
    let texts = slot.places.iter().map(|at| at.map(|at| tree.taken(at, Extent::FirstLine)).unwrap_or_default());
    let lines = Slot::new(slot.side, slot.places.clone(), texts.collect())?;
    let worth = quality(lines.texts.iter().map(String::as_str));
    let is_title = lines.variety >= 0.7 && worth >= quality(rests.iter().map(|rest| rest.text.as_str())) - LOSS;
    is_title.then_some(Slot { extent: Extent::FirstLine, ..lines })
}

/// What follows the first line; `Some(None)` where that is nothing, `None` where the line ends otherwise than at `<br>`, or a link
/// follows.
#[expect(clippy::option_option, reason = "nothing follows, and what follows cannot be told, are two answers")]
fn rest(element: ElementRef<'_>) -> Option<Option<Rest>> {
    let mut line: HashSet<NodeId> = HashSet::new();
    let mut is_over = false;
    let mut rest: Option<Rest> = None;
    for edge in element.traverse() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        match node.value() {
            Node::Text(words) if matches!(edge, Edge::Open(_)) && !words.trim().is_empty() => {
                let parent = node.parent().map(|parent| parent.id());
                if !is_over {
                    line.extend(parent);
                    continue;
                }
                let known = rest.get_or_insert_with(|| Rest { text: String::new(), is_apart: true });
                known.is_apart &= parent.is_none_or(|parent| !line.contains(&parent));
                known.text.push_str(&text::line(words));
            }
            Node::Element(named) if !line.is_empty() => {
                let name = named.name();
                if is_over {
                    if name == "a" && matches!(edge, Edge::Open(_)) {
                        return None;
                    }
                } else if name == "br" {
                    is_over = true;
                } else if node.id() != element.id() && !shown::is_inline(name) {
                    return None;
                }
            }
            _ => {}
        }
    }
    Some(rest)
}
