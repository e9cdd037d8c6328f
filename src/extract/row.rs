//! [`Row`]: one row of an HTML page; [`Found`]: what a field names in it, as text, address, dates or picture.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::{
    beside,
    css::Css,
    field::Field,
    link, picture,
    shown::{self, Others},
};
use crate::{
    model::{DateText, Markup, Origin},
    reading::{
        dom::{self, Budget, Scope, Selector, TooComplex},
        text,
    },
};

/// Text longer than this is no row's date, in bytes.
const DATE_BYTES: usize = 400;

/// HTML of one field, in bytes.
const MARKUP_BYTES: usize = 1 << 20;

/// A row's element and the rows that lie within or after it.
pub(super) struct Row<'a> {
    element: ElementRef<'a>,
    /// What the row holds.
    scope: Scope<'a>,
    /// Rows that this one holds, and that are passed over.
    within: &'a Others,
    /// All rows: where looking after this one ends.
    all: &'a Others,
    headings: &'a Headings<'a>,
}

/// What stands above rows, for each selector that asks for it.
#[derive(Default)]
pub(super) struct Headings<'a>(Vec<(&'a Selector, HashMap<NodeId, ElementRef<'a>>)>);

impl<'a> Headings<'a> {
    /// Finds what stands above `rows` by any of `fields`.
    pub(super) fn of(
        html: &'a Html,
        fields: impl Iterator<Item = &'a Field<Css>>,
        rows: &Others,
        budget: &Budget,
    ) -> Result<Self, TooComplex> {
        let mut found = Self::default();
        for field in fields {
            if let Css::Above(selector) = &field.select {
                found.0.push((selector, dom::nearest_before(html, selector, rows, budget)?));
            }
        }
        Ok(found)
    }

    fn above(&self, selector: &Selector, row: ElementRef<'a>) -> Option<ElementRef<'a>> {
        let (_, rows) = self.0.iter().find(|(known, _)| std::ptr::eq(*known, selector))?;
        rows.get(&row.id()).copied()
    }
}

impl<'a> Row<'a> {
    /// A row that stands alone.
    pub(super) fn new(element: ElementRef<'a>, none: &'a Others, headings: &'a Headings<'a>) -> Self {
        Self { element, scope: Scope::of(element), within: none, all: none, headings }
    }

    /// A row among others; `within` is empty where it holds none of them.
    pub(super) fn among(
        element: ElementRef<'a>,
        within: &'a Others,
        all: &'a Others,
        headings: &'a Headings<'a>,
    ) -> Self {
        Self { element, scope: Scope::of(element), within, all, headings }
    }

    /// What `field` names in this row, in the page's order.
    pub(super) fn find<'b>(&'b self, field: &'b Field<Css>, budget: &Budget) -> Result<Found<'a, 'b>, TooComplex> {
        let element = self.element;
        let elements = match &field.select {
            Css::Itself => vec![element],
            Css::Within(selector) => {
                let mut inner = self.scope.select(selector, budget)?;
                if !self.within.is_empty() {
                    inner.retain(|found| self.is_own(*found));
                }
                if inner.is_empty() && selector.matches_within(element, element) {
                    inner.push(element);
                }
                inner
            }
            Css::Next(selector) => self.following(1, selector, budget)?,
            Css::After(selector) => self.following(usize::MAX, selector, budget)?,
            Css::Above(selector) => self.headings.above(selector, element).into_iter().collect(),
            Css::TextAfter | Css::TextBefore => Vec::new(),
        };
        let beside = match &field.select {
            Css::TextAfter => Some(beside::after(element, self.all, field.extent)),
            Css::TextBefore => Some(beside::before(element, self.all, field.extent)),
            _ => None,
        };
        Ok(Found { row: self, field, elements, beside: beside.filter(|text| !text.is_empty()) })
    }

