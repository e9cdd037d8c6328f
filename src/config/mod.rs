//! feeds.toml into a checked [`Config`].
//!
//! ```text
//! text ── file ──▶ Section, Cell ── value, secret, rule ──▶ source, feed ── check ──▶ Config
//!                        │                                       │
//!                        └──────────── settings ─────────────────┴─ fault ──▶ Faults, all at once
//! ```
//!
//! - [`read`]: the text into a [`Config`], or all [`Faults`] that keep it from being one.
//! - [`Surroundings`]: what the file alone does not say. This module reads no environment and no file but the tz database.
//! - [`settings()`]: the one list of settings; [`schema()`] makes a JSON Schema of it.

mod alike;
mod check;
mod fault;
mod feed;
mod file;
mod filter;
mod nearest;
mod rule;
mod schema;
mod secret;
mod selector;
mod settings;
mod shape;
mod shown;
mod source;
mod syntax;
mod unit;
mod value;

pub use check::{Config, Hub, Listen, Metrics, Purpose, Server, Surroundings, read};
pub use fault::{Fault, Faults, Paint, Weight};
pub use feed::alone;
pub use schema::schema;
pub use secret::{NoSecret, Reference};
pub use settings::{Setting, of, settings};
pub use shape::{Place, Shape};
pub use value::listening;
