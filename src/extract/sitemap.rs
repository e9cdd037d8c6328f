//! Sitemaps (sitemaps.org 0.9) → rows: `urlset` with Google's news and image parts, and `sitemapindex`, whose entries
//! are further documents to read.

use quick_xml::{Reader, events::Event};

use super::{
    head, mend,
    notes::Notes,
    read::{ROWS, empty},
    xml,
};
use crate::{
    model::{DateText, Item, Listing, Origin, Outcome, Page},
    reading::text::line,
};

/// Entries of an index that are told at most.
const FURTHER: usize = 1_000;

/// One entry while it is read.
#[derive(Default)]
struct Entry {
    item: Item,
    modified: Option<String>,
    published: Option<String>,
}

/// The rows of a sitemap, or the further sitemaps of an index.
pub(super) fn read(page: &Page) -> Listing {
    let mut notes = Notes::default();
    let text = xml::text(page);
    if let Err(refused) = xml::guard(&text) {
        notes.page(format!("the sitemap is refused: {refused}"), "watch the site's listing page or feed instead");
        return empty(page, Outcome::TooComplex, notes);
    }
    let mut sheet = Sheet::default();
    if let Err(fault) = sheet.take(&text) {
        sheet = Sheet::default();
        // What is mended is well-formed; a fault that is left ends the reading where it stands.
        let _ = sheet.take(&mend::xml(&text));
        notes.page(format!("the sitemap was read with its faults mended: {fault}"), "tell its publisher");
    }
    if sheet.left_out > 0 {
        notes.page(
            format!("{} entries were left out", sheet.left_out),
            "watch the news sitemap or a smaller part of the index",
        );
    }
    let has_no_root = !sheet.is_sitemap;
    if has_no_root {
        notes.page("it is no sitemap", "look whether the host sends an error page, or change kind");
    } else if sheet.items.is_empty() && sheet.further.is_empty() {
        notes.page("the sitemap names no page", "look whether the site keeps another one, in its robots.txt");
    }
    let mut listing = empty(page, Outcome::Read, notes);
    if has_no_root {
        listing.outcome = Outcome::Unreadable;
    } else if sheet.items.is_empty() && sheet.further.is_empty() {
        listing.outcome = Outcome::NoMatch;
    }
    listing.language = sheet.language.or(listing.language);
    // The freshest first; the order of those without a date is the index's.
    sheet.further.sort_by(|one, two| two.1.cmp(&one.1));
    listing.further = sheet.further.into_iter().map(|(address, _)| address).collect();
    listing.items = sheet.items;
    listing
}

/// What was read of a document so far.
#[derive(Default)]
struct Sheet {
    is_sitemap: bool,
    items: Vec<Item>,
    /// Address and the day on which it changed.
    further: Vec<(String, Option<String>)>,
    language: Option<String>,
    left_out: usize,
    entry: Option<Entry>,
    /// Local names of the elements that are open.
    path: Vec<Vec<u8>>,
    words: String,
}

impl Sheet {
    fn take(&mut self, text: &str) -> Result<(), quick_xml::Error> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        loop {
            match reader.read_event()? {
                Event::Start(start) => self.open(start.local_name().as_ref()),
                Event::End(_) => self.close(),
                Event::Text(part) => self.words.push_str(&String::from_utf8_lossy(&part)),
                Event::CData(part) => self.words.push_str(&String::from_utf8_lossy(&part)),
                Event::GeneralRef(name) => {
                    let sign = name.resolve_char_ref().ok().flatten();
                    match sign {
                        Some(sign) => self.words.push(sign),
                        None => {
                            let name = String::from_utf8_lossy(&name);
                            self.words
                                .push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default());
                        }
                    }
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn open(&mut self, name: &[u8]) {
        if self.path.is_empty() {
            self.is_sitemap = matches!(name, b"urlset" | b"sitemapindex");
        }
        if self.path.len() == 1 {
            self.entry = Some(Entry::default());
        }
        self.path.push(name.to_ascii_lowercase());
        self.words.clear();
    }

    fn close(&mut self) {
        let Some(name) = self.path.pop() else { return };
        let words = line(&std::mem::take(&mut self.words));
        if self.path.len() == 1 {
            self.end_entry(&name);
            return;
        }
        let parent = self.path.last().map(Vec::as_slice).unwrap_or_default();
        let Some(entry) = self.entry.as_mut().filter(|_| !words.is_empty()) else { return };
        match (parent, name.as_slice()) {
            (b"url" | b"sitemap", b"loc") => entry.item.link = Some(words),
            (b"url" | b"sitemap", b"lastmod") => entry.modified = Some(words),
            (b"news", b"title") => entry.item.title = words,
            (b"news", b"publication_date") => entry.published = Some(words),
            (b"news", b"keywords") => {
                let words = words.split([',', '，', ';']).map(str::trim).filter(|word| !word.is_empty());
                entry.item.categories = words.map(str::to_owned).collect();
            }
            (b"publication", b"name") => entry.item.outlet = Some(words),
            (b"publication", b"language") if self.language.is_none() => self.language = head::tag(&words),
            (b"image", b"loc") if entry.item.image.is_none() => entry.item.image = Some(words),
            (b"video", b"thumbnail_loc") if entry.item.image.is_none() => entry.item.image = Some(words),
            (b"video", b"title") if entry.item.title.is_empty() => entry.item.title = words,
            _ => {}
        }
    }

    fn end_entry(&mut self, name: &[u8]) {
        let Some(Entry { mut item, modified, published }) = self.entry.take() else { return };
        let Some(link) = item.link.clone() else { return };
        if name == b"sitemap" {
            if self.further.len() < FURTHER {
                self.further.push((link, modified));
            } else {
                self.left_out += 1;
            }
        } else if name == b"url" {
            if self.items.len() >= ROWS {
                self.left_out += 1;
                return;
            }
            let date = |text| DateText { text, format: None, origin: Origin::Feed, year: None };
            item.dates = published.into_iter().chain(modified).map(date).collect();
            self.items.push(item);
        }
    }
}
