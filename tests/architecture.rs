//! Holds what ARCHITECTURE.md says of the structure: which module may use which, and which crate has one owner.

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
const OWNERS: [(&str, &str); 8] = [
    (r"\bsled::", "store/"),
    (r"\breqwest::", "fetch/"),
    (r"(^|[^\w:])rss::", "feed/"),
    (r"\batom_syndication::", "feed/"),
    (r"\bammonia::", "reading/clean"),
    (r"\bHtml::parse|\bHtmlTreeSink|\bhtml5ever::", "reading/dom"),
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
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
    found.iter().map(|path| (name(path), code(&fs::read_to_string(path).unwrap()))).collect()
}

/// The code without comments and without its tests, which may use what they like.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn modules_use_lower_floors_only() {
    let path = Regex::new(r"\bcrate::([a-z_]+)|\bcrate::\{").unwrap();
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
        for used in path.captures_iter(&code) {
            let Some(used) = used.get(1).map(|m| m.as_str()) else {
                faults.push(format!(
                    "{name}: write `use crate::x` and not `use crate::{{x, y}}`, so that this test can read it"
                ));
                continue;
            };
            let lower = floor(used).unwrap_or_else(|| panic!("{name} uses crate::{used}, which stands on no floor"));
            if used != here {
                *arrows.entry((here.clone(), used.to_owned())).or_default() += 1;
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
