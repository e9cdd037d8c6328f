//! A small library of articles, and a [`Shown`] library that serves documents as the daemon would.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{Timestamp, ToSpan, civil::date};
use tearsheet::{
    feed::{self, Format, Rendered, Shelf, opml},
    model::{
        Article, ArticleKey, ArticlesOfDay, Choice, CleanHtml, Counts, Document, Entry, FeedId, FeedSpec, FeedStatus,
        Moment, Origin, Outcome, Precision, Problem, Report, Sighting, Sort, SourceState, SourceStatus, Status,
    },
    serve::Library,
};

pub(crate) const BASE: &str = "http://127.0.0.1:7878";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An article of `source`, number `n` of its page.
pub(crate) fn article(source: &str, n: u32, title: &str, published: &str, precision: Precision) -> Article {
    let url = format!("http://news.example.org/{source}/{n}.html");
    let first_seen = at("2026-11-22T01:00:00Z");
    Article {
        key: ArticleKey::of("", &[&url]),
        url,
        title: title.to_owned(),
        title_cut: false,
        published: Moment { at: at(published), offset: 8 * 3600, precision, origin: Origin::List },
        first_seen,
        updated: first_seen,
        revision: 0,
        summary: None,
        content: None,
        image: None,
        authors: Vec::new(),
        categories: Vec::new(),
        outlet: None,
        language: Some("zh".to_owned()),
        aliases: Vec::new(),
        twin_of: None,
        twin_late: false,
        apart: Vec::new(),
        sightings: vec![Sighting { source: source.parse().unwrap(), place: n, first: first_seen }],
    }
}

pub(crate) fn spec(id: &str, sources: &[&str]) -> FeedSpec {
    FeedSpec {
        private: false,
        id: id.parse().unwrap(),
        name: None,
        link: "http://news.example.org/grid/".to_owned(),
        language: Some("zh-cn".to_owned()),
        every: Duration::from_secs(1800),
        digest: None,
        choice: Choice {
            sources: sources.iter().map(|id| id.parse().unwrap()).collect(),
            length: 50,
            sort: Sort::Published,
            ..Choice::default()
        },
    }
}

pub(crate) fn document(id: &str, title: &str, articles: Vec<Article>) -> Document {
    let entries = feed::select(&spec(id, &[id]), vec![articles.into_iter().map(Arc::new).collect()]);
    feed::document(&spec(id, &[id]), title, BASE, entries)
}

/// A feed of a power-industry portal, with most of what an article can have.
pub(crate) fn grid() -> Vec<Article> {
    let mut articles = vec![
        article(
            "grid",
            0,
            "Q&A：特高压直流工程全线贯通 <±800 kV> 意味着什么",
            "2026-11-22T00:42:10Z",
            Precision::Second,
        ),
        article(
            "grid",
            1,
            "南方五省区今冬最大负荷预计增长 6.3%，电力供应总体有保障",
            "2026-11-22T00:05:00Z",
            Precision::Minute,
        ),
        article("grid", 2, "《配电网高质量发展行动实施方案》发布", "2026-11-21T16:00:00Z", Precision::Day),
        article(
            "grid",
            3,
            "Interconnector trial moves 1.2 GW between three provinces",
            "2026-11-21T07:30:00Z",
            Precision::Minute,
        ),
        article("grid", 4, "抽水蓄能电站首台机组并网发电", "2026-11-21T02:11:53Z", Precision::Second),
        article("grid", 5, "新型储能装机突破一亿千瓦", "2026-11-20T16:00:00Z", Precision::Day),
    ];
    articles[0].summary = Some(CleanHtml::vouched(
        "<p>工程起于青海，落点河南，全长 1587 公里。记者采访了参与建设的工程师，<b>回答三个问题</b>：为什么建、怎么建、建成以后电价会怎样。</p>".to_owned(),
    ));
    articles[0].content = Some(CleanHtml::vouched(
        r#"<p>工程起于青海，落点河南。</p><p><a href="http://news.example.org/a?b=1&amp;c=2">图解</a> 3 &lt; 5 ]]&gt; ]]> 完</p>"#.to_owned(),
    ));
    articles[0].outlet = Some("中国电力报".to_owned());
    articles[0].authors = vec!["王小明".to_owned(), "李 & 李".to_owned()];
    articles[0].categories = vec!["电网建设".to_owned(), "特高压".to_owned()];
    articles[0].image = Some("http://news.example.org/img/1|2.jpg".to_owned());
    articles[1].summary =
        Some(CleanHtml::vouched("迎峰度冬期间，南方区域统调最大负荷预计达到 2.4 亿千瓦。".to_owned()));
    articles[1].outlet = Some("南方电网报".to_owned());
    articles[3].language = Some("en".to_owned());
    articles[3].summary = Some(CleanHtml::vouched(
        "<p>For six hours on Saturday the grid operators ran the new link at full load; nobody noticed, which was the point.</p>".to_owned(),
    ));
    articles[3].categories = vec!["Transmission".to_owned()];
    articles[4].outlet = Some("中国能源报".to_owned());
    articles
}

