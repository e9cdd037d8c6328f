//! Sorbian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "hsb",
    units: [
        "sekunda|sekundow",
        "minuta|minutow",
        "hodźina|góźina|góźinu|hodźinu",
        "dźeń|źeń",
        "tydźeń|tyźeń",
        "měsac|mjasec|mjasecom|měsacom",
        "lěto|lětom",
        "",
    ],
    ago: "před|pśed",
    ..EMPTY
};
