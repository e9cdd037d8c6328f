//! A page that its rules do not read any more, or not as before → what to do: [`look`] gives a [`Sight`].
//!
//! - [`Before`]: what the source showed lately, which is all that tells its list from another one.
//! - [`Agreement`]: how far what some rules read is that list. [`Agreement::is_enough`] is the threshold.
//!
//! Invariant: rules are taken only where they read articles that the source listed at its last visit, in their order, with
//! titles, dates and addresses of the same kinds. A page that shows none of them is never taken for the redesigned one.

use std::{
    cell::LazyCell,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use url::Url;

use super::{
    Watched,
    kin::{Kin, essence, is_edited, is_same_title, is_telling, once},
};
use crate::extract::{self, Usual, Written, diagnose};
use crate::model::{Article, ArticleKey, Draft, Listing, Origin, Outcome, Page, Rules};
use crate::reading::url as address;
use crate::refine;

/// Articles of the last visit that have to stand in the list; all of them where there were fewer.
const LEAST: usize = 3;
/// Least share of the list that has to be known, without the older articles at its end.
const SHARE: f64 = 0.4;
/// The same where all new articles stand before the known ones, as new articles do.
const SHARE_ON_TOP: f64 = 0.2;
/// Least share of the last visit's articles that has to be in the list, unless they are the first of them.
const COVER: f64 = 0.3;
/// Least share of the known ones that stand in the order of the last visit.
const ORDER: f64 = 0.8;
/// Least share of the known ones that have their titles.
const TITLES: f64 = 0.8;
/// Largest share of the known ones whose titles have nothing of their own: no editor writes so, but another field reads so.
const STRANGERS: f64 = 0.05;
/// Share of the known ones with other addresses from which on their own are looked for elsewhere in the page.
const MOVED: f64 = 0.3;
/// Least share of the new ones whose addresses have a form of the known ones.
const FORMS: f64 = 0.7;
/// The same for rules that are taken without a person's word: a link in the head of a table is soon among a few new ones.
const FORMS_SURE: f64 = 0.9;
/// Shares between which a list is one with dates, or one without.
const DATED: (f64, f64) = (0.8, 0.6);

/// What a source showed lately.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// What its page listed when it was last read well, in its order.
    pub listed: Vec<Arc<Article>>,
    /// Further articles of it.
    pub older: Vec<Arc<Article>>,
    /// How many items there usually are.
    pub usual: u32,
    /// The rules by which it was read.
    pub rules: Option<Arc<Rules>>,
}

/// What a look at a page came to.
#[derive(Debug, Clone)]
pub enum Sight {
    /// Its rules read it as before, or nothing else reads it better.
    Well,
    /// These read it, and what they read is the source's list.
    Redesigned(Rules),
    /// These may read it; why that is not sure.
    Doubtful(Rules, String),
    /// The page does not hold what the source listed, though it is well.
    Strange,
}

/// How far what some rules read is the source's list. Shares are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Articles that were read.
    pub read: usize,
    /// Those of them that the last visit listed.
    pub known: usize,
    /// Articles that the last visit listed.
    pub listed: usize,
    /// Share of the list that is known, without older articles at its end.
    pub share: f64,
    /// Whether all that is new stands before what is known.
    pub new_on_top: bool,
    /// Whether those known are among the first of the last visit.
    pub first: bool,
    /// Share of the known ones that stand in their order.
    pub order: f64,
    /// Share of the known ones that have their titles.
    pub titles: f64,
    /// Share of the known ones whose titles have nothing of their own.
    pub strangers: f64,
    /// Share of the known ones that have other addresses and are told by their titles alone.
    pub moved: f64,
    /// Share of the new ones whose addresses have a form of the known ones, and a title if those have.
    pub forms: f64,
    /// New ones of another form of address in the very place of known ones, to which the page still leads: another link of
    /// their rows.
    pub displaced: usize,
    /// Share of the list with a date, and of the last visit's.
    pub dated: (f64, f64),
}

