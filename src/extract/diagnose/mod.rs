//! A page that does not show its articles → why not, in words, with what to do: [`Diagnosis`].
//!
//! - [`judge`]: corrects a [`Listing`] that brought nothing, or that was read off a page which is no listing at all.
//! - [`of_error`]: the same for the page that came with an error's status.
//! - `signs`: what a page shows of itself, gathered in one walk. `cues`: the words of many languages. `garbled`: text in a wrong encoding.
//!
//! Invariant: a listing whose rule a person wrote and that brought readable items is left as it is.

mod cues;
mod garbled;
mod signs;

use url::Url;

use self::{cues::Cues, signs::Signs};
use super::{foreign::foreign, sniff};
use crate::model::{Kind, Listing, Outcome, Page, Problem};
use crate::reading::dom::{self, Limits};

/// Why a page did not show its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The class.
    pub outcome: Outcome,
    /// What is the matter, and what to do.
    pub problem: Problem,
}

/// What is known of a source besides the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usual {
    /// Whether a rule read the page, written by a person or found at an earlier visit.
    pub has_rule: bool,
    /// Items that the page showed when it was last read well; 0 where it never was.
    pub items: u32,
}

/// So few items, read without a person's rule, may be the menu of a page that is no listing.
const DOUBTFUL: usize = 12;
/// Headlines that make a page one with content of its own.
const HEALTHY: usize = 5;
/// Columns of text below which a page is said to hold one message.
const SHORT: usize = 1500;
/// Columns of text below which a page with scripts is a shell.
const SHELL: usize = 600;
/// Most items looked at for garbled titles.
const TITLES: usize = 50;

/// Gives `listing` its class where the page is not what it was taken for. Items of such a page are no articles and go.
///
/// `written` tells whether a person wrote the rule that brought the items.
pub fn judge(listing: &mut Listing, page: &Page, usual: Usual, written: Written) {
    if let Some(what) = foreign(page).filter(|_| listing.items.is_empty() || written == Written::Not) {
        let advice = "give the address of the page that lists the articles";
        let problem = Problem::of_page(format!("the address leads to {what}, not to a page"), advice);
        return put_aside(listing, Outcome::Unreadable, problem);
    }
    let found = match listing.items.len() {
        0 => nothing(listing, page, usual),
        _ if garbled::titles(listing.items.iter().take(TITLES).map(|item| item.title.as_str())) => {
            Some(Outcome::Garbled)
        }
        few if written == Written::Not && few <= DOUBTFUL => pretender(page),
        _ => None,
    };
    match found {
        Some(Outcome::Empty) if page.text.trim().is_empty() => {
            let advice = "open it in a browser: if articles stand there, the host answers differently to feed readers";
            put_aside(
                listing,
                Outcome::Empty,
                Problem::of_page("the host answers, but with nothing: the page is empty", advice),
            );
        }
        Some(outcome) => put_aside(listing, outcome, problem(outcome)),
        None => {}
    }
}

fn put_aside(listing: &mut Listing, outcome: Outcome, problem: Problem) {
    listing.items.clear();
    listing.next = None;
    listing.outcome = outcome;
    listing.problems = vec![problem];
}

/// Whether a person wrote the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// By a person.
    ByHand,
    /// It was found on the page.
    Not,
}

/// The class of an answer with an error's `status`, of which `page` came with it.
pub fn of_error(status: u16, page: Option<&Page>) -> Option<Diagnosis> {
    let cues = cues::all();
    let signs = page.and_then(read);
    let outcome = match (status, &signs, page) {
        (_, Some(signs), _) if challenged(signs, cues) => Some(Outcome::Challenge),
        (401, _, _) => Some(Outcome::LoginWall),
        (402 | 403, Some(signs), Some(page)) if walled(signs, page, cues) => Some(Outcome::LoginWall),
        _ => None,
    };
    outcome.map(|outcome| Diagnosis { outcome, problem: problem(outcome) })
}

/// A page that brought nothing.
fn nothing(listing: &Listing, page: &Page, usual: Usual) -> Option<Outcome> {
    if listing.outcome == Outcome::TooComplex {
        return None;
    }
    if page.text.trim().is_empty() {
        return Some(Outcome::Empty);
    }
    let cues = cues::all();
    // A feed or an API that is said to be one may answer with a page: then the page says why.
    if sniff(page) != Kind::Html {
        return data(listing, page, cues);
    }
    let signs = read(page)?;
    if garbled::text(&signs.text) {
        return Some(Outcome::Garbled);
    }
    let first = first_match(&signs, page, cues);
    if first.is_some() {
        return first;
    }
    let changed = usual.has_rule && usual.items > 0 && signs.headlines >= HEALTHY;
    changed.then_some(Outcome::Changed)
}

/// The classes that the page's own signs tell, the surest first.
fn first_match(signs: &Signs, page: &Page, cues: &Cues) -> Option<Outcome> {
    match () {
        () if challenged(signs, cues) => Some(Outcome::Challenge),
        () if missing(signs, page, cues) => Some(Outcome::Missing),
        () if walled(signs, page, cues) => Some(Outcome::LoginWall),
        () if is_shell(signs, cues) => Some(Outcome::Shell),
        () if cues.empty.found_in(&signs.text) => Some(Outcome::Empty),
        () => None,
    }
}

