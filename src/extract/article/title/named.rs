//! What a page calls itself and its site, in `<title>`, where it is shared and in its data, and what headings that tells to be the title.

use std::collections::HashSet;

use super::headings::{Heading, home_links};
use crate::extract::article::{
    body::{squeezed, weight},
    data,
    outline::What,
    view::View,
};

/// What stands between a title and the site's name.
const PARTS: [&str; 16] =
    [" | ", " - ", " – ", " — ", " » ", " :: ", " · ", " • ", "_", "|", "－", "—", " / ", " < ", "--", "-"];

/// The share of what the page calls itself that a heading of each level must say to be its title.
const SHARES: [(u8, f32); 2] = [(1, 0.3), (4, 0.55)];

/// A top heading that says less names a section.
const LEAST: f32 = 10.0;

/// What the page calls itself in one place, and what is asked of it again and again.
pub(super) struct Outer {
    pub(super) text: String,
    pub(super) squeezed: String,
    /// Its parts between marks, squeezed, and what each says.
    pub(super) parts: Vec<(String, f32)>,
    /// Without the site's name.
    pub(super) bare: String,
    /// How many letters are left of that.
    pub(super) letters: usize,
}

impl Outer {
    pub(super) fn of(text: &str, bare: String) -> Self {
        let parts = parts(text).into_iter().map(|part| (squeezed(part), weight(part))).collect();
        let letters = squeezed(&bare).chars().count();
        Self { text: text.to_owned(), squeezed: squeezed(text), parts, bare, letters }
    }
}

/// What the page calls itself and its site.
pub(super) struct Named {
    pub(super) window: Option<String>,
    pub(super) shared: Option<String>,
    pub(super) headline: Option<String>,
    /// The site's names, squeezed.
    pub(super) sites: Vec<String>,
    /// The host without marks.
    pub(super) host: String,
    pub(super) is_dense: bool,
    /// Window, shared title and headline, as far as there are such.
    pub(super) outers: Vec<Outer>,
}

impl Named {
    pub(super) fn of(view: &View<'_>) -> Self {
        let shared =
            view.data.meta(&["og:title", "twitter:title", "title", "sailthru.title"]).filter(|text| text.len() > 1);
        let mut sites: Vec<String> = view
            .data
            .every_meta("og:site_name")
            .chain(view.data.every_meta("application-name"))
            .map(squeezed)
            .collect();
        sites.extend(home_links(view));
        sites.retain(|site| !site.is_empty());
        let window = view.data.title.as_deref().map(data::unescaped);
        let is_dense = window.iter().flat_map(|text| text.chars()).any(|c| c as u32 >= 0x3400);
        let mut named = Self {
            window,
            shared: shared.map(data::unescaped),
            headline: view.data.field("headline"),
            sites,
            host: view.page.url.host_str().unwrap_or_default().replace(['.', '-'], ""),
            is_dense,
            outers: Vec::new(),
        };
        let texts = [&named.window, &named.shared, &named.headline];
        named.outers = texts.into_iter().flatten().map(|text| Outer::of(text, named.bare(text))).collect();
        named
    }

    pub(super) fn every(&self) -> impl Iterator<Item = &Outer> {
        self.outers.iter()
    }

    pub(super) fn is_site(&self, text: &str) -> bool {
        self.is_site_squeezed(&squeezed(text))
    }

    pub(super) fn is_site_squeezed(&self, text: &str) -> bool {
        text.is_empty() || self.sites.iter().any(|site| site == text) || (text.len() > 3 && self.host.contains(text))
    }

    /// Whether a squeezed text stands last in what the page calls itself and says less than another part: the site's name.
    pub(super) fn is_last(&self, inner: &str) -> bool {
        self.every().any(|outer| {
            let mut parts = outer.parts.iter().rev().filter(|(part, _)| !part.is_empty());
            let Some((last, own)) = parts.next() else { return false };
            last == inner && parts.any(|(_, weight)| weight > own)
        })
    }

    /// Whether a heading stands first in what the page calls itself, before a heavier part that is a heading too: the site's name.
    pub(super) fn is_first(&self, heading: &Heading, headings: &[Heading]) -> bool {
        let window = self.outers.first().filter(|_| self.window.is_some());
        window.is_some_and(|outer| {
            let [(first, own), .., (last, told)] = outer.parts.as_slice() else { return false };
            *first == heading.squeezed && told > own && headings.iter().any(|other| other.squeezed == *last)
        })
    }

    /// Whether a title that is meant for catalogues is none of this page: the site's name, or not what a top heading and the title
    /// that is shared both say.
    pub(super) fn is_refuted(&self, given: &str, headings: &[Heading]) -> bool {
        let shared = self.shared.as_deref().map(|shared| squeezed(&self.bare(shared)));
        let mut tops = headings.iter().filter(|heading| heading.level == 1).map(|heading| &heading.squeezed);
        let given = squeezed(given);
        let is_told = |text: &String| *text != given && shared.as_ref() == Some(text);
        self.is_site_squeezed(&given) || tops.any(is_told)
    }

    /// Whether a top heading says in other words what a lower one says, and does not merely hold it with a word on the column before.
    pub(super) fn rewords(&self, top: &str, lower: &str) -> bool {
        let (own, other) = (words(top), words(lower));
        let shared = other.intersection(&own).count();
        let is_most = shared > 1 && shared * 2 >= own.len().min(other.len()) && shared * 3 >= own.len();
        is_most && !self.is_site(top) && weight(top) >= LEAST && !squeezed(top).contains(&squeezed(lower))
    }

