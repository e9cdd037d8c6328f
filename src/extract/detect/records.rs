//! Lists of records in JSON, each with a title and an address: [`find`] names the fullest as [`Rules`].
//!
//! It reads what a page's scripts carry and what an API answers alike. Which member is what is told by its name and by what its
//! values look like; a list counts where four records of five have both title and address.

use serde_json::{Map, Value};

use crate::model::{FieldRule, Rules};

/// Depth to which a document is looked through.
const DEPTH: usize = 12;

/// Values of a document that are looked at.
const VALUES: usize = 200_000;

/// Types of schema.org that list the parts of a site.
const GUIDES: [&str; 3] = ["BreadcrumbList", "SiteNavigationElement", "WebSite"];

/// Records of a list that are looked at for their fields.
const SAMPLE: usize = 20;

/// A list of records.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Records {
    /// Its rule; `item` is the JSONPath of a record.
    pub(super) rules: Rules,
    /// How many records there are.
    pub(super) count: usize,
    /// Their addresses as written.
    pub(super) links: Vec<String>,
    /// Their titles.
    pub(super) titles: Vec<String>,
}

impl Records {
    /// How much the list says: many records, with dates and summaries.
    fn worth(&self) -> f64 {
        let fields = [&self.rules.date, &self.rules.summary, &self.rules.image, &self.rules.author];
        let width: usize = self.titles.iter().map(|title| super::tree::columns(title).min(60)).sum();
        let more = fields.into_iter().flatten().count() as f64;
        (self.count.min(60) as f64).ln()
            * (1.0 + 0.35 * more)
            * (width as f64 / self.titles.len().max(1) as f64 + 1.0).ln()
    }
}

/// The fullest list of records in a document.
pub(super) fn find(document: &Value) -> Option<Records> {
    let mut search = Search { left: VALUES, best: None };
    search.look(document, "$".to_owned(), 0);
    search.best
}

struct Search {
    left: usize,
    best: Option<Records>,
}

impl Search {
    fn look(&mut self, value: &Value, path: String, depth: usize) {
        if depth > DEPTH || self.left == 0 {
            return;
        }
        self.left -= 1;
        match value {
            Value::Array(list) => {
                self.offer(list.iter(), format!("{path}[*]"));
                for (place, inner) in list.iter().enumerate().filter(|(_, inner)| inner.is_array() || inner.is_object())
                {
                    self.look(inner, format!("{path}[{place}]"), depth + 1);
                }
            }
            Value::Object(object) => {
                if object.get("@type").and_then(Value::as_str).is_some_and(|kind| GUIDES.contains(&kind)) {
                    return;
                }
                if object.len() >= 3 && object.values().all(Value::is_object) {
                    self.offer(object.values(), format!("{path}.*"));
                }
                for (name, inner) in object.iter().filter(|(_, inner)| inner.is_array() || inner.is_object()) {
                    self.look(inner, format!("{path}{}", member(name)), depth + 1);
                }
            }
            _ => {}
        }
    }

    fn offer<'v>(&mut self, list: impl Iterator<Item = &'v Value>, path: String) {
        let list: Vec<&Map<String, Value>> = list.filter_map(Value::as_object).collect();
        if list.len() < 2 {
            return;
        }
        let Some(found) = records(&list, path) else { return };
        if self.best.as_ref().is_none_or(|best| found.worth() > best.worth()) {
            self.best = Some(found);
        }
    }
}

