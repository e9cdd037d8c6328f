//! Words by which pages tell what a part of them is: in the names that their makers give to elements, and in the text itself.

use std::sync::LazyLock;

use regex::Regex;

/// What the name of an element tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// It frames the article: navigation, comments, related entries, sharing, advertising.
    Frame,
    /// It holds the article.
    Story,
    /// Nothing.
    Nothing,
}

/// A constant pattern, compiled. It is wrong in the source or never: the tests use each.
///
/// Its `\b` tells words by the letters of ASCII alone, and so may stand beside these only: with all letters, text of any other
/// script is matched by a machine that takes fifty times as long.
#[expect(clippy::expect_used, reason = "the patterns are constants, and a test compiles them all")]
pub(super) fn compiled(pattern: &str) -> Regex {
    Regex::new(&pattern.replace(r"\b", r"(?-u:\b)")).expect("a constant pattern")
}

/// Names of what surrounds a story. Each is looked for in one class or id at a time.
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"comment|disqus|^respond$|related|recommend|recirc|shar(e|ing)$|^shar(e|ing)|[-_]shar(e|ing)|sharing|social|side-?bar|^aside$|[-_]aside$|",
        r"^foot($|[^n]|n[^o])|footer|breadcrumb|crumbs?$|^nav|nav$|[-_]nav[-_]|navigation|navbar|^menu|menu$|pager$|^pager|paginat|pagenav|newsletter|subscri|sign-?up|^promo|[-_]promo|",
        r"sponsor|advert|^ads?$|[-_]ads?$|^ads?[-_]|adsbygoogle|banner|popup|pop-up|^modal|[-_]modal|cookie|consent|gdpr|^tags?$|tag-?list|taglist|[-_](tags|tagcloud)$|tag-?cloud|",
        r"author-?(bio|box|info|card|desc)|about-?(the-)?author|^bio$|[-_]bio$|toolbar|^print$|rating|^widget$|widget-?area|popular|trending|most-?(read|viewed)|hot-?(news|list)|^rank(ings?|s)?([-_]?(list|box|con|wrap|side|title))?$|",
        r"read-?(more|next|also)|see-?also|more-?(stories|news|articles|posts|from)|outbrain|taboola|copyright|^login|^search|skyscraper|",
        r"teaser|^toc$|table-of-contents|masthead|site-?header|page-?header|^contentinfo$|^complementary$|",
        r"donat|paywall|barrier|jp-relatedposts|sharedaddy|post-?meta|entry-?meta|article-?meta|byline|dateline|^prev$|^next$|",
        r"feedback|^votes?$|^poll$|^reply$|replies|qrcode|erweima|screen-?reader|sr-only|visually-?hidden|noprint|no-print"
    ))
});

static STORY: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"article-?_?-?(body|content|text|main|detail)|articlebody|story-?_?-?(body|content|text)|post-?_?-?(body|content|text|entry)|entry-?_?-?(content|body|text)|",
        r"\barticle\b|\bstory\b|\bmain\b|main-?content|content-?(body|text|article|main)|\bcontent\b|rich-?text|news-?_?(content|body|text|con)|\bbody-?(content|text|copy)|",
        r"\btext\b|\bdetail\b|\bzoom\b|\bprose\b|markdown|wysiwyg|\bcopy\b|trs_editor|\bhentry\b"
    ))
});

/// What an element's class, id and role tell.
pub(super) fn named(hint: &str) -> Named {
    if hint.is_empty() {
        return Named::Nothing;
    }
    // Themes write what an article is about, and how the page is set, as classes of its element.
    let says = |name: &&str| {
        !["tag-", "category-", "has-", "no-", "with-", "is-"].iter().any(|start| name.starts_with(start))
            && !["enabled", "disabled", "--true", "--false"].iter().any(|state| name.contains(state))
    };
    let is_entry = hint.split_ascii_whitespace().any(|name| matches!(name, "hentry" | "type-post" | "articlebody"));
    if !is_entry && hint.split_ascii_whitespace().filter(says).any(|name| FRAME.is_match(name)) {
        Named::Frame
    } else if STORY.is_match(hint) {
        Named::Story
    } else {
        Named::Nothing
    }
}

/// Names of the element that holds a story's text and little else, in the words of those who make pages for news and blogs.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(^| )(article|story|post|entry)[-_]{0,2}(body|content|text)( |$)|(^| )(mw-parser-output|articlebody)( |$)",
    )
});

/// Whether an element's name says that it holds all of a story.
pub(super) fn is_whole(hint: &str) -> bool {
    WHOLE.is_match(hint)
}

