//! Response headers → what the next visit needs of them: validators, freshness, when to come again. Pure.

use std::time::Duration;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER},
};
use jiff::Timestamp;

use super::date;
use crate::model::Validators;

/// Longest validator kept, in bytes; a longer one would make every request as long.
const LONGEST: usize = 1024;
/// Longest time for which a host is believed to want no visit.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(30 * 86_400);

/// The validators of an answer, byte for byte; those that cannot be echoed so are left out.
pub(super) fn of(headers: &HeaderMap) -> Validators {
    let exact = |name: HeaderName| {
        let text = headers.get(name)?.to_str().ok()?;
        (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
    };
    Validators { etag: exact(ETAG), last_modified: exact(LAST_MODIFIED) }
}

/// Makes a request conditional (RFC 9110, section 13.1). Tells whether it now is.
pub(super) fn ask(headers: &mut HeaderMap, validators: &Validators) -> bool {
    let pairs = [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)];
    let mut asked = false;
    for (name, text) in pairs {
        if let Some(value) = text.as_ref().and_then(|text| HeaderValue::from_str(text).ok()) {
            headers.insert(name, value);
            asked = true;
        }
    }
    asked
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date by the host's own clock. At most 30 days; junk is nothing.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = text.parse::<u64>().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    let until = date::http(text)?;
    let theirs = headers.get(DATE).and_then(|value| value.to_str().ok()).and_then(date::http).unwrap_or(now);
    let span = Duration::try_from(until.duration_since(theirs)).unwrap_or_default();
    Some(span.min(LONGEST_WAIT))
}

/// How long the answer stays fresh: `Cache-Control: max-age`, else `Expires`, less its `Age` (RFC 9111, section 4.2.1).
/// `no-cache` and `no-store` say that it does not; a date that cannot be read has passed (section 5.3). At most 30 days.
pub(super) fn fresh(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let directives: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    if directives.iter().any(|word| ["no-cache", "no-store"].iter().any(|no| word.eq_ignore_ascii_case(no))) {
        return None;
    }
    let max_age = directives
        .iter()
        .filter_map(|directive| directive.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"));
    let lifetime = match max_age {
        Some((_, seconds)) => Duration::from_secs(seconds.trim().trim_matches('"').parse().ok()?),
        None => {
            let theirs = text(DATE).and_then(date::http).unwrap_or(now);
            Duration::try_from(date::http(text(EXPIRES)?)?.duration_since(theirs)).ok()?
        }
    };
    let age = text(AGE).and_then(|age| age.parse().ok()).unwrap_or(0);
    Some(lifetime.saturating_sub(Duration::from_secs(age)).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(text: &str) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(text).unwrap())]);
        retry_after(&headers, "1994-11-06T08:49:37Z".parse().unwrap()).map(|span| span.as_secs())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_at_most_thirty_days() {
        let month = 30 * 86_400;
        for (text, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            ("99999999999999999999999", Some(month)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some(0)),
            ("Tue, 06 Nov 2094 08:48:37 GMT", Some(month)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(wait(text), seconds, "{text}");
        }
    }

    #[test]
    fn validators_go_back_as_they_came() {
        let etag = "W/\"a b,\\\"c\"";
        let headers = HeaderMap::from_iter([(ETAG, HeaderValue::from_static(etag))]);
        let kept = of(&headers);
        let mut request = HeaderMap::new();
        assert!(ask(&mut request, &kept));
        assert_eq!(request.get(IF_NONE_MATCH).unwrap(), etag);
        assert!(!ask(&mut request, &Validators::default()));
    }
    #[test]
    fn freshness_is_max_age_or_expires_less_age() {
        let now: Timestamp = "1994-11-06T08:49:37Z".parse().unwrap();
        let seconds = |lines: &[(&'static str, &'static str)]| {
            let pairs = lines.iter().map(|(name, text)| (name.parse().unwrap(), HeaderValue::from_static(text)));
            fresh(&pairs.collect(), now).map(|span| span.as_secs())
        };
        let expires = ("expires", "Sun, 06 Nov 1994 09:49:37 GMT");
        for (lines, expected) in [
            (vec![("cache-control", "public, Max-Age=600")], Some(600)),
            (vec![("cache-control", "max-age=\"600\", s-maxage=5"), ("age", "100"), expires], Some(500)),
            (vec![("cache-control", "max-age=60"), ("age", "100")], Some(0)),
            (vec![("cache-control", "max-age=31536000")], Some(30 * 86_400)),
            (vec![("cache-control", "no-cache, max-age=600")], None),
            (vec![("cache-control", "max-age=600"), ("cache-control", "no-store")], None),
            (vec![("cache-control", "max-age=soon")], None),
            (vec![expires], Some(3600)),
            (vec![expires, ("date", "Sun, 06 Nov 1994 09:39:37 GMT")], Some(600)),
            (vec![("expires", "0")], None),
            (vec![("expires", "Sun, 06 Nov 1994 07:49:37 GMT")], None),
            (vec![], None),
        ] {
            assert_eq!(seconds(&lines), expected, "{lines:?}");
        }
    }
}
