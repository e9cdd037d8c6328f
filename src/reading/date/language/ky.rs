//! Kyrgyz.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "ky",
    units: ["секунд", "мүнөт|мүн", "саат", "күн", "апта|жума", "ай", "жыл", ""],
    days: &[(0, "бүгүн"), (1, "кечээ")],
    ago: "мурун|мурда",
    ..EMPTY
};
