//! A request → the [`Answer`] of its path. [`App`] holds what all of them need.
//!
//! | path | answered by |
//! | --- | --- |
//! | `/feeds/{id}.rss` `.atom` `.json` | `feeds` |
//! | `/feeds/{id}/archive/{article}.rss` `.atom` `.json` | `feeds` |
//! | `/feeds/{id}` | `feed_page` |
//! | `/` | `status` |
//! | `/opml.xml` | `feeds` |
//! | `/hub` | `hub` |
//! | `/healthz` `/readyz` `/metrics` | `health` |
//! | `/favicon.ico` | `page` |

use std::{borrow::Cow, collections::HashSet, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts};
use tokio::{runtime::Handle, sync::Semaphore};

use super::{
    Library, access,
    answer::{self, Answer},
    conditional, encoding, feed_page, feeds, health, hub, page, status,
};
use crate::feed::Format;
use crate::model::{ArticleKey, FeedId, Status};

/// How many feeds a 404 names.
const NAMED: usize = 200;
/// Articles that a search shows.
const FOUND: usize = 100;
/// Pages of feeds' pasts that are made at once.
const ARCHIVES: usize = 2;
/// Such a page stays as it is, unless retention takes from it.
const ARCHIVE_FRESH: Duration = Duration::from_secs(24 * 3600);
/// The list of feeds changes with the configuration alone.
const OPML_FRESH: Duration = Duration::from_secs(300);

/// How a browser says what it wants an address for.
static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The server's answers: cheap to clone, one for all connections.
#[derive(Clone)]
pub struct App {
    library: Arc<dyn Library>,
    archives: Arc<Semaphore>,
    shows: Shows,
    /// Where work that blocks is done; nothing for the runtime that a request is answered on.
    home: Option<Handle>,
}

/// What is to be had of an [`App`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Everything but the figures, and these too where the library says so.
    Feeds,
    /// The same for a server of files: pages have names that end in `.html`, and ask nothing back.
    Files,
    /// `/metrics` alone.
    Figures,
}

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Status,
    Opml,
    Alive,
    Ready,
    Metrics,
    Hub,
    Icon,
    Feed(FeedId, Format),
    /// A page of its past, by its first article.
    Archive(FeedId, ArticleKey, Format),
    FeedPage(FeedId),
    /// A feed's file that cannot exist.
    NoFeed,
    /// Nothing.
    Nowhere,
}

impl App {
    /// The answers of `library`.
    pub fn new(library: Arc<dyn Library>) -> Self {
        Self { library, archives: Arc::new(Semaphore::new(ARCHIVES)), shows: Shows::Feeds, home: None }
    }

    /// Only the figures of `library`, for a listener of their own.
    pub fn figures(library: Arc<dyn Library>) -> Self {
        Self { shows: Shows::Figures, ..Self::new(library) }
    }

    /// What is written into files of `library`.
    pub fn files(library: Arc<dyn Library>) -> Self {
        Self { shows: Shows::Files, ..Self::new(library) }
    }

    /// The same, with work that blocks done on `home`, wherever requests are answered.
    pub(super) fn at(self, home: Handle) -> Self {
        Self { home: Some(home), ..self }
    }

    /// How many bytes of the request's body are to be read before it is answered; nearly always none.
    pub fn reads(&self, request: &Parts) -> Option<usize> {
        let hub = request.method == Method::POST && request.uri.path() == "/hub" && self.shows == Shows::Feeds;
        hub.then_some(hub::MOST)
    }

    /// The answer to a request whose body was read.
    pub async fn take(&self, request: &Parts, body: &Bytes) -> Answer {
        match host_is_clear(request) {
            true => hub::answer(self.library.as_ref(), &request.headers, body),
            false => self.answer(request).await,
        }
    }

    /// The answer to one request whose body is not read.
    pub async fn answer(&self, request: &Parts) -> Answer {
        let mut answer = self.whole(request).await;
        let path = request.uri.path();
        if path.starts_with("/feeds/") && path.contains('.') {
            self.library.answered(answer.status());
        }
        if request.method == Method::HEAD {
            // The length of what GET would send stays; the body goes (RFC 9110, section 9.3.2).
            let length = http_body::Body::size_hint(answer.body()).exact().unwrap_or(0);
            if answer.status() != StatusCode::NOT_MODIFIED {
                answer::set(&mut answer, header::CONTENT_LENGTH, &length.to_string());
            }
            *answer.body_mut() = http_body_util::Full::default();
        }
        answer
    }

