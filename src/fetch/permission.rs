//! robots.txt → whether a page may be asked for, and how slowly. It is fetched as pages are: guard, pace, exchange.

use std::time::Duration;

use http::Method;
use tokio::sync::OwnedMutexGuard;
use url::Url;

use super::{
    Error, arrival,
    body::{self, Body, Reading},
    client::Budget,
    error, exchange, redirect,
    robots::{self, Known, Rules},
    visit::Visit,
};

impl Visit<'_> {
    /// The gap to keep to the host of `url`, if its robots.txt lets us in at all. Asks for robots.txt when it is not known.
    pub(super) async fn ask_robots(&mut self, url: &Url) -> Result<Duration, Error> {
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
        let said = match robots::address(url) {
            Some(address) => self.fetch_robots(address, &mut budget).await?,
            None => (Rules::Open, Vec::new()),
        };
        let learnt = Known::learn((said.0, &said.1), known.as_ref(), self.fetcher.clock.now());
        let rules = learnt.rules.clone();
        **known = Some(learnt);
        Ok(rules)
    }

    /// What robots.txt says, and the file, wherever it is. What keeps the host itself from answering keeps the page from coming too, and is its error.
    async fn fetch_robots(&self, mut url: Url, budget: &mut Budget) -> Result<(Rules, Vec<u8>), Error> {
        let open = || Ok((Rules::Open, Vec::new()));
        let fetcher = self.fetcher;
        for hop in 0..=robots::HOPS {
            let cleared = match self.clear(&url).await {
                // A robots.txt that leads to a forbidden place is one that cannot be had.
                Err(_) if hop > 0 => return open(),
                cleared => cleared?,
            };
            let turn = fetcher.hosts.turn(&url, self.request.manners.host_gap).await?;
            let mut ask = self.ask(cleared, self.plain_headers(), &turn)?;
            (ask.method, ask.body, ask.login) = (Method::GET, None, None);
            let host = error::host(&url);
            let reading = Reading::start(&fetcher.settings, robots::MOST);
            let answer = budget.spend(&host, async {
                let response = exchange::send(ask).await?;
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                if matches!(status, 429 | 503) {
                    return Err(arrival::throttled(fetcher, host.clone(), &turn, &response));
                }
                let body = if status == 200 { body::read(&host, response, reading).await? } else { Body::default() };
                Ok((status, headers, body))
            });
            let (status, headers, body) = match answer.await {
                Err(Error::Protocol { .. } | Error::TooBig { .. }) => return open(),
                answer => answer?,
            };
            match (status, redirect::follow(&url, status, &headers)) {
                (_, Some(Ok(next))) => url = next.to,
                (200, _) => return Ok((Rules::read(&body.bytes, &fetcher.token), body.bytes)),
                (500.., _) => return Ok((Rules::Failing(status), Vec::new())),
                _ => return open(),
            }
        }
        open()
    }
}
