//! [`foreign`]: what an address leads to that is no text at all: a picture, a video, a file to save.
//!
//! First bytes count more than the media type, which hosts often give wrongly (WHATWG MIME Sniffing, sections 6 and 7).

use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::model::Page;

/// So many bytes tell (WHATWG MIME Sniffing, section 5.2).
const HEAD: usize = 1445;

const PICTURE: &str = "a picture";
const VIDEO: &str = "a video";
const SOUND: &str = "a sound recording";
const PDF: &str = "a PDF file";
const DOCUMENT: &str = "a document of an office program";
const ARCHIVE: &str = "an archive";
const OTHER: &str = "a file that is no text";

/// First bytes and what they begin.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PICTURE),
    (b"GIF87a", PICTURE),
    (b"GIF89a", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"OggS\0", SOUND),
    (b"ID3", SOUND),
    (b"fLaC", SOUND),
    (b"\x1a\x45\xdf\xa3", VIDEO),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DOCUMENT),
    (b"PK\x03\x04", ARCHIVE),
    (b"\x1f\x8b\x08", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x7fELF", OTHER),
    (b"\0asm", OTHER),
];

/// What `page` is, in words that follow "the address leads to"; `None` for text.
pub(super) fn foreign(page: &Page) -> Option<&'static str> {
    let bytes = page.bytes.as_slice();
    let signed = SIGNATURES.iter().find(|(first, _)| bytes.starts_with(first)).map(|(_, what)| *what);
    let signed = signed.or_else(|| match (bytes.get(..4)?, bytes.get(4..8)?, bytes.get(8..12)?) {
        (b"RIFF", _, b"WEBP") => Some(PICTURE),
        (b"RIFF", _, b"WAVE") => Some(SOUND),
        (b"RIFF", _, b"AVI ") => Some(VIDEO),
        (_, b"ftyp", b"avif" | b"heic" | b"mif1") => Some(PICTURE),
        (_, b"ftyp", b"M4A " | b"M4B ") => Some(SOUND),
        (_, b"ftyp", _) => Some(VIDEO),
        _ => None,
    });
    let named = named(&page.media_type);
    match (signed, named) {
        // Word, Excel and the like are archives.
        (Some(ARCHIVE), Some(DOCUMENT)) => Some(DOCUMENT),
        (Some(signed), _) => Some(signed),
        (None, None) if !page.media_type.is_empty() && !page.media_type.starts_with("application/octet") => None,
        // A page that is said to be something else is a page all the same, and what is said to be some file may be text.
        (None, named) if is_binary(page) => Some(named.unwrap_or(OTHER)),
        _ => None,
    }
}

fn named(media_type: &str) -> Option<&'static str> {
    let (main, of) = media_type.split_once('/')?;
    match (main, of) {
        ("image", "svg+xml") => None,
        ("image", _) => Some(PICTURE),
        ("video", _) => Some(VIDEO),
        ("audio", _) => Some(SOUND),
        ("application", "pdf") => Some(PDF),
        ("application", "zip" | "gzip" | "x-gzip" | "x-rar-compressed" | "vnd.rar" | "x-7z-compressed" | "x-tar") => {
            Some(ARCHIVE)
        }
        ("application", "msword" | "rtf") => Some(DOCUMENT),
        ("application", of)
            if ["vnd.openxmlformats-", "vnd.ms-", "vnd.oasis."].iter().any(|vendor| of.starts_with(vendor)) =>
        {
            Some(DOCUMENT)
        }
        ("font", _) => Some(OTHER),
        _ => None,
    }
}

/// Whether the beginning has a byte that no text has (WHATWG MIME Sniffing, section 3, "binary data byte").
///
/// What begins with a tag is a page before that is asked (section 7.1), whatever bytes its texts hold.
fn is_binary(page: &Page) -> bool {
    let text = page.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&page.bytes).trim_ascii_start();
    if let [b'<', b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z', ..] = text {
        return false;
    }
    let wide = page.encoding == UTF_16LE || page.encoding == UTF_16BE;
    let head = page.bytes.iter().take(HEAD);
    !wide && head.copied().any(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f))
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;

    use super::*;
    use crate::extract::tests::page_of;

    fn told(media_type: &str, bytes: &[u8]) -> Option<&'static str> {
        let mut page = page_of(b"", media_type);
        page.bytes = bytes.to_vec();
        page.encoding = UTF_8;
        foreign(&page)
    }

    #[test]
    fn files_are_told_by_their_first_bytes_whatever_the_host_says() {
        for media_type in ["", "text/html", "image/png", "application/octet-stream"] {
            assert_eq!(told(media_type, b"\x89PNG\r\n\x1a\nIHDR"), Some(PICTURE), "{media_type}");
            assert_eq!(told(media_type, b"%PDF-1.7\n"), Some(PDF), "{media_type}");
            assert_eq!(told(media_type, b"\0\0\0\x18ftypmp42"), Some(VIDEO), "{media_type}");
            assert_eq!(told(media_type, b"RIFF\x10\0\0\0WEBPVP8 "), Some(PICTURE), "{media_type}");
        }
        let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert_eq!(told(sheet, b"PK\x03\x04"), Some(DOCUMENT));
        assert_eq!(told("application/zip", b"PK\x03\x04"), Some(ARCHIVE));
    }

    #[test]
    fn files_without_a_known_beginning_are_told_by_their_bytes() {
        assert_eq!(told("video/x-strange", b"\0\x01\x02"), Some(VIDEO));
        assert_eq!(told("application/octet-stream", b"\x01\x02"), Some(OTHER));
        assert_eq!(told("", b"abc\0def"), Some(OTHER));
    }

    #[test]
    fn text_is_a_page_whatever_the_host_says() {
        let html = b"<!doctype html><p>text";
        for media_type in ["", "text/html", "image/png", "application/octet-stream", "application/msword", "video/mp4"]
        {
            assert_eq!(told(media_type, html), None, "{media_type}");
        }
        // Odd bytes in what is said to be a page are the page's fault.
        assert_eq!(told("text/html", b"<p>\x01</p>"), None);
        assert_eq!(told("", b"<text>\x02</text>"), None);
        assert_eq!(told("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        assert_eq!(told("", b""), None);
    }
}
