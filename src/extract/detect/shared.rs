//! What the addresses of known articles have in common and other links of their rows have not: [`of`] gives each such [`Part`],
//! and [`Part::narrowed`] writes it as a condition on the link, so that headings, files and tags beside the articles stay out.

use crate::model::{FieldRule, Rules};

/// Known addresses below which nothing is said to be common to them.
const LEAST: usize = 3;

/// A condition on an `href`, as CSS writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part(String);

/// The parts that all `known` addresses have and not all `others`, as written.
pub(super) fn of(known: &[&str], others: &[&str]) -> Vec<Part> {
    if known.len() < LEAST {
        return Vec::new();
    }
    let tells = |has: &dyn Fn(&str) -> bool| known.iter().all(|href| has(href)) && !others.iter().all(|href| has(href));
    let mut found = Vec::new();
    if let Some(start) = start(known).filter(|start| tells(&|href| href.starts_with(start))) {
        found.push(Part(format!("[href^=\"{start}\"]")));
    }
    let ends = |href: &str, end: &str| ending(href).is_some_and(|own| own.eq_ignore_ascii_case(end));
    if let Some(end) = known.first().and_then(|href| ending(href)).filter(|end| tells(&|href| ends(href, end))) {
        found.push(Part(format!("[href$=\"{}\" i]", end.to_ascii_lowercase())));
    }
    found
}

/// What all begin with, to the end of a part of the path, or to the name of the first parameter.
fn start<'a>(known: &[&'a str]) -> Option<&'a str> {
    let first = known.first()?;
    let alike = |other: &&str| first.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let length = known.iter().map(alike).min()?;
    // A year or number that all share today is not what tomorrow's have.
    let path = first.find("://").and_then(|at| Some(at + 3 + first.get(at + 3..)?.find('/')?)).unwrap_or(0);
    let fixed = first.get(path..)?.find(|sign: char| sign.is_ascii_digit()).map_or(length, |at| path + at);
    let shared = first.get(..length.min(fixed))?;
    let end = shared.rfind(['/', '?', '=', '&']).map(|at| at + 1)?;
    let start = shared.get(..end)?;
    // The root of a site says nothing.
    let says = start.trim_matches('/').len() >= 2 && !start.ends_with("://");
    (says && is_plain(start)).then_some(start)
}

/// `.pdf`.
fn ending(href: &str) -> Option<&str> {
    let end = href.get(href.rfind('.')?..)?;
    ((3..=6).contains(&end.len()) && end.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric())).then_some(end)
}

/// Whether a text can stand in a selector's string as it is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'@' | b'\''))
}

impl Part {
    /// The rules with this condition on the link; `None` where the link is no element within the row.
    pub(super) fn narrowed(&self, rules: &Rules) -> Option<Rules> {
        let select = &rules.link.as_ref()?.select;
        let (path, attribute) = select.rsplit_once('@')?;
        if path.is_empty() || rules.item.contains(',') {
            return None;
        }
        let narrow = |path: &str| format!("{path}{}", self.0);
        let link = FieldRule { select: format!("{}@{attribute}", narrow(path)), ..FieldRule::default() };
        // Where the title was the link's text, it is that of the narrower link.
        let title = rules.title.clone().map(|title| {
            let select = if title.select == path { narrow(path) } else { title.select.clone() };
            FieldRule { select, ..title }
        });
        Some(Rules { link: Some(link), title, ..rules.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(known: &[&str], others: &[&str]) -> Vec<String> {
        of(known, others).into_iter().map(|part| part.0).collect()
    }

    #[test]
    fn what_is_common_to_the_known_and_not_to_others_is_a_condition() {
        let known = ["/opinions/2024/12.pdf", "/opinions/2024/17.pdf", "/opinions/2025/3.pdf"];
        assert_eq!(written(&known, &["?sort=title"]), [r#"[href^="/opinions/"]"#, r#"[href$=".pdf" i]"#]);
        assert_eq!(written(&known, &["/opinions/2024/12.zip"]), [r#"[href$=".pdf" i]"#]);
        assert!(written(&known, &["/opinions/2025/99.pdf"]).is_empty(), "a new article has it too");
        assert!(written(&known, &[]).is_empty());
        let known = ["/opinions/2024/12", "/opinions/2024/17", "/opinions/2024/3"];
        assert_eq!(written(&known, &["?sort=title"]), [r#"[href^="/opinions/"]"#], "next year's are articles too");
    }

    #[test]
    fn the_root_of_a_site_says_nothing() {
        let known = ["/1", "/2", "/3"];
        assert!(written(&known, &["http://b.example/1"]).is_empty());
        let known = ["http://a.example/1", "http://a.example/2", "http://b.example/3"];
        assert!(written(&known, &["/x"]).is_empty());
        assert!(written(&["/a/1", "/a/2"], &["/x"]).is_empty(), "two are too few");
    }
}
