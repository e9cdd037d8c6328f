//! Latvian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "lv",
    months: [
        "janvāris|janvārī|janv",
        "februāris|februārī|febr",
        "marts|martā",
        "aprīlis|aprīlī|apr",
        "maijs|maijā",
        "jūnijs|jūnijā|jūn",
        "jūlijs|jūlijā|jūl",
        "augusts|augustā|aug",
        "septembris|septembrī|sept",
        "oktobris|oktobrī|okt",
        "novembris|novembrī|nov",
        "decembris|decembrī|dec",
    ],
    weekdays: ["pirmdiena", "otrdiena", "trešdiena", "ceturtdiena", "piektdiena", "sestdiena", "svētdiena"],
    units: [
        "sekunde|sekundes|sekundēm|sekundēs",
        "minūte|minūtes|minūtēm|min",
        "stunda|stundas|stundām|st",
        "diena|dienas|dienām",
        "nedēļa|nedēļas|nedēļām",
        "mēnesis|mēneši|mēnešiem|mēn",
        "gads|gadi|gadiem|gada|gada",
        "",
    ],
    days: &[(0, "šodien"), (1, "vakar"), (2, "aizvakar")],
    ago: "pirms",
    last: "pagājušais|pagājušajā",
    now: "tagad|tikko",
    fill: "plkst|un|apmēram|gada",
    labels: "publicēts|atjaunots",
    ..EMPTY
};
