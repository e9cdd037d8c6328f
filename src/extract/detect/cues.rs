//! Words that tell what a part of a page is for: in class names, in headings above lists, in links that are no titles.

use scraper::node::Element;

/// What a place on a page is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Zone {
    /// Menus, breadcrumbs, pagination.
    pub(super) guide: bool,
    /// Foot of the page.
    pub(super) foot: bool,
    /// Side columns and boxes.
    pub(super) side: bool,
    /// Lists of other articles: related, most read, recent comments.
    pub(super) other: bool,
    /// The main part.
    pub(super) main: bool,
}

impl Zone {
    /// The zone of an element within this one.
    pub(super) fn within(self, own: Self) -> Self {
        Self {
            guide: self.guide || own.guide,
            foot: self.foot || own.foot,
            side: self.side || own.side,
            other: self.other || own.other,
            main: self.main || own.main,
        }
    }
}

const GUIDE: &[&str] = &[
    "share",
    "nav",
    "navi",
    "navigation",
    "navbar",
    "navs",
    "menu",
    "menus",
    "submenu",
    "mainmenu",
    "topnav",
    "subnav",
    "breadcrumb",
    "breadcrumbs",
    "crumb",
    "crumbs",
    "pager",
    "pagination",
    "paging",
    "paginator",
    "pagenavi",
    "toolbar",
    "topbar",
    "tagcloud",
    "tagdiv",
    "dropdown",
    "social",
    "sns",
    "calendar",
    "facets",
    "sitemap",
    "offcanvas",
    "canvas",
    "drawer",
    "hamburger",
    "megamenu",
    "flyout",
];
const FOOT: &[&str] =
    &["footer", "foot", "copyright", "colophon", "flink", "flinks", "friendlink", "blogroll", "partners"];
const SIDE: &[&str] = &["sidebar", "sidebars", "side", "aside", "widget", "widgets", "rail", "sidenav", "secondary"];
const OTHER: &[&str] = &[
    "related",
    "relate",
    "recommend",
    "recommended",
    "recommendation",
    "popular",
    "trending",
    "mostread",
    "hot",
    "rank",
    "ranking",
    "top10",
    "comment",
    "comments",
    "recent",
    "archive",
    "archives",
    "ad",
    "ads",
    "advert",
    "sponsor",
    "sponsored",
    "promo",
    "outbrain",
    "taboola",
    "newsletter",
];

/// What an element's name and role say of it.
pub(super) fn sure_zone(element: &Element, role: &str) -> Zone {
    let mut zone = Zone::default();
    match element.name() {
        "nav" | "menu" => zone.guide = true,
        "footer" => zone.foot = true,
        "aside" => zone.side = true,
        "main" => zone.main = true,
        _ => {}
    }
    match role {
        "navigation" | "menu" | "menubar" | "search" | "tablist" => zone.guide = true,
        "contentinfo" => zone.foot = true,
        "complementary" => zone.side = true,
        "main" => zone.main = true,
        _ => {}
    }
    zone
}

/// What a class or id as written says of an element; [`zone_of`] says whether that holds for it.
pub(super) fn named_zone(name: &str) -> Zone {
    let mut zone = Zone::default();
    words(name, &mut |word| {
        zone.guide |= GUIDE.contains(&word);
        zone.foot |= FOOT.contains(&word);
        zone.side |= SIDE.contains(&word);
        zone.other |= OTHER.contains(&word);
        zone.main |= matches!(word, "main" | "content" | "primary");
    });
    // A word may be written with a sign in it: `off-canvas`.
    zone.guide |= name.split_ascii_whitespace().filter(|name| name.contains(['-', '_'])).any(|name| {
        let joined = || name.chars().filter(|sign| !matches!(sign, '-' | '_')).flat_map(char::to_lowercase);
        GUIDE.iter().any(|word| joined().eq(word.chars()))
    });
    zone
}

/// The zone of an element of this kind whose names say `told`: an article's own foot and head are no parts of the page's frame.
pub(super) fn zone_of(tag: &str, told: Zone) -> Zone {
    match tag {
        "li" | "tr" | "article" | "h1" | "h2" | "h3" | "h4" | "a" => Zone { main: told.main, ..Zone::default() },
        _ => told,
    }
}

/// The words of a class attribute or id in lower case: parted at signs and where small letters turn into capitals.
pub(super) fn words(names: &str, tell: &mut dyn FnMut(&str)) {
    let mut word = String::new();
    let mut was_small = false;
    for sign in names.chars() {
        let starts = sign.is_uppercase() && was_small;
        if (!sign.is_alphanumeric() || starts) && !word.is_empty() {
            tell(&word);
            word.clear();
        }
        if sign.is_alphanumeric() {
            word.extend(sign.to_lowercase());
        }
        was_small = sign.is_lowercase();
    }
    if !word.is_empty() {
        tell(&word);
    }
}

