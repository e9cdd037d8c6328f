//! Places that are asked for a date only where nothing better is known: scripts, elements far from the story, lines anywhere on the page.
//!
//! They are asked in turn, and a kind is believed only if all that it says is one day.

use std::sync::LazyLock;

use regex::Regex;

use super::{Candidate, LINE, MODIFIED, OTHER, PUBLISHED, Search, local};
use crate::extract::article::{cues::compiled, view::Places};
use crate::model::{Moment, Origin};

/// A date of publication in a script's own data.
static SCRIPTED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"(?i)\\?"(?:date_?published|published_?(?:at|date|on|time)|publish_?(?:date|time|at)|first_?published(?:_?(?:at|date))?|pub_?date|publication_?date)\\?"\s*:\s*\\?"(\d{4}-\d{2}-\d{2}[^"\\]{0,25})"#,
    )
});

/// A day as the last part of an address, the day of the month first.
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| compiled(r"^\d{1,2}-\d{1,2}-(19|20)\d{2}$"));

/// How many lines at the start of a story may tell its day.
const OPENING: usize = 8;

/// A line that is a day and a name says no more.
const SIGNED: f32 = 40.0;

impl Search<'_, '_> {
    /// Places that are asked only where nothing better is known, and believed only if all of one kind agree.
    pub(super) fn last_resorts(&mut self, places: &Places) {
        let own = |text: &str| text.to_owned();
        let scripts = SCRIPTED
            .captures_iter(&self.view.page.text)
            .take(40)
            .filter_map(|c| Some(own(c.get(1)?.as_str())))
            .collect();
        let times = self.view.outline.all();
        let times =
            times.filter(|(at, node)| node.name() == "time" && !self.is_reply(*at, places) && !self.is_quoted(*at));
        let times = times
            .filter_map(|(at, node)| Some(own(node.attr("datetime")?)).or_else(|| Some(self.view.outline.text(at))))
            .collect();
        // Elements that are called the date of publication, wherever they stand.
        let called = self.view.outline.all().filter(|(at, node)| {
            let is_one = node.hint.contains("publi") && ["date", "time", "datum"].iter().any(|w| node.hint.contains(w));
            is_one && node.end - at < 20
        });
        let called = called.map(|(at, _)| self.view.outline.text(at)).collect();
        let segments = self
            .view
            .page
            .url
            .path_segments()
            .into_iter()
            .flatten()
            .filter(|part| DAY_FIRST.is_match(part))
            .map(own)
            .collect();
        let description = self.view.data.meta(&["description", "og:description"]).map(own).into_iter().collect();
        let title = self.view.data.title.iter().cloned().collect();
        let kinds: [(Vec<String>, Origin); 8] = [
            (scripts, Origin::Data),
            (called, Origin::Time),
            (self.labelled(places), Origin::Label),
            (times, Origin::Time),
            (segments, Origin::Url),
            (title, Origin::Text),
            (self.signed(places), Origin::Text),
            (description, Origin::Meta),
        ];
        for (texts, origin) in kinds {
            let moments: Vec<Moment> = texts.iter().filter_map(|text| self.read(text, origin)).collect();
            if let Some(found) = agreed(&moments) {
                self.published.push(found);
                return;
            }
        }
    }

    /// Lines anywhere on the page that are labelled as the day of publication.
    fn labelled(&self, places: &Places) -> Vec<String> {
        let lines = self.view.blocks.iter().filter(|block| block.weight < LINE && !OTHER.is_match(&block.text));
        let told = lines.filter_map(|block| Some((block.at, block.text.get(PUBLISHED.find(&block.text)?.start()..)?)));
        told.filter(|(at, _)| !self.is_reply(*at, places)).map(|(_, text)| text.to_owned()).collect()
    }

    /// The first and the last lines of the story that are a day and hardly more, as writers put it below a name.
    fn signed(&self, places: &Places) -> Vec<String> {
        let count = places.end.saturating_sub(places.first);
        let head = places.first..places.first + count.min(OPENING);
        let foot = places.end.saturating_sub(2).max(head.end)..places.end;
        let lines = head.chain(foot).filter_map(|n| self.view.blocks.get(n));
        lines.filter(|block| block.weight < SIGNED && !OTHER.is_match(&block.text)).map(|b| b.text.clone()).collect()
    }

    /// The day of the last change, from lines anywhere on the page.
    pub(super) fn last_change(&mut self, places: &Places) {
        let lines = self.view.blocks.iter().filter(|block| block.weight < LINE && MODIFIED.is_match(&block.text));
        let told = lines.filter(|block| !OTHER.is_match(&block.text) && !self.is_reply(block.at, places));
        let moments: Vec<Moment> = told.filter_map(|block| self.read(&block.text, Origin::Label)).collect();
        self.modified.extend(agreed(&moments));
    }
}

/// The first of some, if all are of one day.
fn agreed(moments: &[Moment]) -> Option<Candidate> {
    let day = |moment: &Moment| local(moment).date();
    let first = moments.first().filter(|first| moments.iter().all(|other| day(other) == day(first)))?;
    Some(Candidate { moment: *first, weight: 3.0, swapped: None, is_instant: false })
}
