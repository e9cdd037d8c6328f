//! A line of bare links of which most lead to files: those at its ends that lead to pages are the page's menu. [`alone`] keeps the
//! list to the [`Files`].

use super::{
    group::Group,
    links::Link,
    tree::{At, Tree},
};
use crate::extract::link;

/// The links of a group that lead to files of one kind.
pub(super) struct Files {
    pub(super) group: Group,
    /// What their selector has and that of the others has not.
    pub(super) condition: String,
}

/// The files of `group`; `None` where rows are more than their links, where all lead to files or less than half do, or where one
/// between the files does not.
pub(super) fn alone(tree: &Tree<'_>, links: &[Link], group: &Group) -> Option<Files> {
    if !group.rows.iter().all(|row| tree.tag(*row) == "a") {
        return None;
    }
    let members: Vec<(usize, At)> = group.links.iter().copied().zip(group.rows.iter().copied()).collect();
    let is_file = |(number, _): &(usize, At)| links.get(*number).is_some_and(|link| link.shape.is_document);
    let first = members.iter().position(is_file)?;
    let last = members.iter().rposition(is_file)?;
    let files = members.get(first..=last)?;
    if files.len() * 2 < members.len() || files.len() == members.len() || !files.iter().all(is_file) {
        return None;
    }
    let ending = |(_, row): &(usize, At)| {
        let href = link::address(tree.node(*row)?.element)?;
        let end = href.get(href.rfind('.')?..)?.to_ascii_lowercase();
        let is_plain = end.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric());
        ((3..=5).contains(&end.len()) && is_plain).then_some(end)
    };
    let end = files.first().and_then(ending)?;
    if !files.iter().all(|file| ending(file).as_ref() == Some(&end)) {
        return None;
    }
    let (links, rows) = files.iter().copied().unzip();
    Some(Files { group: Group { links, rows }, condition: format!("[href$=\"{end}\" i]") })
}
