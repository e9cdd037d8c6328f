//! Pages of made-up sites in several scripts and layouts: the list that a reader would name is found, with its fields.

use std::fmt::Write as _;

use super::Verdict;
use crate::{
    extract::{Detection, read_detected},
    model::{Listing, Page, Validators},
};

fn read(body: &str) -> (Listing, Detection) {
    let text = format!("<!DOCTYPE html><html><head><title>t</title></head><body>{body}</body></html>");
    read_at("https://news.example.org/list/", text)
}

fn read_at(address: &str, text: String) -> (Listing, Detection) {
    let url: url::Url = address.parse().unwrap();
    let page = Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes: text.clone().into_bytes(),
        text,
        encoding: encoding_rs::UTF_8,
        language: None,
        validators: Validators::default(),
    };
    read_detected(&page)
}

/// Rows made of a template in which `#` is the row's number and `@` its title.
fn rows(template: &str, titles: &[&str]) -> String {
    titles.iter().enumerate().fold(String::new(), |mut all, (number, title)| {
        write!(all, "{}", template.replace('#', &(number + 11).to_string()).replace('@', title)).unwrap();
        all
    })
}

fn titles(listing: &Listing) -> Vec<&str> {
    listing.items.iter().map(|item| item.title.as_str()).collect()
}

const MENU: &str = "<div class='nav'><ul><li><a href='/a/'>Home</a></li><li><a href='/b/'>News</a></li><li><a href='/c/'>Sport</a></li>\
    <li><a href='/d/'>Kultur</a></li><li><a href='/about'>About us</a></li><li><a href='/contact'>Contact</a></li></ul></div>";

const KOREAN: [&str; 4] = [
    "전력망 현대화 사업 본격 추진",
    "재생에너지 발전량 역대 최고 기록",
    "송전선로 건설 주민 설명회 개최",
    "전기요금 개편안 공청회 일정 안내",
];
const ARABIC: [&str; 4] = [
    "افتتاح محطة جديدة للطاقة الشمسية في الجنوب",
    "الوزارة تعلن خطة لتطوير شبكة الكهرباء",
    "ارتفاع إنتاج الطاقة المتجددة هذا العام",
    "توقيع اتفاقية للربط الكهربائي بين البلدين",
];
const RUSSIAN: [&str; 4] = [
    "В области запустили новую солнечную электростанцию",
    "Энергетики завершили ремонт линии электропередачи",
    "Утверждена программа развития сетей на пять лет",
    "Потребление электроэнергии выросло на три процента",
];
const CHINESE: [&str; 5] = [
    "全国电网建设投资创新高",
    "海上风电项目并网发电",
    "省公司召开安全生产会议",
    "新能源消纳能力持续提升",
    "电力市场化改革稳步推进",
];

#[test]
fn rows_of_a_table_with_a_number_a_title_and_a_day() {
    let body =
        rows("<tr><td>#</td><td><a href='/view?no=#40'>@</a></td><td>관리자</td><td>2024-03-#</td></tr>", &KOREAN);
    let page = format!(
        "{MENU}<table class='board'><tr><th>번호</th><th>제목</th><th>작성자</th><th>등록일</th></tr>{body}</table>"
    );
    let (listing, found) = read(&page);
    assert_eq!(titles(&listing), KOREAN);
    assert_eq!(listing.items[0].dates[0].text, "2024-03-11", "{:?}", found.rules);
}

#[test]
fn cards_whose_column_links_before_the_title() {
    let body = rows(
        "<div class='card'><a class='rub' href='/rubrik/energie/'>أخبار</a><a href='/story/#55-text'><h3>@</h3></a><time datetime='2024-05-#'>#</time></div>",
        &ARABIC,
    );
    let (listing, _) = read(&format!("{MENU}<div class='cards'>{body}</div>"));
    assert_eq!(titles(&listing), ARABIC);
    assert_eq!(listing.items[1].link.as_deref(), Some("/story/1255-text"));
    assert_eq!(listing.items[1].dates[0].text, "2024-05-12");
}

