//! Basque.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "eu",
    months: [
        "urtarrila|urt",
        "otsaila|ots",
        "martxoa|mar",
        "apirila|api",
        "maiatza|mai",
        "ekaina|eka",
        "uztaila|uzt",
        "abuztua|abu",
        "iraila|ira",
        "urria|urr",
        "azaroa|aza",
        "abendua|abe",
    ],
    units: ["segundo", "minutu", "ordu", "egun", "aste", "hilabete", "urte", ""],
    days: &[(0, "gaur"), (1, "atzo")],
    ago: "duela|orain dela",
    ..EMPTY
};
