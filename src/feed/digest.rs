//! The articles of a day, or of a week, as one entry: when each is due, and what it lists.
//!
//! - [`Span`]: the time whose articles one entry lists; it ends when the entry is published.
//! - [`entry`]: the entry as an article, which is stored and never made again: what a feed has shown does not change.
//!
//! Pure: the same articles give the same entry. What came too late for one is in the next.

use std::{collections::HashSet, sync::Arc};

use jiff::{SignedDuration, Span as Time, Timestamp, Zoned, civil::Date};

use super::{
    language,
    markup::{escaped, link},
    select,
};
use crate::model::{Article, ArticleKey, CleanHtml, Digest, FeedSpec, Moment, Origin, Precision, Sighting, SourceId};

/// Articles that one entry lists; of more it says how many they are.
const MOST: usize = 1_000;
/// Entries that are made late, as after an outage.
const MOST_LATE: usize = 14;
/// A visit that was under way at the end of a span stores its articles with the time at which it began.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// The time whose articles one entry lists: after `from`, and up to `until`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The end of the span before.
    pub from: Timestamp,
    /// When the entry is published.
    pub until: Zoned,
}

/// What has been listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The articles of the last entry; absent where that is not known any more.
    pub keys: Option<HashSet<ArticleKey>>,
    /// When it was due; absent where none was made yet.
    pub until: Option<Timestamp>,
}

/// The last instant up to `now` at which an entry was due.
pub fn last(digest: &Digest, now: Timestamp) -> Option<Zoned> {
    let today = now.to_zoned(digest.zone.clone()).date();
    days(digest, today, -1).find(|due| due.timestamp() <= now)
}

/// The next instant after `now` at which an entry is due.
pub fn next(digest: &Digest, now: Timestamp) -> Option<Timestamp> {
    let today = now.to_zoned(digest.zone.clone()).date();
    days(digest, today, 1).map(|due| due.timestamp()).find(|due| *due > now)
}

/// The spans that ended by `now` and for which no entry was made, the oldest first; at the very beginning the last one alone.
pub fn due(digest: &Digest, listed: &Listed, now: Timestamp) -> Vec<Span> {
    let Some(last) = last(digest, now) else { return Vec::new() };
    let mut ends = days(digest, last.date(), -1);
    let mut spans = Vec::new();
    let Some(mut until) = ends.next() else { return Vec::new() };
    for before in ends.take(MOST_LATE) {
        if listed.until.is_some_and(|made| made >= until.timestamp()) {
            break;
        }
        spans.push(Span { from: before.timestamp(), until });
        until = before;
        if listed.until.is_none() {
            break;
        }
    }
    spans.reverse();
    spans
}

/// From when on articles are read to make the entry of `span`: twins of what it lists may have come a week before.
pub fn since(span: &Span) -> Timestamp {
    span.from.saturating_sub(SignedDuration::from_hours(8 * 24)).unwrap_or(Timestamp::MIN)
}

/// The entry of `span`, and the keys of all that it lists; nothing where nothing came. Each list in `per_source` is one source's
/// articles, and `base_url` is where this server is reached.
pub fn entry(
    spec: &FeedSpec,
    span: &Span,
    per_source: Vec<Vec<Arc<Article>>>,
    listed: &Listed,
    base_url: &str,
) -> Option<(Article, HashSet<ArticleKey>)> {
    let digest = spec.digest.as_ref()?;
    // What was under way when the span before ended was not in its entry; while that entry's list is known, it is in this one.
    let before = listed.keys.as_ref().filter(|_| listed.until == Some(span.from));
    let from = before.map_or(span.from, |_| span.from.saturating_sub(LATE).unwrap_or(Timestamp::MIN));
    let came = |article: &Article| {
        let ours = article.sightings.iter().filter(|sighting| digest.of.sources.contains(&sighting.source));
        ours.map(|sighting| sighting.first).min()
    };
    let until = span.until.timestamp();
    let mut articles = select::gathered(&digest.of, per_source);
    articles.retain(|article| {
        came(article).is_some_and(|at| at > from && at <= until)
            && before.is_none_or(|keys| !keys.contains(&article.key))
    });
    if articles.is_empty() {
        return None;
    }
    select::newest_first(&mut articles);
    select::sort(&mut articles, digest.of.sort);
    let keys = articles.iter().map(|article| article.key).collect();
    let content = html(&articles, digest, span.until.date());
    let language = language::common(articles.iter().map(|article| article.language.as_deref()));
    let entry = Article { content: Some(CleanHtml::vouched(content)), language, ..blank(spec, &span.until, base_url) };
    Some((entry, keys))
}

