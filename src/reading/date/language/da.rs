//! Danish.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "da",
    months: [
        "januar|jan",
        "februar|feb",
        "marts|mar",
        "april|apr",
        "maj",
        "juni|jun",
        "juli|jul",
        "august|aug",
        "september|sept|sep",
        "oktober|okt",
        "november|nov",
        "december|dec",
    ],
    weekdays: [
        "mandag|man",
        "tirsdag|tir|tirs",
        "onsdag|ons",
        "torsdag|tor|tors",
        "fredag|fre",
        "lørdag|lør",
        "søndag|søn",
    ],
    units: [
        "sekund|sekunder|sek|s",
        "minut|minutter|min|m",
        "time|timer|t",
        "dag|dage|døgn|ulloq",
        "uge|uger",
        "måned|måneder|mdr",
        "år",
        "",
    ],
    days: &[(0, "i dag|idag"), (1, "i går|igår"), (2, "i forgårs|forgårs")],
    numbers: &[(1, "halv|en halv"), (2, "en|et|én"), (4, "to"), (6, "tre"), (8, "fire"), (10, "fem")],
    ago: "siden|for|unnuarlu siden",
    ahead: "om",
    last: "sidste|forrige",
    now: "nu|lige nu",
    fill: "den|kl|klokken|og|cirka|ca|omkring|over|næsten|d",
    clock: "kl|klokken",
    labels: "offentliggjort|udgivet|udgivet den|opdateret|opdateret den|senest opdateret|publiceret|oprettet|dato|ændret",
    ..EMPTY
};
