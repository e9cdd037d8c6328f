//! `[[feed]]` into [`FeedSpec`]s, and the feed of each source.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    time::Duration,
};

use jiff::civil::{Time, Weekday};

use super::{
    fault::Fault,
    file::{Cell, Desk, Section},
    filter,
    nearest::nearest,
    shown::quoted,
    source::{self, Written},
    value,
};
use crate::model::{Choice, Digest, FeedId, FeedSpec, Filter, Rhythm, Sort, Source, SourceId, Twins};

const LENGTH: usize = 50;
/// What readers are told to wait for where visits follow a pattern, whose gaps differ.
const CRON_TTL: Duration = Duration::from_secs(3_600);

/// A `[[feed]]` as written, its names not yet looked up.
pub(super) struct Draft<'t> {
    /// Its id.
    pub(super) id: FeedId,
    /// Where its id stands.
    pub(super) id_span: Range<usize>,
    name: Option<String>,
    sources: Vec<(&'t str, Cell<'t>)>,
    feeds: Vec<(&'t str, Cell<'t>)>,
    tags: Vec<(&'t str, Cell<'t>)>,
    length: usize,
    sort: Sort,
    private: bool,
    filter: Filter,
    twins: Twins,
    trust: Vec<(&'t str, Cell<'t>)>,
    digest: Option<(Option<Weekday>, Time)>,
}

/// Reads one `[[feed]]`; absent if its id is not to be had.
pub(super) fn read<'t>(desk: &Desk<'_>, section: &Section<'t>) -> Option<Draft<'t>> {
    let id = section.cell("id");
    if id.is_none() {
        let fault = Fault::new(section.span.clone(), "this feed has no `id`");
        desk.lack(fault.advise("write one, as id = \"power\": it is the feed's name in its URL and never changes"));
    }
    let names =
        |key: &str| section.cell(key).and_then(|cell| value::list(desk, &cell, value::some_text)).unwrap_or_default();
    if ["sources", "feeds", "tags"].iter().all(|key| section.cell(key).is_none()) {
        let fault = Fault::new(section.span.clone(), "this feed shows nothing");
        desk.lack(fault.advise("name `sources`, `tags` or `feeds`"));
    }
    let draft = Draft {
        id_span: id.as_ref().map_or_else(|| section.span.clone(), |cell| cell.span.clone()),
        name: section.get(desk, "name", value::some_text).map(str::to_owned),
        sources: names("sources"),
        feeds: names("feeds"),
        tags: names("tags"),
        length: section.get(desk, "length", value::count).and_then(|n| usize::try_from(n).ok()).unwrap_or(LENGTH),
        sort: section.get(desk, "sort", value::word).map(sort).unwrap_or_default(),
        private: section.get(desk, "private", value::flag).unwrap_or(false),
        filter: filter::read(desk, section).over(&filter::Written::default()),
        twins: section.get(desk, "twins", value::word).map_or(Twins::Join, twins),
        trust: names("trust"),
        digest: section.get(desk, "digest", value::digest),
        id: source::identifier(desk, &id?)?,
    };
    Some(draft)
}

fn sort(word: &str) -> Sort {
    match word {
        "first_seen" => Sort::FirstSeen,
        "updated" => Sort::Updated,
        _ => Sort::Published,
    }
}

fn twins(word: &str) -> Twins {
    match word {
        "mark" => Twins::Mark,
        "off" => Twins::Off,
        _ => Twins::Join,
    }
}

/// The feed that shows one source alone. It is told by the source, so that none need be kept.
pub fn alone(source: &Source) -> FeedSpec {
    FeedSpec {
        id: FeedId::from(&source.id),
        name: source.name.clone(),
        link: source.url().map(ToString::to_string).unwrap_or_default(),
        language: source.language.clone(),
        every: every(source),
        choice: Choice {
            sources: vec![source.id.clone()],
            length: LENGTH,
            silent: silent(&[source]),
            ..Choice::default()
        },
        digest: None,
        private: source.private,
    }
}

/// Those of whose edits readers are not told.
fn silent(sources: &[&Source]) -> Vec<SourceId> {
    sources.iter().filter(|source| !source.tells_edits).map(|source| source.id.clone()).collect()
}

fn every(source: &Source) -> Duration {
    match source.plan.rhythm {
        Rhythm::Every(every) => every,
        Rhythm::Cron(_) => CRON_TTL,
    }
}

/// Looks up what the feeds name. A source in several ways is shown once, at the place where it was named first.
pub(super) fn resolve(desk: &Desk<'_>, drafts: &[Draft<'_>], sources: &[Written]) -> Vec<FeedSpec> {
    let book = Book {
        sources: sources.iter().map(|w| (w.id.as_str(), w)).collect(),
        order: sources,
        drafts: drafts.iter().map(|d| (d.id.as_str(), d)).collect(),
    };
    for draft in drafts {
        book.check(desk, draft);
    }
    drafts.iter().map(|draft| book.spec(desk, draft)).collect()
}

/// All names of the file.
struct Book<'a, 't> {
    sources: HashMap<&'a str, &'a Written>,
    order: &'a [Written],
    drafts: HashMap<&'a str, &'a Draft<'t>>,
}

