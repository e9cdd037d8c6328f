//! The whole article: fetches the pages of new articles after a visit, newest first, and judges what they tell as one more
//! sight by the same source. A feed never waits for it: the list's summary stands until the text is there.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tokio::task;
use url::Url;

use super::{Harvest, Watched, panicked, stories::Stories};
use crate::dedup;
use crate::extract::article::{self, Context, Pages, Read, Refrain};
use crate::fetch::{self, Answer, Purpose, Request};
use crate::model::{Article, ArticleKey, CleanHtml, Draft, Page, Problem, SourceId, Verdict};
use crate::reading::url as address;
use crate::reading::{clean, text};
use crate::store;

/// Articles read after one visit; the next visit goes on with the rest.
const MOST_AT_ONCE: usize = 20;
/// Article pages asked of one host in a day of the clock.
const MOST_A_DAY: u32 = 500;
/// Times an article is tried before the list's summary is all there will be.
const MOST_TRIES: u32 = 5;
/// The wait after the first failure; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Characters of a summary that is made of the text.
const SUMMARY: usize = 200;

/// What is remembered of article pages while the program runs. Losing it costs a few requests, never an article.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    /// What the articles of each source have in common.
    refrains: HashMap<SourceId, Arc<Refrain>>,
    failed: HashMap<ArticleKey, (u32, Timestamp)>,
    asked: HashMap<String, (i64, u32)>,
}

/// What reading articles brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// Articles whose text is stored now.
    pub read: u32,
    /// Articles that could not be read; they are tried again.
    pub failed: u32,
    /// What the last failure was, with the article's address.
    pub problem: Option<Problem>,
}

impl Harvest {
    /// Reads the pages of `watched`'s stored articles that have no text yet. `changed` is told whose feeds show something
    /// else after each. Never fails: what could not be read is tried again later.
    pub async fn read_articles(
        &self,
        watched: Arc<Watched>,
        now: impl Fn() -> Timestamp + Send,
        changed: impl Fn(BTreeSet<SourceId>) + Send,
    ) -> Readings {
        let mut articles = self.without_text(&watched, now()).await;
        articles.truncate(MOST_AT_ONCE);
        self.read_each(&watched, articles, now, changed).await
    }

    /// Reads the pages of articles that were first seen at `since` or later, each once: for a visit after which nobody stays to
    /// try again.
    pub async fn read_new_articles(
        &self,
        watched: Arc<Watched>,
        since: Timestamp,
        now: impl Fn() -> Timestamp + Send,
    ) -> Readings {
        let mut articles = self.without_text(&watched, now()).await;
        // The store keeps whole seconds.
        articles.retain(|article| article.first_seen.as_second() >= since.as_second());
        self.read_each(&watched, articles, now, |_| ()).await
    }

    async fn read_each(
        &self,
        watched: &Arc<Watched>,
        articles: Vec<Arc<Article>>,
        now: impl Fn() -> Timestamp + Send,
        changed: impl Fn(BTreeSet<SourceId>) + Send,
    ) -> Readings {
        let mut readings = Readings::default();
        for article in articles {
            let Ok(url) = Url::parse(&article.url) else { continue };
            if !self.attempts.may_ask(&url, now()) {
                break;
            }
            match self.read_one(watched, &article, &url, now()).await {
                Ok(touched) => {
                    readings.read += 1;
                    changed(touched);
                }
                Err(problem) => {
                    self.attempts.failed(article.key, now());
                    readings.failed += 1;
                    let reason = format!("{}: {}", fetch::shown(&url), problem.reason);
                    readings.problem = Some(Problem::of_page(reason, problem.advice));
                }
            }
        }
        readings
    }

    /// The newest articles that the source gave and whose text is not stored, but for those that failed lately.
    async fn without_text(&self, watched: &Arc<Watched>, now: Timestamp) -> Vec<Arc<Article>> {
        let (store, id) = (self.store.clone(), watched.source.id.clone());
        let newest = task::spawn_blocking(move || store.articles(&id, MOST_AT_ONCE * 5, None));
        let Ok(Ok(mut articles)) = newest.await else { return Vec::new() };
        articles.retain(|article| {
            article.content.is_none()
                && article.owner() == Some(&watched.source.id)
                && self.attempts.may_try(article.key, now)
        });
        articles
    }

    /// Asks for one page of an article; absent where the host says that it has not changed.
    async fn ask_article(&self, watched: &Arc<Watched>, url: &Url) -> Result<Option<Box<Page>>, Problem> {
        let request = Request {
            named: &watched.source.urls,
            purpose: Purpose::Article,
            ..Request::new(url, &watched.source.manners)
        };
        let fetched = self.fetcher.get(&request).await.map_err(|error| error.problem())?;
        Ok(match fetched.answer {
            Answer::Page(page) => Some(page),
            Answer::Unchanged => None,
        })
    }