/// Eight weeks with quiet weekends.
fn days() -> Vec<ArticlesOfDay> {
    let first = date(2026, 9, 28);
    (0..56)
        .map(|day| (day, first.checked_add(day.days()).unwrap()))
        .map(|(day, date)| ArticlesOfDay { date, articles: if day % 7 > 4 { 0 } else { 3 + (day as u32 * 7) % 11 } })
        .collect()
}

fn source(id: &str, name: &str, state: SourceState, last: Option<Report>) -> SourceStatus {
    SourceStatus {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        url: format!("http://news.example.org/{id}/"),
        state,
        failures: if state == SourceState::Failing { 4 } else { 0 },
        last,
        next_due: (state != SourceState::Stopped).then(|| at("2026-11-22T02:24:00Z")),
        articles: 1284,
        days: days(),
        episodes: Vec::new(),
        redesign: None,
    }
}

fn report(id: &str, outcome: Outcome, problems: Vec<Problem>) -> Option<Report> {
    Some(Report {
        source: id.parse().unwrap(),
        at: at("2026-11-22T01:54:00Z"),
        took: Duration::from_millis(412),
        outcome,
        status: Some(if outcome == Outcome::Status { 502 } else { 200 }),
        bytes: 48_211,
        counts: Counts { shown: 20, new: 3, changed: 1, seen: 16, dropped: 0 },
        problems,
        retry_after: None,
    })
}

/// A status with every kind of state.
pub(crate) fn status() -> Status {
    let undated =
        Problem::of_field(3, "date", "“昨天 25:61” is no date", "give the source a `date` rule with a `format`");
    let no_match = Problem::of_page(
        "`div.ns_nr ul.list00 > li` matches nothing; it matched 20 items on 14 November",
        "look at the page: its layout may have changed. `tearsheet recipe opinion` shows a proposal",
    );
    let feed = |id: &str, title: &str, sources: &[&str]| FeedStatus {
        id: id.parse().unwrap(),
        title: title.to_owned(),
        sources: sources.iter().map(|id| id.parse().unwrap()).collect(),
        entries: 50,
        updated: Some(at("2026-11-22T01:54:00Z")),
    };
    Status {
        config_fault: None,
        store_fault: None,
        store_rescues: Vec::new(),
        sources: vec![
            source("grid", "电网 · 中国电力网", SourceState::Well, report("grid", Outcome::Read, vec![undated])),
            source("opinion", "观点", SourceState::Failing, report("opinion", Outcome::NoMatch, vec![no_match])),
            source(
                "wire",
                "Energy wire: markets, policy, weather",
                SourceState::Well,
                report("wire", Outcome::Unchanged, Vec::new()),
            ),
            source("gone", "旧闻", SourceState::Stopped, report("gone", Outcome::Gone, Vec::new())),
            source("new", "Neu: Netzausbau und Speicher", SourceState::Waiting, None),
        ],
        feeds: vec![
            feed("grid", "电网 · 中国电力网", &["grid"]),
            feed("opinion", "观点", &["opinion"]),
            feed("wire", "Energy wire: markets, policy, weather", &["wire"]),
            feed("gone", "旧闻", &["gone"]),
            feed("new", "Neu: Netzausbau und Speicher", &["new"]),
            feed("power", "电力要闻", &["grid", "opinion", "wire"]),
        ],
    }
}

