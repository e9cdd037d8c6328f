//! Afrikaans.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "af",
    months: [
        "januarie",
        "februarie",
        "maart|mrt",
        "april",
        "mei",
        "junie",
        "julie",
        "augustus",
        "september",
        "oktober|okt",
        "november",
        "desember|des",
    ],
    weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrydag|vr", "saterdag", "sondag"],
    units: [
        "sekonde|sekondes|sek",
        "minuut|minute|min",
        "uur|ure",
        "dag|dae",
        "week|weke",
        "maand|maande",
        "jaar|jare",
        "",
    ],
    days: &[(0, "vandag"), (1, "gister"), (2, "eergister")],
    ago: "gelede",
    last: "verlede|vorige",
    now: "nou",
    ..EMPTY
};
