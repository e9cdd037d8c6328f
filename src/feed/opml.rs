//! The list of all feeds → OPML 2.0, which any reader imports at once.

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use super::{Format, Rendered, xml::XmlText};
use crate::model::FeedId;

/// One feed of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its id.
    pub id: FeedId,
    /// Its title.
    pub title: String,
}

/// The list as OPML 2.0 (opml.org/spec2.opml). `base_url` is where this server is reached.
pub fn write(base_url: &str, outlines: &[Outline]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    // Writing into memory cannot fail.
    let _ = events(&mut writer, base_url.trim_end_matches('/'), outlines);
    writer.into_inner()
}

fn events(writer: &mut Writer<Vec<u8>>, base_url: &str, outlines: &[Outline]) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    writer.write_event(Event::Text(BytesText::new("\n")))?;
    writer.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    writer.write_event(Event::Start(BytesStart::new("head")))?;
    writer.create_element("title").write_text_content(BytesText::new("tearsheet"))?;
    writer.write_event(Event::End(BytesEnd::new("head")))?;
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    for outline in outlines {
        let title = XmlText::line(&outline.title).filled();
        let title = title.as_ref().map_or(outline.id.as_str(), XmlText::as_str);
        let page = format!("{base_url}/feeds/{}", outline.id);
        let feed = format!("{page}.{}", Format::Rss.extension());
        let attributes = [("type", "rss"), ("text", title), ("title", title), ("xmlUrl", &feed), ("htmlUrl", &page)];
        writer.write_event(Event::Empty(BytesStart::new("outline").with_attributes(attributes)))?;
    }
    writer.write_event(Event::End(BytesEnd::new("body")))?;
    writer.write_event(Event::End(BytesEnd::new("opml")))
}

/// The list in every coding. It carries no date: it changes with the configuration alone.
pub fn render(base_url: &str, outlines: &[Outline]) -> Rendered {
    Rendered::new(write(base_url, outlines), "text/x-opml; charset=utf-8", None)
}
