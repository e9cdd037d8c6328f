//! The bundled news site of `tearsheet demo`, and the feeds.toml with which the daemon reads it. All names are made up.
//!
//! * `site::answer`: a path and the time → a `Reply`. The whole site is this one function, so that it needs no socket in tests
//! * [`serve`]: the same behind a listener, with conditional requests
//! * [`config()`]: a feeds.toml for it, written so that a newcomer can learn from it
//! * [`run()`]: the command, which puts the daemon beside it
//!
//! What stands on the site depends on (start, now) alone: a stock of articles at the start, then a new one every few
//! seconds. An article never changes once it is out.

mod bodies;
mod chinese;
mod config;
mod english;
mod pages;
mod picture;
mod run;
mod site;
mod stories;
#[cfg(test)]
mod tests;

pub(crate) use config::config;
pub(crate) use run::run;
pub(crate) use site::serve;