/// Starts of headings above lists that are not the page's own subject.
const OTHER_HEADINGS: &[&str] = &[
    "相关",
    "相關",
    "热门",
    "熱門",
    "热点",
    "熱點",
    "热文",
    "排行",
    "推荐",
    "推薦",
    "猜你喜欢",
    "最多",
    "点击排行",
    "阅读排行",
    "友情链接",
    "友情鏈接",
    "上一篇",
    "下一篇",
    "当前位置",
    "您的位置",
    "标签",
    "標籤",
    "评论",
    "評論",
    "归档",
    "歸檔",
    "分类",
    "分類",
    "栏目",
    "专题推荐",
    "合作伙伴",
    "related",
    "most read",
    "most popular",
    "most viewed",
    "popular",
    "trending",
    "recommended",
    "you may also like",
    "read also",
    "recent comments",
    "recent posts",
    "archives",
    "categories",
    "tags",
    "tag cloud",
    "blogroll",
    "links",
    "meta",
    "follow us",
    "関連",
    "人気",
    "おすすめ",
    "ランキング",
    "カテゴリ",
    "アーカイブ",
    "最近のコメント",
    "タグ",
    "관련",
    "인기",
    "추천",
    "많이 본",
    "카테고리",
    "meistgelesen",
    "beliebt",
    "ähnliche",
    "verwandte",
    "kategorien",
    "archiv",
    "schlagwörter",
    "das könnte",
    "articles liés",
    "les plus lus",
    "à lire aussi",
    "catégories",
    "étiquettes",
    "más leído",
    "lo más",
    "relacionad",
    "categorías",
    "archivos",
    "etiquetas",
    "più letti",
    "correlati",
    "categorie",
    "archivi",
    "mais lid",
    "categorias",
    "популярн",
    "похожие",
    "читайте также",
    "самое читаемое",
    "рубрики",
    "архив",
    "метки",
    "по теме",
    "ذات صلة",
    "الأكثر قراءة",
    "مواضيع",
    "التصنيفات",
    "الأرشيف",
    "berita terkait",
    "terpopuler",
    "kategori",
    "arsip",
    "son yorumlar",
    "ilgili",
    "en çok",
    "arşiv",
    "xem nhiều",
    "liên quan",
    "danh mục",
    "मुख्य",
    "संबंधित",
];

/// Whether a heading names something else than the page's own list.
pub(super) fn names_other_lists(heading: &str) -> bool {
    let heading = heading.trim().trim_start_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
    OTHER_HEADINGS.iter().any(|start| heading.starts_with(start))
}

/// Whole texts of links that say what they do and not what they lead to.
const DEEDS: &[&str] = &[
    "read more",
    "more",
    "continue reading",
    "read",
    "view",
    "details",
    "download",
    "pdf",
    "html",
    "doc",
    "docx",
    "link",
    "here",
    "next",
    "previous",
    "prev",
    "reply",
    "comment",
    "comments",
    "leave a comment",
    "share",
    "edit",
    "print",
    "email",
    "更多",
    "详细",
    "详情",
    "查看",
    "查看详情",
    "阅读全文",
    "阅读更多",
    "全文",
    "下载",
    "下一页",
    "上一页",
    "首页",
    "尾页",
    "末页",
    "点击查看",
    "続きを読む",
    "もっと見る",
    "더보기",
    "자세히",
    "weiterlesen",
    "mehr",
    "lire la suite",
    "en savoir plus",
    "leer más",
    "ver más",
    "leggi tutto",
    "continua",
    "ler mais",
    "leia mais",
    "читать далее",
    "подробнее",
    "далее",
    "اقرأ المزيد",
    "المزيد",
    "selengkapnya",
    "baca selengkapnya",
    "devamı",
    "xem thêm",
    "les mer",
    "läs mer",
    "læs mere",
    "czytaj więcej",
    "więcej",
    "listen",
    "opinion",
    "view opinion",
    "download opinion",
    "watch",
    "play",
];

/// Bytes of the longest of them and more: longer texts need not be looked at.
const LONGEST_DEED: usize = 48;

/// Whether a link's text only says what following it does.
pub(super) fn is_deed(text: &str) -> bool {
    let text = text.trim_matches(|sign: char| !sign.is_alphanumeric());
    if text.len() > LONGEST_DEED {
        return false;
    }
    let text = text.to_lowercase();
    DEEDS.contains(&text.as_str())
}

const TITLE_HEADS: &[&str] = &[
    "title",
    "case name",
    "case title",
    "caption",
    "style",
    "case",
    "name",
    "subject",
    "headline",
    "parties",
    "标题",
    "題名",
    "名称",
    "主题",
    "案件名",
    "件名",
    "タイトル",
    "제목",
    "titel",
    "titre",
    "título",
    "titolo",
    "название",
    "заголовок",
    "العنوان",
    "judul",
    "başlık",
    "tiêu đề",
    "tytuł",
    "शीर्षक",
];
const DATE_HEADS: &[&str] = &[
    "date",
    "filed",
    "posted",
    "released",
    "published",
    "decided",
    "issued",
    "日期",
    "时间",
    "日付",
    "公開日",
    "날짜",
    "등록일",
    "작성일",
    "datum",
    "fecha",
    "data",
    "дата",
    "تاريخ",
    "tanggal",
    "tarih",
    "ngày",
    "दिनांक",
];

/// Whether the words above a column say that titles stand in it.
pub(super) fn heads_titles(head: &str) -> bool {
    let number = ["number", "no.", "#", "号", "번호", "nummer", "número"].iter().any(|word| head.contains(word));
    let number = number || head.split_whitespace().next_back().is_some_and(|last| matches!(last, "no" | "nr" | "№"));
    !number && TITLE_HEADS.iter().any(|word| head.contains(word))
}

/// Whether the words above a column say that dates stand in it.
pub(super) fn heads_dates(head: &str) -> bool {
    DATE_HEADS.iter().any(|word| head.contains(word))
}