/// Names of small parts within a story that are none of it, where a frame of the page may be called otherwise: who wrote it, what
/// the site takes no blame for, what it wants to be clicked, and what a film is played by.
static APART: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(^|[-_])authors?($|[-_])|author(bio|box|info|card|desc|block|profile)|disclaimer|disclosure|(^|[-_])cta($|[-_])|(video|audio|media)[-_]?player|^player$|tooltip",
    )
});

/// Whether an element's name says that it is no part of the story in which it stands.
pub(super) fn is_apart(hint: &str) -> bool {
    let may = ["author", "discl", "cta", "player", "tooltip"].iter().any(|word| hint.contains(word));
    may && hint.split_ascii_whitespace().filter(|name| !name.starts_with("author-")).any(|name| APART.is_match(name))
}

/// Lines that stand after a story, or head a list of others: what a line starts with, in lower case.
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)^[\s\W]*(",
        r"related( (articles?|stories|posts?|news|topics?|links?|content|reading|coverage|reads?))?\s*:?$|related:|read (more|next|also)\b|see also\s*:?|more (from|on|stories|news|in)\b.{0,60}$|",
        r"you (may|might) (also )?(like|enjoy|be interested)|recommended( for you| reading| stories)?\s*:?$|don'?t miss|also read|also on|most (read|popular|viewed)|popular (posts|articles|stories|now)|",
        r"trending( now)?\s*:?$|latest (news|posts|articles|stories)|what to read next|up next|share (this|on|via|it|article|post)\b|share\s*:?$|tweet\s*$|follow (us|me)\b|",
        r"leave a (reply|comment)|\d* ?comments?\s*(\(\d+\))?$|post a comment|comments are closed|join the (conversation|discussion)|sign up (for|to)\b|subscribe( to| now| today)?\b.{0,80}$|",
        r"filed under|tags?\s*:|tagged( with)?\b|categories\s*:|about the author|all rights reserved|copyright\W{0,3}(\d{4}|©|\(c\)|by\b)|\(c\) \d{4}|advertisement|sponsored|this (article|story) (was|has been) (originally )?(published|updated)|",
        r"previous (post|article)|next (post|article)|back to top|print this|click here to|like this:|loading\.\.\.|",
        r"相关(阅读|新闻|文章|链接|报道|推荐|资讯|内容|专题)|延伸阅读|推荐阅读|热门(推荐|文章|新闻|评论|资讯)|猜你喜欢|更多(精彩|新闻|阅读)|精彩推荐|为您推荐|上一[篇页]|下一[篇页]|第\s*\d+\s*页\s*[/／]\s*共|责任编辑|责编|编辑[:：]|",
        r"分享(到|至|给|让)|我要(评论|分享|纠错)|发表评论|网友评论|最新评论|关键[词字][:：]|标签[:：]|免责声明|\p{Han}{0,12}版权(声明|所有|与免责)|声明[:：]|打印|\[?打印本页|关闭窗口|返回(顶部|首页)|扫一扫|点击(排行|进入|查看)|本文(来源|地址|链接|网址)|特别声明|郑重声明|凡(本网|注明)|",
        r"関連(記事|リンク|ニュース|キーワード)|あわせて読みたい|おすすめ|人気記事|シェア|この記事を|前の記事|次の記事|コメント|",
        r"관련\s?(기사|뉴스)|많이 본|인기\s?(기사|뉴스)|저작권자|무단\s?전재|댓글|공유하기|",
        r"mehr zum thema|lesen sie (auch|mehr)|auch interessant|weitere (aktuelle )?(artikel|themen|meldungen|informationen|infos|beiträge)\b.{0,60}$|weiterführende (informationen|links|literatur)|(presse)?kontakt\s*:?$|(press|media) contacts?\s*:?$|contact( us)?\s*:?$|ähnliche (artikel|beiträge)|das könnte (sie|dich)|teilen\s*:?$|kommentare?\b|schlagw[oö]rte|themen\s*:|",
        r"à lire (aussi|également)|lire aussi|articles? (liés|similaires)|sur le même (sujet|thème)|partager\b|commentaires?\b|mots[- ]clés|",
        r"art[íi]culos? relacionad|noticias relacionad|lee[rs]? (también|más)|te puede interesar|compartir\b|comentarios?\b|etiquetas|",
        r"читайте (также|ещё|еще)|похожие|по теме|материалы по теме|поделиться|комментари[ийе]|теги(\P{L}|$)|подпис(ывайтесь|аться)|",
        r"اقرأ (أيضا|أيضًا|المزيد)|مواضيع ذات صلة|شارك|تعليقات|leia (também|mais)|veja também|compartilh|leggi anche|condividi|lees ook|gerelateerd|czytaj (też|także)|zobacz (też|także)|udostępnij",
        r")"
    ))
});

