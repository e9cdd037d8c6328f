//! [`Format`]: the forms in which a feed is written, with their file names and media types.

use super::{Rendered, atom, json, news, rss};
use crate::model::{ArticleKey, Document};

/// A form in which a feed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// Every format, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// The end of the file name in the feed's address, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }

    /// The format that a file name's end names.
    pub fn from_extension(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == text)
    }

    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }

    /// The media type without parameters, as links give it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// The `Content-Type`. JSON has no charset parameter (RFC 8259, section 11); XML needs it (RFC 7303, section 3).
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json",
        }
    }

    /// The document's bytes.
    pub fn write(self, document: &Document) -> Vec<u8> {
        match self {
            Self::Rss => rss::write(document),
            Self::Atom => atom::write(document),
            Self::Json => json::write(document),
        }
    }

    /// The document's bytes in every coding, with their validators.
    pub fn render(self, document: &Document) -> Rendered {
        let mut rendered = Rendered::new(self.write(document), self.content_type(), document.updated);
        rendered.marks = news::marks(document);
        rendered
    }
}

/// Where the feed is served in `format` as it is now.
pub(super) fn current_link(document: &Document, format: Format) -> String {
    format!("{}/feeds/{}.{}", document.base_url, document.id, format.extension())
}

/// Where `document` is served in `format`.
pub(super) fn self_link(document: &Document, format: Format) -> String {
    document.archive.map_or_else(|| current_link(document, format), |first| archive_link(document, first, format))
}

/// Where the next older page of the feed's past is served in `format`.
pub(super) fn older_link(document: &Document, format: Format) -> Option<String> {
    document.older.map(|first| archive_link(document, first, format))
}

/// The links of a feed with a past (RFC 5005, sections 4 and 4.1), each with its relation.
pub(super) fn past_links(document: &Document, format: Format) -> Vec<(&'static str, String)> {
    let current = document.archive.map(|_| ("current", current_link(document, format)));
    let older = older_link(document, format).map(|link| ("prev-archive", link));
    current.into_iter().chain(older).collect()
}

/// The namespace of RFC 5005.
pub(super) const HISTORY: &str = "http://purl.org/syndication/history/1.0";

fn archive_link(document: &Document, first: ArticleKey, format: Format) -> String {
    format!("{}/feeds/{}/archive/{first}.{}", document.base_url, document.id, format.extension())
}

/// The page for people: the configured one, else the feed's own page here.
pub(super) fn page_link(document: &Document) -> String {
    super::web(&document.link).map_or_else(|| format!("{}/feeds/{}", document.base_url, document.id), String::from)
}

/// A feed's title, never empty.
pub(super) fn shown_title(document: &Document) -> String {
    super::xml::XmlText::line(&document.title).filled().map_or_else(|| document.id.to_string(), String::from)
}
