//! [`Answer`]: an HTTP answer in the making. Every one with a content has `nosniff` and the policy of its class.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

/// What a kind of answer may do in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Feeds, errors, health: nothing at all, should a browser take them for HTML.
    Inert,
    /// Pages made here: their own style and script, by hash, and pictures of articles.
    Page,
}

/// Headers of the largest answers; a map that need not grow is made in one piece.
const HEADERS: usize = 12;

/// An answer with its whole body.
pub type Answer = Response<Full<Bytes>>;

/// An answer of `class` with a body.
pub(super) fn answer(class: Class, status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    *headers = HeaderMap::with_capacity(HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(class));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

/// 304: it says of the content only what tells which one it is and how long it holds, and those who ask add that
/// (RFC 9110, section 15.4.5). What the cache has of the other headers stays (RFC 9111, section 3.2).
pub(super) fn not_modified() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::NOT_MODIFIED;
    *answer.headers_mut() = HeaderMap::with_capacity(HEADERS / 2);
    answer
}

/// A short answer in plain text. It must hold nothing of the request.
pub(super) fn text(status: StatusCode, text: impl Into<Bytes>) -> Answer {
    let mut answer = answer(Class::Inert, status, "text/plain; charset=utf-8", text);
    set(&mut answer, header::CACHE_CONTROL, "no-cache");
    answer
}

/// Sets a header whose value the program made. One that cannot stand in a header is left out.
pub(super) fn set(answer: &mut Answer, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

fn policy(class: Class) -> HeaderValue {
    match class {
        Class::Inert => HeaderValue::from_static("default-src 'none'; sandbox"),
        Class::Page => super::page::policy(),
    }
}
