//! Articles into a document into bytes.
//!
//! [`select()`] chooses a feed's entries, [`digest`] gathers a day's articles into one, [`document`] adds what the feed says of itself, [`rss`], [`atom`] and [`json`] write it,
//! [`opml`] lists all feeds, [`Rendered`] holds the bytes in every coding, and [`Shelf`] keeps as many of those as memory allows.
//! Nothing here reads a clock: the same configuration and articles give the same bytes for ever.

mod address;
pub mod archive;
pub mod atom;
mod date;
pub mod digest;
mod format;
pub mod json;
mod language;
mod markup;
mod news;
pub mod opml;
mod rendered;
mod rules;
pub mod rss;
mod select;
mod shelf;
mod twins;
mod wording;
pub mod xml;

pub use address::{host, web};
pub use format::Format;
pub use language::tag as language_tag;
pub use rendered::{Body, Coding, Rendered, compress};
pub use rules::ruling;
pub use select::{document, entries, may_show_more, select};
pub use shelf::Shelf;
pub use wording::{names, summary, title};
