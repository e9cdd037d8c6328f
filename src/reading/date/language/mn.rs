//! Mongolian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "mn",
    units: [
        "секунд|секундын",
        "минут|минутын",
        "цаг|цагийн",
        "өдөр|өдрийн",
        "долоо хоног|долоо хоногийн",
        "сар|сарын",
        "жил|жилийн",
        "",
    ],
    days: &[(0, "өнөөдөр"), (1, "өчигдөр")],
    ago: "өмнө",
    now: "одоо",
    ..EMPTY
};
