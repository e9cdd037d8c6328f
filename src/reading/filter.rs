//! Whether a [`Filter`] keeps an article, and why not; and what its rewriting makes of a field.
//!
//! - [`Facts`]: what rules look at, of a draft or an article alike.
//!
//! Words are compared without case and width. Nothing here asks for the time: age is counted up to the first sight, so that
//! what a rule says of an article does not change while nobody looks.

use std::{borrow::Cow, time::Duration};

use regex::{NoExpand, Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

use super::clean;
use crate::model::{Change, CleanHtml, Field, Filter, Pattern, Rewrite, Rule, Test};

/// Most bytes of text that an expression is tried on.
const LONGEST: usize = 256 * 1024;

/// What rules look at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// The title.
    pub title: &'a str,
    /// Summary and content.
    pub html: [Option<&'a CleanHtml>; 2],
    /// Authors.
    pub authors: &'a [String],
    /// Categories.
    pub categories: &'a [String],
    /// The outlet.
    pub outlet: Option<&'a str>,
    /// The link.
    pub url: &'a str,
    /// How old it was when it was first seen; absent where its date is not known.
    pub age: Option<Duration>,
    /// The source's name.
    pub source: &'a str,
}

/// The words that a pattern holds for `text`: without case and width, white space as one space.
pub fn words(text: &str) -> Pattern {
    Pattern::Words(folded(text).split_whitespace().collect::<Vec<_>>().join(" ").into())
}

/// What a filter says of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling<'a> {
    /// It is kept: this rule of `keep` fits, or there are none.
    Kept(Option<&'a Rule>),
    /// This rule of `drop` fits.
    Dropped(&'a Rule),
    /// There are rules of `keep`, and none fits.
    Unfit,
}

impl Ruling<'_> {
    /// Whether it stays.
    pub fn is_kept(&self) -> bool {
        matches!(self, Self::Kept(_))
    }

    /// Which rule said so, for people; nothing where there is none to name.
    pub fn written(&self) -> Option<String> {
        match self {
            Self::Kept(None) => None,
            Self::Kept(Some(rule)) => Some(format!("kept by {}", rule.written)),
            Self::Dropped(rule) => Some(format!("dropped by {}", rule.written)),
            Self::Unfit => Some("no rule of `keep` fits".to_owned()),
        }
    }
}

/// Whether the article is kept, and by which rule.
pub fn ruling<'a>(filter: &'a Filter, facts: &Facts<'_>) -> Ruling<'a> {
    if let Some(rule) = filter.drop.iter().find(|rule| fits(rule, facts)) {
        return Ruling::Dropped(rule);
    }
    match filter.keep.iter().find(|rule| fits(rule, facts)) {
        None if !filter.keep.is_empty() => Ruling::Unfit,
        rule => Ruling::Kept(rule),
    }
}

/// Whether all tests of `rule` fit.
pub fn fits(rule: &Rule, facts: &Facts<'_>) -> bool {
    rule.tests.iter().all(|test| match test {
        Test::Has(field, patterns) => has(*field, patterns, facts),
        Test::Age(least) => facts.age.is_some_and(|age| age >= *least),
        Test::Any(rules) => rules.iter().any(|rule| fits(rule, facts)),
        Test::All(rules) => rules.iter().all(|rule| fits(rule, facts)),
        Test::Not(rules) => !rules.iter().any(|rule| fits(rule, facts)),
    })
}

/// What `rewrites` make of `field`'s `text`; nothing where it stays.
pub fn rewritten(rewrites: &[Rewrite], field: Field, text: &str, facts: &Facts<'_>) -> Option<String> {
    let mut now = Cow::Borrowed(text);
    for rewrite in rewrites.iter().filter(|rewrite| rewrite.field == field) {
        let made = match &rewrite.change {
            Change::Replace(Pattern::Regex(regex), by) => regex.replace_all(&now, &**by).into_owned(),
            Change::Replace(Pattern::Words(words), by) => match plain(words) {
                Some(regex) => regex.replace_all(&now, NoExpand(by)).into_owned(),
                None => continue,
            },
            Change::Template(template) => filled(template, &now, field, facts),
        };
        // A rewriting that leaves nothing would take from readers what they open the article by.
        let made = super::text::line(&made);
        if !made.is_empty() {
            now = Cow::Owned(made);
        }
    }
    (now != text).then(|| now.into_owned())
}

fn has(field: Field, patterns: &[Pattern], facts: &Facts<'_>) -> bool {
    let any = |text: &str| patterns.iter().any(|pattern| matches(pattern, text));
    match field {
        Field::Title => any(facts.title),
        Field::Author => facts.authors.iter().any(|author| any(author)),
        Field::Category => facts.categories.iter().any(|category| any(category)),
        Field::Outlet => facts.outlet.is_some_and(any),
        Field::Url => any(facts.url),
        Field::Text => any(facts.title) || facts.html.iter().flatten().any(|html| any(&clean::to_text(html))),
    }
}

fn matches(pattern: &Pattern, text: &str) -> bool {
    let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text);
    match pattern {
        Pattern::Regex(regex) => regex.is_match(text),
        Pattern::Words(words) => stands_in(words, &folded(text)),
    }
}

