//! Lines at the head and the foot of a story that say who wrote it, as each language writes them.

use std::sync::LazyLock;

use regex::Regex;

use super::names::{BEFORE, printed, split};
use crate::extract::article::{
    body::Block,
    cues::compiled,
    outline::What,
    view::{Places, View},
};
use crate::reading::url::join;

/// A byline of an alphabet says no more.
const BYLINE: f32 = 120.0;

/// A line that says more is not only about the story.
const LINE: f32 = 400.0;

/// Nodes after a label in which its name stands.
const REACH: usize = 16;

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

/// What stands before a name in an element of its own.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)^\W*(?:by|(?:written|posted|words|story|text|reported|review) by|authors?|written|von|geschrieben von|autor(?:in|en)?|par|auteur|por|di|door|автор|作者|文|撰文|著者|執筆者?)\W*$",
    )
});

/// What stands between two names.
static AND: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?i)^\W*(?:and|und|et|y|e|en|и)?\W*$"));

/// A name that follows the day: `May 1, 2020 by Ann Bell`.
static AFTER_DAY: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)(?:\d{2}|[ap]\.?m\.?|uhr)\W{1,4}(?:(?:written|posted|published) )?(?:by|von|par|por|di|door|przez|av)\s+(\S.*)$",
    )
});

/// A sentence that tells who wrote what is read.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)\bthis (?:guest )?(?:post|article|story|piece|guide) (?:was|is) (?:originally )?(?:written|authored|contributed) by\s+([^,.;(]{2,50})",
    )
});

/// Names of families with which no other word of two or three characters that stands below a title begins.
const FAMILIES: &str = "王李张刘陈杨赵吴徐孙胡朱何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪任姜范廖邹熊陆郝孔崔邱秦史侯邵孟钱汤尹黎贺赖龚";

/// Names from the first line that says some.
pub(super) fn find(view: &View<'_>, places: &Places) -> Vec<String> {
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
        if block.weight >= LINE {
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
        let names = in_alphabet(view, places, n, block);
        if !names.is_empty() {
            return names;
        }
    }
    below_title(view, places)
}

/// Names as alphabets tell them, in one line.
fn in_alphabet(view: &View<'_>, places: &Places, n: usize, block: &Block) -> Vec<String> {
    let first = |pattern: &Regex| Some(pattern.captures(&block.text)?.get(1)?.as_str().to_owned());
    if let Some(name) = first(&SAID) {
        return printed(&name);
    }
    let is_story = (places.first..places.end).contains(&n);
    if block.weight >= BYLINE || (n >= places.end && leads_away(view, block)) {
        return Vec::new();
    }
    let labelled = labelled(view, block, is_story);
    let begun = BEFORE.find(&block.text).and_then(|found| block.text.get(found.end()..));
    let begun = begun.filter(|names| !is_sentence(names)).map(printed).unwrap_or_default();
    // A title may stand in an element of its own before the name.
    let is_whole = labelled.iter().any(|name| name.contains(' '));
    if !labelled.is_empty() && (is_whole || begun.is_empty()) {
        return labelled;
    }
    if !begun.is_empty() {
        return begun;
    }
    first(&AFTER_DAY).filter(|_| n < places.first).map(|names| printed(&names)).unwrap_or_default()
}

/// The names that follow an element or a text that is nothing but a label. Within a story only a line begins with one.
fn labelled(view: &View<'_>, block: &Block, is_story: bool) -> Vec<String> {
    let texts = |from: usize, to: usize| {
        (from..to).filter_map(|at| match view.outline.get(at)?.what {
            What::Text(text) if !text.trim().is_empty() => Some((at, text.trim())),
            _ => None,
        })
    };
    let is_label = |at: usize, text: &str| (!is_story || at == block.at) && LABEL.is_match(text);
    // One that leads somewhere is an entry of a menu.
    let is_linked =
        |at| view.outline.above(at).any(|outer| view.outline.get(outer).is_some_and(|node| node.name() == "a"));
    let label = texts(block.at, block.last + 1).find(|(at, text)| is_label(*at, text) && !is_linked(*at));
    let Some((label, _)) = label else { return Vec::new() };
    let mut out = Vec::new();
    let mut is_next = true;
    for (_, text) in texts(label + 1, label + REACH) {
        if AND.is_match(text) {
            is_next = true;
        } else if is_next {
            let names = printed(text);
            is_next = text.ends_with([',', '、', '&']) && !names.is_empty();
            out.extend(names);
        } else {
            break;
        }
    }
    out
}

/// A Chinese name alone in the line below the title.
fn below_title(view: &View<'_>, places: &Places) -> Vec<String> {
    let Some(block) = places.title.and_then(|title| view.blocks.get(title + 1)) else { return Vec::new() };
    let name = block.text.trim();
    let is_name = (2..=3).contains(&name.chars().count()) && name.chars().all(is_han_name);
    let is_family = name.chars().next().is_some_and(|first| FAMILIES.contains(first));
    if is_name && is_family && block.linked == 0.0 { split(name) } else { Vec::new() }
}

/// Whether a line goes on as a sentence does.
fn is_sentence(text: &str) -> bool {
    text.split_whitespace().count() > 6 && text.ends_with(['.', '!', '?', '…', ':'])
}

/// Whether a line leads to another site, as advertisements do that stand below stories.
fn leads_away(view: &View<'_>, block: &Block) -> bool {
    let link = view.outline.above(block.at).find_map(|outer| view.outline.get(outer)?.attr("href"));
    let host = |href| Some(join(&view.base, href, view.page.encoding).ok()?.host_str()?.to_owned());
    link.and_then(host).is_some_and(|host| view.page.url.host_str() != Some(&host))
}

fn is_han_name(c: char) -> bool {
    c == '·' || ('\u{3400}'..='\u{9FFF}').contains(&c)
}
