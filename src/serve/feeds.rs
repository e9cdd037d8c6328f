//! A rendered feed or list and a request → the answer: coding, conditional GET, freshness.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{
    answer::{self, Answer, Class},
    conditional::{self, Precondition},
    encoding,
};
use crate::feed::{Coding, Rendered, compress};

/// How feedparser names itself. It asks for 226 by itself, but programs on it, rss2email for one, take every status but a
/// few for a failure, and would show nothing new ever again.
const REFUSES_226: &[u8] = b"feedparser/";

/// A cache may show what it holds this long after `max-age` while it asks again (RFC 5861), in seconds.
const STALE: u64 = 300;

/// How a client asks for the difference (RFC 3229). Read once, since names that HTTP itself does not know are read letter by letter.
static A_IM: HeaderName = HeaderName::from_static("a-im");

/// The answer to a GET or HEAD of `rendered`, which is fresh for `fresh`, in the coding that the client likes best.
pub(super) fn answer(rendered: &Rendered, headers: &HeaderMap, fresh: Duration) -> Answer {
    coded(rendered, encoding::choose(headers), headers, fresh)
}

/// The same in the coding that was chosen before.
pub(super) fn coded(rendered: &Rendered, coding: Coding, headers: &HeaderMap, fresh: Duration) -> Answer {
    let body = rendered.body(coding);
    let mut answer = match conditional::judge(headers, &body.etag, rendered.last_modified) {
        Precondition::Failed => {
            return answer::text(StatusCode::PRECONDITION_FAILED, "the feed is another one by now\n");
        }
        Precondition::Proceed => answer::answer(Class::Inert, StatusCode::OK, rendered.media_type, body.bytes.clone()),
        Precondition::NotModified => answer::not_modified(),
    };
    if answer.status() == StatusCode::OK
        && let Some(name) = coding.name()
    {
        answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    name_version(&mut answer, rendered, coding);
    answer.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    answer::set(
        &mut answer,
        header::CACHE_CONTROL,
        &format!("max-age={}, stale-while-revalidate={STALE}", fresh.as_secs()),
    );
    answer
}

/// Says which representation it is, and of when.
fn name_version(answer: &mut Answer, rendered: &Rendered, coding: Coding) {
    let headers = answer.headers_mut();
    headers.insert(header::ETAG, rendered.body(coding).etag_line.clone());
    if let Some(modified) = &rendered.modified_line {
        headers.insert(header::LAST_MODIFIED, modified.clone());
    }
}

/// Whether the client has an older representation and takes the difference (RFC 3229, section 10.5.3).
pub(super) fn wants_news(rendered: &Rendered, coding: Coding, headers: &HeaderMap) -> bool {
    if !headers.contains_key(&A_IM) || !headers.contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    if headers.get(header::USER_AGENT).is_some_and(|agent| agent.as_bytes().starts_with(REFUSES_226)) {
        return false;
    }
    let values = headers.get_all(&A_IM).into_iter().filter_map(|value| value.to_str().ok());
    let takes_feed = values.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_feed = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("feed"));
        is_feed && !parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)))
    });
    let etag = &rendered.body(coding).etag;
    takes_feed && conditional::judge(headers, etag, rendered.last_modified) == Precondition::Proceed
}

/// 226: `news`, the entries of `rendered` that the client has not. The entity tag is that of the whole.
pub(super) fn news(rendered: &Rendered, coding: Coding, news: &[u8]) -> Answer {
    let mut answer = answer::answer(Class::Inert, StatusCode::IM_USED, rendered.media_type, compress(news, coding));
    if let Some(name) = coding.name() {
        answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    name_version(&mut answer, rendered, coding);
    let headers = answer.headers_mut();
    headers.insert("im", HeaderValue::from_static("feed"));
    headers.insert(header::VARY, HeaderValue::from_static("A-IM, If-None-Match, Accept-Encoding, Sec-Fetch-Dest"));
    // A cache that does not know of this would give a part for the whole.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
