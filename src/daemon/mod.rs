//! Visits for ever: the only module that spawns.
//!
//! - [`run()`]: one loop that waits for what happens next (a source is due, a visit ended, a signal came) and acts on it.
//! - [`Clock`]: the one place that reads the time; tests step it.
//! - [`Signals`]: what the outside asks of the daemon.
//! - [`ConfigFile`]: feeds.toml, read again when it changes.
//! - [`control`]: the door through which commands ask the daemon; [`dossier`]: all that is known of one article.
//! - `fleet`: the sources and when they are due. `library`: what the server asks of the daemon.
//!
//! Invariant: every task has an owner here that waits for it. The loop itself never waits for a visit, a disk or a client.

mod board;
mod cards;
mod clock;
pub mod control;
mod digests;
mod doors;
pub mod dossier;
mod export;
mod fleet;
mod health;
mod hub;
mod leisure;
mod library;
mod line;
mod meter;
mod prepare;
mod reload;
mod row;
mod run;
mod signals;
mod systemd;
mod visit;

pub use clock::{Clock, Hand};
pub use doors::Doors;
pub use export::export;
pub use fleet::planned;
pub use prepare::{Prepared, prepare};
pub use reload::{ConfigFile, Refused};
pub use run::{Start, open, run};
pub use signals::{Signal, Signals};
