//! The whole file into a [`Config`]; every fault is gathered, not the first alone.
//!
//! - [`Config`]: feeds.toml, checked, with a value for every setting.
//! - [`Surroundings`]: what the file alone does not say.

use std::{collections::HashMap, net::SocketAddr, ops::Range, path::PathBuf, sync::Arc};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use url::Url;

use super::{
    fault::{Fault, Faults, Weight},
    feed,
    file::{Desk, Section},
    secret::{self, NoSecret, Reference},
    shape::Place,
    source::{self, Shared, Written},
    syntax, value,
};
use crate::{
    dedup::near::{Search, Settings, Thresholds},
    fetch,
    model::{Credential, FeedSpec, Source},
    store,
};

/// Where the program serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// On this address.
    Address(SocketAddr),
    /// On a Unix socket at this path.
    Unix(PathBuf),
}

/// Who tells subscribers of news (WebSub).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Hub {
    /// Nobody: readers ask.
    #[default]
    None,
    /// This server, at `/hub`.
    Own,
    /// The hub at this address, which is told when a feed changes.
    Other(Url),
}

/// Where figures for Prometheus are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Metrics {
    /// Nowhere.
    #[default]
    None,
    /// At `/metrics` of the server, to everyone who asks.
    Path,
    /// At `/metrics` of this address, which shows nothing else.
    Apart(Listen),
}

/// Bytes of memory for rendered feeds, unless the file says otherwise.
const SHELF: u64 = 32 << 20;

/// `[server]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Where it serves, unless a socket is inherited.
    pub listen: Listen,
    /// Where readers reach it, without a final slash; absent means `http://` and the address it listens on.
    pub base_url: Option<String>,
    /// Reverse proxies whose X-Forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What opens private feeds; without one they are not served.
    pub token: Option<Credential>,
    /// Whether `/`, the health feed and the OPML file need the token too.
    pub private: bool,
    /// Who tells subscribers of news.
    pub hub: Hub,
    /// Networks in which subscribers may be reached besides public ones.
    pub hub_allow_private: Vec<IpNet>,
    /// Bytes of memory for rendered feeds.
    pub shelf: u64,
    /// Where figures are shown.
    pub metrics: Metrics,
}

/// feeds.toml, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where feeds are served.
    pub server: Server,
    /// How much is kept.
    pub store: store::Options,
    /// How every server is asked. The proxy of `[fetch]` is part of each source's manners.
    pub fetch: fetch::Settings,
    /// Which articles tell one story.
    pub twins: Search,
    /// What is watched, in the order of the file.
    pub sources: Vec<Arc<Source>>,
    /// The file's own feeds. Each source has one besides, which it tells itself: see [`Config::feeds`].
    pub joined: Vec<Arc<FeedSpec>>,
    /// What holds, and was perhaps not meant.
    pub hints: Faults,
}

impl Config {
    /// What is served: the feed of each source, then the file's own.
    pub fn feeds(&self) -> Vec<Arc<FeedSpec>> {
        let alone = self.sources.iter().map(|source| Arc::new(feed::alone(source)));
        alone.chain(self.joined.iter().cloned()).collect()
    }

    /// How many feeds there are.
    pub fn count_feeds(&self) -> usize {
        self.sources.len() + self.joined.len()
    }
}

/// What the file alone does not say.
pub struct Surroundings<'a> {
    /// The file's name, for drawings.
    pub file: &'a str,
    /// The zone of dates where the file names none.
    pub system_zone: TimeZone,
    /// Finds a secret.
    pub secrets: &'a dyn Fn(&Reference) -> Result<String, NoSecret>,
    /// What it is read for.
    pub purpose: Purpose,
}

/// What a configuration is read for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Purpose {
    /// To serve: secrets of `[server]` must be there.
    #[default]
    Serving,
    /// For a command that serves nothing. A secret of `[server]` that only the service is given is no fault then, but a hint.
    Asking,
}