    /// The same for a field that may have no rule.
    pub(super) fn find_if<'b>(
        &'b self,
        field: &'b Option<Field<Css>>,
        budget: &Budget,
    ) -> Result<Option<Found<'a, 'b>>, TooComplex> {
        field.as_ref().map(|field| self.find(field, budget)).transpose()
    }

    /// What matches among the next siblings and in them, as far as the next row.
    fn following(&self, most: usize, selector: &Selector, budget: &Budget) -> Result<Vec<ElementRef<'a>>, TooComplex> {
        let mut found = Vec::new();
        let siblings = self.element.next_siblings().filter_map(ElementRef::wrap);
        for sibling in siblings.take_while(|sibling| !self.all.contains(&sibling.id())).take(most) {
            let inner = Scope::of(sibling).select(selector, budget)?;
            found.extend(selector.matches(sibling).then_some(sibling));
            found.extend(inner);
        }
        Ok(found)
    }

    /// Whether no other row lies between `found` and this one.
    fn is_own(&self, found: ElementRef<'a>) -> bool {
        let own = self.element.id();
        let up = std::iter::once(found.id()).chain(found.ancestors().map(|node| node.id()));
        up.take_while(|id| *id != own).all(|id| !self.within.contains(&id))
    }

    /// The title where no rule names it: the link's, or another link's to the same address, or a heading.
    pub(super) fn title_by_link(&self, found: Option<ElementRef<'a>>) -> String {
        let Some(first) = found else { return self.heading() };
        let title = link::title(first, self.within);
        if !shown::text(first, self.within).is_empty() {
            return title;
        }
        // A picture that links comes first in many cards, the title second.
        let target = link::address(first);
        let twins = Own::of(self.element, self.within).filter(|twin| link::address(*twin) == target);
        let twin = twins.map(|twin| link::title(twin, self.within)).find(|other| !other.is_empty() && *other != title);
        let heading = || Some(self.heading()).filter(|heading| !heading.is_empty());
        twin.or_else(heading).unwrap_or(title)
    }

    fn heading(&self) -> String {
        let mut headings = Own::of(self.element, self.within).filter(|inner| link::is_heading(inner.value().name()));
        headings.next().map(|heading| shown::text(heading, self.within)).unwrap_or_default()
    }

    /// The first link in the row, or the row itself.
    pub(super) fn first_link(&self) -> Option<ElementRef<'a>> {
        Own::of(self.element, self.within).find(|inner| link::address(*inner).is_some())
    }

    /// The link that `found` is, lies in, or holds.
    pub(super) fn link_near(&self, found: ElementRef<'a>) -> Option<ElementRef<'a>> {
        let is_link = |element: &ElementRef<'a>| link::address(*element).is_some();
        if is_link(&found) {
            return Some(found);
        }
        let own = self.element.id();
        let mut done = found.id() == own;
        let outer = found.ancestors().take_while(move |node| {
            let goes_on = !done;
            done = node.id() == own;
            goes_on
        });
        let outer = outer.filter_map(ElementRef::wrap).find(is_link);
        outer.or_else(|| Own::of(found, self.within).find(is_link))
    }

    /// The dates of a row without a rule for them: `<time>`, else the row's text without that of its title.
    pub(super) fn dates_without_rule(&self, title: Option<ElementRef<'a>>) -> Vec<DateText> {
        let date = |text: String, origin| DateText { text, format: None, origin, year: None };
        let mut dates: Vec<DateText> = Own::of(self.element, self.within)
            .filter_map(|inner| inner.attr("datetime"))
            .map(text::line)
            .filter(|text| !text.is_empty())
            .take(3)
            .map(|text| date(text, Origin::Time))
            .collect();
        let own = self.element.id();
        let target = title.and_then(|title| link::address(title));
        let around = shown::text_without(self.element, &|inner: ElementRef<'_>| {
            let is_title = title.is_some_and(|title| title.id() == inner.id())
                || (target.is_some() && link::address(inner) == target);
            self.within.contains(&inner.id()) || (is_title && inner.id() != own)
        });
        if holds_digit(&around) && around.len() <= DATE_BYTES {
            dates.push(date(around, Origin::List));
        } else if let Some(title) = title {
            // A date may be glued to the title.
            let glued = shown::text(title, self.within);
            if holds_digit(&glued) && glued.len() <= DATE_BYTES {
                dates.push(date(glued, Origin::List));
            }
        }
        dates
    }
}

/// What a field names in one row.
pub(super) struct Found<'a, 'b> {
    row: &'b Row<'a>,
    field: &'b Field<Css>,
    elements: Vec<ElementRef<'a>>,
    /// Text that no element of its own holds.
    beside: Option<String>,
}