    async fn whole(&self, request: &Parts) -> Answer {
        if !host_is_clear(request) {
            return answer::text(StatusCode::BAD_REQUEST, "a request names its host once (RFC 9112, section 3.2)\n");
        }
        let Some(path) = decoded(request.uri.path()) else {
            return answer::text(StatusCode::BAD_REQUEST, "the path is not percent-encoded UTF-8\n");
        };
        let place = place(&path);
        let figures = || self.shows == Shows::Figures || self.library.figures_beside_feeds();
        match place {
            Place::Metrics if !figures() => return self.not_found(request),
            Place::Metrics => {}
            _ if self.shows == Shows::Figures => {
                return answer::text(StatusCode::NOT_FOUND, "there is nothing here but /metrics\n");
            }
            _ => {}
        }
        match (&request.method, place) {
            (&Method::GET | &Method::HEAD, Place::Feed(id, format)) => self.feed(id, format, request).await,
            // Nearly all requests are for feeds, and shall not carry what the others need.
            (&Method::GET | &Method::HEAD, place) => Box::pin(self.get(place, request)).await,
            (_, Place::Hub) => not_allowed(&request.method, "POST"),
            (_, _) => not_allowed(&request.method, "GET, HEAD"),
        }
    }

    async fn get(&self, place: Place, request: &Parts) -> Answer {
        let library = self.library.as_ref();
        match place {
            Place::Alive => health::alive(),
            Place::Ready => health::ready(library),
            Place::Metrics => match self.blocking(|library| library.figures()).await {
                Ok(figures) => health::metrics(figures),
                Err(answer) => answer,
            },
            Place::Hub => not_allowed(&Method::GET, "POST"),
            Place::Icon => page::icon(),
            Place::Status | Place::Opml if !self.knows(request) => access::asked_for(),
            Place::Opml => {
                let headers = request.headers.clone();
                self.made(move |app| feeds::answer(&app.library.opml(), &headers, OPML_FRESH)).await
            }
            Place::FeedPage(id) if !self.opens(&id, request) => self.not_found(request),
            Place::Archive(id, ..) if !self.opens(&id, request) => self.no_feed(request),
            Place::Archive(id, first, format) => {
                // It is read from the disk each time, so few are made at once.
                let _turn = self.archives.acquire().await;
                match self.blocking(move |library| library.archive(&id, &first, format)).await {
                    Ok(Some(rendered)) => feeds::answer(&rendered, &request.headers, ARCHIVE_FRESH),
                    Ok(None) => self.no_feed(request),
                    Err(answer) => answer,
                }
            }
            Place::Feed(id, format) => self.feed(id, format, request).await,
            Place::FeedPage(id) => {
                let request = request.clone();
                self.made(move |app| match app.library.document(&id) {
                    Some(document) => {
                        let page = feed_page::page(&document, app.library.key(&id).as_deref());
                        page::answer(page, StatusCode::OK, &request.headers)
                    }
                    None => app.not_found(&request),
                })
                .await
            }
            Place::Status => {
                let request = request.clone();
                self.made(move |app| app.status_page(&request)).await
            }
            Place::NoFeed => self.no_feed(request),
            Place::Nowhere => self.not_found(request),
        }
    }

    /// The page of all sources and feeds, with what a search found.
    fn status_page(&self, request: &Parts) -> Answer {
        let library = self.library.as_ref();
        let words = words(request.uri.query().unwrap_or_default());
        let search = (!words.is_empty())
            .then(|| status::Search { words: words.join(" "), found: library.search(&words, FOUND) });
        let shown = status::Shown { status: &self.status(self.holds(request)), now: library.now(), search };
        let key = |id: &FeedId| library.key(id).map(|key| access::query(&key)).unwrap_or_default();
        let ways = status::Ways { key: &key, files: self.shows == Shows::Files };
        page::answer(status::page(shown, ways), StatusCode::OK, &request.headers)
    }

