//! Who wrote it: names from structured data, from elements called author, and from lines as each language writes them.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{
    body::squeezed,
    cues::compiled,
    data,
    place::Place,
    view::{Places, View},
};
use crate::reading::text::line;

/// A longer text is no name.
const LONGEST: usize = 50;

/// A byline names no more people than this.
const MOST: usize = 30;

/// What stands before names in alphabets, at the start of a line.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)^[\s\W]*(written by|posted by|story by|words by|reported by|review by|published by|article by|text by|by line|by|author|authors|von|text|autor(in|en)?|par|auteur|por|escrito por|di|door|автор(ы)?|текст|przez|af|av|",
        r"كتب|بقلم|الكاتب|文責|著者|執筆者?|筆者|記者|글쓴이|작성자)\s*[:：]?\s+|^[\s\W]*(author|autor|auteur|автор|作者|著者|執筆者?|文|撰文|by)\s*[:：/]\s*"
    ))
});

/// Chinese roles and the names that follow: `记者 甲 乙 通讯员 丙`.
static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:作者|记者|通讯员|撰文|文字|撰稿人?|供稿|特约记者|見習記者|實習生|实习生|本报记者|記者|通訊員)\s*[:：/丨|]?\s*((?:[\p{Han}·]{2,5}(?:[\s、,，/]+|$|[)）】\]])){1,20})",
    )
});

/// A line that starts with a name and 기자, "reporter".
static REPORTER: LazyLock<Regex> = LazyLock::new(|| compiled(r"^[\[(=\s]*([가-힣]{2,4})\s*기자(?:$|[\s\])=])"));

/// Chinese names alone in brackets at the very end of a story: `（甲 乙）`.
static SIGNED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"[（(](?:\p{Han}{0,6}(?:记者|通讯员|作者)[:： ]?)?\s*((?:[\p{Han}·]{2,4}[\s、]*){1,6})[)）]\s*$")
});

/// Words that are no names though they follow a role.
static NOT_A_NAME: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)^(admin(istrator)?|editors?|staff|web ?master|guest|unknown|anonymous|user|root|editorial( team| staff)?|default|null|none|author|contributor|佚名|未知|匿名|管理员|小编|编辑|",
        r"网络|本站|原创|记者|作者|通讯员|摄影|报道|来源|责任编辑|实习生|表示|指出|介绍|了解|获悉|采访|透露|发现|注意到|认为|告诉|说道|\d+|by|share|follow|home|subscribe|comments?|updated.*|published.*|posted.*)$|https?:|www\.|@|\d{4}|©"
    ))
});

/// Reads the names.
pub(super) fn find(view: &View<'_>, places: &Places, outlet: Option<&str>) -> (Vec<String>, Place) {
    let site = view.data.meta(&["og:site_name"]).map(str::to_owned);
    let is_site = |name: &str| {
        let name = squeezed(name);
        [outlet, site.as_deref()].into_iter().flatten().any(|other| squeezed(other) == name)
    };
    let tidy = |names: Vec<String>| {
        let mut out: Vec<String> = Vec::new();
        for name in names.iter().flat_map(|name| split(name)) {
            if !out.contains(&name) && out.len() < MOST {
                out.push(name);
            }
        }
        out
    };
    let persons = tidy(from_data(view));
    let people: Vec<String> = persons.iter().filter(|name| !is_site(name)).cloned().collect();
    if !people.is_empty() {
        return (people, Place::Data);
    }
    // Where names need no spaces, lines are plain to read, and metadata often names the maker of the site.
    let by_lines = matches!(view.language.as_deref(), Some("zh" | "ja"));
    let lines = (from_lines(view, places), Place::Line);
    let (elements, metas) = ((from_elements(view, places), Place::Element), (from_metas(view), Place::Meta));
    let sources = if by_lines { [lines, elements, metas] } else { [metas, lines, elements] };
    for (source, place) in sources {
        let names: Vec<String> = tidy(source).into_iter().filter(|name| !is_site(name)).collect();
        if !names.is_empty() {
            return (names, place);
        }
    }
    // A page whose only author is the site itself says so.
    (persons, Place::Data)
}

fn from_data(view: &View<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for object in view.data.articles() {
        for field in ["author", "creator"] {
            each(object.get(field), view, &mut out);
        }
        if !out.is_empty() {
            break;
        }
    }
    out
}

/// The names of an author field; one that only refers to an object elsewhere on the page is looked up.
fn each(value: Option<&Value>, view: &View<'_>, out: &mut Vec<String>) {
    match value {
        Some(Value::Array(values)) => values.iter().for_each(|value| each(Some(value), view, out)),
        Some(Value::Object(fields)) => {
            if let Some(name) = fields.get("name") {
                out.extend(data::text_of(name));
            } else if let Some(id) = fields.get("@id") {
                let meant = view
                    .data
                    .objects
                    .iter()
                    .find(|object| object.get("@id") == Some(id) && object.get("name").is_some());
                out.extend(meant.and_then(|object| data::text_of(object.get("name")?)));
            }
        }
        Some(value) => out.extend(data::text_of(value)),
        None => {}
    }
}

