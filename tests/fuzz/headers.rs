//! Headers that strangers send, in both directions, and robots.txt: private code, whose sources are compiled in here.

#[path = "../../src/serve/conditional.rs"]
mod conditional;
#[path = "../../src/fetch/date.rs"]
mod date;
#[path = "../../src/fetch/robots.rs"]
#[expect(dead_code, reason = "the cache of rules is not tried here")]
mod robots;
#[path = "../../src/fetch/validators.rs"]
mod validators;

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use url::Url;

use crate::engine::{Outcome, about, shape};
use conditional::Precondition;

const TAG: &str = "\"abc\"";

/// Lines of `name: value` as headers; what is none is left out.
fn headers(input: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n').take(64) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(line[..colon].trim_ascii()),
            HeaderValue::from_bytes(line[colon + 1..].trim_ascii()),
        ) else {
            continue;
        };
        headers.append(name, value);
    }
    headers
}

/// A reader's preconditions (RFC 9110, section 13): what an answer other than the whole one may rest upon.
pub(crate) fn conditional(input: &[u8]) -> Outcome {
    let modified: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let headers = headers(input);
    let all = |name: &str| {
        headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect::<Vec<_>>()
    };
    let (none_match, matches) = (all("if-none-match"), all("if-match"));
    let verdict = conditional::judge(&headers, TAG, Some(modified));
    let asked = match verdict {
        Precondition::Proceed => !none_match.iter().any(|value| value == TAG || value == "*"),
        Precondition::NotModified if none_match.is_empty() => headers.contains_key("if-modified-since"),
        Precondition::NotModified => none_match.iter().any(|value| value.contains(TAG) || value.contains('*')),
        Precondition::Failed if matches.is_empty() => headers.contains_key("if-unmodified-since"),
        Precondition::Failed => !matches.iter().any(|value| value == TAG || value == "*"),
    };
    if !asked {
        return Err(format!("{verdict:?} to {headers:?}"));
    }
    let known = conditional::known(&headers);
    if known.len() > 8 || known.iter().any(|tag| !none_match.iter().any(|value| value.contains(tag.as_str()))) {
        return Err(format!("{known:?} of {none_match:?}"));
    }
    // Without the client's tags and dates the whole answer is due.
    let mut bare = headers.clone();
    for name in ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"] {
        bare.remove(name);
    }
    if conditional::judge(&bare, TAG, Some(modified)) != Precondition::Proceed {
        return Err("a request without preconditions was not answered".to_owned());
    }
    Ok(shape((format!("{verdict:?}"), none_match.len().min(4), matches.len().min(4), headers.len().min(8))))
}

/// What a host's answer says of the next visit: echoed exactly or not at all, and never longer than thirty days.
pub(crate) fn answers(input: &[u8]) -> Outcome {
    let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let headers = headers(input);
    let validators = validators::of(&headers);
    let mut request = HeaderMap::new();
    let asked = validators::ask(&mut request, &validators);
    let sent = |name: &str, theirs: &str| match (request.get(name), headers.get(theirs)) {
        (Some(ours), Some(theirs)) => ours == theirs,
        (Some(_), None) => false,
        (None, _) => true,
    };
    if !sent("if-none-match", "etag") || !sent("if-modified-since", "last-modified") || asked == request.is_empty() {
        return Err(format!("{headers:?} came back as {request:?}"));
    }
    let wait = validators::retry_after(&headers, now);
    let fresh = validators::fresh(&headers, now);
    if wait.max(fresh).is_some_and(|wait| wait > Duration::from_secs(30 * 86_400)) {
        return Err(format!("a wait of {wait:?}, fresh for {fresh:?}"));
    }
    let magnitude = |span: Option<Duration>| span.map(|span| about(span.as_secs() as usize));
    Ok(shape((asked, request.len(), magnitude(wait), magnitude(fresh))))
}

/// robots.txt (RFC 9309): comments and line ends change nothing, and robots.txt itself is always allowed.
pub(crate) fn robots(input: &[u8]) -> Outcome {
    let rules = robots::Rules::read(input, "tearsheet");
    let paths =
        ["/", "/private/", "/news/1.html", "/a?b=c", "/%E7%94%B5%E7%BD%91", "/robots.txt", "/a/b/c/d.php?x=1#y"];
    let urls = paths.map(|path| Url::parse(&format!("http://news.example{path}")).unwrap());
    let answers = |rules: &robots::Rules| urls.each_ref().map(|url| rules.allow(url));
    let allowed = answers(&rules);
    if !allowed[5] {
        return Err("robots.txt itself is forbidden".to_owned());
    }
    if input.len() < robots::MOST / 2 {
        let mut commented = b"# nothing\n\n".to_vec();
        // A byte order mark counts only where a file begins.
        commented.extend_from_slice(input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input));
        commented.extend_from_slice(b"\n# nothing\n");
        let again = robots::Rules::read(&commented, "tearsheet");
        if answers(&again) != allowed || again.delay() != rules.delay() {
            return Err(format!("comments changed {allowed:?} to {:?}", answers(&again)));
        }
    }
    Ok(shape((allowed, about(rules.delay().as_secs() as usize))))
}
