//! HTML page → rows. [`Rule`] is the compiled rule; [`read`] applies it to a page through the guarded parse.
//!
//! A row that lies within another row belongs to itself alone: the outer row's fields do not see it.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

use super::{
    BadRule,
    css::{self, Css},
    field::Field,
    head::Head,
    link,
    notes::Notes,
    read::{ROWS, empty},
    row::Row,
    shown::Others,
};
use crate::{
    model::{Item, Listing, Outcome, Page, Rules},
    reading::dom::{self, Limits},
};

/// A rule for HTML pages.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    item: Selector,
    title: Option<Field<Css>>,
    link: Option<Field<Css>>,
    date: Option<Field<Css>>,
    summary: Option<Field<Css>>,
    image: Option<Field<Css>>,
    author: Option<Field<Css>>,
    category: Option<Field<Css>>,
    next: Option<Field<Css>>,
}

impl Rule {
    /// Compiles every selector and expression of `rules`.
    pub(super) fn compile(rules: &Rules) -> Result<Self, BadRule> {
        let field = |name, rule: &Option<_>| rule.as_ref().map(|rule| Css::field(name, rule)).transpose();
        Ok(Self {
            item: css::compile("item", rules.item.trim())?,
            title: field("title", &rules.title)?,
            link: field("link", &rules.link)?,
            date: field("date", &rules.date)?,
            summary: field("summary", &rules.summary)?,
            image: field("image", &rules.image)?,
            author: field("author", &rules.author)?,
            category: field("category", &rules.category)?,
            next: field("next", &rules.next)?,
        })
    }
}

/// The rows of `page` by `rule`; without a rule, the page's own words and no rows.
pub(super) fn read(page: &Page, rule: Option<&Rule>) -> Listing {
    let mut notes = Notes::default();
    let html = match dom::parse(&page.text, &Limits::default()) {
        Ok(html) => html,
        Err(fault) => {
            notes.page(fault.to_string(), "watch another page of the site, or its feed or API");
            return empty(page, Outcome::TooComplex, notes);
        }
    };
    let head = Head::of(&html, page);
    let mut listing = empty(page, Outcome::Read, Notes::default());
    listing.base = head.base;
    listing.title = head.title;
    listing.language = head.language;
    listing.next = head.next;
    match rule {
        Some(rule) => {
            if let Some(field) = &rule.next {
                listing.next = Row::new(html.root_element(), &Others::new()).address(field);
            }
            listing.items = rows(&html, rule, &mut notes);
            listing.outcome = if listing.items.is_empty() { Outcome::NoMatch } else { Outcome::Read };
        }
        None => {
            notes.page("the source has no rule", "write item = \"…\", a CSS selector of one row, under its [[source]]");
            listing.outcome = Outcome::NoRule;
        }
    }
    listing.problems = notes.finish();
    listing
}

fn rows(html: &Html, rule: &Rule, notes: &mut Notes) -> Vec<Item> {
    let found: Vec<ElementRef<'_>> = html.select(&rule.item).take(ROWS + 1).collect();
    if found.is_empty() {
        notes.page(
            "its item selector matches nothing",
            "look whether the page changed, was built by a script, or is a login or error page",
        );
    }
    if found.len() > ROWS {
        notes.page(format!("it has more than {ROWS} rows; the rest were left out"), "name a smaller part as item");
    }
    let ids: HashSet<_> = found.iter().map(|row| row.id()).collect();
    let outer: HashSet<_> = found
        .iter()
        .filter_map(|row| row.ancestors().find(|node| ids.contains(&node.id())))
        .map(|node| node.id())
        .collect();
    let none = Others::new();
    let mut items = Vec::with_capacity(found.len().min(ROWS));
    for (place, element) in found.into_iter().take(ROWS).enumerate() {
        let holds_others = outer.contains(&element.id());
        let row = Row::among(element, if holds_others { &ids } else { &none }, &ids);
        match rule.item_of(&row, place, notes) {
            Some(item) => items.push(item),
            // What only wraps other rows, or is a table's head, is no article.
            None if holds_others => {}
            None => notes.row(
                place,
                "item",
                "neither title nor link was found",
                "make item narrower, so that it matches articles alone",
            ),
        }
    }
    items
}

impl Rule {
    /// One row as an item; `None` if it has neither title nor link.
    fn item_of(&self, row: &Row<'_>, place: usize, notes: &mut Notes) -> Option<Item> {
        let title_element = self.title.as_ref().and_then(|field| row.first(&field.select));
        let link_element = match &self.link {
            Some(field) => row.first(&field.select).and_then(|found| row.link_near(found)),
            None => title_element.and_then(|found| row.link_near(found)).or_else(|| row.first_link()),
        };
        let link = match &self.link {
            Some(field) => row.address(field),
            None => link_element.and_then(link::address).map(str::to_owned),
        };
        let title = match &self.title {
            Some(field) => row.title(field),
            None => row.title_by_link(link_element),
        };
        if title.is_empty() && link.is_none() {
            return None;
        }
        if link.is_none() {
            notes.row(place, "link", "no link was found", "name the link's element, as link = \"a.title@href\"");
        }
        if title.is_empty() {
            notes.row(place, "title", "no title was found", "name the title's element, as title = \"h3\"");
        }
        let dates = match &self.date {
            Some(field) => {
                let dates = row.dates(field);
                if dates.is_empty() {
                    notes.row(place, "date", "its date rule found nothing", "compare the rule with the row");
                }
                dates
            }
            None => row.dates_without_rule(title_element.or(link_element)),
        };
        Some(Item {
            title,
            link,
            dates,
            summary: self.summary.as_ref().and_then(|field| row.markup(field)),
            content: None,
            image: self.image.as_ref().and_then(|field| row.picture(field)),
            authors: self.author.as_ref().and_then(|field| row.text(field)).into_iter().collect(),
            categories: self.category.as_ref().map(|field| row.texts(field)).unwrap_or_default(),
            outlet: None,
            guid: None,
        })
    }
}
