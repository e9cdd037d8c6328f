//! An [`Item`] into a [`Draft`]: links joined, a date chosen among the candidates, text in one line, HTML clean.
//!
//! Invariant: an item is dropped only where it has neither a link nor another identity, and never for want of a date.

mod filter;
mod gather;
mod names;

use std::collections::HashMap;

use jiff::{Timestamp, civil};
use url::Url;

use crate::model::{
    ArticleKey, CleanHtml, DateText, Draft, Item, Listing, Markup, Moment, Page, Part, Precision, Problem, Source,
};
use crate::reading::{clean, date, text, url as address};

pub use gather::gather;

/// Longest title kept, in characters; what is longer is cut with "…".
const LONGEST_TITLE: usize = 500;

/// Most problems of single fields told for one page, so that a broken rule does not flood the log.
const MOST_PROBLEMS: usize = 20;

/// The drafts of one page, in its order, and what was wrong with its items.
#[derive(Debug, Default)]
pub struct Refined {
    /// One draft for each article: rows that show the same one are gathered.
    pub drafts: Vec<Draft>,
    /// What the source's own rules left out, and why.
    pub dropped: Vec<Ruled>,
    /// What a rule of `keep` fitted, and which.
    pub kept: Vec<Ruled>,
    /// Items that could not be kept, and fields that could not be read.
    pub problems: Vec<Problem>,
}

/// An article that a rule kept or left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// Its place on the page.
    pub place: u32,
    /// Its title.
    pub title: String,
    /// Which rule, in words.
    pub why: String,
}

/// Makes drafts of `listing`, as `source` showed it on `page` at `now`.
pub fn refine(source: &Source, page: &Page, listing: &Listing, now: Timestamp) -> Refined {
    let desk = Desk { source, page, listing, now };
    let mut refined = Refined::default();
    for (place, item) in listing.items.iter().enumerate() {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        match desk.draft(place, item, &mut refined.problems) {
            Ok(draft) => refined.drafts.push(draft),
            Err(problem) => refined.problems.push(problem),
        }
    }
    if refined.problems.len() > MOST_PROBLEMS {
        let more = refined.problems.len() - MOST_PROBLEMS;
        refined.problems.truncate(MOST_PROBLEMS);
        refined.problems.push(Problem::of_page(
            format!("{more} more items have problems of this kind"),
            "`tearsheet try` shows every item of the page",
        ));
    }
    refined.problems.extend(desk.shared_address(&refined.drafts));
    for mut draft in gather(std::mem::take(&mut refined.drafts)) {
        let (place, title) = (draft.place, draft.title.clone());
        let (kept, rule) = filter::apply(source, &mut draft, now);
        let ruled = rule.map(|why| Ruled { place, title, why });
        if kept {
            refined.kept.extend(ruled);
            refined.drafts.push(draft);
        } else {
            refined.dropped.extend(ruled);
        }
    }
    refined
}

/// What every item of one page is refined with.
struct Desk<'a> {
    source: &'a Source,
    page: &'a Page,
    listing: &'a Listing,
    now: Timestamp,
}

