//! Northern Sami.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "se",
    units: ["sekunda|sekundda", "minuhta|minuhtta", "diimmu|diibmu", "beaivi", "vahkku", "mánu", "jahki|jahkki", ""],
    days: &[(0, "odne"), (1, "ikte")],
    ago: "árat|dassái",
    ..EMPTY
};
