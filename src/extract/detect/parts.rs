//! Parts of a text that says several things, as expressions that take them out: [`labelled`] for `Caption: A v. B Date: 4-27-26`,
//! [`date_shape`] for a date among other words, [`tidied`] for a title with a date or number glued to it.
//!
//! An expression is made only of what nearly all rows have alike.

use std::collections::HashMap;

use super::{
    cases, cues,
    dates::numbers,
    slots::{Side, Slot},
    tree::columns,
};
use crate::{model::Origin, reading::date};

/// Words of a label, at most.
const WORDS: usize = 4;

/// Dates of one text that are looked at.
const DATES: usize = 4;

/// Texts longer than this are no fields, in bytes.
const LONGEST: usize = 1200;

/// A label and what follows it in each row.
#[derive(Debug, Clone)]
pub(super) struct Labelled {
    /// As written, without the colon.
    pub(super) label: String,
    /// What follows.
    pub(super) slot: Slot,
}

/// The labelled parts of a slot's texts, where four rows of five have the labels.
pub(super) fn labelled(slot: &Slot) -> Vec<Labelled> {
    let shown = slot.texts.iter().filter(|text| !text.is_empty() && text.len() <= LONGEST);
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut rows = 0;
    for text in shown {
        rows += 1;
        let mut ends: Vec<String> = label_ends(text);
        ends.sort_unstable();
        ends.dedup();
        ends.into_iter().for_each(|end| *counts.entry(end).or_default() += 1);
    }
    if rows < 2 {
        return Vec::new();
    }
    counts.retain(|_, count| *count * 5 >= rows * 4);
    let mut labels: Vec<&String> = counts.keys().collect();
    // "Argued" is the end of "Date Argued": the longest says it.
    let is_part = |label: &str| counts.keys().any(|other| other.len() > label.len() && other.ends_with(label));
    labels.retain(|label| !is_part(label));
    labels.sort_unstable();
    let escaped: Vec<String> = labels.iter().map(|label| regex::escape(label)).collect();
    let mut found = Vec::new();
    for (number, label) in labels.iter().enumerate() {
        let others: Vec<&str> =
            escaped.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, label)| label.as_str()).collect();
        let Some(own) = escaped.get(number) else { continue };
        let end = if others.is_empty() { "$".to_owned() } else { format!("(?:(?:{})\\s*[:：]|$)", others.join("|")) };
        let part = slot.part(&format!("{own}\\s*[:：]\\s*(.*?)\\s*{end}"));
        found.extend(part.map(|slot| Labelled { label: (*label).clone(), slot }));
    }
    found
}

/// For each colon of a text, what may be the label before it: its last word, its last two words, and so on.
fn label_ends(text: &str) -> Vec<String> {
    let mut ends = Vec::new();
    for (place, sign) in text.char_indices().filter(|(_, sign)| matches!(sign, ':' | '：')).take(12) {
        let before = text.get(..place).unwrap_or_default().trim_end();
        let after = text.get(place + sign.len_utf8()..).unwrap_or_default();
        let is_time =
            before.ends_with(|sign: char| sign.is_numeric()) && after.starts_with(|sign: char| sign.is_numeric());
        if before.is_empty() || is_time || after.starts_with("//") {
            continue;
        }
        let mut starts = 0;
        let mut last = ' ';
        for (start, sign) in before.char_indices().rev() {
            let is_start = sign.is_whitespace() || is_wide(last) || is_wide(sign);
            if is_start && !last.is_whitespace() {
                let from = if is_wide(sign) && !sign.is_whitespace() { start } else { start + sign.len_utf8() };
                ends.extend(label(before, from));
                starts += 1;
            }
            last = sign;
            if starts > WORDS || matches!(sign, ':' | '：' | ';' | ',' | '，' | '。') {
                break;
            }
            if start == 0 {
                ends.extend(label(before, 0));
            }
        }
    }
    ends
}

fn label(before: &str, from: usize) -> Option<String> {
    let label = before.get(from..)?.trim();
    let is_label = (2..=28).contains(&columns(label)) && label.starts_with(char::is_alphabetic);
    is_label.then(|| label.to_owned())
}

