//! Each folder beside this file is a test: `source.toml` (address, media type, charset, rules), `page.*` (the bytes
//! as a host sends them) and `expected.json` (what must be read). A new folder is a new test.
//!
//! `UPDATE_SITES=1 cargo test --test sites` writes `expected.json` anew; look at the difference before it is kept.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a fixture that cannot be read fails the test")]

use std::{fmt::Write as _, fs, path::Path};

use encoding_rs::Encoding;
use serde_json::{Value, json};
use tearsheet::{
    extract::{self, Recipe},
    model::{FieldRule, Kind, Listing, Markup, Page, Rules, Validators},
};

#[test]
fn every_folder_is_read_as_expected() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut folders: Vec<_> = fs::read_dir(&home)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("source.toml").exists())
        .collect();
    folders.sort();
    assert!(folders.len() >= 10, "only {} folders under {}", folders.len(), home.display());
    let update = std::env::var_os("UPDATE_SITES").is_some();
    let mut wrong = String::new();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let got = shown(&read(&folder));
        let file = folder.join("expected.json");
        let text = format!("{}\n", serde_json::to_string_pretty(&got).unwrap());
        if update {
            fs::write(&file, &text).unwrap();
        }
        let wanted: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap_or_default()).unwrap_or_default();
        if wanted != got {
            writeln!(wrong, "== {name}: expected.json differs; this was read:\n{text}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Reads a folder's page by its `source.toml`.
fn read(folder: &Path) -> Listing {
    let source: toml::Table = fs::read_to_string(folder.join("source.toml")).unwrap().parse().unwrap();
    let word = |key: &str| source.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let page = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_stem().is_some_and(|stem| stem == "page"))
        .unwrap();
    let bytes = fs::read(page).unwrap();
    let encoding = Encoding::for_label(word("charset").unwrap_or("utf-8".to_owned()).as_bytes()).unwrap();
    let url: url::Url = word("url").unwrap().parse().unwrap();
    let page = Page {
        asked: url.clone(),
        url,
        media_type: word("media_type").unwrap_or_default(),
        text: encoding.decode(&bytes).0.into_owned(),
        bytes,
        encoding,
        language: None,
        validators: Validators::default(),
    };
    let kind = word("kind").map(|kind| match kind.as_str() {
        "html" => Kind::Html,
        "json" => Kind::Json,
        "feed" => Kind::Feed,
        "sitemap" => Kind::Sitemap,
        other => panic!("{other} is no kind"),
    });
    let field = |name: &str| source.get(name).map(field_rule);
    let recipe = word("item").map(|item| {
        let rules = Rules {
            item,
            title: field("title"),
            link: field("link"),
            date: field("date"),
            summary: field("summary"),
            image: field("image"),
            author: field("author"),
            category: field("category"),
            next: field("next"),
        };
        Recipe::compile(&rules, kind.unwrap_or(Kind::Html)).unwrap()
    });
    extract::read(&page, recipe.as_ref(), kind)
}

fn field_rule(value: &toml::Value) -> FieldRule {
    if let Some(select) = value.as_str() {
        return FieldRule { select: select.to_owned(), ..FieldRule::default() };
    }
    let word = |key: &str| value.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    FieldRule {
        select: word("select").unwrap_or_default(),
        attr: word("attr"),
        regex: word("regex"),
        replace: word("replace"),
        format: word("format").map(Into::into),
        join: word("join"),
        html: value.get("html").and_then(toml::Value::as_bool),
    }
}

/// A listing as JSON, without the fields that hold nothing.
fn shown(listing: &Listing) -> Value {
    let markup = |markup: &Option<Markup>| match markup {
        Some(Markup::Text(text)) => json!({ "text": text }),
        Some(Markup::Html(html)) => json!({ "html": html }),
        None => Value::Null,
    };
    let items: Vec<Value> = listing
        .items
        .iter()
        .map(|item| {
            let dates: Vec<Value> = item
                .dates
                .iter()
                .map(|date| json!([date.origin.word(), date.text, date.format.as_deref(), date.year]))
                .map(|mut date| {
                    date.as_array_mut().unwrap().retain(|part| !part.is_null());
                    date
                })
                .collect();
            slim(json!({
                "title": item.title,
                "link": item.link,
                "dates": dates,
                "summary": markup(&item.summary),
                "content": markup(&item.content),
                "image": item.image,
                "authors": item.authors,
                "categories": item.categories,
                "outlet": item.outlet,
                "guid": item.guid,
            }))
        })
        .collect();
    let problems: Vec<Value> = listing
        .problems
        .iter()
        .map(|problem| slim(json!({ "item": problem.item, "field": problem.field, "reason": problem.reason })))
        .collect();
    slim(json!({
        "outcome": listing.outcome.word(),
        "base": listing.base.as_str(),
        "title": listing.title,
        "language": listing.language,
        "next": listing.next,
        "further": listing.further,
        "items": items,
        "problems": problems,
    }))
}

fn slim(mut value: Value) -> Value {
    value.as_object_mut().unwrap().retain(|_, part| {
        !part.is_null() && part.as_array().is_none_or(|list| !list.is_empty()) && part.as_str() != Some("")
    });
    value
}
