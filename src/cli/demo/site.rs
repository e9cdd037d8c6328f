//! [`answer`]: a path and the time → a [`Reply`]; [`serve`]: the same behind a listener.

use std::io;

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use encoding_rs::UTF_8;
use jiff::{Timestamp, fmt::rfc2822};
use maud::Markup;
use sha2::{Digest, Sha256};

use super::{
    pages, picture,
    stories::{COLUMNS, Column, ON_A_PAGE},
};

/// Titles in a block of related reading.
const RELATED: usize = 6;

/// What the site answers: HTTP status, headers (names in lower case) and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// This reply to a request that carried these conditions: 304 without a body where nothing changed
    /// (RFC 9110, section 13).
    #[must_use]
    pub(crate) fn unless_known(self, if_none_match: Option<&str>, if_modified_since: Option<&str>) -> Self {
        let known = match (if_none_match, if_modified_since) {
            (Some(tags), _) => {
                tags.split(',').any(|tag| Some(tag.trim().trim_start_matches("W/")) == self.header("etag"))
            }
            (None, Some(date)) => match (http_date(date), self.header("last-modified")) {
                (Some(since), Some(modified)) => http_date(modified).is_some_and(|at| at <= since),
                _ => false,
            },
            (None, None) => false,
        };
        if self.status != 200 || !known {
            return self;
        }
        let headers = self.headers.into_iter().filter(|(name, _)| *name != "content-type").collect();
        Self { status: 304, headers, body: Vec::new() }
    }
}

/// What the site that started at `start` answers to `path` at `now`.
pub(crate) fn answer(path: &str, now: Timestamp, start: Timestamp) -> Reply {
    let now = now.max(start);
    match path {
        "/" => front(now, start),
        "/robots.txt" => found("text/plain; charset=utf-8", b"User-agent: *\nDisallow: /comment\n".to_vec(), start),
        _ => find(path, now, start).unwrap_or_else(missing),
    }
}

/// Serves the site until the future is dropped. `clock` gives the time of each request.
///
/// # Errors
/// When the listener cannot be used.
pub(crate) async fn serve<C>(listener: tokio::net::TcpListener, clock: C, start: Timestamp) -> io::Result<()>
where
    C: Fn() -> Timestamp + Clone + Send + Sync + 'static,
{
    let handle = move |request: Request| {
        let now = clock();
        async move { respond(&request, now, start) }
    };
    axum::serve(listener, Router::new().fallback(handle)).await
}

fn respond(request: &Request, now: Timestamp, start: Timestamp) -> Response {
    let field = |headers: &HeaderMap, name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let tags = field(request.headers(), header::IF_NONE_MATCH);
    let since = field(request.headers(), header::IF_MODIFIED_SINCE);
    let reply = answer(request.uri().path(), now, start).unless_known(tags.as_deref(), since.as_deref());
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(reply.body)).unwrap_or_else(|_| {
        let mut failed = Response::new(Body::empty());
        *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}

fn front(now: Timestamp, start: Timestamp) -> Reply {
    let latest: Vec<_> = COLUMNS.iter().map(|column| (column, column.newest(now, start, 0, 5))).collect();
    let changed = latest.iter().flat_map(|(_, pieces)| pieces).map(|piece| piece.published).max();
    page(&pages::front(&latest), None, changed.unwrap_or(start))
}

fn find(path: &str, now: Timestamp, start: Timestamp) -> Option<Reply> {
    if let Some(name) = path.strip_prefix("/pictures/") {
        let number: u32 = name.strip_suffix(".png")?.parse().ok()?;
        let piece = COLUMNS.iter().find_map(|column| column.numbered(number, now, start))?;
        return Some(found("image/png", picture::png(number), piece.published));
    }
    if let Some(column) = COLUMNS.iter().find(|column| column.path.trim_end_matches('/') == path) {
        return Some(Reply { status: 301, headers: vec![("location", column.path.to_owned())], body: Vec::new() });
    }
    let column = COLUMNS.iter().find(|column| path.starts_with(column.path))?;
    match path.strip_prefix(column.path)? {
        "" | "index.html" => list(column, 1, now, start),
        name if name.starts_with("index_") => {
            let number: usize = name.strip_prefix("index_")?.strip_suffix(".html")?.parse().ok()?;
            if (2..=column.pages).contains(&number) { list(column, number, now, start) } else { None }
        }
        name => {
            let (_, number) = name.strip_suffix(".html")?.split_once('/')?;
            let piece = column.numbered(number.parse().ok()?, now, start)?;
            // The day in the path belongs to the address: another day is another address.
            (piece.path() == path).then(|| {
                let also = column.before(&piece, start, RELATED);
                page(&pages::article(&piece, &also), Some(column), piece.published)
            })
        }
    }
}

fn list(column: &'static Column, number: usize, now: Timestamp, start: Timestamp) -> Option<Reply> {
    let pieces = column.newest(now, start, (number - 1) * ON_A_PAGE, ON_A_PAGE);
    let also = column.newest(now, start, 2, RELATED);
    let changed = column.newest(now, start, 0, 1).first()?.published;
    Some(page(&pages::column(column, number, &pieces, &also), Some(column), changed))
}

/// A page in its column's encoding. As on many an old site, only the page itself says which one it is.
fn page(markup: &Markup, column: Option<&Column>, changed: Timestamp) -> Reply {
    let charset = column.map_or(UTF_8, |column| column.charset);
    let media_type = if charset == UTF_8 { "text/html; charset=utf-8" } else { "text/html" };
    let (body, _, _) = charset.encode(&markup.0);
    found(media_type, body.into_owned(), changed)
}

fn found(media_type: &str, body: Vec<u8>, changed: Timestamp) -> Reply {
    let tag: String = Sha256::digest(&body).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let mut headers = vec![("content-type", media_type.to_owned()), ("etag", format!("\"{tag}\""))];
    if let Ok(date) = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&changed) {
        headers.push(("last-modified", date));
    }
    Reply { status: 200, headers, body }
}

fn missing() -> Reply {
    let body = "<!DOCTYPE html><meta charset=utf-8><title>404</title><p>没有找到这个页面 · no such page".to_owned();
    Reply {
        status: 404,
        headers: vec![("content-type", "text/html; charset=utf-8".to_owned())],
        body: body.into_bytes(),
    }
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|at| at.timestamp())
}
