//! [`Listing`]: one page read, as [`Item`]s that hold what each row showed, raw.

use std::sync::Arc;

use url::Url;

use super::{Cadence, Origin, Outcome, Problem};

/// Text as a page gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Markup {
    /// Characters only.
    Text(String),
    /// HTML that nobody has cleaned yet.
    Html(String),
}

/// A text that may hold a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateText {
    /// The text as shown, other words perhaps before and after.
    pub text: String,
    /// The `strftime` pattern that the rule names for it, if any.
    pub format: Option<Arc<str>>,
    /// Where it stood.
    pub origin: Origin,
    /// The year that a heading above its row says, where the text names none.
    pub year: Option<i16>,
}

/// One row of a page, as shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Title in raw text; empty if none was found.
    pub title: String,
    /// The link's `href` as written, not joined.
    pub link: Option<String>,
    /// Texts that may hold its date, the most trusted first.
    pub dates: Vec<DateText>,
    /// What the row says of the article.
    pub summary: Option<Markup>,
    /// The article itself, where the page or feed carries it.
    pub content: Option<Markup>,
    /// The picture's address as written, not joined.
    pub image: Option<String>,
    /// Names of those who wrote it.
    pub authors: Vec<String>,
    /// Columns, tags.
    pub categories: Vec<String>,
    /// The outlet from which it was taken.
    pub outlet: Option<String>,
    /// The id that a foreign feed gave it.
    pub guid: Option<String>,
}

/// A page read: its items in the page's order, and what was wrong with it.
#[derive(Debug, Clone)]
pub struct Listing {
    /// What relative links are joined to: the page's URL, or its `<base>`.
    pub base: Url,
    /// The page's own title.
    pub title: Option<String>,
    /// BCP 47 tag that the page declares.
    pub language: Option<String>,
    /// The rows.
    pub items: Vec<Item>,
    /// The next page's link as written.
    pub next: Option<String>,
    /// Further documents of the same source as written, the freshest first: the entries of a sitemap index.
    pub further: Vec<String>,
    /// What a feed says of when it changes.
    pub cadence: Cadence,
    /// How the reading ended: `Read`, `NoMatch`, `NoRule`, `TooComplex` or `Unreadable`.
    pub outcome: Outcome,
    /// What could not be read, with advice.
    pub problems: Vec<Problem>,
}
