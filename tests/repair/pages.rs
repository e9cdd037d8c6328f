//! Pages of four makes, each with a menu, a block of what is read most, and a foot.

const ZH: [&str; 6] = [
    "迎峰度夏保供电方案出台",
    "海上风电场全容量并网",
    "抽水蓄能电站首台机组投产",
    "特高压工程跨江放线成功",
    "新型储能参与辅助服务市场",
    "农村电网巩固提升工程开工",
];
const EN: [&str; 6] = [
    "Council approves the new tram line",
    "Harbour bridge to close for repairs",
    "Library opens its reading garden",
    "Ferry timetable changes in autumn",
    "Volunteers count the swifts again",
    "School orchestra plays in the park",
];

/// Name, address and text of each page.
pub(crate) fn all() -> [(&'static str, String, String); 4] {
    [column(), cards(), table(), bare()]
}

fn frame(title: &str, list: &str, most_read: &str) -> String {
    let menu: String = ["home", "news", "sport", "culture", "about"]
        .iter()
        .map(|word| format!("<li><a href=\"/{word}/\">{word}</a></li>"))
        .collect();
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><header><ul class=\"nav main-nav\">{menu}</ul></header>\
         <div class=main><h1>{title}</h1>{list}</div><aside class=side><h3>Most read</h3><ul class=hot>{most_read}</ul></aside>\
         <footer class=foot><a href=/imprint>Imprint</a> <a href=/privacy>Privacy</a></footer></body></html>"
    )
}

fn hot(titles: &[&str; 6], address: impl Fn(usize) -> String) -> String {
    (0..5).map(|n| format!("<li><a href=\"{}\">{}（旧{n}）</a></li>", address(900 + n), titles[n])).collect()
}

fn column() -> (&'static str, String, String) {
    let address = |n: usize| format!("/news/202112{:02}/{}.html", 28 - n % 27, 4000 + n);
    let rows: String = (0..20)
        .map(|n| format!("<li class=row><span class=date>2021-12-{:02}</span><a href=\"{}\" target=_blank>{}（第{n}批）</a></li>\n", 28 - n, address(n), ZH[n % 6]))
        .collect();
    (
        "a column of rows",
        "http://portal.example/news/".to_owned(),
        frame("要闻", &format!("<div class=list-box><ul class=list>{rows}</ul></div>"), &hot(&ZH, address)),
    )
}

fn cards() -> (&'static str, String, String) {
    let address = |n: usize| format!("/2024/05/{}-part-{n}", EN[n % 6].to_lowercase().replace(' ', "-"));
    let cards: String = (0..12)
        .map(|n| {
            format!(
                "<article class=card><a class=pic href=\"{0}\"><img src=\"/p/{n}.jpg\" alt=\"\"></a><div class=body><h2 class=title><a href=\"{0}\">{1}, part {n}</a></h2>\
                 <time datetime=\"2024-05-{2:02}\">{2} May 2024</time><p class=lead>What was said about it in the council on that day, part {n}.</p></div></article>",
                address(n), EN[n % 6], 28 - n
            )
        })
        .collect();
    (
        "cards",
        "http://blog.example/".to_owned(),
        frame("The Harbour Post", &format!("<section class=cards>{cards}</section>"), &hot(&EN, address)),
    )
}

fn table() -> (&'static str, String, String) {
    let address = |n: usize| format!("/docs/decision-{}.pdf", 500 + n);
    let rows: String = (0..15)
        .map(|n| format!("<tr><td class=d>{:02}/03/2023</td><td class=t><a href=\"{}\">{} v. Harbour Board ({n})</a></td><td class=c>No. 23-{}</td></tr>", 28 - n, address(n), ["Miller", "Okafor", "Lindqvist", "Tanaka"][n % 4], 100 + n))
        .collect();
    (
        "a table",
        "http://court.example/opinions".to_owned(),
        frame(
            "Opinions",
            &format!(
                "<table class=opinions><tbody><tr><th>Date</th><th>Case</th><th>Number</th></tr>{rows}</tbody></table>"
            ),
            &hot(&EN, |n| format!("/guide/{n}.html")),
        ),
    )
}

fn bare() -> (&'static str, String, String) {
    let address = |n: usize| format!("/c/{}.html", 70_000 + n);
    let rows: String = (0..16)
        .map(|n| format!("<div class=item><a href=\"{}\">{}（{n}）</a></div>", address(n), ZH[(n + 2) % 6]))
        .collect();
    (
        "titles alone",
        "http://bbs.example/c/".to_owned(),
        frame("观点", &format!("<div class=items>{rows}</div>"), &hot(&ZH, address)),
    )
}