#[test]
fn the_main_list_and_not_the_most_read_beside_it() {
    let body = rows("<li><a href='/novosti/2024/#77/'>@</a> <span class='d'>#.03.2024</span></li>", &RUSSIAN);
    let side = rows(
        "<li><a href='/novosti/2023/#99/'>@</a></li>",
        &[
            "Самая читаемая новость прошлого года",
            "Ещё одна популярная новость прошлого года",
            "Третья популярная новость",
        ],
    );
    let (listing, found) =
        read(&format!("{MENU}<ul class='list'>{body}</ul><div><h4>Популярное</h4><ul>{side}</ul></div>"));
    assert_eq!(titles(&listing), RUSSIAN);
    assert_eq!(found.rules.unwrap().item, ".list > li");
}

#[test]
fn short_chinese_headlines_are_titles_and_menus_are_not() {
    let body = rows("<li><span>[03-#]</span><a href='./202403/t202403#_88.html' title='@'>@</a></li>", &CHINESE);
    let (listing, _) = read(&format!("{MENU}<div class='right'><ul>{body}</ul></div>"));
    assert_eq!(titles(&listing), CHINESE);
    assert!(listing.items[0].dates[0].text.contains("03-11"));
}

#[test]
fn links_that_only_say_pdf_take_the_title_of_their_row() {
    let body = rows(
        "<tr><td>03/#/2024</td><td>@</td><td><a href='/op/#24.pdf'>PDF</a> <a href='/op/#24.docx'>DOCX</a></td></tr>",
        &[
            "Stone v. Rivers Transport Company",
            "State v. Underhill",
            "In re Estate of Margaret Field",
            "Hale v. Northern Insurance",
        ],
    );
    let (listing, _) = read(&format!("{MENU}<table>{body}</table>"));
    assert_eq!(titles(&listing)[1], "State v. Underhill");
    assert_eq!(listing.items[1].link.as_deref(), Some("/op/1224.pdf"));
    assert_eq!(listing.items.len(), 4);
}

#[test]
fn a_definition_list_whose_dates_follow() {
    let body = rows(
        "<dt><a href='/aktuelles/meldung-#01.html'>@</a></dt><dd>#. März 2024</dd>",
        &["Neue Leitung geht in Betrieb", "Netzausbau kommt schneller voran", "Bundestag berät über Strompreise"],
    );
    let (listing, found) = read(&format!("{MENU}<dl>{body}</dl>"));
    assert_eq!(listing.items.len(), 3);
    assert_eq!(
        listing.items[2].dates.first().map(|date| date.text.as_str()),
        Some("13. März 2024"),
        "{:?}",
        found.rules
    );
}

#[test]
fn a_definition_list_whose_dates_precede() {
    let rows = rows("<dt>#.05.2024</dt><dd><a href='/novosti/4#/'>@</a></dd>", &RUSSIAN);
    let (listing, detection) = read(&format!("{MENU}<dl class=news>{rows}</dl>"));
    assert_eq!(titles(&listing), RUSSIAN);
    let dates: Vec<&str> = listing.items.iter().map(|item| item.dates[0].text.as_str()).collect();
    assert_eq!(dates, ["11.05.2024", "12.05.2024", "13.05.2024", "14.05.2024"], "{:?}", detection.rules);
}

#[test]
fn dates_that_are_told_to_programs_alone() {
    let row = "<div itemscope itemtype=https://schema.org/NewsArticle><meta itemprop=datePublished content=2023-11-#T10:00:00Z>\
        <a itemprop=url href=/noticias/10#><span itemprop=headline>@</span></a><span itemprop=author>Redacción</span></div>";
    let (listing, detection) = read(&format!("{MENU}<div id=main-list>{}</div>", rows(row, &RUSSIAN)));
    assert_eq!(titles(&listing), RUSSIAN);
    let first = listing.items[0].dates.first().map(|date| date.text.as_str());
    assert_eq!(first, Some("2023-11-11T10:00:00Z"), "{:?}", detection.rules);
}

