//! The store under attack: killed, cut short, filled up, damaged. Each test prints how often it tried what.
//!
//! `TEARSHEET_FULL=1` runs the full figures instead of the short ones, `TEARSHEET_ROUNDS=1000` as many of them as it says.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

/// The program's own, since memory is measured.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

mod world;

mod damage;
mod days;
mod format;
mod full;
mod kill;
mod migration;
mod opening;
