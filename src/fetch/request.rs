//! [`Request`]: what is asked of the network. [`Fetched`]: what came.

use std::{slice, time::Duration};

use url::Url;

use super::Jar;
use crate::model::{Manners, Page, Problem, Validators};

/// What a request is for: it decides the `Accept` header, the method, and which rules of manners hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A source's own page; the one that is asked for with POST where the source says so.
    Listing,
    /// An article's page, or a further page of a list.
    Article,
    /// A JSON API, feed or sitemap that a source names.
    Data,
    /// A message to a WebSub hub or subscriber: POST where the manners have a body; any 2xx is a success.
    Hub,
}

impl Purpose {
    pub(super) fn accept(self) -> &'static str {
        match self {
            Self::Listing | Self::Article => "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            Self::Data => {
                "application/json,application/feed+json,application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.8"
            }
            Self::Hub => "*/*",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The address.
    pub url: &'a Url,
    /// The addresses that the source's configuration names. Ports of their own are used only where one of them has it, and
    /// configured headers and credentials are sent only to their origins, so this must be given for every address that a page
    /// or a redirect gave.
    pub named: &'a [Url],
    /// How to ask.
    pub manners: &'a Manners,
    /// What it is for.
    pub purpose: Purpose,
    /// What the page gave last time; makes the request conditional.
    pub validators: Option<&'a Validators>,
    /// The address that gave them. Absent means that every hop may be asked with them.
    pub validated: Option<&'a Url>,
    /// Cookies shared by the requests of one visit. Absent means a jar for this request alone.
    pub jar: Option<&'a Jar>,
}

impl<'a> Request<'a> {
    /// An unconditional request for a page that the configuration names.
    pub fn new(url: &'a Url, manners: &'a Manners) -> Self {
        Self {
            url,
            named: slice::from_ref(url),
            manners,
            purpose: Purpose::Listing,
            validators: None,
            validated: None,
            jar: None,
        }
    }
}

/// The two ways in which a request succeeds.
#[derive(Debug, Clone)]
pub enum Answer {
    /// 304: what the validators stood for is still what the page holds.
    Unchanged,
    /// The page.
    Page(Box<Page>),
}

/// What came of a request.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The last answer's status.
    pub status: u16,
    /// What it brought.
    pub answer: Answer,
    /// Where the page has moved to, when every redirect on the way was permanent (301, 308).
    pub moved: Option<Url>,
    /// How many hops it took, 0 without redirects.
    pub hops: usize,
    /// What was odd on the way, though the page came: an unsafe hop, a certificate not checked, contradictory encodings.
    pub notes: Vec<Problem>,
    /// For how long the host calls the answer fresh (Cache-Control max-age or Expires, less Age; RFC 9111, section 4.2).
    pub fresh: Option<Duration>,
    /// Bytes received, before decoding.
    pub received: u64,
}

impl Fetched {
    /// The page, unless nothing changed.
    pub fn page(&self) -> Option<&Page> {
        match &self.answer {
            Answer::Page(page) => Some(page),
            Answer::Unchanged => None,
        }
    }
}
