//! Hungarian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "hu",
    months: [
        "január|jan",
        "február|febr|feb",
        "március|márc|már",
        "április|ápr",
        "május|máj",
        "június|jún",
        "július|júl",
        "augusztus|aug",
        "szeptember|szept|szep",
        "október|okt",
        "november|nov",
        "december|dec",
    ],
    weekdays: ["hétfő|h", "kedd|k", "szerda|sze", "csütörtök|cs", "péntek|p", "szombat|szo", "vasárnap|v"],
    units: [
        "másodperc|mp|másodperce|másodperccel",
        "perc|perce|perccel|p",
        "óra|órája|órával|ó",
        "nap|napja|nappal",
        "hét|hete|héttel",
        "hónap|hónapja|hónappal",
        "év|éve|évvel",
        "",
    ],
    days: &[(0, "ma"), (1, "tegnap"), (2, "tegnapelőtt")],
    numbers: &[(1, "fél"), (2, "egy")],
    ago: "másodperce|perce|órája|napja|hete|hónapja|éve|ezelőtt|előtt",
    last: "múlt|elmúlt",
    now: "most|az imént|épp most",
    am: "de|délelőtt",
    pm: "du|délután|este",
    noon: "dél",
    midnight: "éjfél",
    fill: "és|kb|körülbelül",
    labels: "közzétéve|megjelent|frissítve|dátum|feltöltve|létrehozva|módosítva",
    ..EMPTY
};
