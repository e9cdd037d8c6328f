//! Malay.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "ms",
    months: [
        "januari|jan",
        "februari|feb",
        "mac",
        "april|apr",
        "mei",
        "jun",
        "julai|jul",
        "ogos|ogo",
        "september|sep",
        "oktober|okt",
        "november|nov",
        "disember|dis",
    ],
    weekdays: ["isnin", "selasa", "rabu", "khamis", "jumaat", "sabtu", "ahad"],
    units: ["saat", "minit", "jam", "hari", "minggu", "bulan", "tahun", ""],
    days: &[(0, "hari ini"), (1, "semalam")],
    ago: "lalu|yang lalu",
    now: "sekarang|baru sahaja",
    am: "pg|pagi",
    pm: "ptg|petang|malam",
    fill: "pada|dan|kira kira",
    ..EMPTY
};
