//! [`silence`]: when new articles were found → whether the source has been quiet far beyond its own rhythm.

use std::time::Duration;

use jiff::Timestamp;

/// Articles found within this time of each other are one issue of the source.
const ISSUE: Duration = Duration::from_mins(5);
/// A rhythm is known from this many pauses on.
const PAUSES: usize = 5;
/// From this many pauses on, the longest one is left out: an outage of long ago must not hide the next.
const MANY: usize = 20;
/// How many times its longest pause a source must be silent.
const FACTOR: u32 = 3;
/// No source is called silent sooner than this.
const LEAST: Duration = Duration::from_hours(24);

/// A source that is quiet far beyond its own rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silence {
    /// Its last sign of life; the same through the whole episode, so that it names the episode.
    pub since: Timestamp,
    /// The pause that is usual between two issues (the median).
    pub usual: Duration,
    /// The longest pause that was counted.
    pub longest: Duration,
    /// The silence that had to be exceeded: three times `longest`, and at least a day.
    pub limit: Duration,
}

/// Whether a source whose new articles were found at `arrivals` (oldest first) is silent far beyond its rhythm.
///
/// The rule: the last article is further back than three times the longest pause between two issues, and than a day.
/// At least six issues are needed to know a rhythm; with more than twenty, one odd pause is forgiven.
pub fn silence(arrivals: &[Timestamp], now: Timestamp) -> Option<Silence> {
    let since = *arrivals.last()?;
    let mut pauses: Vec<Duration> = arrivals
        .iter()
        .zip(arrivals.iter().skip(1))
        .map(|(earlier, later)| between(*earlier, *later))
        .filter(|pause| *pause > ISSUE)
        .collect();
    if pauses.len() < PAUSES {
        return None;
    }
    pauses.sort_unstable();
    if pauses.len() > MANY {
        pauses.pop();
    }
    let usual = *pauses.get(pauses.len() / 2)?;
    let longest = *pauses.last()?;
    let limit = longest.saturating_mul(FACTOR).max(LEAST);
    (between(since, now) > limit).then_some(Silence { since, usual, longest, limit })
}

fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Zoned, civil::Weekday};

    use super::*;

    fn hours(from: &str, steps: &[i64]) -> Vec<Timestamp> {
        let mut at: Timestamp = from.parse().unwrap();
        let mut arrivals = vec![at];
        for step in steps {
            at += SignedDuration::from_hours(*step);
            arrivals.push(at);
        }
        arrivals
    }

    fn days_until_told(arrivals: &[Timestamp]) -> Option<i64> {
        let last = *arrivals.last().unwrap();
        (0..1000).find(|days| silence(arrivals, last + SignedDuration::from_hours(days * 24)).is_some())
    }

    #[test]
    fn a_rhythm_must_be_known() {
        assert_eq!(
            days_until_told(&[].to_vec().into_iter().chain(hours("2026-01-01T00:00:00Z", &[])).collect::<Vec<_>>()),
            None
        );
        assert_eq!(days_until_told(&hours("2026-01-01T00:00:00Z", &[24; 4])), None);
        assert_eq!(days_until_told(&hours("2026-01-01T00:00:00Z", &[24; 5])), Some(4));
        assert_eq!(silence(&[], Timestamp::MAX), None);
        assert_eq!(days_until_told(&hours("2026-01-01T00:00:00Z", &[0; 200])), None, "one burst is no rhythm");
    }

    #[test]
    fn each_source_has_its_own_measure() {
        assert_eq!(days_until_told(&hours("2026-01-01T00:00:00Z", &[1; 100])), Some(2), "hourly");
        assert_eq!(days_until_told(&hours("2026-01-01T00:00:00Z", &[720; 12])), Some(91), "monthly");
        let mut once_down = vec![1; 60];
        once_down[30] = 24 * 40;
        assert_eq!(days_until_told(&hours("2026-01-01T00:00:00Z", &once_down)), Some(2), "an outage is forgiven");
    }

    #[test]
    fn offices_may_close_for_a_week() {
        let mut at: Zoned = "2026-01-05T09:00:00[Asia/Shanghai]".parse().unwrap();
        let mut arrivals = Vec::new();
        while arrivals.len() < 120 {
            let weekend = matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
            if !weekend && (9..18).contains(&at.hour()) {
                arrivals.push(at.timestamp());
            }
            at += SignedDuration::from_hours(2);
        }
        let told = days_until_told(&arrivals).unwrap();
        assert!((7..=9).contains(&told), "{told}");
    }

    #[test]
    fn an_episode_has_one_name() {
        let arrivals = hours("2026-01-01T00:00:00Z", &[6; 40]);
        let last = *arrivals.last().unwrap();
        let told: Vec<Silence> =
            (2..9).filter_map(|days| silence(&arrivals, last + SignedDuration::from_hours(days * 24))).collect();
        assert_eq!(told.len(), 7);
        assert!(told.iter().all(|silence| silence.since == last && silence.limit == Duration::from_hours(24)));
    }
}
