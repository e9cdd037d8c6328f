//! Text that stands beside an element among its siblings, in no element of its own: `Filed 02/24/12 <a>…</a> for the District<br>`.
//!
//! It ends at the next row, at a block of its own (a heading, a table, a paragraph), and at a blank line, by which pages of bare
//! text part their records.

use scraper::{ElementRef, Node};

use super::shown::{self, BREAK, Extent, Others};

/// Siblings that are looked at, at most.
const FAR: usize = 40;

/// The text right after `element`, up to one of `rows`.
pub(super) fn after(element: ElementRef<'_>, rows: &Others, extent: Extent) -> String {
    let parts = gather(element.next_siblings(), rows);
    extent.cut(&parts.concat(), element)
}

/// The text right before `element`, back to one of `rows`.
pub(super) fn before(element: ElementRef<'_>, rows: &Others, extent: Extent) -> String {
    let parts = gather(element.prev_siblings(), rows);
    extent.cut(&parts.into_iter().rev().collect::<String>(), element)
}

fn gather<'a>(siblings: impl Iterator<Item = ego_tree::NodeRef<'a, Node>>, rows: &Others) -> Vec<String> {
    let mut parts = Vec::new();
    let mut is_blank = false;
    for node in siblings.take(FAR) {
        match node.value() {
            Node::Text(words) => {
                is_blank &= words.trim().is_empty();
                parts.push(words.to_string());
            }
            Node::Element(named) => {
                let is_break = named.name() == "br";
                if rows.contains(&node.id()) || !(is_break || shown::is_inline(named.name())) || (is_break && is_blank)
                {
                    break;
                }
                is_blank = is_break && parts.iter().any(|part| !part.trim().is_empty());
                parts.push(match ElementRef::wrap(node) {
                    Some(element) if !is_break => shown::text(element, rows),
                    _ => BREAK.to_string(),
                });
            }
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::dom::{Limits, parse};

    #[test]
    fn records_of_bare_text_end_at_blank_lines_and_rows() {
        let page = "<body>Intro<br><br>Filed 02/24/12, No. 1<br><a>One</a><br>District A<br> <br>Filed 02/23/12<br><a>Two</a>, B <i>C</i><a>Three</a><p>end</p>";
        let html = parse(page, &Limits::default()).unwrap();
        let links: Vec<_> = html.root_element().descendent_elements().filter(|e| e.value().name() == "a").collect();
        let rows: Others = links.iter().map(|link| link.id()).collect();
        let whole = Extent::Whole;
        let told: Vec<_> = links.iter().map(|link| (before(*link, &rows, whole), after(*link, &rows, whole))).collect();
        let told: Vec<_> = told.iter().map(|(before, after)| (before.as_str(), after.as_str())).collect();
        assert_eq!(told, [("Filed 02/24/12, No. 1", "District A"), ("Filed 02/23/12", ", B C"), (", B C", "")]);
    }

    #[test]
    fn the_first_line_beside_a_row_ends_at_a_break() {
        let first = |page: &str| {
            let html = parse(page, &Limits::default()).unwrap();
            let link = html.root_element().descendent_elements().find(|e| e.value().name() == "a").unwrap();
            after(link, &Others::new(), Extent::FirstLine)
        };
        assert_eq!(first("<p><a>1</a> A v.\nB<br>District C"), "A v. B");
        assert_eq!(first("<pre><a>1</a> A v. B\n   District C"), "A v. B");
    }
}
