//! What a page calls itself and its site, in `<title>`, where it is shared and in its data, and what headings that tells to be the title.

use std::collections::HashSet;

use url::Url;

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

/// Bytes of a word that other words may be compounds of, and bytes that these have more.
const COMPOUND: (usize, usize) = (6, 3);

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
    /// The last part of the address that is a name, squeezed.
    slug: String,
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
        let window = view.data.title.as_deref().filter(|title| !is_unfilled(title)).map(data::unescaped);
        let is_dense = window.iter().flat_map(|text| text.chars()).any(|c| c as u32 >= 0x3400);
        let mut named = Self {
            window,
            shared: shared.map(data::unescaped),
            headline: view.data.field("headline"),
            sites,
            slug: slug(&view.page.url),
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
        if pieces.len() < 2 {
            return heading.text.clone();
        }
        // Pieces that stand below one another need no marks between them, which the page writes where it has them in one line.
        let is_fuller = |outer: &&Outer| squeezed(&outer.bare) == *whole && outer.bare.len() > heading.text.len();
        if let Some(outer) = self.every().find(is_fuller) {
            return outer.bare.clone();
        }
        if self.every().any(|outer| outer.parts.iter().any(|(part, _)| part.contains(whole.as_str()))) {
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

    /// The heading that says a heading's first part alone, where that has all of `<title>`, the site's name too.
    pub(super) fn undressed<'h>(&self, heading: &'h Heading, headings: &'h [Heading]) -> &'h Heading {
        let window = self.outers.first().filter(|outer| self.window.is_some() && outer.squeezed == heading.squeezed);
        let first = window.and_then(|outer| outer.parts.first()).filter(|(_, says)| *says >= LEAST * 2.0);
        let is_first = |other: &&Heading| first.is_some_and(|(part, _)| *part == other.squeezed);
        headings.iter().filter(|other| other.level <= 2).find(is_first).unwrap_or(heading)
    }

    /// The heading that the address is made of, or that another heading says too, where the page calls itself by its site's name alone.
    pub(super) fn unnamed<'h>(&self, headings: &'h [Heading]) -> Option<&'h Heading> {
        let is_addressed = |heading: &&Heading| heading.squeezed == self.slug;
        let is_echoed = |heading: &&Heading| {
            let says = |other: &Heading| {
                other.at != heading.at
                    && parts(&other.text).iter().skip(1).any(|part| squeezed(part) == heading.squeezed)
            };
            heading.level == 1 && headings.iter().any(says)
        };
        let is_told = self.shared.is_some() || self.headline.is_some();
        let fit = |heading: &&Heading| weight(&heading.text) >= LEAST && (is_addressed(heading) || is_echoed(heading));
        headings.iter().filter(|heading| !is_told && heading.level <= 3 && !heading.is_framed).find(fit)
    }

    /// Whether a heading shares words with what the page calls itself, as another wording of it does.
    pub(super) fn speaks_of(&self, text: &str) -> bool {
        if self.is_site(text) || weight(text) < LEAST {
            return false;
        }
        let own = words(text);
        let shared = |other: &Outer| {
            let others = words(&other.text);
            own.iter().filter(|word| others.iter().any(|other| is_kin(word, other))).count()
        };
        // A page that calls itself nothing, or by one short word, is called what its heading says.
        let says = |other: &&Outer| weight(&other.text) >= LEAST;
        self.every().filter(says).map(shared).max().is_none_or(|most| most > 0 && most * 4 >= own.len())
    }

    /// Whether a word is the host's name as it is written.
    fn is_host(&self, word: &str) -> bool {
        let bare = |text: &str| text.trim_start_matches("www").to_owned();
        word.contains('.') && bare(&word.to_lowercase().replace(['.', '-'], "")) == bare(&self.host)
    }

    /// A title without the host's name as its first word.
    fn without_host<'t>(&self, title: &'t str) -> &'t str {
        let rest = title.split_once(' ').filter(|(first, rest)| self.is_host(first) && !rest.trim().is_empty());
        rest.map_or(title, |(_, rest)| rest.trim())
    }

    /// A title without the name of the site at its end or start. Where the site's name is known and not in it, it has none.
    pub(super) fn bare(&self, title: &str) -> String {
        // What the window adds to the title that is shared is the site's name, unless the title has a known one already.
        let is_start = |window: &String| window.len() > title.len() && window.starts_with(title);
        let is_named = parts(title).last().is_some_and(|last| self.is_site(last));
        if self.shared.as_deref() == Some(title) && self.window.as_ref().is_some_and(is_start) && !is_named {
            return title.to_owned();
        }
        let mut best = self.without_host(title).trim_end_matches([' ', ':']).to_owned();
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

/// Whether a title ends with the mark before which the page's own name was to stand, or begins with that after it: the site's name alone.
fn is_unfilled(title: &str) -> bool {
    let is_mark = |c: char| matches!(c, '|' | '-' | '–' | '—' | '»' | '·' | '•' | '_');
    let title = title.trim();
    title.ends_with(is_mark) || title.starts_with(is_mark)
}

/// The last part of an address without its ending, squeezed.
fn slug(url: &Url) -> String {
    let last = url.path_segments().and_then(|parts| parts.rev().find(|part| !part.is_empty())).unwrap_or_default();
    squeezed(last.rsplit_once('.').map_or(last, |(name, _)| name))
}

/// The parts of a title between any of the marks.
fn parts(title: &str) -> Vec<&str> {
    let mut out = vec![title];
    // A colon with a space before it is such a mark on some sites, and French elsewhere: no part is left out because of it alone.
    for mark in PARTS.iter().filter(|mark| **mark != "-").chain(&[" : "]) {
        out = out.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    out
}

/// Whether two words are one, or one is a part of the other as in compounds, which add more than an ending.
fn is_kin(word: &str, other: &str) -> bool {
    let is_inside = |inner: &str, outer: &str| {
        let is_part = inner.len() >= COMPOUND.0 && outer.len() >= inner.len() + COMPOUND.1;
        is_part && (outer.starts_with(inner) || outer.ends_with(inner))
    };
    word == other || is_inside(word, other) || is_inside(other, word)
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
