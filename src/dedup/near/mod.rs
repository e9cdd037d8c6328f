//! Is this text, under another title or address, a story that is known already? A title and a text → [`Sketch`];
//! [`Near`], the sketches of the last days → the [`Match`] for a new one.
//!
//! - [`Sketch`]: a bounded sample of pairs of neighbouring Han characters or words, traditional and simplified folded.
//! - [`Near`]: the index; what judging costs does not grow with it.
//! - [`Evidence`]: what speaks for and against two being twins; [`Thresholds`] decide.
//!
//! Invariant: nothing here reads a clock or a file, and the same sketches in the same order give the same answers.

mod compare;
mod fold;
mod frame;
mod index;
mod postings;
mod sketch;
mod token;

pub use compare::{Evidence, Nearness, Ruling, Thresholds};
pub use index::{Match, Near, Search, Settings, Telling};
pub use sketch::Sketch;

#[cfg(test)]
mod tests;
