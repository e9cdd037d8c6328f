//! A subscription list of another reader, as OPML → what it subscribes to, and how FreshRSS scrapes those that are no feeds.
//!
//! - [`subscriptions`] reads the list (opml.org/spec2.opml, and versions before it).
//! - [`Subscription`] is one entry of it; what an outline says in attributes of FreshRSS is in [`Subscription::scraping`].
//!
//! Entities and deep nesting are refused, as in feeds.

use std::collections::BTreeMap;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::xml;

/// Entries that are read of a list at most.
const MOST: usize = 10_000;

/// One subscription.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscription {
    /// What the reader calls it.
    pub title: String,
    /// The address that is asked for: a feed, or a page that is scraped; empty where the list names none.
    pub url: String,
    /// `type`, in lower case.
    pub kind: String,
    /// The folders that it is in, the outermost first, and its categories.
    pub folders: Vec<String>,
    /// FreshRSS's attributes without their prefix, names in lower case.
    pub scraping: BTreeMap<String, String>,
}

impl Subscription {
    /// Whether its type says that it is one: a feed, or a page that is scraped.
    fn is_subscription(&self) -> bool {
        matches!(self.kind.as_str(), "rss" | "atom") || self.kind.contains('+')
    }
}

/// Why a file is no subscription list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOpml {
    /// It is something else.
    #[error("it is no OPML: there is no `opml` element; export the subscriptions of your reader as OPML")]
    Else,
    /// It cannot be read to its end.
    #[error("its XML breaks off or is broken near byte {0}; export it again")]
    Broken(u64),
    /// It is made to hurt its reader.
    #[error("it is refused: {0}")]
    Refused(&'static str),
}

/// The subscriptions of a list, in its order. Outlines without an address are folders, unless their type says otherwise: then they
/// are subscriptions whose address is empty, so that whoever reads the list can tell of them.
///
/// # Errors
/// [`NotOpml`].
pub fn subscriptions(text: &str) -> Result<Vec<Subscription>, NotOpml> {
    xml::guard(text).map_err(|refused| {
        NotOpml::Refused(match refused {
            xml::Refused::Entities => "its document type defines entities",
            xml::Refused::Depth => "its elements nest too deeply",
        })
    })?;
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    // What each open outline adds to those in it; nothing where it is a subscription itself.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut is_opml = false;
    loop {
        let event = reader.read_event().map_err(|_| NotOpml::Broken(reader.error_position()))?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == b"outline" => {
                let outline = outline(tag, &open);
                let is_folder = outline.url.is_empty() && !outline.is_subscription();
                if matches!(event, Event::Start(_)) {
                    open.push(is_folder.then(|| outline.title.clone()));
                }
                if !is_folder && found.len() < MOST {
                    found.push(outline);
                }
            }
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == b"opml" => is_opml = true,
            Event::End(tag) if tag.local_name().as_ref() == b"outline" => drop(open.pop()),
            Event::Eof => break,
            _ => {}
        }
    }
    if is_opml { Ok(found) } else { Err(NotOpml::Else) }
}

/// An outline as if it were a subscription; without an address, `url` is empty.
fn outline(tag: &BytesStart<'_>, open: &[Option<String>]) -> Subscription {
    let mut own = BTreeMap::new();
    let mut scraping = BTreeMap::new();
    for attribute in tag.attributes().with_checks(false).flatten() {
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else { continue };
        let name = String::from_utf8_lossy(attribute.key.as_ref()).to_ascii_lowercase();
        match name.strip_prefix("frss:") {
            Some(name) => scraping.insert(name.to_owned(), value.into_owned()),
            None => own.insert(name, value.into_owned()),
        };
    }
    let mut take = |name: &str| own.remove(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let (text, title) = (take("text"), take("title"));
    let url = take("xmlurl").or_else(|| take("url")).unwrap_or_default();
    let categories = take("category").unwrap_or_default();
    let categories = categories.split(['/', ',']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
    let folders = open.iter().flatten().filter(|folder| !folder.is_empty()).cloned().chain(categories).collect();
    let kind = take("type").unwrap_or_default().to_ascii_lowercase();
    Subscription { title: title.or(text).unwrap_or_default(), url, kind, folders, scraping }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_subscriptions_and_scraping_are_read() {
        let text = r#"<?xml version="1.0"?><opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head><title>t</title></head><body>
            <outline text="Power &amp; grid">
              <outline text="Feed" title="The feed" type="rss" xmlUrl="http://a.example/f.xml?a=1&amp;b=2" htmlUrl="http://a.example/"/>
              <outline text="Page" type="HTML+XPath" xmlUrl="http://b.example/" frss:xPathItem="//li" frss:xPathItemTitle=".//a"></outline>
            </outline>
            <outline text="Alone" type="rss" xmlUrl="http://c.example/f" category="/News/Local,Wire"/>
            <outline text="an empty folder"/>
            </body></opml>"#;
        let found = subscriptions(text).unwrap();
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].title.as_str(), found[0].url.as_str()), ("The feed", "http://a.example/f.xml?a=1&b=2"));
        assert_eq!(found[0].folders, ["Power & grid"]);
        assert_eq!(found[1].scraping["xpathitem"], "//li");
        assert_eq!(
            (found[1].kind.as_str(), found[1].folders.as_slice()),
            ("html+xpath", &["Power & grid".to_owned()][..])
        );
        assert_eq!(found[2].folders, ["News", "Local", "Wire"]);
    }

    #[test]
    fn what_is_no_list_is_told() {
        assert_eq!(subscriptions("<rss/>"), Err(NotOpml::Else));
        assert_eq!(subscriptions("hello"), Err(NotOpml::Else));
        assert!(matches!(subscriptions("<opml><body></outline></opml>"), Err(NotOpml::Broken(_))));
        assert!(matches!(subscriptions("<!DOCTYPE o [<!ENTITY a 'b'>]><opml/>"), Err(NotOpml::Refused(_))));
        assert!(matches!(subscriptions(&"<outline>".repeat(400)), Err(NotOpml::Refused(_))));
    }
}
