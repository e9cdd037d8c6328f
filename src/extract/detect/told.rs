//! What known articles tell of their rows: where their titles and dates stand. [`Told::fields`] writes the rules that read them there.

use std::cell::Cell;

use super::{
    dates, fields,
    group::Group,
    selector,
    tree::{At, Tree},
};
use crate::{
    extract::shown::Extent,
    model::{Article, FieldRule, Moment, Origin, Rules},
    reading::date,
};

/// Least rows whose articles are known.
const LEAST: usize = 2;
/// Widest text, in bytes, that is looked at for a date.
const WIDEST: usize = 300;

/// The rows of a list whose articles are known.
pub(super) struct Told<'t, 'a> {
    tree: &'t Tree<'a>,
    rows: Vec<(At, &'t Article)>,
    /// The forms in which titles and dates may stand there: as they are, and as the source's rules took them out of longer texts.
    titles: Vec<Form>,
    dates: Vec<Form>,
}

/// What is left of a text as a field.
#[derive(Default)]
struct Form {
    rule: FieldRule,
    extent: Extent,
    regex: Option<regex::Regex>,
}

impl Form {
    /// The texts as they are, and what `rule` makes of them.
    fn all(rule: Option<&FieldRule>) -> Vec<Self> {
        let shaped = rule.and_then(|rule| {
            let regex = rule.regex.as_deref().map(regex::Regex::new).transpose().ok()?;
            let (_, extent) = Extent::of(&rule.select);
            let is_shaped = regex.is_some() || rule.format.is_some() || extent != Extent::Whole;
            let rule = FieldRule { select: String::new(), attr: None, ..rule.clone() };
            is_shaped.then_some(Self { rule, extent, regex })
        });
        let usable = shaped.into_iter().filter(|form| form.rule.replace.is_none() && form.rule.join.is_none());
        usable.chain(std::iter::once(Self::default())).collect()
    }

    fn of<'x>(&self, text: &'x str) -> Option<&'x str> {
        let Some(regex) = &self.regex else { return Some(text) };
        let groups = regex.captures(text)?;
        groups.get(1).or_else(|| groups.get(0)).map(|found| found.as_str().trim())
    }

    fn at(&self, select: String) -> FieldRule {
        FieldRule { select: self.extent.written(&select), ..self.rule.clone() }
    }
}

impl<'t, 'a> Told<'t, 'a> {
    /// The rows of `group` that hold one of the links in `known`, by link's element in the page's order.
    pub(super) fn of(tree: &'t Tree<'a>, group: &Group, known: &[(At, &'t Article)], rules: Option<&Rules>) -> Self {
        let row = |row: &At| {
            let span = tree.span(*row);
            let from = known.partition_point(|(at, _)| *at < span.start);
            known.get(from).filter(|(at, _)| *at < span.end).map(|(_, article)| (*row, *article))
        };
        Self {
            tree,
            rows: group.rows.iter().filter_map(row).collect(),
            titles: Form::all(rules.and_then(|rules| rules.title.as_ref())),
            dates: Form::all(rules.and_then(|rules| rules.date.as_ref())),
        }
    }

    /// `rules` with title and date where those known stand; `None` where that says nothing else than they do.
    pub(super) fn fields(&self, rules: &Rules, context: &date::Context<'_>) -> Option<Rules> {
        let mut told = rules.clone();
        let is_title = |form: &Form, article: &Article, at: At| {
            form.of(&self.tree.taken(at, form.extent)).is_some_and(|text| is_title(article, text))
        };
        let titles = self.titles.iter();
        let title =
            titles.filter_map(|form| Some(form.at(self.place(|article, at| is_title(form, article, at))?))).next();
        if let Some(title) = title.filter(|title| rules.title.as_ref() != Some(title)) {
            told.title = Some(title);
        }
        if let Some(date) = self.date(context)
            && rules.date.as_ref() != Some(&date)
        {
            told.date = Some(date);
        }
        (told != *rules).then_some(told)
    }

    /// The rule of the date: as most rows show the known ones, in words or in a form of numbers alone.
    fn date(&self, context: &date::Context<'_>) -> Option<FieldRule> {
        for form in &self.dates {
            if let Some(select) = self.place(|article, at| self.is_date(form, article, at, context)) {
                return Some(form.at(select));
            }
        }
        [Order::Month, Order::Day].into_iter().find_map(|first| {
            let form = Cell::new(None);
            let select = self.place(|article, at| {
                let sign = numbered(article, &self.tree.text(at), first);
                form.set(sign.or(form.get()));
                sign.is_some()
            })?;
            let (sign, is_short) = form.get()?;
            let year = if is_short { "%y" } else { "%Y" };
            let (one, two) = if first == Order::Month { ("%m", "%d") } else { ("%d", "%m") };
            Some(FieldRule { format: Some(format!("{one}{sign}{two}{sign}{year}").into()), ..fields::rule(select) })
        })
    }

    /// The selector of the innermost element for which `is` holds, where most rows have one.
    fn place(&self, is: impl Fn(&Article, At) -> bool) -> Option<String> {
        let innermost = |(row, article): &(At, &Article)| self.tree.span(*row).filter(|at| is(article, *at)).last();
        let places: Vec<Option<At>> = self.rows.iter().map(innermost).collect();
        let found = places.iter().flatten().count();
        if found < LEAST || found * 5 < self.rows.len() * 3 {
            return None;
        }
        let rows: Vec<At> = self.rows.iter().map(|(row, _)| *row).collect();
        selector::within(self.tree, &rows, &places)
    }

    fn is_date(&self, form: &Form, article: &Article, at: At, context: &date::Context<'_>) -> bool {
        let text = self.tree.taken(at, form.extent);
        if article.published.origin != Origin::List || text.len() > WIDEST {
            return false;
        }
        let day = |moment: Moment| moment.written().chars().take(10).collect::<String>();
        let known = day(article.published);
        let Some(text) = form.of(&text) else { return false };
        if let Some(format) = &form.rule.format {
            return date::read_as(text, format, Origin::List, context).is_ok_and(|moment| day(moment) == known);
        }
        if dates::numbers(text).is_some() {
            return false;
        }
        let Some(found) = date::find(text, Origin::List, context) else { return false };
        let shown = day(found.moment);
        match found.written {
            date::Written::Full => shown == known,
            _ => shown.get(5..).is_some_and(|day| known.ends_with(day)),
        }
    }
}

/// What stands first in a date of three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Month,
    Day,
}

/// The sign between the numbers of `12/31/2025`, and whether the year has two digits, if that is the article's date.
fn numbered(article: &Article, text: &str, first: Order) -> Option<(char, bool)> {
    if article.published.origin != Origin::List {
        return None;
    }
    let (one, two, year, sign, is_short) = dates::numbers(text)?;
    let (month, day) = if first == Order::Month { (one, two) } else { (two, one) };
    let year = if is_short { year + 2000 } else { year };
    article.published.written().starts_with(&format!("{year:04}-{month:02}-{day:02}")).then_some((sign, is_short))
}

/// Whether a text is the article's title, apart from spaces and case.
fn is_title(article: &Article, text: &str) -> bool {
    let plain =
        |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).flat_map(char::to_lowercase).collect::<String>();
    text.len() <= article.title.len() * 2 + 20 && !text.is_empty() && plain(text) == plain(&article.title)
}