    /// The feed itself; its page for people where a browser is opened on it.
    ///
    /// A browser says so in `Sec-Fetch-Dest` (Fetch Metadata). `Accept` says nothing: feed readers list text/html too.
    async fn feed(&self, id: FeedId, format: Format, request: &Parts) -> Answer {
        let key = self.library.key(&id);
        if key.as_ref().is_some_and(|key| !access::shows(request, key)) {
            return self.no_feed(request);
        }
        let coding = encoding::choose(&request.headers);
        let rendered = match self.library.at_hand(&id, format).filter(|rendered| rendered.is_made(coding)) {
            Some(rendered) => Some(rendered),
            None => {
                let wanted = id.clone();
                // Compressing takes as long as rendering.
                let make = move |library: &dyn Library| {
                    library.feed(&wanted, format).inspect(|rendered| {
                        rendered.body(coding);
                    })
                };
                match self.blocking(make).await {
                    Ok(rendered) => rendered,
                    Err(answer) => return answer,
                }
            }
        };
        let Some(rendered) = rendered else { return self.no_feed(request) };
        if request.headers.get(&SEC_FETCH_DEST).is_some_and(|value| value == "document") {
            let mut answer = answer::text(StatusCode::SEE_OTHER, "people read this feed on its page\n");
            // Relative, so that it holds behind a proxy that adds a prefix. An id has only characters that a path may hold.
            let query = key.map(|key| access::query(&key)).unwrap_or_default();
            answer::set(&mut answer, header::LOCATION, &format!("{id}{query}"));
            answer::set(&mut answer, header::VARY, "Sec-Fetch-Dest");
            return answer;
        }
        let fresh = self.library.fresh_for(&id);
        if feeds::wants_news(&rendered, coding, &request.headers) {
            let (wanted, known) = (id.clone(), conditional::known(&request.headers));
            let news =
                self.blocking(move |library| known.iter().find_map(|etag| library.news(&wanted, format, etag))).await;
            match news {
                Ok(Some(news)) => return feeds::news(&rendered, coding, &news),
                Ok(None) => {}
                Err(answer) => return answer,
            }
        }
        let mut answer = feeds::coded(&rendered, coding, &request.headers, fresh);
        // A feed's address answers browsers and readers differently, and caches must know.
        answer.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Sec-Fetch-Dest"));
        if answer.status() != StatusCode::NOT_MODIFIED
            && let Some(links) = self.library.links(&id, format)
        {
            answer::set(&mut answer, header::LINK, &links);
        }
        if key.is_some() {
            // No cache that others share may keep it.
            answer::set(&mut answer, header::CACHE_CONTROL, &format!("private, max-age={}", fresh.as_secs()));
        }
        answer
    }

    /// Whether the request may know of the feed: it is public, or its key stands in the address.
    fn opens(&self, id: &FeedId, request: &Parts) -> bool {
        self.library.key(id).is_none_or(|key| access::shows(request, &key))
    }

    /// Whether the request may know what is watched: everyone may, or it shows the token.
    fn knows(&self, request: &Parts) -> bool {
        !self.library.guarded() || self.holds(request)
    }

    /// Whether the request shows the token.
    fn holds(&self, request: &Parts) -> bool {
        self.library.token().is_some_and(|token| access::shows(request, &token))
    }

    /// How sources and feeds are: all of them for those who hold the token, else those that are not private.
    fn status(&self, holds: bool) -> Arc<Status> {
        let status = self.library.status();
        if holds {
            return status;
        }
        let private = |id: &FeedId| self.library.key(id).is_some();
        let mut public = Status::clone(&status);
        public.feeds.retain(|feed| !private(&feed.id));
        // A private source whose feed nothing opens has no feed at all.
        let shown: HashSet<&FeedId> = public.feeds.iter().map(|feed| &feed.id).collect();
        public.sources.retain(|source| shown.contains(&FeedId::from(&source.id)));
        Arc::new(public)
    }

    /// An answer that takes long to make, made where blocking is allowed: others' requests wait for no page.
    async fn made(&self, make: impl FnOnce(&Self) -> Answer + Send + 'static) -> Answer {
        let app = self.clone();
        self.blocking(move |_| make(&app)).await.unwrap_or_else(|answer| answer)
    }

    /// Runs what may read the store where blocking is allowed. A panic there is this request's alone.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Library) -> T + Send + 'static,
    ) -> Result<T, Answer> {
        let library = self.library.clone();
        let work = move || work(library.as_ref());
        let task = match &self.home {
            Some(home) => home.spawn_blocking(work),
            None => tokio::task::spawn_blocking(work),
        };
        task.await.map_err(|_| {
            tracing::error!(
                "a request could not be answered: reading the store panicked, which is a defect of tearsheet"
            );
            answer::text(StatusCode::INTERNAL_SERVER_ERROR, "this should not have happened; the log says more\n")
        })
    }

    /// 404 of a feed's file, for programs and for people who look at what a program got.
    fn no_feed(&self, request: &Parts) -> Answer {
        if !self.knows(request) {
            return answer::text(StatusCode::NOT_FOUND, "there is no such feed\n");
        }
        let status = self.library.status();
        let mut public = status.feeds.iter().filter(|feed| self.library.key(&feed.id).is_none());
        let mut text = String::from("there is no such feed; these exist:\n\n");
        for feed in public.by_ref().take(NAMED) {
            for format in Format::ALL {
                text.push_str(&format!("/feeds/{}.{}\n", feed.id, format.extension()));
            }
        }
        if public.next().is_some() {
            text.push_str("\nand more: /opml.xml has them all\n");
        }
        answer::text(StatusCode::NOT_FOUND, text)
    }

    fn not_found(&self, request: &Parts) -> Answer {
        if !self.knows(request) {
            return answer::text(StatusCode::NOT_FOUND, "there is nothing here\n");
        }
        page::answer(status::not_found(&self.status(false)), StatusCode::NOT_FOUND, &request.headers)
    }
}

