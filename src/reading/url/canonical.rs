//! [`canonical`]: the form of a URL in which two addresses of one article are equal.
//!
//! What is forgotten: the scheme; `www.`, `m.` and their like, since a site that answers under both shows the same article;
//! default ports and pages; places on the page; tracking and session parameters; the order of parameters; how a character
//! was escaped; a last slash; AMP. What is kept: the case of paths, other parameters, and routes (`#/…`, `#!…`).

use url::Url;

use super::{is_route, tracking};
use crate::model::CanonicalUrl;

/// First labels of hosts that show the same site in other dress.
const DRESS: &[&str] = &["www", "m", "wap", "mobile", "amp", "3g", "touch"];

/// Labels under which registries of two-letter domains sell names: `m.com.cn` is a site of its own.
const REGISTRY: &[&str] = &["com", "net", "org", "gov", "edu", "co", "ac", "or", "ne", "go", "gob", "gouv"];

/// Names of the page that a folder shows by itself, and their endings.
const DEFAULT_NAMES: &[&str] = &["index", "default"];
const PAGE_ENDINGS: &[&str] =
    &["html", "htm", "shtml", "shtm", "xhtml", "php", "asp", "aspx", "jsp", "cgi", "cfm", "do"];

/// The form that serves identity alone.
pub fn canonical(url: &Url) -> CanonicalUrl {
    if url.cannot_be_a_base() || !matches!(url.scheme(), "http" | "https") {
        return CanonicalUrl::vouched(url.as_str().to_owned());
    }
    let mut out = String::with_capacity(url.as_str().len());
    out.push_str("https://");
    out.push_str(host(url.host_str().unwrap_or_default()));
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        out.push_str(&format!(":{port}"));
    }
    let path = path(url.path());
    out.push_str(&path);
    let query = query(url.query().unwrap_or_default(), &path);
    if !query.is_empty() {
        out.push('?');
        out.push_str(&query);
    }
    if let Some(fragment) = url.fragment().filter(|f| is_route(&format!("#{f}")) && f.len() > 1) {
        out.push('#');
        out.push_str(&escapes(fragment));
    }
    CanonicalUrl::vouched(out)
}

/// The host without its dress and without the dot of the root.
fn host(host: &str) -> &str {
    // `..` is a host to URL parsers; what is left of it must be one too.
    let mut host = host.strip_suffix('.').filter(|rest| !rest.is_empty() && !rest.ends_with('.')).unwrap_or(host);
    while let Some((first, rest)) = host.split_once('.') {
        let is_site = match rest.split_once('.') {
            None => false,
            Some((name, zone)) => !(zone.len() == 2 && REGISTRY.contains(&name)),
        };
        if !is_site || !DRESS.contains(&first) || rest.parse::<std::net::Ipv4Addr>().is_ok() {
            break;
        }
        host = rest;
    }
    host
}

/// The path without session, AMP, default page and last slash; `/` at least.
fn path(path: &str) -> String {
    let escaped = escapes(path);
    let mut segments: Vec<String> = escaped
        .split('/')
        .map(without_session)
        .filter(|segment| !matches!(segment.as_str(), "" | "." | ".."))
        .collect();
    // Each rule may bare the next one's case, and each only takes away.
    loop {
        let before = (segments.len(), segments.last().map(String::len));
        if segments.last().is_some_and(|last| is_default_page(last)) {
            segments.pop();
        }
        if segments.len() > 1 && segments.last().is_some_and(|last| is_amp(last)) {
            segments.pop();
        }
        if segments.len() > 1 && segments.first().is_some_and(|first| is_amp(first)) {
            segments.remove(0);
        }
        if let Some(last) = segments.last_mut() {
            *last = without_amp_ending(last);
        }
        if before == (segments.len(), segments.last().map(String::len)) {
            break;
        }
    }
    format!("/{}", segments.join("/"))
}

/// A segment without `;jsessionid=…` and its like; empty if it was a session alone, as `(S(…))` of ASP.NET.
fn without_session(segment: &str) -> String {
    let lower = segment.to_ascii_lowercase();
    if lower.starts_with("(s(") && lower.ends_with("))") {
        return String::new();
    }
    let mut parts = segment.split(';');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        if !name.is_empty() && !tracking::is_tracking(name, value) {
            out.push(';');
            out.push_str(part);
        }
    }
    out
}

fn is_default_page(segment: &str) -> bool {
    let lower = segment.to_ascii_lowercase();
    lower.split_once('.').is_some_and(|(name, ending)| DEFAULT_NAMES.contains(&name) && PAGE_ENDINGS.contains(&ending))
}

fn is_amp(segment: &str) -> bool {
    segment.eq_ignore_ascii_case("amp")
}

/// `story.amp.html` and `story.amp` → `story.html` and `story`.
fn without_amp_ending(segment: &str) -> String {
    if let Some((stem, ending)) = segment.rsplit_once('.') {
        if ending == "amp" && !stem.is_empty() {
            return stem.to_owned();
        }
        if let Some(stem) = stem.strip_suffix(".amp").filter(|stem| !stem.is_empty()) {
            return format!("{stem}.{ending}");
        }
    }
    segment.to_owned()
}

/// The parameters that choose what is shown, by name; those of one name stay in their order.
fn query(query: &str, path: &str) -> String {
    let is_file = path.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "html" | "htm" | "shtml"));
    let escaped = escapes(query);
    let mut parameters: Vec<(&str, Option<&str>)> = escaped
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| match parameter.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (parameter, None),
        })
        .filter(|(name, value)| match value {
            Some(value) => !tracking::is_tracking(name, value),
            // A file shows the same whatever number follows it; a script may take the number for an article's.
            None if is_file && tracking::is_buster(name) => false,
            None => !tracking::is_tracking(name, ""),
        })
        .collect();
    parameters.sort_by_key(|(name, _)| *name);
    let written: Vec<String> = parameters
        .iter()
        .map(|(name, value)| value.map_or_else(|| (*name).to_owned(), |value| format!("{name}={value}")))
        .collect();
    written.join("&")
}

