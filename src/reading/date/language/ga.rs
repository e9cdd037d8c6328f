//! Irish.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "ga",
    months: [
        "eanáir",
        "feabhra",
        "márta",
        "aibreán",
        "bealtaine",
        "meitheamh",
        "iúil",
        "lúnasa",
        "meán fómhair",
        "deireadh fómhair",
        "samhain",
        "nollaig",
    ],
    units: [
        "soicind",
        "nóiméad|mionaid|mhionaid",
        "uair|uair an chloig|uair a chloig",
        "lá",
        "seachtain",
        "mí",
        "bliain",
        "",
    ],
    days: &[(0, "inniu"), (1, "inné")],
    ago: "ó shin|air ais",
    ..EMPTY
};