/// A page whose few rows were found by the program itself: only what its title and main heading say counts against it.
fn pretender(page: &Page) -> Option<Outcome> {
    let signs = read(page)?;
    let cues = cues::all();
    match () {
        () if signs.headlines >= HEALTHY * 2 => None,
        () if challenged(&signs, cues) => Some(Outcome::Challenge),
        () if missing(&signs, page, cues) => Some(Outcome::Missing),
        () if walled(&signs, page, cues) && signs.headlines < HEALTHY => Some(Outcome::LoginWall),
        () => None,
    }
}

/// JSON and XML say in their own words that they hold nothing, or that somebody has to log in.
fn data(listing: &Listing, page: &Page, cues: &Cues) -> Option<Outcome> {
    let text: String = page.text.chars().take(4000).collect::<String>().to_lowercase();
    let short = page.text.len() < 2000;
    match () {
        () if short && cues.data_login.found_in(&text) => Some(Outcome::LoginWall),
        () if short && cues.challenge.found_in(&text) => Some(Outcome::Challenge),
        () if listing.outcome == Outcome::Unreadable => None,
        () if sniff(page) != Kind::Json => Some(Outcome::Empty),
        // An API whose lists are all empty; one that has rows under another name is no empty one.
        () if has_empty_list(&page.text) => Some(Outcome::Empty),
        () => None,
    }
}

fn has_empty_list(json: &str) -> bool {
    fn lists(value: &serde_json::Value, depth: usize, empty: &mut usize, full: &mut usize) {
        match value {
            serde_json::Value::Array(rows) if rows.is_empty() => *empty += 1,
            serde_json::Value::Array(_) => *full += 1,
            serde_json::Value::Object(fields) if depth > 0 => {
                fields.values().for_each(|value| lists(value, depth - 1, empty, full));
            }
            _ => {}
        }
    }
    let (mut empty, mut full) = (0, 0);
    if let Ok(value) = serde_json::from_str(json) {
        lists(&value, 8, &mut empty, &mut full);
    }
    empty > 0 && full == 0
}

fn read(page: &Page) -> Option<Signs> {
    let html = dom::parse(&page.text, &Limits::default()).ok()?;
    Some(Signs::of(&html, &page.text))
}

fn challenged(signs: &Signs, cues: &Cues) -> bool {
    let bare = signs.headlines < HEALTHY;
    let said = cues.challenge.found_in(&signs.top) || (signs.width < SHORT && cues.challenge.found_in(&signs.text));
    let said = said || (signs.width < SHORT && cues.challenge.found_in(&signs.noscript));
    bare && (said || (signs.width < SHORT && cues.machine.found_in(&signs.raw)))
}

fn walled(signs: &Signs, page: &Page, cues: &Cues) -> bool {
    if signs.headlines >= HEALTHY {
        return false;
    }
    let sent_away = page.url.path() != page.asked.path() || page.url.host_str() != page.asked.host_str();
    let said = cues.login.found_in(&signs.top) || (signs.width < SHORT && cues.wall.found_in(&signs.text));
    said || signs.password || (sent_away && names_login(&page.url))
}

/// Whether an address is one of those under which people log in.
fn names_login(url: &Url) -> bool {
    let mut words = url.path().split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    words.any(|word| cues::LOGIN_PATHS.contains(&word.as_str()))
}

fn missing(signs: &Signs, page: &Page, cues: &Cues) -> bool {
    let bare = signs.headlines < HEALTHY;
    if cues.missing.found_in(&signs.top) && signs.top.chars().count() < 200 {
        return true;
    }
    let number = signs.top.split(|c: char| !c.is_alphanumeric()).any(|word| word == "404" || word == "410");
    let said = signs.width < SHORT && cues.missing.found_in(&signs.text);
    // The front page instead of the one asked for.
    let sent_home = page.url.path() == "/" && page.asked.path() != "/" && page.url.query().is_none();
    (bare && (number || said)) || sent_home
}

fn is_shell(signs: &Signs, cues: &Cues) -> bool {
    let bare = signs.headlines < 3 && signs.width < SHELL;
    let asked_for = cues.script.found_in(&signs.noscript) || cues.script.found_in(&signs.text);
    bare && signs.scripts > 0 && (asked_for || signs.mount || signs.width < SHELL / 4)
}

/// What a class means, and what to do about it.
fn problem(outcome: Outcome) -> Problem {
    let (reason, advice) = match outcome {
        Outcome::Challenge => (
            "the site shows a challenge page, which only a browser passes, instead of the list",
            "visit it less often (a longer every), or ask its owner to let feed readers in; its own feed or API may be open",
        ),
        Outcome::LoginWall => (
            "the site wants a login before it shows the list",
            "if you have an account, give the source a cookie, auth or headers; else choose a page that is open to all",
        ),
        Outcome::Missing => (
            "the page says that it does not exist, though it answers as if it did",
            "open the site, find where the list is now, and give its new address",
        ),
        Outcome::Shell => (
            "the page is an empty frame that scripts fill, and the list is not in it",
            "look in a browser's network tools for the JSON that it loads, and watch that address with kind = \"json\"; or its feed or sitemap",
        ),
        Outcome::Changed => (
            "the page is well, but the rule matches nothing on it any more: its layout has changed",
            "run `tearsheet try` on the address alone to find its list again, and write the new rule into feeds.toml",
        ),
        Outcome::Empty => (
            "the page is well and says that its list is empty",
            "nothing to do if that is true; else compare it with what a browser shows",
        ),
        Outcome::Garbled => (
            "the page's text is garbled: it is not written in the encoding that it declares",
            "tell the site's owner; nothing is taken from the page while it is so",
        ),
        _ => ("the page could not be read", "open it in a browser to see what it shows"),
    };
    Problem::of_page(reason, advice)
}
