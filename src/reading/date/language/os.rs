//! Ossetian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "os",
    units: ["секунд", "минут", "сахат|сахаты", "бон", "къуыри", "мӕй", "аз", ""],
    ago: "размӕ",
    ..EMPTY
};
