//! The decision: is a draft new, changed or seen? [`judge`] is the one function that says so.
//!
//! Invariants: the key never changes. `first_seen` never moves. `published` may gain precision within its day, or replace
//! first sight once, and never moves after. Only the source that showed an article first alters its fields.

use std::sync::Arc;

use jiff::Timestamp;

use super::fingerprint::{is_start_of, same};
use crate::model::{Article, CleanHtml, Draft, Moment, Origin, Precision, Sighting, SourceId, Verdict};

/// What the store knows under a draft's key or its aliases.
#[derive(Debug, Clone)]
pub enum Known {
    /// Nothing.
    Nothing,
    /// The article.
    Article(Arc<Article>),
    /// It was stored once and removed by retention; it must not come back as new.
    Buried,
}

/// What becomes of `draft`, seen at `now`. `watched` tells whether a source is still configured: the fields of an article
/// whose first source is gone pass to the next that shows it, so that a renamed source goes on with its articles.
pub fn judge(draft: &Draft, known: Known, now: Timestamp, watched: &dyn Fn(&SourceId) -> bool) -> Verdict {
    match known {
        Known::Nothing => Verdict::New(first(draft, now)),
        Known::Buried => Verdict::Seen(draft.key),
        Known::Article(article) => again(draft, &article, now, watched),
    }
}

/// Whether `draft` is another article at the address of the `known` one: its source gives it another title and a later day. It is
/// judged as an edit all the same, since nothing on the page says which of the two a person would see.
pub fn is_another(draft: &Draft, known: &Article) -> bool {
    let later = draft.published.is_some_and(|new| {
        known.published.origin != Origin::FirstSeen && new.at > known.published.at && !known.published.same_day(new.at)
    });
    let cut = |one: &str, other: &str| is_start_of(one, other) || is_start_of(other, one);
    later && known.owner() == Some(&draft.source) && !draft.title.is_empty() && !cut(&draft.title, &known.title)
}

fn first(draft: &Draft, now: Timestamp) -> Article {
    Article {
        key: draft.key,
        url: draft.url.to_string(),
        title: draft.title.clone(),
        title_cut: draft.title_cut,
        published: dated(draft.published, now),
        first_seen: now,
        updated: now,
        revision: 0,
        summary: draft.summary.clone(),
        content: draft.content.clone(),
        image: draft.image.as_ref().map(ToString::to_string),
        authors: draft.authors.clone(),
        categories: draft.categories.clone(),
        outlet: draft.outlet.clone(),
        language: draft.language.clone(),
        aliases: draft.aliases.clone(),
        twin_of: None,
        twin_late: false,
        apart: Vec::new(),
        sightings: vec![sighting(draft, now)],
    }
}

fn sighting(draft: &Draft, now: Timestamp) -> Sighting {
    Sighting { source: draft.source.clone(), place: draft.place, first: now }
}

/// The published date of an article first seen at `now`. Nothing was published after it was seen: a later date is an
/// event's, or a zone's mistake, and first sight serves instead. A day that is today takes the time of first sight.
fn dated(moment: Option<Moment>, now: Timestamp) -> Moment {
    match moment {
        Some(moment) if moment.precision == Precision::Day && moment.same_day(now) => Moment { at: now, ..moment },
        Some(moment) if moment.at <= now => moment,
        other => Moment {
            at: now,
            offset: other.map_or(0, |moment| moment.offset),
            precision: Precision::Second,
            origin: Origin::FirstSeen,
        },
    }
}