#[test]
fn a_blog_whose_posts_lead_to_more_and_to_comments() {
    let row = "<div class=post><p class=info>Am #. Mai 2024 von <a href=/autor/eva>Eva</a> in <a href=/thema/stadt>Stadt</a></p>\
        <h2><a href=/2024/05/#-artikel-der-stadt>@</a></h2><a href=/2024/05/#-artikel-der-stadt>Weiterlesen</a> \
        <a href=/2024/05/#-artikel-der-stadt#comments>3 Kommentare</a></div>";
    let (listing, _) = read(&format!("{MENU}<div class=posts>{}</div>", rows(row, &RUSSIAN)));
    assert_eq!(titles(&listing), RUSSIAN);
    assert_eq!(listing.items[0].dates[0].text, "Am 11. Mai 2024 von Eva in Stadt");
}

#[test]
fn an_h_feed_has_its_fields() {
    let row = "<article class=h-entry><h2 class=p-name><a class=u-url href=/notes/#-7>@</a></h2><a class='p-author h-card' href=/qui/anne>Anne \
        Leroy</a> <time class=dt-published datetime=2024-03-#T08:00:00+01:00># mars</time><a class=p-category href=/tags/ville>ville</a></article>";
    let (listing, _) = read(&format!("{MENU}<main class=h-feed>{}</main>", rows(row, &RUSSIAN)));
    assert_eq!(titles(&listing), RUSSIAN);
    let first = &listing.items[0];
    assert_eq!(
        (first.authors.as_slice(), first.categories.as_slice()),
        (&["Anne Leroy".to_owned()][..], &["ville".to_owned()][..])
    );
    assert!(first.dates.iter().any(|date| date.text == "2024-03-11T08:00:00+01:00"), "{:?}", first.dates);
}

#[test]
fn days_in_headings_above_their_rows() {
    let day = |day: &str, titles: &[&str], from: &str| {
        format!(
            "<h3>{day}</h3><ul class='day'>{}</ul>",
            rows(&format!("<li><a href='/n/{from}#3.html'>@</a></li>"), titles)
        )
    };
    let page =
        format!("{MENU}{}{}", day("2024年3月12日", &CHINESE[..3], "a"), day("2024年3月11日", &CHINESE[3..], "b"));
    let (listing, found) = read(&page);
    assert_eq!(listing.items.len(), 5);
    let days: Vec<&str> =
        listing.items.iter().filter_map(|item| item.dates.first()).map(|date| date.text.as_str()).collect();
    assert_eq!(days.get(2..4), Some(&["2024年3月12日", "2024年3月11日"][..]), "{:?}", found.rules);
}

#[test]
fn what_is_no_list_says_what_it_is() {
    let (listing, found) = read(MENU);
    assert!(listing.items.is_empty());
    assert_eq!(found.verdict, Verdict::Nothing);
    let (_, found) = read("<form><input name='u'><input type='password' name='p'></form>");
    assert_eq!(found.verdict, Verdict::Login);
    let (_, found) = read("<div id='app'></div><script>window.__NUXT__={}</script>");
    assert!(matches!(found.verdict, Verdict::Shell(state) if state.contains("__NUXT__")));
    let text =
        "<p>海上风电项目近日并网发电,项目每年可为当地提供清洁电力,减少排放,改善用电结构,带动就业。</p>".repeat(20);
    let more = rows("<li><a href='/a/2024/#.html'>@</a></li>", &CHINESE);
    let (listing, found) = read(&format!(
        "{MENU}<div class='path'><a href='/wind/'>风电</a></div><h1>海上风电项目并网发电</h1><div>{text}</div><h3>相关阅读</h3><ul>{more}</ul>"
    ));
    assert_eq!(found.verdict, Verdict::Article(Some("/wind/".to_owned())));
    assert!(listing.items.is_empty());
}

const NEXT: &str = "<div id='__next'></div><script id='__NEXT_DATA__' type='application/json'>{\"props\":{\"menu\":[{\"title\":\"Home\",\"url\":\"/\"},{\"title\":\"About\",\"url\":\"/about\"}],\"posts\":[\
    {\"title\":\"Power lines renewed in the north\",\"url\":\"/news/2024/1001\",\"publishedAt\":\"2024-03-01T10:00:00Z\"},\
    {\"title\":\"Wind farm joins the grid today\",\"url\":\"/news/2024/1002\",\"publishedAt\":\"2024-03-02T10:00:00Z\"},\
    {\"title\":\"Prices of electricity fall again\",\"url\":\"/news/2024/1003\",\"publishedAt\":\"2024-03-03T10:00:00Z\"}]}}</script>";

