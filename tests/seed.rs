//! The first page that this program was asked for: what `article` and `try` tell of it, field by field.
//!
//! The page is its publisher's, so it is read from `$TEARSHEET_CORPUS` (default `../shared/corpus`), and nothing is tested without it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

fn folder() -> Option<PathBuf> {
    let corpus = env::var_os("TEARSHEET_CORPUS").map_or_else(|| PathBuf::from("../shared/corpus"), PathBuf::from);
    let seed = corpus.join("seed");
    if !seed.is_dir() {
        println!("skipped: seed: {} is not there; set TEARSHEET_CORPUS", seed.display());
        return None;
    }
    Some(seed)
}

fn told(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn asked(command: &str, truth: &Value, page: &Path) -> Value {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tearsheet"));
    let program =
        program.args([command, truth["url"].as_str().unwrap(), "--json", "--html"]).arg(page).env("TZ", "UTC");
    serde_json::from_slice(&program.output().unwrap().stdout).unwrap()
}

#[test]
fn every_part_of_the_article_comes_out_right() {
    let Some(seed) = folder() else { return };
    let truth = told(&seed.join("expected.json"));
    let read = asked("article", &truth, &seed.join("page.html"));
    for field in ["url", "title", "published", "precision", "outlet", "byline", "columns", "language"] {
        assert_eq!(read[field], truth[field], "{field}");
    }
    let lines: BTreeSet<&str> = read["text"].as_str().unwrap().split("\n\n").collect();
    let of = |field: &str| truth[field].as_array().unwrap().iter().filter_map(Value::as_str).collect::<Vec<_>>();
    let mut wanted: BTreeSet<&str> = of("paragraphs").into_iter().chain(of("headings")).collect();
    wanted.extend(truth["closing"].as_str());
    assert_eq!(lines, wanted);
}

#[test]
fn its_related_articles_are_listed_once_each() {
    let Some(seed) = folder() else { return };
    let truth = told(&seed.join("related.json"));
    let read = asked("try", &truth, &seed.join("related.html"));
    let rows = |of: &Value| -> Vec<(String, String)> {
        let text = |item: &Value, field: &str| item[field].as_str().unwrap_or_default().to_owned();
        of["items"].as_array().unwrap().iter().map(|item| (text(item, "url"), text(item, "title"))).collect()
    };
    assert_eq!(rows(&read), rows(&truth));
}
