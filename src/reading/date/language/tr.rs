//! Turkish.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "tr",
    months: [
        "ocak|oca",
        "şubat|şub",
        "mart|mar",
        "nisan|nis|ni",
        "mayıs|may",
        "haziran|haz",
        "temmuz|tem",
        "ağustos|ağu",
        "eylül|eyl",
        "ekim|eki",
        "kasım|kas",
        "aralık|ara",
    ],
    weekdays: [
        "pazartesi|pzt|paz",
        "salı|sal",
        "çarşamba|çar|çrş",
        "perşembe|per|prş",
        "cuma|cum",
        "cumartesi|cmt",
        "pazar|pzr",
    ],
    units: ["saniye|sn|saniyə|san", "dakika|dk|dakikа", "saat|sa|sat", "gün|gun", "hafta|hf", "ay", "yıl|sene", ""],
    days: &[(0, "bugün"), (1, "dün"), (2, "evvelsi gün|önceki gün")],
    numbers: &[(1, "yarım"), (2, "bir"), (4, "iki")],
    ago: "önce|evvel",
    last: "geçen|geçtiğimiz|son",
    now: "şimdi|az önce|şu anda|biraz önce|demin",
    am: "öö",
    pm: "ös",
    noon: "öğlen",
    midnight: "gece yarısı",
    fill: "yaklaşık|ve|saat|günü|tarihinde",
    clock: "saat",
    labels: "yayınlanma|yayınlanma tarihi|yayınlandı|yayın tarihi|güncelleme|güncelleme tarihi|güncellendi|son güncelleme|tarih|eklenme tarihi|oluşturulma tarihi|giriş tarihi",
    ..EMPTY
};
