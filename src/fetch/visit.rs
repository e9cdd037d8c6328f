//! [`Visit`]: the story of one request: hop after hop, each through guard, robots.txt, pace and exchange, until a page comes.

use std::{collections::HashSet, time::Duration};

use http::{HeaderMap, Method};
use url::Url;

use super::{
    Error, Fetched, Fetcher, Jar, Purpose, Request,
    client::Budget,
    error,
    exchange::{self, Ask},
    guard::{Cleared, Names, Policy},
    pace::Turn,
    redirect::{self, Hop, Keep},
};
use crate::model::Problem;

/// One request on its way.
pub(super) struct Visit<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) request: &'a Request<'a>,
    own_jar: Jar,
    budget: Budget,
    pub(super) method: Method,
    secrets: bool,
    pub(super) lasting: bool,
    pub(super) hops: usize,
    pub(super) seen: HashSet<(Url, u64)>,
    notes: Vec<Problem>,
}

/// What one hop came to.
pub(super) enum Step {
    Arrived(Box<Fetched>),
    Onward(Hop),
}

impl<'a> Visit<'a> {
    pub(super) fn new(fetcher: &'a Fetcher, request: &'a Request<'a>) -> Self {
        let may_post = matches!(request.purpose, Purpose::Listing | Purpose::Data | Purpose::Hub);
        let posts = may_post && request.manners.post.is_some() && home(request, request.url).is_some();
        Self {
            fetcher,
            request,
            own_jar: Jar::default(),
            budget: Budget::new(fetcher.settings.whole),
            method: if posts { Method::POST } else { Method::GET },
            secrets: redirect::has_secrets(request.named, request.manners),
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
        let ask = self.ask(cleared, headers, &turn)?;
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

    pub(super) async fn clear(&self, url: &Url) -> Result<Cleared, Error> {
        let manners = self.request.manners;
        let names = if manners.proxy.is_some() { Names::Proxy } else { Names::Here };
        let policy = Policy { allowed: &manners.allow_private, named: self.request.named, names };
        self.fetcher.guard.clear(url, &policy, &*self.fetcher.resolver).await
    }

    pub(super) fn ask(&self, to: Cleared, headers: HeaderMap, turn: &Turn) -> Result<Ask<'a>, Error> {
        let login = home(self.request, to.url());
        let settings = &self.fetcher.settings;
        Ok(Ask {
            client: self.fetcher.transports.of(self.request.manners)?,
            to,
            method: self.method.clone(),
            headers,
            body: if self.method == Method::POST { self.request.manners.post.clone() } else { None },
            login,
            kept: turn.since.is_some_and(|since| since <= settings.keep_idle),
            connect: settings.connect_timeout,
            first_byte: settings.first_byte,
            max_header: settings.max_header,
        })
    }

    pub(super) fn jar(&self) -> &Jar {
        self.request.jar.unwrap_or(&self.own_jar)
    }

    pub(super) fn note(&mut self, reason: impl Into<String>, advice: &str) {
        self.notes.push(Problem::of_page(reason, advice));
    }
}

/// The address of the configuration that has the origin of `url`: what the source keeps secret goes nowhere else.
pub(super) fn home<'a>(request: &Request<'a>, url: &Url) -> Option<&'a Url> {
    request.named.iter().find(|named| named.origin() == url.origin())
}