impl Before {
    /// Compares what was read of the page at `page` with what is known; `linked` are articles to whose known addresses it leads.
    pub fn agreement(&self, drafts: &[Draft], linked: &HashSet<ArticleKey>, page: &Url) -> Agreement {
        let places: HashMap<ArticleKey, usize> = self.places();
        let titles = LazyCell::new(|| once(self.listed.iter().map(|article| article.title.as_str())));
        let shown = LazyCell::new(|| once(drafts.iter().map(|draft| draft.title.as_str())));
        let by_key = |draft: &Draft| keys(draft).find_map(|key| places.get(&key).copied());
        // Where a site gives all its articles new addresses, their titles are what stays. Where it has the old ones, another
        // address is another document.
        let is_gone = |place: &&usize| self.listed.get(**place).is_some_and(|article| !linked.contains(&article.key));
        let by_title = |draft: &Draft| {
            let title = essence(&draft.title);
            let place = titles.get(&title).filter(|_| is_telling(&draft.title)).filter(is_gone);
            // Asked last, since all titles are read for it.
            place.filter(|_| shown.contains_key(&title)).copied()
        };
        let met: Vec<Option<usize>> = drafts.iter().map(|draft| by_key(draft).or_else(|| by_title(draft))).collect();
        let hits: Vec<usize> = met.iter().flatten().copied().collect();
        let pairs = || drafts.iter().zip(&met).filter_map(|(draft, place)| Some((draft, self.listed.get((*place)?)?)));
        let alike = pairs().filter(|(draft, article)| is_same_title(&draft.title, &article.title)).count();
        let strangers = pairs().filter(|(draft, article)| !is_edited(&article.title, &draft.title)).count();
        let end = self.end(drafts, &met);
        let first_known = met.iter().position(Option::is_some).unwrap_or(0);
        let fresh: Vec<&Draft> =
            drafts.iter().take(end).zip(&met).filter(|(_, place)| place.is_none()).map(|(d, _)| d).collect();
        let known: HashSet<usize> = hits.iter().copied().collect();
        let kin = Kin::of(&self.listed, page);
        let new = drafts.iter().zip(&met).enumerate().filter(|(_, (_, place))| place.is_none());
        let strange: Vec<usize> = new.filter(|(_, (draft, _))| !kin.has_form(&draft.url)).map(|(at, _)| at).collect();
        let moved = hits.len() - drafts.iter().filter(|draft| by_key(draft).is_some()).count();
        // New addresses have new forms.
        let tells = !fresh.is_empty() && moved * 2 <= hits.len();
        Agreement {
            read: drafts.len(),
            known: known.len(),
            listed: self.listed.len(),
            share: share(hits.len(), end),
            new_on_top: met.iter().take(end).skip(first_known).all(Option::is_some),
            first: hits.iter().all(|place| *place <= drafts.len() * 3 / 2 + 2),
            order: share(longest_rise(&hits), hits.len()),
            titles: share(alike, hits.len()),
            strangers: share(strangers, hits.len()),
            moved: share(moved, hits.len()),
            displaced: self.displaced(&met, &known, &strange, linked),
            forms: if tells { kin.share(&fresh) } else { 1.0 },
            dated: (
                share(drafts.iter().filter(|draft| draft.published.is_some()).count(), drafts.len()),
                share(
                    self.listed.iter().filter(|one| one.published.origin != Origin::FirstSeen).count(),
                    self.listed.len(),
                ),
            ),
        }
    }

