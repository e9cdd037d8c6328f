//! What is written, read back: by a strict parser, by feed-rs, and by the rules that validators hold feeds to.

use std::{collections::HashSet, sync::LazyLock};

use feed_rs::model::Feed;
use proptest::prelude::*;
use quick_xml::{Reader, XmlVersion, events::Event};
use regex::Regex;
use tearsheet::{
    feed::{self, Format, opml, xml::XmlText},
    model::{CleanHtml, Document},
};

use crate::{hostile, sample};

static LANGUAGE: LazyLock<Regex> = LazyLock::new(|| Regex::new("^[a-z]{2}(-[A-Za-z0-9]{2,8})*$").unwrap());
static HTML: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<(/?[a-zA-Z]|[!?])|&(#|\w+;)").unwrap());
static LEGAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^https?://[^/?#]+(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?(\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$").unwrap()
});
static RFC822: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}$").unwrap()
});
static RFC3339: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]([01]\d|2[0-3]):\d\d|Z)$").unwrap());

/// Name, attributes and text of an element.
type Element = (String, Vec<(String, String)>, String);

/// Elements with their attributes and text, as a strict parser reads them; it panics at the first fault.
fn strict(bytes: &[u8]) -> Vec<Element> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    for c in text.chars() {
        let allowed = matches!(c, '\t' | '\n' | '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffc}' | '\u{10000}'..);
        assert!(allowed, "U+{:04X} has no place in a feed", u32::from(c));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    reader.config_mut().check_comments = true;
    let (mut elements, mut open): (Vec<Element>, Vec<usize>) = Default::default();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                open.push(elements.len());
                elements.push((name(&start), attributes(&start), String::new()));
            }
            Event::Empty(start) => elements.push((name(&start), attributes(&start), String::new())),
            Event::End(_) => drop(open.pop().expect("an open element")),
            Event::Text(text) => {
                if let Some(place) = open.last() {
                    elements[*place].2.push_str(&text.decode().unwrap());
                }
            }
            Event::GeneralRef(reference) => {
                let place = *open.last().expect("inside an element");
                let name = reference.decode().unwrap();
                let meant = quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned);
                let meant = meant.or_else(|| reference.resolve_char_ref().unwrap().map(String::from));
                elements[place].2.push_str(&meant.expect("a reference that XML knows"));
            }
            Event::CData(data) => elements[*open.last().unwrap()].2.push_str(&data.decode().unwrap()),
            Event::Decl(_) => {
                assert!(elements.is_empty() && text.starts_with("<?xml ") && text.matches("<?xml ").count() == 1)
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    elements
}

fn name(start: &quick_xml::events::BytesStart<'_>) -> String {
    String::from_utf8(start.name().as_ref().to_vec()).unwrap()
}

fn attributes(start: &quick_xml::events::BytesStart<'_>) -> Vec<(String, String)> {
    let pair = |a: quick_xml::events::attributes::Attribute<'_>| {
        (
            String::from_utf8(a.key.as_ref().to_vec()).unwrap(),
            a.normalized_value(XmlVersion::Implicit1_0).unwrap().into_owned(),
        )
    };
    start.attributes().map(|attribute| pair(attribute.unwrap())).collect()
}

fn read(document: &Document, format: Format) -> Feed {
    feed_rs::parser::parse(&format.write(document)[..])
        .unwrap_or_else(|error| panic!("{} {format:?}: {error}", document.id))
}

/// What HTML parsers and XML's own rules leave of white space is not what this test is about.
fn squeezed(text: &str) -> String {
    text.replace('\u{2060}', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn another_parser_reads_back_what_was_meant() {
    let mut entries = 0;
    for document in hostile::documents().chain([sample::document("grid", "电网", sample::grid())]) {
        for format in Format::ALL {
            let feed = read(&document, format);
            assert_eq!(feed.entries.len(), document.entries.len(), "{} {format:?}", document.id);
            for (read, meant) in feed.entries.iter().zip(&document.entries) {
                let article = &meant.article;
                assert_eq!(read.id, article.key.urn());
                assert_eq!(read.published.unwrap().timestamp(), article.published.at.as_second(), "{format:?}");
                // feed-rs takes RSS titles for HTML where they look like it, so those with markup are compared elsewhere.
                let title = feed::title(article);
                if format != Format::Rss || !title.contains(['<', '&']) {
                    assert_eq!(
                        squeezed(&read.title.as_ref().unwrap().content),
                        squeezed(&title),
                        "{} {format:?}",
                        document.id
                    );
                }
                let link =
                    read.links.iter().find(|link| link.rel.as_deref() != Some("self")).map(|link| link.href.clone());
                assert_eq!(link, feed::web(&article.url).map(String::from), "{format:?}");
                entries += 1;
            }
        }
    }
    println!(
        "{} documents in {} formats, {entries} entries read back by feed-rs",
        hostile::DOCUMENTS + 1,
        Format::ALL.len()
    );
}

/// The rules that a generator can break, out of those that the W3C feed validator checks.
#[test]
fn validators_have_nothing_to_say() {
    let mut checked = 0;
    for document in hostile::documents().chain([sample::document("grid", "电网", sample::grid())]) {
        rss_rules(&strict(&Format::Rss.write(&document)), &document);
        atom_rules(&strict(&Format::Atom.write(&document)), &document);
        json_rules(&Format::Json.write(&document), &document);
        checked += 3;
    }
    println!("{checked} feeds hold to the rules");
}

type Elements = [Element];

fn texts<'a>(elements: &'a Elements, name: &str) -> Vec<&'a str> {
    elements.iter().filter(|(found, ..)| found == name).map(|(_, _, text)| text.as_str()).collect()
}

fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.1.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn rss_rules(elements: &Elements, document: &Document) {
    let id = &document.id;
    assert_eq!(attribute(&elements[0], "version"), Some("2.0"));
    for name in ["title", "link", "description", "guid", "category", "dc:creator", "dc:publisher", "content:encoded"] {
        assert!(texts(elements, name).iter().all(|text| !text.trim().is_empty()), "{id}: blank {name}");
    }
    for name in ["title", "category", "dc:creator", "dc:publisher"] {
        assert!(texts(elements, name).iter().all(|text| !HTML.is_match(text)), "{id}: HTML in {name}");
    }
    let guids = texts(elements, "guid");
    assert_eq!(guids.len(), document.entries.len());
    assert_eq!(guids.iter().collect::<HashSet<_>>().len(), guids.len(), "{id}: guids are unique");
    for element in elements.iter().filter(|(name, ..)| name == "guid") {
        assert_eq!(attribute(element, "isPermaLink"), Some("false"));
    }
    let dates: Vec<_> = texts(elements, "pubDate").into_iter().chain(texts(elements, "lastBuildDate")).collect();
    assert_eq!(dates.len(), document.entries.len() + usize::from(document.updated.is_some()));
    assert!(dates.iter().all(|text| RFC822.is_match(text)), "{id}: {dates:?}");
    links_are_legal(id.as_str(), &texts(elements, "link"));
    assert!(texts(elements, "ttl")[0].parse::<u32>().unwrap() > 0);
    let own = elements.iter().find(|(name, ..)| name == "atom:link").unwrap();
    assert_eq!(attribute(own, "rel"), Some("self"));
    assert_eq!(attribute(own, "href"), Some(format!("{}/feeds/{id}.rss", sample::BASE).as_str()));
    // The summary stands before the content.
    let parts = ["item", "description", "content:encoded"];
    let order: Vec<_> = elements.iter().map(|(name, ..)| name.as_str()).filter(|name| parts.contains(name)).collect();
    assert!(!order.windows(2).any(|two| two == ["content:encoded", "description"]), "{id}: content before the summary");
    for html in texts(elements, "description").iter().skip(1).chain(&texts(elements, "content:encoded")) {
        assert!(!html.contains("<script") && !html.contains("javascript:"), "{id}");
    }
}

fn atom_rules(elements: &Elements, document: &Document) {
    let id = &document.id;
    for name in ["title", "name", "id", "updated"] {
        assert!(texts(elements, name).iter().all(|text| !text.trim().is_empty()), "{id}: blank {name}");
    }
    let updated = texts(elements, "updated");
    assert_eq!(updated.len(), document.entries.len() + 1);
    let unique: HashSet<_> = updated.iter().skip(1).collect();
    assert_eq!(unique.len(), document.entries.len(), "{id}: entries of one second differ");
    assert!(
        updated.iter().chain(&texts(elements, "published")).all(|text| RFC3339.is_match(text)),
        "{id}: {updated:?}"
    );
    let hrefs: Vec<_> = elements
        .iter()
        .filter(|(name, ..)| name == "link")
        .map(|element| attribute(element, "href").unwrap())
        .collect();
    links_are_legal(id.as_str(), &hrefs);
    assert_eq!(
        elements.iter().filter(|element| element.0 == "link" && attribute(element, "rel") == Some("self")).count(),
        1
    );
    assert!(
        elements
            .iter()
            .filter(|(name, ..)| name == "category")
            .all(|element| !attribute(element, "term").unwrap().trim().is_empty())
    );
    let ids = texts(elements, "id");
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    for element in elements.iter().filter(|element| attribute(element, "xml:lang").is_some()) {
        let tag = attribute(element, "xml:lang").unwrap();
        assert!(LANGUAGE.is_match(tag), "{id}: {tag}");
    }
}

fn json_rules(bytes: &[u8], document: &Document) {
    let feed: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert!(!feed["title"].as_str().unwrap().is_empty());
    assert_eq!(feed["feed_url"], format!("{}/feeds/{}.json", sample::BASE, document.id));
    for (item, entry) in feed["items"].as_array().unwrap().iter().zip(&document.entries) {
        assert_eq!(item["id"], entry.article.key.urn());
        assert!(item["content_html"].is_string() != item["content_text"].is_string());
        assert!(!item["title"].as_str().unwrap().is_empty());
        let published: jiff::Timestamp = item["date_published"].as_str().unwrap().parse().unwrap();
        assert_eq!(published, entry.article.published.at);
        links_are_legal(
            document.id.as_str(),
            &["url", "image"].map(|name| item[name].as_str().unwrap_or("http://none/")),
        );
    }
}

