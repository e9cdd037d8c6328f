//! [`Cadence`]: what a feed says of when it changes, in the words of RSS 2.0 and of its syndication module.

use serde::{Deserialize, Serialize};

/// How often a feed changes, and when it does not, by its own account. Nothing said is all zeros.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    /// Seconds for which it stays as it is: RSS `ttl`, or `sy:updatePeriod` by `sy:updateFrequency`.
    pub ttl: u32,
    /// Hours of the day in UTC, bit 0 for that from midnight on, in which it does not change (RSS `skipHours`).
    pub skip_hours: u32,
    /// Days of the week in UTC, bit 0 for Monday, on which it does not change (RSS `skipDays`).
    pub skip_days: u8,
}
