//! Zulu.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "zu",
    units: ["imizuzwana", "imizuzu", "amahora", "izinsuku", "amaviki", "izinyanga", "iminyaka", ""],
    ago: "edlule|ezedlule|eledlule",
    ..EMPTY
};