/// Whether `words` stand in `text`, whole.
fn stands_in(words: &str, text: &str) -> bool {
    let (first, last) = (words.chars().next(), words.chars().next_back());
    text.match_indices(words).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = at.checked_add(words.len()).and_then(|end| text.get(end..)).and_then(|after| after.chars().next());
        !one_word(before, first) && !one_word(last, after)
    })
}

/// Whether two neighbouring characters are of one word.
fn one_word(one: Option<char>, other: Option<char>) -> bool {
    let spaced = |character: char| character.is_alphanumeric() && character < '\u{0e00}';
    one.is_some_and(spaced) && other.is_some_and(spaced)
}

fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// The expression of plain words.
fn plain(words: &str) -> Option<Regex> {
    RegexBuilder::new(&regex::escape(words)).case_insensitive(true).build().ok()
}

fn filled(template: &str, now: &str, field: Field, facts: &Facts<'_>) -> String {
    let first = |names: &[String]| names.first().cloned().unwrap_or_default();
    let mut made = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        made.push_str(before);
        let Some((name, further)) = after.split_once('}') else { break };
        match name {
            "title" if field == Field::Title => made.push_str(now),
            "title" => made.push_str(facts.title),
            "source" => made.push_str(facts.source),
            "outlet" => made.push_str(facts.outlet.unwrap_or_default()),
            "author" => made.push_str(&first(facts.authors)),
            "category" => made.push_str(&first(facts.categories)),
            _ => {}
        }
        rest = further;
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(tests: Vec<Test>) -> Rule {
        Rule { written: "a rule".into(), tests }
    }

    fn title(text: &str) -> Rule {
        rule(vec![Test::Has(Field::Title, vec![words(text)])])
    }

    fn facts(title: &str) -> Facts<'_> {
        Facts { title, url: "https://example.org/a", ..Facts::default() }
    }

    #[test]
    fn words_are_whole_where_the_script_has_words() {
        for (text, within, found) in [
            ("招聘", "国家电网2021年招聘公告", true),
            ("ＧＲＩＤ", "Grid news", true),
            ("grid", "gridlock", false),
            ("grid", "a grid-scale battery", true),
            ("power cut", "Power  cut", false),
            ("5G", "华为5G手机", true),
            ("5G", "15G", false),
        ] {
            assert_eq!(fits(&title(text), &facts(within)), found, "{text} in {within}");
        }
    }

    #[test]
    fn drop_goes_before_keep() {
        let filter = Filter { keep: vec![title("电网")], drop: vec![title("招聘")], ..Filter::default() };
        for (title, kept, written) in [
            ("电网要闻", true, Some("kept by a rule")),
            ("电网招聘", false, Some("dropped by a rule")),
            ("天气", false, Some("no rule of `keep` fits")),
        ] {
            let facts = facts(title);
            let ruling = ruling(&filter, &facts);
            assert_eq!((ruling.is_kept(), ruling.written().as_deref()), (kept, written), "{title}");
        }
        assert_eq!(ruling(&Filter::default(), &facts("天气")), Ruling::Kept(None));
    }

    #[test]
    fn any_all_not_and_age() {
        let week = Test::Age(Duration::from_secs(7 * 86_400));
        let mixed = rule(vec![Test::Any(vec![title("甲"), title("乙")]), Test::Not(vec![title("丙")])]);
        assert!(fits(&mixed, &facts("乙")));
        assert!(!fits(&mixed, &facts("乙丙")));
        assert!(!fits(&rule(vec![Test::All(vec![title("甲"), title("乙")])]), &facts("甲")));
        let old = Facts { age: Some(Duration::from_secs(8 * 86_400)), ..facts("甲") };
        assert!(fits(&rule(vec![week.clone()]), &old));
        assert!(!fits(&rule(vec![week]), &facts("甲")), "no date, no age");
    }

    #[test]
    fn rewriting_goes_in_order_and_never_leaves_nothing() {
        let change = |change| Rewrite { field: Field::Title, change };
        let rewrites = [
            change(Change::Replace(Pattern::Regex(Regex::new(r"^【(\w+)】").unwrap()), "$1：".into())),
            change(Change::Replace(words("（图）"), "".into())),
            change(Change::Template("[{source}] {title}".into())),
        ];
        let facts = Facts { source: "电网", ..facts("x") };
        assert_eq!(rewritten(&rewrites, Field::Title, "【快讯】开工", &facts).as_deref(), Some("[电网] 快讯：开工"));
        assert_eq!(rewritten(&rewrites[..2], Field::Title, "开工", &facts), None);
        let all = [change(Change::Replace(Pattern::Regex(Regex::new(".*").unwrap()), "".into()))];
        assert_eq!(rewritten(&all, Field::Title, "开工", &facts), None);
    }
}
