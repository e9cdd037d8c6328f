//! The English stories of the demo site. Places, outlets and people are made up.

use super::stories::Story;

const fn story(section: &'static str, place: &'static str, title: &'static str, lead: &'static str) -> Story {
    Story { section, place, title, lead }
}

/// The English column, oldest first; the last ones appear while the site runs.
pub(crate) const ENGLISH: &[Story] = &[
    story(
        "Grid",
        "Harrowmere",
        "Harrowmere substation goes live six weeks ahead of plan",
        "The new 220 kV substation at Harrowmere was energised on the first attempt, closing a gap in the northern ring.",
    ),
    story(
        "Storage",
        "Quill Sound",
        "What a year of tidal data taught a battery operator",
        "Quill Sound's battery earned less from the evening peak than anyone had forecast, and more from the tide.",
    ),
    story(
        "Markets",
        "Lanmere",
        "Small bakeries club together to buy power",
        "Thirty bakeries in Lanmere have signed one contract for the electricity that heats their ovens before dawn.",
    ),
    story(
        "Grid",
        "Tarn Valley",
        "Last overhead line in the old town is taken down",
        "A crane lifted the final span over Cooper Street on Tuesday, and a crowd came to watch it go.",
    ),
    story(
        "People",
        "Eskholm",
        "The line walker who knows every tree",
        "For twenty-six years Ada Thorne has walked the ridge above Eskholm with a notebook and a pair of binoculars.",
    ),
    story(
        "Storage",
        "Brackwater",
        "Pumped hydro reservoir begins to fill",
        "Engineers at Brackwater closed the diversion gate at noon; it will take four months to reach the operating level.",
    ),
    story(
        "Markets",
        "Lanmere",
        "Night tariffs move the laundry of a whole district",
        "Smart meters show that one household in five now washes after eleven in the evening.",
    ),
    story(
        "Grid",
        "Quill Sound",
        "Island cable repaired before the winter storms",
        "The repair vessel found the fault at a depth of forty-one metres, under a lost anchor.",
    ),
    story(
        "Technology",
        "Harrowmere",
        "A transformer that says when it is tired",
        "Sound recordings taken every ten minutes gave three weeks' warning of a loose winding.",
    ),
    story(
        "Technology",
        "Tarn Valley",
        "Drones take over the night patrol",
        "Two drones now inspect the valley line after dark, when a hot joint stands out best.",
    ),
    story(
        "People",
        "Brackwater",
        "She turned her control-room diary into a textbook",
        "On her last night shift, Mira Castell handed over a shelf of notebooks that had trained a generation.",
    ),
    story(
        "Storage",
        "Eskholm",
        "School roof batteries keep the village lit",
        "When the valley lost its feeder on Friday, the lights at Eskholm school stayed on for nine hours.",
    ),
    story(
        "Grid",
        "Lanmere",
        "Winter peak passes without a single call for reserves",
        "Demand touched a new record at 18:40, and the operator had margin to spare.",
    ),
    story(
        "Markets",
        "Harrowmere",
        "First virtual power plant clears the balancing auction",
        "One hundred and twelve cold stores and chargers answered a dispatch order as if they were one machine.",
    ),
];
