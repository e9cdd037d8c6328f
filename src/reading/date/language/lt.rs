//! Lithuanian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "lt",
    months: [
        "sausis|sausio|saus",
        "vasaris|vasario|vas",
        "kovas|kovo|kov",
        "balandis|balandžio|bal",
        "gegužė|gegužės|geg",
        "birželis|birželio|birž",
        "liepa|liepos|liep",
        "rugpjūtis|rugpjūčio|rugp",
        "rugsėjis|rugsėjo|rugs",
        "spalis|spalio|spal",
        "lapkritis|lapkričio|lapkr",
        "gruodis|gruodžio|gruod",
    ],
    weekdays: [
        "pirmadienis",
        "antradienis",
        "trečiadienis",
        "ketvirtadienis",
        "penktadienis",
        "šeštadienis",
        "sekmadienis",
    ],
    units: [
        "sekundė|sekundės|sekundžių|sekundę|sek",
        "minutė|minutės|minučių|minutę|min",
        "valanda|valandos|valandų|valandą|val",
        "diena|dienos|dienų|dieną|d",
        "savaitė|savaitės|savaičių|savaitę|sav",
        "mėnuo|mėnesiai|mėnesių|mėnesį|mėn",
        "metai|metų|metus|m",
        "",
    ],
    days: &[(0, "šiandien"), (1, "vakar"), (2, "užvakar")],
    ago: "prieš",
    last: "praėjęs|praėjusį|praėjusią",
    now: "dabar|ką tik",
    fill: "ir|apie|d|m|val",
    labels: "paskelbta|atnaujinta|publikuota",
    ..EMPTY
};
