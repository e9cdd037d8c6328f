//! Catalan.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "ca",
    months: [
        "gener|gen",
        "febrer|feb",
        "març|mar",
        "abril|abr",
        "maig",
        "juny",
        "juliol|jul",
        "agost|ag|ago",
        "setembre|set",
        "octubre|oct",
        "novembre|nov",
        "desembre|des",
    ],
    weekdays: ["dilluns|dl", "dimarts|dt", "dimecres|dc", "dijous|dj", "divendres|dv", "dissabte|ds", "diumenge|dg"],
    units: [
        "segon|segons",
        "minut|minuts|min",
        "hora|hores|h",
        "dia|dies",
        "setmana|setmanes",
        "mes|mesos",
        "any|anys",
        "",
    ],
    days: &[(0, "avui"), (1, "ahir"), (2, "abans d ahir|abans dahir")],
    numbers: &[(2, "un|una")],
    ago: "fa|fa uns",
    last: "passat|passada",
    now: "ara|ara mateix",
    fill: "de|d|del|a|les|el|i",
    labels: "publicat|publicat el|actualitzat|data|creat el",
    ..EMPTY
};
