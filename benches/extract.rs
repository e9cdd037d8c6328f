//! How long reading a listing page takes beside scraper's bare parse and select, on a made-up page.
//!
//! `cargo bench --bench extract` prints both times and their ratio.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run says why")]

use std::{
    fmt::Write as _,
    hint::black_box,
    time::{Duration, Instant},
};

use scraper::{Html, Selector};
use tearsheet::{
    extract::{self, Recipe},
    model::{FieldRule, Kind, Page, Rules, Validators},
};

/// Each time is the least of so many runs, which disturbs it least.
const RUNS: usize = 200;

fn main() {
    let text = listing(40);
    let page = page(&text);
    let field = |select: &str| Some(FieldRule { select: select.to_owned(), ..FieldRule::default() });
    let rules = Rules {
        item: "ul.rows > li".to_owned(),
        title: field("h3 a"),
        link: field("h3 a@href"),
        date: field("span.on"),
        summary: field("p.lead"),
        image: field("img"),
        ..Rules::default()
    };
    let recipe = Recipe::compile(&rules, Kind::Html).unwrap();
    let count = extract::read(&page, Some(&recipe), None).items.len();
    let ours = least(|| {
        black_box(extract::read(black_box(&page), Some(&recipe), None));
    });
    let item = Selector::parse("ul.rows > li").unwrap();
    let fields = ["h3 a", "h3 a", "span.on", "p.lead", "img"].map(|select| Selector::parse(select).unwrap());
    let bare = least(|| {
        let html = Html::parse_document(black_box(&text));
        for row in html.select(&item) {
            for field in &fields {
                black_box(row.select(field).next().map(|found| found.text().collect::<String>()));
            }
        }
    });
    let parse = least(|| {
        black_box(Html::parse_document(black_box(&text)));
    });
    println!("page: {} bytes, {count} items", text.len());
    println!("extract::read            {:>9.3} ms", millis(ours));
    println!("scraper parse and select {:>9.3} ms", millis(bare));
    println!("scraper parse alone      {:>9.3} ms", millis(parse));
    println!("ratio of read to parse and select: {:.2}", ours.as_secs_f64() / bare.as_secs_f64());
}

fn least(mut run: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    best
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A listing page with so many rows between the menus and footers that pages have; about 66 KB with 40 rows.
fn listing(rows: usize) -> String {
    let mut page = String::from("<!DOCTYPE html><html lang=\"zh\"><head><title>能源要闻</title></head><body>");
    for menu in 0..150 {
        write!(
            page,
            "<div class=\"menu m{menu}\"><a href=\"/column/{menu}/\" title=\"栏目{menu}\">栏目{menu}</a></div>"
        )
        .unwrap();
    }
    page.push_str("<div class=\"main\"><ul class=\"rows\">");
    for row in 0..rows {
        write!(
            page,
            "<li class=\"row\"><div class=\"pic\"><a href=\"/a/2024/{row}.html\"><img src=\"/blank.gif\" \
             data-src=\"/pic/{row}.jpg\" alt=\"图{row}\"></a></div><div class=\"words\"><h3><a href=\"/a/2024/{row}.html\">第{row}\
             台海上风电机组并网发电,当地用电结构进一步改善</a></h3><p class=\"lead\">{}</p><span class=\"on\">2024-03-{:02} 10:{:02}</span>\
             <span class=\"tags\"><a href=\"/t/1\">风电</a><a href=\"/t/2\">并网</a></span></div></li>",
            "机组安装在离岸三十公里的海面上,每年可发电六千万千瓦时。<b>施工</b>历时两年,".repeat(7),
            1 + row % 28,
            row % 60
        )
        .unwrap();
    }
    page.push_str("</ul></div><div class=\"foot\">");
    for link in 0..100 {
        write!(page, "<span><a href=\"https://partner{link}.example/\">友情链接{link}</a></span>").unwrap();
    }
    page.push_str("</div></body></html>");
    page
}

fn page(text: &str) -> Page {
    let url: url::Url = "https://power.example/list/".parse().unwrap();
    Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes: text.as_bytes().to_vec(),
        text: text.to_owned(),
        encoding: encoding_rs::UTF_8,
        language: None,
        validators: Validators::default(),
    }
}
