//! [`Report`]: what one visit brought, and the [`Problem`]s it met. One log line is written from it.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::SourceId;

/// Something that was wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The item's place on the page, from 0; absent where it concerns the whole page.
    pub item: Option<u32>,
    /// The field; absent where it concerns the whole item or page.
    pub field: Option<String>,
    /// What was wrong, in lower case without a final stop.
    pub reason: String,
    /// What to do.
    pub advice: String,
}

impl Problem {
    /// A problem of the whole page.
    pub fn of_page(reason: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { item: None, field: None, reason: visible(reason.into()), advice: visible(advice.into()) }
    }

    /// A problem of one field of one item.
    pub fn of_field(item: u32, field: &str, reason: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            item: Some(item),
            field: Some(field.to_owned()),
            reason: visible(reason.into()),
            advice: visible(advice.into()),
        }
    }
}

/// Text in one line without control characters: a reason may quote what a stranger sent, and parsers' messages do.
fn visible(text: String) -> String {
    if text.contains(char::is_control) { text.replace(char::is_control, "\u{fffd}") } else { text }
}

/// How a visit ended, as a class; the words are in the report's problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// The page was read and brought items.
    Read,
    /// The host said that nothing changed, or sent the same bytes.
    Unchanged,
    /// The page was read, but its rule matched nothing.
    NoMatch,
    /// The source has no rule, and none could be found.
    NoRule,
    /// The name did not resolve.
    Dns,
    /// No connection, or it broke.
    Unreachable,
    /// The certificate or the TLS handshake was refused.
    Tls,
    /// An answer took too long.
    Timeout,
    /// An answer was larger than allowed, or a decompression bomb.
    TooBig,
    /// The page has more elements, depth or work in it than allowed.
    TooComplex,
    /// Our own address guard refused.
    Forbidden,
    /// robots.txt refused.
    Robots,
    /// The host asked to come later: 429 or 503.
    Throttled,
    /// 410: the page is gone for good.
    Gone,
    /// Another HTTP status that is no success.
    Status,
    /// The answer broke HTTP's or its content coding's rules.
    Protocol,
    /// The page is of a kind that cannot be read.
    Unreadable,
    /// Reading it panicked; the defect is ours.
    Panicked,
    /// The store could not take it.
    Store,
    /// A page that wants to be shown that a person reads it stands in the list's place.
    Challenge,
    /// The list is shown only after a login.
    LoginWall,
    /// The page says that it does not exist, with a status that says it does.
    Missing,
    /// The page is a frame that scripts fill.
    Shell,
    /// The page is well, but the rule that read it before matches nothing.
    Changed,
    /// The page is well and says that its list is empty.
    Empty,
    /// The text is not written in the encoding that it was declared in.
    Garbled,
}

impl Outcome {
    /// The class in one word, as `visit.outcome` in logs and metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unchanged => "unchanged",
            Self::NoMatch => "no_match",
            Self::NoRule => "no_rule",
            Self::Dns => "dns",
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::TooBig => "too_big",
            Self::TooComplex => "too_complex",
            Self::Forbidden => "forbidden",
            Self::Robots => "robots",
            Self::Throttled => "throttled",
            Self::Gone => "gone",
            Self::Status => "status",
            Self::Protocol => "protocol",
            Self::Unreadable => "unreadable",
            Self::Panicked => "panicked",
            Self::Store => "store",
            Self::Challenge => "challenge",
            Self::LoginWall => "login_wall",
            Self::Missing => "soft_404",
            Self::Shell => "needs_javascript",
            Self::Changed => "layout_changed",
            Self::Empty => "empty_list",
            Self::Garbled => "garbled",
        }
    }

    /// Whether the source is well: the visit told what the page holds now.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Read | Self::Unchanged | Self::Empty)
    }
}

/// How many items of a visit met which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Items that the page showed.
    pub shown: u32,
    /// Never seen before.
    pub new: u32,
    /// Changed in what readers see.
    pub changed: u32,
    /// Known.
    pub seen: u32,
    /// Left out.
    pub dropped: u32,
}

/// What one visit brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The source.
    pub source: SourceId,
    /// When the visit began.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// The HTTP status of the page's answer, if one came.
    pub status: Option<u16>,
    /// Bytes of the page after decoding.
    pub bytes: u64,
    /// Items by fate.
    pub counts: Counts,
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// How long the host asked to be left alone (Retry-After).
    pub retry_after: Option<Duration>,
}
