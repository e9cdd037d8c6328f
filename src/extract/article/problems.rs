//! Pages that hold no story: which kind they are, said as a [`Problem`].

use std::sync::LazyLock;

use regex::Regex;

use super::{
    body::weight,
    cues::{compiled, is_facts},
    view::View,
};
use crate::model::Problem;

/// What becomes of an article whose page holds no story.
pub(super) const KEPT: &str = "the list's summary is kept";
/// A story that says less may be none at all.
const SHORT: f32 = 140.0;

static GONE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)\b404\b|page (could ?n[o']t be|not|can(not|'t) be) found|not found|no longer (exists|available)|页面(不存在|未找到|走丢|没有找到)|找不到(该|您|页面)|文章(不存在|已删除|已被删除)|内容不存在|",
        r"seite (wurde )?nicht gefunden|page (introuvable|non trouvée)|página no encontrada|страница не найдена|ページが見つかりません|페이지를 찾을 수 없|الصفحة غير موجودة"
    ))
});

static WALL: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)(please |you must |you need to )?(log|sign) ?in to (continue|read|view|access)|subscribe(rs)? (to|only)|already a subscriber|create (a free|an) account|enable javascript|verify you are (a )?human|checking your browser|access denied|",
        r"请(先)?登录|登录后(查看|阅读)|付费(阅读|内容)|订阅后|会员专享|安全验证|bitte (melden|loggen) sie sich|abonnieren sie|réservé aux abonnés|connectez-vous|inicia sesión|solo para suscriptores|войдите|только для подписчиков|会員限定|ログインしてください|로그인"
    ))
});

/// What is wrong with the page as an article, if anything; `true` where what was found is none.
pub(super) fn find(view: &View<'_>, text: &str, title: Option<&str>) -> (Vec<Problem>, bool) {
    let says = weight(text);
    let advice = KEPT;
    if says >= SHORT * 4.0 {
        return (Vec::new(), false);
    }
    let window = view.data.title.as_deref().unwrap_or_default();
    let heads = format!("{window} {}", title.unwrap_or_default());
    if GONE.is_match(&heads) || (says < SHORT * 2.0 && GONE.is_match(text)) {
        return (vec![Problem::of_page("the page says that there is no such article", advice)], true);
    }
    if says >= SHORT {
        return (Vec::new(), false);
    }
    let all: String = view.blocks.iter().take(200).map(|block| block.text.as_str()).collect::<Vec<_>>().join(" ");
    let count = |name: &str| view.outline.all().filter(|(_, node)| node.name() == name).count();
    let reason = if WALL.is_match(&all) {
        let reason = "the page asks for a login, a subscription or a browser instead of showing the article";
        // What stands there is the request itself, or the start of a story, which may be worth reading.
        return (vec![Problem::of_page(reason, advice)], WALL.is_match(text));
    } else if says > 40.0 {
        return (Vec::new(), false);
    } else if count("video") > 0 || view.data.meta(&["og:video", "og:video:url"]).is_some() {
        "the page shows a video and has no text"
    } else if count("img") >= 4 {
        "the page shows pictures and has no text"
    } else {
        "no text of an article was found on the page"
    };
    // A line of so few words may be all that there is to read, but one that is a date or a name is none of it.
    (vec![Problem::of_page(reason, advice)], is_facts(text))
}
