//! Sakha.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "sah",
    units: ["сөкүүндэ", "мүнүүтэ", "чаас", "күн", "нэдиэлэ", "ый", "сыл", ""],
    ago: "анараа өттүгэр|ынараа өттүгэр",
    ..EMPTY
};
