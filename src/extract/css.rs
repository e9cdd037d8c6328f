//! [`Css`]: a selector relative to an item: the item itself, what is within it, what follows it, or what stands above it.
//! [`compile`] maps scraper's faults to texts that say what to do.

use scraper::error::SelectorErrorKind;

use super::{BadRule, field::Field, field::split_attribute, shown::Extent};
use crate::{model::FieldRule, reading::dom::Selector};

/// A selector may be so many bytes long.
const SELECTOR_BYTES: usize = 4096;

/// Where a field is, relative to its item.
#[derive(Debug, Clone)]
pub(super) enum Css {
    /// The item's own element.
    Itself,
    /// Elements within the item; the item itself where it alone matches.
    Within(Selector),
    /// The element right after the item, or what that holds: `+ dd`.
    Next(Selector),
    /// Elements after the item up to the next item, or what those hold: `~ dd`.
    After(Selector),
    /// The nearest element before the item, as a heading over several items: `^ h3`.
    Above(Selector),
    /// The bare text right after the item: `~`.
    TextAfter,
    /// The bare text right before it: `^`.
    TextBefore,
}

impl Css {
    /// Compiles a field's selector. It may begin with a combinator, which then starts at the item: `> a`, `+ dd`.
    pub(super) fn compile(field: &str, written: &str) -> Result<Self, BadRule> {
        let written = written.trim();
        if written == "~" {
            Ok(Self::TextAfter)
        } else if written == "^" {
            Ok(Self::TextBefore)
        } else if let Some(after) = written.strip_prefix('+') {
            compile(field, after).map(Self::Next)
        } else if let Some(after) = written.strip_prefix('~') {
            compile(field, after).map(Self::After)
        } else if let Some(above) = written.strip_prefix('^') {
            compile(field, above).map(Self::Above)
        } else if written.starts_with('>') {
            compile(field, &format!(":scope {written}")).map(Self::Within)
        } else if written.is_empty() || written == ":scope" {
            Ok(Self::Itself)
        } else {
            compile(field, written).map(Self::Within)
        }
    }

    /// A whole field rule, with `::first-line` split off its selector, and `@attribute` where it was not yet.
    pub(super) fn field(name: &str, rule: &FieldRule) -> Result<Field<Self>, BadRule> {
        let (selector, attribute) = match &rule.attr {
            Some(attr) => (rule.select.as_str(), Some(attr.as_str())),
            None => split_attribute(&rule.select),
        };
        let attribute = attribute.map(str::to_ascii_lowercase);
        let (selector, extent) = Extent::of(selector);
        if extent == Extent::FirstLine && (attribute.is_some() || rule.html == Some(true)) {
            let advice = "leave ::first-line out, or take the text";
            return Err(BadRule::new(name, "only a text has a first line", advice));
        }
        Ok(Field { extent, ..Field::compile(name, rule, Self::compile(name, selector)?, attribute)? })
    }
}

/// Compiles a selector.
pub(super) fn compile(field: &str, written: &str) -> Result<Selector, BadRule> {
    if written.len() > SELECTOR_BYTES {
        return Err(BadRule::new(field, "its selector is too long", "write at most 4096 bytes"));
    }
    Selector::parse(written).map_err(|fault| {
        let written = written.trim();
        let shown = written.trim_start_matches(":scope").trim();
        let (reason, advice) = by_sight(shown).unwrap_or_else(|| explain(&fault));
        BadRule::new(field, format!("{shown:?} is no CSS selector that can be used: {reason}"), advice)
    })
}

