//! Welsh.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "cy",
    months: [
        "ionawr",
        "chwefror",
        "mawrth",
        "ebrill",
        "mai",
        "mehefin",
        "gorffennaf",
        "awst",
        "medi",
        "hydref",
        "tachwedd",
        "rhagfyr",
    ],
    units: ["eiliad", "munud", "awr", "diwrnod|dydd", "wythnos|wythnosau", "mis", "blwyddyn|mlynedd|flynedd", ""],
    days: &[(0, "heddiw"), (1, "ddoe")],
    ago: "yn ôl",
    ..EMPTY
};