impl<'a> Found<'a, '_> {
    /// The first element.
    pub(super) fn first(&self) -> Option<ElementRef<'a>> {
        self.elements.first().copied()
    }

    /// The text (or attribute, or inner HTML) of every match, before the field's expression.
    fn raw(&self) -> impl Iterator<Item = String> + '_ {
        let elements = self.elements.iter().filter_map(|found| match &self.field.attr {
            Some(attr) => found.attr(attr).map(str::to_owned),
            None if self.field.html == Some(true) => dom::write_inside(*found, MARKUP_BYTES).ok(),
            None => Some(shown::taken(*found, self.row.within, self.field.extent)),
        });
        elements.chain(self.beside.iter().cloned())
    }

    /// The field's text.
    pub(super) fn text(&self) -> Option<String> {
        self.field.settle(self.raw()).map(|found| text::line(&found))
    }

    /// The text of each match, each once; one text where the rule joins them.
    pub(super) fn texts(&self) -> Vec<String> {
        if self.field.join.is_some() {
            return self.text().into_iter().collect();
        }
        let mut texts: Vec<String> = Vec::new();
        for found in self.raw().filter_map(|found| self.field.shape.apply(&found)).map(|found| text::line(&found)) {
            if !found.is_empty() && !texts.contains(&found) {
                texts.push(found);
            }
        }
        texts
    }

    /// A title; where its text is cut, an attribute of its element or link that has more.
    pub(super) fn title(&self) -> String {
        let shown = self.text().unwrap_or_default();
        let is_whole = self.field.attr.is_some() || !self.field.is_plain() || self.field.join.is_some();
        let Some(element) = self.first().filter(|_| !is_whole) else { return shown };
        let fuller = link::whole(element, &shown);
        if fuller != shown {
            return fuller;
        }
        self.row.link_near(element).map_or(shown, |near| link::whole(near, &fuller))
    }

    /// An address: the named attribute, else `href` of the element or of the link near it, else the text.
    pub(super) fn address(&self) -> Option<String> {
        if self.field.attr.is_some() || self.field.html.is_some() {
            return self.field.settle(self.raw());
        }
        self.field.settle(self.elements.iter().map(|found| {
            let own = found.attr("href").or_else(|| self.row.link_near(*found).and_then(link::address));
            own.map_or_else(|| shown::text(*found, self.row.within), str::to_owned)
        }))
    }

    /// The dates, the most trusted first.
    pub(super) fn dates(&self) -> Vec<DateText> {
        let field = self.field;
        let date = |found: String, origin| DateText {
            text: text::line(&found),
            format: field.format.clone(),
            origin,
            year: None,
        };
        let shown = field.settle(self.raw());
        if let Some(attr) = &field.attr {
            let origin = if attr == "datetime" { Origin::Time } else { Origin::List };
            return shown.map(|found| date(found, origin)).into_iter().collect();
        }
        // A rule that names <time> without more means what the element says to programs.
        let is_bare = field.format.is_none() && field.is_plain() && field.join.is_none();
        let told = self.elements.iter().filter(|_| is_bare).find_map(|found| found.attr("datetime"));
        let told = told.filter(|found| !found.trim().is_empty()).map(|found| date(found.to_owned(), Origin::Time));
        told.into_iter().chain(shown.map(|found| date(found, Origin::List))).collect()
    }

    /// A text that may carry marks: inner HTML unless the rule wants text or changes it.
    pub(super) fn markup(&self) -> Option<Markup> {
        let as_text = self.field.attr.is_some() || self.field.html == Some(false) || !self.field.is_plain();
        if (as_text || self.beside.is_some()) && self.field.html != Some(true) {
            return self.text().map(Markup::Text);
        }
        let inner = self.elements.iter().filter_map(|found| dom::write_inside(*found, MARKUP_BYTES).ok());
        self.field.settle(inner).map(Markup::Html)
    }

    /// A picture's address.
    pub(super) fn picture(&self) -> Option<String> {
        match self.field.attr.as_deref() {
            None | Some("src") => self.field.settle(self.elements.iter().filter_map(|found| picture::of(*found))),
            Some(_) => self.field.settle(self.raw()),
        }
    }
}

fn holds_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

/// An element and what it holds, in the page's order, without the subtrees of other rows.
struct Own<'a> {
    next: Option<ElementRef<'a>>,
    top: NodeId,
    others: &'a Others,
}

impl<'a> Own<'a> {
    fn of(element: ElementRef<'a>, others: &'a Others) -> Self {
        Self { next: Some(element), top: element.id(), others }
    }

    fn is_own(&self, element: ElementRef<'a>) -> bool {
        !self.others.contains(&element.id())
    }
}

impl<'a> Iterator for Own<'a> {
    type Item = ElementRef<'a>;

    fn next(&mut self) -> Option<ElementRef<'a>> {
        let current = self.next?;
        let child = current.child_elements().find(|child| self.is_own(*child));
        self.next = child.or_else(|| {
            let mut element = current;
            while element.id() != self.top {
                let after = element.next_siblings().filter_map(ElementRef::wrap).find(|next| self.is_own(*next));
                if after.is_some() {
                    return after;
                }
                element = element.parent().and_then(ElementRef::wrap)?;
            }
            None
        });
        Some(current)
    }
}
