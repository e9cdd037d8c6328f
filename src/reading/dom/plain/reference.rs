//! Character references (HTML 13.2.5.72 ff.) that are plain: named ones that end in `;`, and ampersands that are none.

use html5ever::{data::NAMED_ENTITIES, tendril::StrTendril};

/// Where an ampersand stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    Text,
    /// In an attribute's value, where `?a=1&lt=2` is no reference.
    Value,
}

/// What the ampersand before `after` stands for, and how many bytes of `after` belong to it; `None` where that takes more than
/// a look.
pub(super) fn reference(after: &[u8], place: Place) -> Option<(StrTendril, usize)> {
    let end = after.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
    match (after.get(end)?, end, place) {
        (b'#', 0, _) => None,
        (_, 0, _) | (b'=', _, Place::Value) => Some(("&".into(), 0)),
        (b';', ..) => {
            let name = str::from_utf8(after.get(..=end)?).ok()?;
            let characters = match NAMED_ENTITIES.get(name)? {
                // The beginning of longer names alone.
                (0, _) => return None,
                (first, 0) => [char::from_u32(*first)].into_iter().collect::<Option<String>>(),
                (first, second) => [char::from_u32(*first), char::from_u32(*second)].into_iter().collect(),
            };
            Some((characters?.into(), name.len()))
        }
        _ => None,
    }
}
