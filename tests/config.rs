//! feeds.toml as people get it wrong: each file of `config/bad` with the exact drawing that `check` must give.
//!
//! `TEARSHEET_BLESS=1 cargo test --test config` writes the drawings anew; read the difference before it is committed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::{fs, path::Path, time::Duration};

use jiff::tz::TimeZone;
use tearsheet::{
    config::{
        self, Config, Faults, Hub, Listen, Metrics, NoSecret, Paint, Place, Purpose, Reference, Shape, Surroundings,
    },
    model::{Kind, Part, Rhythm, Sort, Source, Twins},
};

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
    config::read(
        text,
        &Surroundings { file: "feeds.toml", system_zone: TimeZone::UTC, secrets: &secrets, purpose: Purpose::Serving },
    )
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

fn good(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/good");
    fs::read_to_string(folder.join(name).with_extension("toml")).unwrap()
}

fn accepted(text: &str) -> Config {
    read(text).unwrap_or_else(|faults| panic!("{}", faults.draw(Paint::Plain)))
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

#[test]
fn every_setting_arrives() {
    let config = accepted(&good("every-setting"));
    assert_eq!(config.hints.draw(Paint::Plain), "");

    assert_eq!(config.server.listen, Listen::Address("[::1]:8080".parse().unwrap()));
    assert_eq!(config.server.base_url.as_deref(), Some("https://feeds.example/sub"));
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!(config.server.token.as_ref().map(|t| t.reveal()), Some("open sesame"));
    assert_eq!(config.server.hub, Hub::Own);
    assert_eq!(config.server.metrics, Metrics::Apart(Listen::Address("127.0.0.1:9184".parse().unwrap())));
    assert_eq!(config.server.shelf, 8 << 20);
    assert_eq!(config.store.max_age, Some(minutes(90 * 24 * 60)));
    assert_eq!((config.store.max_items, config.store.max_size), (1000, 500_000_000));
    assert_eq!(config.store.snapshots, 7);
    let fetch = &config.fetch;
    assert_eq!((fetch.max_body, fetch.max_header, fetch.max_ratio, fetch.max_redirects), (5 << 20, 32 << 10, 100, 3));
    assert_eq!(fetch.whole, minutes(1));
    assert_eq!([fetch.connect_timeout, fetch.first_byte, fetch.idle].map(|t| t.as_secs()), [5, 15, 8]);
    assert_eq!(fetch.contact.as_deref(), Some("https://operator.example/"));
    assert_eq!(fetch.user_agent.as_deref(), Some("reader/1"));

    let [grid, api] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!((grid.id.as_str(), grid.name.as_deref(), grid.urls.len()), ("grid", Some("Grid"), 2));
    assert_eq!((grid.kind, api.kind), (Some(Kind::Html), Some(Kind::Json)));
    assert_eq!(grid.timezone.iana_name(), Some("Asia/Shanghai"));
    assert_eq!(api.timezone.iana_name(), Some("Europe/Berlin"));
    assert_eq!(grid.language.as_deref(), Some("zh-CN"));
    assert_eq!(grid.plan.rhythm, Rhythm::Every(minutes(20)));
    assert_eq!((grid.plan.adaptive, api.plan.adaptive), (true, false));
    assert_eq!((grid.plan.every_min, grid.plan.every_max), (minutes(2), minutes(720)));
    assert_eq!(api.plan.rhythm, Rhythm::Cron("*/20 8-18 * * 1-5".into()));
    let quiet = grid.plan.quiet.unwrap();
    assert_eq!((quiet.from.hour(), quiet.until.hour(), quiet.until.minute()), (23, 6, 30));
    assert_eq!(grid.identity, [Part::Title, Part::Date]);
    assert_eq!((grid.private, api.private), (false, true));

    let rules = grid.rules.as_ref().unwrap();
    assert_eq!(rules.item, "div.ns_nr ul.list00 > li");
    let link = rules.link.as_ref().unwrap();
    assert_eq!((link.select.as_str(), link.attr.as_deref()), ("a", Some("href")));
    assert_eq!(rules.date.as_ref().unwrap().format.as_deref(), Some("%Y-%m-%d"));
    assert_eq!(rules.summary.as_ref().unwrap().html, Some(true));
    assert_eq!(rules.author.as_ref().unwrap().join.as_deref(), Some(", "));
    assert_eq!(rules.category.as_ref().unwrap().replace.as_deref(), Some("${name}/$2"));
    assert_eq!(rules.next.as_ref().unwrap().attr.as_deref(), Some("href"));
    assert_eq!(rules.image.as_ref().unwrap().attr.as_deref(), Some("data-src"));

    let headers = |source: &Source| -> Vec<(String, String)> {
        source.manners.headers.iter().map(|(name, value)| (name.clone(), value.reveal().to_owned())).collect()
    };
    let expected = |list: &[(&str, &str)]| list.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect::<Vec<_>>();
    assert_eq!(
        headers(grid),
        expected(&[
            ("cookie", "consent=yes"),
            ("authorization", "Basic bWU6b3BlbiBzZXNhbWU="),
            ("accept", "text/html"),
            ("x-key", "open sesame"),
        ])
    );
    assert_eq!(
        headers(api),
        expected(&[("accept", "application/json"), ("authorization", "Bearer open sesame"), ("x-key", "open sesame")])
    );
    let networks: Vec<String> = grid.manners.allow_private.iter().map(ToString::to_string).collect();
    assert_eq!(networks, ["10.1.0.0/16", "127.0.0.0/8"]);
    assert_eq!(grid.manners.proxy.as_ref().map(|p| p.reveal()), Some("http://me:open-sesame@proxy.example:3128"));
    assert_eq!(api.manners.proxy.as_ref().map(|p| p.reveal()), Some("socks5://127.0.0.1:1080"));
    assert_eq!((grid.manners.post.as_deref(), api.manners.post.as_deref()), (None, Some("page=1")));
    assert_eq!((grid.manners.obey_robots, api.manners.obey_robots), (false, true));
    assert_eq!((grid.manners.insecure_tls, grid.manners.http1_only), (true, true));
    assert_eq!(grid.manners.host_gap.as_secs(), 2);

    let feeds = config.feeds();
    let told: Vec<(&str, bool)> = feeds.iter().map(|f| (f.id.as_str(), f.private)).collect();
    assert_eq!(told, [("grid", false), ("api", true), ("power", false), ("all", true), ("evening", false)]);
    let [.., power, all, evening] = feeds.as_slice() else { panic!("five feeds") };
    assert_eq!(
        (power.name.as_deref(), power.choice.length, power.choice.sort),
        (Some("电力要闻"), 20, Sort::FirstSeen)
    );
    let filter = &power.choice.filter;
    assert_eq!((filter.keep.len(), filter.drop.len(), filter.rewrite.len()), (1, 4, 3));
    assert_eq!(
        &*filter.keep[0].written,
        "keep: any of (title = \"电网\" or \"电力\"; category = \"grid\") and not of (text = \"广告\")"
    );
    assert_eq!((power.choice.twins, all.choice.twins), (Twins::Mark, Twins::Join));
    assert_eq!(power.choice.trust.len(), 1);
    let digest = evening.digest.as_ref().unwrap();
    assert_eq!((digest.weekday, digest.at.hour()), (Some(jiff::civil::Weekday::Friday), 18));
    assert_eq!(digest.zone.iana_name(), Some("Asia/Shanghai"));
    assert_eq!(digest.of.sources.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["grid"]);
    assert_eq!(evening.choice.sources.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["_digest-evening"]);
    assert_eq!((grid.tells_edits, api.tells_edits, power.choice.silent.len()), (false, true, 1));
    let search = &config.twins;
    assert_eq!((search.dry_run, search.settings.window.as_hours()), (true, 72));
    let thresholds = search.settings.thresholds;
    assert_eq!((thresholds.text, thresholds.text_with_title, thresholds.lead), (0.6, 0.4, 0.25));
    let ids: Vec<&str> = all.choice.sources.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["api", "grid"]);
    assert_eq!((all.every, all.choice.length, all.choice.sort), (minutes(20), 50, Sort::Updated));
    assert_eq!(power.link, "https://news.example/grid/");

    let shown = format!("{config:?}");
    assert!(!shown.contains("sesame"), "a secret is shown");
}

