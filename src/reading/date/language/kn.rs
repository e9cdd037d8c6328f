//! Kannada.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "kn",
    units: [
        "ಸೆಕೆಂಡ್|ಸೆಕೆಂಡುಗಳ",
        "ನಿಮಿಷ|ನಿಮಿಷಗಳ",
        "ಗಂಟೆ|ಗಂಟೆಗಳ",
        "ದಿನ|ದಿನಗಳ|ದಿನದ",
        "ವಾರ|ವಾರಗಳ|ವಾರದ",
        "ತಿಂಗಳು|ತಿಂಗಳುಗಳ|ತಿಂಗಳ",
        "ವರ್ಷ|ವರ್ಷಗಳ|ವರ್ಷದ",
        "",
    ],
    days: &[(0, "ಇಂದು"), (1, "ನಿನ್ನೆ")],
    ago: "ಹಿಂದೆ",
    ..EMPTY
};
