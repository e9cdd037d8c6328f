//! How long a source that fails is left alone: its interval, doubled with each further failure, up to a cap.

use std::time::Duration;

/// However short the interval, a failing source is asked at least once in this time (where its plan allows).
const DAY: Duration = Duration::from_hours(24);

/// The wait after `failures` failed visits in a row. The first failure is taken for a hiccup and costs nothing extra;
/// from then on the wait doubles, to a day or `most`, whichever is shorter, but it is never below `interval`.
pub(super) fn delay(interval: Duration, failures: u32, most: Duration) -> Duration {
    let doublings = failures.saturating_sub(1).min(31);
    let grown = interval.saturating_mul(1_u32 << doublings);
    grown.min(DAY.min(most)).max(interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn it_doubles_to_a_day() {
        let waits: Vec<u64> = (0..9).map(|n| delay(30 * MINUTE, n, 100 * DAY).as_secs() / 60).collect();
        assert_eq!(waits, [30, 30, 60, 120, 240, 480, 960, 1440, 1440]);
        assert_eq!(delay(Duration::from_secs(1), u32::MAX, 100 * DAY), DAY);
    }

    #[test]
    fn the_plan_bounds_it() {
        assert_eq!(delay(30 * MINUTE, 20, 120 * MINUTE), 120 * MINUTE);
        assert_eq!(delay(7 * DAY, 20, 7 * DAY), 7 * DAY, "a weekly source is not asked more often because it fails");
        assert_eq!(delay(30 * MINUTE, 20, MINUTE), 30 * MINUTE);
    }
}
