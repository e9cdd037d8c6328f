//! Every setting of feeds.toml, once: where it may stand, what it holds, what it is when absent.
//!
//! - [`Setting`]: one key of one or more tables.
//!
//! The check of unknown keys and its advice, the JSON Schema and the table in README all read this list,
//! so a key that is missing here can neither be used nor be described.

use super::shape::{Place, Shape};

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its key.
    pub key: &'static str,
    /// The tables in which it may stand.
    pub places: &'static [Place],
    /// What it holds.
    pub shape: Shape,
    /// What holds where it is absent, as it would be written or in words; empty where nothing does.
    pub default: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
}

/// Every setting, in the order in which README lists them.
pub fn settings() -> &'static [Setting] {
    SETTINGS
}

/// The settings that may stand in `place`.
pub fn of(place: Place) -> impl Iterator<Item = &'static Setting> + Clone {
    SETTINGS.iter().filter(move |s| s.places.contains(&place))
}

/// The setting with this key that may stand in `place`.
pub(super) fn named(place: Place, key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|s| s.key == key && s.places.contains(&place))
}

const fn setting(
    places: &'static [Place],
    key: &'static str,
    shape: Shape,
    default: &'static str,
    about: &'static str,
) -> Setting {
    Setting { key, places, shape, default, about }
}

/// Words of `kind`.
pub(super) const KINDS: &[&str] = &["html", "json", "feed", "sitemap"];
/// Words of `robots`.
pub(super) const ROBOTS: &[&str] = &["obey", "ignore"];
/// Words of `repair`.
pub(super) const REPAIRS: &[&str] = &["auto", "propose", "off"];
/// Words of `method`.
pub(super) const METHODS: &[&str] = &["GET", "POST"];
/// Words of `sort`.
pub(super) const SORTS: &[&str] = &["published", "first_seen", "updated"];
/// Words of `edits`.
pub(super) const EDITS: &[&str] = &["tell", "silent"];
/// Words of `identity`.
pub(super) const PARTS: &[&str] = &["title", "date", "summary", "image", "author", "category"];

const TOP: &[Place] = &[Place::Top];
const SERVER: &[Place] = &[Place::Server];
const STORE: &[Place] = &[Place::Store];
const FETCH: &[Place] = &[Place::Fetch];
const SEARCH: &[Place] = &[Place::Twins];
const SHARED: &[Place] = &[Place::Defaults, Place::Source];
const SOURCE: &[Place] = &[Place::Source];
const FEED: &[Place] = &[Place::Feed];
/// Words of `twins`.
pub(super) const TWINS: &[&str] = &["join", "mark", "off"];
/// Words of `field` in `rewrite`.
pub(super) const REWRITTEN: &[&str] = &["title", "author", "category", "outlet"];

const FILTER: &[Place] = &[Place::Defaults, Place::Source, Place::Feed];
const RULE: &[Place] = &[Place::Rule];
const MATCH: &[Place] = &[Place::Match];
const REWRITE: &[Place] = &[Place::Rewrite];
const FIELD: &[Place] = &[Place::Field];
const AUTH: &[Place] = &[Place::Auth];
const SECRET: &[Place] = &[Place::Secret];