#[test]
fn the_contract_file_is_read_with_defaults() {
    let config = accepted(&good("contract"));
    let grid = &config.sources[0];
    assert_eq!(grid.plan.rhythm, Rhythm::Every(minutes(30)));
    assert_eq!((grid.plan.every_min, grid.plan.every_max), (minutes(5), minutes(24 * 60)));
    assert!(grid.rules.is_none() && grid.manners.obey_robots && grid.identity.is_empty());
    let feeds = config.feeds();
    assert_eq!((feeds.len(), config.count_feeds()), (3, 3));
    let Some(power) = feeds.iter().find(|feed| feed.id.as_str() == "power") else { panic!("no power") };
    assert_eq!(power.choice.filter.drop.len(), 1);
    assert_eq!(feeds[0].choice.twins, Twins::Off, "a source's own feed shows all that it has");

    let bare = accepted("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nevery = \"1s\"\n");
    assert_eq!(bare.sources[0].timezone, TimeZone::UTC, "the system's zone, as it was handed in");
    assert_eq!(bare.sources[0].plan.every_min, Duration::from_secs(1), "no bound that nobody wrote holds back");
}

/// The text that puts `line` into a table of this place.
fn in_place(place: Place, line: &str) -> String {
    match place {
        Place::Top => line.to_owned(),
        Place::Server | Place::Store | Place::Fetch | Place::Defaults => format!("{}\n{line}\n", place.written()),
        Place::Source | Place::Feed => format!("{}\n{line}\n", place.written()),
        Place::Field => format!("[[source]]\nitem = \"li\"\ndate = {{ {line} }}\n"),
        Place::Auth => format!("[[source]]\nauth = {{ {line} }}\n"),
        Place::Rule => format!("[[source]]\ndrop = [{{ {line} }}]\n"),
        Place::Match => format!("[[source]]\ndrop = [{{ title = {{ {line} }} }}]\n"),
        Place::Rewrite if line.starts_with("field") => format!("[[source]]\nrewrite = [{{ {line} }}]\n"),
        Place::Rewrite => format!("[[source]]\nrewrite = [{{ field = \"title\", {line} }}]\n"),
        Place::Twins => format!("[twins]\n{line}\n"),
        Place::Secret => format!("[server]\ntoken = {{ {line} }}\n"),
    }
}

