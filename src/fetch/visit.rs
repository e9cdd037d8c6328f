//! [`Visit`]: the story of one request: hop after hop, each through guard, robots.txt, pace and exchange, until a page comes.

use std::{collections::HashSet, time::Duration};

use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, COOKIE},
};
use reqwest::Response;
use tokio::sync::OwnedMutexGuard;
use url::Url;

use super::{
    Answer, Error, Fetched, Fetcher, Jar, Purpose, Request,
    body::{self, Body, Reading},
    client::Budget,
    decode::decode,
    error,
    exchange::{self, Ask},
    guard::{Cleared, Names, Policy},
    pace::Turn,
    redirect::{self, Hop, Keep},
    refresh,
    robots::{self, Known, Rules},
    validators,
};
use crate::model::{Page, Problem};

/// How long a host is left alone that says "too many" without saying for how long.
const QUIET: Duration = Duration::from_secs(60);
/// How much of an error's page is read.
const ERROR_PAGE: usize = 256 << 10;
/// Headers that a source cannot set, since they are the connection's own.
const OURS: [&str; 9] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "accept-encoding",
    "proxy-authorization",
];

/// One request on its way.
pub(super) struct Visit<'a> {
    fetcher: &'a Fetcher,
    request: &'a Request<'a>,
    own_jar: Jar,
    budget: Budget,
    method: Method,
    secrets: bool,
    lasting: bool,
    hops: usize,
    seen: HashSet<(Url, u64)>,
    notes: Vec<Problem>,
}

/// What one hop came to.
enum Step {
    Arrived(Box<Fetched>),
    Onward(Hop),
}

impl<'a> Visit<'a> {
    pub(super) fn new(fetcher: &'a Fetcher, request: &'a Request<'a>) -> Self {
        let posts = matches!(request.purpose, Purpose::Listing | Purpose::Hub) && request.manners.post.is_some();
        Self {
            fetcher,
            request,
            own_jar: Jar::default(),
            budget: Budget::new(fetcher.settings.whole),
            method: if posts { Method::POST } else { Method::GET },
            secrets: redirect::has_secrets(request.url, request.manners),
            lasting: true,
            hops: 0,
            seen: HashSet::new(),
            notes: Vec::new(),
        }
    }

    pub(super) async fn run(mut self) -> Result<Fetched, Error> {
        if self.request.manners.insecure_tls {
            self.note(
                "certificates are not checked",
                "insecure_tls lets anyone on the way change the page: take it out when the site is mended",
            );
        }
        let mut url = self.request.url.clone();
        loop {
            let hop = match self.step(&url).await? {
                Step::Arrived(mut fetched) => {
                    fetched.notes.append(&mut self.notes);
                    return Ok(*fetched);
                }
                Step::Onward(hop) => hop,
            };
            self.turn_to(&url, &hop)?;
            url = hop.to;
        }
    }

    /// Makes ready for the next hop, unless it leads nowhere or where nobody should go.
    fn turn_to(&mut self, from: &Url, hop: &Hop) -> Result<(), Error> {
        let nowhere = |why: &str| Error::Redirect { host: error::host(from), why: why.to_owned() };
        self.hops += 1;
        if self.hops > self.fetcher.settings.max_redirects {
            return Err(nowhere("there are too many"));
        }
        if let Some(note) = redirect::judge(from, hop, &self.method, self.secrets).map_err(nowhere)? {
            self.notes.push(note);
        }
        // The same page again is no loop when a cookie has come since.
        if self.seen.contains(&(hop.to.clone(), self.jar().revision())) {
            return Err(nowhere("they go round in a circle"));
        }
        self.lasting &= hop.lasting;
        if hop.method == Keep::Get {
            self.method = Method::GET;
        }
        Ok(())
    }

    /// One hop.
    async fn step(&mut self, url: &Url) -> Result<Step, Error> {
        let host = error::host(url);
        let cleared = self.clear(url).await?;
        let gap = if self.obeys_robots() { self.ask_robots(url).await? } else { self.request.manners.host_gap };
        let turn = self.fetcher.hosts.turn(url, gap).await?;
        self.seen.insert((url.clone(), self.jar().revision()));
        let (headers, conditional) = self.headers(cleared.url());
        let ask = self.ask(cleared, headers)?;
        let mut budget = std::mem::replace(&mut self.budget, Budget::new(Duration::ZERO));
        let done = budget
            .spend(&host, async { self.receive(url, &turn, exchange::send(ask).await?, conditional).await })
            .await;
        self.budget = budget;
        done.map_err(|error| match error {
            Error::Tls { host, .. } if self.fetcher.tls.knows_nobody() => {
                Error::Tls { host, why: "this machine has no certificate authorities; install ca-certificates".into() }
            }
            error => error,
        })
    }

    fn obeys_robots(&self) -> bool {
        self.request.manners.obey_robots && self.request.purpose != Purpose::Hub
    }

