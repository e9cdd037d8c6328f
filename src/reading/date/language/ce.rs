//! Chechen.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "ce",
    units: ["секунд|сек", "минут|мин", "сахьт|сахь", "де|д", "кӏира|кӏир", "бутт", "шо", ""],
    ago: "хьалха",
    ..EMPTY
};
