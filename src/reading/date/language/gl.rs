//! Galician.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "gl",
    months: [
        "xaneiro|xan",
        "febreiro|feb",
        "marzo|mar",
        "abril|abr",
        "maio",
        "xuño|xuñ",
        "xullo|xul",
        "agosto|ago",
        "setembro|set",
        "outubro|out",
        "novembro|nov",
        "decembro|dec",
    ],
    weekdays: ["luns", "martes", "mércores", "xoves", "venres", "sábado", "domingo"],
    units: [
        "segundo|segundos",
        "minuto|minutos|min",
        "hora|horas",
        "día|días|díes",
        "semana|semanas|selmanes",
        "mes|meses|mes",
        "ano|anos|añu|años",
        "",
    ],
    days: &[(0, "hoxe"), (1, "onte")],
    ago: "hai|atrás",
    last: "pasado|pasada|pasáu|l añu pas",
    now: "agora",
    fill: "de|do|ás|e|o|el",
    ..EMPTY
};
