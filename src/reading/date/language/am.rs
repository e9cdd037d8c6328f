//! Amharic.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "am",
    units: ["ሰከንድ|ሰከንዶች", "ደቂቃ|ደቂቃዎች", "ሰዓት|ሰዓቶች", "ቀን|ቀናት", "ሳምንት|ሳምንታት", "ወር|ወራት", "ዓመት|ዓመታት", ""],
    days: &[(0, "ዛሬ"), (1, "ትናንት")],
    ago: "በፊት",
    last: "ያለፈው",
    fill: "ከ",
    ..EMPTY
};