fn again(draft: &Draft, known: &Article, now: Timestamp, watched: &dyn Fn(&SourceId) -> bool) -> Verdict {
    let mut article = known.clone();
    let mut noted = false;
    if article.key != draft.key && !article.aliases.contains(&draft.key) {
        article.aliases.push(draft.key);
        noted = true;
    }
    for alias in &draft.aliases {
        if alias != &article.key && !article.aliases.contains(alias) {
            article.aliases.push(*alias);
            noted = true;
        }
    }
    let orphan = article.owner().is_none_or(|owner| !watched(owner));
    let place = article.sightings.iter().position(|sighting| sighting.source == draft.source);
    match (place, orphan) {
        (Some(place), true) => article.sightings.swap(0, place),
        (Some(_), false) => {}
        (None, true) => article.sightings.insert(0, sighting(draft, now)),
        (None, false) => article.sightings.push(sighting(draft, now)),
    }
    noted |= article.sightings != known.sightings;
    if article.owner() != Some(&draft.source) {
        return if noted { Verdict::Noted(article) } else { Verdict::Seen(article.key) };
    }
    let mut change = Change::default();
    change.title(&mut article, draft);
    change.published(&mut article, draft);
    change.html(&mut article.summary, draft.summary.as_ref());
    change.html(&mut article.content, draft.content.as_ref());
    change.fill(&mut article.image, draft.image.as_ref().map(ToString::to_string));
    change.fill(&mut article.outlet, draft.outlet.clone());
    change.names(&mut article.authors, &draft.authors);
    change.names(&mut article.categories, &draft.categories);
    if change.text {
        article.updated = now;
        article.revision = article.revision.saturating_add(1);
    }
    match (change.text || change.gained, noted) {
        (true, _) => Verdict::Changed(article),
        (false, true) => Verdict::Noted(article),
        (false, false) => Verdict::Seen(article.key),
    }
}

/// What a further sight by the article's own source altered.
#[derive(Debug, Default)]
struct Change {
    /// Words that readers had read are others now: `updated` moves.
    text: bool,
    /// Something was added that says no other thing than before.
    gained: bool,
}

impl Change {
    /// A title that is the known one cut short says nothing new, and the whole of one that was cut is no edit.
    fn title(&mut self, article: &mut Article, draft: &Draft) {
        let (old, new) = (&article.title, &draft.title);
        if new.is_empty() || old == new || (draft.title_cut && is_start_of(new, old)) {
            return;
        }
        if old.is_empty() || (article.title_cut && is_start_of(old, new)) {
            self.gained = true;
        } else if draft.title_cut || same(old, new) {
            return;
        } else {
            self.text = true;
        }
        article.title.clone_from(&draft.title);
        article.title_cut = draft.title_cut;
    }

    fn published(&mut self, article: &mut Article, draft: &Draft) {
        let Some(new) = draft.published else { return };
        let old = article.published;
        let replaces_first_sight = old.origin == Origin::FirstSeen && new.at <= article.first_seen;
        let gains = old.origin != Origin::FirstSeen && new.precision > old.precision && old.same_day(new.at);
        if replaces_first_sight || (gains && new.at <= article.first_seen) {
            article.published = dated(Some(new), article.first_seen);
            self.gained = true;
        }
    }

    /// The fullest text stays; another text of the same place is an edit.
    fn html(&mut self, old: &mut Option<CleanHtml>, new: Option<&CleanHtml>) {
        let Some(new) = new else { return };
        match old {
            None => self.gained = true,
            Some(old) if is_start_of(new.as_str(), old.as_str()) => return,
            Some(old) if is_start_of(old.as_str().trim_end_matches(['…', '.']), new.as_str()) => self.gained = true,
            Some(_) => self.text = true,
        }
        *old = Some(new.clone());
    }

    fn fill(&mut self, old: &mut Option<String>, new: Option<String>) {
        if old.is_none() && new.is_some() {
            *old = new;
            self.gained = true;
        }
    }

