//! HTTP dates (RFC 9110, section 5.6.7) in their three forms, and the dashed one of old cookies → instant.

use jiff::{Timestamp, civil::DateTime, fmt::strtime, tz::TimeZone};

/// The forms, the weekday and its comma taken off and dashes made blanks. All are in UTC.
const FORMS: [&str; 3] = ["%d %b %Y %H:%M:%S", "%d %b %y %H:%M:%S", "%b %d %H:%M:%S %Y"];

/// The instant that an HTTP date names.
pub(super) fn http(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let text = text.strip_suffix("GMT").or_else(|| text.strip_suffix("UTC")).unwrap_or(text).trim();
    let bare = match text.split_once(',') {
        Some((_, rest)) => rest.trim().replace('-', " "),
        // asctime: `Sun Nov  6 08:49:37 1994`
        None => text.split_whitespace().skip(1).collect::<Vec<_>>().join(" "),
    };
    let read = |form: &&str| strtime::parse(form, &bare).ok().and_then(|parts| parts.to_datetime().ok());
    // `%Y` reads two digits too, as a year of antiquity.
    let civil: DateTime = FORMS.iter().filter_map(read).find(|civil| civil.year() >= 100)?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_three_forms_name_the_same_instant() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Mon, 06-Nov-1994 08:49:37 GMT",
        ] {
            assert_eq!(super::http(text).unwrap().to_string(), "1994-11-06T08:49:37Z", "{text}");
        }
        for junk in ["", "soon", "120", "Sun, 99 Nov 1994 08:49:37 GMT", "-", ",", "Sun, 06 Nov 1994"] {
            assert_eq!(super::http(junk), None, "{junk}");
        }
    }
}
