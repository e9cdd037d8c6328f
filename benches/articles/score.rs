//! Scores as the corpus's own scorer counts them: multisets of four tokens for bodies, folded text for titles, calendar days for
//! dates, any true name for authors, substrings for snippets.

use std::{
    collections::HashMap,
    fmt::{self, Display},
    sync::LazyLock,
};

use regex::Regex;
use serde_json::Value;
use tearsheet::extract::article::Read;
use unicode_normalization::UnicodeNormalization as _;

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    const CJK: &str = r"\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}\x{f900}-\x{faff}\x{3040}-\x{30ff}\x{ac00}-\x{d7af}";
    Regex::new(&format!(r"[{CJK}]|[[\p{{L}}\p{{N}}_]--[{CJK}]]+")).unwrap()
});
static DAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?").unwrap());
static MINUTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D{0,3}?(\d{1,2})[:：时](\d{2})").unwrap());
static NAMES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[,，、;；]\s*|\band\b|&").unwrap());

/// What is known of a page.
pub(crate) struct Truth<'a> {
    title: Option<&'a str>,
    date: Option<&'a str>,
    author: Option<&'a str>,
    body: Option<&'a str>,
    with: Vec<&'a str>,
    without: Vec<&'a str>,
    is_chinese: bool,
}

impl<'a> Truth<'a> {
    /// Takes the truths of a line.
    pub(crate) fn of(line: &'a Value) -> Self {
        let text = |name: &str| line.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let texts = |name: &str| {
            line.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
        };
        Self {
            title: text("title"),
            date: text("date"),
            author: text("author"),
            body: text("body"),
            with: texts("with"),
            without: texts("without"),
            is_chinese: text("lang") == Some("zh"),
        }
    }
}

/// A share of right answers.
#[derive(Default)]
struct Share {
    right: f64,
    of: f64,
}

impl Share {
    fn add(&mut self, right: f64) {
        self.right += right;
        self.of += 1.0;
    }

    fn value(&self) -> Option<f64> {
        (self.of > 0.0).then(|| self.right / self.of)
    }
}

/// What a set's pages scored.
#[derive(Default)]
pub(crate) struct Score {
    precision: Share,
    recall: Share,
    mean: Share,
    title: Share,
    date: Share,
    wrong: Share,
    minute: Share,
    author: Share,
    snippet_precision: Share,
    snippet_recall: Share,
}

impl Score {
    /// Adds one page.
    pub(crate) fn add(&mut self, truth: &Truth<'_>, read: &Read) {
        if let Some(body) = truth.body {
            self.body(body, &read.text);
        }
        if let Some(title) = truth.title {
            self.title.add(f64::from(folded(title) == folded(read.title.as_deref().unwrap_or_default())));
        }
        if let Some(date) = truth.date {
            self.date(date, &read.published.map(|moment| moment.written()).unwrap_or_default());
        }
        if let Some(author) = truth.author {
            self.author(author, truth.is_chinese, &read.byline.join(", "));
        }
        for snippet in &truth.with {
            let found = read.text.contains(snippet);
            self.snippet_recall.add(f64::from(found));
            if found {
                self.snippet_precision.add(1.0);
            }
        }
        for _ in truth.without.iter().filter(|snippet| read.text.contains(**snippet)) {
            self.snippet_precision.add(0.0);
        }
    }

    /// Whether a figure is no worse than one that is kept. One that was not measured is.
    pub(crate) fn keeps(&self, name: &str, figure: f64) -> bool {
        let body = || Some(harmonic(self.precision.value()?, self.recall.value()?));
        let found = self.fields().into_iter().find(|(other, _)| *other == name);
        let value = if name == "F1" { body() } else { found.and_then(|(_, share)| share.value()) };
        value.is_some_and(|value| if name == "wrong" { value <= figure } else { value >= figure })
    }

