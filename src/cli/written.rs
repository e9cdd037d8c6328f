//! What commands write into feeds.toml: a source's lines as TOML, an id that is free, and the file itself.

use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::Path,
};

use anyhow::Context;
use url::{Host, Url};

use crate::model::FieldRule;

/// Longest id that is made of an address.
const LONGEST_ID: usize = 40;

/// A field rule in its short form where that says all of it.
pub(super) fn field(rule: &FieldRule) -> String {
    let plain = FieldRule { select: rule.select.clone(), attr: rule.attr.clone(), ..FieldRule::default() };
    if rule == &plain {
        return text(&rule.short());
    }
    // Without a selector it is the item itself.
    let select = Some(rule.select.as_str()).filter(|select| !select.is_empty());
    let texts = [
        ("select", select),
        ("attr", rule.attr.as_deref()),
        ("regex", rule.regex.as_deref()),
        ("replace", rule.replace.as_deref()),
        ("format", rule.format.as_deref()),
        ("join", rule.join.as_deref()),
    ];
    let texts = texts.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", text(value?))));
    let mut parts: Vec<String> = texts.collect();
    parts.extend(rule.html.map(|html| format!("html = {html}")));
    format!("{{ {} }}", parts.join(", "))
}

/// A TOML string.
pub(super) fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

/// Names of hosts within a site that say what they serve, not whose it is.
const SAYS_NOTHING: [&str; 7] = ["www", "feeds", "feed", "rss", "newsrss", "m", "mobile"];

/// Names of hosts within a site that say which part of it they serve: `blog.portal.example` is `portal-blog`.
const SAYS_PART: [&str; 4] = ["blog", "blogs", "news", "forum"];

/// Names of files that say nothing of what is in them, whatever number stands behind.
const SAYS_PLACE: [&str; 4] = ["index", "default", "home", "list"];

/// An id that is not `taken`, made of the host's name and the path's last word that says something. An address of numbers or this
/// machine's own name says nothing of the site: the path's word stands alone there, or else the page's `title` in its place.
pub(super) fn free_id(url: &Url, title: Option<&str>, taken: impl Fn(&str) -> bool) -> String {
    let host = match url.host() {
        Some(Host::Domain(name)) if name != "localhost" => match name.split_once('.') {
            // A domain of its own, as `feeds.example`, stays whole.
            Some((first, rest)) if SAYS_NOTHING.contains(&first) && rest.contains('.') => rest,
            _ => name,
        },
        _ => "",
    };
    let mut labels = host.split('.');
    let name = labels.next().unwrap_or_default();
    let name = match labels.next().filter(|_| SAYS_PART.contains(&name) && labels.next().is_some()) {
        Some(site) => format!("{site}-{name}"),
        None => name.to_owned(),
    };
    let words = url.path_segments().into_iter().flatten().rev().map(|part| part.split('.').next().unwrap_or_default());
    let last = words.filter(|word| !says_place(word)).find(|word| !word.is_empty()).unwrap_or_default();
    let last = without_escapes(last);
    let of_address = hyphened(&format!("{name}-{last}"));
    let of_title = || hyphened(title.unwrap_or_default());
    let id = Some(of_address).filter(|id| !id.is_empty()).or_else(|| Some(of_title()).filter(|id| !id.is_empty()));
    let id = id.unwrap_or_else(|| "page".to_owned());
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    std::iter::once(id.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or(id)
}

fn says_place(word: &str) -> bool {
    let name = word.trim_end_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '_'));
    SAYS_PLACE.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The letters and digits of ASCII in lower case, with one hyphen for what stood between them.
fn hyphened(words: &str) -> String {
    let plain: String = words.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let cut: String = parts.join("-").chars().take(LONGEST_ID).collect();
    cut.trim_end_matches('-').to_owned()
}

/// A part of a path without its `%E7`, which stand for letters that an id cannot have.
fn without_escapes(part: &str) -> String {
    let mut pieces = part.split('%');
    let first = pieces.next().unwrap_or_default();
    std::iter::once(first).chain(pieces.map(|piece| piece.get(2..).unwrap_or_default())).collect::<Vec<_>>().join("-")
}

