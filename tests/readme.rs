//! README's table of settings is the list that the program itself reads: it cannot say another thing.
//!
//! `TEARSHEET_BLESS=1 cargo test --test readme` writes the table anew after a setting was added or changed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{env, fs, path::Path};

use regex::Regex;
use tearsheet::config::{Place, Setting, settings};

const START: &str = "<!-- settings: written by tests/readme.rs from src/config/settings.rs -->\n";
const END: &str = "<!-- end of settings -->\n";

#[test]
fn the_settings_in_readme_are_those_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(START).expect("README.md has no mark where the table of settings starts");
    let (written, after) = rest.split_once(END).expect("README.md has no mark where the table of settings ends");
    let table = tables(settings());
    if env::var_os("TEARSHEET_BLESS").is_some() {
        fs::write(&path, format!("{before}{START}{table}{END}{after}")).unwrap();
    } else if let Some((is, should)) = written.lines().zip(table.lines()).find(|(is, should)| is != should) {
        panic!(
            "README.md says\n  {is}\nwhere the program has\n  {should}\nTEARSHEET_BLESS=1 cargo test --test readme mends it"
        );
    } else {
        assert_eq!(
            written, table,
            "lines are missing or too many: TEARSHEET_BLESS=1 cargo test --test readme mends it"
        );
    }
}

#[test]
fn every_setting_stands_in_the_table_once_and_with_its_meaning() {
    let table = tables(settings());
    for setting in settings() {
        let row = format!("| `{}` | {} | ", setting.key, wherever(setting));
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with(&row)).collect();
        assert_eq!(rows.len(), 1, "{row}");
        assert!(rows.iter().all(|line| line.matches(" | ").count() == 4), "{rows:?}");
        assert!(setting.about.len() > 5, "{row}: a newcomer learns nothing from {:?}", setting.about);
    }
}

/// One table for each group of settings that stand in the same tables of the file.
fn tables(settings: &[Setting]) -> String {
    let mut text = String::new();
    let mut places: &[Place] = &[];
    for setting in settings {
        if setting.places != places {
            places = setting.places;
            text.push_str("\n| setting | where | type | default | meaning |\n| --- | --- | --- | --- | --- |\n");
        }
        let kind = marked(&setting.shape.written());
        let (default, about) = (marked(setting.default), marked(setting.about));
        text.push_str(&format!("| `{}` | {} | {kind} | {default} | {about} |\n", setting.key, wherever(setting)));
    }
    text.push('\n');
    text
}

fn wherever(setting: &Setting) -> String {
    setting.places.iter().map(|place| marked(place.written())).collect::<Vec<_>>().join(", ")
}

/// Text of the list as Markdown: what is to be typed stands in backticks.
fn marked(text: &str) -> String {
    let typed = Regex::new(r#"`[^`]*`|\[(?:[^\[\]]|\[[^\]]*\])*\]|\{[^}]*\}|"[^"]*""#).unwrap();
    let text = typed.replace_all(text, |found: &regex::Captures<'_>| match found[0].starts_with('`') {
        true => found[0].to_owned(),
        false => format!("`{}`", &found[0]),
    });
    text.replace('|', "\\|")
}
