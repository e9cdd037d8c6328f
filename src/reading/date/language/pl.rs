//! Polish.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "pl",
    months: [
        "styczeń|stycznia|sty|stycz",
        "luty|lutego|lut",
        "marzec|marca|mar|marz",
        "kwiecień|kwietnia|kwi|kwiec",
        "maj|maja",
        "czerwiec|czerwca|cze|czerw",
        "lipiec|lipca|lip",
        "sierpień|sierpnia|sie|sierp",
        "wrzesień|września|wrz|wrzes",
        "październik|października|paź|paźdz",
        "listopad|listopada|lis|list",
        "grudzień|grudnia|gru|grudz",
    ],
    weekdays: [
        "poniedziałek|pon|pn",
        "wtorek|wt|wto",
        "środa|środę|śr|śro",
        "czwartek|czw|czwa",
        "piątek|pt|pią",
        "sobota|sobotę|sob|sb",
        "niedziela|niedzielę|niedz|nd|nie",
    ],
    units: [
        "sekunda|sekundy|sekund|sekundę|sek|s",
        "minuta|minuty|minut|minutę|min|m",
        "godzina|godziny|godzin|godzinę|godz|g|h",
        "dzień|dni|dnia|d",
        "tydzień|tygodnie|tygodni|tygodniu|tyg",
        "miesiąc|miesiące|miesięcy|mies|m-c",
        "rok|lata|lat|roku|r",
        "",
    ],
    days: &[(0, "dzisiaj|dziś|dzis"), (1, "wczoraj"), (2, "przedwczoraj")],
    numbers: &[(1, "pół"), (2, "jeden|jedną"), (4, "dwa|dwie"), (6, "trzy"), (8, "cztery"), (10, "pięć")],
    ago: "temu",
    ahead: "za",
    last: "ostatni|ostatnia|ostatnią|zeszły|zeszłym|zeszłego|poprzedni|poprzednim|ubiegły|ubiegłym",
    now: "teraz|przed chwilą|chwilę temu|właśnie teraz",
    noon: "południe",
    midnight: "północ",
    fill: "o|godz|dnia|w|z|i|r|roku|około|ok|niemal|prawie|ponad",
    clock: "godz",
    labels: "opublikowano|opublikowany|data publikacji|dodano|dodane|aktualizacja|zaktualizowano|ostatnia aktualizacja|data|utworzono|data dodania",
    ..EMPTY
};
