//! How many real files are read in the right encoding, and an article whose encoding is told wrongly. The files are no part of the
//! repository: without them the test says so and passes.

use std::{env, fs, path::PathBuf};

use encoding_rs::Encoding;
use jiff::tz::{self, TimeZone};
use tearsheet::{
    extract::article::{Context, article},
    fetch::decode,
    model::{Page, Validators},
};
use url::Url;

/// Folders whose encoding the web does not have.
const NOT_OF_THE_WEB: &[&str] = &["IBM855", "EUC-TW", "Johab", "iso-2022-kr", "UTF-32", "UTF-32BE", "UTF-32LE"];

fn encoding(folder: &str) -> Option<&'static Encoding> {
    if NOT_OF_THE_WEB.contains(&folder) {
        return None;
    }
    let lower = folder.to_ascii_lowercase();
    let label = match lower.as_str() {
        "cp932" => "shift_jis",
        "cp949" => "euc-kr",
        "maccyrillic" => "x-mac-cyrillic",
        "macroman" => "macintosh",
        "utf-8-sig" => "utf-8",
        other if other.starts_with("iso-8859-") || other.starts_with("windows-") => {
            other.rsplitn(2, '-').last().unwrap_or(other)
        }
        other => other,
    };
    Encoding::for_label(label.as_bytes()).or_else(|| Encoding::for_label(lower.as_bytes()))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "where the files are is told by the environment")]
fn real_files_are_read_in_their_encoding() {
    let corpus = env::var("TEARSHEET_CORPUS").unwrap_or_else(|_| "../shared/corpus".to_owned());
    let root = PathBuf::from(corpus).join("charset");
    let Ok(folders) = fs::read_dir(&root) else {
        println!("skipped: charset: no files under TEARSHEET_CORPUS");
        return;
    };
    // No host's country helps here: the files come without addresses.
    let url = Url::parse("https://192.0.2.1/").unwrap();
    let (mut files, mut right, mut guessed, mut unknown) = (0, 0, 0, Vec::new());
    for folder in folders.map(|entry| entry.unwrap().path()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let Some(encoding) = encoding(&name) else {
            unknown.push(name);
            continue;
        };
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let bytes = fs::read(&file).unwrap();
            let decoded = decode(&bytes, None, &url);
            let silent = without_claims(&bytes);
            let guess = decode(&silent, None, &url);
            if guess.encoding == encoding || guess.text == encoding.decode(&silent).0 {
                guessed += 1;
            } else {
                println!(
                    "{name}/{}: guessed as {}",
                    file.file_name().unwrap().to_string_lossy(),
                    guess.encoding.name()
                );
            }
            files += 1;
            if decoded.encoding == encoding || decoded.text == encoding.decode(&bytes).0 {
                right += 1;
            } else {
                println!("{name}/{}: read as {}", file.file_name().unwrap().to_string_lossy(), decoded.encoding.name());
            }
        }
    }
    println!(
        "charset: {right} of {files} files right ({:.3}); not encodings of the web: {unknown:?}",
        f64::from(right) / f64::from(files)
    );
    println!(
        "charset: {guessed} right ({:.3}) where the files are silent about it",
        f64::from(guessed) / f64::from(files)
    );
    assert!(f64::from(right) >= 0.98 * f64::from(files));
}

/// The file with what it says of its encoding made unreadable.
fn without_claims(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for word in [b"encoding", b"charset=".as_slice(), b"CHARSET="] {
        let mut from = 0;
        while let Some(at) = out.get(from..).and_then(|rest| rest.windows(word.len()).position(|window| window == word))
        {
            out.splice(from + at..from + at + word.len(), *b"xxxxxxxx");
            from += at + word.len();
        }
    }
    out
}

#[test]
fn an_article_in_gbk_that_is_declared_as_utf_8_is_read_whole_and_the_conflict_told() {
    let sentence = "五月的清晨,镇上的新变电站正式送电,附近两千多户居民从此告别了电压不稳的日子,企业也敢添置新设备了。";
    let story = format!("<p>{sentence}</p>").repeat(4);
    let html = format!(
        "<meta charset=utf-8><title>新变电站投运</title><h1>新变电站投运</h1><p>发布时间:2021-12-30 10:07:53</p><div>{story}</div>"
    );
    let (bytes, ..) = encoding_rs::GBK.encode(&html);
    let url = Url::parse("https://192.0.2.1/a.html").unwrap();
    let decoded = decode(&bytes, Some("utf-8"), &url);
    assert_eq!(decoded.conflict.as_deref(), Some("the server says that it is UTF-8, but it is gb18030"));
    let page = Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes: bytes.to_vec(),
        text: decoded.text,
        encoding: decoded.encoding,
        language: None,
        validators: Validators::default(),
    };
    let zone = TimeZone::fixed(tz::offset(8));
    let now = "2022-01-05T00:00:00Z".parse().unwrap();
    let read = article(&page, &Context { now, zone: &zone, language: None, story: None, refrain: None });
    assert_eq!(read.title.as_deref(), Some("新变电站投运"));
    assert_eq!(read.published.unwrap().at.to_string(), "2021-12-30T02:07:53Z");
    assert_eq!(read.text.matches(sentence).count(), 4);
    assert_eq!(read.problems, []);
}
