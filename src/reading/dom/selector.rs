//! [`Selector`]: a CSS selector, compiled, with what can be told of its matches before they are looked at.

use scraper::{ElementRef, error::SelectorErrorKind, selector::ToCss};

/// A CSS selector, or several with commas between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    inner: scraper::Selector,
    /// What an element must have to match, for each of those between the commas; `None` where that is not plain to see.
    subjects: Option<Vec<Subject>>,
    looks_at_siblings: bool,
}

impl Selector {
    /// Compiles `text`; fails where it is no selector.
    pub fn parse(text: &str) -> Result<Self, SelectorErrorKind> {
        let inner = scraper::Selector::parse(text)?;
        let css = inner.to_css_string();
        Ok(Self { inner, subjects: subjects(&css), looks_at_siblings: css.contains('~') })
    }

    /// Whether `element` matches; `:scope` is the document's root.
    pub fn matches(&self, element: ElementRef<'_>) -> bool {
        self.may_match(element) && self.inner.matches(&element)
    }

    /// The same, where `:scope` is `scope`.
    pub fn matches_within(&self, element: ElementRef<'_>, scope: ElementRef<'_>) -> bool {
        self.may_match(element) && self.inner.matches_with_scope(&element, Some(scope))
    }

    /// What matches below `scope`, whose elements are `elements`, in document order.
    pub(super) fn among<'a>(&self, elements: &[ElementRef<'a>], scope: ElementRef<'a>) -> Vec<ElementRef<'a>> {
        match self.subjects {
            Some(_) => elements.iter().copied().filter(|element| self.matches_within(*element, scope)).collect(),
            // Places among siblings are counted once for all of a search.
            None => scope.select(&self.inner).collect(),
        }
    }

    /// Whether an element's earlier siblings may be asked one by one. `~=` inside `[]` gives a false yes, which only costs more.
    pub(super) fn looks_at_siblings(&self) -> bool {
        self.looks_at_siblings
    }

    /// Whether an element has what the selector wants of it alone: a look, where matching takes a hundred.
    fn may_match(&self, element: ElementRef<'_>) -> bool {
        self.subjects.as_ref().is_none_or(|subjects| subjects.iter().any(|subject| subject.fits(element)))
    }
}

/// The last compound of a selector, which the element itself matches.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Subject {
    name: Option<String>,
    class: Option<String>,
}

impl Subject {
    /// Of a compound like `li.row#first`.
    fn of(compound: &str) -> Self {
        let end = compound.find(['.', '#']).unwrap_or(compound.len());
        let name = compound.get(..end).filter(|name| !matches!(*name, "" | "*"));
        let class = compound.split_once('.').and_then(|(_, after)| after.split(['.', '#']).next());
        Self { name: name.map(str::to_owned), class: class.map(str::to_owned) }
    }

    fn fits(&self, element: ElementRef<'_>) -> bool {
        self.name.as_ref().is_none_or(|name| element.value().name().eq_ignore_ascii_case(name))
            && self
                .class
                .as_ref()
                .is_none_or(|class| element.attr("class").is_some_and(|all| all.contains(class.as_str())))
    }
}

/// The subject of each selector between the commas of `css`, as the library writes it. `None` where something else than names,
/// classes and ids stands in it.
fn subjects(css: &str) -> Option<Vec<Subject>> {
    if css.replace(":scope", "").contains(['\\', '[', '(', '"', '\'', '|', ':']) {
        return None;
    }
    let compounds = css.split(',').map(|one| one.trim().rsplit([' ', '>', '+', '~']).next().unwrap_or_default());
    compounds.map(|compound| (!compound.is_empty() && !compound.contains(':')).then(|| Subject::of(compound))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::dom::{Limits, elements, parse};

    #[test]
    fn what_is_told_beforehand_leaves_no_match_out() {
        let page = "<div class='Row a-b'><p class='x row'>1<b id=i class=row>2</b></p><svg><linearGradient class=row></svg></div>\
                    <ul><li class='row  first'><a href=x class=a>3</a><li><A>4</A></ul><p class=rows>";
        let html = parse(page, &Limits::default()).unwrap();
        let root = html.root_element();
        let all: Vec<_> = elements(root).collect();
        for css in [
            "p",
            "P",
            "*",
            ".row",
            "p.row",
            "P.x.row",
            "b#i",
            "#i",
            "#i.row",
            "div.row",
            ".Row",
            "div > p",
            "div p b",
            "li.row > a",
            "li+li",
            "li ~ li a",
            "a, b",
            "a.a , .row",
            ":scope > body p",
            ":scope",
            "a[href]",
            "li:first-child",
            "li:nth-child(2) a",
            "linearGradient",
            "lineargradient.row",
            ".a-b",
            "p.row, li:not(.row)",
            ".r\\6fw",
            "ul|li",
            "*|li",
            "div *",
            "*.row",
            "li:has(a)",
            "[class~=row]",
            "[class='x row']",
            ".rows",
        ] {
            let Ok(plain) = scraper::Selector::parse(css) else { continue };
            let ours = Selector::parse(css).unwrap();
            let ids = |found: Vec<ElementRef<'_>>| found.iter().map(|element| element.id()).collect::<Vec<_>>();
            assert_eq!(ids(ours.among(&all, root)), ids(root.select(&plain).collect()), "{css}");
            for element in &all {
                assert_eq!(ours.matches(*element), plain.matches(element), "{css}");
            }
        }
    }

    #[test]
    fn subjects_are_what_stands_last() {
        let told = |css: &str| Selector::parse(css).unwrap().subjects;
        let one = |name: Option<&str>, class: Option<&str>| {
            Some(vec![Subject { name: name.map(str::to_owned), class: class.map(str::to_owned) }])
        };
        assert_eq!(told("ul.rows > li"), one(Some("li"), None));
        assert_eq!(told("div .a.b#c"), one(None, Some("a")));
        assert_eq!(told(":scope > h3#x.y"), one(Some("h3"), Some("y")));
        assert_eq!(told("*"), one(None, None));
        assert_eq!((told("a[href]"), told("li:first-child"), told(":scope")), (None, None, None));
    }
}