/// Whether a line is of the kind that follows a story and does not belong to it.
pub(super) fn is_tail(line: &str) -> bool {
    let end = line.char_indices().nth(160).map_or(line.len(), |(end, _)| end);
    TAIL.is_match(line.get(..end).unwrap_or_default())
}

static LEGAL: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)icp备|版权所有|著作权声明|(经营|服务)许可证|不良信息举报|all rights reserved|^\W*copyright\W{0,3}©|reproduction (in whole|without)|",
        r"(website|seite|site|we|wir)\b.{0,30} (uses?|verwende[nt]|utilis[eo]n?s?|utiliza(mos)?|nutzt|nutzen|setzt) .{0,20}cookies|cookies & |使用\s?cookie|クッキーを使用|использу.{0,12}cookie|",
        r"e-?mail.{0,20} (will not be published|(wird|werden) nicht veröffentlicht|ne sera pas publiée|no será publicada)|outdated browser|",
        r"alle rechte vorbehalten|tous droits réservés|todos los derechos|все права защищены|無断転載|무단\s?전재"
    ))
});

/// What stands in short lines alone: in a long one it is told of.
static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)(^|[^\p{L}\p{N}™®])©|^\W*(ads by|advertisement)|(neueren|modern|aktuellen|newer|up to date|different) (web ?)?browser",
    )
});

/// Bytes of a line that is short enough for a notice.
const NOTICE_LINE: usize = 200;

/// How a site speaks of rights and policies, of which stories are told as well.
static POLICY: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)^\W*(copyright\W{0,3}(\d{4}|\(c\)|by\b|@)|terms of (use|service)|privacy policy|cookie policy)|[|·•]\s*copyright\b|\b(our|the|these|you|accept|agree|read)\b.{0,40}(terms of (use|service)|privacy policy|cookie policy)",
    )
});

/// Bytes of a line that holds such a word and speaks for the site.
const POLICY_LINE: usize = 160;

/// Whether a line speaks for the site and not for the story: rights, licences, policies.
pub(super) fn is_legal(line: &str) -> bool {
    (line.len() < 900 && LEGAL.is_match(line))
        || (line.len() < NOTICE_LINE && NOTICE.is_match(line))
        || (line.len() < POLICY_LINE && POLICY.is_match(line))
}

/// What a line about the story says: when it came out, from where, how often it was read.
static FACTS: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|(来源|來源|作者|编辑|發布|发布|日期|时间|点击|浏览|阅读|字号|字体)\s*[:：]|\d{1,2}:\d{2}|",
        r"^\W*(by|von|par|por|published|updated|posted|last updated|written by|veröffentlicht|aktualisiert|publicado)\b|^\W*(автор|publié)(\P{L}|$)|\b(min(ute)?s? read|lesezeit)\b|",
        r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(st|nd|rd|th)?,? \d{4}|\d{1,2}\.? ?\p{L}{3,10}\.? \d{4}"
    ))
});

/// Lines that ask the reader for something else, wherever they stand.
static PLEA: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)straight to your inbox|in your inbox|follow (us|me|him|her|them|@?\w+( \w+)?) on (twitter|facebook|instagram|youtube|linkedin|x)\b|requires javascript|media playback|",
        r"unsupported on your device|like this story|share it with|have a tip\?|send us your|tell us what you think|reach the reporters?|for reprints|order reprints|personal, non-commercial use|this material may not be published|",
        r"subscribe to our|become a (member|subscriber)|hazte (miembro|soci[oa])|nicht (eingeloggt|angemeldet)\.?$|updates,? download|join our (mailing|telegram|whatsapp)|download (our|the) app\b|get the app\b|abonnieren sie unseren|abonnez-vous|suscr[íi]bete|подпишитесь|关注(我们|公众号|微信)|扫描二维码|下载客户端"
    ))
});

/// Calls of which stories are told as well, so that they count in short lines alone.
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)^\W*click here (for|to)\b|click here for (more|further) (information|details)|\b(sign ?up|subscribe|subscription|join|get|receive|suscri\w+|inscri\w+|iscriv\w+|abonn\w+)\b.{0,80}newsletter|newsletter.{0,60}\b(sign ?up|subscribe|inbox)\b",
    )
});

/// Bytes of a line that is a call and no more.
const CALL_LINE: usize = 200;

/// Bytes of a line that names a newsletter and says little else.
const NEWSLETTER_LINE: usize = 60;

/// Whether a line asks for a subscription, a visit or a message.
pub(super) fn is_plea(line: &str) -> bool {
    (line.len() < 400 && PLEA.is_match(line))
        || (line.len() < CALL_LINE && CALL.is_match(line))
        || (line.len() < NEWSLETTER_LINE && line.to_ascii_lowercase().contains("newsletter"))
}

