//! An article page → [`Read`]: its text, title, dates, outlet, byline, columns and pictures.
//!
//! The page is parsed once. `outline` puts what a reader sees in a row, `data` gathers what the page says for machines, and `view`
//! holds both for the fields:
//!
//! - `body`: which lines are the story; `teaser`: whether they are another's; `problems`: why there may be none;
//! - [`Pages`]: an article that goes on over several pages, joined; [`Refrain`]: lines that a source's articles have in common;
//! - `title`, `dates`, `outlet`, `byline`, `columns`, `next`: a field each; `cues`: the words of pages that tell frame from story.
//!
//! Invariant: reading never fails as a whole, and what was not found is empty rather than guessed.

mod body;
mod byline;
mod columns;
mod cues;
mod data;
mod dates;
mod language;
mod next;
mod outlet;
mod outline;
mod pages;
mod place;
mod problems;
mod refrain;
mod story;
mod teaser;
mod title;
mod view;

use jiff::{Timestamp, tz::TimeZone};
use url::Url;

use super::foreign::foreign;
use crate::model::{CleanHtml, Moment, Origin, Page, Problem};
use crate::reading::dom::{self, Limits};
use view::View;

pub use pages::Pages;
pub use place::{Found, Place};
pub use refrain::Refrain;
pub use story::Story;

/// What an article page is read by.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The instant of reading: relative dates count from it, and no date is after it.
    pub now: Timestamp,
    /// The zone of a date that names none.
    pub zone: &'a TimeZone,
    /// BCP 47 tag of the source's language, if known.
    pub language: Option<&'a str>,
    /// Where the story is, as far as a person said so.
    pub story: Option<&'a Story>,
    /// What the source's articles have in common, as far as it was learnt.
    pub refrain: Option<&'a Refrain>,
}

/// An article page, read. A field that was not found is empty.
#[derive(Debug, Clone)]
pub struct Read {
    /// The address that the page gives itself.
    pub canonical: Option<Url>,
    /// Plain text.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was last changed, if the page says so.
    pub modified: Option<Moment>,
    /// Who published it first.
    pub outlet: Option<String>,
    /// Who wrote it, a name each.
    pub byline: Vec<String>,
    /// The columns it stands in, the widest first.
    pub columns: Vec<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// The story.
    pub html: CleanHtml,
    /// The story as paragraphs separated by blank lines.
    pub text: String,
    /// Pictures, the leading one first.
    pub images: Vec<Url>,
    /// The page that continues it.
    pub next: Option<Url>,
    /// Where its fields were found; of those that it does not have it says nothing.
    pub found: Found,
    /// What was wrong.
    pub problems: Vec<Problem>,
}

impl Read {
    fn empty() -> Self {
        Self {
            canonical: None,
            title: None,
            published: None,
            modified: None,
            outlet: None,
            byline: Vec::new(),
            columns: Vec::new(),
            language: None,
            html: CleanHtml::default(),
            text: String::new(),
            images: Vec::new(),
            next: None,
            found: Found::default(),
            problems: Vec::new(),
        }
    }
}

impl Read {
    /// Of a page without a story, keeps what it tells machines: what is printed there is of other articles. A page that is said to be
    /// none, or a wall, prints nothing of its own at all.
    fn keep_told(&mut self, view: &View<'_>, is_none: bool) {
        let is_told = |moment: &Moment| match moment.origin {
            Origin::Data | Origin::Meta => true,
            Origin::Text => false,
            _ => !is_none,
        };
        self.published = self.published.take().filter(is_told);
        self.modified = self.modified.take().filter(is_told);
        let names_writers = view.data.articles().any(|object| object.get("author").is_some());
        if !names_writers && view.data.meta(&["author", "article:author"]).is_none() {
            self.byline.clear();
        }
    }
}

/// Reads an article page.
pub fn article(page: &Page, context: &Context<'_>) -> Read {
    let mut read = Read::empty();
    if let Some(what) = foreign(page) {
        read.problems.push(Problem::of_page(format!("the address leads to {what}, not to a page"), problems::KEPT));
        return read;
    }
    if is_first_page(page) {
        let reason = "the address now leads to the site's first page";
        read.problems.push(Problem::of_page(reason, problems::KEPT));
        return read;
    }
    let mut tree = match dom::parse(&page.text, &Limits::default()) {
        Ok(tree) => tree,
        Err(error) => {
            read.problems.push(Problem::of_page(error.to_string(), problems::KEPT));
            return read;
        }
    };
    let told = context.story.map(|story| story.apply(&mut tree));
    let view = View::of(&tree, page);
    let root = told.as_ref().and_then(|told| view.outline.place(told.as_ref().ok().copied().flatten()?));
    let mut body = match root {
        Some(root) => body::within(&view.outline, &view.blocks, root),
        None => body::find(&view.outline, &view.blocks, &view.frames),
    };
    if root.is_none() && teaser::is_one(&view, &body) {
        body = body::Body::default();
    }
    if let Some(refrain) = context.refrain {
        body.without_refrain(&view.blocks, refrain);
    }
    (read.title, read.found.title) = title::find(&view, &body).unzip();
    if let Some(title) = &read.title {
        body.without_title(&view.blocks, title);
    }
    let places = view.places(&body, read.title.as_deref());
    let zone = language::zone(context.zone, &view);
    let dates = dates::find(&view, &places, &Context { zone: &zone, ..*context });
    read.published = dates.published;
    read.modified = dates.modified;
    (read.outlet, read.found.outlet) = outlet::find(&view, &places).unzip();
    let (byline, place) = byline::find(&view, &places, read.outlet.as_deref());
    (read.byline, read.found.byline) = (byline, Some(place));
    let (columns, place) = columns::find(&view, read.title.as_deref());
    (read.columns, read.found.columns) = (columns, Some(place));
    read.language = view.language.clone().or_else(|| context.language.map(str::to_owned));
    read.canonical = view.canonical();
    read.next = next::find(&view, &places);
    read.text = body.text(&view.outline, &view.blocks);
    let (problems, is_none) = problems::find(&view, &read.text, read.title.as_deref());
    read.problems = problems;
    read.problems.extend(told.and_then(Result::err));
    if is_none {
        read.text.clear();
    }
    if read.text.is_empty() {
        read.keep_told(&view, is_none);
    }
    if is_none {
        return read;
    }
    read.images.extend(view.lead());
    if !read.text.is_empty() {
        let (html, pictures) = body::html(&tree, &view, &body).unwrap_or_default();
        read.html = html;
        for url in pictures.iter().filter_map(|url| Url::parse(url).ok()) {
            if !read.images.contains(&url) {
                read.images.push(url);
            }
        }
    }
    read
}

/// Whether an article's address was answered with the site's first page, as some do with articles that are gone.
fn is_first_page(page: &Page) -> bool {
    let is_first = |url: &Url| {
        matches!(url.path(), "/" | "/index.html" | "/index.htm" | "/index.php" | "/index.shtml")
            && url.query().is_none()
    };
    is_first(&page.url) && !is_first(&page.asked)
}

#[cfg(test)]
mod tests;
