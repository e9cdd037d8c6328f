//! The whole file into a [`Config`]; every fault is gathered, not the first alone.
//!
//! - [`Config`]: feeds.toml, checked, with a value for every setting.
//! - [`Surroundings`]: what the file alone does not say.

use std::{collections::HashMap, net::SocketAddr, ops::Range, path::PathBuf, time::Duration};

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
    settings::Place,
    source::{self, Shared, Written},
    syntax, value,
};
use crate::model::{Credential, FeedSpec, Source};

/// Where the program serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// On this address.
    Address(SocketAddr),
    /// On a Unix socket at this path.
    Unix(PathBuf),
}

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
}

/// `[store]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// How long an article is kept that no page lists any more.
    pub max_age: Duration,
    /// Articles kept of one source.
    pub max_items: u64,
    /// Bytes that the state folder may take.
    pub max_size: u64,
}

/// `[fetch]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// By what site owners reach the operator.
    pub contact: Option<String>,
    /// The whole User-Agent, in place of the one that is made with `contact`.
    pub user_agent: Option<String>,
    /// Bytes of a page after decompression.
    pub max_body: u64,
    /// Bytes of an answer's headers.
    pub max_header: u64,
    /// How many times its compressed size a page may grow.
    pub max_ratio: u64,
    /// Redirects followed on the way to one page.
    pub max_redirects: u64,
    /// Time to reach the server.
    pub connect_timeout: Duration,
    /// Time to the first byte of the answer.
    pub answer_timeout: Duration,
    /// Time for one request as a whole.
    pub timeout: Duration,
    /// Proxy of sources that name none; already part of each source's manners.
    pub proxy: Option<Credential>,
}

/// feeds.toml, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where feeds are served.
    pub server: Server,
    /// How much is kept.
    pub store: Store,
    /// How every server is asked.
    pub fetch: Fetch,
    /// What is watched, in the order of the file.
    pub sources: Vec<Source>,
    /// What is served: the feed of each source, then the file's own.
    pub feeds: Vec<FeedSpec>,
    /// What holds, and was perhaps not meant.
    pub hints: Faults,
}

/// What the file alone does not say.
pub struct Surroundings<'a> {
    /// The file's name, for drawings.
    pub file: &'a str,
    /// The zone of dates where the file names none.
    pub system_zone: TimeZone,
    /// Finds a secret.
    pub secrets: &'a dyn Fn(&Reference) -> Result<String, NoSecret>,
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
    let store = store(&desk, table(&desk, &section, "store", Place::Store).as_ref());
    let fetch = fetch(&desk, table(&desk, &section, "fetch", Place::Fetch).as_ref());
    let defaults = table(&desk, &section, "defaults", Place::Defaults);
    let defaults = defaults.map(|section| Shared::read(&desk, &section)).unwrap_or_default();

    let tables = tables(&desk, &section, "source", Place::Source);
    let count = tables.len();
    let proxy = fetch.proxy.as_ref();
    let written: Vec<Written> = tables.iter().filter_map(|s| source::read(&desk, s, &defaults, proxy)).collect();
    let tables = self::tables(&desk, &section, "feed", Place::Feed);
    let drafts: Vec<feed::Draft<'_>> = tables.iter().filter_map(|s| feed::read(&desk, s)).collect();
    doubled(&desk, &written, &drafts);
    let joined = feed::resolve(&desk, &drafts, &written);

    let sources: Vec<Source> = written.into_iter().filter_map(|w| w.source).collect();
    let feeds = sources.iter().map(feed::alone).chain(joined).collect();
    if count == 0 {
        let fault = Fault::new(text.len()..text.len(), "the file names no source, so nothing is visited").hint();
        desk.lack(fault.advise("add a [[source]] with an `id` and a `url`, or run `tearsheet add URL`"));
    }
    if server.token.is_none() && sources.iter().any(|s| s.private) {
        let at = section.cell("source").map_or(0..0, |cell| cell.key_span);
        let fault = Fault::new(at, "private sources are visited, but nobody can read their feeds").hint();
        desk.lack(fault.advise("set `token` in [server]"));
    }
    if let (Some(cell), None) = (server_section.as_ref().and_then(|s| s.cell("listen")), &server.base_url)
        && !matches!(server.listen, Listen::Address(address) if !address.ip().is_unspecified())
    {
        let fault = cell.fault("readers cannot follow this address, and links of the feeds start with it").hint();
        desk.fault(fault.advise("set `base_url` to where readers reach this server"));
    }
    let gathered = syntax::keep_apart(text, &syntax, desk.faults());
    let (faults, hints): (Vec<_>, Vec<_>) = syntax.into_iter().chain(gathered).partition(|f| f.weight == Weight::Error);
    if !faults.is_empty() {
        return Err(Faults::new(surroundings.file, text, faults));
    }
    Ok(Config { server, store, fetch, sources, feeds, hints: Faults::new(surroundings.file, text, hints) })
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

