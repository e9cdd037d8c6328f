//! A text that is nothing but a byline → the names in it: without the words before them, days, mail addresses, degrees and roles.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::article::cues::compiled;
use crate::reading::text::line;

/// A longer text is no name.
const LONGEST: usize = 50;

/// What stands before names in alphabets, at the start of a line.
pub(super) static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)^[\s\W]*(written by|posted by|story by|words by|reported by|review by|published by|article by|text by|by line|by|author|authors|von|text|autor(in|en)?|par|auteur|por|escrito por|di|door|автор(ы)?|текст|przez|af|av|",
        r"كتب|بقلم|الكاتب|文責|著者|執筆者?|筆者|記者|글쓴이|작성자)\s*[:：]?\s+|^[\s\W]*(author|autor|auteur|автор|作者|著者|執筆者?|文|撰文|by)\s*[:：/]\s*"
    ))
});

/// Words that are no names though they follow a role.
static NOT_A_NAME: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)^(admin(istrator)?|editors?|staff|web ?master|guest|unknown|anonymous|user|root|editorial( team| staff)?|default|null|none|author|contributor|佚名|未知|匿名|管理员|小编|编辑|",
        r"网络|本站|原创|记者|作者|通讯员|评论员|特约|首席|整理|编译|摄影|报道|来源|责任编辑|实习生|表示|指出|介绍|了解|获悉|采访|透露|发现|注意到|认为|告诉|说道|",
        r"\d+|by|share|follow( author)?|home|subscribe|comments?|updated.*|published.*|posted.*|about the author|view all.*|read more|more by.*|.*\bmin(ute)?s? read|reading time.*|",
        r"(news|wire) service( reports)?|wire reports|agencies|agenturen|",
        r"(publiziert|veröffentlicht|geschrieben|verfasst|erstellt|aktualisiert|publié|écrit|publicado|escrito|pubblicato|scritto|gepubliceerd|geplaatst|written|опубликован\w*)( (am|on|in|von|vom|le|par|el|por|il|da|op|door|by))?)$|^\d+ min|\d:\d{2}|\d{4}|©"
    ))
});

/// A day as bylines write it beside a name, with the word that leads to it.
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    const MONTH: &str = r"(?:jan|feb|fév|mar|mär|mai|may|mei|maj|apr|avr|abr|jun|juin|giu|jul|juil|lug|aug|août|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)\p{L}*\.?";
    compiled(&format!(
        r"(?i)(?:\b(?:on|am|vom|le|el|il|den|op)\s+)?(?:\b{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?{MONTH}(?:\s+(?:de\s+)?\d{{4}})?|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}\s?[-/.年]\s?\d{{1,2}}[-/.月]?\s?\d{{0,2}}日?)"
    ))
});

/// What is said of the text rather than of who wrote it, up to its end.
static STATE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)\b(?:(?:last )?(?:published|updated|posted|modified)|publiziert|aktualisiert|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato)\b[^|]*",
    )
});

/// What someone is, rather than who.
static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)\b(head|director|manager|chief|editor|reporter|correspondent|columnist|writer|contributor|founder|co-founder|president|chair(man|woman)?|officer|professor|lecturer|fellow|partner|attorney|analyst|",
        r"representative|specialist|consultant|photographer|redakteur(in)?|chefredakteur(in)?|redaktion|korrespondent(in)?|journalist(e|in|a)?|leiter(in)?|correspondant(e)?|rédact\w+|directeur|directrice|redactor(a)?|corresponsal|director(a)?|redattore|корреспондент|редактор)\b"
    ))
});

/// Degrees and agencies, which follow names after a comma in capitals.
static CAPITALS: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"^(?:[A-Z][a-z]?[A-Z.-]{1,6}[\d ]{0,4}|Ph\.? ?D\.?|Esq\.?|[JS]r\.?)$"));

