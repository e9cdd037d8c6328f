//! What outlets put around an article's text: headers, disclaimers, credits, share tails. [`without`] leaves it out, so that
//! it neither makes two texts alike nor keeps the same text apart.

use std::borrow::Cow;

/// Words that a sentence of an article hardly has and one of a frame has, in lower case.
const SIGNS: &[&str] = &[
    // Chinese, both scripts
    "免责声明",
    "免責聲明",
    "特别声明",
    "特別聲明",
    "版权声明",
    "版權聲明",
    "版权归",
    "版權歸",
    "版权所有",
    "版權所有",
    "未经授权",
    "未經授權",
    "责任编辑",
    "責任編輯",
    "责编：",
    "責編：",
    "编辑：",
    "編輯：",
    "审核：",
    "校对：",
    "分享到",
    "扫一扫",
    "掃一掃",
    "扫描二维码",
    "关注公众号",
    "原标题",
    "原標題",
    "本文标题",
    "（来源：",
    "(来源:",
    "来源：",
    "來源：",
    "不代表本网",
    "不代表本站",
    "不代表本网站",
    "不代表本報",
    "转载请注明",
    "轉載請註明",
    "转载须注明",
    "注明来源",
    "违者",
    "如有侵权",
    "如涉及版权",
    "联系删除",
    "点击查看",
    "查看全文",
    "阅读全文",
    "閱讀全文",
    "阅读原文",
    "下载客户端",
    "打开app",
    "返回搜狐",
    "举报/反馈",
    "相关阅读",
    "延伸阅读",
    "虚假记载、误导性陈述",
    "虛假記載、誤導性陳述",
    // English
    "all rights reserved",
    "copyright",
    "©",
    "follow us on",
    "read the full story",
    "read more",
    "continue reading",
    "share this",
    "sign up for our",
    "subscribe to our",
    "first appeared on",
    "originally published",
    "do not necessarily reflect",
    "views expressed",
    "syndicated",
    "reprinted with permission",
    "terms of use",
    "related articles",
    // Banners of many languages
    "cookie",
    "privacy policy",
    "javascript",
    "datenschutzerklärung",
    "adblock",
    "隐私政策",
    "隱私政策",
    "浏览器版本",
    // German, French, Spanish, Portuguese, Italian
    "alle rechte vorbehalten",
    "weiterlesen",
    "newsletter abonnieren",
    "tous droits réservés",
    "lire la suite",
    "lire aussi",
    "todos los derechos reservados",
    "seguir leyendo",
    "leer más",
    "síguenos en",
    "todos os direitos reservados",
    "leia mais",
    "tutti i diritti riservati",
    // Russian, Japanese, Korean
    "все права защищены",
    "читать далее",
    "подписывайтесь",
    "無断転載",
    "続きを読む",
    "무단전재",
    "재배포 금지",
];

/// Characters of a sentence that may be taken for frame; what is longer is text.
const LONGEST: usize = 400;

/// `text` without its frame. Nothing is left of a text that is all frame: a banner is no article.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    if !text.split_inclusive(ends).any(is_frame) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_inclusive(ends).filter(|sentence| !is_frame(sentence)).collect())
}

fn ends(character: char) -> bool {
    matches!(character, '\n' | '。' | '！' | '？' | '.' | '!' | '?')
}

fn is_frame(sentence: &str) -> bool {
    if sentence.chars().nth(LONGEST).is_some() {
        return false;
    }
    let lower = sentence.to_lowercase();
    SIGNS.iter().any(|sign| lower.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_disclaimers_and_share_tails_are_left_out() {
        let text = "南方电网今日宣布投产新线路。\n项目总投资三百亿元，明年建成。";
        let framed = format!(
            "原标题：新线路投产\n{text}\n责任编辑：某某\n【免责声明】本文仅代表作者个人观点。\n分享到：微信 微博"
        );
        assert_eq!(
            without(&framed).split_whitespace().take(2).collect::<String>(),
            text.split_whitespace().collect::<String>()
        );
        assert_eq!(without(text), text);
    }

    #[test]
    fn a_banner_is_no_text() {
        assert_eq!(without("We use cookies on this site. Read more in our privacy policy.").trim(), "");
    }
}