fn links_are_legal(id: &str, links: &[&str]) {
    for link in links {
        assert!(LEGAL.is_match(link), "{id}: {link}");
    }
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let document = hostile::document(7);
    for format in Format::ALL {
        let first = format.render(&document);
        let etag = &first.body(tearsheet::feed::Coding::Gzip).etag;
        for _ in 0..20 {
            assert_eq!(&format.render(&hostile::document(7)).body(tearsheet::feed::Coding::Gzip).etag, etag);
        }
    }
}

#[test]
fn an_rss_item_says_all_that_is_known() {
    let rss = String::from_utf8(Format::Rss.write(&sample::document("grid", "电网", sample::grid()))).unwrap();
    for part in [
        "<title>Q&amp;A：特高压直流工程全线贯通 &lt;±800 kV&gt; 意味着什么</title>",
        "<link>http://news.example.org/grid/0.html</link>",
        "<pubDate>Sun, 22 Nov 2026 08:42:10 +0800</pubDate>",
        "<pubDate>Sun, 22 Nov 2026 00:00:00 +0800</pubDate>",
        "<lastBuildDate>Sun, 22 Nov 2026 01:00:00 +0000</lastBuildDate>",
        "<dc:creator>王小明</dc:creator><dc:creator>李 &amp; 李</dc:creator>",
        "<dc:publisher>中国电力报</dc:publisher>",
        "<category>特高压</category>",
        "<language>zh-CN</language>",
        "<dc:language>en</dc:language>",
        "<ttl>30</ttl>",
        "<media:thumbnail url=\"http://news.example.org/img/1%7C2.jpg\"",
        "<content:encoded><![CDATA[<p>工程起于青海",
        "<guid isPermaLink=\"false\">urn:uuid:",
        "<atom:link href=\"http://127.0.0.1:7878/feeds/grid.rss\" rel=\"self\" type=\"application/rss+xml\"",
    ] {
        assert!(rss.contains(part), "{part}\n{rss}");
    }
    let atom = String::from_utf8(Format::Atom.write(&sample::document("grid", "电网", sample::grid()))).unwrap();
    for part in [
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"",
        "xml:lang=\"zh-CN\"",
        "<published>2026-11-22T08:42:10+08:00</published>",
        "<updated>2026-11-22T09:00:00.999",
        "<dc:publisher>中国电力报</dc:publisher>",
        "<category term=\"特高压\"/>",
        "rel=\"self\"",
    ] {
        assert!(atom.contains(part), "{part}\n{atom}");
    }
}

#[test]
fn the_list_of_feeds_reads_back() {
    let outlines: Vec<_> = (1..40)
        .map(|seed| opml::Outline { id: format!("f{seed}").parse().unwrap(), title: hostile::Dice::new(seed).text() })
        .collect();
    let elements = strict(&opml::write("http://h/", &outlines));
    let found: Vec<_> = elements.iter().filter(|(name, ..)| name == "outline").collect();
    assert_eq!(found.len(), outlines.len());
    for (element, outline) in found.iter().zip(&outlines) {
        assert_eq!(attribute(element, "xmlUrl"), Some(format!("http://h/feeds/{}.rss", outline.id).as_str()));
        assert!(!attribute(element, "text").unwrap().is_empty() && attribute(element, "type") == Some("rss"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_survives_xml_and_a_strict_parser(text in any::<String>(), html in any::<String>()) {
        let mut article = sample::article("s", 0, &text, "2026-11-22T00:00:00Z", tearsheet::model::Precision::Second);
        let escaped = XmlText::escaped(&html);
        article.content = Some(CleanHtml::vouched(escaped.as_str().to_owned()));
        article.authors = vec![html.clone()];
        article.categories = vec![text.clone()];
        let document = sample::document("s", &text, vec![article]);
        let rss = strict(&Format::Rss.write(&document));
        strict(&Format::Atom.write(&document));
        serde_json::from_slice::<serde_json::Value>(&Format::Json.write(&document)).unwrap();
        if !escaped.is_empty() {
            prop_assert_eq!(texts(&rss, "content:encoded"), [escaped.as_str()]);
        }
        let title = XmlText::line(&text);
        if !title.is_empty() {
            prop_assert_eq!(texts(&rss, "title")[1].replace('\u{2060}', ""), title.as_str().replace('\u{2060}', ""));
        }
        for kind in [XmlText::text, XmlText::line, XmlText::untyped] {
            let once = kind(&text);
            prop_assert_eq!(kind(once.as_str()), once, "cleaning twice changes nothing");
        }
    }
}
