//! What commands write into feeds.toml: a source's lines as TOML, an id that is free, and the file itself.

use std::{fs, io::Write, path::Path};

use anyhow::Context;
use url::Url;

use crate::model::FieldRule;

/// Longest id that is made of an address.
const LONGEST_ID: usize = 40;

/// A field rule in its short form where that says all of it.
pub(super) fn field(rule: &FieldRule) -> String {
    let plain = FieldRule { select: rule.select.clone(), attr: rule.attr.clone(), ..FieldRule::default() };
    if rule == &plain {
        return text(&rule.short());
    }
    let mut parts = vec![format!("select = {}", text(&rule.select))];
    let texts = [
        ("attr", rule.attr.as_deref()),
        ("regex", rule.regex.as_deref()),
        ("replace", rule.replace.as_deref()),
        ("format", rule.format.as_deref()),
        ("join", rule.join.as_deref()),
    ];
    parts.extend(texts.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", text(value?)))));
    parts.extend(rule.html.map(|html| format!("html = {html}")));
    format!("{{ {} }}", parts.join(", "))
}

/// A TOML string.
pub(super) fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

/// An id made of the host's name and the path's last word, that is not `taken`.
pub(super) fn free_id(url: &Url, taken: impl Fn(&str) -> bool) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let name = host.split('.').next().unwrap_or_default();
    let last = url.path_segments().and_then(|parts| parts.rev().find(|part| !part.is_empty()).map(str::to_owned));
    let last = last.map(|last| last.split('.').next().unwrap_or_default().to_owned()).unwrap_or_default();
    let words = format!("{name}-{last}").to_lowercase();
    let plain: String = words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let id: String = parts.join("-").chars().take(LONGEST_ID).collect();
    let id = if id.is_empty() { "page".to_owned() } else { id };
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    std::iter::once(id.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or(id)
}

/// Writes the file so that no reader sees half of it.
pub(super) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let next = path.with_extension("toml.next");
    let mut file = fs::File::create(&next).with_context(|| format!("writing {}", next.display()))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&next, path).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_host_and_path() {
        let id = |url: &str| free_id(&Url::parse(url).unwrap(), |id| id == "portal-news");
        assert_eq!(id("http://www.portal.example/dww/"), "portal-dww");
        assert_eq!(id("http://portal.example/a/News/index_2.html?x=1"), "portal-index-2");
        assert_eq!(id("http://portal.example/news.html"), "portal-news-2");
        assert_eq!(id("http://127.0.0.1:80/电网/"), "127-e7-94-b5-e7-bd-91");
    }

    #[test]
    fn a_rule_is_short_where_it_can_be() {
        let rule = FieldRule { select: "a".into(), attr: Some("href".into()), ..FieldRule::default() };
        assert_eq!(field(&rule), "\"a@href\"");
        let rule = FieldRule { format: Some("%Y".into()), ..rule };
        assert_eq!(field(&rule), "{ select = \"a\", attr = \"href\", format = \"%Y\" }");
    }
}