/// Opens all tables under one header.
fn tables<'t>(desk: &Desk<'_>, file: &Section<'t>, key: &str, place: Place) -> Vec<Section<'t>> {
    let Some(cell) = file.cell(key) else { return Vec::new() };
    let wrong =
        |fault: Fault| desk.fault(fault.advise(format!("write {} on a line of its own before each", place.written())));
    let elements: &[Spanned<DeValue<'t>>] = match cell.value {
        DeValue::Array(elements) => elements,
        _ => {
            wrong(Fault::new(cell.key_span.clone(), cell.mistyped().reason));
            return Vec::new();
        }
    };
    let mut sections = Vec::new();
    for element in elements {
        match element.get_ref() {
            DeValue::Table(table) => sections.push(Section::open(desk, place, table, element.span())),
            other => wrong(cell.mistyped_at(other, element.span())),
        }
    }
    sections
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
        return Server { listen: default, base_url: None, trusted_proxies: Vec::new(), token: None };
    };
    Server {
        listen: section.get(desk, "listen", value::listen).unwrap_or(default),
        base_url: base_url(desk, section),
        trusted_proxies: section.get(desk, "trusted_proxies", value::networks).unwrap_or_default(),
        token: section.get(desk, "token", secret::secret),
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

fn store(desk: &Desk<'_>, section: Option<&Section<'_>>) -> Store {
    let get_count = |key| section.and_then(|s| s.get(desk, key, value::count));
    Store {
        max_age: section
            .and_then(|s| s.get(desk, "max_age", value::duration))
            .unwrap_or(Duration::from_secs(365 * 86_400)),
        max_items: get_count("max_items").unwrap_or(5_000),
        max_size: section.and_then(|s| s.get(desk, "max_size", value::size)).unwrap_or(2 << 30),
    }
}

fn fetch(desk: &Desk<'_>, section: Option<&Section<'_>>) -> Fetch {
    let text = |key| section.and_then(|s| s.cell(key)).and_then(|cell| sent(desk, &cell));
    let count = |key, default| section.and_then(|s| s.get(desk, key, value::count)).unwrap_or(default);
    let size = |key, default| section.and_then(|s| s.get(desk, key, value::size)).unwrap_or(default);
    let time =
        |key, default| section.and_then(|s| s.get(desk, key, value::duration)).unwrap_or(Duration::from_secs(default));
    Fetch {
        contact: text("contact"),
        user_agent: text("user_agent"),
        max_body: size("max_body", 10 << 20),
        max_header: size("max_header", 64 << 10),
        max_ratio: count("max_ratio", 200),
        max_redirects: count("max_redirects", 5),
        connect_timeout: time("connect_timeout", 10),
        answer_timeout: time("answer_timeout", 20),
        timeout: time("timeout", 50),
        proxy: section.and_then(|s| s.get(desk, "proxy", secret::proxy)),
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
