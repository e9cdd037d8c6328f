//! An answer → the page, the next hop, or the error that it stands for.

use std::time::Duration;

use http::{
    HeaderMap, HeaderName,
    header::{CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE},
};
use reqwest::Response;
use url::Url;

use super::{
    Answer, Error, Fetched, Fetcher, Purpose,
    body::{self, Body, Reading},
    decode::decode,
    error,
    pace::Turn,
    redirect::{self, Hop, Keep},
    refresh, validators,
    visit::{Step, Visit},
};
use crate::model::Page;

/// How long a host is left alone that says "too many" without saying for how long.
const QUIET: Duration = Duration::from_secs(60);
/// How much of an error's page is read.
const ERROR_PAGE: usize = 256 << 10;

impl Visit<'_> {
    /// An answer → the page, or where to go for it.
    pub(super) async fn receive(
        &mut self,
        url: &Url,
        turn: &Turn,
        response: Response,
        conditional: bool,
    ) -> Result<Step, Error> {
        let host = error::host(url);
        let status = response.status().as_u16();
        self.jar().take(url, response.headers());
        if let Some(hop) = redirect::follow(url, status, response.headers()) {
            let hop = hop.map_err(|why| Error::Redirect { host, why: why.to_owned() })?;
            return Ok(Step::Onward(hop));
        }
        let settings = &self.fetcher.settings;
        let fresh = validators::fresh(response.headers(), self.fetcher.clock.now());
        match status {
            304 if conditional => Ok(self.arrived(status, Answer::Unchanged, url, fresh, 0)),
            304 => Err(Error::Protocol {
                host,
                why: "it says \"not modified\" (304), though it was not asked whether it was".into(),
            }),
            ..200 => Err(Error::Protocol {
                host,
                why: format!("it switches to a protocol that nobody asked for ({status})"),
            }),
            200..=203 | 207..=299 if self.request.purpose != Purpose::Hub => self.read(url, response, fresh).await,
            200..=299 if self.request.purpose == Purpose::Hub => self.read(url, response, fresh).await,
            429 | 503 => Err(throttled(self.fetcher, host, turn, &response)),
            410 => Err(Error::Gone),
            _ => {
                let headers = response.headers().clone();
                // An error's page is worth little time.
                let body = tokio::time::timeout(
                    settings.idle,
                    body::read(&host, response, Reading::start(settings, ERROR_PAGE)),
                );
                let body = body.await.ok().and_then(Result::ok);
                let page = body.map(|body| Box::new(self.page(url, &headers, body).0));
                Err(Error::Status { status, page })
            }
        }
    }

    async fn read(&mut self, url: &Url, response: Response, fresh: Option<Duration>) -> Result<Step, Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let (host, reading) = (error::host(url), Reading::page(&self.fetcher.settings));
        let mut body = body::read(&host, response, reading).await?;
        if is_packed(url, &headers, &body.bytes) {
            body.bytes = body::gunzip(&host, &body.bytes, reading)?;
        }
        let received = body.received;
        let (page, conflict) = self.page(url, &headers, body);
        let leads = match page.media_type.as_str() {
            "" | "text/html" | "application/xhtml+xml" if self.request.purpose != Purpose::Hub => {
                refresh::of_header(&headers).or_else(|| refresh::of_page(&page.text))
            }
            _ => None,
        };
        let to = leads.and_then(|address| redirect::target(url, address.as_bytes()));
        // A page that asks to be loaded again is a page, unless a cookie came with it.
        let to = to.filter(|to| to != url || !self.seen.contains(&(to.clone(), self.jar().revision())));
        if let Some(to) = to {
            return Ok(Step::Onward(Hop { to, lasting: false, method: Keep::Get }));
        }
        if let Some(conflict) = conflict {
            self.note(conflict, "nothing to do if the text is right");
        }
        Ok(self.arrived(status, Answer::Page(Box::new(page)), url, fresh, received))
    }

    fn arrived(&mut self, status: u16, answer: Answer, url: &Url, fresh: Option<Duration>, received: u64) -> Step {
        let moved = (self.hops > 0 && self.lasting && url != self.request.url).then(|| url.clone());
        let hops = self.hops;
        Step::Arrived(Box::new(Fetched { status, answer, moved, hops, notes: Vec::new(), fresh, received }))
    }

    /// A body as a page, and what its declarations disagree about.
    fn page(&self, url: &Url, headers: &HeaderMap, body: Body) -> (Page, Option<String>) {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (media_type, charset) = media_type(text(&CONTENT_TYPE));
        let decoded = decode(&body.bytes, charset.as_deref(), url);
        let language =
            text(&CONTENT_LANGUAGE).split(',').next().map(str::trim).filter(|tag| is_tag(tag)).map(str::to_owned);
        let page = Page {
            asked: plain(self.request.url),
            url: plain(url),
            media_type,
            bytes: body.bytes,
            text: decoded.text,
            encoding: decoded.encoding,
            language,
            validators: validators::of(headers),
        };
        (page, decoded.conflict)
    }
}

/// 429 and 503: the whole host is left alone for as long as it asks.
pub(super) fn throttled(fetcher: &Fetcher, host: String, turn: &Turn, response: &Response) -> Error {
    let after = validators::retry_after(response.headers(), fetcher.clock.now());
    turn.hold(after.unwrap_or(QUIET));
    Error::Throttled { host, status: Some(response.status().as_u16()), after }
}

/// A media type in lower case, and its charset.
fn media_type(header: &str) -> (String, Option<String>) {
    let mut parts = header.split(';');
    let media_type = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    (
        media_type,
        charset.map(|(_, label)| label.trim().trim_matches(['"', '\'']).to_owned()).filter(|label| !label.is_empty()),
    )
}

/// Whether `tag` has the form of a language tag.
fn is_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A file that is packed by itself (`sitemap.xml.gz`) is unpacked; one that came in a coding is left as it is, since one layer is enough.
fn is_packed(url: &Url, headers: &HeaderMap, bytes: &[u8]) -> bool {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(|header| media_type(header).0);
    let named = url.path().ends_with(".gz")
        || said.is_some_and(|said| said == "application/gzip" || said == "application/x-gzip");
    named && !headers.contains_key(CONTENT_ENCODING) && bytes.starts_with(&[0x1f, 0x8b, 8])
}

fn plain(url: &Url) -> Url {
    let mut plain = url.clone();
    let _ = plain.set_username("");
    let _ = plain.set_password(None);
    plain
}