/// Each character escaped in one way: unreserved ones never, those that no URL may hold always, with capital digits
/// (RFC 3986, sections 2.3 and 6.2.2).
fn escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        let mut ahead = bytes.clone();
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes = ahead;
                let value = u8::try_from(high * 16 + low).unwrap_or(b'%');
                if is_unreserved(value) { out.push(char::from(value)) } else { escape(&mut out, value) }
            }
            (b'%', ..) => out.push_str("%25"),
            (b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'[' | b']' | b'\'' | b'#', ..) => {
                escape(&mut out, byte);
            }
            (0x21..=0x7E, ..) => out.push(char::from(byte)),
            _ => escape(&mut out, byte),
        }
    }
    out
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn escape(out: &mut String, byte: u8) {
    out.push_str(&format!("%{byte:02X}"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> String {
        canonical(&Url::parse(text).unwrap()).as_str().to_owned()
    }

    /// Each line is one article.
    const SAME: &[&[&str]] = &[
        &[
            "http://www.example.org/a/1.html",
            "https://example.org/a/1.html#comments",
            "https://EXAMPLE.org:443/a/1.html?utm_source=x&UTM_Medium=y",
            "http://m.example.org:80/a/1.html?from=timeline&isappinstalled=0",
            "http://wap.example.org/a//1.html?_=1640829600123",
            "http://example.org./a/%31.html?1640829600",
            "http://user:secret@example.org/a/../a/1.html;jsessionid=0123ABC?spm=a.b.c",
            "https://amp.example.org/amp/a/1.html?amp=1",
            "https://example.org/a/1.amp.html",
        ],
        &[
            "http://example.org",
            "http://example.org/index.html",
            "https://www.example.org/?",
            "http://example.org/Default.aspx",
        ],
        &[
            "http://example.org/s?b=2&a=1&a=0",
            "http://example.org/s/?a=1&b=2&a=0&fbclid=q",
            "http://example.org/s?&a=1&&a=0&b=2",
        ],
        &["http://example.org/电", "http://example.org/%e7%94%b5/", "http://example.org/%E7%94%B5/amp/"],
        &["http://例え.jp/x", "http://xn--r8jz45g.jp/x"],
        &["http://example.org/(S(abc123))/x.aspx", "http://example.org/x.aspx?PHPSESSID=1&sid=0123456789abcdef0123"],
        &["http://example.org/a|b'c", "http://example.org/a%7cb%27c"],
        &["http://example.org/app#/story/1", "http://www.example.org/app/#/story/1"],
    ];

    /// No two of these are one article.
    const OTHER: &[&str] = &[
        "http://example.org/a",
        "http://example.org/A",
        "http://example.org/a?id=1",
        "http://example.org/a?id=2",
        "http://example.org/a?1640829600",
        "http://example.org/a?from=20",
        "http://example.org/a?t=12",
        "http://example.org/a%2Fb",
        "http://example.org/a/b",
        "http://example.org:8080/a",
        "http://news.example.org/a",
        "http://example.org/amp",
        "http://example.org/app#/story/1",
        "http://example.org/app#/story/2",
        "http://m.com.cn/a",
        "http://com.cn/a",
        "http://m.org/a",
        "http://example.org/index_2.html",
    ];

    #[test]
    fn addresses_of_one_article_are_one() {
        for same in SAME {
            for other in *same {
                assert_eq!(of(same[0]), of(other), "{other}");
            }
        }
    }

    #[test]
    fn addresses_of_other_articles_stay_apart() {
        for (n, a) in OTHER.iter().enumerate() {
            for b in &OTHER[n + 1..] {
                assert_ne!(of(a), of(b), "{a} {b}");
            }
        }
    }

    fn any_url() -> impl Strategy<Value = Url> {
        let host = "((www|m|wap|amp|a)\\.){0,3}(example|com|a)\\.(org|cn|com\\.cn|co\\.uk)\\.?";
        let path =
            "(/(amp|index\\.html|Default\\.ASP|x\\.amp\\.html|[a-zA-Z0-9%;=.'|~é电()-]{0,8}|\\(S\\(a\\)\\))){0,4}/?";
        let query =
            "(\\?([a-c_t]{1,2}(=[a-zA-Z0-9%+;|'é-]{0,6})?|utm_x=1|&|1640829600|sid=0123456789abcdef0123){0,4})?";
        let fragment = "(#(/|!)?[a-z%'|]{0,4})?";
        (prop::sample::select(vec!["http", "https"]), host, "(:80|:443|:81)?", path, query, fragment).prop_filter_map(
            "no URL",
            |(scheme, host, port, path, query, fragment)| {
                Url::parse(&format!("{scheme}://{host}{port}{path}{query}{fragment}")).ok()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn canonical_is_idempotent(url in any_url()) {
            let once = canonical(&url);
            let twice = canonical(&Url::parse(once.as_str()).unwrap());
            prop_assert_eq!(once, twice);
        }

        #[test]
        fn tracking_changes_nothing(url in any_url(), name in prop::sample::select(vec!["utm_source", "fbclid", "spm", "PHPSESSID"]), value in "[a-z0-9]{0,8}") {
            let mut tracked = url.clone();
            tracked.query_pairs_mut().append_pair(name, &value);
            // `append_pair` only adds, so what was there stays as it was.
            prop_assert_eq!(canonical(&url), canonical(&tracked));
        }
    }
}
