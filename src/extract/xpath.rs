//! XPath as people write it to scrape a list → the CSS selector that selects the same.
//!
//! Only what CSS can say is taken over: steps to children and descendants, names, `*`, and predicates on attributes and places.
//! All else (axes that go up, functions, unions) is left, so that no rule is taken over with another meaning.

/// A path as a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// The CSS selector; empty for the element itself. A leading `>` means a child of it.
    pub select: String,
    /// The attribute that the path ends in, if any.
    pub attr: Option<String>,
}

/// The selector of an XPath 1.0 location path; nothing where CSS cannot say the same.
#[must_use]
pub fn css(path: &str) -> Option<Selected> {
    let path = unwrapped(path.trim());
    let mut select = String::new();
    let mut attr = None;
    let mut rest = path.strip_prefix("descendant::").unwrap_or(path);
    // Whether the next step may be at any depth: at the start of a path without a slash it is a child of the element.
    let mut deep = rest.len() != path.len();
    let mut first = true;
    if let Some(after) = rest.strip_prefix('.') {
        rest = after;
    }
    while !rest.is_empty() {
        if attr.is_some() {
            return None;
        }
        if let Some(after) = rest.strip_prefix("//") {
            (deep, rest) = (true, after);
        } else if let Some(after) = rest.strip_prefix('/') {
            rest = after;
        } else if !first {
            return None;
        }
        if let Some(after) = rest.strip_prefix("descendant::") {
            (deep, rest) = (true, after);
        }
        let (step, after) = split_step(rest)?;
        rest = after;
        if let Some(name) = step.strip_prefix('@') {
            attr = Some(plain(name)?.to_owned());
        } else if step == "text()" {
            // The text of an element is what a field reads anyway.
            return rest.is_empty().then_some(Selected { select, attr });
        } else {
            let step = compound(step)?;
            match (deep, select.is_empty()) {
                (true, true) => {}
                (true, false) => select.push(' '),
                (false, true) => select.push_str("> "),
                (false, false) => select.push_str(" > "),
            }
            select.push_str(&step);
        }
        (deep, first) = (false, false);
    }
    Some(Selected { select, attr })
}

/// Without functions that only tidy the text up.
fn unwrapped(path: &str) -> &str {
    for function in ["normalize-space(", "string("] {
        if let Some(inner) = path.strip_prefix(function).and_then(|rest| rest.strip_suffix(')')) {
            return unwrapped(inner.trim());
        }
    }
    path
}

/// The first step of a path and what follows it; a slash within a predicate ends no step.
fn split_step(path: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, sign) in path.char_indices() {
        match (quote, sign) {
            (Some(open), _) => quote = (sign != open).then_some(open),
            (None, '"' | '\'') => quote = Some(sign),
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.checked_sub(1)?,
            (None, '/') if depth == 0 => return path.split_at_checked(at),
            _ => {}
        }
    }
    (depth == 0 && quote.is_none() && !path.is_empty()).then_some((path, ""))
}

/// A step's name and predicates as one compound selector.
fn compound(step: &str) -> Option<String> {
    let (name, mut predicates) =
        step.split_once('[').map_or((step, ""), |(name, _)| (name, step.get(name.len()..).unwrap_or_default()));
    let mut selector = if name == "*" { "*".to_owned() } else { plain(name)?.to_owned() };
    let bare = selector.len();
    while let Some(after) = predicates.strip_prefix('[') {
        let end = closing(after)?;
        let (inside, rest) = (after.get(..end)?, after.get(end + 1..)?);
        for part in inside.split(" and ") {
            let written = match place(part.trim(), name) {
                // Behind another predicate, XPath counts what that one has left; CSS counts all of the name.
                Some(_) if selector.len() > bare || inside != part => return None,
                Some(place) => place,
                None => predicate(part.trim())?,
            };
            selector.push_str(&written);
        }
        predicates = rest.trim_start();
    }
    predicates.is_empty().then_some(selector)
}

/// Where the bracket that is open ends.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, sign) in text.char_indices() {
        match (quote, sign) {
            (Some(open), _) => quote = (sign != open).then_some(open),
            (None, '"' | '\'') => quote = Some(sign),
            (None, '[') => return None,
            (None, ']') => return Some(at),
            _ => {}
        }
    }
    None
}

/// A predicate that is a place. It counts elements of the step's name; with `*` it counts all.
fn place(text: &str, name: &str) -> Option<String> {
    let of_all = name == "*";
    match (text.parse::<u32>(), text) {
        (Ok(place), _) => Some(format!(":{}({place})", if of_all { "nth-child" } else { "nth-of-type" })),
        (_, "last()") => Some(if of_all { ":last-child" } else { ":last-of-type" }.to_owned()),
        _ => None,
    }
}

