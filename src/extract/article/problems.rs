//! Pages that hold no story: which kind they are, said as a [`Problem`].

use std::sync::LazyLock;

use regex::Regex;

use super::{
    body::{Block, weight},
    cues::{compiled, is_facts},
    data::Shown,
    view::View,
};
use crate::model::Problem;

/// What becomes of an article whose page holds no story.
pub(super) const KEPT: &str = "the list's summary is kept";
/// A story that says less may be none at all.
const SHORT: f32 = 140.0;

/// How many lines of a page tell why it has no story.
const LINES: usize = 200;

static GONE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)\b404\b|page (could ?n[o']t be|not|can(not|'t) be) found|not found|no longer (exists|available)|(can['’]?t|can ?not|could ?n['’]?t) find (the|this|that|your) (page|article|story)|",
        r"页面(不存在|未找到|走丢|没有找到)|找不到(该|您|页面)|(文章|内容|信息)(不存在|已删除|已被删除)|",
        r"seite (wurde )?nicht gefunden|page (introuvable|non trouvée)|página no encontrada|страница не найдена|(ページ|記事)(が|は)(見つかりません|存在しません|削除)|(페이지|기사)를 찾을 수 없|الصفحة غير موجودة|",
        r"pagina non (trovata|esiste)|página não (encontrada|existe)|pagina (is )?niet gevonden|nie znaleziono strony|strona nie istnieje|sayfa bulunamadı|không tìm thấy trang|halaman tidak ditemukan"
    ))
});

static WALL: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)(please |you must |you need to )?(log|sign) ?in to (continue|read|view|access)|subscribe(rs)? (to|only)|already a subscriber|create (a free|an) account|enable javascript|verify you are (a )?human|checking your browser|access denied|",
        r"请(先)?登录|登录后(查看|阅读)|付费(阅读|内容)|订阅后|会员专享|安全验证|bitte (melden|loggen) sie sich|abonnieren sie|réservé aux abonnés|connectez-vous|inicia sesión|solo para suscriptores|войдите|только для подписчиков|会員限定|ログインしてください|로그인|",
        r"riservato agli abbonati|accedi per|exclusivo para assinantes|faça login|alleen voor abonnees|tylko dla (subskrybentów|prenumeratorów)|zaloguj się|abonelere özel|للمشتركين فقط|سجل الدخول ل"
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
    let all = words(view, |_| true);
    // Of what is no link and no frame, the page says all itself.
    let own = || words(view, |block| block.linked == 0.0 && !view.is_framed(block.at));
    if text.is_empty() && GONE.is_match(&own()) {
        return (vec![Problem::of_page("the page says that there is no such article", advice)], true);
    }
    let count = |name: &str| view.outline.all().filter(|(_, node)| node.name() == name).count();
    let shows = |what| view.data.shown.contains(&what);
    let reason = if WALL.is_match(&all) {
        let reason = "the page asks for a login, a subscription or a browser instead of showing the article";
        // What stands there is the request itself, or the start of a story, which may be worth reading.
        return (vec![Problem::of_page(reason, advice)], WALL.is_match(text));
    } else if says > 40.0 {
        return (Vec::new(), false);
    } else if shows(Shown::Pdf) {
        "the page shows a PDF file and has no text"
    } else if leads_to_pdf(view) {
        "the page leads to a PDF file and has no text"
    } else if shows(Shown::Video) || view.data.meta(&["og:video", "og:video:url"]).is_some() {
        "the page shows a video and has no text"
    } else if count("img") >= 4 {
        "the page shows pictures and has no text"
    } else {
        "no text of an article was found on the page"
    };
    // A line of so few words may be all that there is to read, but one that is a date or a name is none of it.
    (vec![Problem::of_page(reason, advice)], is_facts(text))
}

/// The text of a page's first lines, as far as they are wanted.
fn words(view: &View<'_>, is_wanted: impl Fn(&&Block) -> bool) -> String {
    let lines = view.blocks.iter().take(LINES).filter(is_wanted).map(|block| block.text.as_str());
    lines.collect::<Vec<_>>().join(" ")
}

/// Whether a link outside of the page's frames leads to a PDF file.
fn leads_to_pdf(view: &View<'_>) -> bool {
    view.outline.all().any(|(at, node)| {
        let href = node.attr("href").filter(|_| node.name() == "a" && !view.is_framed(at)).unwrap_or_default();
        href.split(['?', '#']).next().is_some_and(|path| path.to_ascii_lowercase().ends_with(".pdf"))
    })
}