    /// How many of `strange`, the places of new ones with unknown forms of addresses, stand between two of the `known` ones in the
    /// place of others, which are in `linked` where that is told.
    fn displaced(
        &self,
        met: &[Option<usize>],
        known: &HashSet<usize>,
        strange: &[usize],
        linked: &HashSet<ArticleKey>,
    ) -> usize {
        let is_there = |place: &usize| {
            let article = self.listed.get(*place).filter(|_| !known.contains(place));
            article.is_some_and(|article| linked.is_empty() || linked.contains(&article.key))
        };
        let hits: Vec<(usize, usize)> =
            met.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?))).collect();
        let between = |((at, place), (next, other)): (&(usize, usize), &(usize, usize))| {
            let new = strange.iter().filter(|strange| (at + 1..*next).contains(*strange)).count();
            new.min((place + 1..*other).filter(is_there).count())
        };
        hits.iter().zip(hits.iter().skip(1)).map(between).sum()
    }

    fn places(&self) -> HashMap<ArticleKey, usize> {
        let all = self.listed.iter().enumerate();
        all.flat_map(|(place, article)| names(article).map(move |key| (key, place))).collect()
    }

    /// Where the list ends: what stands behind its last known article and is older than that, or stored, is older.
    fn end(&self, drafts: &[Draft], met: &[Option<usize>]) -> usize {
        let stored: HashSet<ArticleKey> = self.older.iter().flat_map(|article| names(article)).collect();
        let last = met.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let oldest = drafts.iter().zip(met).filter(|(_, place)| place.is_some());
        let oldest = oldest.filter_map(|(draft, _)| Some(draft.published?.at)).min();
        let is_older = |draft: &Draft| {
            keys(draft).any(|key| stored.contains(&key))
                || draft.published.zip(oldest).is_some_and(|(moment, oldest)| moment.at < oldest)
        };
        let new = drafts.iter().skip(last).filter(|draft| !is_older(draft)).count();
        last + new
    }

    fn is_few(&self, drafts: &[Draft]) -> bool {
        let usual = usize::try_from(self.usual).unwrap_or(usize::MAX);
        usual >= 4 && drafts.len() * 2 < usual
    }

    /// Whether what the source's own rules read of the page at `page` is as ever, or nothing is known that says otherwise. What is
    /// older than the last list has no say in it.
    pub fn is_well(&self, drafts: &[Draft], page: &Url) -> bool {
        self.listed.is_empty() || !self.is_odd(drafts, &self.agreement(drafts, &HashSet::new(), page))
    }

    /// Whether what the source's own rules read now calls for a closer look.
    fn is_odd(&self, drafts: &[Draft], agreement: &Agreement) -> bool {
        let strange = agreement.known == 0;
        let retitled = agreement.known >= 2 && agreement.other_titles();
        drafts.is_empty()
            || self.is_few(drafts)
            || strange
            || retitled
            || agreement.moved > MOVED
            || agreement.displaced > 0
            || agreement.lost_dates()
    }
}

impl Before {
    /// Whether a list of which nothing is known is another one: articles that nobody knows are new ones, unless their addresses say
    /// that they are others, or few are left and their dates do not say that they are newer.
    fn is_other(&self, drafts: &[Draft], agreement: &Agreement) -> bool {
        let newest = self.listed.iter().map(|article| article.published.at).max();
        let is_newer = |draft: &Draft| draft.published.is_some_and(|moment| Some(moment.at) >= newest);
        agreement.forms < FORMS || (self.is_few(drafts) && !drafts.iter().all(is_newer))
    }
}

impl Agreement {
    /// Whether the list is the source's beyond doubt.
    pub fn is_enough(&self) -> bool {
        self.doubt().is_none()
    }

    /// Why it may not be.
    pub fn doubt(&self) -> Option<&'static str> {
        let cover = share(self.known, self.listed);
        let least = if self.new_on_top && self.first { SHARE_ON_TOP } else { SHARE };
        match () {
            () if self.known == 0 => Some("none of the known articles stand in it"),
            () if self.listed < 2 || (self.known < LEAST.min(self.listed) && !self.is_small_and_sure()) => {
                Some("too few of the known articles stand in it")
            }
            () if self.share < least => Some("most of its articles are unknown"),
            () if cover < COVER && !self.first => Some("most of the known articles do not stand in it"),
            () if self.order < ORDER => Some("the known articles stand in another order"),
            () if self.other_titles() => Some("the known articles have other titles in it"),
            () if self.forms < FORMS_SURE => Some("its links lead elsewhere than those known"),
            () if self.displaced > 0 => Some("it reads other links in rows of known articles"),
            () if self.lost_dates() => Some("its dates are not found"),
            () => None,
        }
    }

    /// Whether two articles of a short list are enough, since all else agrees: the same titles, addresses and order, and either
    /// dates, which blocks of what is read most seldom have, or all that is new on top.
    fn is_small_and_sure(&self) -> bool {
        let agrees = [self.titles, self.order, self.forms].iter().all(|share| *share >= 1.0) && self.moved == 0.0;
        let is_list = self.new_on_top || self.dated.0 >= DATED.0 && self.dated.1 >= DATED.0;
        self.known >= 2 && self.listed < 2 * LEAST && agrees && is_list
    }

    fn other_titles(&self) -> bool {
        self.titles < TITLES || self.strangers > STRANGERS
    }

    fn lost_dates(&self) -> bool {
        self.dated.1 >= DATED.0 && self.dated.0 < DATED.1
    }

    /// How good it is, to compare several that are good enough: all that is known, and as much as was listed.
    fn weight(&self) -> f64 {
        let dates = if self.lost_dates() { 0.5 } else { 1.0 };
        // News is a part of any list, so a part of it that is all known is no better than the whole; links of other forms are
        // seldom news.
        let whole = share(self.read, self.listed).min(1.0);
        self.known as f64
            * self.share.sqrt()
            * whole
            * self.titles
            * (1.0 - self.moved / 2.0)
            * self.forms.powi(3)
            * dates
    }
}