/// `.name`, or `['odd name']`.
fn member(name: &str) -> String {
    let is_plain = name.chars().all(|sign| sign.is_alphanumeric() || sign == '_')
        && name.starts_with(|sign: char| sign.is_alphabetic() || sign == '_');
    if is_plain { format!(".{name}") } else { format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")) }
}

const TITLE: &[&str] = &["title", "headline", "name", "subject", "articletitle", "newstitle", "heading", "text"];
const LINK: &[&str] = &[
    "url",
    "link",
    "href",
    "permalink",
    "weburl",
    "articleurl",
    "canonicalurl",
    "shareurl",
    "linkurl",
    "detailurl",
    "path",
    "uri",
    "mainentityofpage",
    "@id",
    "slug",
];
const DATE: &[&str] = &[
    "datepublished",
    "publishedat",
    "pubdate",
    "publishdate",
    "publishtime",
    "published",
    "publicationdate",
    "firstpublished",
    "date",
    "pubtime",
    "ptime",
    "ctime",
    "createdat",
    "createtime",
    "created",
    "time",
    "datetime",
    "timestamp",
    "showtime",
    "datecreated",
    "updatedat",
    "datemodified",
    "postdate",
];
const SUMMARY: &[&str] =
    &["description", "summary", "excerpt", "abstract", "intro", "digest", "standfirst", "subtitle", "dek", "brief"];
const IMAGE: &[&str] = &[
    "image",
    "thumbnailurl",
    "thumbnail",
    "cover",
    "imageurl",
    "pic",
    "picurl",
    "img",
    "imgurl",
    "coverimage",
    "picture",
];
const AUTHOR: &[&str] = &["author", "authors", "byline", "creator", "writer", "source"];
const CATEGORY: &[&str] = &["articlesection", "section", "category", "categories", "channel", "column", "topic"];

fn records(list: &[&Map<String, Value>], path: String) -> Option<Records> {
    // The records themselves may lie one level down: `{"position": 1, "item": {…}}`.
    let inner = ["item", "node", "article", "post", "data", "attributes"].into_iter().find(|name| {
        list.iter().filter(|record| record.get(*name).is_some_and(Value::is_object)).count() * 5 >= list.len() * 4
    });
    let within = inner.and_then(|name| {
        let under: Vec<&Map<String, Value>> = list.iter().filter_map(|record| record.get(name)?.as_object()).collect();
        fields(&under, Some(name))
    });
    let (rules, titles, links) = fields(list, None).or(within)?;
    let found = titles.len().min(links.len());
    let different: std::collections::HashSet<&String> = links.iter().collect();
    if found * 5 < list.len() * 4 || different.len() * 10 < links.len() * 8 || found < 2 {
        return None;
    }
    Some(Records { rules: Rules { item: path, ..rules }, count: list.len(), links, titles })
}

/// The rules of the members of records, with titles and links; `None` where they have not both.
fn fields(list: &[&Map<String, Value>], under: Option<&str>) -> Option<(Rules, Vec<String>, Vec<String>)> {
    let chooser = Chooser { list, under };
    let (title, titles) = chooser.choose(TITLE, 5, &is_title)?;
    let (link, links) = chooser.choose(LINK, 5, &is_link)?;
    let optional = |names, is: &dyn Fn(&Value) -> Option<String>| chooser.choose(names, 2, is).map(|(rule, _)| rule);
    let rules = Rules {
        title: Some(title),
        link: Some(link),
        date: optional(DATE, &is_date),
        summary: optional(SUMMARY, &is_text),
        image: optional(IMAGE, &is_link),
        author: optional(AUTHOR, &is_name),
        category: optional(CATEGORY, &is_name),
        ..Rules::default()
    };
    Some((rules, titles, links))
}

struct Chooser<'v> {
    list: &'v [&'v Map<String, Value>],
    under: Option<&'v str>,
}

impl Chooser<'_> {
    /// The member of a known name whose values `are` what is looked for in enough records (in fifths, but four at most).
    fn choose(
        &self,
        names: &[&str],
        fifths: usize,
        is: &dyn Fn(&Value) -> Option<String>,
    ) -> Option<(FieldRule, Vec<String>)> {
        let sample = || self.list.iter().take(SAMPLE);
        for wanted in names {
            let key = sample().find_map(|record| record.keys().find(|key| bare(key) == *wanted));
            let Some(key) = key else { continue };
            for inner in ["", ".url", "['@id']", ".name", "[*].url", "[*].name", "[*]", ".rendered"] {
                let value = |record: &&&Map<String, Value>| reach(record.get(key)?, inner).and_then(is);
                let met = sample().filter_map(|record| value(&record)).count();
                if met * 5 < sample().count() * fifths.min(4) {
                    continue;
                }
                let all = self.list.iter().filter_map(|record| value(&record)).collect();
                let path = format!("{}{}{inner}", self.under.map(member).unwrap_or_default(), member(key));
                let select = path.strip_prefix('.').unwrap_or(&path).to_owned();
                return Some((FieldRule { select, ..FieldRule::default() }, all));
            }
        }
        None
    }
}