/// Whether the name of an element says that it holds what is said of a picture.
pub(super) fn is_caption(name: &str, hint: &str) -> bool {
    name == "figcaption"
        || ["caption", "photo-credit", "image-credit", "img-credit", "picture-credit", "mediacredit"]
            .iter()
            .any(|word| hint.contains(word))
}

/// Frames that may hold much text of their own.
static WORDY: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"comment|disqus|related|recommend|recirc|side-?bar|foot|nav|menu|popular|trending|most-?(read|viewed)|more-?(stories|news|articles|posts|from)|read-?(more|next|also)|outbrain|taboola|teaser|repl(y|ies)|consent|cookie|gdpr|modal|popup|author|bio|promo|sponsor|advert|newsletter",
    )
});

/// Names of the part of a page that holds what readers wrote, and not of a page or story that has such a part.
static REPLIES: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(^| )(comments?|replies|disqus(_thread)?|respond|guestbook|comments?[-_]?(area|section|container|list|wrap(per)?|block|box|thread|feed|module))( |$)",
    )
});

/// Whether an element of this name holds what readers wrote.
pub(super) fn is_replies(hint: &str) -> bool {
    REPLIES.is_match(hint)
}

/// Whether a frame of this name can be long: of others, a long one is no frame.
pub(super) fn is_wordy(hint: &str) -> bool {
    WORDY.is_match(hint)
}

/// Whether a short line tells facts about a story, as the line below a title does.
pub(super) fn is_facts(line: &str) -> bool {
    line.len() < 300 && FACTS.is_match(line)
}

/// What pages write below a story of when it came out and how often it was read, in one line that begins so.
static SIGNED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)^\W*(posted|published|filed under|发表于|发布于|发表时间|发布时间|發佈於|投稿日|veröffentlicht (am|von)|publié (le|par)|publicado (el|por)).*\d{4}|^\W*作者\s*[:：].*(阅读|访问|浏览|点击|评论)",
    )
});

/// Whether a line says when the story came out and no more, as some do below it.
pub(super) fn is_signed(line: &str) -> bool {
    line.len() < 160 && SIGNED.is_match(line)
}

/// Lines of that kind that stand alone at the foot of a story, with more of the story after them perhaps.
static LONE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)责任编辑|责编|编辑[:：]|关键[词字]|标签|advertisement|loading|click here|tweet|read (more|next|also)|see also|also read|分享|打印|this (article|story)|sign up|subscribe|share|扫一扫|本文|lesen sie|lire aussi|lees? (también|más)|leer (también|más)|leia|veja também|leggi anche|lees ook|czytaj|zobacz|читайте|اقرأ|あわせて読みたい|related:|声明",
    )
});

/// Whether a line that [`is_tail`] heads all that follows it, as a list of related entries or comments.
pub(super) fn heads(line: &str) -> bool {
    !LONE.is_match(line)
}

/// Heads of what readers wrote or who the writer is, which are paragraphs as those of the story.
static OTHERS: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?i)comment|repl(y|ies)|kommentar|comentario|комментари|author|评论|コメント|댓글"));

/// Whether what stands below a line may read as the story does and be none of it.
pub(super) fn heads_prose(line: &str) -> bool {
    OTHERS.is_match(line)
}

/// Names of what stands beside a story.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| compiled(r"side-?bar|(^| )complementary( |$)"));

/// Whether an element's name says that it stands beside the story.
pub(super) fn is_beside(hint: &str) -> bool {
    BESIDE.is_match(hint)
}

/// Names of a row of pictures that are looked at one by one.
static GALLERY: LazyLock<Regex> = LazyLock::new(|| compiled(r"(^|[-_ ])(gallery|slideshow|lightbox)($|[-_ ])"));

/// Whether an element's name says that it holds pictures, and what is said of them.
pub(super) fn is_gallery(hint: &str) -> bool {
    (hint.contains("gallery") || hint.contains("slideshow") || hint.contains("lightbox")) && GALLERY.is_match(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_frames_from_stories() {
        for (hint, expected) in [
            (" entry-content", Named::Story),
            (" post-comments", Named::Frame),
            (" articlebody", Named::Story),
            (" grid col-8", Named::Nothing),
            ("", Named::Nothing),
        ] {
            assert_eq!(named(hint), expected, "{hint}");
        }
    }

    #[test]
    fn what_follows_a_story_is_known_by_its_words() {
        for line in
            ["相关阅读", "责任编辑:王五", "Related Articles", "Read more: a thing", "Читайте также:", "関連記事"]
        {
            assert!(is_tail(line), "{line}");
        }
        for line in ["The grid was built in 1998.", "电网建设", "Relatedness is a matter of taste."] {
            assert!(!is_tail(line), "{line}");
        }
    }
}
