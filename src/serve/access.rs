//! Who may see what is private: those who show the key, in the address or as a password.
//!
//! Readers and browsers have it in a private feed's address (`?key=…`). Where a browser asks a person for it, it comes as the
//! password of HTTP's Basic scheme (RFC 7617), under any name; scripts may send it as a bearer token (RFC 6750, section 2.1).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{StatusCode, header, request::Parts};
use sha2::{Digest, Sha256};

use super::answer::{self, Answer};

/// Whether the request shows this key.
pub(super) fn shows(request: &Parts, key: &str) -> bool {
    let query = request.uri.query().unwrap_or_default();
    let in_address = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "key");
    in_address.is_some_and(|(_, given)| same(given.as_bytes(), key))
        || authorization(request).is_some_and(|given| same(&given, key))
}

/// The answer to who has to show the key and did not.
pub(super) fn asked_for() -> Answer {
    let mut answer = answer::text(StatusCode::UNAUTHORIZED, "this page needs the token of [server] as its password\n");
    answer::set(&mut answer, header::WWW_AUTHENTICATE, r#"Basic realm="tearsheet", charset="UTF-8""#);
    answer
}

/// The address's query that shows the key.
pub(super) fn query(key: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
    query.append_pair("key", key);
    query.finish()
}

/// The password or token of the request's `Authorization`.
fn authorization(request: &Parts) -> Option<Vec<u8>> {
    let value = request.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, given) = value.split_once(' ')?;
    let given = given.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(given.as_bytes().to_vec());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = STANDARD.decode(given).ok()?;
    let colon = pair.iter().position(|&byte| byte == b':')?;
    pair.get(colon + 1..).map(<[u8]>::to_vec)
}

/// Digests are compared, so that the time it takes tells nothing of the key.
fn same(given: &[u8], key: &str) -> bool {
    Sha256::digest(given) == Sha256::digest(key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(uri: &str, authorization: Option<&str>) -> bool {
        let mut request = http::Request::get(uri);
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        shows(&request.body(()).unwrap().into_parts().0, "pa:ss wörd")
    }

    #[test]
    fn the_key_is_taken_from_address_password_and_bearer() {
        assert!(asks(&format!("/{}", query("pa:ss wörd")), None));
        let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        assert!(asks("/", Some(&basic("anyone:pa:ss wörd"))), "a password may hold colons");
        assert!(asks("/", Some(&basic(":pa:ss wörd").replace("Basic", "bAsIc"))));
        for (uri, authorization) in [
            ("/", None),
            ("/?key=", None),
            ("/?key=pa:ss", None),
            ("/?other=1&keys=pa%3Ass+w%C3%B6rd", None),
            ("/", Some("Basic".to_owned())),
            ("/", Some("Basic !!!".to_owned())),
            ("/", Some(basic("no colon"))),
            ("/", Some(basic("pa:ss wörd:"))),
            ("/", Some("Bearer nothing".to_owned())),
            ("/", Some("Digest pa:ss".to_owned())),
        ] {
            assert!(!asks(uri, authorization.as_deref()), "{uri} {authorization:?}");
        }
    }
}