/// Reads feeds.toml.
///
/// # Errors
///
/// All faults of the file. While a line is no TOML, nothing is said of what the file lacks.
pub fn read(text: &str, surroundings: &Surroundings<'_>) -> Result<Config, Faults> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let syntax = syntax::faults(text, &errors);
    let desk = Desk::new(surroundings, syntax.is_empty());
    let section = Section::open(&desk, Place::Top, root.get_ref(), root.span());

    let server_section = table(&desk, &section, "server", Place::Server);
    let server = server(&desk, server_section.as_ref());
    let store = table(&desk, &section, "store", Place::Store);
    let store = store.map(|section| self::store(&desk, &section)).unwrap_or_default();
    let fetch = table(&desk, &section, "fetch", Place::Fetch);
    let proxy = fetch.as_ref().and_then(|section| section.get(&desk, "proxy", secret::proxy));
    let fetch = fetch.map(|section| self::fetch(&desk, &section)).unwrap_or_default();
    let twins = table(&desk, &section, "twins", Place::Twins);
    let twins = twins.map(|section| self::twins(&desk, &section)).unwrap_or_default();
    let defaults = table(&desk, &section, "defaults", Place::Defaults);
    let defaults = defaults.map(|section| Shared::read(&desk, &section)).unwrap_or_default();

    let read_source = |section: &Section<'_>| source::read(&desk, section, &defaults, proxy.as_ref());
    let (count, written) = tables(&desk, &section, ("source", Place::Source), read_source);
    let (_, drafts) = tables(&desk, &section, ("feed", Place::Feed), |section| feed::read(&desk, section));
    doubled(&desk, &written, &drafts);
    let joined = feed::resolve(&desk, &drafts, &written);

    let sources: Vec<Arc<Source>> = written.into_iter().filter_map(|w| w.source).collect();
    let joined = joined.into_iter().map(Arc::new).collect();
    if count == 0 {
        let fault = Fault::new(text.len()..text.len(), "the file names no source, so nothing is visited").hint();
        desk.lack(fault.advise("add a [[source]] with an `id` and a `url`, or run `tearsheet add URL`"));
    }
    let no_token = server_section.as_ref().is_none_or(|section| section.cell("token").is_none());
    if no_token && sources.iter().any(|s| s.private) {
        let at = section.cell("source").map_or(0..0, |cell| cell.key_span);
        let fault = Fault::new(at, "private sources are visited, but nobody can read their feeds").hint();
        desk.lack(fault.advise("set `token` in [server]"));
    }
    if let Some(cell) = server_section.as_ref().and_then(|s| s.cell("private"))
        && server.private
        && no_token
    {
        desk.fault(cell.fault("nothing opens what `private` closes").advise("set `token` beside it"));
    }
    if let (Some(cell), None) = (server_section.as_ref().and_then(|s| s.cell("listen")), &server.base_url)
        && !matches!(server.listen, Listen::Address(address) if !address.ip().is_unspecified())
    {
        let fault = cell.fault("readers cannot follow this address, and links of the feeds start with it").hint();
        desk.fault(fault.advise("set `base_url` to where readers reach this server"));
    }
    if let Some(cell) = server_section.as_ref().and_then(|s| s.cell("metrics"))
        && server.metrics == Metrics::Apart(server.listen.clone())
        && !matches!(server.listen, Listen::Address(address) if address.port() == 0)
    {
        let fault = cell.fault("feeds are served at this address");
        desk.fault(fault.advise("write `true` to show figures there too, or an address of their own"));
    }
    let gathered = syntax::keep_apart(text, &syntax, desk.faults());
    let (faults, hints): (Vec<_>, Vec<_>) = syntax.into_iter().chain(gathered).partition(|f| f.weight == Weight::Error);
    if !faults.is_empty() {
        return Err(Faults::new(surroundings.file, text, faults));
    }
    Ok(Config { server, store, fetch, twins, sources, joined, hints: Faults::new(surroundings.file, text, hints) })
}

/// Opens a table of the file.
fn table<'t>(desk: &Desk<'_>, file: &Section<'t>, key: &str, place: Place) -> Option<Section<'t>> {
    let cell = file.cell(key)?;
    if let DeValue::Table(table) = cell.value {
        return Some(Section::open(desk, place, table, cell.span));
    }
    let fault = Fault::new(cell.key_span.clone(), cell.mistyped().reason);
    desk.fault(fault.advise(format!("write {} on a line of its own, and its settings below", place.written())));
    None
}

/// Opens all tables under one header, and lets go of each as soon as `read` has made of it what it can: very many may stand there. How
/// many there are, and what was made of them.
fn tables<'t, T>(
    desk: &Desk<'_>,
    file: &Section<'t>,
    (key, place): (&str, Place),
    mut read: impl FnMut(&Section<'t>) -> Option<T>,
) -> (usize, Vec<T>) {
    let Some(cell) = file.cell(key) else { return (0, Vec::new()) };
    let wrong =
        |fault: Fault| desk.fault(fault.advise(format!("write {} on a line of its own before each", place.written())));
    let elements: &[Spanned<DeValue<'t>>] = match cell.value {
        DeValue::Array(elements) => elements,
        _ => {
            wrong(Fault::new(cell.key_span.clone(), cell.mistyped().reason));
            return (0, Vec::new());
        }
    };
    let (mut count, mut made) = (0, Vec::with_capacity(elements.len()));
    for element in elements {
        match element.get_ref() {
            DeValue::Table(table) => {
                count += 1;
                made.extend(read(&Section::open(desk, place, table, element.span())));
            }
            other => wrong(cell.mistyped_at(other, element.span())),
        }
    }
    (count, made)
}

/// Tells of ids that were taken before: sources and feeds share one namespace.
fn doubled(desk: &Desk<'_>, sources: &[Written], feeds: &[feed::Draft<'_>]) {
    let mut taken: HashMap<&str, &Range<usize>> = HashMap::new();
    let of_sources = sources.iter().map(|w| (w.id.as_str(), &w.id_span));
    let mut ids: Vec<_> = of_sources.chain(feeds.iter().map(|d| (d.id.as_str(), &d.id_span))).collect();
    ids.sort_by_key(|(_, span)| span.start);
    for (id, span) in ids {
        match taken.get(id) {
            None => {
                taken.insert(id, span);
            }
            Some(first) => {
                let fault =
                    Fault::new(span.clone(), format!("the id `{id}` is taken")).beside((*first).clone(), "taken here");
                desk.fault(fault.advise("choose another: every source and every feed is served under its own id"));
            }
        }
    }
}