    async fn clear(&self, url: &Url) -> Result<Cleared, Error> {
        let manners = self.request.manners;
        let names = if manners.proxy.is_some() { Names::Proxy } else { Names::Here };
        let policy = Policy { allowed: &manners.allow_private, named: self.request.named, names };
        self.fetcher.guard.clear(url, &policy, &*self.fetcher.resolver).await
    }

    fn ask(&self, to: Cleared, headers: HeaderMap) -> Result<Ask<'a>, Error> {
        let at_home = to.url().origin() == self.request.url.origin();
        let settings = &self.fetcher.settings;
        Ok(Ask {
            client: self.fetcher.transports.of(self.request.manners)?,
            to,
            method: self.method.clone(),
            headers,
            body: if self.method == Method::POST { self.request.manners.post.clone() } else { None },
            login: at_home.then_some(self.request.url),
            first_byte: settings.first_byte,
            max_header: settings.max_header,
        })
    }

    /// The headers of a request of `url`, and whether they make it conditional. What the source configures stays with its origin.
    fn headers(&self, url: &Url) -> (HeaderMap, bool) {
        let mut headers = self.plain_headers();
        headers.insert(ACCEPT, HeaderValue::from_static(self.request.purpose.accept()));
        if self.method == Method::POST {
            let json = self.request.manners.post.as_ref().is_some_and(|body| body.trim_start().starts_with(['{', '[']));
            let media_type = if json { "application/json" } else { "application/x-www-form-urlencoded" };
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        let mut cookies = Vec::new();
        if url.origin() == self.request.url.origin() {
            for (name, value) in &self.request.manners.headers {
                let (Ok(name), Ok(mut value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value.reveal()))
                else {
                    continue;
                };
                value.set_sensitive(true);
                if name == COOKIE {
                    cookies.extend(value.to_str().map(str::to_owned));
                } else if !OURS.contains(&name.as_str()) {
                    headers.insert(name, value);
                }
            }
        }
        cookies.push(self.jar().header(url));
        cookies.retain(|line| !line.is_empty());
        if let Ok(mut line) = HeaderValue::from_str(&cookies.join("; "))
            && !cookies.is_empty()
        {
            line.set_sensitive(true);
            headers.insert(COOKIE, line);
        }
        let theirs = self.request.validated.is_none_or(|from| from == url);
        let known = self.request.validators.filter(|_| theirs && self.method == Method::GET);
        let conditional = known.is_some_and(|known| validators::ask(&mut headers, known));
        (headers, conditional)
    }

    fn plain_headers(&self) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd"))])
    }

    fn jar(&self) -> &Jar {
        self.request.jar.unwrap_or(&self.own_jar)
    }

    fn note(&mut self, reason: impl Into<String>, advice: &str) {
        self.notes.push(Problem::of_page(reason, advice));
    }

    /// An answer → the page, or where to go for it.
    async fn receive(&mut self, url: &Url, turn: &Turn, response: Response, conditional: bool) -> Result<Step, Error> {
        let host = error::host(url);
        let status = response.status().as_u16();
        self.jar().take(url, response.headers());
        if let Some(hop) = redirect::follow(url, status, response.headers()) {
            let hop = hop.map_err(|why| Error::Redirect { host, why: why.to_owned() })?;
            return Ok(Step::Onward(hop));
        }
        let settings = &self.fetcher.settings;
        let fresh = validators::fresh(response.headers());
        match status {
            304 if conditional => Ok(self.arrived(status, Answer::Unchanged, url, fresh, 0)),
            304 => Err(Error::Protocol {
                host,
                why: "it says \"not modified\" (304), though it was not asked whether it was".into(),
            }),
            200..=203 | 207..=299 if self.request.purpose != Purpose::Hub => self.read(url, response, fresh).await,
            200..=299 if self.request.purpose == Purpose::Hub => self.read(url, response, fresh).await,
            429 | 503 => Err(throttled(self.fetcher, host, turn, &response)),
            410 => Err(Error::Gone),
            _ => {
                let headers = response.headers().clone();
                let body = body::read(&host, response, Reading::start(settings, ERROR_PAGE)).await.ok();
                let page = body.map(|body| Box::new(self.page(url, &headers, body).0));
                Err(Error::Status { status, page })
            }
        }
    }

    async fn read(&mut self, url: &Url, response: Response, fresh: Option<Duration>) -> Result<Step, Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = body::read(&error::host(url), response, Reading::page(&self.fetcher.settings)).await?;
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
        let bytes = unpacked(url, &media_type, headers, body.bytes, Reading::page(&self.fetcher.settings));
        let decoded = decode(&bytes, charset.as_deref(), url);
        let language =
            text(&CONTENT_LANGUAGE).split(',').next().map(str::trim).filter(|tag| is_tag(tag)).map(str::to_owned);
        let page = Page {
            asked: plain(self.request.url),
            url: plain(url),
            media_type,
            bytes,
            text: decoded.text,
            encoding: decoded.encoding,
            language,
            validators: validators::of(headers),
        };
        (page, decoded.conflict)
    }

    /// The gap to keep to the host of `url`, if its robots.txt lets us in at all. Asks for robots.txt when it is not known.
    async fn ask_robots(&mut self, url: &Url) -> Result<Duration, Error> {
        let fetcher = self.fetcher;
        let mut known = fetcher.robots.entry(url, fetcher.clock.now()).await;
        let rules = match &*known {
            Some(known) if known.holds(fetcher.clock.now()) => known.rules.clone(),
            _ => self.learn_robots(url, &mut known).await?,
        };
        drop(known);
        let host = error::host(url);
        match rules {
            Rules::Failing(status) => Err(Error::RobotsUnavailable { host, status, after: robots::RETRY }),
            rules if !rules.allow(url) => Err(Error::Robots(host)),
            rules => {
                let asked = rules.delay().min(fetcher.settings.max_crawl_delay);
                let own = self.request.manners.host_gap;
                // A hop of this very visit cannot be put off for long: the next visit would start from the first hop again.
                let late = self.hops > 0 && asked > fetcher.settings.max_wait;
                Ok(if late { own } else { own.max(asked) })
            }
        }
    }

    async fn learn_robots(&mut self, url: &Url, known: &mut OwnedMutexGuard<Option<Known>>) -> Result<Rules, Error> {
        let mut budget = Budget::new(self.fetcher.settings.whole);
        let rules = match robots::address(url) {
            Some(address) => self.fetch_robots(address, &mut budget).await?,
            None => Rules::Open,
        };
        let learnt = Known::learn(rules, known.as_ref(), self.fetcher.clock.now());
        let rules = learnt.rules.clone();
        **known = Some(learnt);
        Ok(rules)
    }

    /// robots.txt, wherever it is. What keeps the host itself from answering keeps the page from coming too, and is its error.
    async fn fetch_robots(&self, mut url: Url, budget: &mut Budget) -> Result<Rules, Error> {
        let fetcher = self.fetcher;
        for hop in 0..=robots::HOPS {
            let cleared = match self.clear(&url).await {
                // A robots.txt that leads to a forbidden place is one that cannot be had.
                Err(_) if hop > 0 => return Ok(Rules::Open),
                cleared => cleared?,
            };
            let turn = fetcher.hosts.turn(&url, self.request.manners.host_gap).await?;
            let mut ask = self.ask(cleared, self.plain_headers())?;
            (ask.method, ask.body, ask.login) = (Method::GET, None, None);
            let host = error::host(&url);
            let reading = Reading::start(&fetcher.settings, robots::MOST);
            let answer = budget.spend(&host, async {
                let response = exchange::send(ask).await?;
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                if matches!(status, 429 | 503) {
                    return Err(throttled(fetcher, host.clone(), &turn, &response));
                }
                let body = if status == 200 { body::read(&host, response, reading).await? } else { Body::default() };
                Ok((status, headers, body))
            });
            let (status, headers, body) = match answer.await {
                Err(Error::Protocol { .. } | Error::TooBig { .. }) => return Ok(Rules::Open),
                answer => answer?,
            };
            match (status, redirect::follow(&url, status, &headers)) {
                (_, Some(Ok(next))) => url = next.to,
                (200, _) => return Ok(Rules::read(&body.bytes, &fetcher.token)),
                (500.., _) => return Ok(Rules::Failing(status)),
                _ => return Ok(Rules::Open),
            }
        }
        Ok(Rules::Open)
    }
}

/// 429 and 503: the whole host is left alone for as long as it asks.
fn throttled(fetcher: &Fetcher, host: String, turn: &Turn, response: &Response) -> Error {
    let after = validators::retry_after(response.headers(), fetcher.clock.now());
    turn.hold(after.unwrap_or(QUIET));
    Error::Throttled { host, why: format!("status {}", response.status().as_u16()), after }
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

/// A file that is packed by itself (`sitemap.xml.gz`), unpacked within the same bounds; one that came in a coding is left as it is.
fn unpacked(url: &Url, media_type: &str, headers: &HeaderMap, bytes: Vec<u8>, reading: Reading) -> Vec<u8> {
    let named = url.path().ends_with(".gz") || matches!(media_type, "application/gzip" | "application/x-gzip");
    if !named || headers.contains_key(CONTENT_ENCODING) || !bytes.starts_with(&[0x1f, 0x8b, 8]) {
        return bytes;
    }
    body::gunzip(&bytes, reading).unwrap_or(bytes)
}

fn plain(url: &Url) -> Url {
    let mut plain = url.clone();
    let _ = plain.set_username("");
    let _ = plain.set_password(None);
    plain
}
