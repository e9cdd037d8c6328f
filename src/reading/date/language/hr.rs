//! Croatian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "hr",
    months: [
        "siječanj|siječnja|siječnju|sij",
        "veljača|veljače|veljači|velj|vel",
        "ožujak|ožujka|ožujku|ožu",
        "travanj|travnja|travnju|tra",
        "svibanj|svibnja|svibnju|svi",
        "lipanj|lipnja|lipnju|lip",
        "srpanj|srpnja|srpnju|srp",
        "kolovoz|kolovoza|kolovozu|kol",
        "rujan|rujna|rujnu|ruj",
        "listopad|listopada|listopadu|lis",
        "studeni|studenog|studenoga|studenom|studenome|stu",
        "prosinac|prosinca|prosincu|pro",
    ],
    weekdays: [
        "ponedjeljak|pon",
        "utorak|uto",
        "srijeda|srijedu|sri",
        "četvrtak|čet",
        "petak|pet",
        "subota|subotu|sub",
        "nedjelja|nedjelju|ned",
    ],
    units: [
        "sekunda|sekunde|sekundi|sekundu|sek|s",
        "minuta|minute|minutu|min|m",
        "sat|sati|sata|h",
        "dan|dana|dani",
        "tjedan|tjedna|tjedana|tj|sed|sedmica|sedmice",
        "mjesec|mjeseca|mjeseci|mj",
        "godina|godine|godinu|god|g",
        "",
    ],
    days: &[(0, "danas"), (1, "jučer|juče"), (2, "prekjučer|prekjuče")],
    numbers: &[(2, "jedan|jedna|jednu")],
    ago: "prije",
    last: "prošli|prošle|prošlog",
    now: "sada|upravo sada",
    noon: "podne",
    midnight: "ponoć",
    fill: "u|i|oko|otprilike|g|god|dana",
    labels: "objavljeno|objavljen|ažurirano|datum|kreirano|zadnja izmjena",
    ..EMPTY
};
