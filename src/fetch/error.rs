//! [`Error`]: why a page did not come, by cause, with what to do about it. [`Fate`]: what that means for the next visit.
//!
//! Invariant: no text of the server's stands in a message, save URLs, which are ASCII and cut.

use std::{net::IpAddr, time::Duration};

use ipnet::IpNet;
use url::Url;

use super::ranges;
use crate::model::{Outcome, Page, Problem};

/// What a failure means for the next visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Try again, later with every failure in a row.
    BackOff,
    /// Try again after this time, not before: the host asked for it.
    After(Duration),
    /// Visit no more: the page is gone, or only a change of the configuration can help.
    Stop,
}

/// Why a page did not come.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The guard refused an address.
    #[error("{}{address}, which is not a public address ({range})", leading(host, *address))]
    Private {
        /// The host as the URL names it.
        host: String,
        /// The address it stands for.
        address: IpAddr,
        /// What the address is for.
        range: &'static str,
    },
    /// The guard refused our own listener.
    #[error("{0} is this program's own address")]
    Own(String),
    /// The guard refused the URL itself.
    #[error("{url} is not visited: {why}")]
    Refused {
        /// Cut, without credentials.
        url: String,
        /// The rule.
        why: &'static str,
    },
    /// robots.txt disallows the URL.
    #[error("robots.txt of {0} does not allow this page")]
    Robots(String),
    /// robots.txt could not be had, which disallows everything (RFC 9309, section 2.3.1.4).
    #[error("robots.txt of {host} answers with status {status}, so nothing may be fetched from it for now")]
    RobotsUnavailable {
        /// The host.
        host: String,
        /// What the host answered.
        status: u16,
        /// When robots.txt is asked for again.
        after: Duration,
    },
    /// The name did not resolve.
    #[error("the name {host} does not resolve: {why}")]
    Dns {
        /// The host.
        host: String,
        /// The resolver's words.
        why: String,
    },
    /// No connection, or it broke.
    #[error("no answer from {host}: {why}")]
    Unreachable {
        /// The host.
        host: String,
        /// What happened.
        why: String,
    },
    /// The certificate or handshake was refused.
    #[error("no secure connection to {host}: {why}")]
    Tls {
        /// The host.
        host: String,
        /// What was refused.
        why: String,
    },
    /// A limit of time was passed.
    #[error("{host} took longer than {} to {what}", span(*limit))]
    Timeout {
        /// The host.
        host: String,
        /// What was waited for.
        what: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// A limit of size was passed.
    #[error("{what} is larger than allowed ({limit})")]
    TooBig {
        /// What is too big.
        what: &'static str,
        /// The limit, with its unit.
        limit: String,
    },
    /// The answer broke the rules of HTTP or of its coding.
    #[error("the answer of {host} cannot be understood: {why}")]
    Protocol {
        /// The host.
        host: String,
        /// The rule that was broken.
        why: String,
    },
    /// Redirects that lead nowhere.
    #[error("the redirects of {host} lead nowhere: {why}")]
    Redirect {
        /// The host.
        host: String,
        /// What was wrong.
        why: String,
    },
    /// 429 or 503, or our own queue for the host is too long.
    #[error("{host} asks to come later ({})", asked(*status, *after))]
    Throttled {
        /// The host.
        host: String,
        /// The status that asks for it; absent where the request was not sent at all.
        status: Option<u16>,
        /// For how long, where it says.
        after: Option<Duration>,
    },
    /// 410.
    #[error("the page is gone for good (410)")]
    Gone,
    /// Another status that is no success.
    #[error("the page answers with status {status}")]
    Status {
        /// The status.
        status: u16,
        /// The start of what came with it, from which a challenge page or a login wall can be told.
        page: Option<Box<Page>>,
    },
    /// A setting cannot be used.
    #[error("{what} cannot be used: {why}")]
    Setting {
        /// Which one.
        what: &'static str,
        /// Why not.
        why: String,
    },
}

