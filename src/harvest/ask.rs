//! Asks for a source's pages with what is remembered of them, and remembers what the answers say.

use std::time::Duration;

use tokio::task;
use url::Url;

use super::Watched;
use super::watched::hash;
use crate::extract::diagnose;
use crate::fetch::{self, Answer, Error, Fetched, Fetcher, Jar, Purpose, Request};
use crate::model::{Cadence, History, Kind, Outcome, Page, PageMemory, Problem, RedirectMemory};

/// Visits in a row that must meet the same permanent redirect before it is taken without asking the old address.
const REDIRECTS_BEFORE_BELIEF: u32 = 3;

/// How one address answered.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The page, if it is to be read: it came, and its bytes are not those of last time.
    pub page: Option<Page>,
    /// How asking failed.
    pub failed: Option<Outcome>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long the host asked to be left alone.
    pub retry_after: Option<Duration>,
    /// For how long the host calls its answer fresh; absent where it does not say, or did not answer.
    pub fresh: Option<Duration>,
    /// What was odd or wrong.
    pub problems: Vec<Problem>,
}

impl Asked {
    /// What is to be told where a further page of the list, at `url`, did not come. Where the host has no such page, the list ends.
    pub(super) fn no_further(&self, url: &Url) -> Option<Problem> {
        self.failed?;
        let why = self.problems.first().map_or("it did not come", |problem| problem.reason.as_str());
        let advice =
            "nothing to do: what the first page shows is read, and this one is asked for again at the next visit";
        (!matches!(self.status, Some(404 | 410))).then(|| {
            Problem::of_page(format!("the list's next page, {}, is missing: {why}", fetch::shown(url)), advice)
        })
    }
}

/// Asks for each of the source's addresses in turn.
pub(super) async fn pages(fetcher: &Fetcher, watched: &Watched, history: &mut History, jar: &Jar) -> Vec<Asked> {
    forget_other_addresses(watched, history);
    let mut answers = Vec::with_capacity(watched.source.urls.len());
    for url in &watched.source.urls {
        answers.push(page(fetcher, watched, history, url, jar).await);
    }
    if let Some(url) = watched.source.url().filter(|_| watched.source.manners.obey_robots) {
        history.robots = fetcher.robots_memory(url).await;
    }
    answers
}

/// Asks for a further page of the source's list.
pub(super) async fn further(fetcher: &Fetcher, watched: &Watched, url: &Url, jar: &Jar) -> Asked {
    let request = Request {
        named: &watched.source.urls,
        purpose: Purpose::Article,
        jar: Some(jar),
        ..Request::new(url, &watched.source.manners)
    };
    match fetcher.get(&request).await {
        Ok(fetched) => match fetched.answer {
            Answer::Page(page) => Asked { page: Some(*page), problems: fetched.notes, ..Asked::default() },
            Answer::Unchanged => Asked::default(),
        },
        Err(error) => failed(error).await,
    }
}

/// A source that was given other addresses starts anew with them; its articles stay.
fn forget_other_addresses(watched: &Watched, history: &mut History) {
    let all: Vec<&str> = watched.source.urls.iter().map(Url::as_str).collect();
    let urls = hash(all.join("\n").as_bytes());
    if history.urls != urls {
        history.urls = urls;
        history.url = watched.source.url().map(ToString::to_string).unwrap_or_default();
        history.pages.clear();
        history.redirects.clear();
        history.read_on = None;
        history.cadence = Cadence::default();
        history.failures = 0;
        // What was found on another page is no rule for this one.
        history.rules_for = 0;
    }
    if history.rules_for != watched.rules_stamp() {
        history.rules_for = watched.rules_stamp();
        (history.rules, history.rules_before, history.refused) = (None, None, None);
        (history.proposed, history.repaired) = (None, None);
    }
}

async fn page(fetcher: &Fetcher, watched: &Watched, history: &mut History, url: &Url, jar: &Jar) -> Asked {
    let believed = believed(history, url);
    let target = believed.as_ref().unwrap_or(url);
    let memory = history.pages.get(url.as_str()).filter(|memory| memory.stamp == watched.stamp());
    let validated = memory.and_then(|memory| Url::parse(&memory.answered).ok());
    let request = Request {
        named: &watched.source.urls,
        purpose: match watched.source.kind {
            Some(Kind::Json | Kind::Feed | Kind::Sitemap) => Purpose::Data,
            Some(Kind::Html) | None => Purpose::Listing,
        },
        validators: memory.map(|memory| &memory.validators),
        validated: validated.as_ref(),
        jar: Some(jar),
        ..Request::new(target, &watched.source.manners)
    };
    match fetcher.get(&request).await {
        Ok(fetched) => came(fetched, watched, history, url),
        Err(error) => {
            if believed.is_some() {
                history.redirects.remove(url.as_str());
            }
            failed(error).await
        }
    }
}

fn believed(history: &History, url: &Url) -> Option<Url> {
    let memory = history.redirects.get(url.as_str())?;
    (memory.times >= REDIRECTS_BEFORE_BELIEF).then(|| Url::parse(&memory.to).ok())?
}

/// An error's page may tell more than its status. Parsing it is work for a blocking thread.
async fn failed(error: Error) -> Asked {
    let told = error.clone();
    let diagnosis = match told {
        Error::Status { status, page } => {
            task::spawn_blocking(move || diagnose::of_error(status, page.as_deref())).await.ok().flatten()
        }
        _ => None,
    };
    let outcome = diagnosis.as_ref().map_or(error.outcome(), |diagnosis| diagnosis.outcome);
    Asked {
        failed: Some(outcome),
        status: error.status(),
        retry_after: error.retry_after(),
        problems: diagnosis.map(|diagnosis| diagnosis.problem).into_iter().chain([error.problem()]).collect(),
        ..Asked::default()
    }
}

fn came(fetched: Fetched, watched: &Watched, history: &mut History, url: &Url) -> Asked {
    let mut asked =
        Asked { status: Some(fetched.status), fresh: fetched.fresh, problems: fetched.notes, ..Asked::default() };
    remember_redirect(fetched.moved, history, url, &mut asked.problems);
    if let Answer::Page(page) = fetched.answer {
        let memory = PageMemory {
            validators: page.validators.clone(),
            answered: page.url.to_string(),
            body: hash(&page.bytes),
            stamp: watched.stamp(),
            listed: Vec::new(),
        };
        let before = history.pages.get(url.as_str());
        let same = before.is_some_and(|before| before.body == memory.body && before.stamp == memory.stamp);
        let listed = before.map(|before| before.listed.clone()).unwrap_or_default();
        history.pages.insert(url.to_string(), PageMemory { listed, ..memory });
        asked.page = (!same).then_some(*page);
    }
    asked
}

fn remember_redirect(moved: Option<Url>, history: &mut History, url: &Url, problems: &mut Vec<Problem>) {
    let Some(to) = moved else {
        // Asked at its new address, a page that has moved redirects no more; only the old one's own answer ends it.
        if believed(history, url).is_none() {
            history.redirects.remove(url.as_str());
        }
        return;
    };
    let memory = history.redirects.entry(url.to_string()).or_default();
    let times = if memory.to == to.as_str() { memory.times.saturating_add(1) } else { 1 };
    *memory = RedirectMemory { to: to.to_string(), times };
    problems.push(Problem::of_page(
        format!("the page has moved for good to {to}"),
        "write the new address into feeds.toml; the articles keep their ids",
    ));
}
