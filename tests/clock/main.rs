//! The daemon's own loop on a stepped clock, in this process: what clocks that jump, restarts, panics and a month of visits cost
//! the servers it visits.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should fail"
)]

mod world;
#[path = "../fetch/wishes.rs"]
mod wishes;
mod jumps;
mod hints;
mod panics;
mod month;
mod digest;
#[path = "../it/site.rs"]
#[expect(dead_code, reason = "the site of other tests, of which only pages are needed here")]
mod site;

use jumps::start;
use world::reply;