    async fn read_one(
        &self,
        watched: &Arc<Watched>,
        article: &Arc<Article>,
        url: &Url,
        now: Timestamp,
    ) -> Result<BTreeSet<SourceId>, Problem> {
        let Some(page) = self.ask_article(watched, url).await? else { return Ok(BTreeSet::new()) };
        let language = watched.source.language.clone().or_else(|| article.language.clone());
        let by = By { now, language, refrain: self.attempts.refrain(&watched.source.id) };
        let (at, first) = read(watched, page, by.clone()).await?;
        let mut pages = Pages::new(&at, first);
        while let Some(next) = pages.next().cloned() {
            let further = match self.attempts.may_ask(&next, now) {
                true => self.ask_article(watched, &next).await,
                false => Err(Problem::of_page("the day's requests to its host are used up", "it is read on tomorrow")),
            };
            match further {
                Ok(Some(page)) => {
                    let (at, read) = read(watched, page, by.clone()).await?;
                    pages.add(&at, read);
                }
                Ok(None) => break,
                // Half an article is stored only where the rest never came.
                Err(problem) if !self.attempts.is_last(article.key) => return Err(problem),
                Err(problem) => pages.end(problem),
            }
        }
        let whole = pages.whole();
        self.attempts.learn(&watched.source.id, &whole.text);
        let draft = draft(watched, article, at, whole)?;
        self.stories.know(&self.store, now).await;
        let _claim = self.claims.take(vec![article.key]).await;
        let (store, stories) = (self.store.clone(), self.stories.clone());
        let written = task::spawn_blocking(move || write(&store, &stories, &draft, now)).await;
        let written = written.map_err(|_| panicked("storing an article"))?;
        written.map_err(|error| Problem::of_page(error.to_string(), "the article is read again later"))
    }
}

/// What an article's pages are read by, beside what its source says.
#[derive(Clone)]
struct By {
    now: Timestamp,
    language: Option<String>,
    refrain: Arc<Refrain>,
}

/// Reads one page of an article on the blocking pool; told with where it was found.
async fn read(watched: &Arc<Watched>, page: Box<Page>, by: By) -> Result<(Url, Read), Problem> {
    let watched = watched.clone();
    let reading = task::spawn_blocking(move || {
        let context = Context {
            now: by.now,
            zone: &watched.source.timezone,
            language: by.language.as_deref(),
            story: watched.story.as_deref(),
            refrain: Some(&by.refrain),
        };
        let read = article::article(&page, &context);
        (page.url, read)
    });
    reading.await.map_err(|_| panicked("reading an article"))
}

/// What the article's pages tell, as a sight of the article by the source that listed it; `url` is where the first was found.
fn draft(watched: &Watched, listed: &Article, url: Url, read: Read) -> Result<Draft, Problem> {
    let source = &watched.source;
    if read.html.is_empty() {
        let none = || Problem::of_page("no text was found on the article's page", "the list's summary is kept");
        return Err(read.problems.into_iter().next().unwrap_or_else(none));
    }
    // The list's title is the one that readers know; the page's is taken where the list cut it.
    let title = match read.title {
        Some(title) if listed.title.is_empty() || listed.title_cut => title,
        _ => listed.title.clone(),
    };
    let summary = listed.summary.is_none().then(|| summary(&read.text)).flatten();
    let known = |list: &[String], page: Vec<String>| if list.is_empty() { page } else { list.to_vec() };
    let canonical = read.canonical.map(|url| ArticleKey::of(watched.scope(), &[address::canonical(&url).as_str()]));
    Ok(Draft {
        source: source.id.clone(),
        place: 0,
        key: listed.key,
        aliases: canonical.into_iter().collect(),
        url,
        title_cut: text::is_cut(&title),
        title,
        published: read.published,
        summary,
        content: Some(read.html),
        image: read.images.into_iter().next(),
        authors: known(&listed.authors, read.byline),
        categories: known(&listed.categories, read.columns),
        outlet: read.outlet,
        language: read.language,
    })
}

fn summary(story: &str) -> Option<CleanHtml> {
    let line = text::line(story);
    (!line.is_empty()).then(|| clean::from_text(&text::cut(&line, SUMMARY)))
}

fn write(
    store: &store::Store,
    stories: &Stories,
    draft: &Draft,
    now: Timestamp,
) -> Result<BTreeSet<SourceId>, store::Error> {
    // As it is now, not as it was when the page was asked for.
    let Some(store::Known::Article(stored)) = store.article(&draft.key)? else { return Ok(BTreeSet::new()) };
    let mut draft = draft.clone();
    // An address that is another article's already must not be claimed by this one.
    let taken = store.known(&draft.aliases)?;
    let mut taken = taken.into_iter().map(|known| known.is_some());
    draft.aliases.retain(|_| !taken.next().unwrap_or(true));
    let verdict = dedup::judge(&draft, dedup::Known::Article(stored.clone()), now, &|_| true);
    let (Verdict::Changed(mut article) | Verdict::Noted(mut article)) = verdict else { return Ok(BTreeSet::new()) };
    if article.content != stored.content {
        stories.text_came(store, &mut article, now)?;
    }
    let touched = article.sightings.iter().map(|sighting| sighting.source.clone()).collect();
    let visit =
        store::Visit { source: draft.source, at: now, written: vec![article], listed: Vec::new(), history: None };
    store.record(visit)?;
    Ok(touched)
}