/// Writes the file so that no reader sees half of it. It stays what it was to everybody else: a link still leads to it, and it
/// keeps its owner, its group and who may read it, since it may hold cookies.
pub(super) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let naming = || format!("writing {}", target.display());
    let next = target.with_extension("toml.next");
    let before = match fs::metadata(&target) {
        Ok(before) => Some(before),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(naming),
    };
    let written = write(&next, text, before.as_ref()).and_then(|()| fs::rename(&next, &target));
    if written.is_err() {
        let _ = fs::remove_file(&next);
    }
    written.with_context(naming)
}

/// Writes `text` to a new file that is as `before` was.
fn write(next: &Path, text: &str, before: Option<&Metadata>) -> io::Result<()> {
    // Nobody else may read it before it is known who may.
    let mode = if before.is_some() { 0o600 } else { 0o666 };
    let _ = fs::remove_file(next);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(next)?;
    file.write_all(text.as_bytes())?;
    if let Some(before) = before {
        let made = file.metadata()?;
        if (made.uid(), made.gid()) != (before.uid(), before.gid()) {
            fchown(&file, Some(before.uid()), Some(before.gid())).map_err(|error| {
                let why = format!("its owner could not be kept: run the command as the owner ({error})");
                io::Error::new(error.kind(), why)
            })?;
        }
        file.set_permissions(before.permissions())?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_host_and_path() {
        let titled = |url: &str, title| free_id(&Url::parse(url).unwrap(), title, |id| id == "portal-news");
        let id = |url: &str| titled(url, Some("The Chronicle: 新闻"));
        assert_eq!(id("http://www.portal.example/dww/"), "portal-dww");
        assert_eq!(id("http://portal.example/a/News/index_2.html?x=1"), "portal-news-2");
        assert_eq!(id("http://portal.example/news.html"), "portal-news-2");
        assert_eq!(id("http://portal.example/电网/"), "portal");
        assert_eq!(id("http://feeds.portal.example/world/rss.xml"), "portal-rss");
        assert_eq!(id("http://feeds.example/world/"), "feeds-world");
        assert_eq!(id("http://portal.example/info/list_48_2.html"), "portal-info");
        assert_eq!(id("http://portal.example/index.html"), "portal");
        assert_eq!(id("https://blog.portal.example/"), "portal-blog");
        assert_eq!(id("https://news.portal.example/world/"), "portal-news-world");
        assert_eq!(id("https://news.example/world/"), "news-world");
        assert_eq!(id("http://127.0.0.1:8000/news/index.html"), "news");
        assert_eq!(id("http://127.0.0.1:8000/news/"), "news");
        assert_eq!(id("http://127.0.0.1:8000/"), "the-chronicle");
        assert_eq!(id("http://localhost:8000/电网/"), "the-chronicle");
        assert_eq!(titled("http://[::1]/", Some("新闻")), "page");
        assert_eq!(titled("http://10.0.0.1/", None), "page");
    }

    #[test]
    fn a_file_that_is_written_anew_keeps_its_mode_and_stays_behind_its_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real.toml");
        let link = folder.path().join("feeds.toml");
        fs::write(&real, "# old").unwrap();
        fs::set_permissions(&real, PermissionsExt::from_mode(0o600)).unwrap();
        let root = fs::metadata(&real).unwrap().uid() == 0;
        if root {
            std::os::unix::fs::chown(&real, Some(1000), Some(1001)).unwrap();
        }
        symlink("real.toml", &link).unwrap();
        replace(&link, "# new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "# new");
        let after = fs::metadata(&real).unwrap();
        assert_eq!(after.permissions().mode() & 0o777, 0o600);
        assert!(!root || (after.uid(), after.gid()) == (1000, 1001));
        let fresh = folder.path().join("fresh.toml");
        replace(&fresh, "# first").unwrap();
        assert_eq!(fs::read_to_string(&fresh).unwrap(), "# first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_rule_is_short_where_it_can_be() {
        let rule = FieldRule { select: "a".into(), attr: Some("href".into()), ..FieldRule::default() };
        assert_eq!(field(&rule), "\"a@href\"");
        let rule = FieldRule { format: Some("%Y".into()), ..rule };
        assert_eq!(field(&rule), "{ select = \"a\", attr = \"href\", format = \"%Y\" }");
        let rule = FieldRule { regex: Some(r"\d+/\d+".into()), ..FieldRule::default() };
        assert_eq!(field(&rule), r"{ regex = '\d+/\d+' }", "of the row itself nothing is selected");
    }
}