#[test]
fn each_setting_of_the_list_is_read_where_it_may_stand() {
    let mut count = 0;
    for setting in config::settings() {
        for place in setting.places {
            // No setting is a date, so each that is read at all takes offence.
            let text = in_place(*place, &format!("{} = 2021-12-30", setting.key));
            let faults = read(&text).expect_err(&text);
            let told = faults.list().iter().any(|f| f.reason.starts_with(&format!("`{}` takes", setting.key)));
            assert!(told, "{text}{}", faults.draw(Paint::Plain));
            count += 1;
        }
    }
    println!("{count} settings in their places");
}

#[test]
fn a_line_of_log_names_file_line_and_column() {
    let faults = read("[server]\n# a comment\n  listne = 1\n").unwrap_err();
    assert_eq!(faults.first_line(), "feeds.toml:3:3: `listne` is no setting of [server]");
    let many = (0..150).map(|n| format!("stranger{n} = {n}\n")).collect::<String>();
    let faults = read(&many).unwrap_err();
    assert_eq!(faults.list().len(), 150);
    assert!(faults.draw(Paint::Plain).ends_with("and 50 more\n\n"));
    assert!(faults.draw(Paint::Colours).contains("\u{1b}["));
}

#[test]
fn no_damage_to_a_file_brings_the_reader_down() {
    let mut texts = vec![good("every-setting"), good("contract")];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/bad");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "toml") {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let junk =
        ["\"", "'", "[", "]", "{", "}", "=", "\n", "\u{1b}", "é", "\r", "\0", "$", "@", "#", ",", "9", "\u{202e}"];
    let (mut read_well, mut refused) = (0, 0);
    for text in &texts {
        for _ in 0..8 {
            let mut chars: Vec<char> = text.chars().collect();
            let at = random(chars.len());
            match random(3) {
                0 => drop(chars.drain(at..(at + random(9)).min(chars.len()))),
                1 => drop(chars.splice(at..at, junk[random(junk.len())].chars())),
                _ => chars.truncate(at),
            }
            match read(&chars.into_iter().collect::<String>()) {
                Ok(_) => read_well += 1,
                Err(faults) => {
                    refused += 1;
                    let drawing = faults.draw(Paint::Plain);
                    assert!(drawing.chars().all(|c| c == '\n' || !c.is_control()), "{drawing:?}");
                    assert!(!faults.first_line().contains('\n'));
                }
            }
        }
    }
    assert!(read_well > 0 && refused > 0);
    println!("{} damaged files: {read_well} were still sound, {refused} were refused in words", read_well + refused);
}

#[test]
fn the_schema_takes_what_is_good_and_refuses_what_is_shaped_badly() {
    let schema = config::schema();
    for name in ["every-setting", "contract"] {
        let value: serde_json::Value = toml::from_str(&good(name)).unwrap();
        assert_eq!(schema::faults(&schema, &schema, &value), Vec::<String>::new(), "{name}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/bad");
    let mut refused = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let shape = ["unknown-", "type-", "word-", "count-"].iter().any(|kind| name.starts_with(kind));
        // A date is no JSON; toml makes a table of it.
        if !shape || path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let value: serde_json::Value = match toml::from_str(&fs::read_to_string(&path).unwrap()) {
            Ok(value) => value,
            Err(_) => continue,
        };
        assert_ne!(schema::faults(&schema, &schema, &value), Vec::<String>::new(), "{name}");
        refused += 1;
    }
    assert!(refused > 20, "{refused}");
}

/// As much of JSON Schema as the schema of feeds.toml uses; a word that is not known here is an error.
mod schema {
    use serde_json::Value;

