//! One page on trial: its list is found and remembered as a visit would, then the page is replaced, and it is told what comes of it.

use std::{collections::HashSet, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use tearsheet::{
    config::{self, NoSecret, Paint, Purpose, Surroundings},
    dedup,
    extract::{self, Recipe, Usual, Written, diagnose},
    harvest::{
        Watched,
        repair::{self, Before, Sight},
    },
    model::{Draft, FieldRule, Kind, Page, Rules, Source, Validators, Verdict},
    refine,
};
use url::Url;

use super::mutate::{Redesign, other_address, other_title, redesigned};

/// A page whose list was found.
pub(crate) struct Subject {
    watched: Watched,
    page: Page,
    rules: Rules,
    before: Before,
    drafts: Vec<Draft>,
    now: Timestamp,
    /// Addresses that the list is known to have, and those of new articles in their places.
    truth: HashSet<String>,
}

/// What came of a redesigned page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Came {
    /// The rules that were there read it right.
    Kept,
    /// Rules were found that read it right.
    Repaired,
    /// Rules were found or kept that read this besides, which is no article of the list.
    Wrong(String),
    /// So many articles were not read.
    Lost(usize),
    /// The change was proposed and not made, for this reason.
    Proposed(String),
    /// Nothing was read.
    Nothing,
}

/// A page at an address.
pub(crate) fn page(url: &str, text: &str) -> Page {
    let url: Url = url.parse().unwrap();
    Page {
        asked: url.clone(),
        url,
        media_type: "text/html".to_owned(),
        bytes: text.as_bytes().to_vec(),
        text: text.to_owned(),
        encoding: encoding_rs::UTF_8,
        language: None,
        validators: Validators::default(),
    }
}

/// The page's list as found at a first visit; none where nothing is found. `truth` are the addresses that the list is known to
/// have, if it is: what is found may leave one out, which another rule reads, or take in what is none.
pub(crate) fn subject(page: Page, now: Timestamp, truth: &[String]) -> Option<Subject> {
    let watched = Watched::new(source(&page.url)).unwrap();
    let (listing, detection) = extract::read_detected(&page);
    let rules = detection.rules?;
    let drafts = refine::refine(&watched.source, &page, &listing, now).drafts;
    let listed = drafts.iter().filter_map(|draft| match dedup::judge(draft, dedup::Known::Nothing, now, &|_| true) {
        Verdict::New(article) => Some(Arc::new(article)),
        _ => None,
    });
    let before = Before {
        listed: listed.collect(),
        older: Vec::new(),
        usual: drafts.len() as u32,
        rules: Some(Arc::new(rules.clone())),
    };
    let truth = truth.iter().flat_map(|link| [other_address(link), link.clone()]);
    let truth = truth.filter_map(|link| Some(bare(&Url::parse(&link).ok()?))).collect();
    (drafts.len() >= 3).then_some(Subject { watched, page, rules, before, drafts, now, truth })
}

impl Subject {
    /// How many articles its list has.
    pub(crate) fn len(&self) -> usize {
        self.drafts.len()
    }

    /// The rule of its rows.
    pub(crate) fn item(&self) -> &str {
        &self.rules.item
    }

    /// Its articles' addresses as the page writes them.
    fn links(&self) -> HashSet<String> {
        let recipe = Recipe::compile(&self.rules, Kind::Html).unwrap();
        let listing = extract::read(&self.page, Some(&recipe), None);
        listing.items.into_iter().filter_map(|item| item.link).map(|link| link.trim().to_owned()).collect()
    }

    fn read(&self, page: &Page, rules: &Rules) -> Vec<Draft> {
        let recipe = Recipe::compile(rules, Kind::Html).unwrap();
        let mut listing = extract::read(page, Some(&recipe), None);
        let usual = Usual { has_rule: true, items: self.before.usual };
        diagnose::judge(&mut listing, page, usual, Written::Not);
        refine::refine(&self.watched.source, page, &listing, self.now).drafts
    }

