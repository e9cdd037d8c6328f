//! Punjabi.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "pa",
    units: ["ਸਕਿੰਟ", "ਮਿੰਟ", "ਘੰਟੇ|ਘੰਟਾ", "ਦਿਨ", "ਹਫ਼ਤਾ|ਹਫ਼ਤੇ", "ਮਹੀਨਾ|ਮਹੀਨੇ", "ਸਾਲ", ""],
    days: &[(0, "ਅੱਜ")],
    ago: "ਪਹਿਲਾਂ",
    ..EMPTY
};
