//! [`Row`]: one row of an HTML page, and how fields are taken from it.

use ego_tree::NodeId;
use scraper::ElementRef;

use super::{
    css::{self, Css},
    field::Field,
    link, picture,
    shown::{self, Others},
};
use crate::model::{DateText, Markup, Origin};

/// Text longer than this is no row's date, in bytes.
const DATE_BYTES: usize = 400;

/// A row's element and the rows that lie within or after it.
pub(super) struct Row<'a> {
    element: ElementRef<'a>,
    /// Rows that this one holds, and that are passed over.
    within: &'a Others,
    /// All rows: where looking after this one ends.
    all: &'a Others,
}

impl<'a> Row<'a> {
    /// A row that stands alone.
    pub(super) fn new(element: ElementRef<'a>, none: &'a Others) -> Self {
        Self { element, within: none, all: none }
    }

    /// A row among others; `within` is empty where it holds none of them.
    pub(super) fn among(element: ElementRef<'a>, within: &'a Others, all: &'a Others) -> Self {
        Self { element, within, all }
    }

    /// Every element that `way` names, in the page's order.
    fn select<'b>(&self, way: &'b Css) -> Box<dyn Iterator<Item = ElementRef<'a>> + 'b>
    where
        'a: 'b,
    {
        let element = self.element;
        match way {
            Css::Itself => Box::new(std::iter::once(element)),
            Css::Within(selector) if self.within.is_empty() => {
                let mut inner = element.select(selector).peekable();
                if inner.peek().is_some() {
                    return Box::new(inner);
                }
                Box::new(std::iter::once(element).filter(move |own| css::matches(selector, *own, element)))
            }
            Css::Within(selector) => {
                let inner = Own::of(element, self.within);
                Box::new(inner.filter(move |found| css::matches(selector, *found, element)))
            }
            Css::After(selector) => {
                let all = self.all;
                let after = element.next_siblings().filter_map(ElementRef::wrap);
                let until_next = after.take_while(move |sibling| !all.contains(&sibling.id()));
                Box::new(
                    until_next
                        .flat_map(|sibling| std::iter::once(sibling).chain(sibling.descendent_elements()))
                        .filter(move |found| css::matches(selector, *found, element)),
                )
            }
        }
    }

    /// The first element that `way` names.
    pub(super) fn first(&self, way: &Css) -> Option<ElementRef<'a>> {
        self.select(way).next()
    }

    /// The text (or attribute, or inner HTML) of every match of `field`, before its expression.
    fn raw<'b>(&'b self, field: &'b Field<Css>) -> impl Iterator<Item = String> + 'b {
        self.select(&field.select).filter_map(move |found| match &field.attr {
            Some(attr) => found.attr(attr).map(str::to_owned),
            None if field.html == Some(true) => Some(found.inner_html()),
            None => Some(shown::text(found, self.within)),
        })
    }

    /// The field's text.
    pub(super) fn text(&self, field: &Field<Css>) -> Option<String> {
        field.settle(self.raw(field)).map(|text| shown::collapse(&text))
    }

    /// The text of each match, each once; one text where the rule joins them.
    pub(super) fn texts(&self, field: &Field<Css>) -> Vec<String> {
        if field.join.is_some() {
            return self.text(field).into_iter().collect();
        }
        let mut texts: Vec<String> = Vec::new();
        for text in self.raw(field).filter_map(|text| field.shape.apply(&text)).map(|text| shown::collapse(&text)) {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// The title by its rule; where its text is cut, an attribute of its element or link that has more.
    pub(super) fn title(&self, field: &Field<Css>) -> String {
        let found = self.text(field).unwrap_or_default();
        if field.attr.is_some() || !field.shape.is_plain() || field.join.is_some() {
            return found;
        }
        let Some(element) = self.first(&field.select) else { return found };
        let fuller = link::whole(element, &found);
        if fuller != found {
            return fuller;
        }
        self.link_near(element).map_or(found, |near| link::whole(near, &fuller))
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

    /// An address by its rule: the named attribute, else `href` of the element or of the link near it, else the text.
    pub(super) fn address(&self, field: &Field<Css>) -> Option<String> {
        if field.attr.is_some() || field.html.is_some() {
            return field.settle(self.raw(field));
        }
        let addresses = self.select(&field.select).map(|found| {
            let own = found.attr("href").or_else(|| self.link_near(found).and_then(link::address));
            own.map_or_else(|| shown::text(found, self.within), str::to_owned)
        });
        field.settle(addresses)
    }

    /// The dates by their rule, the most trusted first.
    pub(super) fn dates(&self, field: &Field<Css>) -> Vec<DateText> {
        let date =
            |text: String, origin| DateText { text: shown::collapse(&text), format: field.format.clone(), origin };
        if let Some(attr) = &field.attr {
            let origin = if attr == "datetime" { Origin::Time } else { Origin::List };
            return field.settle(self.raw(field)).map(|text| date(text, origin)).into_iter().collect();
        }
        let shown = field.settle(self.raw(field)).map(|text| date(text, Origin::List));
        // A rule that names <time> without more means what the element says to programs.
        let told = || self.select(&field.select).find_map(|found| found.attr("datetime"));
        let told = if field.format.is_none() && field.shape.is_plain() && field.join.is_none() { told() } else { None };
        let told = told.filter(|text| !text.trim().is_empty()).map(|text| date(text.to_owned(), Origin::Time));
        told.into_iter().chain(shown).collect()
    }

    /// The dates of a row without a rule for them: `<time>`, else the row's text without that of its title.
    pub(super) fn dates_without_rule(&self, title: Option<ElementRef<'a>>) -> Vec<DateText> {
        let date = |text: String, origin| DateText { text, format: None, origin };
        let mut dates: Vec<DateText> = Own::of(self.element, self.within)
            .filter_map(|inner| inner.attr("datetime"))
            .map(shown::collapse)
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

    /// A text that may carry marks: inner HTML unless the rule wants text or changes it.
    pub(super) fn markup(&self, field: &Field<Css>) -> Option<Markup> {
        let as_text = field.attr.is_some() || field.html == Some(false) || !field.shape.is_plain();
        if as_text && field.html != Some(true) {
            return self.text(field).map(Markup::Text);
        }
        let inner = self.select(&field.select).map(|found| found.inner_html());
        field.settle(inner).map(Markup::Html)
    }

    /// A picture's address by its rule.
    pub(super) fn picture(&self, field: &Field<Css>) -> Option<String> {
        match field.attr.as_deref() {
            None | Some("src") => field.settle(self.select(&field.select).filter_map(picture::of)),
            Some(_) => field.settle(self.raw(field)),
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
