//! JSON Schema (draft 2020-12) of feeds.toml, made from the list of settings; editors complete and check with it.
//!
//! It describes the shape of the file. What only the program can tell (a selector, a zone, a name that something bears)
//! stays with [`read`](super::read), so the schema never refuses a file that `read` takes.

use serde_json::{Map, Value, json};

use super::{
    settings::{self, Setting},
    shape::{Place, Shape},
};

/// The tables that are described apart, and their names in `$defs`.
const DEFS: &[(Place, &str)] = &[
    (Place::Server, "server"),
    (Place::Store, "store"),
    (Place::Fetch, "fetch"),
    (Place::Twins, "twins"),
    (Place::Defaults, "defaults"),
    (Place::Source, "source"),
    (Place::Feed, "feed"),
    (Place::Field, "field"),
    (Place::Auth, "auth"),
    (Place::Secret, "secret"),
    (Place::Rule, "rule"),
    (Place::Match, "match"),
    (Place::Rewrite, "rewrite"),
];

/// The schema of feeds.toml.
pub fn schema() -> Value {
    let mut schema = table(Place::Top);
    let defs: Map<String, Value> = DEFS.iter().map(|(place, name)| ((*name).to_owned(), table(*place))).collect();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        object.insert("title".to_owned(), json!("feeds.toml of tearsheet"));
        object.insert("$defs".to_owned(), Value::Object(defs));
    }
    schema
}

fn table(place: Place) -> Value {
    let properties: Map<String, Value> = settings::of(place).map(|s| (s.key.to_owned(), property(place, s))).collect();
    let mut table = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    let (key, rule) = match place {
        Place::Source => ("required", json!(["id", "url"])),
        Place::Feed => ("required", json!(["id"])),
        Place::Auth => ("oneOf", json!([{ "required": ["user", "password"] }, { "required": ["bearer"] }])),
        Place::Rewrite => ("required", json!(["field"])),
        Place::Secret => ("oneOf", json!([{ "required": ["env"] }, { "required": ["credential"] }])),
        _ => return table,
    };
    if let Some(object) = table.as_object_mut() {
        object.insert(key.to_owned(), rule);
    }
    table
}

fn property(place: Place, setting: &Setting) -> Value {
    let mut value = shape(setting.shape);
    let mut about = format!("{}: {}", capital(setting.about), setting.shape.written());
    if !setting.default.is_empty() {
        about.push_str(&format!(". Default: {}", setting.default));
    }
    if place == Place::Source && setting.places.contains(&Place::Defaults) {
        about.push_str(", or as in [defaults]");
    }
    if let Some(object) = value.as_object_mut() {
        object.insert("description".to_owned(), json!(about));
    }
    value
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn shape(shape: Shape) -> Value {
    let text = json!({ "type": "string" });
    let list = |of: Value| json!({ "type": "array", "items": of });
    let pattern = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match shape {
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Count(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Words(words) => {
            json!({ "type": "array", "items": { "enum": words }, "uniqueItems": true, "minItems": 1 })
        }
        Shape::Id => pattern("^[a-z0-9][a-z0-9_-]{0,63}$"),
        Shape::Duration => pattern("^\\s*([0-9]+\\s*[a-z]+\\s*)+$"),
        Shape::Size => pattern("^\\s*[0-9]+\\s*[A-Za-z]+\\s*$"),
        Shape::Hours => pattern("^\\s*[0-9]{1,2}:[0-9]{1,2}\\s*-\\s*[0-9]{1,2}:[0-9]{1,2}\\s*$"),
        Shape::Digest => pattern("^\\s*([A-Za-z]+\\s+){1,2}[0-9]{1,2}:[0-9]{1,2}\\s*$"),
        Shape::Url => pattern("^\\s*[Hh][Tt][Tt][Pp][Ss]?:"),
        Shape::Hub => json!({ "anyOf": [{ "type": "boolean" }, self::shape(Shape::Url)] }),
        Shape::Metrics => json!({ "anyOf": [{ "type": "boolean" }, text] }),
        Shape::Urls => {
            let url = self::shape(Shape::Url);
            json!({ "anyOf": [url, { "type": "array", "items": url, "minItems": 1, "uniqueItems": true }] })
        }
        Shape::Names | Shape::Ids | Shape::Networks => list(text),
        Shape::Field => json!({ "anyOf": [text, { "$ref": "#/$defs/field" }] }),
        Shape::Open => json!({ "anyOf": [text, { "$ref": "#/$defs/secret" }] }),
        Shape::Secret => json!({ "$ref": "#/$defs/secret" }),
        Shape::Headers => json!({ "type": "object", "additionalProperties": self::shape(Shape::Open) }),
        Shape::Auth => json!({ "$ref": "#/$defs/auth" }),
        Shape::Rules => {
            let rule = reference(Place::Rule);
            json!({ "anyOf": [rule, { "type": "array", "items": rule, "minItems": 1 }] })
        }
        Shape::Match => json!({ "anyOf": [text, list(text.clone()), reference(Place::Match)] }),
        Shape::Rewrites => {
            let one = reference(Place::Rewrite);
            json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
        }
        Shape::Table(place) => reference(place),
        Shape::Tables(place) => list(reference(place)),
        Shape::Text
        | Shape::Zone
        | Shape::Language
        | Shape::Listen
        | Shape::Cron
        | Shape::Selector
        | Shape::Regex
        | Shape::Template
        | Shape::Format => text,
    }
}

fn reference(place: Place) -> Value {
    let name = DEFS.iter().find(|(known, _)| *known == place).map_or("", |(_, name)| name);
    json!({ "$ref": format!("#/$defs/{name}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_is_described_where_it_may_stand() {
        let schema = schema();
        for setting in settings::settings() {
            for place in setting.places {
                let table = match DEFS.iter().find(|(known, _)| known == place) {
                    Some((_, name)) => &schema["$defs"][name],
                    None => &schema,
                };
                let about = table["properties"][setting.key]["description"].as_str();
                assert!(
                    about.is_some_and(|a| a.contains(setting.about.trim_start_matches(char::is_alphabetic))),
                    "{place:?} {}",
                    setting.key
                );
            }
        }
    }

    #[test]
    fn each_reference_leads_somewhere() {
        let schema = schema();
        let text = schema.to_string();
        let mut count = 0;
        for part in text.split("\"$ref\":\"#/$defs/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(schema["$defs"][name]["properties"].is_object(), "{name}");
            count += 1;
        }
        assert!(count > 10);
    }
}
