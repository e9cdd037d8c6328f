//! Frisian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "fy",
    units: [
        "sekonde|sekonden",
        "minút|minuten",
        "oere|oeren",
        "dei|dagen",
        "wike|wiken",
        "moanne|moannen",
        "jier|jierren",
        "",
    ],
    days: &[(0, "hjoed"), (1, "juster")],
    ago: "lyn",
    ..EMPTY
};
