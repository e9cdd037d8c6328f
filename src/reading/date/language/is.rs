//! Icelandic.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "is",
    months: [
        "janúar|jan",
        "febrúar|feb",
        "mars|mar",
        "apríl|apr",
        "maí",
        "júní|jún",
        "júlí|júl",
        "ágúst|ágú",
        "september|sep",
        "október|okt",
        "nóvember|nóv",
        "desember|des",
    ],
    weekdays: ["mánudagur", "þriðjudagur", "miðvikudagur", "fimmtudagur", "föstudagur", "laugardagur", "sunnudagur"],
    units: [
        "sekúnda|sekúndu|sekúndum",
        "mínúta|mínútu|mínútum|mín|minutt",
        "klukkustund|klukkustundum|klst|tími|tíma|tími|tímar|tími",
        "dagur|degi|dögum",
        "vika|viku|vikum",
        "mánuður|mánuði|mánuðum|mánuði",
        "ár|ári|árum",
        "",
    ],
    days: &[(0, "í dag"), (1, "í gær")],
    ago: "fyrir|síðan",
    now: "núna",
    fill: "kl|og|og",
    ..EMPTY
};
