//! Swahili.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "sw",
    months: [
        "januari|jan",
        "februari|feb",
        "machi|mac",
        "aprili|apr",
        "mei",
        "juni|jun",
        "julai|jul",
        "agosti|ago",
        "septemba|sep",
        "oktoba|okt",
        "novemba|nov",
        "desemba|des",
    ],
    weekdays: ["jumatatu", "jumanne", "jumatano", "alhamisi", "ijumaa", "jumamosi", "jumapili"],
    units: ["sekunde", "dakika", "saa", "siku", "wiki", "mwezi|miezi", "mwaka|miaka", ""],
    days: &[(0, "leo"), (1, "jana"), (2, "juzi")],
    ago: "iliyopita|uliopita|zilizopita|yaliyopita|lililopita",
    now: "sasa|sasa hivi",
    fill: "tarehe",
    ..EMPTY
};
