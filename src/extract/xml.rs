//! XML that comes from outside, made ready for the readers of feeds and sitemaps.
//!
//! - [`text`]: a page's bytes as text, by what they are and what their prolog says.
//! - [`guard`]: refuses documents that define entities or nest too deeply, before any reader sees them.
//! - [`Refused`] says why.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8};
use quick_xml::{Reader, events::Event};

use crate::model::Page;

/// Elements may nest so deeply.
const DEPTH: usize = 256;

/// Why a document is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// Its document type defines entities, which is how small files grow without bound.
    #[error("its document type defines entities")]
    Entities,
    /// Its elements nest too deeply.
    #[error("its elements nest more than 256 levels deep")]
    Depth,
}

/// The document as text, from its first sign of markup on and without its XML declaration.
///
/// XML names its own encoding, and hosts often name another, so the bytes decide: valid UTF-8 is UTF-8 whatever
/// is declared, else the byte order mark, the declaration, and last what the answer's headers led to.
pub(super) fn text(page: &Page) -> Cow<'_, str> {
    let bytes = page.bytes.as_slice();
    let declared = declared(bytes);
    let text = if declared != Some(ISO_2022_JP)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        Cow::Borrowed(text)
    } else if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        encoding.decode(bytes).0
    } else if let Some(encoding) = declared {
        encoding.decode_without_bom_handling(bytes).0
    } else {
        Cow::Borrowed(page.text.as_str())
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(body(text)),
        Cow::Owned(text) => Cow::Owned(body(&text).to_owned()),
    }
}

/// From the first markup on, behind the XML declaration.
fn body(text: &str) -> &str {
    let start = text.find('<').unwrap_or(text.len());
    let text = text.get(start..).unwrap_or_default();
    let is_declared = text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("<?xml"));
    let after = if is_declared { text.split_once("?>").map(|(_, after)| after) } else { None };
    after.unwrap_or(text).trim_start()
}

/// The encoding of the XML declaration (XML 1.0, section 4.3.3), if it is one that bytes in ASCII order can have.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    let (_, after) = head.split_once("<?xml")?;
    let (declaration, _) = after.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    let (_, rest) = value.split_once(quote)?;
    let (label, _) = rest.split_once(quote)?;
    Encoding::for_label(label.trim().as_bytes()).filter(|encoding| encoding.is_ascii_compatible()).or_else(|| {
        let is_utf8 = label.trim().is_empty();
        is_utf8.then_some(UTF_8)
    })
}

/// Refuses what could grow or nest without bound. Faults of form are left to the reader that comes after.
///
/// # Errors
/// [`Refused`].
pub(super) fn guard(text: &str) -> Result<(), Refused> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                depth += 1;
                if depth > DEPTH {
                    return Err(Refused::Depth);
                }
            }
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::DocType(doctype)) => {
                if doctype.to_ascii_uppercase().windows(8).any(|part| part == b"<!ENTITY") {
                    return Err(Refused::Entities);
                }
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tests::page_of;

    #[test]
    fn entities_and_depth_are_refused() {
        let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!entity b '&a;&a;'>]><rss>&b;</rss>";
        assert_eq!(guard(bomb), Err(Refused::Entities));
        assert_eq!(guard(&"<a>".repeat(300)), Err(Refused::Depth));
        assert_eq!(guard(&"<a></a>".repeat(300)), Ok(()));
        assert_eq!(guard("<!DOCTYPE rss PUBLIC '-//N//DTD RSS 0.91//EN' 'http://h/rss.dtd'><rss/>"), Ok(()));
    }

    #[test]
    fn bytes_decide_the_encoding() {
        let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
        let cases = [
            (gbk("<?xml version='1.0' encoding='gb2312'?><a>电网</a>"), "<a>电网</a>"),
            ("<?xml version='1.0' encoding='gb2312'?><a>电网</a>".as_bytes().to_vec(), "<a>电网</a>"),
            ("\u{feff}\n junk <a>电</a>".as_bytes().to_vec(), "<a>电</a>"),
            (b"<?xml version='1.0' encoding='windows-1251'?><a>\xc4\xe0</a>".to_vec(), "<a>Да</a>"),
            (b"\xff\xfe<\0a\0/\0>\0".to_vec(), "<a/>"),
        ];
        for (bytes, want) in cases {
            assert_eq!(text(&page_of(&bytes, "")), want);
        }
    }
}
