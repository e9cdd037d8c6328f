//! A town: sources on a site of their own, visited by the real harvest into a real store, at the times that a test says.

use std::{collections::HashMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use tearsheet::{
    config::{self, Purpose, Surroundings},
    daemon::{self, Clock, Prepared},
    feed::{self, Format},
    fetch::{Fetcher, Settings},
    harvest::{Harvest, ReadPage, Visited},
    model::{Article, History, SourceId},
    store::{Options, Store},
};
use tokio::runtime::Runtime;

use crate::site::Site;

pub(crate) struct Town {
    pub(crate) site: Site,
    runtime: Runtime,
    folder: tempfile::TempDir,
    prepared: Prepared,
    harvest: Harvest,
    pub(crate) store: Store,
    histories: HashMap<SourceId, History>,
}

impl Town {
    /// A town with the sources and feeds that `config` writes.
    pub(crate) fn new(config: impl Fn(&Site) -> String) -> Self {
        let site = Site::start();
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder);
        let (prepared, harvest) = harvest(&config(&site), &store);
        Self { site, runtime: Runtime::new().unwrap(), folder, prepared, harvest, store, histories: HashMap::new() }
    }

    /// Another configuration; what is stored stays.
    pub(crate) fn configure(&mut self, text: &str) {
        (self.prepared, self.harvest) = harvest(text, &self.store);
    }

    /// Pages are read by `read` from now on.
    pub(crate) fn read_by(&mut self, read: ReadPage) {
        self.harvest = self.harvest.clone().reading_by(read);
    }

    /// A stop, the loss of the index, and a start.
    pub(crate) fn restart(&mut self, text: &str) {
        let spare = tempfile::tempdir().unwrap();
        let held = std::mem::replace(&mut self.store, open(&spare));
        self.configure(text);
        held.close();
        std::fs::remove_dir_all(self.folder.path().join("index")).unwrap();
        self.store = open(&self.folder);
        self.configure(text);
    }

    /// Visits a source as the daemon does.
    pub(crate) fn visit(&mut self, id: &str, now: Timestamp) -> Visited {
        let id: SourceId = id.parse().unwrap();
        let watched = self.prepared.watched.iter().find(|watched| watched.source.id == id).unwrap().clone();
        let known: Vec<SourceId> = self.prepared.watched.iter().map(|watched| watched.source.id.clone()).collect();
        let history = self.histories.remove(&id).unwrap_or_default();
        let visited = self
            .runtime
            .block_on(self.harvest.visit(watched.clone(), history, now, move |source| known.contains(source)));
        self.histories.insert(id, visited.history.clone());
        if watched.source.full_text {
            let read = self.harvest.read_articles(watched, || now, |_| {});
            self.runtime.block_on(read);
        }
        visited
    }

    /// What a feed shows.
    pub(crate) fn entries(&self, id: &str) -> Vec<Arc<Article>> {
        self.document(id).entries.into_iter().map(|entry| entry.article).collect()
    }

    /// A feed as readers get it.
    pub(crate) fn written(&self, id: &str, format: Format) -> String {
        String::from_utf8(format.write(&self.document(id))).unwrap()
    }

    fn document(&self, id: &str) -> tearsheet::model::Document {
        let feeds = self.prepared.config.feeds();
        let spec = feeds.iter().find(|spec| spec.id.as_str() == id).unwrap();
        let lists = spec.choice.sources.iter().map(|source| self.store.articles(source, 500, None).unwrap());
        let entries = feed::select(spec, lists.collect());
        feed::document(spec, id, "http://feeds.example", entries)
    }

    /// Every article that a source showed.
    pub(crate) fn articles(&self, id: &str) -> Vec<Arc<Article>> {
        self.store.articles(&id.parse().unwrap(), usize::MAX, None).unwrap()
    }
}

fn open(folder: &tempfile::TempDir) -> Store {
    let now = "2022-01-01T00:00:00Z".parse().unwrap();
    Store::open(folder.path(), Options { max_items: 100_000, ..Options::default() }, now).unwrap().0
}

fn harvest(text: &str, store: &Store) -> (Prepared, Harvest) {
    let surroundings = Surroundings {
        file: "feeds.toml",
        system_zone: TimeZone::UTC,
        secrets: &|_| Err(config::NoSecret::NoVariable),
        purpose: Purpose::Serving,
    };
    let text = format!("[defaults]\nhost_gap = \"0s\"\nallow_private = [\"127.0.0.0/8\"]\n\n{text}");
    let config = config::read(&text, &surroundings).map_err(|faults| faults.draw(config::Paint::Plain)).unwrap();
    let fetcher = Fetcher::new(Settings::default(), Arc::new(Clock::system())).unwrap();
    let harvest = Harvest::new(Arc::new(fetcher), store.clone());
    harvest.look_for(config.twins, &config.sources);
    (daemon::prepare(config, store, Timestamp::UNIX_EPOCH).unwrap(), harvest)
}

/// A source whose list stands at `path`.
pub(crate) fn source(site: &Site, id: &str, path: &str, more: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nname = \"{id} 电网\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n{more}\n",
        site.url(path)
    )
}

/// A row of a list.
pub(crate) fn row(link: &str, title: &str, date: &str) -> (String, String, String) {
    (link.to_owned(), title.to_owned(), date.to_owned())
}