impl<'a> Book<'a, '_> {
    /// Tells of names that nothing bears.
    fn check(&self, desk: &Desk<'_>, draft: &Draft<'_>) {
        for (name, cell) in draft.sources.iter().chain(&draft.trust) {
            if self.sources.contains_key(name) {
                continue;
            }
            let fault = cell.fault(format!("there is no source {}", quoted(name)));
            desk.lack(if self.drafts.contains_key(name) {
                fault.advise(format!("it is a feed: name it in feeds = [\"{name}\"]"))
            } else {
                advise_nearest(fault, name, self.sources.keys().copied(), "source")
            });
        }
        for (name, cell) in &draft.feeds {
            if self.drafts.contains_key(name) {
                continue;
            }
            let fault = cell.fault(format!("there is no feed {}", quoted(name)));
            desk.lack(if self.sources.contains_key(name) {
                fault.advise(format!("it is a source: name it in sources = [\"{name}\"]"))
            } else {
                advise_nearest(fault, name, self.drafts.keys().copied(), "feed")
            });
        }
        for (tag, cell) in &draft.tags {
            // A source that could not be read may be the one that has the tag.
            if self.order.iter().all(|w| w.source.is_some()) && self.tagged(tag).next().is_none() {
                let fault = cell.fault(format!("no source has the tag {}", quoted(tag)));
                let tags =
                    self.order.iter().filter_map(|w| w.source.as_deref()).flat_map(|s| s.tags.iter().map(|t| &**t));
                desk.lack(advise_nearest(fault, tag, tags, "tag"));
            }
        }
    }

    fn tagged(&self, tag: &str) -> impl Iterator<Item = &'a Source> {
        self.order.iter().filter_map(|w| w.source.as_deref()).filter(move |s| s.tags.iter().any(|t| **t == *tag))
    }

    /// The sources of a feed, and where the file names what brought each.
    fn sources(&self, draft: &Draft<'_>) -> Vec<(&'a Source, Range<usize>)> {
        let mut found = Vec::new();
        for (name, cell) in &draft.sources {
            let source = self.sources.get(name).and_then(|w| w.source.as_deref());
            found.extend(source.map(|s| (s, cell.span.clone())));
        }
        for (tag, cell) in &draft.tags {
            found.extend(self.tagged(tag).map(|s| (s, cell.span.clone())));
        }
        found
    }

    /// The same with the sources of the feeds that it names, however deep; a ring of feeds is told of once per feed in it.
    fn all_sources(&self, desk: &Desk<'_>, draft: &Draft<'_>) -> Vec<(&'a Source, Range<usize>)> {
        let mut found = self.sources(draft);
        for (name, cell) in &draft.feeds {
            let mut waiting = vec![*name];
            let mut seen = HashSet::new();
            while let Some(name) = waiting.pop() {
                if name == draft.id.as_str() {
                    let fault = cell.fault(format!("the feed {} would show itself", quoted(name)));
                    desk.fault(fault.advise("take it out of one of the lists `feeds` on the way"));
                    break;
                }
                let Some(inner) = self.drafts.get(name).filter(|_| seen.insert(name)) else { continue };
                found.extend(self.sources(inner).into_iter().map(|(source, _)| (source, cell.span.clone())));
                waiting.extend(inner.feeds.iter().rev().map(|(name, _)| *name));
            }
        }
        let mut seen: HashSet<&SourceId> = HashSet::new();
        found.retain(|(source, _)| seen.insert(&source.id));
        found
    }

    fn spec(&self, desk: &Desk<'_>, draft: &Draft<'_>) -> FeedSpec {
        let found = self.all_sources(desk, draft);
        for (source, span) in found.iter().filter(|(source, _)| source.private && !draft.private) {
            let fault =
                Fault::new(span.clone(), format!("the private source `{}` would show in a public feed", source.id));
            desk.fault(fault.advise("write private = true in this feed, or take the source out"));
        }
        let sources: Vec<&Source> = found.iter().map(|(source, _)| *source).collect();
        let first = sources.first();
        let language = first.and_then(|s| s.language.clone());
        let choice = Choice {
            sources: sources.iter().map(|s| s.id.clone()).collect(),
            length: draft.length,
            sort: draft.sort,
            filter: draft.filter.clone(),
            silent: silent(&sources),
            names: sources.iter().filter_map(|s| Some((s.id.clone(), s.name.clone()?))).collect(),
            twins: draft.twins,
            trust: draft.trust.iter().filter_map(|(name, _)| Some(self.sources.get(name)?.id.clone())).collect(),
        };
        let zone = first.map(|source| source.timezone.clone());
        let (choice, digest) = match (draft.digest, zone) {
            (Some((weekday, at)), Some(zone)) => digested(&draft.id, Digest { weekday, at, zone, of: choice }),
            _ => (choice, None),
        };
        FeedSpec {
            id: draft.id.clone(),
            name: draft.name.clone(),
            link: first.and_then(|s| s.url()).map(ToString::to_string).unwrap_or_default(),
            language: language.filter(|l| sources.iter().all(|s| s.language.as_ref() == Some(l))),
            every: sources.iter().map(|s| every(s)).min().unwrap_or(CRON_TTL),
            choice,
            digest,
            private: draft.private,
        }
    }
}

/// The digests of what was chosen are what the feed shows.
fn digested(id: &FeedId, digest: Digest) -> (Choice, Option<Box<Digest>>) {
    let choice = Choice { sources: vec![SourceId::digest(id)], length: digest.of.length, ..Choice::default() };
    (choice, Some(Box::new(digest)))
}

fn advise_nearest<'a>(fault: Fault, name: &str, known: impl IntoIterator<Item = &'a str>, what: &str) -> Fault {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    if let Some(near) = nearest(name, known.iter().copied()) {
        return fault.advise(format!("did you mean {}?", quoted(near)));
    }
    match known.as_slice() {
        [] => fault.advise(format!("no {what} is written yet")),
        few if few.len() <= 12 => {
            let few: Vec<String> = few.iter().map(|k| quoted(k)).collect();
            fault.advise(format!("known are {}", few.join(", ")))
        }
        _ => fault.advise(format!("write the name of a {what} of this file")),
    }
}
