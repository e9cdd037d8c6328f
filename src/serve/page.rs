//! What all pages share: the frame around a body, style and script (known to the browser by their hashes), the icon.

use std::{fmt::Write, sync::LazyLock};

use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{
    answer::{self, Answer, Class},
    conditional::{self, Precondition},
    encoding,
};
use crate::feed::{Coding, Format, compress, xml::XmlText};
use crate::model::FeedId;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const ICON: &str = include_str!("icon.svg");

/// A page without its frame.
pub(super) struct Page<'a> {
    /// For the window's title.
    pub(super) title: &'a str,
    /// The way from the page's address to `/`: links are relative, so that they hold behind a proxy that adds a prefix.
    pub(super) root: &'a str,
    /// Feeds that readers find on the page, with their titles.
    pub(super) feeds: Vec<(&'a FeedId, &'a str)>,
    /// What stands in it.
    pub(super) body: Markup,
}

/// The whole page.
pub(super) fn frame(page: Page<'_>) -> Markup {
    let root = page.root;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) }
                link rel="icon" type="image/svg+xml" href={ (root) "favicon.ico" };
                @for (id, title) in &page.feeds {
                    @for format in Format::ALL {
                        link rel="alternate" type=(format.media_type()) title={ (line(title)) " (" (format.name()) ")" }
                            href={ (root) "feeds/" (id) "." (format.extension()) };
                    }
                }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                (page.body)
                footer.foot {
                    p {
                        a href=(home(root)) { "All sources" }
                        a href={ (root) "opml.xml" } { "OPML of all feeds" }
                    }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// The address of `/` from a page whose way there is `root`.
pub(super) fn home(root: &str) -> &str {
    if root.is_empty() { "./" } else { root }
}

/// The answer that carries a page: compressed as the client likes, with an ETag of its own.
pub(super) fn answer(page: Markup, status: StatusCode, headers: &HeaderMap) -> Answer {
    let bytes = page.into_string().into_bytes();
    let coding = encoding::choose(headers);
    let mut etag = format!("\"{}", coding.name().unwrap_or("plain"));
    for byte in Sha256::digest(&bytes).iter().take(12) {
        // Writing into a string cannot fail.
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    let known = status == StatusCode::OK && conditional::judge(headers, &etag, None) == Precondition::NotModified;
    let mut answer = match known {
        true => answer::not_modified(),
        false => answer::answer(Class::Page, status, "text/html; charset=utf-8", compress(&bytes, coding)),
    };
    if let (false, Some(name)) = (known, Coding::name(coding)) {
        answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    answer::set(&mut answer, header::ETAG, &etag);
    answer::set(&mut answer, header::VARY, "Accept-Encoding");
    answer::set(&mut answer, header::CACHE_CONTROL, "no-cache");
    answer
}

/// The icon, an SVG under the name that browsers and readers ask for.
pub(super) fn icon() -> Answer {
    let mut answer = answer::answer(Class::Inert, StatusCode::OK, "image/svg+xml", ICON);
    answer::set(&mut answer, header::CACHE_CONTROL, "max-age=86400");
    answer
}

/// What a page may do: its own style and script and nothing else that runs; pictures of articles; its own form.
pub(super) fn policy() -> HeaderValue {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let text = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src 'self' http: https:; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            base64(&Sha256::digest(STYLE)),
            base64(&Sha256::digest(SCRIPT)),
        );
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    });
    POLICY.clone()
}

/// Text of strangers in one line, without control characters.
pub(super) fn line(text: &str) -> String {
    XmlText::line(text).into()
}

/// An instant of the program's own. The page's script shows it in the reader's zone; without it, UTC.
pub(super) fn instant(at: Timestamp) -> Markup {
    let at = at.round(jiff::Unit::Second).unwrap_or(at);
    html! { time datetime=(at) data-local { (at.strftime("%Y-%m-%d %H:%M UTC")) } }
}

/// How long ago, or how soon, in words.
pub(super) fn distance(at: Timestamp, now: Timestamp) -> String {
    let seconds = at.duration_since(now).as_secs();
    let amount = match seconds.unsigned_abs() {
        0..=44 => return if seconds <= 0 { "just now" } else { "in a moment" }.to_owned(),
        s @ 45..=5399 => format!("{} min", s.div_ceil(60)),
        s @ 5400..=129_599 => format!("{} h", (s + 1800) / 3600),
        s => format!("{} days", (s + 43_200) / 86_400),
    };
    if seconds < 0 { format!("{amount} ago") } else { format!("in {amount}") }
}

/// Base64 with padding (RFC 4648, section 4), as a policy's hash is written.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let word = three.iter().chain([0; 3].iter()).take(3).fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = LETTERS.get(word >> shift & 63).filter(|_| place <= three.len());
            text.push(letter.map_or('=', |letter| char::from(*letter)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_the_rfc_has_it() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn distances_are_said_in_words() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        for (at, words) in [
            ("2026-11-22T09:59:30Z", "just now"),
            ("2026-11-22T10:00:30Z", "in a moment"),
            ("2026-11-22T09:55:00Z", "5 min ago"),
            ("2026-11-22T12:00:00Z", "in 2 h"),
            ("2026-11-19T10:00:00Z", "3 days ago"),
        ] {
            assert_eq!(distance(at.parse().unwrap(), now), words);
        }
    }

    #[test]
    fn style_and_script_cannot_end_their_elements() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</"));
        assert!(policy().to_str().unwrap().contains("script-src 'sha256-"));
    }
}
