//! The health feed: an entry for each episode in which a source failed or fell silent. Its entries come from what is remembered of
//! sources, never from the store, so that no error ever stands in a user's own feed.

use std::{cmp::Reverse, sync::Arc, time::Duration};

use crate::feed;
use crate::model::{
    Article, ArticleKey, Choice, Document, Entry, Episode, FeedId, FeedSpec, Moment, Origin, Precision, Sighting, Sort,
    SourceStatus, Trouble,
};
use crate::reading::{clean, text};

/// Entries shown, of all sources together.
const LENGTH: usize = 100;
/// How often readers need ask.
const EVERY: Duration = Duration::from_mins(15);

/// The feed of these sources' episodes, the latest change first.
pub(super) fn document<'a>(rows: impl Iterator<Item = &'a SourceStatus>, base_url: &str) -> Document {
    let mut entries: Vec<Entry> = rows
        .flat_map(|row| row.episodes.iter().map(|episode| Entry { article: Arc::new(article(row, episode, base_url)) }))
        .collect();
    entries.sort_by_key(|entry| Reverse((entry.article.updated, entry.article.key)));
    entries.truncate(LENGTH);
    let spec = FeedSpec {
        id: FeedId::health(),
        name: None,
        link: format!("{base_url}/"),
        language: Some("en".to_owned()),
        every: EVERY,
        digest: None,
        choice: Choice { length: LENGTH, sort: Sort::Updated, ..Choice::default() },
        private: false,
    };
    feed::document(&spec, "tearsheet: sources that need a look", base_url, entries)
}

/// A source by its name, with the id by which commands know it.
fn called(row: &SourceStatus) -> String {
    if row.name == row.id.as_str() { row.name.clone() } else { format!("{} ({})", row.name, row.id) }
}

fn article(row: &SourceStatus, episode: &Episode, base_url: &str) -> Article {
    let since = episode.since.to_string();
    let (begun, over) = match episode.trouble {
        Trouble::Failing => ("cannot be read", "can be read again"),
        Trouble::Silent => ("has fallen silent", "brings news again"),
    };
    let words = match episode.ended {
        None => format!("Since {since}: {}.\n{}", episode.reason, episode.advice),
        Some(ended) => format!("Over since {ended}. It began {since}: {}.", episode.reason),
    };
    Article {
        key: ArticleKey::of("health", &[row.id.as_str(), episode.trouble.word(), &since]),
        url: format!("{base_url}/#source-{}", row.id),
        title: text::line(&format!("{} {}", called(row), if episode.ended.is_some() { over } else { begun })),
        title_cut: false,
        published: Moment { at: episode.told, offset: 0, precision: Precision::Second, origin: Origin::FirstSeen },
        first_seen: episode.told,
        updated: episode.ended.unwrap_or(episode.told),
        revision: u32::from(episode.ended.is_some()),
        summary: Some(clean::from_text(&words)),
        content: None,
        image: None,
        authors: Vec::new(),
        categories: vec![episode.trouble.word().to_owned()],
        outlet: None,
        language: Some("en".to_owned()),
        aliases: Vec::new(),
        twin_of: None,
        twin_late: false,
        apart: Vec::new(),
        sightings: vec![Sighting { source: row.id.clone(), place: 0, first: episode.told }],
    }
}
