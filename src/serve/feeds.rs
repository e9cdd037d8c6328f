//! A rendered feed or list and a request → the answer: coding, conditional GET, freshness.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    answer::{self, Answer, Class},
    conditional::{self, Precondition},
    encoding,
};
use crate::feed::Rendered;

/// A cache may show what it holds this long after `max-age` while it asks again (RFC 5861), in seconds.
const STALE: u64 = 300;

/// The answer to a GET or HEAD of `rendered`, which is fresh for `fresh`.
pub(super) fn answer(rendered: &Rendered, headers: &HeaderMap, fresh: Duration) -> Answer {
    let coding = encoding::choose(headers);
    let body = rendered.body(coding);
    let mut answer = match conditional::judge(headers, &body.etag, rendered.last_modified) {
        Precondition::Failed => {
            return answer::text(StatusCode::PRECONDITION_FAILED, "the feed is another one by now\n");
        }
        Precondition::Proceed => answer::answer(Class::Inert, StatusCode::OK, rendered.media_type, body.bytes.clone()),
        Precondition::NotModified => {
            let mut answer = answer::answer(Class::Inert, StatusCode::NOT_MODIFIED, rendered.media_type, "");
            // A 304 says of the content only what tells which one it is (RFC 9110, section 15.4.5).
            answer.headers_mut().remove(header::CONTENT_TYPE);
            answer
        }
    };
    if answer.status() == StatusCode::OK
        && let Some(name) = coding.name()
    {
        answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    answer::set(&mut answer, header::ETAG, &body.etag);
    if let Some(at) = rendered.last_modified {
        answer::set(&mut answer, header::LAST_MODIFIED, &conditional::http_date(at));
    }
    answer.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    answer::set(
        &mut answer,
        header::CACHE_CONTROL,
        &format!("max-age={}, stale-while-revalidate={STALE}", fresh.as_secs()),
    );
    answer
}
