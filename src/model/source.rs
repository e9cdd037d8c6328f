//! [`Source`]: one page (or several of one list) to watch; how to read it, how often, how politely.

use std::{fmt, sync::Arc, time::Duration};

use ipnet::IpNet;
use jiff::{civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Filter, SourceId};

/// What kind of document a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An HTML page.
    Html,
    /// A JSON API, read with JSONPath (RFC 9535).
    Json,
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// A sitemap or sitemap index (sitemaps.org 0.9).
    Sitemap,
}

impl Kind {
    /// The word used in feeds.toml and `--json`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
        }
    }
}

/// How one field is taken from an item, as written: `"selector"`, `"selector@attribute"`, or a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldRule {
    /// CSS selector (or JSONPath) relative to the item; empty means the item itself.
    pub select: String,
    /// The attribute to take instead of the text.
    pub attr: Option<String>,
    /// A regular expression; its first group, or the whole match, is kept.
    pub regex: Option<String>,
    /// A template for what `regex` matched, with `$1`, `$name`.
    pub replace: Option<String>,
    /// `strftime` pattern of a date.
    pub format: Option<Arc<str>>,
    /// Takes every match and joins them with this text, instead of the first match.
    pub join: Option<String>,
    /// Takes the inner HTML instead of the text. Absent means what suits the field.
    pub html: Option<bool>,
}

/// The reading rule as feeds.toml writes it; `extract::Recipe` is made from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rules {
    /// CSS selector or JSONPath of one item.
    pub item: String,
    /// Title; absent means the link's text.
    pub title: Option<FieldRule>,
    /// Link; absent means the first `a@href`.
    pub link: Option<FieldRule>,
    /// Date.
    pub date: Option<FieldRule>,
    /// Summary.
    pub summary: Option<FieldRule>,
    /// Picture.
    pub image: Option<FieldRule>,
    /// Author.
    pub author: Option<FieldRule>,
    /// Category.
    pub category: Option<FieldRule>,
    /// The next page's link, relative to the page.
    pub next: Option<FieldRule>,
}

impl FieldRule {
    /// The rule as `"selector"` or `"selector@attribute"`, which leaves out what only a table can say.
    pub fn short(&self) -> String {
        match &self.attr {
            Some(attr) => format!("{}@{attr}", self.select),
            None => self.select.clone(),
        }
    }
}

impl Rules {
    /// The fields that may have a rule, by the names of feeds.toml and in its order.
    pub const FIELDS: [&str; 8] = ["title", "link", "date", "summary", "image", "author", "category", "next"];

    /// The fields that have a rule, by the names of feeds.toml.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &FieldRule)> {
        let fields = [
            ("title", &self.title),
            ("link", &self.link),
            ("date", &self.date),
            ("summary", &self.summary),
            ("image", &self.image),
            ("author", &self.author),
            ("category", &self.category),
            ("next", &self.next),
        ];
        fields.into_iter().filter_map(|(name, rule)| Some((name, rule.as_ref()?)))
    }
}

/// A text that must not be shown: a password, a token, a cookie. Its `Debug` and `Display` hide it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Credential(String);

impl Credential {
    /// Wraps the secret text.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret itself, for the one place that sends or compares it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// How a source's host is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manners {
    /// Least time between two requests to one host.
    pub host_gap: Duration,
    /// Whether robots.txt (RFC 9309) is obeyed; ignoring it is logged.
    pub obey_robots: bool,
    /// Networks that may be reached besides public ones.
    pub allow_private: Vec<IpNet>,
    /// Headers sent to the source's own origin only: name in lower case, value perhaps secret.
    pub headers: Vec<(String, Credential)>,
    /// `http://`, `https://` or `socks5://` proxy, credentials included.
    pub proxy: Option<Credential>,
    /// Sends POST with this body instead of GET.
    pub post: Option<String>,
    /// Accepts any certificate.
    pub insecure_tls: bool,
    /// Speaks HTTP/1.1 only.
    pub http1_only: bool,
}

/// What sets a source's visits apart in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rhythm {
    /// This time lies between two visits.
    Every(Duration),
    /// A cron pattern of five fields, in the source's zone; checked, and known to come round.
    Cron(Arc<str>),
}

/// Hours of a day without visits, in the source's zone; `until` may lie before `from`, and is then of the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// The first moment without visits.
    pub from: Time,
    /// The first moment with visits again.
    pub until: Time,
}

/// When a source is visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What a person asked for.
    pub rhythm: Rhythm,
    /// Whether visits follow the hours in which the source publishes.
    pub adaptive: bool,
    /// Least time between visits that `adaptive` may choose.
    pub every_min: Duration,
    /// Longest time between visits that `adaptive` may choose.
    pub every_max: Duration,
    /// Hours without visits.
    pub quiet: Option<QuietHours>,
}

/// A field of an item that can make its identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Its title.
    Title,
    /// Its date as shown.
    Date,
    /// Its summary.
    Summary,
    /// Its picture's URL.
    Image,
    /// Its author.
    Author,
    /// Its category.
    Category,
}

/// What is done where a page was redesigned and its rules do not read it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repair {
    /// Rules that read the articles that are known are taken.
    Auto,
    /// They are shown, and a person takes them.
    Propose,
    /// Nothing is looked for.
    Off,
}

/// One source of feeds.toml, checked. What many sources have alike they share, since a file may name very many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id, and that of the feed that shows it alone.
    pub id: SourceId,
    /// The feed's title; else the page's own.
    pub name: Option<String>,
    /// Pages of one list, the first is the main one. Never empty.
    pub urls: Vec<Url>,
    /// What kind of document it is; found out where absent.
    pub kind: Option<Kind>,
    /// How to read it, where a person said so.
    pub rules: Option<Arc<Rules>>,
    /// What is done where they do not read the page any more.
    pub repair: Repair,
    /// The zone of dates that name none.
    pub timezone: TimeZone,
    /// BCP 47 tag; else what the page declares.
    pub language: Option<String>,
    /// When it is visited.
    pub plan: Arc<Plan>,
    /// How its host is asked.
    pub manners: Arc<Manners>,
    /// What makes an article the same one, where the page has no permalinks; empty means the link.
    pub identity: Vec<Part>,
    /// Names by which feeds choose it.
    pub tags: Vec<Arc<str>>,
    /// Whether each article's own page is read too.
    pub full_text: bool,
    /// Where the story is on an article's own page.
    pub story: Arc<StoryRule>,
    /// Whether readers are told when an article's text is edited.
    pub tells_edits: bool,
    /// Whether nothing of it may reach a public feed or page.
    pub private: bool,
    /// Which of its articles are kept and what is rewritten in them.
    pub filter: Arc<Filter>,
}

/// Where the story is on an article's own page, as CSS selectors; what is not said is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoryRule {
    /// The element that holds the story.
    pub content: Option<String>,
    /// Elements that are no part of the article.
    pub strip: Option<String>,
}

impl Source {
    /// The main page.
    pub fn url(&self) -> Option<&Url> {
        self.urls.first()
    }
}