/// A member's name without signs and capitals.
fn bare(key: &str) -> String {
    key.chars().filter(|sign| sign.is_alphanumeric() || *sign == '@').flat_map(char::to_lowercase).collect()
}

fn reach<'v>(value: &'v Value, inner: &str) -> Option<&'v Value> {
    let first = || value.as_array().and_then(|list| list.first());
    match inner {
        "" => Some(value),
        ".url" => value.get("url"),
        "['@id']" => value.get("@id"),
        ".name" => value.get("name"),
        ".rendered" => value.get("rendered"),
        "[*].url" => first()?.get("url"),
        "[*].name" => first()?.get("name"),
        _ => first(),
    }
}

fn is_title(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (super::tree::columns(text) >= 6 && text.chars().any(char::is_alphabetic) && !text.starts_with("http"))
        .then(|| text.to_owned())
}

fn is_link(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let is_address = text.starts_with("http://") || text.starts_with("https://") || text.starts_with('/');
    let is_path =
        text.contains('/') && !text.contains(char::is_whitespace) || text.ends_with(".html") || text.ends_with(".htm");
    ((is_address || is_path) && text.len() > 1).then(|| text.to_owned())
}

fn is_date(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => {
            let is_instant = number.as_f64().is_some_and(|number| (5e8..5e12).contains(&number));
            is_instant.then(|| number.to_string())
        }
        Value::String(text) => {
            (text.len() >= 6 && text.len() <= 60 && text.contains(|sign: char| sign.is_numeric())).then(|| text.clone())
        }
        _ => None,
    }
}

fn is_text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| super::tree::columns(text) >= 20).map(str::to_owned)
}

fn is_name(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|text| (2..=60).contains(&super::tree::columns(text)) && !text.contains('/'))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_records_are_found_by_what_they_hold() {
        let state = json!({"props": {"menu": [{"title": "Home page", "url": "/"}, {"title": "About us", "url": "/about"}],
            "pageProps": {"posts": [
                {"headline": "Power lines renewed in the north", "url": "/a/1", "publishedAt": 1640830073, "author": {"name": "Li"}},
                {"headline": "Wind farm joins the grid today", "url": "/a/2", "publishedAt": 1640830074, "author": {"name": "Wu"}},
                {"headline": "Prices of electricity fall again", "url": "/a/3", "publishedAt": 1640830075, "author": {"name": "Xu"}}]}}});
        let found = find(&state).unwrap();
        assert_eq!(found.rules.item, "$.props.pageProps.posts[*]");
        assert_eq!(found.links, ["/a/1", "/a/2", "/a/3"]);
        let select = |rule: &Option<FieldRule>| rule.as_ref().map(|rule| rule.select.clone());
        assert_eq!(select(&found.rules.title).as_deref(), Some("headline"));
        assert_eq!(select(&found.rules.author).as_deref(), Some("author.name"));
        assert_eq!(select(&found.rules.date).as_deref(), Some("publishedAt"));
    }

    #[test]
    fn item_lists_and_keyed_records_are_lists_too() {
        let listed = json!({"@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "position": 1, "item": {"@id": "https://n.example/1", "name": "First of the stories"}},
            {"@type": "ListItem", "position": 2, "item": {"@id": "https://n.example/2", "name": "Second of the stories"}}]});
        let found = find(&listed).unwrap();
        assert_eq!(found.rules.link.unwrap().select, "item['@id']");
        let keyed = json!({"a:1": {"title": "全国电网建设投资", "url": "/1.html"}, "a:2": {"title": "海上风电项目", "url": "/2.html"},
            "a:3": {"title": "电力市场化改革", "url": "/3.html"}});
        assert_eq!(find(&keyed).unwrap().rules.item, "$.*");
        assert_eq!(find(&json!([{"title": "No address at all"}, {"title": "Nor has this one"}])), None);
    }
}