/// The entry that is due at `due`, without its list.
fn blank(spec: &FeedSpec, due: &Zoned, base_url: &str) -> Article {
    let (at, date) = (due.timestamp(), due.date());
    let day = date.to_string();
    Article {
        key: ArticleKey::of("digest", &[spec.id.as_str(), &day]),
        url: format!("{}/feeds/{}#{day}", base_url.trim_end_matches('/'), spec.id),
        title: format!("{} {day}", spec.name.as_deref().unwrap_or_else(|| spec.id.as_str())),
        title_cut: false,
        published: Moment { at, offset: due.offset().seconds(), precision: Precision::Minute, origin: Origin::Data },
        first_seen: at,
        updated: at,
        revision: 0,
        summary: None,
        content: None,
        image: None,
        authors: Vec::new(),
        categories: Vec::new(),
        outlet: None,
        language: None,
        aliases: Vec::new(),
        twin_of: None,
        twin_late: false,
        apart: Vec::new(),
        sightings: vec![Sighting { source: SourceId::digest(&spec.id), place: 0, first: at }],
    }
}

/// The list, as the cleaner would leave it.
fn html(articles: &[Arc<Article>], digest: &Digest, date: Date) -> String {
    let rows: String = articles.iter().take(MOST).map(|article| row(article, digest, date)).collect();
    let more = articles.len().saturating_sub(MOST);
    let more = if more > 0 { format!("<p>… +{more}</p>") } else { String::new() };
    format!("<ul>{rows}</ul>{more}")
}

fn row(article: &Article, digest: &Digest, date: Date) -> String {
    let title = super::wording::title(article);
    let title = link(&article.url, &title).unwrap_or_else(|| escaped(&title));
    let source = article.owner();
    let name =
        source.and_then(|id| digest.of.names.iter().find(|(known, _)| known == id)).map(|(_, name)| name.clone());
    let outlet = article.outlet.clone().or(name).or_else(|| super::host(&article.url));
    let at = article.published.at.to_zoned(digest.zone.clone());
    let hour = (article.published.precision != Precision::Day).then(|| at.strftime("%H:%M").to_string());
    let day = (at.date() != date).then(|| at.strftime("%m-%d").to_string());
    let time: Vec<String> = day.into_iter().chain(hour).collect();
    let told = [outlet, (!time.is_empty()).then(|| time.join(" "))];
    let told: Vec<String> = told.into_iter().flatten().map(|part| escaped(&part)).collect();
    if told.is_empty() { format!("<li>{title}</li>") } else { format!("<li>{title} — {}</li>", told.join(", ")) }
}

/// The instants at which entries are due, from the end or the beginning of `day` on, one way or the other.
fn days(digest: &Digest, day: Date, step: i64) -> impl Iterator<Item = Zoned> + use<> {
    let digest = (digest.weekday, digest.at, digest.zone.clone());
    let dates = (0..).map_while(move |n: i64| day.checked_add(Time::new().try_days(n * step).ok()?).ok());
    dates
        .filter(move |date| digest.0.is_none_or(|weekday| date.weekday() == weekday))
        // A time that clocks skip is the time after the gap, one that comes twice is the first (RFC 5545, section 3.3.5).
        .map_while(move |date| date.to_datetime(digest.1).to_zoned(digest.2.clone()).ok())
}

#[cfg(test)]
#[path = "digest_tests.rs"]
mod tests;
