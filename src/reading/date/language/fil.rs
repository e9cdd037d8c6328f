//! Filipino.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "fil",
    months: [
        "enero|ene",
        "pebrero|peb",
        "marso",
        "abril|abr",
        "mayo",
        "hunyo|hun",
        "hulyo|hul",
        "agosto|ago",
        "setyembre|set",
        "oktubre|okt",
        "nobyembre|nob",
        "disyembre|dis",
    ],
    weekdays: ["lunes|lun", "martes", "miyerkules|miy", "huwebes|huw", "biyernes|biy", "sabado|sab", "linggo|lin"],
    units: ["segundo", "minuto|min", "oras", "araw", "linggo", "buwan", "taon", ""],
    days: &[(0, "ngayong araw"), (1, "kahapon")],
    ago: "nakalipas|ang nakalipas|ang nakararaan|ang nakaraan|nakaraan",
    now: "ngayon",
    fill: "noong|ng|ika|at",
    ..EMPTY
};
