//! The form that a subscriber sends to `/hub` → [`Wish`] (WebSub, section 5.1). Nothing is fetched here.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use url::Url;

use super::{
    Library,
    answer::{self, Answer},
};

/// Most bytes of a form.
pub(super) const MOST: usize = 8 * 1024;
/// Most bytes of a secret (section 5.1).
const SECRET: usize = 200;
/// Most bytes of a callback's address.
const CALLBACK: usize = 2048;

/// What a subscriber asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Whether it wants to begin or to end.
    pub mode: Mode,
    /// The feed's address as it knows it.
    pub topic: String,
    /// Where news is to be sent: http or https.
    pub callback: Url,
    /// For how long, where it says so.
    pub lease: Option<Duration>,
    /// What deliveries are signed with.
    pub secret: Option<String>,
}

/// What a wish is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To be told from now on.
    Subscribe,
    /// To be told no more.
    Unsubscribe,
}

impl Mode {
    /// Its name in `hub.mode`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// What the hub says at once to a wish; whether it is granted shows after the callback has confirmed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It will be confirmed.
    Accepted,
    /// There is no hub here.
    NoHub,
    /// The topic is no feed of this server.
    NoTopic,
    /// Too many wishes wait.
    Busy,
}

/// The answer to a POST to `/hub`.
pub(super) fn answer(library: &dyn Library, headers: &HeaderMap, body: &Bytes) -> Answer {
    let form = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !form.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return answer::text(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send a form: application/x-www-form-urlencoded\n");
    }
    let wish = match read(body) {
        Ok(wish) => wish,
        Err(why) => return answer::text(StatusCode::BAD_REQUEST, why),
    };
    match library.wish(wish) {
        Taken::Accepted => answer::text(StatusCode::ACCEPTED, "the callback will be asked to confirm\n"),
        Taken::NoHub => answer::text(StatusCode::NOT_FOUND, "there is no hub here\n"),
        Taken::NoTopic => answer::text(StatusCode::BAD_REQUEST, "hub.topic is no feed of this server\n"),
        Taken::Busy => {
            let mut answer = answer::text(StatusCode::SERVICE_UNAVAILABLE, "too many wishes wait; come again later\n");
            answer::set(&mut answer, header::RETRY_AFTER, "60");
            answer
        }
    }
}

fn read(body: &[u8]) -> Result<Wish, &'static str> {
    let (mut mode, mut topic, mut callback, mut lease, mut secret) = (None, None, None, None, None);
    for (name, value) in url::form_urlencoded::parse(body) {
        let place = match name.as_ref() {
            "hub.mode" => &mut mode,
            "hub.topic" => &mut topic,
            "hub.callback" => &mut callback,
            "hub.lease_seconds" => &mut lease,
            "hub.secret" => &mut secret,
            // Section 5.1: what is not known is left aside.
            _ => continue,
        };
        *place = Some(value.into_owned());
    }
    let mode = match mode.as_deref() {
        Some("subscribe") => Mode::Subscribe,
        Some("unsubscribe") => Mode::Unsubscribe,
        _ => return Err("hub.mode is subscribe or unsubscribe\n"),
    };
    let callback = callback.filter(|text| text.len() <= CALLBACK).and_then(|text| Url::parse(&text).ok());
    let callback = callback.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let callback = callback.filter(|url| url.username().is_empty() && url.password().is_none());
    let secret = secret.filter(|secret| !secret.is_empty());
    if secret.as_ref().is_some_and(|secret| secret.len() >= SECRET) {
        return Err("hub.secret has 200 bytes or more\n");
    }
    Ok(Wish {
        mode,
        topic: topic.ok_or("hub.topic is missing\n")?,
        callback: callback.ok_or("hub.callback is no http or https address without credentials\n")?,
        lease: lease.and_then(|text| text.parse().ok()).map(Duration::from_secs),
        secret,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_and_bad_ones_are_told_why() {
        let wish = read(b"hub.mode=subscribe&hub.topic=http%3A%2F%2Ff%2Ffeeds%2Fa.rss&hub.callback=https://r.example/c%3Fx=1&hub.secret=s&hub.lease_seconds=60&hub.new=1").unwrap();
        assert_eq!((wish.mode, wish.topic.as_str()), (Mode::Subscribe, "http://f/feeds/a.rss"));
        assert_eq!((wish.callback.as_str(), wish.secret.as_deref()), ("https://r.example/c?x=1", Some("s")));
        assert_eq!(wish.lease, Some(Duration::from_secs(60)));
        let long = format!("hub.mode=subscribe&hub.topic=t&hub.callback=http://a/&hub.secret={}", "x".repeat(200));
        for bad in [
            "",
            "hub.mode=publish&hub.topic=t&hub.callback=http://a/",
            "hub.mode=subscribe&hub.callback=http://a/",
            "hub.mode=subscribe&hub.topic=t",
            "hub.mode=subscribe&hub.topic=t&hub.callback=file:///etc/passwd",
            "hub.mode=subscribe&hub.topic=t&hub.callback=http://u:p@a/",
            "hub.mode=subscribe&hub.topic=t&hub.callback=/relative",
            &long,
        ] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
