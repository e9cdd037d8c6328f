//! Sinhala.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "si",
    units: ["තත්පර", "මිනිත්තු", "පැය", "දින", "සති", "මාස", "වසර|අවුරුදු", ""],
    days: &[(0, "අද"), (1, "ඊයේ")],
    ago: "පෙර",
    fill: "කට",
    ..EMPTY
};
