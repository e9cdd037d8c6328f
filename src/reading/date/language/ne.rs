//! Nepali.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "ne",
    units: ["सेकेन्ड", "मिनेट|मिनेटको", "घण्टा", "दिन", "हप्ता", "महिना", "वर्ष|बर्ष", ""],
    days: &[(1, "हिजो")],
    ago: "पहिले|अघि",
    ..EMPTY
};
