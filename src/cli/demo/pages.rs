//! The site's pages in HTML, in the manner of a portal: the same articles stand in several blocks of a page, each time
//! shown otherwise. That is what a reader of such pages has to cope with.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    bodies::{Block, body},
    stories::{COLUMNS, Column, Piece},
};

const SITE: &str = "江澜能源网";

const STYLE: &str = "body{max-width:54rem;margin:0 auto;padding:1rem;font:1rem/1.7 system-ui,sans-serif}\
    nav a{margin-right:1rem}.rows li{display:flex;gap:1rem;list-style:none}.rows{padding:0}.shots{display:flex;gap:1rem;\
    flex-wrap:wrap;padding:0;list-style:none}.when,.sorted em,.origin{color:#777;font-style:normal}.origin span+span{margin-left:1rem}\
    :root{color-scheme:light dark}";

/// The front page.
pub(crate) fn front(latest: &[(&'static Column, Vec<Piece>)]) -> Markup {
    frame(
        "zh-CN",
        "utf-8",
        SITE,
        html! {
            h1 { (SITE) }
            @for (column, pieces) in latest {
                h2 { a href=(column.path) { (column.name) } }
                ul { @for piece in pieces { li { a href=(piece.path()) { (piece.title) } } } }
            }
        },
    )
}

/// Page `page` (from 1) of a column; `also` are the pieces that the side block repeats.
pub(crate) fn column(column: &'static Column, page: usize, pieces: &[Piece], also: &[Piece]) -> Markup {
    let english = column.language == "en";
    let content = html! {
        p.path { a href="/" { @if english { "Home" } @else { "首页" } } " > " (column.name) }
        @if page == 1 { @if let Some(first) = pieces.first() { (headline(first)) } }
        ul.rows {
            @for piece in pieces {
                li.piece { span.when { (day(piece)) } a.name href=(piece.path()) { (piece.title) } }
            }
        }
        @if page == 1 {
            h3 { @if english { "In pictures" } @else { "图片新闻" } }
            ul.shots {
                @for piece in pieces.iter().skip(1).take(4) {
                    li.piece {
                        img src={ "/pictures/" (piece.number) ".png" } alt="" width="120" height="80";
                        br;
                        a.name href=(piece.path()) { (piece.title) }
                    }
                }
            }
        }
        // Category and date stand without a space between them.
        ul.sorted {
            @for piece in pieces.iter().skip(3).take(5) {
                li.piece { a.name href=(piece.path()) { (piece.title) } em.when { (piece.section) (day(piece)) } }
            }
        }
        (related(english, also))
        p.pager {
            @if page > 1 { a.previous href=(column.path) { "上一页" } " " }
            @if page < column.pages { a.next href={ "index_" (page + 1) ".html" } { "下一页" } }
        }
    };
    frame(column.language, column.charset.name(), &format!("{}_{SITE}", column.name), content)
}

/// The page of an article; `also` are older ones.
pub(crate) fn article(piece: &Piece, also: &[Piece]) -> Markup {
    let column = piece.column;
    let english = column.language == "en";
    let local = piece.local();
    let [writer, other] = piece.people;
    let content = html! {
        p.path { a href="/" { @if english { "Home" } @else { "首页" } } " > " a href=(column.path) { (column.name) } " > " span { (piece.section) } }
        h1 { (piece.title) }
        // Outlet and time stand without a space between them; only the style sheet keeps them apart.
        p.origin {
            @if english {
                span { "Source: " (piece.outlet) }
                time datetime=(piece.published) { (local.strftime("%-d %B %Y, %H:%M:%S")) }
            } @else {
                span { "来源:" (piece.outlet) } span { "发布时间:" (local.strftime("%Y-%m-%d %H:%M:%S")) }
            }
        }
        div.text {
            @for block in body(piece) {
                @match block {
                    Block::Paragraph(text) => p { (text) },
                    Block::Heading(text) => h2 { (text) },
                    Block::Picture(caption) => p { img src={ "/pictures/" (piece.number) ".png" } alt=(caption); br; (caption) },
                }
            }
            p.closing { @if english { "(By " (writer) " and " (other) ")" } @else { "(" (writer) " " (other) ")" } }
        }
        p.editor { @if english { "Editor: " } @else { "责任编辑:" } (other) }
        form.comment method="post" action="/comment" {
            h3 { @if english { "Your comment" } @else { "我要评论" } }
            input name="nick" placeholder=(if english { "Name" } else { "昵称" });
            textarea name="words" placeholder=(if english { "Be kind" } else { "文明上网,理性发言" }) {}
            button { @if english { "Send" } @else { "发表" } }
        }
        (related(english, also))
        ul.sorted {
            @for piece in also.iter().take(3) {
                li.piece { a.name href=(piece.path()) { (piece.title) } em.when { (piece.section) (day(piece)) } }
            }
        }
    };
    frame(column.language, column.charset.name(), &format!("{}_{}_{SITE}", piece.title, column.name), content)
}

fn headline(piece: &Piece) -> Markup {
    html! {
        div.headline.piece {
            h2 { a.name href=(piece.path()) { (piece.title) } }
            p.brief { (piece.lead) }
            span.when { (day(piece)) }
        }
    }
}

/// The block of related reading: titles cut to fit, no dates.
fn related(english: bool, pieces: &[Piece]) -> Markup {
    html! {
        div.also {
            h3 { @if english { "Related reading" } @else { "相关阅读" } }
            ul { @for piece in pieces { li.piece { a.name href=(piece.path()) { (piece.cut_title()) } } } }
        }
    }
}

fn day(piece: &Piece) -> String {
    piece.local().strftime("%Y-%m-%d").to_string()
}

fn frame(language: &str, charset: &str, title: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset=(charset);
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                nav { a href="/" { (SITE) } @for column in COLUMNS { a href=(column.path) { (column.name) } } }
                main { (content) }
                footer { p { "江澜能源网 演示站点 · a made-up site; nothing in it has happened" } }
            }
        }
    }
}
