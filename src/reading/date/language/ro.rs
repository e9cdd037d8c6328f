//! Romanian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "ro",
    months: [
        "ianuarie|ian",
        "februarie|feb|febr",
        "martie|mar",
        "aprilie|apr",
        "mai",
        "iunie|iun",
        "iulie|iul",
        "august|aug",
        "septembrie|sept|sep",
        "octombrie|oct",
        "noiembrie|noi|nov",
        "decembrie|dec",
    ],
    weekdays: ["luni|lun", "marți|mar", "miercuri|mie", "joi", "vineri|vin", "sâmbătă|sâm", "duminică|dum"],
    units: [
        "secundă|secunde|sec|secunda",
        "minut|minute|min",
        "oră|ore|ora|h",
        "zi|zile",
        "săptămână|săptămâni|săpt",
        "lună|luni|luna",
        "an|ani",
        "",
    ],
    days: &[(0, "azi|astăzi"), (1, "ieri"), (2, "alaltăieri")],
    numbers: &[(1, "jumătate de"), (2, "un|o|una"), (4, "două|doi")],
    ago: "acum|în urmă",
    last: "trecut|trecută|trecuta",
    now: "chiar acum|adineauri",
    noon: "amiază",
    midnight: "miezul nopții",
    fill: "de|la|ora|pe|și|circa|aproximativ|aproape",
    labels: "publicat|publicat la|publicat pe|actualizat|data|ultima actualizare|postat|adăugat",
    ..EMPTY
};