impl Desk<'_> {
    fn draft(&self, place: u32, item: &Item, problems: &mut Vec<Problem>) -> Result<Draft, Problem> {
        let url = self.link(place, item)?;
        let published = self.published(place, item, &url, problems);
        let title = self.title(item);
        let key = self.key(&url, &title, published.as_ref(), item);
        let plain = |names: &[String], alone: fn(&str) -> &str| -> Vec<String> {
            let mut kept: Vec<String> = Vec::new();
            for name in names.iter().map(|name| alone(&text::line(name)).to_owned()).filter(|name| !name.is_empty()) {
                if !kept.contains(&name) {
                    kept.push(name);
                }
            }
            kept
        };
        Ok(Draft {
            source: self.source.id.clone(),
            place,
            key,
            aliases: self.aliases(item),
            title_cut: text::is_cut(&title),
            title,
            published,
            summary: self.markup(place, "summary", item.summary.as_ref(), problems),
            content: self.markup(place, "content", item.content.as_ref(), problems),
            image: item
                .image
                .as_deref()
                .and_then(|image| address::join(&self.listing.base, image, self.page.encoding).ok()),
            authors: plain(&item.authors, names::author),
            categories: plain(&item.categories, names::category),
            outlet: item.outlet.as_deref().map(text::line).filter(|outlet| !outlet.is_empty()),
            language: self.source.language.clone().or_else(|| self.listing.language.clone()),
            url,
        })
    }

    /// Told where rows of one address are articles of their own: of other days, and with titles that do not begin alike.
    fn shared_address(&self, drafts: &[Draft]) -> Option<Problem> {
        let mut seen: HashMap<ArticleKey, &Draft> = HashMap::with_capacity(drafts.len());
        let alike = |one: &str, other: &str| {
            let (one, other) = (one.trim_end_matches(['…', '.']), other.trim_end_matches(['…', '.']));
            one.starts_with(other) || other.starts_with(one)
        };
        let others = drafts.iter().filter(|draft| {
            let first = *seen.entry(draft.key).or_insert(draft);
            let days = first.published.zip(draft.published);
            days.is_some_and(|(one, other)| !one.same_day(other.at)) && !alike(&first.title, &draft.title)
        });
        let others: Vec<&Draft> = others.collect();
        let draft = others.first()?;
        Some(Problem::of_field(
            draft.place,
            "link",
            format!(
                "items that share the address of another one, of another day and title: {}; they are one entry",
                others.len()
            ),
            "point `link` at each article's own address, or tell them apart by other fields: identity = [\"title\", \"date\"]",
        ))
    }

    /// The link as readers follow it. An item without one can still be told apart by the fields that `identity` names.
    fn link(&self, place: u32, item: &Item) -> Result<Url, Problem> {
        let Some(link) = item.link.as_deref() else {
            return match self.source.identity.is_empty() {
                true => Err(Problem::of_field(
                    place,
                    "link",
                    "the item has no link",
                    "name one with `link`, or tell items apart by other fields: identity = [\"title\", \"date\"]",
                )),
                false => Ok(self.page.url.clone()),
            };
        };
        match address::join(&self.listing.base, link, self.page.encoding) {
            Ok(url) => Ok(url),
            Err(_) if !self.source.identity.is_empty() => Ok(self.page.url.clone()),
            Err(bad) => {
                Err(Problem::of_field(place, "link", bad.to_string(), "point `link` at the article's own address"))
            }
        }
    }

    fn title(&self, item: &Item) -> String {
        text::cut(&text::line(&item.title), LONGEST_TITLE)
    }

    /// The first candidate that can be read; the address's digits where the row shows none.
    fn published(&self, place: u32, item: &Item, url: &Url, problems: &mut Vec<Problem>) -> Option<Moment> {
        let context = date::Context {
            now: self.now,
            zone: &self.source.timezone,
            language: self.source.language.as_deref().or(self.listing.language.as_deref()),
        };
        let mut unread = None;
        for candidate in &item.dates {
            let read = match &candidate.format {
                Some(format) => match date::read_as(&candidate.text, format, candidate.origin, &context) {
                    Ok(moment) => Some(moment),
                    Err(why) => {
                        unread.get_or_insert_with(|| why.to_string());
                        None
                    }
                },
                None => {
                    under_year(candidate, &context).or_else(|| date::read(&candidate.text, candidate.origin, &context))
                }
            };
            if let Some(moment) = read {
                return Some(moment);
            }
        }
        if let Some(why) = unread {
            let advice = "correct the rule's `format`, or leave it out: most dates are read without one";
            problems.push(Problem::of_field(place, "date", why, advice));
        }
        date::from_url(url, &context)
    }

    /// The link's canonical form, or the fields that the source names where its items have no address of their own.
    fn key(&self, url: &Url, title: &str, published: Option<&Moment>, item: &Item) -> ArticleKey {
        let identity = &self.source.identity;
        if identity.is_empty() {
            return ArticleKey::of(self.scope(), &[address::canonical(url).as_str()]);
        }
        let fields: Vec<String> = identity.iter().map(|part| self.field(*part, title, published, item)).collect();
        // Where an item has none of these fields, its address tells more than nothing does.
        if fields.iter().all(String::is_empty) {
            return ArticleKey::of(self.source.id.as_str(), &["", address::canonical(url).as_str()]);
        }
        let parts: Vec<&str> = fields.iter().map(String::as_str).collect();
        ArticleKey::of(self.source.id.as_str(), &parts)
    }

    fn field(&self, part: Part, title: &str, published: Option<&Moment>, item: &Item) -> String {
        match part {
            Part::Title => title.to_owned(),
            // The calendar day: the page may add hours and minutes later.
            Part::Date => published.map(|moment| self.day(moment)).unwrap_or_default(),
            Part::Summary => match &item.summary {
                Some(Markup::Text(text) | Markup::Html(text)) => text::line(text),
                None => String::new(),
            },
            Part::Image => item.image.clone().unwrap_or_default(),
            Part::Author => item.authors.join("\n"),
            Part::Category => item.categories.join("\n"),
        }
    }

    fn day(&self, moment: &Moment) -> String {
        match moment.precision {
            Precision::Day => moment.written(),
            _ => moment.at.to_zoned(self.source.timezone.clone()).date().to_string(),
        }
    }

    /// A private source's articles have identities of their own, so nothing of it can reach another source's feed.
    fn scope(&self) -> &str {
        if self.source.private { self.source.id.as_str() } else { "" }
    }

    fn aliases(&self, item: &Item) -> Vec<ArticleKey> {
        let guid = item.guid.as_deref().map(text::line).filter(|guid| !guid.is_empty());
        // A guid says nothing outside its own feed.
        guid.map(|guid| ArticleKey::of("guid", &[self.source.id.as_str(), &guid])).into_iter().collect()
    }

    fn markup(
        &self,
        place: u32,
        field: &str,
        markup: Option<&Markup>,
        problems: &mut Vec<Problem>,
    ) -> Option<CleanHtml> {
        let clean = match markup? {
            Markup::Text(text) => clean::from_text(text),
            Markup::Html(html) => match clean::clean(html, &self.listing.base, self.page.encoding) {
                Ok(clean) => clean,
                Err(complex) => {
                    let advice = "the field is left out; choose a smaller part of the row";
                    problems.push(Problem::of_field(place, field, complex.to_string(), advice));
                    return None;
                }
            },
        };
        (!clean.is_empty()).then_some(clean)
    }
}

/// The date of a text without a year under a heading that says it: as one would read it at that year's end.
fn under_year(candidate: &DateText, context: &date::Context<'_>) -> Option<Moment> {
    let end = civil::Date::new(candidate.year?, 12, 31).ok()?.at(23, 59, 59, 0);
    let now = end.to_zoned(context.zone.clone()).ok()?.timestamp();
    let found = date::find(&candidate.text, candidate.origin, &date::Context { now, ..*context })?;
    (found.written == date::Written::Yearless).then_some(found.moment)
}
