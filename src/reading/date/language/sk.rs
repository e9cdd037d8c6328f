//! Slovak.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "sk",
    months: [
        "január|januára|jan",
        "február|februára|feb",
        "marec|marca|mar",
        "apríl|apríla|apr",
        "máj|mája",
        "jún|júna|jun",
        "júl|júla|jul",
        "august|augusta|aug",
        "september|septembra|sep",
        "október|októbra|okt",
        "november|novembra|nov",
        "december|decembra|dec",
    ],
    weekdays: [
        "pondelok|pon|po",
        "utorok|uto|ut",
        "streda|stredu|str|st",
        "štvrtok|štv|št",
        "piatok|pia|pi",
        "sobota|sobotu|sob|so",
        "nedeľa|nedeľu|ned|ne",
    ],
    units: [
        "sekunda|sekundy|sekúnd|sekundou|sekundami|sek",
        "minúta|minúty|minút|minútou|minútami|min",
        "hodina|hodiny|hodín|hodinou|hodinami|hod",
        "deň|dni|dní|dňom|dňami",
        "týždeň|týždne|týždňov|týždňom|týždňami",
        "mesiac|mesiace|mesiacov|mesiacom|mesiacmi",
        "rok|roky|rokov|rokom|rokmi",
        "",
    ],
    days: &[(0, "dnes"), (1, "včera"), (2, "predvčerom")],
    numbers: &[(2, "jeden|jedna|jednou|jedným")],
    ago: "pred|dozadu",
    last: "minulý|minulá|minulé",
    now: "teraz|práve teraz|pred chvíľou",
    fill: "o|v|a|asi|približne|cca|okolo",
    labels: "publikované|zverejnené|aktualizované|dátum|vytvorené",
    ..EMPTY
};
