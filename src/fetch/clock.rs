//! [`Clock`]: time as the fetcher sees it, given from outside.

use std::{future::Future, pin::Pin, time::Duration};

use jiff::Timestamp;

/// Tells the time and waits. The daemon gives the system's; tests give one that they step.
///
/// Only manners are counted on it (gaps, holds, the age of robots.txt). Limits on sockets run on the machine's own time,
/// since a stepped clock would fire them while a real server is still answering.
pub trait Clock: Send + Sync {
    /// The present.
    fn now(&self) -> Timestamp;

    /// Ends after `span`.
    fn sleep(&self, span: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}
