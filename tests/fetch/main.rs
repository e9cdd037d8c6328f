//! The fetcher against real sockets on this machine: addresses that it must not reach, servers that mean it harm, and manners.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod stage;
mod pages;
mod addresses;
mod hostile;
mod hostile_h2;
mod manners;
mod connections;
mod wishes;
mod month;

use stage::reply;
