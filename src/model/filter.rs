//! [`Filter`]: which articles are kept, which dropped, and what is rewritten in those that stay. Of a source or of a feed.

use std::{sync::Arc, time::Duration};

use regex::Regex;

/// The rules of a source or a feed. The default keeps everything as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where there are any, only what one of them fits is kept.
    pub keep: Vec<Rule>,
    /// What one of them fits is dropped.
    pub drop: Vec<Rule>,
    /// Done in this order with what is left.
    pub rewrite: Vec<Rewrite>,
}

/// A rule: it fits what all of its tests fit. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// As it was written, for people.
    pub written: Arc<str>,
    /// What must hold.
    pub tests: Vec<Test>,
}

/// One condition of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// A field has one of these.
    Has(Field, Vec<Pattern>),
    /// It was published at least this long before it was first seen.
    Age(Duration),
    /// One of these rules fits.
    Any(Vec<Rule>),
    /// All of these rules fit.
    All(Vec<Rule>),
    /// None of these rules fits.
    Not(Vec<Rule>),
}

/// What a test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The title.
    Title,
    /// Title, summary and content.
    Text,
    /// Each author.
    Author,
    /// Each category.
    Category,
    /// The outlet.
    Outlet,
    /// The link.
    Url,
}

/// What a field may have.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// These words, whole where their script puts spaces between words; folded by `reading::filter`.
    Words(Arc<str>),
    /// A match of this expression.
    Regex(Regex),
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Words(one), Self::Words(other)) => one == other,
            (Self::Regex(one), Self::Regex(other)) => one.as_str() == other.as_str(),
            _ => false,
        }
    }
}

impl Eq for Pattern {}

/// One thing to rewrite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// In which field: title, author, category or outlet.
    pub field: Field,
    /// What becomes of it.
    pub change: Change,
}

/// What becomes of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Every match of the pattern becomes the text, which may name its groups.
    Replace(Pattern, Arc<str>),
    /// The field becomes this text, in which `{title}`, `{source}`, `{outlet}`, `{author}` and `{category}` stand for what the article has.
    Template(Arc<str>),
}
