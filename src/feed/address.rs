//! A URL as stored → one that every feed format takes: absolute, http or https, only characters of RFC 3986.

use url::{Position, Url};

use super::xml::XmlText;

/// The address as readers get it, or nothing where it is no http or https URL.
///
/// The WHATWG form leaves `|`, `[`, a lone `%` and others in paths and queries as they are; RFC 3986, section 2 does not
/// allow them, so they are percent-encoded here, which names the same resource. Credentials are left out.
pub fn web(text: &str) -> Option<XmlText> {
    let mut url = Url::parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    // Both fail only for a URL that cannot have credentials.
    let _ = (url.set_username(""), url.set_password(None));
    let rest = &url[Position::BeforePath..];
    if rest.bytes().all(is_plain) {
        return Some(XmlText::line(url.as_str()));
    }
    let mut kept = url[..Position::BeforePath].to_owned();
    let mut in_fragment = false;
    for (place, byte) in rest.bytes().enumerate() {
        let plain = match byte {
            b'%' => rest.as_bytes().get(place + 1..place + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
            b'#' => !std::mem::replace(&mut in_fragment, true),
            _ => is_plain(byte),
        };
        if plain {
            kept.push(char::from(byte));
        } else {
            kept.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(XmlText::line(&kept))
}

/// Whether RFC 3986 allows it anywhere in a path, a query and a fragment.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b':'
                | b'/'
                | b'?'
                | b'@'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
        )
}

/// The host that an address names, for people to see.
pub fn host(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_characters_of_rfc_3986_are_left() {
        for (given, expected) in [
            ("http://example.org/a?b=1&c=%E7%94%B5#d", Some("http://example.org/a?b=1&c=%E7%94%B5#d")),
            (
                "https://example.org/电网|[x]?q=100%#a#b",
                Some("https://example.org/%E7%94%B5%E7%BD%91%7C%5Bx%5D?q=100%25#a%23b"),
            ),
            ("http://u:p@example.org/", Some("http://example.org/")),
            ("http://[::1]:8080/x", Some("http://[::1]:8080/x")),
            ("javascript:alert(1)", None),
            ("/relative", None),
            ("", None),
        ] {
            assert_eq!(web(given).as_ref().map(XmlText::as_str), expected, "{given}");
        }
    }
}
