//! [`Jar`]: the cookies of one visit, since portals set one and redirect to the same page.
//!
//! A cookie goes back to the very host that set it, whatever its Domain says, so that no list of public suffixes is needed.
//! Secure ones go over https alone (RFC 6265, section 5.4). Nothing is kept after the visit.

use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, header::SET_COOKIE};
use url::Url;

/// Most cookies of one visit.
const MOST: usize = 50;
/// Longest `name=value`, in bytes.
const LONGEST: usize = 4096;
/// Longest Cookie header, in bytes.
const HEADER: usize = 8192;

/// The cookies of one visit.
#[derive(Debug, Default)]
pub struct Jar {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    cookies: Vec<Cookie>,
    revision: u64,
}

#[derive(Debug, PartialEq, Eq)]
struct Cookie {
    host: String,
    path: String,
    secure: bool,
    name: String,
    value: String,
}

impl Jar {
    /// Takes what an answer of `url` sets.
    pub(super) fn take(&self, url: &Url, headers: &HeaderMap) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for line in headers.get_all(SET_COOKIE) {
            let Some((cookie, kept)) = line.to_str().ok().and_then(|line| read(url, line)) else { continue };
            let old = held
                .cookies
                .iter()
                .position(|c| c.host == cookie.host && c.path == cookie.path && c.name == cookie.name);
            if old.is_some_and(|at| held.cookies.get(at) == Some(&cookie)) && kept {
                continue;
            }
            let had = old.map(|at| held.cookies.remove(at)).is_some();
            if kept && held.cookies.len() < MOST {
                held.cookies.push(cookie);
                held.revision += 1;
            } else if had {
                held.revision += 1;
            }
        }
    }

    /// The Cookie header's value for a request of `url`; empty if there is nothing to send.
    pub(super) fn header(&self, url: &Url) -> String {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line = String::new();
        for cookie in &held.cookies {
            let fits = line.len() + cookie.name.len() + cookie.value.len() + 3 <= HEADER;
            if fits && cookie.suits(url) {
                let lead = if line.is_empty() { "" } else { "; " };
                line.push_str(&format!("{lead}{}={}", cookie.name, cookie.value));
            }
        }
        line
    }

    /// A number that changes when a cookie does; asking the same page again makes sense only then.
    pub(super) fn revision(&self) -> u64 {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).revision
    }
}

impl Cookie {
    fn suits(&self, url: &Url) -> bool {
        let path = url.path();
        let below = path.strip_prefix(self.path.as_str());
        let covers = below.is_some_and(|rest| rest.is_empty() || self.path.ends_with('/') || rest.starts_with('/'));
        url.host_str() == Some(&self.host) && covers && (!self.secure || url.scheme() == "https")
    }
}

/// A Set-Cookie line, and whether it keeps the cookie or takes it away.
fn read(url: &Url, line: &str) -> Option<(Cookie, bool)> {
    let mut parts = line.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let plain = |text: &str| text.bytes().all(|b| (0x20..0x7f).contains(&b));
    if name.is_empty() || name.len() + value.len() > LONGEST || !plain(name) || !plain(value) {
        return None;
    }
    let mut cookie = Cookie {
        host: url.host_str()?.to_owned(),
        path: default_path(url).to_owned(),
        secure: false,
        name: name.to_owned(),
        value: value.to_owned(),
    };
    let mut kept = true;
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "secure" => cookie.secure = true,
            "path" if value.trim().starts_with('/') => cookie.path = value.trim().to_owned(),
            "max-age" => kept = value.trim().parse::<i64>().map_or(kept, |seconds| seconds > 0),
            "expires" if super::date::http(value.trim()).is_some_and(|at| at.as_second() <= 86_400) => kept = false,
            _ => {}
        }
    }
    Some((cookie, kept))
}

/// The directory of the URL's path (RFC 6265, section 5.1.4).
fn default_path(url: &Url) -> &str {
    let path = url.path();
    match path.rsplit_once('/') {
        Some((directory, _)) if !directory.is_empty() => directory,
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_stays_with_its_host_path_and_scheme() {
        let jar = Jar::default();
        let url = |text: &str| Url::parse(text).unwrap();
        let mut headers = HeaderMap::new();
        for line in [
            "a=1",
            "b=2; Path=/x",
            "c=3; Secure; Path=/",
            "d=4; Domain=example.com; Path=/",
            "e=5; Max-Age=0",
            "bad",
            "f=\u{7f}",
        ] {
            if let Ok(value) = line.parse() {
                headers.append(SET_COOKIE, value);
            }
        }
        jar.take(&url("http://www.example.com/news/list.html"), &headers);
        assert_eq!(jar.header(&url("http://www.example.com/news/2.html")), "a=1; d=4");
        assert_eq!(jar.header(&url("https://www.example.com/x/y")), "b=2; c=3; d=4");
        assert_eq!(jar.header(&url("http://www.example.com/xy")), "d=4");
        assert_eq!(jar.header(&url("http://example.com/news/")), "");
        let before = jar.revision();
        jar.take(&url("http://www.example.com/news/list.html"), &headers);
        assert_eq!(jar.revision(), before, "the same cookies again are no news");
    }
}
