//! Who published the story first: a line that names its source, else what the page's data say.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    byline::without_mail,
    cues::compiled,
    data,
    place::Place,
    view::{Places, View},
};
use crate::reading::text::line;

/// A longer text is no name of an outlet.
const LONGEST: usize = 40;

/// `来源：…` in the languages that write it.
static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)(?:来源|來源|稿源|文章来源|信息来源|出典|提供|출처|\bsource|\bquelle|\bfuente|источник|المصدر|\bfonte|\bbron)\s*[:：]\s*(.{1,60})",
    )
});

/// Where a name that follows a label ends.
static ENDS: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)作者|编辑|責任|责任|责编|发布|發布|时间|時間|日期|记者|记者|浏览|点击|阅读|字号|字体|分享|评论|打印|\d{4}[-/年.]|\||\s{2,}|\t| {1}\S{0,4}[:：]|【|\(|（|\[",
    )
});

/// What stands after an outlet's name when both are glued in one line.
static GLUED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"^\s*([\p{L}\p{N}·《》\s]{2,20}?)\s*(?:发布时间|发布日期|發布時間|更新时间|时间[:：]|日期[:：])")
});

/// Reads the outlet.
pub(super) fn find(view: &View<'_>, places: &Places) -> Option<(String, Place)> {
    from_lines(view, places).or_else(|| from_data(view))
}

fn from_lines(view: &View<'_>, places: &Places) -> Option<(String, Place)> {
    let head = places.head..places.first + 2;
    let foot = places.end.saturating_sub(2)..places.foot;
    for n in head.clone().chain(foot) {
        let Some(block) = view.blocks.get(n).filter(|block| block.weight < 400.0 && places.title != Some(n)) else {
            continue;
        };
        if let Some(name) = SOURCE.captures(&block.text).and_then(|found| name(found.get(1)?.as_str())) {
            return Some((name, Place::Line));
        }
        if head.contains(&n)
            && places.title.is_some_and(|title| n > title)
            && let Some(name) = GLUED.captures(&block.text).and_then(|found| name(found.get(1)?.as_str()))
        {
            return Some((name, Place::Line));
        }
    }
    let marked = view.outline.all().find(|(at, node)| {
        node.end - at < 12
            && ["source", "laiyuan", "publisher"].iter().any(|word| node.hint.contains(word))
            && (places.head..places.first + 2).contains(&view.block_at(*at))
    });
    marked.and_then(|(at, _)| Some((name(&view.outline.text(at))?, Place::Element)))
}

fn from_data(view: &View<'_>) -> Option<(String, Place)> {
    let publisher = view.data.articles().find_map(|object| data::text_of(object.get("publisher")?));
    let meta = || {
        view.data
            .meta(&["mediaid", "source", "og:site_name", "dc.publisher", "publisher", "application-name"])
            .map(str::to_owned)
    };
    let told = publisher.map(|text| (text, Place::Data)).or_else(|| Some((meta()?, Place::Meta)));
    told.and_then(|(text, place)| Some((name(&text)?, place)))
}

/// The name at the start of a text.
fn name(text: &str) -> Option<String> {
    let text = without_mail(line(text));
    // What a reader may do stands beside the name on some pages.
    let text = text.trim_end_matches("举报").to_owned();
    let cut = ENDS.find(&text).filter(|found| found.start() > 0).map_or(text.len(), |found| found.start());
    let text = text.get(..cut).unwrap_or_default();
    let text = SOURCE.replace(text, "$1");
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | '|' | '-' | ',' | '，' | '。' | '"' | '“' | '”' | '《' | '》')
    });
    let text = text.strip_prefix("来源").unwrap_or(text).trim_start_matches([':', '：', ' ']);
    let known = !text.is_empty()
        && text.chars().count() <= LONGEST
        && !text.contains("://")
        && text.chars().any(char::is_alphabetic);
    let says_nothing =
        matches!(text.to_lowercase().as_str(), "本站" | "网络" | "互联网" | "未知" | "原创" | "admin" | "internet");
    (known && !says_nothing).then(|| text.to_owned())
}