/// The path's meaning. Ids are checked, so nothing but `[a-z0-9_-]` goes on from here.
fn place(path: &str) -> Place {
    match path {
        "/" => Place::Status,
        "/opml.xml" => Place::Opml,
        "/healthz" => Place::Alive,
        "/readyz" => Place::Ready,
        "/metrics" => Place::Metrics,
        "/hub" => Place::Hub,
        "/favicon.ico" => Place::Icon,
        _ => match path.strip_prefix("/feeds/") {
            None => Place::Nowhere,
            Some(name) if name.contains("/archive/") => archive(name).unwrap_or(Place::NoFeed),
            Some(name) => match name.rsplit_once('.') {
                None => id(name).map_or(Place::Nowhere, Place::FeedPage),
                Some((name, extension)) => match (id(name), Format::from_extension(extension)) {
                    (Some(id), Some(format)) => Place::Feed(id, format),
                    _ => Place::NoFeed,
                },
            },
        },
    }
}

fn archive(name: &str) -> Option<Place> {
    let (feed, page) = name.split_once("/archive/")?;
    let (first, extension) = page.split_once('.')?;
    Some(Place::Archive(id(feed)?, first.parse().ok()?, Format::from_extension(extension)?))
}

fn id(text: &str) -> Option<FeedId> {
    if text == FeedId::HEALTH { Some(FeedId::health()) } else { text.parse().ok() }
}

/// The path with its percent-encoding undone once; nothing where that is broken or no UTF-8.
fn decoded(path: &str) -> Option<Cow<'_, str>> {
    if !path.contains('%') {
        return Some(Cow::Borrowed(path));
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// The words of a search form's query `q=…`.
fn words(query: &str) -> Vec<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == "q")
        .flat_map(|(_, text)| text.split_whitespace().map(|word| word.chars().take(64).collect()).collect::<Vec<_>>())
        .take(8)
        .collect()
}

/// Whether an HTTP/1.1 request has one Host header, or names the host in its target.
fn host_is_clear(request: &Parts) -> bool {
    let hosts = request.headers.get_all(header::HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version < Version::HTTP_11)
}

fn not_allowed(method: &Method, allowed: &str) -> Answer {
    let mut answer = match *method {
        Method::OPTIONS => answer::text(StatusCode::NO_CONTENT, ""),
        _ if allowed == "POST" => answer::text(StatusCode::METHOD_NOT_ALLOWED, "subscribers send a form with POST\n"),
        _ => answer::text(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered here\n"),
    };
    answer::set(&mut answer, header::ALLOW, &format!("{allowed}, OPTIONS"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_mean_what_they_say() {
        let feed = |name: &str| name.parse::<FeedId>().unwrap();
        for (path, expected) in [
            ("/", Place::Status),
            ("/feeds/grid.rss", Place::Feed(feed("grid"), Format::Rss)),
            ("/feeds/grid.atom", Place::Feed(feed("grid"), Format::Atom)),
            ("/feeds/_health.atom", Place::Feed(FeedId::health(), Format::Atom)),
            ("/feeds/grid", Place::FeedPage(feed("grid"))),
            ("/feeds/grid.xml", Place::NoFeed),
            ("/feeds/Grid.rss", Place::NoFeed),
            ("/feeds/../etc/passwd.rss", Place::NoFeed),
            ("/feeds/a/b.rss", Place::NoFeed),
            ("/feeds/gr\0id.rss", Place::NoFeed),
            ("/feeds/.rss", Place::NoFeed),
            ("/feeds/", Place::Nowhere),
            ("/feeds", Place::Nowhere),
            ("/feeds/../x", Place::NoFeed),
            ("//", Place::Nowhere),
            ("*", Place::Nowhere),
            ("", Place::Nowhere),
        ] {
            assert_eq!(place(path), expected, "{path}");
        }
    }

    #[test]
    fn percent_encoding_is_undone_once() {
        assert_eq!(decoded("/feeds/gr%69d.rss").as_deref(), Some("/feeds/grid.rss"));
        assert_eq!(decoded("/%2569").as_deref(), Some("/%69"));
        assert_eq!(decoded("/%E7%94%B5").as_deref(), Some("/电"));
        for broken in ["/%", "/%z1", "/%1", "/%ff", "/%+1"] {
            assert_eq!(decoded(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_search_has_few_words_of_bounded_length() {
        assert_eq!(words("q=%E7%94%B5%E7%BD%91+news&x=1"), ["电网", "news"]);
        assert_eq!(words(&format!("q={}", "a+".repeat(100))).len(), 8);
        assert_eq!(words(&format!("q={}", "a".repeat(100)))[0].len(), 64);
        assert!(words("").is_empty() && words("q=+").is_empty());
    }
}
