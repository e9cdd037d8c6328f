//! Norwegian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "nb",
    months: [
        "januar|jan",
        "februar|feb",
        "mars|mar",
        "april|apr",
        "mai",
        "juni|jun",
        "juli|jul",
        "august|aug",
        "september|sept|sep",
        "oktober|okt",
        "november|nov",
        "desember|des",
    ],
    weekdays: [
        "mandag|man|måndag",
        "tirsdag|tir|tysdag",
        "onsdag|ons",
        "torsdag|tor",
        "fredag|fre",
        "lørdag|lør|laurdag",
        "søndag|søn|sundag",
    ],
    units: [
        "sekund|sekunder|sek|s",
        "minutt|minutter|min|m",
        "time|timer|timar|t",
        "dag|dager|dagar|døgn",
        "uke|uker|veke|veker",
        "måned|måneder|månad|månader|mnd",
        "år",
        "",
    ],
    days: &[(0, "i dag|idag"), (1, "i går|igår"), (2, "i forgårs|forgårs")],
    numbers: &[(2, "en|ett|én|ei"), (4, "to")],
    ago: "siden|for|sidan",
    last: "forrige|sist|siste",
    now: "nå|akkurat nå|nettopp",
    fill: "den|kl|klokka|klokken|og|cirka|ca|omtrent|rundt|nesten",
    clock: "kl|klokka|klokken",
    labels: "publisert|publisert den|oppdatert|sist oppdatert|dato|opprettet|endret|lagt ut",
    ..EMPTY
};
