//! Azerbaijani.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "az",
    months: [
        "yanvar|yan",
        "fevral|fev",
        "mart",
        "aprel|apr",
        "may",
        "iyun",
        "iyul",
        "avqust|avq",
        "sentyabr|sen",
        "oktyabr|okt",
        "noyabr|noy",
        "dekabr|dek",
    ],
    weekdays: ["bazar ertəsi", "çərşənbə axşamı", "çərşənbə", "cümə axşamı", "cümə", "şənbə", "bazar"],
    units: ["saniyə|san", "dəqiqə|dəq", "saat", "gün", "həftə", "ay", "il", ""],
    days: &[(0, "bu gün"), (1, "dünən"), (2, "srağagün")],
    ago: "öncə|əvvəl",
    last: "keçən",
    now: "indi",
    fill: "və|saat|təxminən|tarixində",
    labels: "dərc olunub|tarix|yenilənib",
    ..EMPTY
};