/// A predicate on attributes.
fn predicate(text: &str) -> Option<String> {
    if let Some(inner) = text.strip_prefix("not(").and_then(|rest| rest.strip_suffix(')')) {
        return Some(format!(":not({})", predicate(inner.trim())?));
    }
    for (function, sign) in [("contains(", "*="), ("starts-with(", "^=")] {
        let Some(inner) = text.strip_prefix(function).and_then(|rest| rest.strip_suffix(')')) else { continue };
        let (what, value) = inner.rsplit_once(',')?;
        let value = quoted(value.trim())?;
        let what = what.trim();
        // concat(' ', @class, ' ') is how XPath 1.0 asks for one of several class names.
        if let Some(inner) = what.strip_prefix("concat(").and_then(|rest| rest.strip_suffix(')')) {
            let mut parts = inner.split(',').map(str::trim);
            let around = |part: Option<&str>| part.and_then(quoted).is_some_and(|part| part == " ");
            let (before, middle, behind) = (parts.next(), parts.next()?, parts.next());
            let of_class = unwrapped(middle) == "@class" && around(before) && around(behind) && parts.next().is_none();
            let word = value.trim();
            let padded = value.starts_with(' ') && value.ends_with(' ') && !word.contains(' ') && !word.is_empty();
            return (of_class && padded && sign == "*=").then(|| format!("[class~={word:?}]"));
        }
        let name = plain(unwrapped(what).strip_prefix('@')?)?;
        return Some(format!("[{name}{sign}{}]", literal(value)?));
    }
    let Some((left, right)) = text.split_once('=') else {
        return Some(format!("[{}]", plain(text.strip_prefix('@')?)?));
    };
    let name = plain(unwrapped(left.trim()).strip_prefix('@')?)?;
    Some(format!("[{name}={}]", literal(quoted(right.trim())?)?))
}

/// The text within quotes.
fn quoted(text: &str) -> Option<&str> {
    ['"', '\'']
        .iter()
        .find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .filter(|text| !text.contains(['"', '\'']))
}

/// A string of CSS; nothing where it would have to be escaped.
fn literal(text: &str) -> Option<String> {
    (!text.contains(['"', '\\', '\n'])).then(|| format!("\"{text}\""))
}

/// A name of an element or attribute without prefix.
fn plain(name: &str) -> Option<&str> {
    let fits = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_';
    (name.starts_with(|sign: char| sign.is_ascii_alphabetic()) && name.chars().all(fits)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(path: &str) -> Option<String> {
        css(path).map(|Selected { select, attr }| attr.map_or(select.clone(), |attr| format!("{select}@{attr}")))
    }

    #[test]
    fn what_css_can_say_is_taken_over() {
        for (path, selector) in [
            ("//ul/li", "ul > li"),
            (".//a/@href", "a@href"),
            ("descendant::a/@href", "a@href"),
            ("./a", "> a"),
            ("a", "> a"),
            (".", ""),
            ("./@data-id", "@data-id"),
            ("//div[@id='list']//h2[1]", "div[id=\"list\"] h2:nth-of-type(1)"),
            ("//div[contains(concat(' ', normalize-space(@class), ' '), ' post ')]", "div[class~=\"post\"]"),
            ("//*[contains(@class, \"card\") and @href]", "*[class*=\"card\"][href]"),
            ("//a[last()][starts-with(@href,'/news/')]", "a:last-of-type[href^=\"/news/\"]"),
            ("normalize-space(.//span[2])", "span:nth-of-type(2)"),
            (".//time/text()", "time"),
            ("/html/body//li[not(@class='ad')]", "> html > body li:not([class=\"ad\"])"),
        ] {
            assert_eq!(short(path).as_deref(), Some(selector), "{path}");
        }
    }

    #[test]
    fn what_it_cannot_say_is_left() {
        for path in [
            "//a/..",
            "ancestor::div",
            "//a | //b",
            "//a[text()='x']",
            "concat(.//a, 'x')",
            "//a[position()>2]",
            "following-sibling::p",
            "//a[@x=\"1",
            "//a[[",
            "//a]",
            "substring-before(.//a, '|')",
            "//x:a",
            "//a/@href/b",
            "//a[@b='\"']",
            "//a[count(b)=1]",
            "//a[@b][1]",
            "//a[@b and 1]",
        ] {
            assert!(css(path).is_none(), "{path} → {:?}", css(path));
        }
    }
}
