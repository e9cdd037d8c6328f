//! [`Stories`]: which new article tells a story that another told before.
//!
//! The sketches of the last days are in memory only, and of as many articles as there is room for. The first visit after the start that brings something new has them read
//! from the store, which may take seconds: visits with news wait for that, and no thread waits with them.
//!
//! Invariants: looking a story up and adding it is one step, so that of two twins that come at once one is the first, though
//! neither is in the store yet. What a person told apart is never joined again.

use std::{
    collections::{BTreeSet, HashMap},
    ops::ControlFlow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use tokio::{sync, task};
use url::Url;

use crate::dedup::near::{Evidence, Match, Near, Nearness, Search, Settings, Sketch, Telling};
use crate::model::{Article, ArticleKey, SourceId};
use crate::reading::clean;
use crate::store::{self, Known, Store};

/// What becomes known to be a twin within this time of its first sight counts as known from the start: no reader asked in between.
const AT_ONCE: SignedDuration = SignedDuration::from_secs(60);

/// The stories of the last days.
#[derive(Debug, Default)]
pub(super) struct Stories {
    told: Mutex<Told>,
    /// Held while they are read from the store, and by what must not happen meanwhile.
    turn: sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Told {
    twins: Search,
    /// Sources whose articles tell no story of others, so that nothing of them shows in what others tell.
    private: BTreeSet<SourceId>,
    /// Filled when it is first needed.
    near: Option<Near>,
    /// Articles that were judged and are not in the store yet.
    coming: HashMap<ArticleKey, Teller>,
}

/// Who tells a story.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Teller {
    source: Option<SourceId>,
    site: Option<String>,
}

impl Teller {
    fn of(article: &Article) -> Self {
        Self { source: article.owner().cloned(), site: site(article) }
    }

    fn nearness(&self, other: &Self) -> Nearness {
        match self.site.is_some() && self.site == other.site {
            false => Nearness::Apart,
            true if self.source.is_some() && self.source == other.source => Nearness::Source,
            true => Nearness::Site,
        }
    }
}

/// The host of an article's address, without a leading `www.`.
fn site(article: &Article) -> Option<String> {
    let url = Url::parse(&article.url).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// What speaks for and against two articles being twins, their addresses included.
pub(super) fn evidence(one: &Article, other: &Article) -> Evidence {
    let nearness = Teller::of(one).nearness(&Teller::of(other));
    Evidence { nearness, ..Evidence::of(&sketch(one), &sketch(other)) }
}

impl Told {
    fn near(&mut self, store: &Store, now: Timestamp) -> Result<&mut Near, store::Error> {
        let near = match &mut self.near {
            Some(near) => near,
            empty => empty.insert(from_store(store, self.twins.settings, now)?),
        };
        near.forget_before(since(now, near.settings()));
        Ok(near)
    }

    /// The most alike of the articles that tell the story of `article`.
    fn twin(&self, store: &Store, article: &Article, sketch: &Sketch) -> Result<Option<Match>, store::Error> {
        let Some(near) = &self.near else { return Ok(None) };
        let hidden = |owner: Option<&SourceId>| owner.is_some_and(|owner| self.private.contains(owner));
        let teller = Teller::of(article);
        for mut found in near.compared(sketch, article.published.at) {
            let apart = article.apart.contains(&found.key) || article.apart.contains(&found.story);
            if found.key == article.key || apart || !found.evidence.are_twins(&near.settings().thresholds) {
                continue;
            }
            let other = match store.article(&found.key)? {
                Some(Known::Article(other)) => Teller::of(&other),
                Some(Known::Buried { .. }) => continue,
                None => match self.coming.get(&found.key) {
                    Some(other) => other.clone(),
                    None => continue,
                },
            };
            // The same title twice in one source is two articles of a series; in two sources it is one story.
            let series = found.evidence.text.is_none() && other.source == teller.source;
            if series || (hidden(other.source.as_ref()) && !hidden(teller.source.as_ref())) {
                continue;
            }
            found.evidence.nearness = teller.nearness(&other);
            if found.evidence.are_twins(&near.settings().thresholds) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// The new articles of one visit, which others may join before they are in the store.
#[derive(Debug)]
pub(super) struct Coming<'s> {
    stories: &'s Stories,
    keys: Vec<ArticleKey>,
}

impl Coming<'_> {
    /// The article that told the story of the new `article` first, if another did; and remembers what it tells.
    pub(super) fn told_before(
        &mut self,
        store: &Store,
        article: &Article,
        now: Timestamp,
    ) -> Result<Option<ArticleKey>, store::Error> {
        let story = self.stories.told_before(store, article, now)?;
        self.keys.push(article.key);
        Ok(story)
    }
}

impl Drop for Coming<'_> {
    /// They are in the store, or will not be.
    fn drop(&mut self) {
        let mut told = self.stories.lock();
        for key in &self.keys {
            told.coming.remove(key);
        }
    }
}

impl Stories {
    /// From now on twins are looked for like this, and these sources are private.
    pub(super) fn set(&self, twins: Search, private: BTreeSet<SourceId>) {
        let mut told = self.lock();
        if told.twins.settings != twins.settings {
            told.near = None;
        }
        (told.twins, told.private) = (twins, private);
    }

    /// Whether they were read from the store.
    pub(super) fn are_known(&self) -> bool {
        self.lock().near.is_some()
    }

    /// Reads them from the store on the blocking pool, unless that was done; who comes meanwhile waits for it.
    pub(super) async fn know(self: &Arc<Self>, store: &Store, now: Timestamp) {
        let _turn = self.turn.lock().await;
        if self.are_known() {
            return;
        }
        let (stories, store) = (self.clone(), store.clone());
        // Where it fails it is tried again by whoever needs them, and told there.
        let _ = task::spawn_blocking(move || {
            let settings = stories.lock().twins.settings;
            let read = from_store(&store, settings, now);
            let mut told = stories.lock();
            if let (None, Ok(near)) = (&told.near, read)
                && told.twins.settings == settings
            {
                told.near = Some(near);
            }
        })
        .await;
    }

    /// Until this is dropped, nothing is read from the store.
    pub(super) async fn turn(&self) -> sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the new articles of one visit, from judging them until they are in the store.
    pub(super) fn coming(&self) -> Coming<'_> {
        Coming { stories: self, keys: Vec::new() }
    }

    fn told_before(
        &self,
        store: &Store,
        article: &Article,
        now: Timestamp,
    ) -> Result<Option<ArticleKey>, store::Error> {
        let sketch = sketch(article);
        let mut told = self.lock();
        told.near(store, now)?;
        let found = told.twin(store, article, &sketch)?.filter(|found| joins(article, found, told.twins.dry_run));
        // Where an article was not stored after all, another may have joined it since.
        let story = found.map(|found| found.story).filter(|story| *story != article.key);
        told.near(store, now)?.insert(telling(article, story), &sketch);
        told.coming.insert(article.key, Teller::of(article));
        Ok(story)
    }

    /// Judges an article once more whose text has come. It joins a story that it did not tell
    /// as far as was known, but never leaves one; and where readers had it already it stays shown.
    pub(super) fn text_came(&self, store: &Store, article: &mut Article, now: Timestamp) -> Result<(), store::Error> {
        let sketch = sketch(article);
        let mut told = self.lock();
        let near = told.near(store, now)?;
        near.remove(&article.key);
        if article.twin_of.is_none() && !near.is_told_again(&article.key) {
            let found = told.twin(store, article, &sketch)?.filter(|found| joins(article, found, told.twins.dry_run));
            if let Some(found) = found {
                article.twin_of = Some(found.story);
                article.twin_late = now.duration_since(article.first_seen) > AT_ONCE;
            }
        }
        told.near(store, now)?.insert(telling(article, article.twin_of), &sketch);
        Ok(())
    }

    /// The articles whose stories a person told apart tell these now.
    pub(super) fn told_apart(&self, articles: &[Article]) {
        let mut told = self.lock();
        let Some(near) = &mut told.near else { return };
        for article in articles {
            near.retell(&article.key, article.twin_of.unwrap_or(article.key));
        }
    }

    /// What `article` is compared with, twins or not, the most alike first; and how twins are looked for.
    pub(super) fn compared(
        &self,
        store: &Store,
        article: &Article,
        now: Timestamp,
    ) -> Result<(Vec<Match>, Settings), store::Error> {
        let mut told = self.lock();
        let near = told.near(store, now)?;
        let mut found = near.compared(&sketch(article), article.published.at);
        found.retain(|found| found.key != article.key);
        Ok((found, *near.settings()))
    }
}

/// Says in the log what was found; whether it is joined.
fn joins(article: &Article, found: &Match, dry_run: bool) -> bool {
    if dry_run {
        tracing::info!(article.id = %article.key, story.id = %found.story, twin.id = %found.key, twin.score = found.score, "a twin that would be joined");
    } else {
        tracing::debug!(article.id = %article.key, story.id = %found.story, twin.id = %found.key, twin.score = found.score, "a twin");
    }
    !dry_run
}

/// The newest articles within the window that there is room for, in the order in which they came. One that was removed meanwhile is no
/// twin: that is seen when it is compared.
fn from_store(store: &Store, settings: Settings, now: Timestamp) -> Result<Near, store::Error> {
    let (mut told, mut bytes, since) = (Vec::new(), 0, since(now, &settings));
    store.written_since(since, &mut |article| {
        // What was written lately may have come long ago.
        if article.first_seen < since {
            return ControlFlow::Continue(());
        }
        let sketch = sketch(&article);
        bytes += Near::bytes(&sketch);
        if bytes > settings.room {
            return ControlFlow::Break(());
        }
        told.push((telling(&article, article.twin_of), sketch));
        ControlFlow::Continue(())
    })?;
    told.sort_by_key(|(telling, _)| telling.arrived);
    let mut near = Near::new(settings);
    for (telling, sketch) in told {
        near.insert(telling, &sketch);
    }
    Ok(near)
}

fn telling(article: &Article, story: Option<ArticleKey>) -> Telling {
    Telling {
        key: article.key,
        story: story.unwrap_or(article.key),
        published: article.published.at,
        arrived: article.first_seen,
    }
}

/// From when on what came is remembered: the window, and a day for dates that are no more exact.
fn since(now: Timestamp, settings: &Settings) -> Timestamp {
    now.saturating_sub(settings.window + SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN)
}

/// The sketch of an article: of its text where that is there, else of its summary.
pub(super) fn sketch(article: &Article) -> Sketch {
    let text = article.content.as_ref().or(article.summary.as_ref()).map(clean::to_text);
    Sketch::of(&article.title, &text.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Moment, Origin, Precision, Sighting};

    fn article(source: &str, url: &str, now: Timestamp) -> Article {
        Article {
            key: ArticleKey::of("", &[url]),
            url: url.to_owned(),
            title: "国家电网公司发布新型电力系统建设行动方案".to_owned(),
            first_seen: now,
            updated: now,
            title_cut: false,
            published: Moment { at: now, offset: 0, precision: Precision::Second, origin: Origin::List },
            revision: 0,
            summary: None,
            content: None,
            image: None,
            authors: Vec::new(),
            categories: Vec::new(),
            outlet: None,
            language: None,
            aliases: Vec::new(),
            twin_of: None,
            twin_late: false,
            apart: Vec::new(),
            sightings: vec![Sighting { source: source.parse().unwrap(), place: 0, first: now }],
        }
    }

    #[tokio::test]
    async fn who_comes_while_they_are_read_waits_and_knows_them() {
        let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::from_second(1_700_000_000).unwrap());
        let (store, _) =
            Store::open(dir.path(), store::Options { reserve: 0, ..store::Options::default() }, now).unwrap();
        let one = article("one", "https://one.example/1", now);
        let source = "one".parse().unwrap();
        let visit = store::Visit { source, at: now, written: vec![one.clone()], listed: Vec::new(), history: None };
        store.record(visit).unwrap();
        let stories = Arc::new(Stories::default());
        assert!(!stories.are_known());
        let turn = stories.turn().await;
        let waits = stories.know(&store, now);
        tokio::pin!(waits);
        let early = tokio::time::timeout(std::time::Duration::from_millis(50), waits.as_mut()).await;
        assert!(early.is_err() && !stories.are_known(), "what must not happen meanwhile is waited for");
        drop(turn);
        waits.await;
        assert!(stories.are_known());
        let two = article("two", "https://two.example/1", now);
        assert_eq!(stories.coming().told_before(&store, &two, now).unwrap(), Some(one.key));
    }

    #[test]
    fn of_two_twins_that_come_at_once_one_is_the_first() {
        let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::from_second(1_700_000_000).unwrap());
        let (store, _) =
            Store::open(dir.path(), store::Options { reserve: 0, ..store::Options::default() }, now).unwrap();
        let stories = Stories::default();
        let (one, two) = (article("one", "https://one.example/1", now), article("two", "https://two.example/1", now));
        {
            let (mut first, mut second) = (stories.coming(), stories.coming());
            assert_eq!(first.told_before(&store, &one, now).unwrap(), None);
            assert_eq!(second.told_before(&store, &two, now).unwrap(), Some(one.key), "though nothing is stored yet");
        }
        // Neither came into the store: nothing is the twin of what is not there, nor of itself.
        let three = article("three", "https://three.example/1", now);
        assert_eq!(stories.coming().told_before(&store, &three, now).unwrap(), None);
        let mut again = stories.coming();
        assert_eq!(again.told_before(&store, &one, now).unwrap(), None, "the others said to tell its own story");
    }
}
