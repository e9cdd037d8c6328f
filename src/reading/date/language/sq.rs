//! Albanian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "sq",
    months: [
        "janar|jan",
        "shkurt|shk",
        "mars|mar",
        "prill|pri",
        "maj",
        "qershor|qer",
        "korrik|korr",
        "gusht|gush",
        "shtator|sht",
        "tetor|tet",
        "nëntor|nën",
        "dhjetor|dhj",
    ],
    weekdays: ["e hënë", "e martë", "e mërkurë", "e enjte", "e premte", "e shtunë", "e diel"],
    units: ["sekondë|sekonda", "minutë|minuta|min", "orë", "ditë", "javë", "muaj", "vit|vjet", ""],
    days: &[(0, "sot"), (1, "dje")],
    ago: "më parë",
    now: "tani",
    fill: "në|dhe",
    ..EMPTY
};
