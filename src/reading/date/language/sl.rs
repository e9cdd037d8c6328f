//! Slovenian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "sl",
    months: [
        "januar|januarja|jan",
        "februar|februarja|feb",
        "marec|marca|mar",
        "april|aprila|apr",
        "maj|maja",
        "junij|junija|jun",
        "julij|julija|jul",
        "avgust|avgusta|avg",
        "september|septembra|sep",
        "oktober|oktobra|okt",
        "november|novembra|nov",
        "december|decembra|dec",
    ],
    weekdays: ["ponedeljek", "torek", "sreda", "četrtek", "petek", "sobota", "nedelja"],
    units: [
        "sekunda|sekundo|sekundami|sekund|sek",
        "minuta|minuto|minutami|minut|min",
        "ura|uro|urami|ur|ure",
        "dan|dnem|dnevi|dni",
        "teden|tednom|tedni|tednov|tedna",
        "mesec|mesecem|meseci",
        "leto|letom|leti|let|leta",
        "",
    ],
    days: &[(0, "danes"), (1, "včeraj"), (2, "predvčerajšnjim")],
    ago: "pred",
    last: "prejšnji",
    now: "zdaj|pravkar",
    fill: "ob|in",
    labels: "objavljeno|posodobljeno",
    ..EMPTY
};
