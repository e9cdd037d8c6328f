//! What a request says: headers, and what of the configuration goes to whom.
//!
//! Invariant: headers, cookies and credentials that the configuration names are sent to the source's own origin alone.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, COOKIE},
};
use url::Url;

use super::{
    validators,
    visit::{self, Visit},
};

/// Headers that a source cannot set, since they are the connection's own.
const OURS: [&str; 9] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "accept-encoding",
    "proxy-authorization",
];

impl Visit<'_> {
    /// The headers of a request of `url`, and whether they make it conditional. What the source configures stays with its origin.
    pub(super) fn headers(&self, url: &Url) -> (HeaderMap, bool) {
        let mut headers = self.plain_headers();
        headers.insert(ACCEPT, HeaderValue::from_static(self.request.purpose.accept()));
        if self.method == Method::POST {
            let json = self.request.manners.post.as_ref().is_some_and(|body| body.trim_start().starts_with(['{', '[']));
            let media_type = if json { "application/json" } else { "application/x-www-form-urlencoded" };
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        let mut cookies = Vec::new();
        if visit::home(self.request, url).is_some() {
            for (name, value) in &self.request.manners.headers {
                let (Ok(name), Ok(mut value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value.reveal()))
                else {
                    continue;
                };
                value.set_sensitive(true);
                if name == COOKIE {
                    cookies.extend(value.to_str().map(str::to_owned));
                } else if !OURS.contains(&name.as_str()) {
                    headers.insert(name, value);
                }
            }
        }
        cookies.push(self.jar().header(url));
        cookies.retain(|line| !line.is_empty());
        if let Ok(mut line) = HeaderValue::from_str(&cookies.join("; "))
            && !cookies.is_empty()
        {
            line.set_sensitive(true);
            headers.insert(COOKIE, line);
        }
        let theirs = self.request.validated.is_none_or(|from| from == url);
        let known = self.request.validators.filter(|_| theirs && self.method == Method::GET);
        let conditional = known.is_some_and(|known| validators::ask(&mut headers, known));
        (headers, conditional)
    }

    pub(super) fn plain_headers(&self) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd"))])
    }
}