static SETTINGS: &[Setting] = &[
    setting(TOP, "server", Shape::Table(Place::Server), "", "where feeds are served"),
    setting(TOP, "store", Shape::Table(Place::Store), "", "how much is kept"),
    setting(TOP, "fetch", Shape::Table(Place::Fetch), "", "how every server is asked"),
    setting(TOP, "twins", Shape::Table(Place::Twins), "", "which articles of different sources tell one story"),
    setting(
        TOP,
        "defaults",
        Shape::Table(Place::Defaults),
        "",
        "what holds for each source that does not say otherwise",
    ),
    setting(TOP, "source", Shape::Tables(Place::Source), "", "a page, feed, API or sitemap to watch"),
    setting(TOP, "feed", Shape::Tables(Place::Feed), "", "a feed made of several sources"),
    // [server]
    setting(
        SERVER,
        "listen",
        Shape::Listen,
        "127.0.0.1:7878",
        "the address to serve on: IP:PORT or unix:PATH; a socket inherited from systemd goes before it",
    ),
    setting(
        SERVER,
        "base_url",
        Shape::Url,
        "http:// and `listen`",
        "where readers reach this server; links of the feeds start with it",
    ),
    setting(
        SERVER,
        "trusted_proxies",
        Shape::Networks,
        "[]",
        "networks of reverse proxies, whose connections are not limited by address: many readers share one",
    ),
    setting(
        SERVER,
        "hub",
        Shape::Hub,
        "false",
        "sends new articles at once to readers that subscribe (WebSub): `true` for the hub at /hub, or the URL of another one",
    ),
    setting(
        SERVER,
        "hub_allow_private",
        Shape::Networks,
        "[]",
        "networks in which subscribers may be reached besides public ones",
    ),
    setting(
        SERVER,
        "shelf",
        Shape::Size,
        "32MiB",
        "memory for feeds ready to be sent, in every coding; the one asked for least recently goes first, and is made again when asked for",
    ),
    setting(
        SERVER,
        "metrics",
        Shape::Metrics,
        "false",
        "shows figures for Prometheus at /metrics, to everyone who asks: `true` beside the feeds, or an address on which there is nothing else",
    ),
    setting(SERVER, "token", Shape::Secret, "", "what opens private feeds; without one they are not served"),
    setting(
        SERVER,
        "private",
        Shape::Flag,
        "false",
        "`/`, the health feed and the OPML file are shown to those alone who have the token, as a password or `?key=`",
    ),
    // [store]
    setting(
        STORE,
        "max_age",
        Shape::Duration,
        "for ever",
        "articles first seen longer ago are removed, unless the page still lists them",
    ),
    setting(
        STORE,
        "max_items",
        Shape::Count(1, 10_000_000),
        "10000",
        "articles kept of one source; the oldest go first",
    ),
    setting(
        STORE,
        "max_size",
        Shape::Size,
        "4GiB",
        "bytes of articles kept in all, as they are stored; the oldest go first",
    ),
    setting(
        STORE,
        "snapshots",
        Shape::Count(0, 1_000),
        "0",
        "backups that are made by themselves, one a day, in `snapshots` of the state folder; so many are kept, each as large as the journal",
    ),
    // [fetch]
    setting(
        FETCH,
        "contact",
        Shape::Text,
        "",
        "an address or page by which site owners reach you, sent in the User-Agent",
    ),
    setting(
        FETCH,
        "user_agent",
        Shape::Text,
        "tearsheet/VERSION (+contact)",
        "the whole User-Agent, in place of the one that is made with `contact`",
    ),
    setting(
        FETCH,
        "max_body",
        Shape::Size,
        "10MiB",
        "bytes of a page, after decompression; a larger one is a problem of its source",
    ),
    setting(FETCH, "max_header", Shape::Size, "32KiB", "bytes of an answer's headers"),
    setting(FETCH, "max_ratio", Shape::Count(2, 100_000), "200", "how many times its compressed size a page may grow"),
    setting(FETCH, "max_redirects", Shape::Count(0, 20), "10", "redirects followed on the way to one page"),
    setting(FETCH, "connect_timeout", Shape::Duration, "10s", "time to reach the server"),
    setting(FETCH, "answer_timeout", Shape::Duration, "20s", "time to the first byte of the answer"),
    setting(FETCH, "idle_timeout", Shape::Duration, "15s", "time between two pieces of a page"),
    setting(
        FETCH,
        "timeout",
        Shape::Duration,
        "60s",
        "time for one page with all its redirects; waiting for one's turn at the host is not counted",
    ),
    setting(FETCH, "proxy", Shape::Open, "", "http, https or socks5 proxy for all sources that name none"),
    // [twins]
    setting(SEARCH, "window", Shape::Duration, "7d", "articles published further apart are not twins"),
    setting(
        SEARCH,
        "text",
        Shape::Count(1, 100),
        "50",
        "per cent of the shorter text that the longer must have; of short texts more is asked",
    ),
    setting(SEARCH, "text_with_title", Shape::Count(1, 100), "30", "the same where both have the same title"),
    setting(SEARCH, "lead", Shape::Count(1, 100), "20", "per cent of a text's beginning that the other must have"),
    setting(
        SEARCH,
        "memory",
        Shape::Size,
        "64MiB",
        "memory for what is known of the last days' articles; beyond it the oldest are compared with no more",
    ),
    setting(SEARCH, "dry_run", Shape::Flag, "false", "logs which articles would be joined, and joins none"),
    // [[source]] alone
    setting(
        SOURCE,
        "id",
        Shape::Id,
        "",
        "its name and that of its feed: a-z, 0-9, `_` and `-`; it stays when the title changes",
    ),
    setting(SOURCE, "name", Shape::Text, "the page's own title", "the feed's title"),
    setting(SOURCE, "url", Shape::Urls, "", "the page that lists the articles, or several pages of one list"),
    setting(SOURCE, "kind", Shape::Word(KINDS), "found out", "what the page is"),
    setting(
        SOURCE,
        "item",
        Shape::Selector,
        "found out",
        "CSS selector of one item (JSONPath for JSON); the field rules are relative to it",
    ),
    setting(SOURCE, "title", Shape::Field, "the link's text", "where an item's title is"),
    setting(SOURCE, "link", Shape::Field, "a@href", "where its link is"),
    setting(SOURCE, "date", Shape::Field, "found out", "where its date is"),
    setting(SOURCE, "summary", Shape::Field, "", "where its summary is"),
    setting(SOURCE, "image", Shape::Field, "", "where its picture is"),
    setting(SOURCE, "author", Shape::Field, "", "where its author is"),
    setting(SOURCE, "category", Shape::Field, "", "where its category is"),
    setting(SOURCE, "next", Shape::Field, "", "where the link to the list's next page is, relative to the page"),
    // [defaults] and [[source]]
    setting(SHARED, "timezone", Shape::Zone, "the system's", "the zone of dates that name none"),
    setting(SHARED, "language", Shape::Language, "the page's own", "the language of the articles"),
    setting(
        SHARED,
        "every",
        Shape::Duration,
        "30m",
        "time between two visits; robots.txt and the host's answers can only make it longer",
    ),
    setting(SHARED, "cron", Shape::Cron, "", "visits at fixed times in the source's zone, in place of `every`"),
    setting(
        SHARED,
        "adaptive",
        Shape::Flag,
        "false",
        "learns when the source publishes, and visits more often then and less often otherwise",
    ),
    setting(
        SHARED,
        "every_min",
        Shape::Duration,
        "5m, or `every` where that is less",
        "the least time between visits that `adaptive` may choose",
    ),
    setting(
        SHARED,
        "every_max",
        Shape::Duration,
        "1d, or `every` where that is more",
        "the longest time between visits that `adaptive` may choose, or that a host's `Cache-Control` or `Expires` or a feed's `ttl` may bring about",
    ),
    setting(SHARED, "quiet_hours", Shape::Hours, "", "hours without visits, in the source's zone, as \"23:00-06:00\""),
    setting(SHARED, "host_gap", Shape::Duration, "1s", "least time between two requests to one host"),
    setting(SHARED, "robots", Shape::Word(ROBOTS), "obey", "whether robots.txt is obeyed; ignoring it is logged"),
    setting(
        SHARED,
        "allow_private",
        Shape::Networks,
        "[]",
        "networks that may be reached besides public ones; a source's are added to those of [defaults]",
    ),
    setting(
        SHARED,
        "full_text",
        Shape::Flag,
        "false",
        "reads each article's own page too, for its text, outlet and authors",
    ),
    setting(
        SHARED,
        "content",
        Shape::Selector,
        "",
        "CSS selector of the story on an article's own page; without it, the story is found",
    ),
    setting(
        SHARED,
        "strip",
        Shape::Selector,
        "",
        "CSS selector of what is no part of an article's page, as \".promo, .tip\"",
    ),
    setting(SHARED, "private", Shape::Flag, "false", "keeps the source out of all public feeds and pages"),
    setting(
        SHARED,
        "headers",
        Shape::Headers,
        "",
        "headers for the source's own origin; a source's are added to those of [defaults]",
    ),
    setting(SHARED, "cookie", Shape::Open, "", "the Cookie header"),
    setting(SHARED, "auth", Shape::Auth, "", "credentials: `{ user, password }` or `{ bearer }`"),
    setting(
        SHARED,
        "proxy",
        Shape::Open,
        "that of [fetch]",
        "http, https or socks5 proxy. It resolves names itself, so what they lead to cannot be checked here: it must not reach private networks; literal addresses are checked all the same",
    ),
    setting(SHARED, "method", Shape::Word(METHODS), "GET", "how the page is asked for"),
    setting(SHARED, "body", Shape::Text, "", "what POST sends"),
    setting(SHARED, "insecure_tls", Shape::Flag, "false", "accepts any certificate; the log says so at each visit"),
    setting(SHARED, "http1_only", Shape::Flag, "false", "speaks HTTP/1.1 only"),
    setting(
        SHARED,
        "identity",
        Shape::Words(PARTS),
        "the link",
        "fields that make an article the same one, where a page has no permalinks",
    ),
    setting(
        SHARED,
        "edits",
        Shape::Word(EDITS),
        "tell",
        "whether readers are told when an article's text is edited: `silent` leaves its date of change alone",
    ),
    setting(
        SHARED,
        "repair",
        Shape::Word(REPAIRS),
        "`propose` for rules of this file, `auto` for those that were found",
        "what is done where a redesigned page is not read any more and its list is found again: `auto` goes on with the new rules, `propose` shows them, `off` looks for none",
    ),
    setting(SHARED, "tags", Shape::Names, "[]", "names by which feeds choose sources"),
    // [defaults], [[source]] and [[feed]]
    setting(
        FILTER,
        "keep",
        Shape::Rules,
        "everything",
        "where it is written, only articles that one of its rules fits are kept",
    ),
    setting(
        FILTER,
        "drop",
        Shape::Rules,
        "nothing",
        "articles that one of its rules fits are left out; goes before `keep`",
    ),
    setting(FILTER, "rewrite", Shape::Rewrites, "", "changes fields of what is kept, one table after the other"),
    // [[feed]]
    setting(FEED, "id", Shape::Id, "", "its name in the URL; sources and feeds share one namespace"),
    setting(FEED, "name", Shape::Text, "its id", "what readers see as the feed's title"),
    setting(FEED, "sources", Shape::Ids, "[]", "the sources that it shows"),
    setting(FEED, "tags", Shape::Names, "[]", "shows every source with one of these tags besides"),
    setting(FEED, "feeds", Shape::Ids, "[]", "shows the sources of these feeds besides"),
    setting(
        FEED,
        "length",
        Shape::Count(1, 10_000),
        "50",
        "least number of entries; what came within a day of the newest is shown besides",
    ),
    setting(FEED, "sort", Shape::Word(SORTS), "published", "what orders the entries, newest first"),
    setting(
        FEED,
        "twins",
        Shape::Word(TWINS),
        "join",
        "articles of several sources that tell one story: `join` shows one that links the others, `mark` shows all with links, `off` leaves them alone",
    ),
    setting(
        FEED,
        "digest",
        Shape::Digest,
        "",
        "one entry a day, or a week, that lists what came since the last, in the zone of the feed's first source; `length` counts such entries then",
    ),
    setting(FEED, "trust", Shape::Ids, "[]", "of twins that come together the one of the source named first is shown"),
    setting(FEED, "private", Shape::Flag, "false", "served only to those who have the token"),
    // tables in tables
    setting(FIELD, "select", Shape::Selector, "the item itself", "CSS selector or JSONPath, relative to the item"),
    setting(FIELD, "attr", Shape::Text, "", "the attribute to take in place of the text"),
    setting(FIELD, "regex", Shape::Regex, "", "keeps the first group, or the whole match"),
    setting(FIELD, "replace", Shape::Template, "", "what is made of the match: `$1`, `$name`, `${1}`"),
    setting(FIELD, "format", Shape::Format, "", "strftime pattern; of `date` only"),
    setting(
        FIELD,
        "join",
        Shape::Text,
        "",
        "takes every match, by `regex` and the rest each, and puts this text between them",
    ),
    setting(FIELD, "html", Shape::Flag, "what suits the field", "takes the HTML inside in place of the text"),
    setting(AUTH, "user", Shape::Open, "", "user name of Basic authentication"),
    setting(AUTH, "password", Shape::Secret, "", "its password"),
    setting(AUTH, "bearer", Shape::Secret, "", "a bearer token"),
    setting(SECRET, "env", Shape::Text, "", "the environment variable that holds it"),
    setting(RULE, "title", Shape::Match, "", "the title has this; all tests of a rule must hold"),
    setting(RULE, "text", Shape::Match, "", "title, summary or content have this"),
    setting(RULE, "author", Shape::Match, "", "an author has this"),
    setting(RULE, "category", Shape::Match, "", "a category has this"),
    setting(RULE, "outlet", Shape::Match, "", "the outlet has this"),
    setting(RULE, "url", Shape::Match, "", "the link has this"),
    setting(RULE, "age", Shape::Duration, "", "it was published at least so long before it was first seen"),
    setting(RULE, "any", Shape::Rules, "", "one of these rules fits"),
    setting(RULE, "all", Shape::Rules, "", "all of these rules fit"),
    setting(RULE, "not", Shape::Rules, "", "none of these rules fits"),
    setting(MATCH, "regex", Shape::Regex, "", "a regular expression that matches somewhere"),
    setting(REWRITE, "field", Shape::Word(REWRITTEN), "", "the field that changes"),
    setting(REWRITE, "words", Shape::Text, "", "what is replaced, as it stands"),
    setting(REWRITE, "regex", Shape::Regex, "", "what is replaced, by a regular expression"),
    setting(
        REWRITE,
        "replace",
        Shape::Template,
        "nothing",
        "what is put in its place; with `regex` it may name groups: `$1`, `${name}`",
    ),
    setting(
        REWRITE,
        "template",
        Shape::Text,
        "",
        "the whole field, with `{title}`, `{source}`, `{outlet}`, `{author}` and `{category}`",
    ),
    setting(SECRET, "credential", Shape::Text, "", "the file of that name that systemd's LoadCredential hands over"),
];