    /// Of one page, the names of titles, days, minutes and authors that are not the true ones.
    pub(crate) fn missed(&self) -> impl Iterator<Item = &'static str> {
        let is_told = |name: &&str| ["title", "date", "minute", "author"].contains(name);
        self.fields().into_iter().filter(|(_, share)| share.value() == Some(0.0)).map(|(name, _)| name).filter(is_told)
    }

    fn fields(&self) -> [(&'static str, &Share); 7] {
        [
            ("title", &self.title),
            ("date", &self.date),
            ("wrong", &self.wrong),
            ("minute", &self.minute),
            ("author", &self.author),
            ("snippets P", &self.snippet_precision),
            ("snippets R", &self.snippet_recall),
        ]
    }

    fn body(&mut self, body: &str, text: &str) {
        let (truth, answer) = (shingles(body), shingles(text));
        let count = |of: &HashMap<Vec<String>, u32>| f64::from(of.values().sum::<u32>());
        let both: u32 = truth.iter().map(|(words, n)| (*n).min(answer.get(words).copied().unwrap_or_default())).sum();
        let share = |of: f64, other: f64| match () {
            () if of == 0.0 && other == 0.0 => 1.0,
            () if of == 0.0 => 0.0,
            () => f64::from(both) / of,
        };
        let (given, wanted) = (count(&answer), count(&truth));
        let (precision, recall) = (share(given, wanted), share(wanted, given));
        if given > 0.0 {
            self.precision.add(precision);
        }
        if wanted > 0.0 {
            self.recall.add(recall);
        }
        self.mean.add(harmonic(precision, recall));
    }

    fn date(&mut self, truth: &str, answer: &str) {
        let Some(wanted) = day(truth) else { return };
        let given = day(answer);
        let right =
            given.is_some_and(|(y, m, d)| (y, m) == (wanted.0, wanted.1) && (wanted.2.is_none() || d == wanted.2));
        self.date.add(f64::from(right));
        self.wrong.add(f64::from(given.is_some() && !right));
        if let Some(wanted) = minute(truth).filter(|(_, hour, minute)| (*hour, *minute) != (0, 0)) {
            self.minute.add(f64::from(minute(answer) == Some(wanted)));
        }
    }

    fn author(&mut self, truth: &str, is_chinese: bool, answer: &str) {
        let apart = NAMES.split(truth).flat_map(|name| match is_chinese {
            true => name.split_whitespace().collect::<Vec<_>>(),
            false => vec![name],
        });
        let names: Vec<String> = apart.map(folded).filter(|name| name.chars().count() > 1).collect();
        let answer = folded(answer);
        if !names.is_empty() {
            self.author.add(f64::from(names.iter().any(|name| answer.contains(name))));
        }
    }
}

impl Display for Score {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(precision), Some(recall), Some(mean)) =
            (self.precision.value(), self.recall.value(), self.mean.value())
        {
            write!(out, "P {precision:.3} R {recall:.3} F1 {:.3} mean F1 {mean:.3} ", harmonic(precision, recall))?;
        }
        for (name, share) in self.fields() {
            if let Some(value) = share.value() {
                write!(out, "{name} {value:.3} ")?;
            }
        }
        Ok(())
    }
}

fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
}

fn shingles(text: &str) -> HashMap<Vec<String>, u32> {
    let tokens: Vec<String> = TOKEN.find_iter(text).map(|found| found.as_str().to_owned()).collect();
    let mut out = HashMap::new();
    if tokens.len() < 4 {
        if !tokens.is_empty() {
            out.insert(tokens, 1);
        }
        return out;
    }
    for words in tokens.windows(4) {
        *out.entry(words.to_vec()).or_default() += 1;
    }
    out
}

fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

fn number(found: &regex::Captures<'_>, at: usize) -> Option<u32> {
    found.get(at)?.as_str().parse().ok()
}

fn day(text: &str) -> Option<(u32, u32, Option<u32>)> {
    let found = DAY.captures(text)?;
    Some((number(&found, 1)?, number(&found, 2)?, number(&found, 3)))
}

fn minute(text: &str) -> Option<([u32; 3], u32, u32)> {
    let found = MINUTE.captures(text)?;
    let day = [number(&found, 1)?, number(&found, 2)?, number(&found, 3)?];
    Some((day, number(&found, 4)?, number(&found, 5)?))
}