fn server(desk: &Desk<'_>, section: Option<&Section<'_>>) -> Server {
    let default = Listen::Address(SocketAddr::from(([127, 0, 0, 1], 7878)));
    let Some(section) = section else {
        return Server {
            listen: default,
            base_url: None,
            trusted_proxies: Vec::new(),
            token: None,
            private: false,
            hub: Hub::None,
            hub_allow_private: Vec::new(),
            shelf: SHELF,
            metrics: Metrics::None,
        };
    };
    Server {
        listen: section.get(desk, "listen", value::listen).unwrap_or(default),
        base_url: base_url(desk, section),
        trusted_proxies: section.get(desk, "trusted_proxies", value::networks).unwrap_or_default(),
        token: section.get(desk, "token", secret::of_server),
        private: section.get(desk, "private", value::flag).unwrap_or_default(),
        hub: section.get(desk, "hub", value::hub).unwrap_or_default(),
        hub_allow_private: section.get(desk, "hub_allow_private", value::networks).unwrap_or_default(),
        shelf: section.get(desk, "shelf", value::size).unwrap_or(SHELF),
        metrics: section.get(desk, "metrics", value::metrics).unwrap_or_default(),
    }
}

fn base_url(desk: &Desk<'_>, section: &Section<'_>) -> Option<String> {
    let cell = section.cell("base_url")?;
    let url: Url = value::url(desk, &cell)?;
    if url.query().is_some() || url.fragment().is_some() {
        desk.fault(
            cell.fault("`base_url` has a query or a fragment").advise("write scheme, host and perhaps a path alone"),
        );
        return None;
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

fn store(desk: &Desk<'_>, section: &Section<'_>) -> store::Options {
    let default = store::Options::default();
    let number = |key| section.get(desk, key, value::count).and_then(|n| usize::try_from(n).ok());
    store::Options {
        max_age: section.get(desk, "max_age", value::duration).or(default.max_age),
        max_items: number("max_items").unwrap_or(default.max_items),
        max_size: section.get(desk, "max_size", value::size).unwrap_or(default.max_size),
        snapshots: number("snapshots").unwrap_or(default.snapshots),
        ..default
    }
}

fn twins(desk: &Desk<'_>, section: &Section<'_>) -> Search {
    let default = Settings::default();
    let share = |key, default: f32| {
        let written = section.get(desk, key, value::count).and_then(|percent| u8::try_from(percent).ok());
        written.map_or(default, |percent| f32::from(percent) / 100.0)
    };
    let window = section.get(desk, "window", value::duration).and_then(|window| window.try_into().ok());
    Search {
        settings: Settings {
            window: window.unwrap_or(default.window),
            thresholds: Thresholds {
                text: share("text", default.thresholds.text),
                text_with_title: share("text_with_title", default.thresholds.text_with_title),
                lead: share("lead", default.thresholds.lead),
            },
            room: section
                .get(desk, "memory", value::size)
                .map_or(default.room, |size| usize::try_from(size).unwrap_or(usize::MAX)),
        },
        dry_run: section.get(desk, "dry_run", value::flag).unwrap_or(false),
    }
}

fn fetch(desk: &Desk<'_>, section: &Section<'_>) -> fetch::Settings {
    let text = |key| section.cell(key).and_then(|cell| sent(desk, &cell));
    let count = |key| section.get(desk, key, value::count).and_then(|n| usize::try_from(n).ok());
    let size = |key| section.get(desk, key, value::size).and_then(|n| usize::try_from(n).ok());
    let time = |key| section.get(desk, key, value::duration);
    let default = fetch::Settings::default();
    fetch::Settings {
        contact: text("contact"),
        user_agent: text("user_agent"),
        max_body: size("max_body").unwrap_or(default.max_body),
        max_header: size("max_header").unwrap_or(default.max_header),
        max_ratio: count("max_ratio").unwrap_or(default.max_ratio),
        max_redirects: count("max_redirects").unwrap_or(default.max_redirects),
        connect_timeout: time("connect_timeout").unwrap_or(default.connect_timeout),
        first_byte: time("answer_timeout").unwrap_or(default.first_byte),
        idle: time("idle_timeout").unwrap_or(default.idle),
        whole: time("timeout").unwrap_or(default.whole),
        ..default
    }
}

/// Text that is sent in the User-Agent header, so of ASCII.
fn sent(desk: &Desk<'_>, cell: &super::file::Cell<'_>) -> Option<String> {
    let text = value::some_text(desk, cell)?;
    if !text.is_ascii() {
        let fault = cell.fault(format!("`{}` is sent as a header, which holds ASCII alone", cell.key()));
        desk.fault(fault.advise("write an e-mail address or a URL, without accents"));
        return None;
    }
    Some(text.to_owned())
}
