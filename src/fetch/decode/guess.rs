//! Reading the bytes themselves: whether a claimed encoding can be true, and which one it is where nothing true was claimed.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, X_MAC_CYRILLIC};
use url::Url;

use super::sense;

/// Bytes that a guess looks at, from shortly before the first that is not ASCII.
const WINDOW: usize = 256 << 10;

/// Characters of UTF-8 that do not come about by chance in a text of another encoding.
const BEYOND_CHANCE: usize = 8;

/// Characters outside ASCII that make a comparison worth while.
const ENOUGH: usize = 20;

/// Out of place in a thousand: real text has less, and reading one Cyrillic encoding as its neighbour gives twice as much.
const SUSPICIOUS: usize = 8;

/// Out of place in a thousand where text of several bytes a character is read as one of single bytes.
const WRONG: usize = 150;

/// Into how many parts a page is cut that a few broken characters keep from being known.
const PARTS: usize = 16;

/// Sixteen or thirty-two bits a character.
pub(super) enum Wide {
    Utf16(&'static Encoding),
    Utf32(String),
}

impl Wide {
    /// Known by its NULs: text in these encodings has ASCII in it (line ends, spaces, tags), and no other text has NULs.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..4096).unwrap_or(bytes);
        if !head.contains(&0) {
            return None;
        }
        if let Some(text) = utf32(bytes, u32::from_le_bytes).or_else(|| utf32(bytes, u32::from_be_bytes)) {
            return Some(Self::Utf32(text));
        }
        let ascii_where = |first: usize| {
            head.chunks_exact(2).filter(|pair| pair.get(first) == Some(&0) && pair.get(1 - first) != Some(&0)).count()
        };
        let (big, little) = (ascii_where(0), ascii_where(1));
        let encoding = if big > little { UTF_16BE } else { UTF_16LE };
        let enough = big.max(little) * 20 >= head.len() / 2 && big.max(little) > big.min(little) * 20;
        (enough && encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some())
            .then_some(Self::Utf16(encoding))
    }
}

fn utf32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Option<String> {
    let units = bytes.chunks_exact(4);
    if bytes.is_empty() || !units.remainder().is_empty() {
        return None;
    }
    let text: String =
        units.map(|unit| unit.try_into().ok().and_then(|unit| char::from_u32(number(unit)))).collect::<Option<_>>()?;
    Some(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// Whether bytes can be text of the encoding.
pub(super) fn fits(bytes: &[u8], encoding: &'static Encoding) -> bool {
    if encoding == UTF_8 && Encoding::utf8_valid_up_to(bytes) == bytes.len() {
        return true;
    }
    let utf8 = Utf8::of(bytes);
    if encoding == UTF_8 {
        return utf8.bad == 0 || utf8.good >= utf8.bad * 10;
    }
    if utf8.bad == 0 && utf8.good >= BEYOND_CHANCE {
        return false;
    }
    let (text, faults) = encoding.decode_without_bom_handling(window(bytes));
    let maybe_utf8 = utf8.bad == 0 && utf8.good > 0;
    if !(encoding.is_single_byte() || faults || maybe_utf8) {
        return true;
    }
    let sense = sense::of(&text);
    // Text of single bytes that is read wrongly is odd in a fifth to a half of its characters; a page with smileys, rules of
    // box signs or a few broken bytes stays far below.
    sense.seen < 8 || sense.odd_per_mille() < if encoding.is_single_byte() { 150 } else { 50 }
}

/// The encoding that explains the bytes best.
pub(super) fn guess(bytes: &[u8], url: &Url) -> &'static Encoding {
    let utf8 = Utf8::of(bytes);
    if utf8.good > 0 && utf8.good >= utf8.bad * 10 {
        return UTF_8;
    }
    let window = window(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(window, true);
    let country =
        url.domain().and_then(|host| host.trim_end_matches('.').rsplit('.').next()).map(str::to_ascii_lowercase);
    let country = country.as_deref().filter(|label| !label.is_empty()).map(str::as_bytes);
    let first = detector.guess(country, Utf8Detection::Allow);
    let first = if first == GBK { GB18030 } else { first };
    // Two that the detector does not know. They are taken where they make clearly more sense.
    let odd = |encoding: &'static Encoding| sense::of(&encoding.decode_without_bom_handling(window).0);
    let known = odd(first);
    if known.seen < ENOUGH || known.odd_per_mille() < SUSPICIOUS {
        return first;
    }
    if first.is_single_byte()
        && known.odd_per_mille() >= WRONG
        && let Some(most) = by_parts(window, country)
    {
        return most;
    }
    let others = [X_MAC_CYRILLIC, MACINTOSH].map(|encoding| (odd(encoding).odd_per_mille(), encoding));
    let better = others.into_iter().filter(|(odd, _)| odd * 4 < known.odd_per_mille());
    better.min_by_key(|(odd, _)| *odd).map_or(first, |(_, encoding)| encoding)
}

/// The encoding of several bytes a character that most parts of a page are in: the detector gives one up at the first broken
/// character, but that spoils only its own part.
fn by_parts(window: &[u8], country: Option<&[u8]>) -> Option<&'static Encoding> {
    // No second byte of these encodings is a `<`.
    let least = window.len() / PARTS;
    let mut parts: Vec<&'static Encoding> = Vec::with_capacity(PARTS + 1);
    let mut rest = window;
    while !rest.is_empty() {
        let end = rest.iter().skip(least).position(|byte| *byte == b'<').map_or(rest.len(), |at| at + least);
        let (part, after) = rest.split_at_checked(end.max(1))?;
        rest = after;
        if !part.is_ascii() {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(part, true);
            let found = detector.guess(country, Utf8Detection::Deny);
            parts.push(if found == GBK { GB18030 } else { found });
        }
    }
    let count = |of: &Encoding| parts.iter().filter(|other| **other == of).count();
    let most = parts.iter().copied().max_by_key(|of| count(of))?;
    (!most.is_single_byte() && count(most) * 2 > parts.len()).then_some(most)
}

/// The part of the bytes that tells most.
fn window(bytes: &[u8]) -> &[u8] {
    let start = Encoding::ascii_valid_up_to(bytes).saturating_sub(1024);
    // An escape of ISO-2022-JP is ASCII.
    let start = if bytes.contains(&0x1B) { 0 } else { start };
    let rest = bytes.get(start..).unwrap_or_default();
    rest.get(..WINDOW).unwrap_or(rest)
}

/// How many characters of several bytes are right and wrong as UTF-8.
struct Utf8 {
    good: usize,
    bad: usize,
}

impl Utf8 {
    fn of(bytes: &[u8]) -> Self {
        let mut counts = Self { good: 0, bad: 0 };
        for chunk in bytes.utf8_chunks() {
            counts.good += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
            counts.bad += usize::from(!chunk.invalid().is_empty());
        }
        // A page that was cut in the middle of a character.
        let end = bytes.utf8_chunks().last().map_or(0, |chunk| chunk.invalid().len());
        if end > 0 && std::str::from_utf8(bytes).is_err_and(|fault| fault.error_len().is_none()) {
            counts.bad -= 1;
        }
        counts
    }
}
