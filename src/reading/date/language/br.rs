//! Breton.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "br",
    units: ["eilenn|s", "munut|min", "eur", "deiz", "sizhun", "miz", "bloaz", ""],
    days: &[(0, "hiziv"), (1, "dech")],
    ago: "zo",
    ..EMPTY
};