#[test]
fn records_of_a_script_are_the_list_where_the_page_shows_none() {
    let (listing, found) = read(NEXT);
    assert_eq!(titles(&listing)[1], "Wind farm joins the grid today");
    assert_eq!(listing.items[2].dates[0].text, "2024-03-03T10:00:00Z");
    assert_eq!(found.rules.unwrap().item, "script#__NEXT_DATA__ $.props.posts[*]");
    let assigned = NEXT.replace(" id='__NEXT_DATA__' type='application/json'>", ">window.__STATE__ = ");
    let (listing, found) = read(&assigned);
    assert_eq!(listing.items.len(), 3);
    assert_eq!(found.rules.unwrap().item, "script $.props.posts[*]");
}

#[test]
fn a_carousel_and_a_breadcrumb_never_stand_in_for_the_list() {
    let body = rows("<li><a href='/n/2024/#5.html'>@</a></li>", &RUSSIAN);
    let ld = |inner: &str| format!("<script type='application/ld+json'>{{\"itemListElement\":[{inner}]}}</script>");
    let carousel = ld(
        "{\"headline\":\"Самая читаемая новость года\",\"url\":\"/n/2023/9.html\",\"datePublished\":\"2024-01-01\"},\
        {\"headline\":\"Ещё одна популярная новость\",\"url\":\"/n/2024/115.html\",\"datePublished\":\"2024-01-02\"}",
    );
    let (listing, found) = read(&format!("{MENU}{carousel}<ul class='list'>{body}</ul>"));
    assert_eq!(titles(&listing), RUSSIAN);
    assert!(found.also.iter().any(|other| other.reason.contains("1 of the 4")), "{:?}", found.also);
    let crumbs = "<script type='application/ld+json'>{\"@type\":\"BreadcrumbList\",\"itemListElement\":[\
        {\"name\":\"News of the whole country\",\"item\":\"https://news.example.org/a/10001\"},{\"name\":\"Energy and the grid\",\"item\":\"https://news.example.org/a/10002\"}]}</script>";
    let (listing, found) = read(&format!("{MENU}{crumbs}"));
    assert!(listing.items.is_empty(), "{:?}", found.rules);
}

#[test]
fn records_that_name_the_listed_articles_bring_their_dates() {
    let body = rows("<li><a href='/n/2024/#5.html'>@</a></li>", &RUSSIAN);
    let records = rows(
        "{\"headline\":\"@\",\"url\":\"https://news.example.org/n/2024/#5.html\",\"datePublished\":\"2024-01-#\"},",
        &RUSSIAN,
    );
    let ld = format!("<script type='application/ld+json'>{{\"@graph\":[{}]}}</script>", records.trim_end_matches(','));
    let (listing, found) = read(&format!("{MENU}{ld}<ul class='list'>{body}</ul>"));
    assert_eq!(titles(&listing), RUSSIAN);
    assert_eq!(listing.items[1].dates[0].text, "2024-01-12", "{:?}", found.rules);
}

#[test]
fn labels_within_a_cell_say_what_is_what() {
    let body = rows(
        "<tr><td><b>Docket: </b><a href='/op/24-#5.mp3'>24-#5</a></td><td><b>Caption: </b>@<br><b>Date Argued: </b>4-#-26</td></tr>",
        &["Ortega v. Blanche", "Newton v. Vuitton Incorporated", "Freckleton v. Mercy College"],
    );
    let (listing, found) = read(&format!("{MENU}<table>{body}</table>"));
    assert_eq!(titles(&listing)[0], "Ortega v. Blanche", "{:?}", found.rules);
    assert_eq!(listing.items[0].dates.first().map(|date| date.text.as_str()), Some("4-11-26"), "{:?}", found.rules);
}

#[test]
fn rows_of_plain_elements_are_read_by_their_cells() {
    let template =
        "<div><div>0#/2024</div><div><a href='/d/4#.pdf'>@</a></div><div><a href='/j/#'>Judge #</a></div></div>";
    let (listing, detection) = read(&format!("{MENU}<div><div>{}</div></div>", rows(template, &RUSSIAN)));
    assert_eq!(titles(&listing), RUSSIAN);
    assert!(listing.items.iter().all(|item| item.link.as_deref().is_some_and(|link| link.ends_with(".pdf"))));
    assert_eq!(detection.rules.unwrap().item, "div > div:has(> div:nth-of-type(3))");
}

