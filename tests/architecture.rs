//! Holds what ARCHITECTURE.md says of the structure: which module may use which, and which crate has one owner.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use regex::Regex;

/// Floors from the ground up; a module uses lower floors only, and those of one floor do not know each other.
const FLOORS: [&[&str]; 7] = [
    &["model"],
    &["reading"],
    &["schedule", "fetch", "extract", "refine", "dedup", "store", "feed"],
    &["config"],
    &["harvest", "serve"],
    &["daemon"],
    &["cli"],
];

/// What only one place may name: a pattern, and the path under src/ that owns it.
const OWNERS: [(&str, &str); 9] = [
    (r"\bsled::", "store/"),
    (r"\breqwest::", "fetch/"),
    (r"(^|[^\w:])rss::", "feed/"),
    (r"\batom_syndication::", "feed/"),
    (r"\bammonia::", "reading/clean"),
    (r"\bHtml::parse|\bHtmlTreeSink", "reading/dom"),
    (r"\bhtml5ever::", "reading/"),
    (r"\bfeed_rs::", "extract/feed"),
    (r"\baxum::", "cli/demo/"),
];

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    // A file that its parent declares under cfg(test) is a test.
    let tests: Vec<PathBuf> = found.iter().flat_map(|path| declared_for_tests(path)).collect();
    found.retain(|path| !tests.contains(path));
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
    found.iter().map(|path| (name(path), code(&fs::read_to_string(path).unwrap()))).collect()
}

fn declared_for_tests(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).unwrap();
    let declared = Regex::new(r#"#\[cfg\(test\)\]\s*(?:#\[path = "([^"]+)"\]\s*)?mod (\w+);"#).unwrap();
    let folder = match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") => path.parent().unwrap().to_owned(),
        _ => path.with_extension(""),
    };
    let file = |found: regex::Captures| match found.get(1) {
        Some(path_given) => path.parent().unwrap().join(path_given.as_str()),
        None => folder.join(format!("{}.rs", &found[2])),
    };
    declared.captures_iter(&text).map(file).collect()
}

/// The code without comments and without its tests, which may use what they like.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The modules that `code` names by `crate::x` or in `crate::{x, y::{…}}`.
fn used(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (place, path) in code.match_indices("crate::") {
        let rest = &code[place + path.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            used.push(name(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && c.is_alphabetic() => {
                    used.push(name(&group[at..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    used
}

fn name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn modules_use_lower_floors_only() {
    assert_eq!(used("use crate::{a, b::{c, d}, e::F}; crate::g::h()"), ["a", "b", "e", "g"]);
    let mut faults = Vec::new();
    let mut arrows = BTreeMap::<(String, String), usize>::new();
    for (name, code) in sources() {
        let here = name.split(['/', '.']).next().unwrap().to_owned();
        let Some(height) = floor(&here) else {
            assert!(
                matches!(here.as_str(), "lib" | "main"),
                "{name} stands on no floor: add it to FLOORS and to ARCHITECTURE.md"
            );
            continue;
        };
        for used in used(&code) {
            let lower = floor(&used).unwrap_or_else(|| panic!("{name} uses crate::{used}, which stands on no floor"));
            if used != here {
                *arrows.entry((here.clone(), used.clone())).or_default() += 1;
                if lower >= height {
                    faults.push(format!("{name} uses crate::{used}, which is not on a lower floor"));
                }
            }
        }
    }
    assert!(arrows.len() > 10, "the test reads nothing: {arrows:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_crate_with_an_owner_is_named_there_alone() {
    let mut faults = Vec::new();
    for (pattern, owner) in OWNERS {
        let pattern = Regex::new(&format!("(?m){pattern}")).unwrap();
        for (name, code) in sources() {
            if !name.starts_with(owner) && pattern.is_match(&code) {
                faults.push(format!("{name} names {pattern}, which belongs to {owner}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_file_is_one_thing() {
    let long: Vec<_> =
        sources().into_iter().filter(|(_, code)| code.lines().count() > 500).map(|(name, _)| name).collect();
    assert!(long.is_empty(), "past 500 lines without tests, split by meaning: {long:?}");
}

#[test]
fn every_module_says_what_it_turns_into_what() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (name, _) in sources() {
        let text = fs::read_to_string(root.join(&name)).unwrap();
        assert!(text.starts_with("//!"), "{name} does not begin with a module doc");
    }
}
