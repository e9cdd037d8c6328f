//! [`Field`]: how one value is taken from an item, compiled: select → attribute or text → regex → template → join.
//!
//! - [`Field`]: a field rule whose selector is of type `S` (CSS or JSONPath).
//! - [`Shape`]: the regular expression and template that a taken text passes.
//! - [`split_attribute`]: `"selector@attribute"` into its parts.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::{BadRule, shown::Extent};
use crate::model::FieldRule;

/// A compiled expression may take so many bytes; the crate's matching time is linear in the text.
const REGEX_BYTES: usize = 10 << 20;

/// A written expression or template may be so many bytes long.
const WRITTEN_BYTES: usize = 4096;

/// A compiled field rule.
#[derive(Debug, Clone)]
pub(super) struct Field<S> {
    /// Where to look, relative to the item.
    pub(super) select: S,
    /// The attribute to take instead of the text.
    pub(super) attr: Option<String>,
    /// How much of the text is taken.
    pub(super) extent: Extent,
    /// What the taken text passes.
    pub(super) shape: Shape,
    /// `strftime` pattern of a date.
    pub(super) format: Option<Arc<str>>,
    /// Joins every match instead of taking the first.
    pub(super) join: Option<String>,
    /// Whether inner HTML is taken; absent means what suits the field.
    pub(super) html: Option<bool>,
}

impl<S> Field<S> {
    /// The rule without its selector and attribute, which each kind of page compiles in its own way.
    pub(super) fn compile(name: &str, rule: &FieldRule, select: S, attr: Option<String>) -> Result<Self, BadRule> {
        Ok(Self {
            select,
            attr,
            extent: Extent::Whole,
            shape: Shape::compile(name, rule)?,
            format: rule.format.clone(),
            join: rule.join.clone(),
            html: rule.html,
        })
    }

    /// Whether the whole text is taken as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.extent == Extent::Whole && self.shape.is_plain()
    }

    /// One text out of all matches: joined where the rule says so, else the first that is not empty.
    pub(super) fn settle(&self, matches: impl Iterator<Item = String>) -> Option<String> {
        let mut shaped = matches.filter_map(|text| self.shape.apply(&text)).filter(|text| !text.is_empty());
        match &self.join {
            None => shaped.next(),
            Some(between) => {
                let all: Vec<String> = shaped.collect();
                (!all.is_empty()).then(|| all.join(between))
            }
        }
    }
}

/// `regex` and `replace` of a rule.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    regex: Option<Regex>,
    template: Option<String>,
}

impl Shape {
    fn compile(name: &str, rule: &FieldRule) -> Result<Self, BadRule> {
        let long = rule.replace.as_ref().is_some_and(|template| template.len() > WRITTEN_BYTES);
        if long {
            return Err(BadRule::new(name, "its replace template is too long", "write at most 4096 bytes"));
        }
        let Some(written) = &rule.regex else {
            if rule.replace.is_some() {
                let advice = "add regex = \"…\", whose groups the template names as $1 or $name";
                return Err(BadRule::new(name, "replace stands without a regex", advice));
            }
            return Ok(Self::default());
        };
        if written.len() > WRITTEN_BYTES {
            return Err(BadRule::new(name, "its regex is too long", "write at most 4096 bytes"));
        }
        let regex = RegexBuilder::new(written).size_limit(REGEX_BYTES).build().map_err(|fault| {
            let (reason, advice) = match fault {
                regex::Error::CompiledTooBig(_) => {
                    ("its regex grows too large when compiled".to_owned(), "use smaller repeat counts")
                }
                other => (
                    format!("its regex cannot be read: {}", last_line(&other.to_string())),
                    "see docs.rs/regex for the syntax; look-around and back-references do not exist in it",
                ),
            };
            BadRule::new(name, reason, advice)
        })?;
        Ok(Self { regex: Some(regex), template: rule.replace.clone() })
    }