#[test]
fn a_date_over_several_rows_is_told_from_dated_rows_that_are_no_articles() {
    let day = |day: usize, titles: &[&str]| {
        let articles =
            rows("<div class='entry'><p><b>Nr</b> <a href='/s/9#'>Kurz</a><br><a href='/f/8#'>@</a></p></div>", titles)
                .replace("8#", "8")
                .replace("/8", &format!("/8{day}"))
                .replace("/9", &format!("/9{day}"));
        format!(
            "<div class='panel'><div class='day'>2024-05-{day}</div><div class='group'><div class='entry'><b>Order-05-{day}-2024:</b> \
             <a href='/o/{day}'>Orders</a></div>{articles}</div></div>"
        )
    };
    let (listing, detection) = read(&format!("{MENU}{}{}{}", day(21, &RUSSIAN), day(14, &KOREAN), day(13, &ARABIC)));
    assert_eq!(detection.rules.unwrap().date.unwrap().select, "^ div.day");
    let dates = listing.items.iter().filter_map(|item| item.dates.first()).map(|date| date.text.as_str());
    assert!(dates.clone().count() >= 12 && dates.clone().filter(|date| *date == "2024-05-14").count() >= 4);
}

#[test]
fn a_title_is_no_author_and_buttons_are_no_summary() {
    let row = "<li class=post><a href='/2024/#.html'><span class=headline>@</span></a><div class=details>\
        <span itemprop=author>Ann Lee</span><time datetime='2024-03-#'>#</time></div>\
        <div class=share>Share this with your friends on all of the networks # Mail Print</div></li>";
    let titles = [
        "Wind farm joins the grid after three years",
        "Prices of electricity fall for the second month",
        "A new line to the north is to be built",
        "Storage of heat under the old harbour",
        "What the reform means for small producers",
    ];
    let (listing, found) = read(&format!("{MENU}<div><ul>{}</ul></div>", rows(row, &titles)));
    let read: Vec<_> = listing.items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(read, titles, "{found:?}");
    for item in &listing.items {
        assert_eq!(item.authors, ["Ann Lee"], "{found:?}");
        assert_eq!(item.summary, None, "{found:?}");
    }
}

#[test]
fn links_in_the_head_of_a_table_are_no_articles() {
    let titles = ["Ortega v. Blanche", "Newton v. Louis Inc.", "Stone v. River County", "Hay v. Music Board"];
    let head = "<tr><th><a href=/list/?sort=title>Case name</a></th><th><a href=/list/?sort=date>Date</a></th></tr>";
    let rows = rows("<tr><td><a href=/opinions/2024/#.html>@</a></td><td>2024-03-#</td></tr>", &titles);
    let (listing, _) = read(&format!("<table>{head}{rows}</table>"));
    assert_eq!(self::titles(&listing), titles);
}

#[test]
fn links_that_say_a_number_take_the_title_beside_them() {
    let titles = [
        "Ortega v. Blanche and others",
        "Newton v. Louis Incorporated",
        "Stone v. River County",
        "Hay v. Music Board of Wales",
    ];
    let rows = rows("<tr><td>@</td><td><a href=/decisions/2024/#.pdf>ID 40#</a></td></tr>", &titles);
    let (listing, _) = read(&format!("<table>{rows}</table>"));
    assert_eq!(self::titles(&listing), titles);
}

#[test]
fn titles_that_differ_by_their_numbers_are_titles() {
    let leads: Vec<String> = ["Nord", "Süd", "Ost", "West"]
        .iter()
        .map(|town| format!("Das Werk {town} versorgt die halbe Stadt."))
        .collect();
    let leads: Vec<&str> = leads.iter().map(String::as_str).collect();
    for title in
        ["Tagesbericht Nr. # der Netzleitstelle", "Umspannwerk Nummer # geht nach drei Jahren Bauzeit ans Netz"]
    {
        let row = format!("<article class=report><h2><a href=/reports/#.html>{title}</a></h2><p>@</p></article>");
        let (listing, _) = read(&format!("<main>{}</main>", rows(&row, &leads)));
        let own: Vec<String> = (0..leads.len()).map(|n| title.replace('#', &(n + 11).to_string())).collect();
        assert_eq!(self::titles(&listing), own);
    }
}

