//! The tables of feeds.toml and what its settings hold, with words for people.
//!
//! - [`Place`]: a kind of table.
//! - [`Shape`]: what a setting holds.

/// A kind of table in feeds.toml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The file itself.
    Top,
    /// `[server]`
    Server,
    /// `[store]`
    Store,
    /// `[fetch]`
    Fetch,
    /// `[twins]`
    Twins,
    /// `[defaults]`
    Defaults,
    /// `[[source]]`
    Source,
    /// `[[feed]]`
    Feed,
    /// A field rule written as a table.
    Field,
    /// The table of `auth`.
    Auth,
    /// The table that names a secret.
    Secret,
    /// A rule of `keep` or `drop`.
    Rule,
    /// What a rule looks for, written as a table.
    Match,
    /// A table of `rewrite`.
    Rewrite,
}

impl Place {
    /// Whether it is a table of the file itself, with a header.
    pub fn has_header(self) -> bool {
        matches!(
            self,
            Self::Server | Self::Store | Self::Fetch | Self::Twins | Self::Defaults | Self::Source | Self::Feed
        )
    }

    /// How people write it.
    pub fn written(self) -> &'static str {
        match self {
            Self::Top => "the file",
            Self::Server => "[server]",
            Self::Store => "[store]",
            Self::Fetch => "[fetch]",
            Self::Twins => "[twins]",
            Self::Defaults => "[defaults]",
            Self::Source => "[[source]]",
            Self::Feed => "[[feed]]",
            Self::Field => "a field rule",
            Self::Auth => "`auth`",
            Self::Secret => "a secret",
            Self::Rule => "a rule",
            Self::Match => "a match",
            Self::Rewrite => "`rewrite`",
        }
    }
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Flag,
    /// A whole number within these bounds.
    Count(u64, u64),
    /// Text in one line.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these words.
    Words(&'static [&'static str]),
    /// A list of names chosen by the user.
    Names,
    /// An id of the file's own.
    Id,
    /// A list of ids.
    Ids,
    /// A span of time: `"30m"`, `"1h30m"`.
    Duration,
    /// A number of bytes: `"10MiB"`.
    Size,
    /// A zone of the tz database.
    Zone,
    /// A BCP 47 language tag.
    Language,
    /// An address to listen on.
    Listen,
    /// One http or https URL.
    Url,
    /// `true`, `false` or one such URL.
    Hub,
    /// `true`, `false` or an address to listen on.
    Metrics,
    /// One such URL, or several.
    Urls,
    /// A list of networks in CIDR notation.
    Networks,
    /// A cron pattern.
    Cron,
    /// Hours of a day: `"23:00-06:00"`.
    Hours,
    /// When a digest is due: `"daily 18:00"`.
    Digest,
    /// A CSS selector or JSONPath.
    Selector,
    /// A rule of one field.
    Field,
    /// A regular expression.
    Regex,
    /// A template for what the expression matched.
    Template,
    /// A `strftime` pattern.
    Format,
    /// Text, or where a secret text is found.
    Open,
    /// Where a secret text is found.
    Secret,
    /// A table of HTTP headers.
    Headers,
    /// A table of credentials.
    Auth,
    /// A list of rules of `keep` or `drop`, or one.
    Rules,
    /// Words, a list of words, or a regular expression.
    Match,
    /// What is rewritten: a table, or a list of them.
    Rewrites,
    /// A table of this place.
    Table(Place),
    /// Several tables of this place.
    Tables(Place),
}

impl Shape {
    /// What is to be written there, for a person.
    pub fn written(self) -> String {
        let list = |words: &[&str]| words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
        let fixed = match self {
            Self::Count(least, most) => return format!("a whole number from {least} to {most}"),
            Self::Word(words) => return format!("one of {}", list(words)),
            Self::Words(words) => return format!("a list of {}", list(words)),
            Self::Table(place) => return format!("a table, {}", place.written()),
            Self::Tables(place) => return format!("tables, each {}", place.written()),
            Self::Flag => "`true` or `false`",
            Self::Text => "text",
            Self::Names => "a list of words, as [\"power\", \"news\"]",
            Self::Id => "an id, as \"grid-news\"",
            Self::Ids => "a list of ids, as [\"grid\", \"opinion\"]",
            Self::Duration => "a span of time, as \"30m\" or \"1h30m\"",
            Self::Size => "a size, as \"10MiB\"",
            Self::Zone => "a zone, as \"Asia/Shanghai\"",
            Self::Language => "a language tag, as \"zh-CN\"",
            Self::Listen => "an address, as \"127.0.0.1:7878\" or \"unix:/run/tearsheet.sock\"",
            Self::Url => "a URL, as \"https://example.org/\"",
            Self::Hub => "`true`, `false` or the URL of a hub",
            Self::Metrics => "`true`, `false` or an address, as \"127.0.0.1:9184\"",
            Self::Urls => "a URL, or a list of URLs",
            Self::Networks => "a list of networks, as [\"10.1.0.0/16\"]",
            Self::Cron => "a cron pattern, as \"*/20 8-18 * * 1-5\"",
            Self::Hours => "hours, as \"23:00-06:00\"",
            Self::Digest => "a time, as \"daily 18:00\" or \"weekly mon 08:00\"",
            Self::Selector => "a selector, as \"ul.list > li\"",
            Self::Field => "a field rule: \"selector\", \"selector@attribute\" or a table",
            Self::Regex => "a regular expression",
            Self::Template => "a template, as \"$1\"",
            Self::Format => "a date pattern, as \"%Y-%m-%d\"",
            Self::Open => "text, or { env = \"NAME\" }, or { credential = \"name\" }",
            Self::Secret => "{ env = \"NAME\" } or { credential = \"name\" }",
            Self::Headers => "a table of headers, as { Accept = \"text/html\" }",
            Self::Rules => "a list of rules, as [{ title = \"招聘\" }]",
            Self::Match => "words, a list of words, or { regex = '…' }",
            Self::Rewrites => "a list of tables, as [{ field = \"title\", template = \"[{source}] {title}\" }]",
            Self::Auth => "{ user, password } or { bearer }",
        };
        fixed.to_owned()
    }
}
