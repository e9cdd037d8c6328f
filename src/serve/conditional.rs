//! A request's preconditions against the representation it would get (RFC 9110, section 13).

use std::time::SystemTime;

use http::{HeaderMap, header};
use jiff::Timestamp;

/// What preconditions make of a GET or HEAD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precondition {
    /// The whole answer.
    Proceed,
    /// 304: the client has it.
    NotModified,
    /// 412: the client wanted another one.
    Failed,
}

/// Judges in the order of section 13.2.2.
pub(super) fn judge(headers: &HeaderMap, etag: &str, modified: Option<Timestamp>) -> Precondition {
    if headers.contains_key(header::IF_MATCH) {
        if !listed(headers, header::IF_MATCH, |tag| tag == Tag::Any || tag == Tag::Strong(etag)) {
            return Precondition::Failed;
        }
    } else if let (Some(date), Some(modified)) = (date(headers, header::IF_UNMODIFIED_SINCE), modified)
        && modified.as_second() > date
    {
        return Precondition::Failed;
    }
    if headers.contains_key(header::IF_NONE_MATCH) {
        // Weak comparison: a proxy that compresses makes our strong tag weak.
        let has_it = listed(headers, header::IF_NONE_MATCH, |tag| {
            tag == Tag::Any || matches!(tag, Tag::Strong(t) | Tag::Weak(t) if t == etag)
        });
        return if has_it { Precondition::NotModified } else { Precondition::Proceed };
    }
    match (date(headers, header::IF_MODIFIED_SINCE), modified) {
        (Some(date), Some(modified)) if modified.as_second() <= date => Precondition::NotModified,
        _ => Precondition::Proceed,
    }
}

/// The entity tags of `If-None-Match`, quotes included, as many as an honest client has.
pub(super) fn known(headers: &HeaderMap) -> Vec<String> {
    let mut known = Vec::new();
    listed(headers, header::IF_NONE_MATCH, |tag| {
        if let Tag::Strong(tag) | Tag::Weak(tag) = tag {
            known.push(tag.to_owned());
        }
        known.len() >= 8
    });
    known
}

/// An entity tag of a list, quotes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag<'a> {
    Any,
    Strong(&'a str),
    Weak(&'a str),
}

/// Whether any tag of the header's list does. What is no list of tags holds none from the fault on.
fn listed(headers: &HeaderMap, name: header::HeaderName, mut does: impl FnMut(Tag<'_>) -> bool) -> bool {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        let mut rest = value.trim();
        if rest == "*" {
            return does(Tag::Any);
        }
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            let (weak, quoted) = match rest.strip_prefix("W/") {
                Some(quoted) => (true, quoted),
                None => (false, rest),
            };
            let Some(end) = quoted.strip_prefix('"').and_then(|inner| inner.find('"')) else { return false };
            let (tag, after) = quoted.split_at(end + 2);
            if does(if weak { Tag::Weak(tag) } else { Tag::Strong(tag) }) {
                return true;
            }
            rest = after;
        }
    })
}

/// The second that the header names; nothing where it is missing, doubled or no HTTP date, and then it is not heeded.
fn date(headers: &HeaderMap, name: header::HeaderName) -> Option<i64> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let at = httpdate::parse_http_date(value.to_str().ok()?.trim()).ok()?;
    i64::try_from(at.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn preconditions_are_judged_in_order() {
        const TAG: &str = "\"abc\"";
        let modified: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let (before, same, after) =
            ("Sun, 22 Nov 2026 09:59:59 GMT", "Sun, 22 Nov 2026 10:00:00 GMT", "Sun, 22 Nov 2026 10:00:01 GMT");
        use Precondition::{Failed, NotModified, Proceed};
        let cases: &[(&[(&str, &str)], Precondition)] = &[
            (&[], Proceed),
            (&[("if-none-match", "\"abc\"")], NotModified),
            (&[("if-none-match", "W/\"abc\"")], NotModified),
            (&[("if-none-match", "\"x\", W/\"y\" ,, \"abc\"")], NotModified),
            (&[("if-none-match", "\"x\""), ("if-none-match", "\"abc\"")], NotModified),
            (&[("if-none-match", "\"a,b\",\"abc\"")], NotModified),
            (&[("if-none-match", "*")], NotModified),
            (&[("if-none-match", " * ")], NotModified),
            (&[("if-none-match", "\"x\"")], Proceed),
            (&[("if-none-match", "abc")], Proceed),
            (&[("if-none-match", "\"abc")], Proceed),
            (&[("if-none-match", "w/\"abc\"")], Proceed),
            (&[("if-none-match", "")], Proceed),
            (&[("if-none-match", "junk \"abc\"")], Proceed),
            (&[("if-modified-since", same)], NotModified),
            (&[("if-modified-since", after)], NotModified),
            (&[("if-modified-since", before)], Proceed),
            (&[("if-modified-since", "Sunday, 22-Nov-26 10:00:00 GMT")], NotModified),
            (&[("if-modified-since", "Sun Nov 22 10:00:00 2026")], NotModified),
            (&[("if-modified-since", "yesterday")], Proceed),
            (&[("if-modified-since", "2026-11-22T10:00:00Z")], Proceed),
            (&[("if-modified-since", same), ("if-modified-since", same)], Proceed),
            // If-Modified-Since counts only without If-None-Match.
            (&[("if-none-match", "\"x\""), ("if-modified-since", same)], Proceed),
            (&[("if-none-match", "\"abc\""), ("if-modified-since", before)], NotModified),
            (&[("if-match", "\"abc\"")], Proceed),
            (&[("if-match", "*")], Proceed),
            (&[("if-match", "W/\"abc\"")], Failed),
            (&[("if-match", "\"x\"")], Failed),
            (&[("if-match", "\"x\""), ("if-none-match", "\"abc\"")], Failed),
            (&[("if-match", "\"abc\""), ("if-none-match", "\"abc\"")], NotModified),
            (&[("if-unmodified-since", before)], Failed),
            (&[("if-unmodified-since", same)], Proceed),
            (&[("if-match", "\"abc\""), ("if-unmodified-since", before)], Proceed),
        ];
        for (given, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in *given {
                headers.append(*name, HeaderValue::from_str(value).unwrap());
            }
            assert_eq!(judge(&headers, TAG, Some(modified)), *expected, "{given:?}");
        }
        println!("{} sets of preconditions", cases.len());
    }

    #[test]
    fn without_a_date_only_tags_count() {
        let mut headers = HeaderMap::new();
        headers.insert("if-modified-since", HeaderValue::from_static("Sun, 22 Nov 2026 10:00:00 GMT"));
        assert_eq!(judge(&headers, "\"a\"", None), Precondition::Proceed);
    }
}