/// Faults that the text shows better than the parser's answer.
fn by_sight(written: &str) -> Option<(&'static str, &'static str)> {
    let parts: Vec<&str> = written.split(',').map(str::trim).collect();
    let ends_open = |part: &&str| part.ends_with(['>', '+', '~', '.', '#', ':', '(']);
    let has_digit_class = |(place, _): (usize, &str)| {
        written.get(place + 1..).and_then(|rest| rest.chars().next()).is_some_and(|next| next.is_ascii_digit())
    };
    if written.is_empty() {
        Some(("it is empty", "name an element, as \"li.post\""))
    } else if ["contains(", ":eq(", ":first(", "::text", "::attr"].iter().any(|word| written.contains(word)) {
        Some((
            "only selectors of CSS itself exist here",
            "leave :contains, :eq, ::text and the like out; take an attribute as \"a@href\", words with regex",
        ))
    } else if parts.iter().any(|part| part.is_empty()) {
        Some(("a part of it is empty", "remove the comma that has nothing before or after it"))
    } else if parts.iter().any(ends_open) {
        Some(("it ends too early", "end it with the name of an element, class or id"))
    } else if written.starts_with('/') {
        Some(("it is an XPath", "write it as CSS: //ul[@class='a']/li is \"ul.a > li\""))
    } else if written.match_indices(['.', '#']).any(has_digit_class) {
        Some(("a class or id in it begins with a digit", "write it as [class~=\"2col\"] or [id=\"2col\"]"))
    } else {
        None
    }
}

fn explain(fault: &SelectorErrorKind) -> (&'static str, &'static str) {
    match fault {
        SelectorErrorKind::EndOfLine => ("it ends too early", "close its brackets, and end it with a name"),
        SelectorErrorKind::UnexpectedToken => {
            ("a sign in it is not expected there", "check its brackets, commas and quotes")
        }
        SelectorErrorKind::InvalidAtRule | SelectorErrorKind::InvalidAtRuleBody => {
            ("an @ stands in it", "write one attribute at the end, as \"a@href\"")
        }
        SelectorErrorKind::TooManyNestedBlocks => ("its brackets are nested too deeply", "write a simpler one"),
        SelectorErrorKind::ExpectedColonOnPseudoElement | SelectorErrorKind::ExpectedIdentityOnPseudoElement => {
            ("what follows a colon is no name", "write pseudo-classes as :not(…), :has(…) or :nth-child(2)")
        }
        SelectorErrorKind::QualRuleInvalid | SelectorErrorKind::UnexpectedSelectorParseError(_) => (
            "a part of it is empty or unknown here",
            "classes begin with a dot, ids with #; :contains and pseudo-elements do not exist here",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_say_what_to_do() {
        for (written, word) in [
            ("li.post >", "ends too early"),
            ("li..post", "no CSS selector"),
            ("a:contains('x')", ":contains"),
            ("a, , b", "comma"),
            ("//div[@id='x']/a", "XPath"),
            (".2col a", "begins with a digit"),
            ("a::before", "no CSS selector"),
            ("li:has(", "ends too early"),
            ("", "it is empty"),
        ] {
            let bad = compile("item", written).expect_err(written);
            assert_eq!(bad.field, "item");
            assert!(bad.to_string().contains(word), "{written}: {bad}");
            assert!(!bad.to_string().contains('\n'), "{bad}");
        }
        let whole =
            |select: &str| Css::field("title", &FieldRule { select: select.to_owned(), ..FieldRule::default() });
        assert!(whole("td::first-line@title").is_err_and(|bad| bad.reason.contains("first line")));
        assert!(whole("td::first-line").is_ok_and(|field| field.extent == Extent::FirstLine));
        assert!(whole("~::first-line").is_ok_and(|field| matches!(field.select, Css::TextAfter)));
        assert!(matches!(Css::compile("date", "+ dd"), Ok(Css::Next(_))));
        assert!(matches!(Css::compile("date", "^ h3"), Ok(Css::Above(_))));
        assert!(matches!(Css::compile("date", "^"), Ok(Css::TextBefore)));
        assert!(matches!(Css::compile("date", "~ "), Ok(Css::TextAfter)));
        assert!(matches!(Css::compile("date", "> a"), Ok(Css::Within(_))));
        assert!(matches!(Css::compile("date", " "), Ok(Css::Itself)));
    }
}