#[test]
fn a_short_article_under_a_block_of_other_stories_is_an_article() {
    let titles = ["Ferry line reopens after repairs", "Council votes on harbour plan", "New bridge opens to cyclists"];
    let others =
        rows("<li><a href=/2024/03/#/story-41#.html>@</a><p>Some words on what the story tells.</p></li>", &titles);
    let story = "The harbour company renewed its cranes this week, and ships wait no longer than a day. ".repeat(4);
    let text = format!(
        "<html><head><title>t</title><meta property='og:type' content='article'></head><body><h1>Cranes renewed</h1><p>{story}</p>\
         <h3>Related</h3><ul>{others}{others}</ul></body></html>"
    );
    let (listing, found) = read_at("https://news.example.org/2024/03/02/cranes-renewed-4097.html", text);
    assert!(listing.items.is_empty() && matches!(found.verdict, Verdict::Article(_)), "{:?}", found.rules);
}

const CASES: [&str; 6] = [
    "Ortega v. Blanche",
    "Newton v. Louis Inc.",
    "Stone v. River County",
    "Hay v. Music Board",
    "State v. Winter",
    "In re Lark",
];

#[test]
fn a_line_below_the_title_is_no_part_of_it() {
    let courts = ["Court of Mull", "Court of Skye", "Court of Mull", "Court of Iona", "Court of Skye", "Court of Mull"];
    let table = |cell: &str| {
        let row = format!(
            "<tr><td><a href=/opinions/2024/#.pdf>24-40#</a></td><td class=name>{cell}</td><td>2024-03-#</td></tr>"
        );
        let rows = courts.iter().zip(CASES).enumerate().fold(String::new(), |all, (number, (court, title))| {
            let number = (number + 11).to_string();
            all + &row.replace('#', &number).replace('@', title).replace('%', court)
        });
        let (listing, found) = read(&format!("{MENU}<table>{rows}</table>"));
        (
            listing.items.into_iter().map(|item| item.title).collect::<Vec<_>>(),
            found.rules.unwrap().title.unwrap().select,
        )
    };
    for cell in ["@<br><span>%</span>", "<p>@<em><br>%</em></p>", "@<br>%"] {
        let (titles, select) = table(cell);
        assert_eq!(titles, CASES, "{cell} {select}");
        assert!(select.ends_with("::first-line"), "{cell} {select}");
    }
    // Broken where it looks best, and a line above the title.
    let whole: Vec<String> = CASES.iter().enumerate().map(|(n, case)| format!("{case} for the {n}th time")).collect();
    let cases: Vec<&str> = whole.iter().map(String::as_str).collect();
    let broken = rows("<li><a href=/2024/#.html>@</a></li>", &cases).replace(" v. ", "<br>v. ");
    let (listing, _) = read(&format!("<ul>{broken}</ul>"));
    assert_eq!(titles(&listing), cases);
    let above = rows("<li><a href=/2024/#.html><b>No. #</b><br><i>@</i></a></li>", &RUSSIAN);
    let (listing, _) = read(&format!("<ul>{above}</ul>"));
    assert!(titles(&listing).iter().zip(RUSSIAN).all(|(title, own)| title.ends_with(own)), "{:?}", titles(&listing));
}

#[test]
fn a_heading_over_bare_text_is_no_text_of_the_first_row() {
    let rows = rows(
        "<a href=/decisions/24#.pdf>24#.pdf</a>   03/#/2024  @\n   Court of Appeals Case No: 23-4#\n   District Court for the North\n\n",
        &CASES,
    );
    for below in ["", "<b>End</b>"] {
        let (listing, found) = read(&format!(
            "<pre><a href=/search>New search</a><br><br><b>[ March 2024 ]</b><br><br>\n{rows}{below}</pre>"
        ));
        assert_eq!(titles(&listing), CASES, "{:?}", found.rules);
    }
}
