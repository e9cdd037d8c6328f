//! One HTTP exchange: the only place in the program that sends a request.
//!
//! Invariant: it takes a [`Cleared`] address, so nothing can be sent that the guard has not seen.

use std::{error::Error as StdError, io, time::Duration};

use http::{HeaderMap, Method};
use reqwest::{Client, Response};
use tokio::time::{error::Elapsed, timeout};
use url::Url;

use super::{Error, body, error, guard::Cleared, resolve::pinned};

/// What is sent.
pub(super) struct Ask<'a> {
    pub(super) client: Client,
    pub(super) to: Cleared,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<String>,
    /// The URL whose user name and password are sent.
    pub(super) login: Option<&'a Url>,
    /// Whether a connection may be used that was kept since an earlier request, and that the host may just be closing.
    pub(super) kept: bool,
    /// Most time to connect.
    pub(super) connect: Duration,
    /// Most time until the headers are here.
    pub(super) first_byte: Duration,
    /// Most bytes of headers.
    pub(super) max_header: usize,
}

/// Sends it and waits for the headers. Where a kept connection breaks before anything came, the host had closed it: a request that may be
/// repeated is sent once more, on a new one (RFC 9112, section 9.3.1).
pub(super) async fn send(ask: Ask<'_>) -> Result<Response, Error> {
    let host = error::host(ask.to.url());
    let late = || Error::Timeout { host: host.clone(), what: "answer", limit: ask.first_byte };
    let mut sent = once(&ask).await.map_err(|_| late())?;
    if ask.kept && ask.method.is_idempotent() && sent.as_ref().is_err_and(is_broken) {
        sent = once(&ask).await.map_err(|_| late())?;
    }
    let response = sent.map_err(|cause| match cause.is_timeout() {
        true => Error::Timeout { host: host.clone(), what: "take a connection", limit: ask.connect },
        false => classify(&host, &cause),
    })?;
    let size: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size > ask.max_header {
        return Err(Error::TooBig { what: "the head of the answer", limit: body::bytes(ask.max_header) });
    }
    Ok(response)
}

async fn once(ask: &Ask<'_>) -> Result<Result<Response, reqwest::Error>, Elapsed> {
    let mut url = ask.to.url().clone();
    if let Some(login) = ask.login {
        let _ = url.set_username(login.username());
        let _ = url.set_password(login.password());
    }
    let mut request = ask.client.request(ask.method.clone(), url).headers(ask.headers.clone());
    if let Some(body) = &ask.body {
        request = request.body(body.clone());
    }
    pinned(ask.to.clone(), timeout(ask.first_byte, request.send())).await
}

/// Whether the connection ended before an answer began.
fn is_broken(cause: &reqwest::Error) -> bool {
    let closed = |io: &io::Error| {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
        matches!(io.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof)
    };
    let ended = |cause: &(dyn StdError + 'static)| {
        let http = cause.downcast_ref::<hyper::Error>();
        http.is_some_and(|http| http.is_incomplete_message() || http.is_canceled() || http.is_closed())
            || cause.downcast_ref::<io::Error>().is_some_and(closed)
    };
    !cause.is_connect() && !cause.is_timeout() && causes(cause).any(ended)
}

/// A failure of reqwest's, by the cause underneath it.
pub(super) fn classify(host: &str, cause: &reqwest::Error) -> Error {
    let host = host.to_owned();
    if let Some(tls) = causes(cause).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return Error::Tls { host, why: tls_words(tls) };
    }
    if let Some(http) = causes(cause).find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
        if http.is_parse_too_large() {
            return Error::TooBig { what: "the head of the answer", limit: "256 lines, 400 KiB".into() };
        }
        if http.is_parse() {
            return Error::Protocol { host, why: "it is not HTTP as RFC 9112 has it".into() };
        }
        if http.is_incomplete_message() {
            return Error::Unreachable { host, why: "the connection was closed before the answer was complete".into() };
        }
    }
    // The innermost says most.
    if let Some(io) = causes(cause).filter_map(|cause| cause.downcast_ref::<io::Error>()).last() {
        return match io.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Error::Protocol { host, why: "its chunks or lengths are wrong".into() }
            }
            kind => Error::Unreachable { host, why: kind.to_string() },
        };
    }
    if cause.is_connect() {
        return Error::Unreachable { host, why: "no connection could be made".into() };
    }
    if cause.is_body() || cause.is_decode() {
        return Error::Unreachable { host, why: "the connection broke while the page was read".into() };
    }
    Error::Unreachable { host, why: "the request could not be sent".into() }
}

fn causes<'a>(cause: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let first: Option<&'a (dyn StdError + 'static)> = cause.source();
    std::iter::successors(first, |cause: &&'a (dyn StdError + 'static)| {
        // The source of an I/O error is its inner error's source: the inner error itself would be passed over.
        let inner = cause.downcast_ref::<io::Error>().and_then(|io| io.get_ref());
        inner.map(|inner| inner as &'a (dyn StdError + 'static)).or_else(|| (*cause).source())
    })
}

/// The reason in words: rustls' own may hold names that the certificate chose.
fn tls_words(cause: &rustls::Error) -> String {
    use rustls::CertificateError as Bad;
    match cause {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired",
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                "its certificate is not valid yet; is this machine's clock right?"
            }
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => "its certificate is for another name",
            Bad::UnknownIssuer => "its certificate is from an authority that this machine does not know",
            Bad::Revoked => "its certificate was revoked",
            _ => "its certificate is faulty",
        },
        rustls::Error::AlertReceived(_) => "it broke off the handshake",
        rustls::Error::InvalidMessage(_) => "it does not speak TLS",
        rustls::Error::PeerIncompatible(_) => "it speaks only versions of TLS that are no longer safe",
        _ => "the handshake failed",
    }
    .to_owned()
}
