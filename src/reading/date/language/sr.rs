//! Serbian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "sr",
    months: [
        "јануар|јануара|јан|januar|januara",
        "фебруар|фебруара|феб|februar|februara",
        "март|марта|мар|mart|marta",
        "април|априла|апр|april|aprila",
        "мај|маја|maj|maja",
        "јун|јуна|јуни|jun|juna",
        "јул|јула|јули|jul|jula",
        "август|августа|авг|avgust|avgusta",
        "септембар|септембра|сеп|septembar|septembra",
        "октобар|октобра|окт|oktobar|oktobra",
        "новембар|новембра|нов|novembar|novembra",
        "децембар|децембра|дец|decembar|decembra",
    ],
    weekdays: [
        "понедељак|пон|ponedeljak",
        "уторак|уто|utorak",
        "среда|сре|sreda",
        "четвртак|чет|četvrtak",
        "петак|пет|petak",
        "субота|суб|subota",
        "недеља|нед|nedelja",
    ],
    units: [
        "секунда|секунде|секунди|sekunda|sekundi|sekunde",
        "минут|минута|минуте|minut|minuta|мин",
        "сат|сати|сата|sat|sati|sata",
        "дан|дана|dan|dana",
        "недеља|недеље|недељу|nedelja|nedelje|nedelju|седмица",
        "месец|месеца|месеци|mesec|meseca|meseci",
        "година|године|годину|godina|godine|godinu",
        "",
    ],
    days: &[(0, "данас|danas"), (1, "јуче|juče"), (2, "прекјуче|prekjuče")],
    ago: "пре|pre",
    last: "прошли|прошле|prošli|prošle",
    now: "сада|управо сада|sada",
    fill: "у|и|око|u|i|oko",
    labels: "објављено|ажурирано|датум|objavljeno",
    ..EMPTY
};