impl Attempts {
    fn may_try(&self, article: ArticleKey, now: Timestamp) -> bool {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.failed.get(&article).is_none_or(|(times, again)| *times < MOST_TRIES && *again <= now)
    }

    /// Whether an article that fails once more is not tried again.
    fn is_last(&self, article: ArticleKey) -> bool {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.failed.get(&article).is_some_and(|(times, _)| *times + 1 >= MOST_TRIES)
    }

    fn failed(&self, article: ArticleKey, now: Timestamp) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (times, again) = memory.failed.entry(article).or_insert((0, now));
        let wait = FIRST_WAIT.saturating_mul(1 << (*times).min(10));
        *times += 1;
        *again = now.checked_add(wait).unwrap_or(Timestamp::MAX);
    }

    fn refrain(&self, source: &SourceId) -> Arc<Refrain> {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.refrains.get(source).cloned().unwrap_or_default()
    }

    /// Takes note of an article's text.
    fn learn(&self, source: &SourceId, text: &str) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(memory.refrains.entry(source.clone()).or_default()).learn(text);
    }

    /// Counts a request to the host of `url`, unless the day's are used up.
    fn may_ask(&self, url: &Url, now: Timestamp) -> bool {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let today = now.as_second() / 86_400;
        memory.asked.retain(|_, (day, _)| *day == today);
        let host = url.host_str().unwrap_or_default().to_owned();
        let (_, asked) = memory.asked.entry(host).or_insert((today, 0));
        *asked += 1;
        *asked <= MOST_A_DAY
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        "2024-02-01T00:00:00Z".parse::<Timestamp>().unwrap() + hours.hours()
    }

    #[test]
    fn a_host_is_asked_so_often_a_day_and_another_day_again() {
        let attempts = Attempts::default();
        let url = |host: &str| Url::parse(&format!("https://{host}/a")).unwrap();
        let asked = (0..MOST_A_DAY * 2).filter(|_| attempts.may_ask(&url("example.org"), at(3))).count();
        assert_eq!(asked, MOST_A_DAY as usize);
        assert!(attempts.may_ask(&url("example.com"), at(3)));
        assert!(!attempts.may_ask(&url("example.org"), at(23)) && attempts.may_ask(&url("example.org"), at(24)));
    }

    #[test]
    fn what_fails_is_tried_again_later_each_time_and_then_no_more() {
        let attempts = Attempts::default();
        let article = ArticleKey::of("", &["https://example.org/a"]);
        let mut now = at(0);
        let mut waits = Vec::new();
        while attempts.may_try(article, now) && waits.len() < 20 {
            assert_eq!(attempts.is_last(article), waits.len() + 1 == MOST_TRIES as usize);
            attempts.failed(article, now);
            let wait = (1..100_000).find(|minutes| attempts.may_try(article, now + minutes.minutes()));
            waits.extend(wait);
            now += wait.unwrap_or(1).minutes();
        }
        assert_eq!(waits, [15, 30, 60, 120]);
    }

    #[test]
    fn a_source_s_articles_teach_what_they_have_in_common() {
        let attempts = Attempts::default();
        let source: SourceId = "news".parse().unwrap();
        let zone = jiff::tz::TimeZone::UTC;
        let story = |n: u32| {
            format!(
                "<title>Story {n}</title><h1>Story {n}</h1><div><p>Story {n} tells, in words enough for a story, how line {n} was built.</p>\
                 <p>It also tells what line {n} cost, who paid for it, and when it will be open to people who want to go by it.</p>\
                 <p>The Line is written by people of the river, for people of the river, and is paid for by them alone.</p></div>"
            )
        };
        let read = |n: u32| {
            let page = Page {
                asked: Url::parse("https://example.org/a").unwrap(),
                url: Url::parse("https://example.org/a").unwrap(),
                media_type: String::new(),
                bytes: Vec::new(),
                text: story(n),
                encoding: encoding_rs::UTF_8,
                language: None,
                validators: crate::model::Validators::default(),
            };
            let refrain = attempts.refrain(&source);
            let read = article::article(
                &page,
                &Context { now: at(0), zone: &zone, language: None, story: None, refrain: Some(&refrain) },
            );
            attempts.learn(&source, &read.text);
            read
        };
        for n in 0..3 {
            assert!(read(n).text.contains("people of the river"));
        }
        let fourth = read(3);
        assert!(!fourth.text.contains("river") && !fourth.html.as_str().contains("river"), "{}", fourth.text);
        assert!(fourth.text.contains("what line 3 cost"));
    }
}