fn is_wide(sign: char) -> bool {
    matches!(sign, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// The expression of a date that four texts of five hold in the same form; where there are several, the one that a word
/// announces, then the fullest.
pub(super) fn date_shape(slot: &Slot, context: &date::Context<'_>) -> Option<String> {
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    let shown: Vec<&String> = slot.texts.iter().filter(|text| !text.is_empty() && text.len() <= LONGEST).collect();
    for text in &shown {
        let mut rest = text.as_str();
        for _ in 0..DATES {
            let Some(found) = date::find(rest, Origin::List, context) else { break };
            if found.written > date::Written::Yearless {
                break;
            }
            let (Some(before), Some(words)) = (rest.get(..found.range.start), rest.get(found.range.clone())) else {
                break;
            };
            let shape = shape(words);
            let is_told =
                before.split_whitespace().next_back().is_some_and(|word| cues::heads_dates(&word.to_lowercase()));
            let entry = counts.entry(shape.clone()).or_insert_with(|| {
                order.push(shape);
                (0, 0)
            });
            entry.0 += 1;
            entry.1 += usize::from(is_told);
            rest = rest.get(found.range.end..).unwrap_or_default();
        }
    }
    let usable = order
        .into_iter()
        .filter(|shape| shape.contains(|sign: char| !sign.is_ascii_digit() && !"\\d{}".contains(sign)));
    // An expression is dear to compile, so what few texts hold is not asked.
    let is_frequent = |shape: &String| counts.get(shape).is_some_and(|(count, _)| count * 2 >= shown.len());
    let covers = |shape: &String| {
        let matching = |regex: regex::Regex| shown.iter().filter(|text| regex.is_match(text)).count();
        regex::Regex::new(shape).is_ok_and(|regex| matching(regex) * 5 >= shown.len() * 4)
    };
    let best = usable
        .filter(|shape| is_frequent(shape) && covers(shape))
        .max_by_key(|shape| counts.get(shape).map(|(count, told)| (told * 2 > *count, *count, shape.contains("{4}"))));
    best.or_else(|| short(&shown))
}

/// The expression of dates with two digits of their year: alone, `4/29/24` could be anything; in each row of a list it is a date.
fn short(texts: &[&String]) -> Option<String> {
    let sign = |text: &&&String| {
        let mut words = text.split(|sign: char| sign.is_whitespace() || matches!(sign, '(' | ')' | '[' | ']' | ','));
        words.find_map(|word| numbers(word).filter(|(.., is_short)| *is_short).map(|(.., sign, _)| sign))
    };
    let signs: Vec<char> = texts.iter().filter_map(|text| sign(&text)).collect();
    let first = signs.first()?;
    let alike = signs.iter().filter(|sign| *sign == first).count();
    let part = regex::escape(&first.to_string());
    (texts.len() >= 2 && alike * 5 >= texts.len() * 4).then(|| format!(r"\b\d{{1,2}}{part}\d{{1,2}}{part}\d{{2}}\b"))
}

/// A written date as an expression for dates of its form: `August 15, 2024` as `\p{L}+\.? \d{1,2}, \d{4}`.
fn shape(words: &str) -> String {
    let mut out = String::new();
    let mut rest = words;
    while let Some(first) = rest.chars().next() {
        let run = |test: fn(char) -> bool| rest.find(|sign: char| !test(sign)).unwrap_or(rest.len());
        let end = if first.is_ascii_digit() {
            let end = run(|sign| sign.is_ascii_digit());
            out.push_str(match end {
                1 | 2 => r"\d{1,2}",
                4 => r"\d{4}",
                _ => r"\d+",
            });
            end
        } else if first.is_alphabetic() && !is_wide(first) {
            let end = run(|sign| sign.is_alphabetic() && !is_wide(sign));
            out.push_str(r"\p{L}+\.?");
            if rest.get(end..).is_some_and(|rest| rest.starts_with('.')) { end + 1 } else { end }
        } else {
            out.push_str(&regex::escape(&first.to_string()));
            first.len_utf8()
        };
        rest = rest.get(end..).unwrap_or_default();
    }
    out
}

/// The slot of titles without what is glued to four of five of them: a date before or behind, a number before.
pub(super) fn tidied(slot: &Slot, context: &date::Context<'_>) -> Option<Slot> {
    if slot.regex.is_some() {
        return None;
    }
    let shown: Vec<&str> = slot.texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let head = if is_numbered(&shown) { r"(?:#?\d[\d./-]*[.)、:]?\s+)?" } else { "" };
    let shape = date_shape(slot, context);
    let ends = shape.as_ref().and_then(|shape| {
        let told = format!("{DATE_WORDS}{shape}");
        let at_end = regex::Regex::new(&format!(r"\S.*?{told}.{{0,8}}$")).ok()?;
        let at_start = regex::Regex::new(&format!(r"^\W*{shape}\W+\S")).ok()?;
        let most =
            |regex: &regex::Regex| shown.iter().filter(|text| regex.is_match(text)).count() * 5 >= shown.len() * 4;
        if most(&at_start) {
            Some((format!(r"(?:\W*{shape}[\s\p{{P}}]*)?"), String::new()))
        } else if most(&at_end) {
            Some((head.to_owned(), format!(r"(?:[\s,;(\[–—-]*{told}.{{0,8}})?")))
        } else {
            None
        }
    });
    let (start, end) = ends.unwrap_or_else(|| (head.to_owned(), String::new()));
    let tail = tail(slot, &shown).unwrap_or_default();
    let written = if !tail.is_empty() || !end.is_empty() {
        format!("^{start}(.+?){tail}{end}$")
    } else if !start.is_empty() {
        format!("^{start}(.+)$")
    } else {
        return None;
    };
    slot.part(&written).filter(|part| part.width >= 6.0 && part.variety >= 0.7)
}

/// The expression of what stands behind titles: a citation or, in a line of text, what all rows go on with, behind four of five of
/// them; what courts note behind the parties of a case.
fn tail(slot: &Slot, shown: &[&str]) -> Option<String> {
    let shared = citation(shown).or_else(|| if slot.side == Side::Within { None } else { refrain(shown) });
    shared.map(|tail| format!("(?:{tail})?")).or_else(|| cases::note(shown))
}

/// `, 2026 Tex. Bus. 36 (mem. op.)`: where a work is printed, as a number, words and a number in one form, and what follows.
fn citation(shown: &[&str]) -> Option<String> {
    let form = |text: &&str| {
        let (_, tail) = text.rsplit_once(", ").filter(|(before, _)| columns(before) >= 6)?;
        let is_digit = |sign: char| sign.is_ascii_digit();
        let volume = tail.find(|sign| !is_digit(sign)).filter(|end| *end > 0)?;
        let words = tail.get(volume..)?;
        let page = volume + words.find(is_digit)?;
        let end = tail.get(page..)?.find(|sign| !is_digit(sign)).map_or(tail.len(), |end| page + end);
        let is_cited = tail.get(volume..page)?.contains(char::is_alphabetic);
        is_cited.then(|| counted(&shape(tail.get(..end).unwrap_or_default())))
    };
    most(shown, shown.iter().filter_map(form)).map(|form| format!(r", {form}\b.*"))
}

/// An expression of numbers of any length.
fn counted(shape: &str) -> String {
    shape.replace(r"\d{1,2}", r"\d+").replace(r"\d{4}", r"\d+")
}

/// The three words with which most texts go on after what is their own.
fn refrain(shown: &[&str]) -> Option<String> {
    let threes = |text: &&str| -> Vec<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.windows(3).map(|three| three.join(" ")).collect()
    };
    let all: Vec<Vec<String>> = shown.iter().map(threes).collect();
    let is_shared = |three: &&String| all.iter().filter(|own| own.contains(three)).count() * 5 >= all.len() * 4;
    let first = |own: &Vec<String>| own.iter().find(is_shared).cloned();
    let found = most(shown, all.iter().filter_map(first))?;
    Some(format!(r"\s+{}.*", regex::escape(&found)))
}

/// What four texts of five have, and two at least.
fn most(shown: &[&str], found: impl Iterator<Item = String>) -> Option<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    found.for_each(|form| *counts.entry(form).or_default() += 1);
    let (form, count) = counts.into_iter().max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)))?;
    (count >= 2 && count * 5 >= shown.len() * 4).then_some(form)
}