/// Documents served as the daemon serves its own.
pub(crate) struct Shown {
    pub(crate) documents: Mutex<BTreeMap<FeedId, Arc<Document>>>,
    pub(crate) status: Mutex<Arc<Status>>,
    pub(crate) shelf: Shelf,
    /// The feed that is private, and its key.
    pub(crate) private: Option<(FeedId, Arc<str>)>,
    /// Whether what is watched is for those who hold that key.
    pub(crate) guarded: bool,
}

impl Shown {
    pub(crate) fn new(documents: Vec<Document>) -> Arc<Self> {
        let documents = documents.into_iter().map(|document| (document.id.clone(), Arc::new(document))).collect();
        Arc::new(Self {
            documents: Mutex::new(documents),
            status: Mutex::new(Arc::new(status())),
            shelf: Shelf::new(1 << 24),
            private: None,
            guarded: false,
        })
    }

    pub(crate) fn put(&self, document: Document) {
        let id = document.id.clone();
        self.documents.lock().unwrap().insert(id.clone(), Arc::new(document));
        self.shelf.forget(&id);
    }
}

impl Library for Shown {
    fn at_hand(&self, id: &FeedId, format: Format) -> Option<Arc<Rendered>> {
        self.shelf.get(id, format)
    }
    fn feed(&self, id: &FeedId, format: Format) -> Option<Arc<Rendered>> {
        self.shelf.get_or_load(id, format, || self.document(id).map(|document| format.render(&document)))
    }
    fn document(&self, id: &FeedId) -> Option<Arc<Document>> {
        self.documents.lock().unwrap().get(id).cloned()
    }
    fn news(&self, id: &FeedId, format: Format, etag: &str) -> Option<Vec<u8>> {
        let document = Document::clone(&*self.document(id)?);
        Some(format.write(&self.shelf.news(document, etag)?))
    }
    fn key(&self, id: &FeedId) -> Option<Arc<str>> {
        self.private.as_ref().filter(|(private, _)| private == id).map(|(_, key)| key.clone())
    }
    fn token(&self) -> Option<Arc<str>> {
        self.private.as_ref().map(|(_, key)| key.clone())
    }
    fn guarded(&self) -> bool {
        self.guarded
    }
    fn opml(&self) -> Arc<Rendered> {
        let outlines: Vec<_> = self
            .documents
            .lock()
            .unwrap()
            .values()
            .map(|document| opml::Outline { id: document.id.clone(), title: document.title.clone() })
            .collect();
        Arc::new(opml::render(BASE, &outlines))
    }
    fn status(&self) -> Arc<Status> {
        self.status.lock().unwrap().clone()
    }
    fn fresh_for(&self, _: &FeedId) -> Duration {
        Duration::from_secs(777)
    }
    fn ready(&self) -> bool {
        true
    }
    fn search(&self, words: &[String], most: usize) -> Vec<Arc<Article>> {
        let documents = self.documents.lock().unwrap();
        let articles =
            documents.values().flat_map(|document| &document.entries).map(|Entry { article }| article.clone());
        articles.filter(|article| words.iter().all(|word| article.title.contains(word.as_str()))).take(most).collect()
    }
    fn now(&self) -> Timestamp {
        at("2026-11-22T02:00:00Z")
    }
}
