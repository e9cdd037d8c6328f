//! Estonian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "et",
    months: [
        "jaanuar|jaan",
        "veebruar|veebr",
        "märts",
        "aprill|apr",
        "mai",
        "juuni",
        "juuli",
        "august|aug",
        "september|sept",
        "oktoober|okt",
        "november|nov",
        "detsember|dets",
    ],
    weekdays: ["esmaspäev", "teisipäev", "kolmapäev", "neljapäev", "reede", "laupäev", "pühapäev"],
    units: [
        "sekund|sekundit|sekundi",
        "minut|minutit|minuti|min",
        "tund|tundi|tunni",
        "päev|päeva",
        "nädal|nädalat|nädala",
        "kuu|kuud",
        "aasta|aastat",
        "",
    ],
    days: &[(0, "täna"), (1, "eile"), (2, "üleeile")],
    ago: "eest|tagasi",
    last: "eelmine|eelmisel",
    now: "nüüd|just nüüd",
    fill: "kell|kl|ja|umbes",
    labels: "avaldatud|uuendatud|lisatud",
    ..EMPTY
};
