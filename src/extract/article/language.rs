//! The language of a page: what it says, unless its letters say otherwise; and the zone of its dates.

use jiff::tz::{Offset, TimeZone};

use super::{body::Block, view::View};

/// Letters that are looked at.
const MOST: usize = 4000;

/// The language tag in the short form of its first part (BCP 47): `zh`, `en`.
pub(super) fn of(said: Option<&str>, blocks: &[Block]) -> Option<String> {
    let said = said.and_then(|tag| tag.split(['-', '_', ',', ';', ' ']).next()).map(str::to_ascii_lowercase);
    let said = said.filter(|tag| (2..=3).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_lowercase()));
    let mut counts = [0_usize; 6];
    for c in blocks.iter().flat_map(|block| block.text.chars()).filter(|c| c.is_alphabetic()).take(MOST) {
        let script = match c {
            '\u{3400}'..='\u{9FFF}' => 0,
            '\u{3040}'..='\u{30FF}' => 1,
            '\u{AC00}'..='\u{D7AF}' => 2,
            '\u{0400}'..='\u{04FF}' => 3,
            '\u{0600}'..='\u{06FF}' => 4,
            _ => 5,
        };
        if let Some(count) = counts.get_mut(script) {
            *count += 1;
        }
    }
    let [han, kana, hangul, cyrillic, arabic, other] = counts;
    let all = han + kana + hangul + cyrillic + arabic + other;
    let most = |count: usize| all > 40 && count * 2 > all;
    let is_one_of = |tags: &[&str]| said.as_deref().is_some_and(|tag| tags.contains(&tag));
    // Templates come with "en" and stay so: letters of another script overrule it.
    match () {
        () if most(hangul) => Some("ko".to_owned()),
        () if all > 40 && kana * 8 > all => Some("ja".to_owned()),
        () if most(han) && !is_one_of(&["zh", "ja", "yue"]) => Some("zh".to_owned()),
        () if most(cyrillic) && is_one_of(&["en", "de", "fr", "es"]) => None,
        () if most(arabic) && is_one_of(&["en", "de", "fr", "es"]) => Some("ar".to_owned()),
        () => said,
    }
}

/// The zone of a date that names none: the context's. Where that is UTC, in which few newsrooms live, a language or country with one
/// zone tells better.
pub(super) fn zone(given: &TimeZone, view: &View<'_>) -> TimeZone {
    // A machine's own zone has a name, and is of no fixed offset then.
    let is_named =
        given.iana_name().is_some_and(|name| matches!(name, "UTC" | "Etc/UTC" | "Etc/UCT" | "Etc/GMT" | "GMT"));
    let is_utc = is_named || given.to_fixed_offset().is_ok_and(|offset| offset == Offset::UTC);
    let country = view.page.url.host_str().and_then(|host| host.rsplit('.').next());
    let hours = match (country, view.language.as_deref()) {
        _ if !is_utc => return given.clone(),
        (Some("cn" | "hk" | "tw" | "sg"), _) => 8,
        (Some("jp" | "kr"), _) => 9,
        (_, Some("zh")) => 8,
        (_, Some("ja" | "ko")) => 9,
        _ => return given.clone(),
    };
    TimeZone::fixed(Offset::constant(hours))
}
