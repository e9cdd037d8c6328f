//! Czech.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "cs",
    months: [
        "leden|ledna|led",
        "únor|února|úno|unr",
        "březen|března|bře|bre",
        "duben|dubna|dub",
        "květen|května|kvě",
        "červen|června|čer|čvn",
        "červenec|července|čvc",
        "srpen|srpna|srp",
        "září|zář",
        "říjen|října|říj",
        "listopad|listopadu|lis",
        "prosinec|prosince|pro",
    ],
    weekdays: [
        "pondělí|pon|po",
        "úterý|úte|út",
        "středa|středu|stř|st",
        "čtvrtek|čtv|čt",
        "pátek|pát|pá",
        "sobota|sobotu|sob|so",
        "neděle|neděli|ned|ne",
    ],
    units: [
        "sekunda|sekundy|sekund|sekundu|sekundou|sekundami|vteřina|vteřin|vteřiny|vteřinou|vteřinami|sek|s",
        "minuta|minuty|minut|minutu|minutou|minutami|min|m",
        "hodina|hodiny|hodin|hodinu|hodinou|hodinami|hod|h",
        "den|dny|dní|dnů|dnem|dne",
        "týden|týdny|týdnů|týdnem|týd",
        "měsíc|měsíce|měsíců|měsícem|měsíci|měs",
        "rok|roky|roků|rokem|let|lety|léta|roku|r",
        "",
    ],
    days: &[(0, "dnes|dneska"), (1, "včera"), (2, "předevčírem")],
    numbers: &[(1, "půl"), (2, "jeden|jedna|jednou|jedním")],
    ago: "před|zpět|pśed|nazpět",
    last: "minulý|minulá|minulé|poslední",
    now: "nyní|teď|právě teď|před chvílí|právě",
    am: "dop|dopoledne",
    pm: "odp|odpoledne",
    noon: "poledne",
    midnight: "půlnoc",
    fill: "v|ve|dne|o|a|přibližně|asi|cca|kolem|zhruba|téměř",
    labels: "publikováno|zveřejněno|vydáno|aktualizováno|datum|vloženo|vytvořeno|změněno|datum vydání",
    ..EMPTY
};