    pub(super) fn faults(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        for (word, rule) in schema.as_object().unwrap() {
            let sound = |schema: &Value| faults(root, schema, value).is_empty();
            let list = || rule.as_array().unwrap();
            let ok = match word.as_str() {
                "$schema" | "$defs" | "title" | "description" => true,
                "$ref" => sound(root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap()),
                "type" => match rule.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64() || value.is_u64(),
                    other => panic!("{other}"),
                },
                "enum" => list().contains(value),
                "anyOf" => list().iter().any(sound),
                "oneOf" => list().iter().filter(|s| sound(s)).count() == 1,
                "required" => list().iter().all(|key| value.get(key.as_str().unwrap()).is_some()),
                "pattern" => {
                    let pattern = regex::Regex::new(rule.as_str().unwrap()).unwrap();
                    value.as_str().is_none_or(|text| pattern.is_match(text))
                }
                "minimum" => value.as_f64().is_none_or(|n| n >= rule.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|n| n <= rule.as_f64().unwrap()),
                "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
                "uniqueItems" => value.as_array().is_none_or(|l| (1..l.len()).all(|n| !l[..n].contains(&l[n]))),
                "items" => value.as_array().is_none_or(|list| list.iter().all(|v| faults(root, rule, v).is_empty())),
                "properties" => {
                    for (key, inner) in rule.as_object().unwrap() {
                        if let Some(value) = value.get(key) {
                            found.extend(faults(root, inner, value).into_iter().map(|f| format!("{key}: {f}")));
                        }
                    }
                    true
                }
                "additionalProperties" => value.as_object().is_none_or(|object| {
                    let known = |key: &String| schema.get("properties").is_some_and(|p| p.get(key).is_some());
                    let others = object.iter().filter(|(key, _)| !known(key));
                    others.into_iter().all(|(_, v)| rule.as_bool().unwrap_or_else(|| faults(root, rule, v).is_empty()))
                }),
                other => panic!("{other} is not known here"),
            };
            if !ok {
                found.push(format!("{word} of {schema}"));
            }
        }
        found
    }
}

#[test]
fn what_was_perhaps_not_meant_is_a_hint_and_no_fault() {
    let source = "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n";
    let cases = [
        ("", "the file names no source"),
        (&format!("{source}private = true\n"), "nobody can read their feeds"),
        (&format!("[server]\nlisten = \"0.0.0.0:80\"\n{source}"), "readers cannot follow this address"),
        (&format!("[server]\nlisten = \"unix:/run/a.sock\"\n{source}"), "readers cannot follow this address"),
    ];
    for (text, expected) in cases {
        let hints = accepted(text).hints;
        assert!(hints.draw(Paint::Plain).starts_with("note: "), "{text}");
        assert!(hints.first_line().contains(expected), "{text}{}", hints.first_line());
    }
    assert_eq!(accepted(source).hints.list(), []);
}

#[test]
fn a_deep_or_large_file_ends_in_words() {
    let deep = format!("a = {}", "[".repeat(200_000));
    assert!(read(&deep).is_err());
    let headers = "[a.".to_owned() + &"b.".repeat(100_000) + "c]";
    assert!(read(&headers).is_err());
    let many: String =
        (0..2_000).map(|n| format!("[[source]]\nid = \"s{n}\"\nurl = \"https://a.example/{n}\"\n")).collect();
    assert_eq!(accepted(&many).sources.len(), 2_000);
}

#[test]
fn a_default_that_is_written_out_changes_nothing() {
    let base = "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n[[feed]]\nid = \"b\"\nsources = [\"a\"]\n";
    let told = |text: &str| {
        let config = accepted(text);
        format!("{:?} {:?} {:?} {:?} {:?}", config.server, config.store, config.fetch, config.sources, config.feeds())
    };
    let silent = told(base);
    let mut count = 0;
    for setting in config::settings() {
        let written = match setting.shape {
            _ if ["", "for ever"].contains(&setting.default) || setting.default.contains(", or ") => continue,
            Shape::Duration | Shape::Size | Shape::Listen => format!("\"{}\"", setting.default),
            Shape::Word(words) if words.contains(&setting.default) => format!("\"{}\"", setting.default),
            Shape::Flag if !setting.default.contains(' ') => setting.default.to_owned(),
            Shape::Count(..) | Shape::Names | Shape::Networks => setting.default.to_owned(),
            _ => continue,
        };
        let line = format!("{} = {written}\n", setting.key);
        for place in setting.places {
            let text = match place {
                Place::Source => base.replacen("[[feed]]", &format!("{line}[[feed]]"), 1),
                Place::Feed => format!("{base}{line}"),
                Place::Field | Place::Auth | Place::Secret | Place::Top => continue,
                _ => format!("{}\n{line}{base}", place.written()),
            };
            assert_eq!(told(&text), silent, "{text}");
            count += 1;
        }
    }
    assert!(count > 25, "{count}");
}
