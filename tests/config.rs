//! feeds.toml as people get it wrong: each file of `config/bad` with the exact drawing that `check` must give.
//!
//! `TEARSHEET_BLESS=1 cargo test --test config` writes the drawings anew; read the difference before it is committed.

use std::{fs, path::Path};

use jiff::tz::TimeZone;
use tearsheet::config::{self, Config, Faults, NoSecret, Paint, Reference, Surroundings};

/// A world with one variable and one credential.
fn secrets(reference: &Reference) -> Result<String, NoSecret> {
    match reference {
        Reference::Env(name) if name == "TOKEN" => Ok("open sesame".to_owned()),
        Reference::Env(name) if name == "TWO_LINES" => Ok("open\nsesame".to_owned()),
        Reference::Env(name) if name == "PROXY" => Ok("http://me:open-sesame@proxy.example:3128".to_owned()),
        Reference::Env(_) => Err(NoSecret::NoVariable),
        Reference::Credential(name) if name == "token" => Ok("open sesame".to_owned()),
        Reference::Credential(_) => Err(NoSecret::NoFolder),
    }
}

fn read(text: &str) -> Result<Config, Faults> {
    config::read(text, &Surroundings { file: "feeds.toml", system_zone: TimeZone::UTC, secrets: &secrets })
}

#[test]
fn each_bad_file_gives_its_message() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/bad");
    let bless = std::env::var_os("TEARSHEET_BLESS").is_some();
    let mut count = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        count += 1;
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let drawing = match read(&text) {
            Err(faults) => faults.draw(Paint::Plain),
            Ok(_) => {
                wrong.push(format!("{name}: read without a fault"));
                continue;
            }
        };
        assert!(drawing.chars().all(|c| c == '\n' || !c.is_control()), "{name}: {drawing:?}");
        assert!(!drawing.contains("sesame"), "{name} shows a secret: {drawing}");
        let expected = path.with_extension("txt");
        if bless {
            fs::write(&expected, &drawing).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        if drawing != expected {
            wrong.push(format!("{name}: expected\n{expected}\nbut it gives\n{drawing}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} files:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 60, "only {count} files");
    println!("{count} bad files, each with its exact message");
}
