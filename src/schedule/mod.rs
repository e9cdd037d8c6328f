//! When a source is due. Pure: (plan, history, now) → next due.
//!
//! * [`next_due`]: the instant of a source's next visit, from its [`Past`]; [`resume`] is the same after a restart
//! * [`Queue`]: who is due, in order; a clock that jumps neither floods nor stalls it
//! * [`silence()`]: whether a source has been quiet far beyond its own rhythm ([`Silence`])
//! * [`check_cron`]: whether a cron pattern can be used
//!
//! Nothing here reads the clock or draws a random number: jitter comes from the source's seed and the visit's time,
//! so that the same question has the same answer.

mod adaptive;
mod backoff;
mod cron;
mod due;
mod episode;
mod hints;
mod jitter;
mod queue;
mod quiet;
mod silence;

#[cfg(test)]
mod rhythms;
#[cfg(test)]
mod laws;

pub use cron::{BadCron, check_cron};
pub use due::{LONGEST_WAIT, Past, next_due, resume};
pub use episode::note;
pub use queue::Queue;
pub use silence::{Silence, silence};
