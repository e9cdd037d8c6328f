//! HTML page → rows. [`compile`] makes the rule; [`read`] applies it to a page through the guarded parse.
//!
//! A row that lies within another row belongs to itself alone: the outer row's fields do not see it.

use std::collections::HashSet;

use scraper::Html;

use super::{
    BadRule,
    css::{self, Css},
    head::Head,
    link,
    notes::Notes,
    pager,
    read::{ROWS, empty},
    row::{Found, Headings, Row},
    shown::Others,
    undated::{HasDate, Undated},
    years,
};
use crate::{
    model::{Item, Listing, Outcome, Page, Rules},
    reading::dom::{self, Budget, Limits, Selector, TooComplex},
};

/// A rule for HTML pages.
pub(super) type Rule = super::rule::Rule<Selector, Css>;

/// Compiles every selector and expression of `rules`.
pub(super) fn compile(rules: &Rules) -> Result<Rule, BadRule> {
    Rule::of(css::compile("item", rules.item.trim())?, rules, Css::field)
}

/// The parsed page, or the listing that says why it cannot be parsed.
pub(super) fn parse(page: &Page) -> Result<Html, Box<Listing>> {
    dom::parse(&page.text, &Limits::default()).map_err(|fault| {
        let mut notes = Notes::default();
        notes.page(fault.to_string(), "watch another page of the site, or its feed or API");
        Box::new(empty(page, Outcome::TooComplex, notes))
    })
}

/// The rows of `page` by `rule`.
pub(super) fn read(page: &Page, rule: &Rule) -> Listing {
    match parse(page) {
        Ok(html) => read_parsed(&html, page, &Head::of(&html, page), Some(rule)),
        Err(listing) => *listing,
    }
}

/// The rows of a page that is parsed; without a rule, the page's own words and no rows.
pub(super) fn read_parsed(html: &Html, page: &Page, head: &Head, rule: Option<&Rule>) -> Listing {
    let mut notes = Notes::default();
    let mut listing = head.listing(page);
    match rule {
        Some(rule) => {
            let mut reading = Reading { rule, budget: Budget::default(), notes: &mut notes, items: Vec::new() };
            let ended = reading.page(html, &mut listing.next);
            listing.items = reading.items;
            listing.outcome = match ended {
                Err(fault) => {
                    notes.page(fault.to_string(), "name a smaller part of the page as item, with simpler selectors");
                    Outcome::TooComplex
                }
                Ok(()) if listing.items.is_empty() => Outcome::NoMatch,
                Ok(()) => Outcome::Read,
            };
            if rule.next.is_none() && listing.next.is_none() {
                listing.next = pager::next(html, page, &head.base);
            }
        }
        None => {
            notes.page(
                "no list of articles was found on it",
                "look whether a script builds it, or write item = \"…\", a CSS selector of one row, under its [[source]]",
            );
            listing.outcome = Outcome::NoRule;
        }
    }
    listing.problems = notes.finish();
    listing
}

/// A page while its rows are read.
struct Reading<'r> {
    rule: &'r Rule,
    budget: Budget,
    notes: &'r mut Notes,
    items: Vec<Item>,
}

impl Reading<'_> {
    fn page(&mut self, html: &Html, next: &mut Option<String>) -> Result<(), TooComplex> {
        if let Some(field) = &self.rule.next {
            let row = (Others::new(), Headings::default());
            *next = Row::new(html.root_element(), &row.0, &row.1).find(field, &self.budget)?.address();
        }
        let found = dom::select(html, &self.rule.item, &self.budget)?;
        if found.is_empty() {
            self.notes.page(
                "its item selector matches nothing",
                "look whether the page changed, was built by a script, or is a login or error page",
            );
        }
        if found.len() > ROWS {
            let reason = format!("it has more than {ROWS} rows; the rest were left out");
            self.notes.page(reason, "name a smaller part as item");
        }
        let ids: HashSet<_> = found.iter().map(|row| row.id()).collect();
        let outer: HashSet<_> = found
            .iter()
            .filter_map(|row| row.ancestors().find(|node| ids.contains(&node.id())))
            .map(|node| node.id())
            .collect();
        let none = Others::new();
        let mut undated = Undated::default();
        let mut rows = Vec::new();
        let headings = Headings::of(html, self.rule.fields(), &ids, &self.budget)?;
        for (place, element) in found.into_iter().take(ROWS).enumerate() {
            let holds_others = outer.contains(&element.id());
            let row = Row::among(element, if holds_others { &ids } else { &none }, &ids, &headings);
            match self.item(&row, place)? {
                Some(item) => {
                    if self.rule.date.is_some() {
                        let has_date = if item.dates.is_empty() { HasDate::No } else { HasDate::Yes };
                        undated.row(element.parent().map(|list| list.id()), place, has_date);
                    }
                    self.items.push(item);
                    rows.push(element.id());
                }
                // What only wraps other rows is no article.
                None if holds_others => {}
                None => self.notes.row(
                    place,
                    "item",
                    "neither title nor link was found",
                    "make item narrower, so that it matches articles alone",
                ),
            }
        }
        years::tell(html, &rows, &mut self.items);
        for place in undated.told() {
            self.notes.row(place, "date", "its date rule found nothing", "compare the rule with the row");
        }
        Ok(())
    }

    /// One row as an item; `None` if it has neither title nor link.
    fn item(&mut self, row: &Row<'_>, place: usize) -> Result<Option<Item>, TooComplex> {
        let rule = self.rule;
        let budget = &self.budget;
        let found = |field| row.find_if(field, budget);
        let titled = found(&rule.title)?;
        let linked = found(&rule.link)?;
        let title_element = titled.as_ref().and_then(Found::first);
        let link_element = match &linked {
            Some(linked) => linked.first().and_then(|found| row.link_near(found)),
            None => title_element.and_then(|found| row.link_near(found)).or_else(|| row.first_link()),
        };
        let link = match &linked {
            Some(linked) => linked.address(),
            None => link_element.and_then(link::address).map(str::to_owned),
        };
        let title = match &titled {
            Some(titled) => titled.title(),
            None => row.title_by_link(link_element),
        };
        if title.is_empty() && link.is_none() {
            return Ok(None);
        }
        let dates = match found(&rule.date)? {
            Some(dated) => dated.dates(),
            None => row.dates_without_rule(title_element.or(link_element)),
        };
        let item = Item {
            title,
            link,
            dates,
            summary: found(&rule.summary)?.and_then(|found| found.markup()),
            content: None,
            image: found(&rule.image)?.and_then(|found| found.picture()),
            authors: found(&rule.author)?.and_then(|found| found.text()).into_iter().collect(),
            categories: found(&rule.category)?.map(|found| found.texts()).unwrap_or_default(),
            outlet: None,
            guid: None,
        };
        if item.link.is_none() {
            self.notes.row(place, "link", "no link was found", "name the link's element, as link = \"a.title@href\"");
        }
        if item.title.is_empty() {
            self.notes.row(place, "title", "no title was found", "name the title's element, as title = \"h3\"");
        }
        Ok(Some(item))
    }
}
