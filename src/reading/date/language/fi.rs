//! Finnish.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "fi",
    months: [
        "tammikuu|tammikuuta|tammikuun|tammi|tammik",
        "helmikuu|helmikuuta|helmikuun|helmi",
        "maaliskuu|maaliskuuta|maaliskuun|maalis",
        "huhtikuu|huhtikuuta|huhtikuun|huhti",
        "toukokuu|toukokuuta|toukokuun|touko",
        "kesäkuu|kesäkuuta|kesäkuun|kesä",
        "heinäkuu|heinäkuuta|heinäkuun|heinä",
        "elokuu|elokuuta|elokuun|elo",
        "syyskuu|syyskuuta|syyskuun|syys",
        "lokakuu|lokakuuta|lokakuun|loka",
        "marraskuu|marraskuuta|marraskuun|marras",
        "joulukuu|joulukuuta|joulukuun|joulu",
    ],
    weekdays: [
        "maanantai|maanantaina|ma",
        "tiistai|tiistaina|ti",
        "keskiviikko|keskiviikkona|ke",
        "torstai|torstaina|to",
        "perjantai|perjantaina|pe",
        "lauantai|lauantaina|la",
        "sunnuntai|sunnuntaina|su",
    ],
    units: [
        "sekunti|sekuntia|sek|s",
        "minuutti|minuuttia|min",
        "tunti|tuntia|t|h",
        "päivä|päivää|pv",
        "viikko|viikkoa|vko|vk",
        "kuukausi|kuukautta|kk",
        "vuosi|vuotta|v",
        "",
    ],
    days: &[(0, "tänään"), (1, "eilen"), (2, "toissapäivänä")],
    numbers: &[(1, "puoli"), (2, "yksi"), (4, "kaksi")],
    ago: "sitten",
    last: "viime|edellinen",
    now: "nyt|juuri nyt|äsken|hetki sitten",
    am: "ap",
    pm: "ip",
    fill: "klo|kello|noin|ja",
    clock: "klo|kello",
    labels: "julkaistu|päivitetty|muokattu|luotu|päivämäärä|viimeksi päivitetty",
    ..EMPTY
};