/// A text without the addresses of mailboxes, which stand beside names.
pub(in crate::extract::article) fn without_mail(text: String) -> String {
    let text = text.replace("[at]", "@").replace("(at)", "@");
    match text.contains(' ') && text.contains('@') {
        true => {
            text.split(' ').filter(|word| !word.trim_start_matches('@').contains('@')).collect::<Vec<_>>().join(" ")
        }
        false => text,
    }
}

/// The names in a text that is nothing but a byline.
pub(super) fn split(text: &str) -> Vec<String> {
    let text = line(text);
    let is_address = |word: &&str| word.contains("://") || word.contains("www.");
    let text = text.split(' ').filter(|word| !is_address(word)).collect::<Vec<_>>().join(" ");
    let text = DAY.replace_all(&without_mail(text), "|").into_owned();
    let rest = after_label(&text);
    let text = STATE.replace(rest, "|");
    let mut runs = ends(&text).map(str::trim).filter(|run| run.chars().any(char::is_alphanumeric));
    let names = runs.next().map(several).unwrap_or_default();
    // Where the first run tells something else, one that begins as a byline does is one.
    let is_labelled = |run: &&str| BEFORE.is_match(run);
    let mut later = runs.filter(is_labelled).map(|run| several(after_label(run)));
    if names.is_empty() { later.next().unwrap_or_default() } else { names }
}

fn after_label(text: &str) -> &str {
    let mut rest = text;
    while let Some(found) = BEFORE.find(rest).filter(|found| found.end() > 0) {
        rest = rest.get(found.end()..).unwrap_or_default();
    }
    rest
}

/// The names in a line that was read off the page, where prose begins as bylines do: a name has a capital where its script has those,
/// unless it is one word alone, as readers call themselves.
pub(super) fn printed(text: &str) -> Vec<String> {
    let names = split(text);
    let is_word = names.iter().all(|name| names.len() == 1 && !name.contains(' '));
    let is_name = |name: &String| !name.chars().any(char::is_lowercase) || name.chars().any(char::is_uppercase);
    names.into_iter().filter(|name| is_word || is_name(name)).collect()
}

/// The runs of a text between marks: what follows a bar or a bullet is a place, a day or a role. What stands in brackets within a
/// name belongs to it.
fn ends(text: &str) -> impl Iterator<Item = &str> {
    let is_closed = text.rsplit_once(')').is_some_and(|(_, rest)| rest.trim().chars().any(char::is_alphabetic));
    let is_mark =
        move |c: char| matches!(c, ']' | '|' | '•' | '·' | '丨' | '（' | '–' | '—' | '@') || (c == '(' && !is_closed);
    text.split(is_mark)
}

fn several(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for piece in text.split([',', '，', '、', ';', '；', '&', '/', '\n']) {
        let follows = out.last().is_some_and(|name| name.chars().any(char::is_lowercase));
        if follows && (ROLE.is_match(piece) || CAPITALS.is_match(piece.trim())) {
            continue;
        }
        for name in piece
            .split(" and ")
            .flat_map(|p| p.split(" und "))
            .flat_map(|p| p.split(" et "))
            .flat_map(|p| p.split(" y "))
        {
            out.extend(one(name));
        }
    }
    out
}

fn one(text: &str) -> Option<String> {
    if text.trim_end().ends_with([':', '：']) {
        // A label, of which the rest stands elsewhere.
        return None;
    }
    let name = text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '(' | ')' | '\'' | '’' | '_'));
    let name = name.trim_start_matches('.');
    // The full stop of an initial belongs to it.
    let last = name.rsplit([' ', '.']).find(|word| !word.is_empty()).unwrap_or_default();
    let name = if last.chars().count() == 1 { name } else { name.trim_end_matches('.') };
    let name = name.strip_prefix("and ").unwrap_or(name);
    let name = name.strip_suffix("기자").unwrap_or(name).trim();
    let name = name.strip_prefix("By ").unwrap_or(name);
    let count = name.chars().count();
    let words = name.split_whitespace().count();
    ((2..=LONGEST).contains(&count) && words <= 5 && !NOT_A_NAME.is_match(name)).then(|| name.to_owned())
}
