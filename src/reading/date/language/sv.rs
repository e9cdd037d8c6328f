//! Swedish.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "sv",
    months: [
        "januari|jan",
        "februari|feb|febr",
        "mars|mar",
        "april|apr",
        "maj",
        "juni|jun",
        "juli|jul",
        "augusti|aug",
        "september|sept|sep",
        "oktober|okt",
        "november|nov",
        "december|dec",
    ],
    weekdays: [
        "måndag|mån|månd",
        "tisdag|tis|tisd",
        "onsdag|ons|onsd",
        "torsdag|tors|tor",
        "fredag|fre",
        "lördag|lör|lörd",
        "söndag|sön|sönd",
    ],
    units: [
        "sekund|sekunder|sek|s",
        "minut|minuter|min|m",
        "timme|timmar|tim|h",
        "dag|dagar|d",
        "vecka|veckor|v",
        "månad|månader|mån",
        "år",
        "",
    ],
    days: &[(0, "idag|i dag"), (1, "igår|i går"), (2, "i förrgår|förrgår")],
    numbers: &[(1, "halv|en halv"), (2, "en|ett"), (4, "två"), (6, "tre"), (8, "fyra"), (10, "fem")],
    ago: "sedan|sen|för",
    ahead: "om",
    last: "förra|föregående|senaste",
    now: "nu|just nu|alldeles nyss|nyss",
    am: "fm",
    pm: "em",
    fill: "den|kl|klockan|och|cirka|ca|ungefär|omkring|drygt|nästan|av",
    clock: "kl|klockan",
    labels: "publicerad|publicerat|publicerad den|uppdaterad|uppdaterat|senast uppdaterad|skapad|datum|ändrad",
    ..EMPTY
};