    /// The text after regex and template; `None` if the expression matches nothing.
    pub(super) fn apply(&self, text: &str) -> Option<String> {
        let Some(regex) = &self.regex else { return Some(text.trim().to_owned()) };
        let groups = regex.captures(text)?;
        let kept = match &self.template {
            Some(template) => {
                let mut out = String::new();
                groups.expand(template, &mut out);
                out
            }
            None => groups.get(1).or_else(|| groups.get(0))?.as_str().to_owned(),
        };
        Some(kept.trim().to_owned())
    }

    /// Whether texts are put through an expression.
    pub(super) fn is_plain(&self) -> bool {
        self.regex.is_none()
    }
}

/// The regex crate draws the expression over several lines; the last says what is wrong.
fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or(text).trim_start_matches("error: ")
}

/// `"selector@attribute"` into selector and attribute. An `@` inside brackets, parentheses or quotes belongs to
/// the selector, as in `a[href*="@"]`, and so does one that no attribute name follows.
pub fn split_attribute(written: &str) -> (&str, Option<&str>) {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    let mut at = None;
    for (place, sign) in written.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, sign) {
            (_, '\\') => escaped = true,
            (Some(open), _) if sign == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(sign),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, '@') if depth == 0 => at = Some(place),
            _ => {}
        }
    }
    let parts = at.and_then(|place| written.split_at_checked(place));
    let Some((selector, attribute)) = parts else { return (written.trim(), None) };
    let attribute = attribute.trim_start_matches('@').trim();
    let is_name = !attribute.is_empty() && attribute.chars().all(|c| c.is_alphanumeric() || "-_:.".contains(c));
    if is_name { (selector.trim(), Some(attribute)) } else { (written.trim(), None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attribute_is_split_off_outside_of_brackets() {
        assert_eq!(split_attribute("a@href"), ("a", Some("href")));
        assert_eq!(split_attribute("@data-url"), ("", Some("data-url")));
        assert_eq!(split_attribute("a[href*=\"@\"]"), ("a[href*=\"@\"]", None));
        assert_eq!(split_attribute("a[href*='x@y'] @ title "), ("a[href*='x@y']", Some("title")));
        assert_eq!(split_attribute("img:not([src^=\"@)\"])@src"), ("img:not([src^=\"@)\"])", Some("src")));
        assert_eq!(split_attribute("use@xlink:href"), ("use", Some("xlink:href")));
        assert_eq!(split_attribute("a@"), ("a@", None));
        assert_eq!(split_attribute(""), ("", None));
    }

    fn shape(regex: &str, replace: Option<&str>) -> Shape {
        let rule =
            FieldRule { regex: Some(regex.to_owned()), replace: replace.map(str::to_owned), ..FieldRule::default() };
        Shape::compile("date", &rule).unwrap()
    }

    #[test]
    fn the_first_group_is_kept_or_the_template_filled() {
        assert_eq!(shape(r"\((\d+)\)", None).apply("x (17) y").as_deref(), Some("17"));
        assert_eq!(shape(r"\d+", None).apply("x 17 y").as_deref(), Some("17"));
        assert_eq!(shape(r"(?P<d>\d+)/(\d+)", Some("$2-${d}")).apply("1/2").as_deref(), Some("2-1"));
        assert_eq!(shape(r"\d+", None).apply("none"), None);
    }

    #[test]
    fn bad_expressions_are_told_in_one_line() {
        let bad = |regex: Option<&str>, replace: Option<&str>| {
            let rule = FieldRule {
                regex: regex.map(str::to_owned),
                replace: replace.map(str::to_owned),
                ..FieldRule::default()
            };
            Shape::compile("title", &rule).unwrap_err()
        };
        assert!(bad(Some("(a"), None).reason.contains("unclosed group"));
        assert!(bad(Some("(?:a{1000}){1000}"), None).reason.contains("too large"));
        assert_eq!(bad(None, Some("$1")).field, "title");
    }
}