    /// A heading's text without what stands in an element of its own before or after the title that is shared: the column, the day,
    /// the author. What the page says together elsewhere too belongs together.
    pub(super) fn alone(&self, view: &View<'_>, heading: &Heading) -> String {
        let whole = &heading.squeezed;
        let pieces: Vec<String> = view
            .outline
            .below(heading.at)
            .filter_map(|(_, node)| match node.what {
                What::Text(text) => Some(squeezed(text)).filter(|text| !text.is_empty()),
                What::Element(_) => None,
            })
            .collect();
        let is_whole = self.every().any(|outer| outer.squeezed.contains(whole));
        if pieces.len() < 2 || is_whole {
            return heading.text.clone();
        }
        let is_part = |text: &&String| {
            let inner = squeezed(text);
            let is_run = |n: usize| {
                let (start, end) = pieces.split_at(n);
                start.concat() == inner || end.concat() == inner
            };
            weight(text) >= LEAST && (1..pieces.len()).any(is_run)
        };
        [&self.shared, &self.headline].into_iter().flatten().find(is_part).unwrap_or(&heading.text).clone()
    }

    /// The heading that says most of what the page calls itself, the highest of those.
    pub(super) fn agreed<'h>(&self, headings: &'h [Heading]) -> Option<&'h Heading> {
        let share = |heading: &Heading| {
            let inner = &heading.squeezed;
            let (says, letters) = (weight(&heading.text), inner.chars().count());
            let part = |outer: &Outer| {
                if !outer.squeezed.contains(inner) {
                    return 0.0;
                }
                let heaviest = outer.parts.iter().max_by_key(|(_, weight)| *weight as u32);
                let is_chief = [outer.parts.first(), heaviest].into_iter().flatten().any(|(part, _)| part == inner);
                match is_chief && says >= LEAST {
                    true => 1.0,
                    false => (letters as f32 / outer.letters.max(1) as f32).min(1.0),
                }
            };
            self.every().map(part).fold(0.0, f32::max)
        };
        let told = headings
            .iter()
            .filter(|heading| !self.is_site_squeezed(&heading.squeezed) && !self.is_first(heading, headings));
        let enough = told.filter_map(|heading| {
            let of = share(heading);
            SHARES.iter().any(|(level, least)| heading.level <= *level && of >= *least).then_some((heading, of))
        });
        let rank = |(heading, share): &(&Heading, f32)| (heading.level == 1, *share, std::cmp::Reverse(heading.level));
        enough
            .max_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal))
            .map(|(heading, _)| heading)
    }

    /// Whether a heading shares words with what the page calls itself, as another wording of it does.
    pub(super) fn speaks_of(&self, text: &str) -> bool {
        if self.is_site(text) || weight(text) < LEAST {
            return false;
        }
        let own = words(text);
        let shared = |other: &Outer| words(&other.text).intersection(&own).count();
        // A page that calls itself nothing, or by one short word, is called what its heading says.
        let says = |other: &&Outer| weight(&other.text) >= LEAST;
        self.every().filter(says).map(shared).max().is_none_or(|most| most > 0 && most * 4 >= own.len())
    }

    /// A title without the name of the site at its end or start. Where the site's name is known and not in it, it has none.
    pub(super) fn bare(&self, title: &str) -> String {
        // What the window adds to the title that is shared is the site's name, unless the title has a known one already.
        let is_start = |window: &String| window.len() > title.len() && window.starts_with(title);
        let is_named = parts(title).last().is_some_and(|last| self.is_site(last));
        if self.shared.as_deref() == Some(title) && self.window.as_ref().is_some_and(is_start) && !is_named {
            return title.to_owned();
        }
        let mut best = title.trim_end_matches([' ', ':']).to_owned();
        for mark in PARTS {
            // A lone "-" also stands within words.
            if !best.contains(mark) || (mark == "-" && !self.is_dense) {
                continue;
            }
            let parts: Vec<&str> = best.split(mark).map(str::trim).filter(|part| !part.is_empty()).collect();
            if let [rest @ .., last] = parts.as_slice()
                && !rest.is_empty()
                && self.is_site(last)
            {
                return rest.join(mark);
            }
            if let [first, rest @ ..] = parts.as_slice()
                && !rest.is_empty()
                && self.is_site(first)
            {
                return rest.join(mark);
            }
            let longest = parts.iter().max_by_key(|part| weight(part) as u32);
            if let (Some(longest), Some(first)) = (longest, parts.first()) {
                let kept = if weight(first) >= 16.0 { first } else { longest };
                if weight(kept) >= 12.0 {
                    best = (*kept).to_owned();
                }
            }
            break;
        }
        best
    }
}

/// The parts of a title between any of the marks.
fn parts(title: &str) -> Vec<&str> {
    let mut out = vec![title];
    for mark in PARTS.iter().filter(|mark| **mark != "-") {
        out = out.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    out
}

/// Words, or pairs of characters where words are not apart.
fn words(text: &str) -> HashSet<String> {
    let is_dense = |c: char| ('\u{2E80}'..='\u{D7FF}').contains(&c);
    let apart = text.to_lowercase();
    let mut out = HashSet::new();
    for run in apart.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        if run.chars().any(is_dense) {
            let all: Vec<char> = run.chars().collect();
            out.extend(all.windows(2).map(|pair| pair.iter().collect::<String>()));
        } else if run.len() > 2 {
            out.insert(run.to_owned());
        }
    }
    out
}