    /// What a visit to `page` would bring to the feed, and what stood in the way.
    fn visit(&self, page: &Page) -> (Vec<Draft>, Option<Sight>) {
        let read = |rules: &Rules| self.read(page, rules);
        let drafts = read(&self.rules);
        match repair::look(&self.watched, page, &drafts, &self.before, self.now) {
            Sight::Well => (drafts, None),
            Sight::Redesigned(rules) => (read(&rules), Some(Sight::Redesigned(rules))),
            other => (Vec::new(), Some(other)),
        }
    }

    fn redesigned(&self, how: Redesign) -> Page {
        let text = redesigned(&self.page.text, &self.rules.item, &self.links(), how);
        Page { bytes: text.as_bytes().to_vec(), text, ..self.page.clone() }
    }

    /// Those of `got` that are no articles of the list redesigned.
    fn wrong<'d>(&self, how: Redesign, got: &'d [Draft]) -> Vec<&'d Draft> {
        let links = self.links();
        let base = extract::read(&self.page, None, Some(Kind::Html)).base;
        let joined =
            |link: &str| Some(tearsheet::reading::url::join(&base, link, self.page.encoding).ok()?.to_string());
        let known: HashSet<String> = self.drafts.iter().map(|draft| draft.url.to_string()).collect();
        // An article may stand in the list under two addresses.
        let known: HashSet<String> = known.into_iter().chain(links.iter().filter_map(|link| joined(link))).collect();
        let fresh: HashSet<String> =
            links.iter().filter(|_| how.fresh).filter_map(|link| joined(&other_address(link))).collect();
        let is_right = |draft: &&Draft| {
            known.contains(draft.url.as_str())
                || fresh.contains(draft.url.as_str())
                || self.truth.contains(&bare(&draft.url))
        };
        got.iter().filter(|draft| !is_right(draft)).collect()
    }

    /// What comes of the page redesigned.
    pub(crate) fn after(&self, how: Redesign) -> Came {
        let page = self.redesigned(how);
        let (got, sight) = self.visit(&page);
        if got.is_empty() {
            return match sight {
                Some(Sight::Doubtful(_, why)) => Came::Proposed(why),
                _ => Came::Nothing,
            };
        }
        let by = match &sight {
            Some(Sight::Redesigned(rules)) => format!("by `{}`, {:?}", rules.item, rules.title),
            _ => "by the rules that were there".to_owned(),
        };
        if let Some(wrong) = self.wrong(how, &got).first() {
            return Came::Wrong(format!("{} {} {by}", wrong.title, wrong.url));
        }
        let title_of = |draft: &Draft| self.drafts.iter().find(|one| one.url == draft.url).map(|one| one.title.clone());
        let retitled = got.iter().filter(|draft| title_of(draft).is_some_and(|title| title != draft.title)).count();
        if retitled * 20 > got.len() {
            return Came::Wrong(format!("{retitled} of {} titles {by}", got.len()));
        }
        // What was no article of the list is no loss.
        let is_true = |draft: &&Draft| self.truth.contains(&bare(&draft.url));
        let all = match self.drafts.iter().filter(is_true).count() {
            0 => self.drafts.len(),
            all => all,
        };
        let lost = all.saturating_sub(got.len());
        match sight {
            _ if lost * 10 > all => Came::Lost(lost),
            Some(_) => Came::Repaired,
            None => Came::Kept,
        }
    }

    /// Every rule that may read the page redesigned, why it may not be the list's, and what it reads besides.
    pub(crate) fn weighed(&self, how: Redesign) -> Vec<String> {
        let page = self.redesigned(how);
        let (weighed, _) = repair::weigh(&self.watched, &page, &self.before, self.now);
        let told = |(rules, agreement): &(Rules, repair::Agreement)| {
            let select = |rule: &Option<FieldRule>| rule.as_ref().map(|rule| rule.select.clone()).unwrap_or_default();
            let (link, title) = (select(&rules.link), select(&rules.title));
            let got = self.read(&page, rules);
            let wrong: Vec<&str> = self.wrong(how, &got).iter().map(|draft| draft.url.as_str()).collect();
            let doubt = agreement.doubt();
            let some = wrong.iter().take(3).collect::<Vec<_>>();
            format!("`{}` `{link}` `{title}`: {doubt:?}, {} wrong {some:?}, {agreement:?}", rules.item, wrong.len())
        };
        weighed.iter().map(told).collect()
    }

    /// The articles that would wrongly reach the feed if this page stood in the list's place.
    pub(crate) fn fooled_by(&self, text: &str) -> Vec<String> {
        let page = Page { bytes: text.as_bytes().to_vec(), text: text.to_owned(), ..self.page.clone() };
        let known: HashSet<&str> = self.drafts.iter().map(|draft| draft.url.as_str()).collect();
        let (got, _) = self.visit(&page);
        got.iter().filter(|draft| !known.contains(draft.url.as_str())).map(|draft| draft.title.clone()).collect()
    }

    /// Pages that may stand in the list's place, and are none.
    pub(crate) fn impostors(&self) -> Vec<(&'static str, String)> {
        let frame = |title: &str, body: &str| {
            format!("<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>")
        };
        let login = "<ul class=nav><li><a href=/>Home</a></li><li><a href=/about>About us</a></li></ul><form><input name=user>\
                     <input type=password name=p><button>Log in</button></form><p><a href=/forgot>Forgot your password?</a></p>";
        let challenge = "<h1>Just a moment...</h1><p>Checking your browser before accessing the site. Enable JavaScript and cookies to continue.</p>\
                         <script src=/cdn-cgi/challenge-platform/x.js></script>";
        let error = "<h1>500 Internal Server Error</h1><p>Please try again later.</p><p><a href=/>Back</a></p>";
        vec![
            ("a login page", frame("Log in", login)),
            ("a challenge page", frame("Just a moment...", challenge)),
            ("an error page", frame("Error", error)),
            ("the page without its list", self.without_list()),
            ("most read of the site", frame("Most read", &self.most_read())),
        ]
    }

    /// What is left of the page when its rows are gone: its menus, other lists, foot.
    fn without_list(&self) -> String {
        let mut html = scraper::Html::parse_document(&self.page.text);
        let item = scraper::Selector::parse(&self.rules.item).unwrap();
        let rows: Vec<_> = html.select(&item).map(|row| row.id()).collect();
        for row in rows {
            if let Some(mut row) = html.tree.get_mut(row) {
                row.detach();
            }
        }
        html.html()
    }

    /// Ten articles of which four are known, in an order of its own.
    fn most_read(&self) -> String {
        let step = (self.drafts.len() / 4).max(1);
        let mut known: Vec<&Draft> = self.drafts.iter().step_by(step).take(4).collect();
        known.reverse();
        let mut rows = String::new();
        for (place, draft) in self.drafts.iter().cycle().take(6).enumerate() {
            let far = (0..=place / self.drafts.len() + 1).fold(draft.url.to_string(), |url, _| other_address(&url));
            rows.push_str(&format!("<li><a href=\"{far}\">{}</a></li>", other_title(&draft.title).replace('<', "")));
            if let Some(known) = known.get(place) {
                rows.push_str(&format!("<li><a href=\"{}\">{}</a></li>", known.url, known.title.replace('<', "")));
            }
        }
        format!("<h2>Most read</h2><ol>{rows}</ol>")
    }
}

/// An address without scheme, `www.` and fragment.
fn bare(url: &Url) -> String {
    let text = url.as_str().split('#').next().unwrap_or_default();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    text.strip_prefix("www.").unwrap_or(text).trim_end_matches('/').to_owned()
}

fn source(url: &Url) -> Arc<Source> {
    let text = format!("[[source]]\nid = \"trial\"\nurl = \"{url}\"\nrepair = \"auto\"\n");
    let surroundings = Surroundings {
        file: "feeds.toml",
        system_zone: TimeZone::UTC,
        secrets: &|_| Err(NoSecret::NoVariable),
        purpose: Purpose::Serving,
    };
    let config = config::read(&text, &surroundings).map_err(|faults| faults.draw(Paint::Plain)).unwrap();
    config.sources.into_iter().next().unwrap()
}
