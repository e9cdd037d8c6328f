//! Mends the commonest faults of feeds.

/// stub
pub(super) fn json(text: &str) -> String {
    text.to_owned()
}

/// stub
pub(super) fn xml(text: &str) -> String {
    text.to_owned()
}