impl Error {
    /// The class that the visit ends in.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Private { .. } | Self::Own(_) | Self::Refused { .. } => Outcome::Forbidden,
            Self::Robots(_) | Self::RobotsUnavailable { .. } => Outcome::Robots,
            Self::Dns { .. } => Outcome::Dns,
            Self::Unreachable { .. } | Self::Setting { .. } => Outcome::Unreachable,
            Self::Tls { .. } => Outcome::Tls,
            Self::Timeout { .. } => Outcome::Timeout,
            Self::TooBig { .. } => Outcome::TooBig,
            Self::Protocol { .. } | Self::Redirect { .. } => Outcome::Protocol,
            Self::Throttled { .. } => Outcome::Throttled,
            Self::Gone => Outcome::Gone,
            Self::Status { .. } => Outcome::Status,
        }
    }

    /// What it means for the next visit.
    pub fn fate(&self) -> Fate {
        match self {
            Self::Gone => Fate::Stop,
            _ => self.retry_after().map_or(Fate::BackOff, Fate::After),
        }
    }

    /// How long the host asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { after, .. } => *after,
            Self::RobotsUnavailable { after, .. } => Some(*after),
            _ => None,
        }
    }

    /// The status that the host answered with, if it did.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            Self::Throttled { status, .. } => *status,
            Self::Gone => Some(410),
            _ => None,
        }
    }

    /// What was wrong and what to do, for people.
    pub fn problem(&self) -> Problem {
        Problem::of_page(self.to_string(), self.advice())
    }

    fn advice(&self) -> String {
        match self {
            Self::Private { range, address, .. } if *range == ranges::BENCHMARK => format!(
                "a proxy on this machine or network may hand out such fake addresses for real names; if so, write \
                 allow_private = [\"198.18.0.0/15\"] (this answer was {address}), or let the proxy resolve names itself: proxy = \"socks5://…\""
            ),
            Self::Private { address, .. } => format!(
                "if you mean to visit it, write allow_private = [\"{}\"] for this source or under [defaults]",
                IpNet::from(*address)
            ),
            Self::Own(_) => "take a source out that points at this program itself".into(),
            Self::Refused { .. } => "give the page's own address in feeds.toml, with its port if it needs one".into(),
            Self::Robots(_) => {
                "ask the site's owner, or choose another page; robots = \"ignore\" for this source goes against their wish".into()
            }
            Self::RobotsUnavailable { .. } => {
                "nothing to do: it is asked for again by itself (RFC 9309); if it never recovers, robots = \"ignore\" for this source".into()
            },
            Self::Dns { .. } => "check the spelling of the host, and that this machine can resolve names".into(),
            Self::Unreachable { .. } => "nothing to do if it comes back; else check the address and port in a browser".into(),
            Self::Tls { .. } => {
                "tell the site's owner; insecure_tls = true for this source accepts any certificate, at your own risk".into()
            }
            Self::Timeout { .. } => "nothing to do if it is rare; timeout under [fetch] allows more".into(),
            Self::TooBig { .. } => "choose a smaller page, or raise max_body under [fetch]".into(),
            Self::Protocol { .. } => "open the page in a browser; if it works there, tell us".into(),
            Self::Redirect { .. } => "open the page in a browser, and give the address that it ends at".into(),
            Self::Throttled { .. } => "nothing to do: it is left alone for as long as it asks; a longer every helps".into(),
            Self::Gone => "take the source out of feeds.toml, or give the page's new address".into(),
            Self::Status { status: 401 | 403, .. } => {
                "the site may want a login or refuse programs; see auth, cookie and headers of a source".into()
            }
            Self::Status { status: 404, .. } => "the page has moved or is gone: open the site, and give its new address".into(),
            Self::Status { status: 500.., .. } => "the site has a fault: nothing to do if it is rare".into(),
            Self::Status { .. } => "open the page in a browser to see what it wants".into(),
            Self::Setting { .. } => "correct it in feeds.toml".into(),
        }
    }
}

/// A URL for people: no credentials, at most 200 characters.
pub fn shown(url: &Url) -> String {
    let mut plain = url.clone();
    let _ = plain.set_username("");
    let _ = plain.set_password(None);
    plain.fragment().is_some().then(|| plain.set_fragment(None));
    let text = plain.as_str();
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The host of a URL for people, cut like any other text.
pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or("(no host)").chars().take(100).collect()
}

/// What comes before the address: nothing new where the URL names the address itself.
fn leading(host: &str, address: IpAddr) -> String {
    if host.trim_matches(['[', ']']) == address.to_string() {
        "the host is ".into()
    } else {
        format!("{host} leads to ")
    }
}

fn asked(status: Option<u16>, after: Option<Duration>) -> String {
    match (status, after) {
        (None, _) => "by an earlier answer, its robots.txt, or the queue before this request".into(),
        (Some(status), None) => format!("status {status}"),
        (Some(status), Some(after)) => format!("status {status}: not before {} are over", span(after)),
    }
}

fn span(limit: Duration) -> String {
    if limit.as_millis().is_multiple_of(1000) {
        format!("{} s", limit.as_secs())
    } else {
        format!("{} ms", limit.as_millis())
    }
}