fn from_metas(view: &View<'_>) -> Vec<String> {
    let names = [
        "author",
        "article:author",
        "article:author_name",
        "parsely-author",
        "sailthru.author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "dc.contributor",
        "og:article:author",
        "cxenseparse:author",
        "cse-authors",
        "creator",
        "citation_author",
        "twitter:data1",
    ];
    for name in names {
        let found: Vec<String> =
            view.data.every_meta(name).map(data::unescaped).filter(|text| !split(text).is_empty()).collect();
        let is_reading_time = name == "twitter:data1"
            && view.data.meta(&["twitter:label1"]).is_none_or(|label| !label.to_lowercase().contains("by"));
        if !found.is_empty() && !is_reading_time {
            return found;
        }
    }
    Vec::new()
}

fn from_elements(view: &View<'_>, places: &Places) -> Vec<String> {
    let mut best: Option<(u8, Vec<String>)> = None;
    for (at, node) in view.outline.all() {
        let named = |words: &[&str]| words.iter().any(|word| node.hint.contains(word));
        let rel = node.attr("rel").is_some_and(|rel| rel.contains("author"));
        let rank = match () {
            () if node.hint.contains("comment") => continue,
            () if rel => 4,
            () if named(&["author-name", "authorname", "author_name", "byline-name", "byline__name", "fn"])
                && named(&["author", "byline"]) =>
            {
                4
            }
            () if named(&["author", "byline"]) => 2,
            () => continue,
        };
        let block = view.block_at(at);
        let near = (places.head..places.first + 4).contains(&block)
            || (places.end.saturating_sub(2)..places.foot).contains(&block);
        if !near || node.end - at > 40 {
            continue;
        }
        let text = line(&view.outline.text(at));
        let names = split(&text);
        if !names.is_empty() && best.as_ref().is_none_or(|(most, _)| rank > *most) {
            best = Some((rank, vec![text]));
        }
    }
    best.map(|(_, names)| names).unwrap_or_default()
}

/// Lines at the head and the foot that say who wrote it.
fn from_lines(view: &View<'_>, places: &Places) -> Vec<String> {
    let head = places.head..places.first + 3;
    let foot = places.end.saturating_sub(3)..places.foot;
    for n in head.chain(foot) {
        let Some(block) = view.blocks.get(n).filter(|_| places.title != Some(n)) else { continue };
        if let Some(signed) = SIGNED.captures(&block.text).filter(|_| n >= places.first && n < places.end) {
            let names = signed.get(1).map_or("", |names| names.as_str());
            let names: Vec<String> = names.split(|c: char| !is_han_name(c)).flat_map(split).collect();
            if !names.is_empty() {
                return names;
            }
        }
        if block.weight >= 400.0 {
            continue;
        }
        let han: Vec<String> = ROLE
            .captures_iter(&block.text)
            .filter_map(|found| found.get(1))
            .flat_map(|names| names.as_str().split(|c: char| !is_han_name(c)).map(str::to_owned).collect::<Vec<_>>())
            .filter(|name| !split(name).is_empty())
            .collect();
        if !han.is_empty() {
            return han;
        }
        if let Some(reporter) = REPORTER.captures(&block.text).and_then(|found| found.get(1)) {
            return vec![reporter.as_str().to_owned()];
        }
        if let Some(found) = BEFORE.find(&block.text).filter(|_| block.weight < 120.0)
            && let Some(names) = block.text.get(found.end()..)
            && !split(names).is_empty()
        {
            return vec![names.to_owned()];
        }
    }
    Vec::new()
}

fn is_han_name(c: char) -> bool {
    c == '·' || ('\u{3400}'..='\u{9FFF}').contains(&c)
}

/// A text without the addresses of mailboxes, which stand beside names.
pub(super) fn without_mail(text: String) -> String {
    match text.contains(' ') && text.contains('@') {
        true => {
            text.split(' ').filter(|word| !word.trim_start_matches('@').contains('@')).collect::<Vec<_>>().join(" ")
        }
        false => text,
    }
}

/// The names in a text that is nothing but a byline.
fn split(text: &str) -> Vec<String> {
    let text = line(text);
    if text.contains("://") || text.contains("www.") {
        return Vec::new();
    }
    let text = without_mail(text);
    let mut rest = text.as_str();
    while let Some(found) = BEFORE.find(rest).filter(|found| found.end() > 0) {
        rest = rest.get(found.end()..).unwrap_or_default();
    }
    // What follows a bar or a bullet is a place, a date or a role.
    let rest = rest.split([']', '|', '•', '·', '丨', '(', '（', '–', '—', '@']).next().unwrap_or_default();
    let rest = if rest.is_empty() { text.as_str() } else { rest };
    let mut out = Vec::new();
    for piece in rest.split([',', '，', '、', ';', '；', '&', '/', '\n']) {
        for name in piece
            .split(" and ")
            .flat_map(|p| p.split(" und "))
            .flat_map(|p| p.split(" et "))
            .flat_map(|p| p.split(" y "))
        {
            let name = name.trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, ':' | '：' | '-' | '.' | '"' | '“' | '”' | '[' | '【' | '】')
            });
            let name = name.strip_prefix("and ").unwrap_or(name);
            let name = name.strip_suffix("기자").unwrap_or(name).trim();
            let name = name.strip_prefix("By ").unwrap_or(name);
            let count = name.chars().count();
            let words = name.split_whitespace().count();
            if (2..=LONGEST).contains(&count) && words <= 5 && !NOT_A_NAME.is_match(name) {
                out.push(name.to_owned());
            }
        }
    }
    out
}
