//! Gujarati.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "gu",
    units: ["સેકંડ", "મિનિટ", "કલાક", "દિવસ", "અઠવાડિયા|અઠવાડિયું", "મહિના|મહિનો", "વર્ષ", ""],
    days: &[(0, "આજે"), (1, "ગઈકાલે")],
    ago: "પહેલાં",
    ..EMPTY
};
