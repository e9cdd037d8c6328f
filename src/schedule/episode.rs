//! [`note`]: what is remembered of a source after a visit → its episodes of failing and of silence, begun and ended.
//!
//! Invariant: an episode is begun once. Its name, text and `told` never change; only its end is added.

use jiff::{SignedDuration, Timestamp};

use super::silence::silence;
use crate::model::{Episode, History, Outcome, Trouble};

/// Failed visits in a row that are told: fewer are a host's bad moment.
const FAILURES: u32 = 3;
/// Episodes remembered of a source; the oldest go first.
const REMEMBERED: usize = 10;

/// Begins and ends episodes, as the visit that ended at `now` shows. For once after each visit.
pub fn note(history: &mut History, now: Timestamp) {
    let failed_at = history.last.as_ref().map_or(now, |report| report.at);
    match history.failures {
        0 => history.failing_since = None,
        1 => history.failing_since = Some(failed_at),
        _ => {
            history.failing_since.get_or_insert(failed_at);
        }
    }
    let gone = history.last.as_ref().is_some_and(|report| report.outcome == Outcome::Gone);
    match history.failing_since {
        None => end(history, Trouble::Failing, now),
        Some(since) if history.failures >= FAILURES || gone => begin(history, failing(history, since, now)),
        Some(_) => {}
    }
    // Of a source that cannot be read nobody knows whether it is silent.
    if history.failures == 0 {
        let arrivals: Vec<_> =
            history.arrivals.iter().filter_map(|second| Timestamp::from_second(*second).ok()).collect();
        match silence(&arrivals, now) {
            Some(silence) => begin(
                history,
                Episode {
                    trouble: Trouble::Silent,
                    since: silence.since,
                    told: now,
                    ended: None,
                    reason: format!(
                        "nothing new since {}; its longest pause so far was {}, {} is usual",
                        silence.since,
                        span(silence.longest),
                        span(silence.usual)
                    ),
                    advice: "open the page: it may have moved, or show its news in another place".to_owned(),
                },
            ),
            None => end(history, Trouble::Silent, now),
        }
    }
}

fn failing(history: &History, since: Timestamp, now: Timestamp) -> Episode {
    let problem = history.last.as_ref().and_then(|report| report.problems.first());
    Episode {
        trouble: Trouble::Failing,
        since,
        told: now,
        ended: None,
        reason: problem.map_or_else(|| "its visits fail".to_owned(), |problem| problem.reason.clone()),
        advice: problem.map(|problem| problem.advice.clone()).unwrap_or_default(),
    }
}

fn begin(history: &mut History, episode: Episode) {
    let same = |known: &Episode| known.trouble == episode.trouble && known.ended.is_none();
    if history.episodes.iter().any(same) {
        return;
    }
    history.episodes.push(episode);
    let over = history.episodes.len().saturating_sub(REMEMBERED);
    history.episodes.drain(..over);
}

fn end(history: &mut History, trouble: Trouble, now: Timestamp) {
    for episode in history.episodes.iter_mut().filter(|known| known.trouble == trouble) {
        episode.ended.get_or_insert(now);
    }
}

/// A time in the largest unit that suits it.
fn span(time: std::time::Duration) -> String {
    let hours = SignedDuration::try_from(time).unwrap_or_default().as_hours();
    match hours {
        0 => format!("{} min", time.as_secs() / 60),
        1..48 => format!("{hours} h"),
        _ => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{Counts, Problem, Report};

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn visit(history: &mut History, hour: i64, outcome: Outcome) {
        history.failures = if outcome.is_success() { 0 } else { history.failures + 1 };
        history.last = Some(Report {
            source: "grid".parse().unwrap(),
            at: at(hour),
            took: Duration::ZERO,
            outcome,
            status: None,
            bytes: 0,
            counts: Counts::default(),
            problems: vec![Problem::of_page(format!("reason at {hour}"), "advice")],
            retry_after: None,
        });
        note(history, at(hour));
    }

    #[test]
    fn failing_is_told_at_the_third_visit_and_once_an_episode() {
        let mut history = History::default();
        for hour in 10..12 {
            visit(&mut history, hour, Outcome::Timeout);
            assert!(history.episodes.is_empty());
        }
        for hour in 12..20 {
            visit(&mut history, hour, Outcome::Dns);
        }
        let [episode] = history.episodes.as_slice() else { panic!("{:?}", history.episodes) };
        assert_eq!((episode.since, episode.told, episode.ended), (at(10), at(12), None));
        assert_eq!(episode.reason, "reason at 12");
        visit(&mut history, 20, Outcome::Unchanged);
        visit(&mut history, 21, Outcome::Read);
        assert_eq!(history.episodes[0].ended, Some(at(20)));
        for hour in 30..33 {
            visit(&mut history, hour, Outcome::Dns);
        }
        assert_eq!(history.episodes.iter().map(|episode| episode.since).collect::<Vec<_>>(), [at(10), at(30)]);
        visit(&mut history, 40, Outcome::Gone);
        assert_eq!(history.episodes.len(), 2);
    }

    #[test]
    fn a_page_that_is_gone_is_told_at_once_and_old_episodes_are_forgotten() {
        let mut history = History::default();
        for round in 0..30 {
            visit(&mut history, round * 2, Outcome::Gone);
            assert_eq!(history.episodes.last().unwrap().since, at(round * 2));
            visit(&mut history, round * 2 + 1, Outcome::Read);
        }
        assert_eq!(history.episodes.len(), REMEMBERED);
    }

    #[test]
    fn silence_is_told_once_and_not_of_a_source_that_fails() {
        let mut history = History::default();
        for day in 0..10 {
            history.arrived(at(day * 24), 1);
        }
        for hour in (216..280).step_by(6) {
            visit(&mut history, hour, Outcome::Unchanged);
            assert!(history.episodes.is_empty(), "at {hour}");
        }
        for hour in (300..330).step_by(6) {
            visit(&mut history, hour, Outcome::Unchanged);
        }
        let [episode] = history.episodes.as_slice() else { panic!("{:?}", history.episodes) };
        assert_eq!((episode.trouble, episode.since, episode.ended), (Trouble::Silent, at(216), None));
        assert!(episode.reason.contains("24 h is usual"), "{}", episode.reason);
        visit(&mut history, 400, Outcome::Dns);
        assert_eq!(history.episodes[0].ended, None);
        history.arrived(at(401), 2);
        visit(&mut history, 401, Outcome::Read);
        assert_eq!(history.episodes[0].ended, Some(at(401)));
    }
}
