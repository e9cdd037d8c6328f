//! What the TOML parser says, in words for a person, and without what follows from a fault that was told already.

use std::collections::BTreeSet;

use toml::de::Error;

use super::{
    fault::Fault,
    shown::{quoted, shown},
};

/// The faults that the parser found in `text`.
pub(super) fn faults(text: &str, errors: &[Error]) -> Vec<Fault> {
    let mut told: Vec<Fault> = Vec::new();
    // The line of the last fault, and whether a list was open there: all that follows is then read as its elements.
    let mut last: Option<(usize, bool)> = None;
    let mut errors: Vec<&Error> = errors.iter().collect();
    errors.sort_by_key(|e| e.span().map_or(text.len(), |span| span.start));
    for error in errors {
        let fault = fault(text, error);
        let line = line(text, fault.span.start);
        let in_list = error.message().contains("array elements") || error.message().contains("in array");
        if let Some((before, open)) = last
            && (line == before || (open && line <= before + 1))
        {
            last = Some((line, open || in_list));
            continue;
        }
        last = Some((line, in_list));
        told.push(fault);
    }
    told
}

/// What is not worth telling beside faults of syntax: what stands in the same line as one of them.
pub(super) fn keep_apart(text: &str, syntax: &[Fault], others: Vec<Fault>) -> Vec<Fault> {
    let broken: BTreeSet<usize> = syntax.iter().map(|f| line(text, f.span.start)).collect();
    others.into_iter().filter(|f| !broken.contains(&line(text, f.span.start))).collect()
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count()
}

fn fault(text: &str, error: &Error) -> Fault {
    let span = error.span().unwrap_or(text.len()..text.len());
    let words = text.get(span.clone()).unwrap_or_default().trim();
    let message = error.message().replace('\n', ", ");
    let starts = |start: &str| message.starts_with(start);
    let new = |reason: String| Fault::new(span.clone(), reason);
    if starts("string values must be quoted") && words.is_empty() {
        return new("a value is missing".to_owned()).advise("write one after `=`, or leave the line out");
    }
    let bare = words.starts_with(char::is_alphabetic) && ["invalid float", "invalid boolean"].into_iter().any(starts);
    if starts("string values must be quoted") || bare {
        return new(format!("the text {} stands without quotes", quoted(words)))
            .advise(format!("write \"{}\"", shown(words, 60)));
    }
    if starts("duplicate key") && matches!(words, "source" | "feed") {
        return new(format!("{} was a single table above", quoted(words)))
            .advise(format!("write [[{words}]], in two brackets, each time"));
    }
    if starts("duplicate key") {
        return new(format!("{} is written twice", quoted(words))).advise("keep one of them");
    }
    if starts("missing escaped value") || message.contains("escape") {
        return new("a backslash in double quotes starts a sign of its own".to_owned())
            .advise("write the text in single quotes, as '\\d+', or the backslash twice");
    }
    if starts("missing comma between array elements") {
        return new("a comma or `]` is missing before this".to_owned()).advise("close the list that was opened above");
    }
    new(shown(&message, 200))
}
