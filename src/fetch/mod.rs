//! The network: the only module that opens outgoing connections. A URL goes in, a [`Page`](crate::model::Page) comes out.
//!
//! - [`Fetcher`]: what every outgoing request goes through: listing, article, robots.txt, discovery, hub.
//! - [`Request`], [`Fetched`]: what is asked, and what came of it.
//! - [`Settings`]: limits and identity, each with a default.
//! - [`Error`]: what went wrong, by cause; its [`Fate`] decides the next visit.
//! - [`Clock`], [`Resolve`]: time and names, given from outside so that tests can step and stage them.
//!
//! Invariant: no socket is opened but by `exchange`, and `exchange` takes only an address that `guard` has cleared.

mod settings;
mod request;
mod error;
mod client;
mod visit;
mod permission;
mod outgoing;
mod arrival;
mod redirect;
mod refresh;
mod cookies;
mod robots;
mod pace;
mod clock;
mod exchange;
mod guard;
mod ranges;
mod resolve;
mod transport;
mod tls;
mod body;
mod coding;
pub mod decode;
mod validators;
mod date;

pub use client::Fetcher;
pub use clock::Clock;
pub use cookies::Jar;
pub use decode::{Decoded, decode};
pub use error::{Error, Fate, shown};
pub use request::{Answer, Fetched, Purpose, Request};
pub use resolve::{Resolve, Resolving};
pub use settings::Settings;