/// Words that say what a date behind a title is of.
const DATE_WORDS: &str = r"(?:(?i:filed|posted|issued|released|published|updated|发布|發佈|更新)[:：]?\s*)?";

/// Whether nine texts of ten begin with a number of their own, as `12.` or `24-5546`.
fn is_numbered(texts: &[&str]) -> bool {
    let number = |text: &str| {
        let word = text.split_whitespace().next()?.to_owned();
        let is_number = word.starts_with(|sign: char| sign.is_ascii_digit() || sign == '#')
            && word.chars().all(|sign| sign.is_ascii_digit() || "#./-:)、".contains(sign));
        (is_number && columns(text) >= columns(&word) + 6).then_some(word)
    };
    let found: Vec<String> = texts.iter().filter_map(|text| number(text)).collect();
    let different: std::collections::HashSet<&String> = found.iter().collect();
    found.len() * 10 >= texts.len() * 9 && different.len() * 10 >= found.len() * 9 && found.len() >= 3
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};

    use super::*;

    fn slot(texts: &[&str]) -> Slot {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        Slot::new(Side::Within, vec![None; texts.len()], texts).unwrap()
    }

    fn context(language: Option<&'static str>) -> date::Context<'static> {
        static ZONE: TimeZone = TimeZone::UTC;
        date::Context { now: Timestamp::MAX, zone: &ZONE, language }
    }

    fn titles(texts: &[&str]) -> Vec<String> {
        tidied(&slot(texts), &context(Some("en-US"))).map(|part| part.texts).unwrap_or_default()
    }

    #[test]
    fn labels_part_a_text() {
        let parts = labelled(&slot(&[
            "Caption: Ortega v. Blanche Date Argued: 4-27-26",
            "Caption: Newton v. Louis Inc. Date Argued: 4-24-26",
        ]));
        let told: Vec<_> = parts.iter().map(|part| (part.label.as_str(), part.slot.texts[0].as_str())).collect();
        assert_eq!(told, [("Caption", "Ortega v. Blanche"), ("Date Argued", "4-27-26")]);
        let parts = labelled(&slot(&[
            "来源：新华社 作者：李明 时间：2024-03-01 10:07",
            "来源：人民日报 作者：王芳 时间：2024-03-02 11:08",
        ]));
        let told: Vec<_> = parts.iter().map(|part| (part.label.as_str(), part.slot.texts[1].as_str())).collect();
        assert_eq!(told, [("作者", "王芳"), ("时间", "2024-03-02 11:08"), ("来源", "人民日报")]);
        assert!(labelled(&slot(&["Budget: what is next", "Power lines: a history"])).is_empty());
    }

    #[test]
    fn what_is_glued_to_titles_is_taken_off() {
        assert_eq!(
            titles(&[
                "Wu v. Carreon CA3 filed 4/29/24",
                "Paknad v. Superior Court CA6 filed 4/28/24",
                "A matter of no date"
            ]),
            [] as [&str; 0],
            "two of three are not enough"
        );
        assert_eq!(
            titles(&["Wu v. Carreon CA3 filed 4/29/24", "Paknad v. Court CA6 filed 4/28/24"]),
            ["Wu v. Carreon CA3", "Paknad v. Court CA6"]
        );
        assert_eq!(
            titles(&["Vines v. Reilly 4/24/24 CA2/7", "Norman v. Ross 4/23/24 CA2/4"]),
            ["Vines v. Reilly", "Norman v. Ross"]
        );
        assert_eq!(
            titles(&["Doe v. Board (AC 24-P-465) (September 9, 2025)", "Roe v. State (AC 24-P-4) (May 10, 2025)"]),
            ["Doe v. Board (AC 24-P-465)", "Roe v. State (AC 24-P-4)"]
        );
        assert_eq!(
            titles(&["October 17, 2014 — Opinion 16-b", "April 22, 2014 — Opinion 280l"]),
            ["Opinion 16-b", "Opinion 280l"]
        );
        assert_eq!(
            titles(&["电网建设投资创新高2021-12-29", "海上风电项目并网发电2021-12-28"]),
            ["电网建设投资创新高", "海上风电项目并网发电"]
        );
        assert_eq!(
            titles(&["24-5546 TN v Lee Company", "24-5263 Livingston v Hay Music", "23-88 Stone v River"]),
            ["TN v Lee Company", "Livingston v Hay Music", "Stone v River"]
        );
        assert!(titles(&["2024 in review", "2024 budget approved", "2024 in pictures"]).is_empty());
        assert_eq!(
            titles(&[
                "Group v. Club, 2026 Tex. Bus. 36 (1st Div.)",
                "Brown v. Mobil, 2025 Tex. Bus. 101 (11th Div.) (mem. op.)"
            ]),
            ["Group v. Club", "Brown v. Mobil"]
        );
        assert!(titles(&["Budget, 12 notes", "Harvest, 3 ideas", "Grids, 40 more"]).is_empty(), "no citation");
    }

    #[test]
    fn what_all_rows_of_a_line_of_text_go_on_with_is_no_title() {
        let texts = [
            "08/22/2025 Evans v. Smith U.S. Court of Appeals Case No: 24-1882 District of Arkansas",
            "08/21/2025 Lee v. Board U.S. Court of Appeals Case No: 24-2330 and No: 24-2526",
        ];
        let beside = Slot { side: Side::After, ..slot(&texts) };
        let told = tidied(&beside, &context(Some("en-US"))).unwrap();
        assert_eq!(told.texts, ["Evans v. Smith", "Lee v. Board"]);
        assert!(tidied(&slot(&["Evans v. State of Ohio", "Lee v. State of Ohio"]), &context(None)).is_none());
    }

    #[test]
    fn one_form_of_date_is_told_from_other_numbers() {
        let shape = |texts: &[&str]| date_shape(&slot(texts), &context(None));
        assert_eq!(
            shape(&[
                "Case No. 20250815, Filed August 15, 2024, 2024 UT 36",
                "Case No. 20220573, Filed October 10, 2024, 2024 UT 39"
            ])
            .as_deref(),
            Some(r"\p{L}+\.? \d{1,2}, \d{4}")
        );
        assert_eq!(
            shape(&["发布于2024年3月1日 来源", "发布于2024年12月31日 来源"]).as_deref(),
            Some(r"\d{4}年\d{1,2}月\d{1,2}日")
        );
        assert_eq!(shape(&["no date at all", "nor here"]), None);
    }
}