/// Looks at `page`, of which the source's rules read `drafts` now.
pub fn look(watched: &Watched, page: &Page, drafts: &[Draft], before: &Before, now: Timestamp) -> Sight {
    if before.is_well(drafts, &page.url) {
        return Sight::Well;
    }
    let (weighed, linked) = weigh(watched, page, before, now);
    let present = before.agreement(drafts, &linked, &page.url);
    let enough = weighed.iter().filter(|(_, agreement)| agreement.is_enough());
    // Of rules that are as good the first are taken.
    let best = enough.rev().max_by(|(_, one), (_, other)| one.weight().total_cmp(&other.weight()));
    let is_better =
        |found: &Agreement| drafts.is_empty() || !present.is_enough() || found.weight() > present.weight() * 1.2;
    match (best, weighed.first()) {
        (Some((rules, found)), _) if is_better(found) && found.weight() > present.weight() => {
            Sight::Redesigned(rules.clone())
        }
        (None, Some((rules, found))) if drafts.is_empty() => {
            Sight::Doubtful(rules.clone(), found.doubt().unwrap_or_default().to_owned())
        }
        _ if present.known == 0 && before.listed.len() >= LEAST && before.is_other(drafts, &present) => Sight::Strange,
        _ => Sight::Well,
    }
}

/// Every rule that may read `page` now, the likeliest list of the page first, and how far each reads the source's list; and the
/// articles to whose known addresses the page leads.
pub fn weigh(
    watched: &Watched,
    page: &Page,
    before: &Before,
    now: Timestamp,
) -> (Vec<(Rules, Agreement)>, HashSet<ArticleKey>) {
    let keys: HashMap<ArticleKey, &Article> =
        before.listed.iter().flat_map(|article| names(article).map(move |key| (key, article.as_ref()))).collect();
    let titles = once(before.listed.iter().map(|article| article.title.as_str()));
    let titled = |words: &str| before.listed.get(*titles.get(&essence(words))?).map(AsRef::as_ref);
    let by_url = |url: &Url| keys.get(&ArticleKey::of(watched.scope(), &[address::canonical(url).as_str()])).copied();
    let by_title = |words: &str| titled(words).filter(|_| is_telling(words));
    let known = extract::Known { by_url: &by_url, by_title: &by_title, rules: before.rules.as_deref() };
    let (readings, linked) = extract::read_again(page, &known);
    let agreed = readings.into_iter().filter_map(|(rules, listing)| {
        Some((rules, before.agreement(&shown(watched, page, listing, before, now)?, &linked, &page.url)))
    });
    (agreed.collect(), linked)
}

/// What rules read of a page, if the page is well.
fn shown(watched: &Watched, page: &Page, mut listing: Listing, before: &Before, now: Timestamp) -> Option<Vec<Draft>> {
    let usual = Usual { has_rule: true, items: before.usual };
    diagnose::judge(&mut listing, page, usual, Written::Not);
    (listing.outcome == Outcome::Read).then(|| refine::refine(&watched.source, page, &listing, now).drafts)
}

fn names(article: &Article) -> impl Iterator<Item = ArticleKey> {
    std::iter::once(article.key).chain(article.aliases.iter().copied())
}

fn keys(draft: &Draft) -> impl Iterator<Item = ArticleKey> {
    std::iter::once(draft.key).chain(draft.aliases.iter().copied())
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Length of the longest part that rises.
fn longest_rise(places: &[usize]) -> usize {
    let mut ends: Vec<usize> = Vec::new();
    for place in places {
        let at = ends.partition_point(|end| end < place);
        match ends.get_mut(at) {
            Some(end) => *end = *place,
            None => ends.push(*place),
        }
    }
    ends.len()
}

#[cfg(test)]
mod tests;
