//! How many real files are read in the right encoding. The files are no part of the repository: without them the test says
//! so and passes.

use std::{env, fs, path::PathBuf};

use encoding_rs::Encoding;
use tearsheet::fetch::decode;
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
