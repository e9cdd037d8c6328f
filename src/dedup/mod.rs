//! A [`Draft`](crate::model::Draft) and what the store knows of it into a [`Verdict`](crate::model::Verdict), and, in [`near`],
//! whether another outlet told the same story before. Pure.

mod fingerprint;
mod judge;
mod moved;
pub mod near;

pub use judge::{Known, is_another, judge};
pub use moved::moved;