    fn names(&mut self, old: &mut Vec<String>, new: &[String]) {
        if old.is_empty() && !new.is_empty() {
            *old = new.to_vec();
            self.gained = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ArticleKey;

    const DAY: &str = "2021-12-30T02:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn moment(text: &str, precision: Precision) -> Moment {
        Moment { at: at(text), offset: 8 * 3600, precision, origin: Origin::List }
    }

    fn draft(source: &str, title: &str) -> Draft {
        Draft {
            source: source.parse().unwrap(),
            place: 0,
            key: ArticleKey::of("", &["http://example.org/1"]),
            aliases: Vec::new(),
            url: "http://example.org/1".parse().unwrap(),
            title_cut: title.ends_with('…'),
            title: title.to_owned(),
            published: None,
            summary: None,
            content: None,
            image: None,
            authors: Vec::new(),
            categories: Vec::new(),
            outlet: None,
            language: None,
        }
    }

    fn stored(draft: &Draft) -> Article {
        match judge(draft, Known::Nothing, at(DAY), &|_| true) {
            Verdict::New(article) => article,
            other => panic!("{other:?}"),
        }
    }

    fn known(article: &Article) -> Known {
        Known::Article(Arc::new(article.clone()))
    }

    #[test]
    fn judging_twice_gives_only_seen() {
        let draft = draft("a", "title");
        let article = stored(&draft);
        let later = at("2022-01-30T00:00:00Z");
        assert_eq!(judge(&draft, known(&article), later, &|_| true), Verdict::Seen(article.key));
        assert_eq!(judge(&draft, Known::Buried, later, &|_| true), Verdict::Seen(article.key));
    }

    #[test]
    fn a_day_that_is_today_takes_the_time_of_first_sight_once() {
        let mut draft = draft("a", "title");
        draft.published = Some(moment("2021-12-29T16:00:00Z", Precision::Day));
        let article = stored(&draft);
        assert_eq!(article.published.at, at(DAY));
        assert_eq!(article.published.precision, Precision::Day);
        let again = judge(&draft, known(&article), at("2021-12-30T09:00:00Z"), &|_| true);
        assert_eq!(again, Verdict::Seen(article.key));
    }

    #[test]
    fn a_date_gains_precision_within_its_day_and_never_moves() {
        let mut draft = draft("a", "title");
        draft.published = Some(moment("2021-12-28T16:00:00Z", Precision::Day));
        let mut article = stored(&draft);
        for (text, moves) in [
            ("2021-12-28T02:00:00Z", false),
            ("2021-12-29T01:07:53Z", true),
            ("2021-12-29T02:00:00Z", false),
            ("2021-12-27T02:00:00Z", false),
        ] {
            draft.published = Some(moment(text, Precision::Second));
            match judge(&draft, known(&article), at(DAY), &|_| true) {
                Verdict::Changed(changed) if moves => article = changed,
                Verdict::Seen(_) if !moves => {}
                other => panic!("{text}: {other:?}"),
            }
        }
        assert_eq!(article.published.at, at("2021-12-29T01:07:53Z"));
        assert_eq!(article.updated, article.first_seen);
    }

    #[test]
    fn a_future_date_is_first_sight_and_stays() {
        let mut draft = draft("a", "title");
        draft.published = Some(moment("2031-01-01T00:00:00Z", Precision::Second));
        let article = stored(&draft);
        assert_eq!((article.published.at, article.published.origin), (at(DAY), Origin::FirstSeen));
        let again = judge(&draft, known(&article), at("2032-01-01T00:00:00Z"), &|_| true);
        assert_eq!(again, Verdict::Seen(article.key));
    }

    #[test]
    fn only_real_edits_move_updated() {
        let article = stored(&draft("a", "南方电网股权变更的…"));
        let later = at("2021-12-31T00:00:00Z");
        let whole = draft("a", "南方电网股权变更的前世今生");
        let Verdict::Changed(whole) = judge(&whole, known(&article), later, &|_| true) else { panic!() };
        assert_eq!((whole.updated, whole.revision), (article.first_seen, 0));
        let cut = judge(&draft("a", "南方电网股权变更的…"), known(&whole), later, &|_| true);
        assert_eq!(cut, Verdict::Seen(article.key));
        let Verdict::Changed(edited) = judge(&draft("a", "更正"), known(&whole), later, &|_| true) else { panic!() };
        assert_eq!((edited.updated, edited.revision, edited.key), (later, 1, article.key));
    }

    #[test]
    fn another_source_is_noted_and_alters_nothing() {
        let article = stored(&draft("a", "title"));
        let Verdict::Noted(noted) = judge(&draft("b", "other"), known(&article), at(DAY), &|_| true) else { panic!() };
        assert_eq!((noted.title.as_str(), noted.sightings.len()), ("title", 2));
        let again = judge(&draft("b", "other"), known(&noted), at(DAY), &|_| true);
        assert_eq!(again, Verdict::Seen(article.key));
    }

    #[test]
    fn a_source_that_was_renamed_goes_on_with_its_articles() {
        let article = stored(&draft("old", "title"));
        let renamed = judge(&draft("new", "title"), known(&article), at(DAY), &|id| id.as_str() == "new");
        let Verdict::Noted(noted) = renamed else { panic!("{renamed:?}") };
        assert_eq!(noted.owner().map(SourceId::as_str), Some("new"));
        assert_eq!(noted.key, article.key);
    }
}
