//! Friulian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "fur",
    units: [
        "secont|seconts",
        "minût|minûts",
        "ore|oris",
        "zornade|zornadis",
        "setemane|setemanis",
        "mês",
        "an|agns",
        "",
    ],
    days: &[(0, "vuê"), (1, "îr")],
    ago: "indaûr",
    ..EMPTY
};
