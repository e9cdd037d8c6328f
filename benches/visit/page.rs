//! A made listing page of some 66 KB, and the rules that read it: 40 rows of five fields between the menus and partners' links
//! that such pages have.

use std::fmt::Write as _;

/// Where it stands.
pub(crate) const ADDRESS: &str = "https://power.example/list/";

/// Its rows.
pub(crate) const ITEM: &str = "ul.rows > li";

/// Title, link, date, summary and picture, as selectors.
pub(crate) const FIELDS: [&str; 5] = ["h3 a", "h3 a", "span.on", "p.lead", "img"];

/// The page; `first` is the number of its newest article, and the others follow downwards.
pub(crate) fn listing(rows: usize, first: usize) -> String {
    let mut page = String::from("<!DOCTYPE html><html lang=\"zh\"><head><title>能源要闻</title></head><body>");
    for menu in 0..150 {
        let _ = write!(
            page,
            "<div class=\"menu m{menu}\"><a href=\"/column/{menu}/\" title=\"栏目{menu}\">栏目{menu}</a></div>"
        );
    }
    page.push_str("<div class=\"main\"><ul class=\"rows\">");
    for row in (0..rows).filter_map(|back| first.checked_sub(back)) {
        let _ = write!(
            page,
            "<li class=\"row\"><div class=\"pic\"><a href=\"/a/2024/{row}.html\"><img src=\"/blank.gif\" \
             data-src=\"/pic/{row}.jpg\" alt=\"图{row}\"></a></div><div class=\"words\"><h3><a href=\"/a/2024/{row}.html\">第{row}\
             台海上风电机组并网发电,当地用电结构进一步改善</a></h3><p class=\"lead\">{}</p><span class=\"on\">2024-03-{:02} 10:{:02}</span>\
             <span class=\"tags\"><a href=\"/t/1\">风电</a><a href=\"/t/2\">并网</a></span></div></li>",
            "机组安装在离岸三十公里的海面上,每年可发电六千万千瓦时。<b>施工</b>历时两年,".repeat(7),
            1 + row % 28,
            row % 60
        );
    }
    page.push_str("</ul></div><div class=\"foot\">");
    for link in 0..100 {
        let _ = write!(page, "<span><a href=\"https://partner{link}.example/\">友情链接{link}</a></span>");
    }
    page.push_str("</div></body></html>");
    page
}
