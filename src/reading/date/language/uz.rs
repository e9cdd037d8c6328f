//! Uzbek.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "uz",
    months: [
        "yanvar|январ",
        "fevral|феврал",
        "mart",
        "aprel|апрел",
        "may",
        "iyun|июн",
        "iyul|июл",
        "avgust",
        "sentabr|sentyabr|сентябр",
        "oktabr|oktyabr|октябр",
        "noyabr|ноябр",
        "dekabr|декабр",
    ],
    units: ["soniya|сония", "daqiqa|дақиқа", "soat|соат", "kun|кун", "hafta|ҳафта", "oy|ой", "yil|йил", ""],
    days: &[(0, "bugun|бугун"), (1, "kecha|кеча")],
    ago: "oldin|avval|олдин|аввал",
    now: "hozir|ҳозир",
    ..EMPTY
};
