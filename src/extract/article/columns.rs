//! The columns that the article stands in: the path that the page shows, the widest first.

use std::sync::LazyLock;

use regex::Regex;

use super::{body::squeezed, cues::compiled, data, outline::What, place::Place, view::View};
use crate::reading::text::line;

/// A path is no longer.
const MOST: usize = 6;

/// Where every path starts or ends, which is no column.
static NO_COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)^(home ?(page)?|start(seite)?|accueil|inicio|главная|首页|首頁|主页|网站首页|トップ(ページ)?|ホーム|홈|الرئيسية|strona główna|you are here|正文|本文|详情|内容|更多|more|news home|",
        r".*(当前|现在|您|你|所在|當前)(的)?(所在)?位置.*|您现在的位置)\W*$"
    ))
});

/// What stands between the columns of a path.
const ARROWS: [char; 5] = ['>', '›', '»', '→', '＞'];

/// Characters of a path that is told by its arrows alone.
const LONGEST_PATH: usize = 160;

/// The first word of such a path.
static HOME: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)^(home ?(page)?|startseite|accueil|inicio|главная|首页|首頁|主页|网站首页|トップ(ページ)?|ホーム|홈|الرئيسية)$",
    )
});

/// What heads a path on the page.
static HERE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?i)(当前|所在|现在的?|當前)位置|您在这里|^you are here|^sie sind hier|^vous êtes ici|^현재 ?위치")
});

/// Reads the path.
pub(super) fn find(view: &View<'_>, title: Option<&str>) -> (Vec<String>, Place) {
    let tidy = |names: Vec<String>| {
        let mut out: Vec<String> = Vec::new();
        for name in names {
            let name =
                line(&name).trim_matches(|c: char| matches!(c, '>' | '›' | '»' | '/' | ' ' | '|' | '·')).to_owned();
            let is_title = title.is_some_and(|title| squeezed(title) == squeezed(&name));
            if !name.is_empty()
                && name.chars().count() <= 40
                && !is_title
                && !NO_COLUMN.is_match(&name)
                && !out.contains(&name)
            {
                out.push(name);
            }
        }
        out.truncate(MOST);
        out
    };
    for names in [shown(view), parted(view)] {
        let names = tidy(names);
        if !names.is_empty() {
            return (names, Place::Path);
        }
    }
    let listed = tidy(listed(view));
    if !listed.is_empty() {
        return (listed, Place::Data);
    }
    if let Some(section) = view.data.field("articleSection") {
        return (tidy(vec![section]), Place::Data);
    }
    let section = view.data.meta(&["article:section", "parsely-section", "section"]);
    (tidy(section.map(str::to_owned).into_iter().collect()), Place::Meta)
}

/// The links of an element called breadcrumb, or of the line that says "you are here".
fn shown(view: &View<'_>) -> Vec<String> {
    for (at, node) in view.outline.all() {
        if node.name().is_empty() || node.end - at > 120 {
            continue;
        }
        let is_path = ["breadcrumb", "crumb"].iter().any(|word| node.hint.contains(word));
        let says_so = || matches!(view.outline.get(at + 1).map(|child| child.what), Some(What::Text(text)) if HERE.is_match(text.trim()));
        if is_path || says_so() {
            let links: Vec<String> = view
                .outline
                .below(at)
                .filter(|(_, node)| node.name() == "a")
                .map(|(at, _)| line(&view.outline.text(at)))
                .collect();
            if !links.is_empty() && links.len() <= 8 {
                return links;
            }
        }
    }
    Vec::new()
}

/// A line of words parted by arrows, the first of which is the way home: a path, whatever it is called.
fn parted(view: &View<'_>) -> Vec<String> {
    let is_arrow = |what: &What<'_>| matches!(what, What::Text(text) if text.contains(ARROWS));
    let arrows: Vec<usize> = view.outline.all().filter(|(_, node)| is_arrow(&node.what)).map(|(at, _)| at).collect();
    let holds_one = |at: usize, end: usize| {
        arrows.get(arrows.partition_point(|arrow| *arrow < at)).is_some_and(|arrow| *arrow < end)
    };
    for (at, node) in view.outline.all() {
        if node.name().is_empty() || node.name() == "a" || node.end - at > 24 || !holds_one(at, node.end) {
            continue;
        }
        let text = line(&view.outline.text(at));
        if text.chars().count() > LONGEST_PATH {
            continue;
        }
        let words: Vec<&str> = text.split(ARROWS).map(str::trim).collect();
        if words.len() > 1 && words.first().is_some_and(|first| HOME.is_match(first)) {
            return words.into_iter().map(str::to_owned).collect();
        }
    }
    Vec::new()
}

/// JSON-LD's BreadcrumbList.
fn listed(view: &View<'_>) -> Vec<String> {
    let path = view.data.objects.iter().find(|object| data::types(object).any(|kind| kind == "BreadcrumbList"));
    let entries = path.and_then(|path| path.get("itemListElement")?.as_array()).into_iter().flatten();
    entries.filter_map(|entry| data::text_of(entry.get("name").or_else(|| entry.get("item"))?)).collect()
}
