//! An answer → where it sends us, and whether to go there. Pure.

use http::{HeaderMap, Method, header::LOCATION};
use url::Url;

use super::error;
use crate::model::{Manners, Problem};

/// One redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) to: Url,
    /// 301 or 308: the page has moved for good.
    pub(super) lasting: bool,
    /// How the next page is asked for.
    pub(super) method: Keep,
}

/// What becomes of a POST on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// It stays what it is (307, 308).
    Method,
    /// It becomes GET (301, 302, 303, as all browsers do).
    Get,
}

/// Where the answer with `status` and `headers` of `from` leads, if it is a redirect.
pub(super) fn follow(from: &Url, status: u16, headers: &HeaderMap) -> Option<Result<Hop, &'static str>> {
    let (lasting, method) = match status {
        301 => (true, Keep::Get),
        302 | 303 => (false, Keep::Get),
        307 => (false, Keep::Method),
        308 => (true, Keep::Method),
        _ => return None,
    };
    let Some(location) = headers.get(LOCATION) else { return Some(Err("a redirect without an address")) };
    let Some(to) = target(from, location.as_bytes()) else { return Some(Err("a redirect to what is no address")) };
    Some(Ok(Hop { to, lasting, method }))
}

/// `location` seen from `from`. Bytes that are not UTF-8 are escaped one by one, as they came; the fragment is inherited
/// (RFC 9110, section 10.2.2), credentials are not.
pub(super) fn target(from: &Url, location: &[u8]) -> Option<Url> {
    let text = match std::str::from_utf8(location) {
        Ok(text) => text.to_owned(),
        Err(_) => location
            .iter()
            .map(|b| if b.is_ascii() { char::from(*b).to_string() } else { format!("%{b:02X}") })
            .collect(),
    };
    let mut to = from.join(text.trim()).ok()?;
    let _ = to.set_username("");
    let _ = to.set_password(None);
    if to.fragment().is_none() {
        to.set_fragment(from.fragment());
    }
    Some(to)
}

/// Headers that hold no secret; all others do.
const HARMLESS: &[&str] = &["accept", "accept-language", "user-agent", "referer", "dnt", "cache-control"];

/// Whether a source has something that an eavesdropper must not see.
pub(super) fn has_secrets(named: &[Url], manners: &Manners) -> bool {
    named.iter().any(|url| !url.username().is_empty() || url.password().is_some())
        || manners.post.is_some()
        || manners.headers.iter().any(|(name, _)| !HARMLESS.contains(&name.as_str()))
}

/// What to say about a hop, or why it is not made.
pub(super) fn judge(from: &Url, hop: &Hop, method: &Method, secrets: bool) -> Result<Option<Problem>, &'static str> {
    if method == Method::POST && hop.method == Keep::Method && from.origin() != hop.to.origin() {
        return Err("it would hand the posted body to another site");
    }
    if from.scheme() != "https" || hop.to.scheme() != "http" {
        return Ok(None);
    }
    if secrets {
        return Err("it leads from https to http, and the source has credentials");
    }
    Ok(Some(Problem::of_page(
        format!("{} redirects from https to unprotected http", error::host(from)),
        "anyone on the way can change the page; if the site serves it over https too, give that address",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_joined_without_its_credentials() {
        let from = Url::parse("https://example.com/a/b?c#d").unwrap();
        let to = |location: &[u8]| target(&from, location).map(String::from);
        assert_eq!(to(b"../x").as_deref(), Some("https://example.com/x#d"));
        assert_eq!(to(b"//u:p@other.example/#e").as_deref(), Some("https://other.example/#e"));
        assert_eq!(to(b"/\xd0\xc2?q=\xce\xc5").as_deref(), Some("https://example.com/%D0%C2?q=%CE%C5#d"));
        assert_eq!(to(b"http://[bad"), None);
    }

    fn headers(location: Option<&str>) -> HeaderMap {
        location.map(|text| (LOCATION, text.parse().unwrap())).into_iter().collect()
    }

    #[test]
    fn a_redirect_says_whether_it_lasts_and_what_becomes_of_a_post() {
        let from = Url::parse("https://example.com/").unwrap();
        for (status, expected) in [
            (301, Some((true, Keep::Get))),
            (302, Some((false, Keep::Get))),
            (303, Some((false, Keep::Get))),
            (307, Some((false, Keep::Method))),
            (308, Some((true, Keep::Method))),
            (200, None),
            (300, None),
            (304, None),
            (305, None),
        ] {
            let hop = follow(&from, status, &headers(Some("/x")));
            assert_eq!(hop.map(|hop| hop.map(|hop| (hop.lasting, hop.method)).unwrap()), expected, "{status}");
        }
        assert_eq!(follow(&from, 301, &headers(None)), Some(Err("a redirect without an address")));
        assert_eq!(follow(&from, 301, &headers(Some("http://[bad"))), Some(Err("a redirect to what is no address")));
    }

    fn with(headers: &[&str], post: Option<&str>) -> Manners {
        let credential = |name: &&str| ((*name).to_owned(), crate::model::Credential::new("x".to_owned()));
        Manners {
            host_gap: std::time::Duration::ZERO,
            obey_robots: true,
            allow_private: Vec::new(),
            headers: headers.iter().map(credential).collect(),
            proxy: None,
            post: post.map(str::to_owned),
            insecure_tls: false,
            http1_only: false,
        }
    }

    #[test]
    fn whatever_is_not_known_to_be_harmless_is_a_secret() {
        let named = |text: &str| [Url::parse(text).unwrap()];
        let plain = named("https://example.com/");
        let harmless = ["accept", "accept-language", "user-agent", "referer", "dnt", "cache-control"];
        assert!(!has_secrets(&plain, &with(&harmless, None)));
        for secret in ["cookie", "authorization", "x-token"] {
            assert!(has_secrets(&plain, &with(&["accept", secret], None)), "{secret}");
        }
        assert!(has_secrets(&plain, &with(&[], Some("q=1"))));
        assert!(has_secrets(&named("https://me@example.com/"), &with(&[], None)));
        assert!(has_secrets(&named("https://:word@example.com/"), &with(&[], None)));
    }

    #[test]
    fn nothing_secret_leaves_https_or_its_site() {
        let url = |text: &str| Url::parse(text).unwrap();
        let go = |from: &str, to: &str, method: &Method, keep: Keep, secrets: bool| {
            judge(&url(from), &Hop { to: url(to), lasting: false, method: keep }, method, secrets)
        };
        let (secure, open) = ("https://a.example/", "http://a.example/");
        assert_eq!(go(secure, secure, &Method::GET, Keep::Get, true), Ok(None));
        assert_eq!(go(open, secure, &Method::GET, Keep::Get, true), Ok(None));
        assert_eq!(go(open, open, &Method::GET, Keep::Get, true), Ok(None));
        assert!(go(secure, open, &Method::GET, Keep::Get, true).unwrap_err().contains("has credentials"));
        let note = go(secure, open, &Method::GET, Keep::Get, false).unwrap().unwrap();
        assert!(note.reason.contains("a.example redirects from https to unprotected http"), "{}", note.reason);
        let other = "https://b.example/";
        assert!(go(secure, other, &Method::POST, Keep::Method, false).unwrap_err().contains("another site"));
        assert_eq!(go(secure, other, &Method::POST, Keep::Get, false), Ok(None));
        assert_eq!(go(secure, other, &Method::GET, Keep::Method, false), Ok(None));
        assert_eq!(go(secure, secure, &Method::POST, Keep::Method, false), Ok(None));
    }
}
