//! Whether text was read in an encoding that it is not written in.
//!
//! Three marks: replacement characters; UTF-8 that was read as a single-byte encoding, which puts a letter such as `Ã` or `Ð` before
//! every other character; and the three characters that replacement characters become when a program saved them in GBK.

/// Replacement characters among so many characters make a text garbled.
const ONE_IN: usize = 50;
/// Least number of marks: one odd character is no garbled page.
const LEAST: usize = 6;

/// Whether most of these titles are garbled.
pub(super) fn titles<'a>(titles: impl Iterator<Item = &'a str>) -> bool {
    let (mut all, mut bad) = (0, 0);
    for title in titles {
        all += 1;
        bad += usize::from(marks(title) * 6 > title.chars().count().max(6));
    }
    bad * 2 > all
}

/// Whether a page's text is garbled.
pub(super) fn text(text: &str) -> bool {
    let marks = marks(text);
    marks >= LEAST && marks * ONE_IN > text.chars().count()
}

fn marks(text: &str) -> usize {
    let replaced = text.chars().filter(|c| *c == '\u{FFFD}').count();
    let saved = text.matches("锟斤拷").count() + text.matches("烫烫烫").count();
    let pairs = text.chars().zip(text.chars().skip(1));
    replaced + saved * 3 + pairs.filter(|(lead, next)| is_torn(*lead, *next)).count()
}

/// Whether a lead byte of UTF-8 and the byte after it stand here as two characters, of windows-1252 or windows-1251.
/// Lower case as well, since texts for cues are: only the letter's other half then tells.
fn is_torn(lead: char, next: char) -> bool {
    let continuation = matches!(
        next,
        '\u{80}'
            ..='\u{BF}'
                | '€'
                | '‚'
                | 'ƒ'
                | '„'
                | '…'
                | '†'
                | '‡'
                | 'ˆ'
                | '‰'
                | 'Š'
                | '‹'
                | 'Œ'
                | 'Ž'
                | '‘'
                | '’'
                | '“'
                | '”'
                | '•'
                | '–'
                | '—'
                | '˜'
                | '™'
                | 'š'
                | '›'
                | 'œ'
                | 'ž'
                | 'Ÿ'
    );
    match lead {
        'Â' | 'Ã' | 'Ð' | 'Ñ' | 'Ø' | 'Ù' | 'â' | 'ã' | 'ð' | 'ñ' | 'ø' | 'ù' => continuation,
        'ä'..='ï' | 'Ä'..='Ï' => continuation && !next.is_ascii(),
        'Р' | 'С' | 'р' | 'с' => {
            matches!(
                next,
                'ђ' | 'ѓ'
                    | 'љ'
                    | 'њ'
                    | 'ќ'
                    | 'ћ'
                    | 'џ'
                    | 'ў'
                    | 'ј'
                    | 'ґ'
                    | 'ё'
                    | 'є'
                    | 'ї'
                    | 'ѕ'
                    | 'і'
                    | '°'
                    | '±'
                    | 'µ'
                    | '¶'
                    | '·'
                    | '»'
                    | '«'
                    | '®'
                    | '№'
                    | '‚'
                    | '‡'
                    | '€'
                    | '‹'
                    | '†'
                    | '…'
                    | '„'
            ) || matches!(next, 'Ђ' | 'Ѓ' | 'Љ' | 'Њ' | 'Ќ' | 'Ћ' | 'Џ' | 'Ў' | 'Ј' | 'Ґ' | 'Є' | 'Ї' | 'Ѕ' | 'І')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a program shows that reads UTF-8 as if it were this encoding.
    fn torn(plain: &str, encoding: &'static encoding_rs::Encoding) -> String {
        encoding.decode_without_bom_handling(plain.as_bytes()).0.into_owned()
    }

    #[test]
    fn text_in_a_wrong_encoding_is_told_from_text_in_a_foreign_language() {
        for good in [
            "Grüße aus Köln: Bürgermeister eröffnet neue Straße nach langer Verzögerung",
            "L’été à Orléans, où l’école a été fermée; « même les élèves » s’étonnent",
            "Ação, coração e São João: notícias da região não vêm só de Brasília",
            "Путин и Российская Федерация: рост расходов, рынок и реформа",
            "Українська їжа, її смак і ґатунок: свято в місті Ізмаїл",
            "电网建设全面提速，南方电网公司召开工作会议",
            "Ísland, Færeyjar og Norge: ný frétt um veðrið í Þórshöfn",
        ] {
            assert!(!text(&good.repeat(8).to_lowercase()) && !titles([good, good].into_iter()), "{good}");
            for encoding in [encoding_rs::WINDOWS_1252, encoding_rs::WINDOWS_1251] {
                let bad = torn(good, encoding).repeat(8);
                let told = text(&bad.to_lowercase());
                // Western letters read as Cyrillic stay two odd letters that are words of no language: those are not told.
                assert!(told || encoding == encoding_rs::WINDOWS_1251, "{bad}");
            }
        }
        assert!(titles(["���� 2021 ������", "���ŵ���"].into_iter()));
        assert!(text(&"锟斤拷锟斤拷 news ".repeat(5)));
        assert!(!text("one � in a page of words is no reason to refuse it, since pages are often cut amid a letter"));
    }
}
