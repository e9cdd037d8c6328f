//! Malayalam.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "ml",
    units: ["സെക്കൻഡ്", "മിനിറ്റ്", "മണിക്കൂർ", "ദിവസം", "ആഴ്ച", "മാസം", "വർഷം", ""],
    days: &[(0, "ഇന്ന്"), (1, "ഇന്നലെ")],
    ago: "മുമ്പ്",
    ..EMPTY
};
