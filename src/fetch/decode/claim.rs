//! What a page says of its own encoding.

use std::sync::LazyLock;

use encoding_rs::{Encoding, GB18030, GBK, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use regex::bytes::Regex;

/// Bytes that are searched. The standard asks pages to say it in the first 1,024; many say it later.
const WINDOW: usize = 16 << 10;

static PROLOG: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?-u)^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"']{1,40})["']"#).ok());
static META: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i-u)<!--(?s:.*?)-->|<meta[\s/][^>]{0,400}?charset\s*=\s*["']?\s*([a-z0-9_:.+-]{1,40})"#).ok()
});

/// Names in use that the standard's list of labels (WHATWG Encoding, 4.2) lacks, and what they mean there.
const ALIASES: &[(&str, &str)] = &[
    ("cp932", "shift_jis"),
    ("windows-932", "shift_jis"),
    ("cp936", "gb18030"),
    ("gb-2312", "gb18030"),
    ("cp949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("ms949", "euc-kr"),
    ("cp950", "big5"),
    ("big-5", "big5"),
    ("cp874", "windows-874"),
    ("tis620", "windows-874"),
    ("maccyrillic", "x-mac-cyrillic"),
    ("mac-cyrillic", "x-mac-cyrillic"),
    ("macroman", "macintosh"),
    ("mac-roman", "macintosh"),
    ("utf8mb4", "utf-8"),
    ("utf_8", "utf-8"),
    ("utf-8-sig", "utf-8"),
    ("iso8859_1", "iso-8859-1"),
    ("cp-1251", "windows-1251"),
    ("win-1251", "windows-1251"),
    ("win1251", "windows-1251"),
];

/// The label in the page's XML prolog or `<meta>`.
pub(super) fn of(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..WINDOW).unwrap_or(bytes);
    let prolog = PROLOG.as_ref()?.captures(head).and_then(|found| found.get(1));
    let meta = || META.as_ref()?.captures_iter(head).find_map(|found| found.get(1));
    let label = prolog.or_else(meta)?;
    Some(String::from_utf8_lossy(label.as_bytes()).into_owned())
}

/// The encoding that a label means, as a page that is read byte by byte can be in it.
pub(super) fn known(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let standard = ALIASES.iter().find(|(name, _)| *name == label).map_or(label.as_str(), |(_, standard)| standard);
    let encoding = Encoding::for_label(standard.as_bytes())?;
    match encoding {
        e if e == GBK => Some(GB18030),
        // The claim was read as ASCII, so it cannot be true; the standard takes it for UTF-8.
        e if e == UTF_16LE || e == UTF_16BE => Some(UTF_8),
        e if e == X_USER_DEFINED => Some(WINDOWS_1252),
        e if e == REPLACEMENT => None,
        e => Some(e),
    }
}
