//! Luxembourgish.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "lb",
    months: [
        "januar",
        "februar",
        "mäerz",
        "abrëll",
        "mee",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
    units: [
        "sekonn|sekonnen",
        "minutt|minutten",
        "stonn|stonnen",
        "dag|deeg",
        "woch|wochen",
        "mount|méint",
        "joer",
        "",
    ],
    days: &[(0, "haut"), (1, "gëschter")],
    ago: "virun",
    ..EMPTY
};
