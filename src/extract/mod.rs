//! A page into a listing: [`read()`] takes a [`Page`](crate::model::Page) and perhaps a [`Recipe`], and gives the
//! page's rows as [`Item`](crate::model::Item)s and what was wrong as [`Problem`](crate::model::Problem)s.
//!
//! - [`Recipe`]: the compiled reading rule of a source; [`BadRule`] says what is wrong with a written one.
//! - [`sniff()`]: which kind of document a page is, from its media type and first bytes.
//! - `foreign`: what is no text at all, as a picture.
//! - [`article`]: an article page into its text, title, dates and names.
//! - [`diagnose`]: why a page does not show its articles.
//! - `html`, `json`, `feed`, `sitemap`: one reader for each kind; `state` for JSON that an HTML page carries in a script.
//!
//! Invariant: reading never fails as a whole, never panics, and does no I/O. An item is never left out because
//! one field could not be read.

pub mod article;

mod read;
pub mod diagnose;
mod detect;
mod sniff;
mod foreign;
mod recipe;
mod rule;
mod field;
mod html;
mod row;
mod beside;
mod cadence;
mod css;
mod link;
mod picture;
mod pager;
mod shown;
mod head;
mod json;
mod state;
mod feed;
mod sitemap;
mod xml;
pub mod opml;
pub mod xpath;
mod mend;
mod tag;
mod undated;
mod years;
mod notes;
mod plain;

pub use detect::{Candidate, Detection, Known, Verdict, Weights};
pub use diagnose::{Diagnosis, Usual, Written};
pub use field::split_attribute;
pub use read::{read, read_again, read_detected, read_explained, read_weighed};
pub use recipe::{BadRule, Recipe};
pub use sniff::sniff;

#[cfg(test)]
mod tests;
