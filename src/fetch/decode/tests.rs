use super::*;
use encoding_rs::{BIG5, EUC_KR, GB18030, SHIFT_JIS, WINDOWS_1251};

const CHINESE: &str = "中国电力报讯：电网建设加快，今年前三季度完成投资两千亿元，同比增长。";

fn url() -> Url {
    Url::parse("https://example.org/").unwrap()
}

#[test]
fn pages_come_out_right_by_header_meta_or_guess() {
    for (text, encoding) in [
        (CHINESE, GB18030),
        ("電力公司今天表示，電網建設加快，完成投資。", BIG5),
        ("電力会社は今日、送電網の建設を発表しました。", SHIFT_JIS),
        ("전력회사는 오늘 송전망 건설을 발표했다.", EUC_KR),
        ("Компания сообщила о строительстве сетей.", WINDOWS_1251),
    ] {
        let bytes = encoding.encode(text).0;
        let decoded = decode(&bytes, Some(encoding.name()), &url());
        assert_eq!((decoded.text.as_str(), decoded.encoding, decoded.conflict), (text, encoding, None));
        let page = format!(
            "<html><head><META http-equiv=content-type content='text/html; charset={}'>{text}",
            encoding.name()
        );
        assert_eq!(decode(&encoding.encode(&page).0, None, &url()).text, page);
        assert_eq!(decode(&bytes, None, &url()).text, text);
        assert_eq!(decode(&bytes, Some("no-such-charset"), &url()).text, text);
    }
}

#[test]
fn claims_that_cannot_be_true_are_overruled_and_told() {
    let gbk = GB18030.encode(CHINESE).0;
    let decoded = decode(&gbk, Some("utf-8"), &url());
    assert_eq!((decoded.text.as_str(), decoded.encoding), (CHINESE, GB18030));
    assert_eq!(decoded.conflict.as_deref(), Some("the server says that it is UTF-8, but it is gb18030"));
    for claim in ["gbk", "gb2312", "iso-8859-1"] {
        let decoded = decode(CHINESE.as_bytes(), Some(claim), &url());
        assert_eq!((decoded.text.as_str(), decoded.encoding), (CHINESE, UTF_8), "{claim}");
        assert!(decoded.conflict.is_some());
    }
    let page = format!("<meta charset=gbk>{CHINESE}");
    let decoded = decode(&GB18030.encode(&page).0, Some("iso-8859-1"), &url());
    assert_eq!(decoded.text, page);
    assert_eq!(decoded.conflict.as_deref(), Some("the server says that it is windows-1252, but it is gb18030"));
}

#[test]
fn a_few_broken_bytes_do_not_change_the_encoding() {
    let mut bytes = CHINESE.as_bytes().to_vec();
    bytes.pop();
    assert_eq!(decode(&bytes, Some("utf-8"), &url()).encoding, UTF_8);
    bytes.extend_from_slice(b"\xFFabc");
    let decoded = decode(&bytes, Some("utf-8"), &url());
    assert_eq!((decoded.encoding, decoded.conflict), (UTF_8, None));
    assert!(decoded.text.ends_with("\u{FFFD}abc"));
}

#[test]
fn broken_characters_do_not_hide_an_encoding_that_nobody_named() {
    let line = "<p>五月的清晨，镇上的新变电站正式送电，附近两千多户居民从此告别了电压不稳的日子。</p>";
    let (mut bytes, ..) = encoding_rs::GBK.encode(line);
    for n in 0..30 {
        let (more, ..) = encoding_rs::GBK.encode(line);
        bytes.to_mut().extend_from_slice(&more);
        if n % 15 == 7 {
            // A title that was cut in the middle of a character.
            bytes.to_mut().extend_from_slice(b"<a>\xB9\xFA\xB5...</a>");
        }
    }
    let decoded = decode(&bytes, None, &url());
    assert_eq!(decoded.encoding, encoding_rs::GB18030);
    assert!(decoded.text.contains("镇上的新变电站"));
}

#[test]
fn marks_and_wide_characters_are_known() {
    let wide = |unit: fn(u16) -> [u8; 2]| {
        CHINESE.encode_utf16().chain("<p>a b c</p>".encode_utf16()).flat_map(unit).collect::<Vec<u8>>()
    };
    let text = format!("{CHINESE}<p>a b c</p>");
    assert_eq!(decode(&wide(u16::to_le_bytes), None, &url()).text, text);
    assert_eq!(decode(&wide(u16::to_be_bytes), Some("gbk"), &url()).text, text);
    let marked: Vec<u8> = [0xFF, 0xFE].into_iter().chain(wide(u16::to_le_bytes)).collect();
    assert_eq!(decode(&marked, Some("utf-8"), &url()).text, text);
    let utf32: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    assert_eq!(decode(&utf32, None, &url()).text, text);
    assert_eq!(decode(b"\xEF\xBB\xBFa", Some("gbk"), &url()).text, "a");
}

#[test]
fn claims_in_comments_and_of_utf16_do_not_count() {
    let page = format!("<!-- <meta charset=big5> --><meta charset=gb2312>{CHINESE}");
    assert_eq!(decode(&GB18030.encode(&page).0, None, &url()).text, page);
    let page = format!("<meta charset=utf-16>{CHINESE}");
    assert_eq!(decode(page.as_bytes(), None, &url()).text, page);
}

#[test]
fn any_bytes_give_text() {
    for bytes in
        [&b""[..], &[0], &[0xFF], &[0xFF, 0xFE], &[0xFF, 0xFE, 0, 0], &[0, 0, 0xFE, 0xFF], &[0x80; 100], &[0; 100]]
    {
        decode(bytes, Some("\u{0}"), &url());
    }
}
