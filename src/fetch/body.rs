//! Response → body, within bounds of size, ratio and time.

use std::time::Duration;

use reqwest::Response;
use tokio::time::timeout;

use super::{
    Error, Settings,
    coding::{Bounds, Coding, Decoder, Fault},
    exchange,
};

/// What a body that is too long means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlong {
    /// The request fails.
    Refuse,
    /// Its start is enough: robots.txt, pages of errors.
    Cut,
}

/// How a body is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) bounds: Bounds,
    pub(super) overlong: Overlong,
    /// Most time between two pieces.
    pub(super) idle: Duration,
}

impl Reading {
    /// As the settings say, for a page.
    pub(super) fn page(settings: &Settings) -> Self {
        let bounds = Bounds { most: settings.max_body, ratio: settings.max_ratio };
        Self { bounds, overlong: Overlong::Refuse, idle: settings.idle }
    }

    /// The first `most` bytes.
    pub(super) fn start(settings: &Settings, most: usize) -> Self {
        let bounds = Bounds { most: most.min(settings.max_body), ratio: settings.max_ratio };
        Self { bounds, overlong: Overlong::Cut, idle: settings.idle }
    }
}

/// A body.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// With its coding undone.
    pub(super) bytes: Vec<u8>,
    /// Bytes that came over the wire.
    pub(super) received: u64,
}

/// Reads the body of an answer of `host`.
pub(super) async fn read(host: &str, mut response: Response, reading: Reading) -> Result<Body, Error> {
    let broken = |why: String| Error::Protocol { host: host.to_owned(), why };
    let coding = Coding::of(response.headers()).map_err(broken)?;
    let told =
        response.headers().get(http::header::CONTENT_LENGTH).and_then(|text| text.to_str().ok()?.parse::<usize>().ok());
    if reading.overlong == Overlong::Refuse && told.is_some_and(|length| length > reading.bounds.most) {
        return Err(size(reading.bounds));
    }
    let mut decoder = Decoder::new(coding, reading.bounds).map_err(|_| broken("its coding cannot be undone".into()))?;
    let mut received = 0;
    loop {
        let late = || Error::Timeout { host: host.to_owned(), what: "send more of the page", limit: reading.idle };
        let piece = timeout(reading.idle, response.chunk()).await.map_err(|_| late())?;
        let Some(piece) = piece.map_err(|cause| exchange::classify(host, &cause))? else { break };
        received += piece.len() as u64;
        match decoder.take(&piece) {
            Ok(()) => {}
            Err(Fault::Size) if reading.overlong == Overlong::Cut => {
                return Ok(Body { bytes: decoder.partial(), received });
            }
            Err(fault) => return Err(failed(host, fault, reading.bounds)),
        }
    }
    let bytes = decoder.finish().map_err(|fault| failed(host, fault, reading.bounds))?;
    Ok(Body { bytes, received })
}

/// The content of a gzip file of `host`.
pub(super) fn gunzip(host: &str, packed: &[u8], reading: Reading) -> Result<Vec<u8>, Error> {
    let wrong = |fault| failed(host, fault, reading.bounds);
    let mut decoder = Decoder::new(Coding::Gzip, reading.bounds).map_err(|_| wrong(Fault::Broken))?;
    decoder.take(packed).map_err(wrong)?;
    decoder.finish().map_err(wrong)
}

fn size(bounds: Bounds) -> Error {
    Error::TooBig { what: "the page", limit: bytes(bounds.most) }
}

fn failed(host: &str, fault: Fault, bounds: Bounds) -> Error {
    match fault {
        Fault::Size => size(bounds),
        Fault::Ratio => Error::TooBig {
            what: "what the page unpacks to",
            limit: format!("{} bytes for one received, as in a decompression bomb", bounds.ratio),
        },
        Fault::Broken => {
            Error::Protocol { host: host.to_owned(), why: "the page is packed wrongly, or was cut".into() }
        }
    }
}

/// A size for people.
pub(super) fn bytes(count: usize) -> String {
    match count {
        0..=9_999 => format!("{count} bytes"),
        10_000..=9_999_999 => format!("{} KiB", count >> 10),
        _ => format!("{} MiB", count >> 20),
    }
}
