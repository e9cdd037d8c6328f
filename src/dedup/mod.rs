//! A [`Draft`](crate::model::Draft) and what the store knows of it into a [`Verdict`](crate::model::Verdict). Pure.

mod fingerprint;
mod judge;

pub use judge::{Known, judge};
